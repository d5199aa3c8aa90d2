"""What is a document, and what is a passage of it?

All offsets are code points (Python string indices) into ``Document.text``, half open.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum


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
    order, the first at offset 0; an offset lies on the line of the last pair at or before it.
    """

    key: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    lines: tuple[tuple[int, int], ...]
    modified: float

    def line(self, offset: int) -> int:
        """The line of the source file, from 1, on which the text at ``offset`` stands."""
        at = bisect_right(self.lines, offset, key=lambda pair: pair[0])
        return self.lines[at - 1][1] if at else 1


@dataclass(frozen=True, slots=True)
class Passage:
    """One answer: a run of a document's text that can stand alone.

    ``text`` is ``Document.text[start:end]``; ``headings`` are the headings above it, outermost
    first, without the document's title; ``ordinal`` counts a document's passages from 0; ``line``
    is where it begins in the source file, from 1; ``modified`` is in seconds since the epoch.
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
