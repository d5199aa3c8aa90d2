"""Where are the lines of a text, and what do their first characters mean?

What plain text and Markdown share: both keep the file's own text, so a block is a run of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from searchkit.document import Block, BlockKind

ITEM = re.compile(r"[ \t]*(?:[-*+•‣◦]|\d{1,4}[.)]|[a-zA-Z][.)])[ \t]+(?=\S)")
"""The mark of a list item at the beginning of a line."""

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+")


class Line(NamedTuple):
    """One line without its line end; ``start`` and ``end`` are offsets into the whole text."""

    start: int
    end: int
    text: str

    @property
    def is_blank(self) -> bool:
        return not self.text or self.text.isspace()


def split_lines(text: str) -> list[Line]:
    """The lines of ``text``, which ends them with "\\n" alone."""
    lines: list[Line] = []
    start = 0
    for part in text.split("\n"):
        lines.append(Line(start, start + len(part), part))
        start += len(part) + 1
    return lines


def line_starts(lines: list[Line], first: int = 1) -> tuple[tuple[int, int], ...]:
    """``Document.lines`` for a text that is the file's own from its line ``first`` on."""
    return tuple((line.start, number) for number, line in enumerate(lines, first))


def block(
    kind: BlockKind, lines: list[Line], first: int, end: int, level: int = 0, column: int = 0
) -> Block:
    """The block that lines ``first`` to ``end`` (exclusive) make, from ``column`` of the first on,
    which is not blank from there.
    """
    leading = lines[first].text[column:]
    trailing = lines[end - 1]
    start = lines[first].start + column + len(leading) - len(leading.lstrip())
    return Block(kind, start, trailing.start + len(trailing.text.rstrip()), level)


def atx_heading(line: Line) -> Block | None:
    """The heading that ``### Heading ###`` makes, or None if the line is no such thing."""
    mark = _ATX.match(line.text)
    if mark is None:
        return None
    title = line.text[mark.end() :].rstrip()
    unclosed = title.rstrip("#")
    if not unclosed or unclosed[-1:].isspace():
        title = unclosed.rstrip()
    if not title:
        return None
    start = line.start + mark.end()
    start += len(title) - len(title.lstrip())
    return Block(BlockKind.HEADING, start, start + len(title.lstrip()), len(mark[1]))


def item_runs(lines: list[Line], first: int, end: int) -> Iterator[tuple[BlockKind, int, int]]:
    """Part lines ``first`` to ``end``, none of them blank, into list items and what is none.

    A line that begins no item goes on with the one above it.
    """
    start = first
    kind = BlockKind.PARAGRAPH
    for at in range(first, end):
        if ITEM.match(lines[at].text):
            if at > start:
                yield kind, start, at
            start, kind = at, BlockKind.ITEM
    yield kind, start, end
