"""What does a plain text file say?

Plain text has no markup, only habits: a title line, a blank line or a line end between
paragraphs, headings that are marked with ``#`` or underlined.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from searchkit.document import Block, BlockKind, Document
from searchkit.readers.contract import Source
from searchkit.readers.decode import decode_text
from searchkit.readers.lines import Line, atx_heading, block, item_runs, line_starts, split_lines
from searchkit.readers.titles import one_line, reads_as_title, title_from_key

# No editor wraps beyond this many columns, so a longer line is a whole paragraph.
_MAX_WRAP_COLUMNS = 160
_UNDERLINES = "=-~^*+#\"'`"
_MIN_UNDERLINE = 3
_MAX_HEADING_CHARS = 120


def read_plaintext(source: Source) -> Iterator[Document]:
    """Read a text file; raises ``NotTextError`` when the bytes are none."""
    text = decode_text(source.data)
    lines = split_lines(text)
    blocks = text_blocks(lines)
    first = blocks[0] if blocks else None
    if first is not None and first.kind is BlockKind.HEADING:
        title = one_line(text[first.start : first.end])
    else:
        title = ""
    yield Document(
        key=source.key,
        title=title or title_from_key(source.key),
        text=text,
        blocks=tuple(blocks),
        lines=line_starts(lines),
        modified=source.modified,
        media_type="text/plain",
    )


def text_blocks(
    lines: list[Line], *, find_title: bool = True, find_headings: bool = True
) -> list[Block]:
    """The blocks of plain text. ``find_title`` makes a heading of a first line that reads as one;
    ``find_headings`` looks for those that are marked.
    """
    headings, markup = _marked_headings(lines) if find_headings else ({}, set())
    wrapped = _is_wrapped(lines)
    title = _title_line(lines, headings, wrapped) if find_title else None
    if title is not None:
        headings[title] = block(BlockKind.HEADING, lines, title, title + 1, level=1)
    blocks: list[Block] = []

    def nature(at: int) -> str:
        if at in headings:
            return f"heading {at}"
        return "between" if at in markup or lines[at].is_blank else "text"

    for what, run in groupby(range(len(lines)), key=nature):
        first, *rest = run
        end = rest[-1] + 1 if rest else first + 1
        if what == "text":
            blocks += _paragraphs(lines, first, end, wrapped)
        elif what != "between":
            blocks.append(headings[first])
    return blocks


def _paragraphs(lines: list[Line], first: int, end: int, wrapped: bool) -> list[Block]:
    if wrapped:
        return [
            block(kind, lines, start, stop) for kind, start, stop in item_runs(lines, first, end)
        ]
    return [
        block(kind, lines, start, stop)
        for at in range(first, end)
        for kind, start, stop in item_runs(lines, at, at + 1)
    ]


def _is_wrapped(lines: list[Line]) -> bool:
    """Whether a paragraph runs over several lines, rather than each line being one."""
    long = sum(len(line.text) for line in lines if len(line.text) > _MAX_WRAP_COLUMNS)
    return 2 * long <= sum(len(line.text) for line in lines)


def _title_line(lines: list[Line], headings: dict[int, Block], wrapped: bool) -> int | None:
    """The line that is the title without being marked as a heading, if there is one."""
    first = next((at for at, line in enumerate(lines) if not line.is_blank), None)
    if first is None or first in headings or not reads_as_title(lines[first].text):
        return None
    if all(line.is_blank for line in lines[first + 1 :]):
        return None
    below = lines[first + 1]
    if wrapped and not below.is_blank and first + 1 not in headings:
        # The first line of a wrapped paragraph ends anywhere, so it often reads as a title; a
        # true title is clearly shorter than the wrapped line under it.
        goes_on = below.text.strip()[0].islower()
        full = 4 * len(lines[first].text) > 3 * len(below.text)
        if goes_on or full:
            return None
    return first


def _marked_headings(lines: list[Line]) -> tuple[dict[int, Block], set[int]]:
    """Headings by their line, and the lines that are only their underlines and overlines."""
    headings: dict[int, Block] = {}
    markup: set[int] = set()
    styles: list[tuple[str, bool]] = []
    for at, line in enumerate(lines):
        if line.is_blank or at in markup:
            continue
        if line.text.lstrip().startswith("#"):
            heading = None if _is_comment(lines, at) else atx_heading(line)
            if heading is not None:
                headings[at] = heading
                continue
        style = _underlined(lines, at, headings, markup)
        if style is None:
            continue
        # As in reStructuredText, the first style of underline to appear is the outermost.
        if style not in styles:
            styles.append(style)
        level = min(styles.index(style) + 1, 6)
        headings[at] = block(BlockKind.HEADING, lines, at, at + 1, level)
        markup.add(at + 1)
        if style[1]:
            markup.add(at - 1)
    return headings, markup


def _is_comment(lines: list[Line], at: int) -> bool:
    """Whether this line that begins with # has such a neighbour, as comments in a script do."""
    return any(
        0 <= other < len(lines) and lines[other].text.lstrip().startswith("#")
        for other in (at - 1, at + 1)
    )


def _underlined(
    lines: list[Line], at: int, headings: dict[int, Block], markup: set[int]
) -> tuple[str, bool] | None:
    """The character that underlines this line and whether it stands above it too, or None."""
    title = lines[at].text.rstrip()
    if at + 1 == len(lines) or len(title) > _MAX_HEADING_CHARS or _rule(title):
        return None
    under = _rule(lines[at + 1].text.rstrip())
    if under is None:
        return None
    length = len(lines[at + 1].text.rstrip())
    if not 0.7 * len(title) <= length <= len(title) + 10:
        return None
    alone = at == 0 or lines[at - 1].is_blank or at - 1 in markup or at - 1 in headings
    over = at > 0 and at - 1 not in markup and _rule(lines[at - 1].text.rstrip()) == under
    return (under, over) if alone or over else None


def _rule(line: str) -> str | None:
    """The character of which all of this line is made, if it can underline a heading."""
    if len(line) < _MIN_UNDERLINE or line[0] not in _UNDERLINES:
        return None
    return line[0] if line == line[0] * len(line) else None
