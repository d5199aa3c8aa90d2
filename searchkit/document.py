"""What is a document, and what is a passage of it?

All offsets are code points (Python string indices) into ``Document.text``, half open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import accumulate, chain, count
from operator import eq, itemgetter
from typing import TypeVar

_V = TypeVar("_V")
_offset = itemgetter(0)

Scalar = str | int | float | bool
Value = Scalar | list[Scalar]
"""What a field of a document may hold."""


class BlockKind(Enum):
    """What a run of a document's text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """A list item."""
    CODE = "code"
    """Preformatted text: its line breaks matter, and it has no sentences."""
    ROW = "row"
    """One row of a table."""
    TERM = "term"
    """What the next block explains: a term of a glossary, the signature of a function."""
    ABOUT = "about"
    """What a document says of itself before its text, such as a description: a passage of its own,
    since what parts it from the text is no text. Anywhere else it is a paragraph."""
    LABEL = "label"
    """A tag of the document: its words are found as those of a heading are, and it is no text."""


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, piece of code, table row or term.

    ``text[start:end]`` is the block without the white space around it; for a heading, without
    its markup too. ``level`` is 1 to 6 for a heading and 0 for all else.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader made of one file.

    ``key`` is the document's name in the collection, ``text`` all its extracted text, ``title``
    what to call it (never empty), ``modified`` the file's modification time in seconds since the
    epoch. ``blocks`` are in order and do not overlap; what lies between two blocks is white space
    or markup. ``lines`` are pairs (offset into ``text``, line of the source file, from 1), in
    order, the first at offset 0; an offset lies on the line of the last pair at or before it. There
    are none where the source has no lines. ``places`` are pairs (offset, place) in the same way,
    the first at any offset: a place is what its format has to point at, as "#anchor" or "page 3".

    What the source says of itself: ``media_type`` is IANA's name of its format; ``authors``;
    ``published``, an ISO 8601 date ("2024-05-01") or time ("2024-05-01T10:00:00+02:00"), or "";
    ``language``, a tag of BCP 47 such as "de", or ""; ``tags``, and ``fields``: whatever else it
    has, and what these come from under other names (strings, numbers, booleans, and lists of
    them).
    """

    key: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    lines: tuple[tuple[int, int], ...]
    modified: float
    places: tuple[tuple[int, str], ...] = ()
    media_type: str = "text/plain"
    authors: tuple[str, ...] = ()
    published: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, Value] = field(default_factory=dict)

    def line(self, offset: int) -> int:
        """The line of the source, from 1, on which the text at ``offset`` stands; 0 if the source
        has no lines.
        """
        return _value_at(self.lines, offset, min(len(self.lines), 1))

    @property
    def has_all_lines(self) -> bool:
        """Whether each line of the text is the next line of the source."""
        if len(self.lines) != self.text.count("\n") + 1:
            return False
        starts = (end.end() for end in re.finditer("\n", self.text))
        lines = zip(chain((0,), starts), count(self.lines[0][1]), strict=False)
        return all(map(eq, self.lines, lines))

    def place(self, offset: int) -> str:
        """The place in the source where the text at ``offset`` stands, or ""."""
        return _value_at(self.places, offset, "")


@dataclass(frozen=True, slots=True)
class Passage:
    """One answer: a run of a document's text that can stand alone.

    ``text`` is ``Document.text[start:end]``; ``headings`` are the headings above all of it,
    outermost first, without the document's title; ``ordinal`` counts a document's passages from 0;
    ``line`` is where it begins in the source, from 1, or 0 where that has no lines, ``place`` the
    page, anchor or the like in which it begins, or ""; ``modified`` is in seconds since the epoch.
    ``media_type`` to ``tags`` are those of its document.

    What is another inside of it than at its beginning: ``places`` and ``sections`` are pairs
    (offset into ``text``, place or headings from there on), in order; of ``sections`` the first one
    may stand at 0, where the text begins below more headings than ``headings``. ``lines``, of which
    there are many, are written in short (:func:`steps`); there are none where ``has_all_lines``,
    that is, where each line of the text is the next one of the source. ``labels`` are the
    document's tags, of its first passage, where their words count.
    """

    key: str
    ordinal: int
    title: str
    headings: tuple[str, ...]
    start: int
    end: int
    line: int
    text: str
    modified: float
    place: str = ""
    media_type: str = "text/plain"
    authors: tuple[str, ...] = ()
    published: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    lines: str = ""
    places: tuple[tuple[int, str], ...] = ()
    sections: tuple[tuple[int, tuple[str, ...]], ...] = ()
    labels: tuple[str, ...] = ()
    has_all_lines: bool = False

    def line_at(self, offset: int) -> int:
        """The line of the source on which the text at ``offset``, counted within ``text``, stands;
        0 if the source has no lines.
        """
        if self.has_all_lines:
            return self.line + self.text.count("\n", 0, offset)
        return _value_at(pairs_of(self.lines, self.line), offset, self.line)

    def place_of(self, start: int, end: int) -> str:
        """The place of ``text[start:end]``: that in which it begins, or, where they are counted and
        it ends in a later one, both, as "page 3–4"; "" if there is none.
        """
        first = _value_at(self.places, start, self.place)
        last = _value_at(self.places, max(start, end - 1), self.place)
        if first != last and (begins := _COUNTED.match(first)) and (ends := _COUNTED.match(last)):
            number = int(ends["number"])
            if begins["kind"] == ends["kind"] and int(begins["number"]) < number:
                return f"{begins[0]}–{number}"
        return first

    def headings_at(self, offset: int) -> tuple[str, ...]:
        """The headings above the text at ``offset``, counted within ``text``, outermost first,
        without the document's title.
        """
        return _value_at(self.sections, offset, self.headings)

    @property
    def headings_found(self) -> tuple[str, ...]:
        """What is indexed of it as headings: see :func:`headings_found`."""
        return headings_found(self.headings, self.sections, self.labels)

    @property
    def text_hash(self) -> str:
        """The SHA-256 of ``text`` in UTF-8, in hexadecimal: a citation can be verified by it."""
        return text_hash(self.text)


def steps(pairs: Iterable[tuple[int, int]], offset: int, line: int) -> str:
    """Pairs of an offset and a line, as how much more each is than the one before, the first than
    ``offset`` and ``line``: "34 1 20 2".
    """
    written = []
    for at, there in pairs:
        written.append(f"{at - offset} {there - line}")
        offset, line = at, there
    return " ".join(written)


def pairs_of(steps: str, line: int) -> list[tuple[int, int]]:
    """The pairs that :func:`steps` wrote, offsets counted from 0. Raises ``ValueError``."""
    numbers = list(map(int, steps.split()))
    lines = accumulate(numbers[1::2], initial=line)
    next(lines)
    return list(zip(accumulate(numbers[::2]), lines, strict=True))


_COUNTED = re.compile(r"(?P<kind>[^\W\d]+) (?P<number>\d{1,9})(?![^:])")


def _value_at(pairs: Sequence[tuple[int, _V]], offset: int, before: _V) -> _V:
    """The value of the last of ``pairs`` at or before ``offset``; ``before`` if there is none."""
    at = bisect_right(pairs, offset, key=_offset)
    return pairs[at - 1][1] if at else before


def headings_found(
    headings: Sequence[str],
    sections: Sequence[tuple[int, Sequence[str]]],
    labels: Sequence[str],
) -> tuple[str, ...]:
    """What is indexed as headings of a passage with these parts: each heading above any text of
    it, outermost first, and its labels.
    """
    if not sections and not labels:
        return tuple(headings)
    inner = [heading for _, path in sections for heading in path]
    return tuple(dict.fromkeys([*headings, *inner, *labels]))


def text_hash(text: str) -> str:
    """The SHA-256 of ``text`` in UTF-8, in hexadecimal."""
    # Late: it loads a library of its own, and most searches need none.
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
