"""What does one row of a table or of a list of objects say?

A row is a document. Which of its fields are its text, its title and its key, the user says, or
their names and the first rows do. The others stand below the text, so that all are found; where no
field is evidently the text, all of them are.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from searchkit.document import Block, BlockKind, Document, Value
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.fields import Roles, described, is_own, names_by_role
from searchkit.readers.lines import split_lines
from searchkit.readers.names import Names, clean_name
from searchkit.readers.plaintext import text_blocks
from searchkit.readers.row_fields import Choice, Row, is_markup, pieces
from searchkit.readers.titles import one_line, reads_as_title, title_from_key

Located = tuple[Row, int, int]
"""A row, the line on which it begins, and the number that names it if it has no key."""

_SAMPLE_ROWS = 300
_SAMPLE_CHARS = 1 << 20
"""So many of the first rows of a file, or so much of them, tell what its fields are."""

_BETWEEN = "\n\n"
_MOST_FAILURES = 100
_MOST_NAMES = 1000
_LONGEST_TITLE_CHARS = 300
"""The index keeps no more of a title: what is longer stands in the text, too."""


class Rows:
    """Makes documents of the rows of one file."""

    def __init__(self, source: Source, media_type: str) -> None:
        self._source = source
        self._options = source.options
        self._media_type = media_type
        self._names = Names()
        self._file_title = title_from_key(source.key)
        self._failed = 0
        self._read = 0
        self._are_met = False

    def documents(self, rows: Iterator[Located]) -> Iterator[Document]:
        """The documents that ``rows`` are, without those that say nothing. Of the rows no more are
        held at once than tell what the fields are.

        Raises ``UnreadableError`` if there were rows, and none of them could be read.
        """
        if self._options.row_fields:
            rows = self._noting(rows)
        sample: list[Located] = []
        chars = 0
        for one in rows:
            self._are_met = True
            sample.append(one)
            chars += sum(map(_chars, one[0].values()))
            if len(sample) == _SAMPLE_ROWS or chars > _SAMPLE_CHARS:
                break
        choice = Choice(self._options, [row for row, _, _ in sample])
        for row, line, number in chain(sample, rows):
            document = self._document(choice, row, line, number)
            if document is not None:
                self._read += 1
                yield document
        self._close()

    def _noting(self, rows: Iterator[Located]) -> Iterator[Located]:
        """``rows``; the names of their fields are noted as they pass."""
        names, asked = self._source.row_names, {name for _, name in self._options.row_fields}
        for one in rows:
            more = one[0].keys()
            names.update(more if len(names) < _MOST_NAMES else asked & more)
            yield one

    def _document(self, choice: Choice, row: Row, line: int, number: int) -> Document | None:
        roles = names_by_role(tuple(row))
        key_name, key = self._key(row, roles)
        name = self._names.unique(key or str(number))
        titled, title = choice.title(row, roles)
        used, text = choice.text(row, roles)
        but = [used]
        if len(title) <= _LONGEST_TITLE_CHARS:
            but.append(titled)
        if used:
            text, blocks = _text(text, find_title=not title)
            # Databases and collections number their rows so: it says nothing, and is in the key.
            if key_name == "_id":
                but.append(key_name)
        else:
            text, blocks = "", ()
        if not title and blocks and blocks[0].kind is BlockKind.HEADING:
            title = one_line(text[blocks[0].start : blocks[0].end])
        text, blocks = _with_fields(text, blocks, pieces(row, but), title)
        if not text.strip() and not title:
            return None
        # What a configuration may name is a field, too.
        own = (used, titled if is_own(titled) else "")
        about = described({field: value for field, value in row.items() if field not in own})
        return Document(
            key=f"{self._source.key}/{name}",
            title=title or f"{self._file_title} {name}",
            text=text,
            blocks=blocks,
            lines=((0, line),),
            modified=self._source.modified,
            media_type=self._media_type,
            authors=about.authors,
            published=about.published,
            language=about.language,
            tags=about.tags,
            fields=about.fields,
        )

    def _key(self, row: Row, roles: Roles) -> tuple[str, str]:
        """The name of the field that is the row's key, and that as a part of the document's."""
        for field in (self._options.key_field, *roles["key"]):
            value = row.get(field)
            if isinstance(value, str | int) and not isinstance(value, bool):
                return field, clean_name(str(value))
        return "", ""

    def fail(self, line: int, reason: str) -> None:
        """Note that the row on ``line`` cannot be read; of the very many, only the first."""
        self._failed += 1
        key, failures = self._source.key, self._source.failures
        if self._failed <= _MOST_FAILURES:
            failures.append((f"{key}/{line}", f"line {line:,}: {reason}"))
        elif self._failed == _MOST_FAILURES + 1:
            failures.append((f"{key}/{line}", f"line {line:,} and others: {reason}"))
        if not self._are_met and self._failed == _MOST_FAILURES:
            self._close()

    def _close(self) -> None:
        if self._failed and not self._read:
            failures = self._source.failures
            first = failures[-min(self._failed, _MOST_FAILURES + 1)]
            del failures[-min(self._failed, _MOST_FAILURES + 1) :]
            raise UnreadableError(first[1])


def _chars(value: Value) -> int:
    if isinstance(value, list):
        return sum(map(_chars, value))
    return len(value) if isinstance(value, str) else 1


def _text(text: str, find_title: bool) -> tuple[str, tuple[Block, ...]]:
    if is_markup(text):
        from searchkit.readers.html_whole import whole_page

        text, blocks, _ = whole_page(text)
        return text, blocks
    if "\n" not in text and not (find_title and reads_as_title(text)):
        start = len(text) - len(text.lstrip())
        return text, (Block(BlockKind.PARAGRAPH, start, len(text.rstrip())),)
    return text, tuple(text_blocks(split_lines(text), find_title=find_title))


def _with_fields(
    text: str, blocks: tuple[Block, ...], said: list[tuple[BlockKind, str]], title: str
) -> tuple[str, tuple[Block, ...]]:
    """The text with ``said`` below it; above it where it has headings, since below they would stand
    under the last of them.
    """
    if not said:
        return text, blocks
    is_above = any(
        block.kind is BlockKind.HEADING and one_line(text[block.start : block.end]) != title
        for block in blocks
    )
    text = text.rstrip()
    at = len(text) + len(_BETWEEN) if text and not is_above else 0
    added = []
    for kind, one in said:
        added.append(Block(kind, at, at + len(one)))
        at += len(one) + 1
    shown = "\n".join(one for _, one in said)
    if not is_above:
        return f"{text}{_BETWEEN}{shown}" if text else shown, (*blocks, *added)
    shift = len(shown) + len(_BETWEEN)
    moved = [Block(one.kind, one.start + shift, one.end + shift, one.level) for one in blocks]
    return f"{shown}{_BETWEEN}{text}", (*added, *moved)
