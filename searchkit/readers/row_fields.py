"""Which field of a file's rows is their text, and how do the others stand beside it?

What a name alone does not tell is decided once for a file, by its first rows: told for each row by
what is in it, two rows of one table would be different things.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from searchkit.document import BlockKind, Scalar, Value
from searchkit.readers.compose import BETWEEN_CELLS
from searchkit.readers.contract import Options
from searchkit.readers.fields import ROLES, Roles, are_parts, bare, is_code, names_by_role, words
from searchkit.readers.titles import one_line

Row = dict[str, Value]
"""The fields of a row, ``flattened``."""

MARKUP = re.compile(r"\s*+<(?:!doctype|[a-z][a-z0-9]*)\b[^<>]*+>", re.I)

_PROSE_WORDS = 20
"""On the average row: what says so much, and more than all other fields, is a text by any name."""

_LONGEST_SUMMARY_CHARS = 120
_FEWEST_LABELS = 4
_NAMED_OTHERWISE = frozenset(
    name for role, names in ROLES.items() if "text" not in role for name in names
)

_LONGEST_CELL_CHARS = 100
_ROW_CHARS = 300
"""A row that is longer ends, lest it were cut between a name and its value."""

_OWN_ADDRESSES = frozenset(("url", "uri", "link", "permalink"))
_ADDRESSES = re.compile(r"(?:https?://\S++\s*+)++")
_UNNAMED = re.compile(r"column \d+")
_LONGEST_NAME_CHARS = 200
_MOST_CODES = 16
_LONGEST_CODE_CHARS = 100
_NUMBERS = re.compile(r"[\s\d.,;:eE+\-\[\](){}|]++")


class Choice:
    """What is chosen for all rows of a file by the options, by the names of fields, and by
    ``sample``, its first rows.
    """

    def __init__(self, options: Options, sample: Sequence[Row]) -> None:
        self._text_field, self._title_field = options.text_field, options.title_field
        self._is_text_met = any(self._text_field in row for row in sample)
        self._labels = _repeated_labels(sample)
        self._summary = self._prose = ""
        if not any(self.title(row, names_by_role(tuple(row)))[0] for row in sample):
            self._summary = _short_summary(sample)
        self._prose = _prose(sample, self._summary)

    def title(self, row: Row, roles: Roles) -> tuple[str, str]:
        """The name of the field that is the row's title, and the title; or empty strings."""
        for name in (self._title_field, *roles["title"], self._summary):
            if name in row and (name not in self._labels or name == self._title_field):
                title = one_line(words(row[name]))
                if title:
                    return name, title
        return "", ""

    def text(self, row: Row, roles: Roles) -> tuple[str, str]:
        """The name of the field that is the row's text, and the text; or empty strings."""
        guesses = () if self._is_text_met else (*roles["text"], self._prose)
        for name in (self._text_field, *guesses):
            if name in row:
                text = words(row[name])
                if text and not text.isspace():
                    return name, text
        return "", ""


def _repeated_labels(sample: Sequence[Row]) -> frozenset[str]:
    """Labels that are classes ("positive", "spam"), and call no row by its name."""
    said: dict[str, list[str]] = {}
    for row in sample:
        for name in names_by_role(tuple(row))["title"]:
            if bare(name) == "label":
                said.setdefault(name, []).append(words(row[name]))
    return frozenset(
        name
        for name, labels in said.items()
        if len(labels) >= _FEWEST_LABELS and 2 * len(set(labels)) <= len(labels)
    )


def _short_summary(sample: Sequence[Row]) -> str:
    """The field that holds one line about each row, as trackers of issues call their titles."""
    said: dict[str, list[int]] = {}
    for row in sample:
        for name, value in row.items():
            if bare(name) == "summary":
                said.setdefault(name, []).append(len(words(value)))
    for name, lengths in said.items():
        if sum(lengths) <= _LONGEST_SUMMARY_CHARS * len(lengths):
            return name
    return ""


def _prose(sample: Sequence[Row], summary: str) -> str:
    """The field that holds more than all others together, if that is prose."""
    chars: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for row in sample:
        for name, value in row.items():
            is_said = not all(map(_is_code, value if isinstance(value, list) else (value,)))
            if is_said and (said := shown(name, value)):
                chars[name] += len(said)
                counts[name] += len(words(value).split())
    for name, most in chars.most_common(1):
        plain = bare(name)
        if 2 * most <= chars.total() or name == summary or plain in _NAMED_OTHERWISE:
            return ""
        if plain in ROLES["perhaps text"] or counts[name] >= _PROSE_WORDS * len(sample):
            return name
    return ""


def pieces(row: Row, but: Collection[str] = ()) -> list[tuple[BlockKind, str]]:
    """What the fields say, save those named, each with its name before it: short ones in rows, as
    tables of other formats have them, and long ones in paragraphs.
    """
    found: list[tuple[BlockKind, str]] = []
    cells: list[str] = []
    chars = 0
    for name, value in row.items():
        if name in but or not (said := shown(name, value)):
            continue
        is_cell = len(said) <= _LONGEST_CELL_CHARS and "\n" not in said
        said = f"{_before(name)}{said}"
        if cells and (not is_cell or chars > _ROW_CHARS):
            found.append((BlockKind.ROW, BETWEEN_CELLS.join(cells)))
            cells, chars = [], 0
        if is_cell:
            cells.append(said)
            chars += len(said)
        else:
            found.append((BlockKind.PARAGRAPH, said))
    if cells:
        found.append((BlockKind.ROW, BETWEEN_CELLS.join(cells)))
    return found


def _before(name: str) -> str:
    """What stands before a value: the name of its field, but not without end."""
    if _UNNAMED.fullmatch(name):
        return ""
    return f"{name}: " if len(name) <= _LONGEST_NAME_CHARS else f"{name[:_LONGEST_NAME_CHARS]}…: "


def shown(name: str, value: Value) -> str:
    """What a field says to people, or "": all but booleans, addresses of other things than the row,
    vectors and codes that nobody types.
    """
    if not isinstance(value, list):
        return _shown(name, value)
    if len(value) > _MOST_CODES and all(map(_is_code, value)):
        return ""
    if are_parts(value):
        return _shown(name, words(value))
    return "; ".join(said for one in value if (said := _shown(name, one)))


def _is_code(value: Scalar) -> bool:
    return not isinstance(value, str) or is_code(value)


def _shown(name: str, value: Scalar) -> str:
    if isinstance(value, bool):
        return ""
    if not isinstance(value, str):
        return str(value)
    said = value.strip()
    if said.startswith("http") and _ADDRESSES.fullmatch(said):
        is_own = bare(name) in _OWN_ADDRESSES and not said.split(None, 1)[1:]
        return said if is_own else ""
    if len(said) > _LONGEST_CODE_CHARS and (
        (said.isascii() and len(said.split(None, 1)) == 1) or _NUMBERS.fullmatch(said)
    ):
        return ""
    if said.startswith("<") and is_markup(said):
        from searchkit.readers.html_whole import whole_page

        return one_line(whole_page(said)[0])
    return said


def is_markup(text: str) -> bool:
    """Whether a value is a page or a part of one, as exports of web sites have them."""
    return MARKUP.match(text) is not None and "</" in text
