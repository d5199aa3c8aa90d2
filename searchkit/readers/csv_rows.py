"""What do the rows of a table in a text file say?

Comma-, semicolon-, tab- or bar-separated values, with or without a line of names, quoted or not:
which, the beginning of the file tells.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from searchkit.document import Document, Value
from searchkit.metadata.moments import iso_moment
from searchkit.readers.contract import Source
from searchkit.readers.decode import decode_text
from searchkit.readers.fields import ROLES, bare, clean
from searchkit.readers.formats import suffix_of
from searchkit.readers.rows import Located, Rows
from searchkit.readers.titles import one_line

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 60
_LONGEST_SAMPLE_CHARS = 1 << 20
_MOST_COLUMNS = 5_000
_LONGEST_FIELD_CHARS = 8 << 20
_TOO_LONG = f"a value in it is longer than {_LONGEST_FIELD_CHARS >> 20} million characters"
# What is read in vain after stray quotes: beyond it quotes are characters like any other.
_MOST_WASTED_CHARS = 32 << 20
_LONGEST_NAME_CHARS = 60
_NUMBER = re.compile(r"[-+]?[\d.,\s]*\d%?")
_KNOWN_NAMES = frozenset(name for names in ROLES.values() for name in names)
_PROSE_WORDS = 8
_SEPARATOR_LINE = re.compile(r"sep=(.)[ \t]*\n?", re.I)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the values of a row are parted, and whether quotes hold some together."""

    delimiter: str
    is_quoted: bool = True


def read_csv(source: Source) -> Iterator[Document]:
    """A document for each row of the table. Raises ``NotTextError`` when the bytes are no text."""
    text = decode_text(source.data)
    is_tabbed = suffix_of(source.key) in (".tsv", ".tab")
    at, first_line = 0, 1
    if named := _SEPARATOR_LINE.match(text):
        # Excel's way to say so.
        dialect, at, first_line = Dialect(named[1]), named.end(), 2
    else:
        dialect = find_dialect(text, prefer="\t" if is_tabbed else ",")
    rows = Rows(source, "text/tab-separated-values" if is_tabbed else "text/csv")
    records = _Records(text, at, first_line, dialect, rows.fail)
    sample = _first(records)
    asked = {source.options.text_field, source.options.title_field, source.options.key_field}
    names: list[str] = []
    if sample and (asked & set(sample[0][1]) or has_names(dialect, [row for _, row in sample])):
        names = _unique_names(sample.pop(0)[1])
    else:
        names = _guessed_names([row for _, row in sample])
    yield from rows.documents(_named_rows(rows, names, chain(sample, records)))


def _named_rows(
    rows: Rows, names: list[str], records: Iterable[tuple[int, list[str]]]
) -> Iterator[Located]:
    for line, row in records:
        if len(row) > _MOST_COLUMNS:
            rows.fail(line, f"it has {len(row):,} columns")
        else:
            yield _named(names, row), line, line


def find_dialect(text: str, prefer: str = ",") -> Dialect:
    """The dialect by which the first rows fall into most alike columns."""
    sample = text[:_LONGEST_SAMPLE_CHARS]
    best, best_score = Dialect(prefer), (0.0, 0.0)
    for delimiter in (prefer, *_DELIMITERS.replace(prefer, "")):
        if delimiter not in sample:
            continue
        for is_quoted in (True, False):
            dialect = Dialect(delimiter, is_quoted)
            widths = Counter(
                len(row) for _, row in _first(_Records(sample, 0, 1, dialect, lambda *_: None))
            )
            rows = sum(widths.values())
            # A last row that the sample cut short is one of many.
            width, count = max(
                widths.items(), key=lambda pair: pair[1] * (pair[0] > 1), default=(0, 0)
            )
            score = (round(count / rows, 2), min(width, 20)) if width > 1 else (0.0, 0.0)
            if score > best_score and not (best_score[0] >= 0.95 and score[1] <= best_score[1]):
                best, best_score = dialect, score
            if '"' not in sample:
                break
    return best


class _Records:
    """The rows of ``text`` from offset ``at`` on, each with the line on which it begins.

    A quote that nothing closes would take the rest of the file into one value: its line is then
    read as it stands, quotes and all, and the next as if nothing had been. What cannot be read so
    either, ``fail`` is told: the line and the reason.
    """

    def __init__(
        self, text: str, at: int, line: int, dialect: Dialect, fail: Callable[[int, str], None]
    ) -> None:
        self._text = text
        self._at = at
        self._line = line
        self._wasted = 0
        self._is_short = False
        self._dialect = dialect
        self._fail = fail

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        # The limit is the process's; the library's own (131,072) refuses whole articles.
        if csv.field_size_limit() < _LONGEST_FIELD_CHARS:
            csv.field_size_limit(_LONGEST_FIELD_CHARS)
        is_quoted = self._dialect.is_quoted
        while self._at < len(self._text):
            start, line = self._at, self._line
            quoted = is_quoted and self._wasted < _MOST_WASTED_CHARS
            row = self._next(quoted)
            if row is None:
                self._wasted += self._at - start
                self._at, self._line = start, line
                row = self._next(False)
            if row is None:
                self._fail(line, _TOO_LONG)
            elif any(value and not value.isspace() for value in row):
                yield line, row

    def _next(self, is_quoted: bool) -> list[str] | None:
        reader = csv.reader(
            self._lines(),
            delimiter=self._dialect.delimiter,
            quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE,
        )
        first = self._line
        self._is_short = False
        try:
            row = next(reader, [])
        except csv.Error:
            return None
        # At the end of the text an open quote is closed in silence.
        return None if self._is_short and self._line > first + 1 else row

    def _lines(self) -> Iterator[str]:
        while self._at < len(self._text):
            end = self._text.find("\n", self._at) + 1 or len(self._text)
            line = self._text[self._at : end]
            self._at = end
            self._line += 1
            yield line
        # Only within quotes more is asked for than there is.
        self._is_short = True


def _first(records: _Records) -> list[tuple[int, list[str]]]:
    found = []
    for record in records:
        found.append(record)
        if len(found) == _SAMPLE_ROWS:
            break
    return found


def has_names(dialect: Dialect, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of ``rows`` names the columns of the others."""
    first, *others = rows
    cells = [cell.strip() for cell in first]
    named = [cell for cell in cells if cell]
    # The first column of an index often has no name.
    if not named or len(named) < len(cells) - 1:
        return False
    if any(len(cell) > _LONGEST_NAME_CHARS or "\n" in cell or _is_value(cell) for cell in named):
        return False
    if any(bare(cell) in _KNOWN_NAMES for cell in named):
        return True
    if not others or len(set(named)) < len(named):
        return False
    for at, name in enumerate(cells):
        below = [row[at].strip() for row in others if at < len(row) and row[at].strip()]
        if not below:
            continue
        if all(map(_is_value, below)):
            return True
        if name in below or sum(map(len, below)) < 2 * len(below):
            continue
        if sum(map(len, below)) > 3 * len(name) * len(below):
            return True
    # Short words under short words: tables mostly have names, a list of pairs may have none, and a
    # list of words has none.
    return len(cells) > 2 or (
        len(cells) == 2 and all(re.fullmatch(r"[\w -]+", cell) for cell in named)
    )


def _is_value(cell: str) -> bool:
    return (
        _NUMBER.fullmatch(cell) is not None
        or cell.startswith(("http://", "https://"))
        or "@" in cell
        or bool(iso_moment(cell))
    )


def _unique_names(row: Sequence[str]) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for at, cell in enumerate(row[:_MOST_COLUMNS], 1):
        name = one_line(clean(cell)) or f"column {at}"
        if name in taken:
            name = f"{name} {at}"
        taken.add(name)
        names.append(name)
    return names


def _guessed_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Names for columns that have none: which is the text, which the key, if that is plain."""
    width = min(max((len(row) for row in rows), default=0), _MOST_COLUMNS)
    names = [f"column {at + 1}" for at in range(width)]
    means = [
        sum(len(row[at].split()) for row in rows if at < len(row)) / len(rows)
        for at in range(width)
    ]
    if width and max(means) >= _PROSE_WORDS:
        names[means.index(max(means))] = "text"
    keys = [row[0] for row in rows if row]
    if width > 1 and names[0] != "text" and len(set(keys)) == len(keys) > 1 and means[0] <= 1:
        names[0] = "id"
    return names


def _named(names: list[str], row: Sequence[str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for at, cell in enumerate(row):
        cell = cell.strip()
        if cell:
            name = names[at] if at < len(names) else f"column {at + 1}"
            values[name] = clean(cell)
    return values
