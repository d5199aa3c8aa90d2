"""Which paragraphs, items, rows and pieces of code does a page consist of?"""

from __future__ import annotations

from bs4.element import NavigableString, Tag

from searchkit.document import Block, BlockKind
from searchkit.readers.html_content import Content, walk
from searchkit.readers.html_lines import BLOCK_TAGS, LINE_ATTRIBUTE

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {
    "li": BlockKind.ITEM,
    "dt": BlockKind.TERM,
    "tr": BlockKind.ROW,
    "pre": BlockKind.CODE,
    **dict.fromkeys(_HEADINGS, BlockKind.HEADING),
}
_CELLS = ("td", "th")
_BETWEEN_CELLS = " | "
# What makes a table one that lays the page out: such cells hold blocks of their own.
_LAYOUT = frozenset([*_HEADINGS, "table", "pre", "article", "main", "section"])
_MAX_ROW_CHARS = 1000
_CLOSE = (BlockKind.ITEM, BlockKind.ROW, BlockKind.TERM)
# Two of these with nothing between part paragraphs on pages that have no <p>.
_LINE_BREAK = "\n"


def extract_blocks(
    content: Content,
) -> tuple[str, tuple[Block, ...], tuple[tuple[int, int], ...]]:
    """The text, the blocks and the lines of a ``Document`` that has this content."""
    writer = _Writer(_data_rows(content))
    writer.line = _line(content.root) or 1
    for node, entering in walk(content.root, content.left_out):
        if isinstance(node, NavigableString):
            writer.buffer.append(node)
        elif entering:
            writer.enter(node)
        else:
            writer.leave(node)
    writer.flush()
    return "".join(writer.parts), tuple(writer.blocks), tuple(writer.lines) or ((0, 1),)


def _line(tag: Tag) -> int:
    line = str(tag.attrs.get(LINE_ATTRIBUTE, ""))
    return int(line) if line.isdecimal() else 0


def _data_rows(content: Content) -> set[int]:
    """The ids of the table rows that are rows of data: short, and without structure of their own.

    One pass over the tree, since rows nest.
    """
    rows: set[int] = set()
    open_rows: list[tuple[Tag, int]] = []
    chars = 0
    layout_at = -1
    for node, entering in walk(content.root, content.left_out):
        if isinstance(node, NavigableString):
            chars += len(node.strip())
        elif node.name == "tr" and entering:
            open_rows.append((node, chars))
        elif node.name == "tr":
            row, before = open_rows.pop()
            if chars - before <= _MAX_ROW_CHARS and layout_at < len(open_rows) + 1:
                rows.add(id(row))
            layout_at = min(layout_at, len(open_rows))
        elif entering and node.name in _LAYOUT:
            layout_at = max(layout_at, len(open_rows))
    return rows


class _Writer:
    """Gathers strings in ``buffer`` until a block ends, then writes them as one block."""

    def __init__(self, data_rows: set[int]) -> None:
        self.buffer: list[str] = []
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self.lines: list[tuple[int, int]] = []
        self.line = 1
        self._data_rows = data_rows
        self._length = 0
        self._row: Tag | None = None
        self._code: Tag | None = None
        self._kinds: list[tuple[BlockKind, int]] = [(BlockKind.PARAGRAPH, 0)]

    def enter(self, tag: Tag) -> None:
        if tag.name == "br":
            self._break()
        if self._code is not None or tag.name not in BLOCK_TAGS:
            return
        if self._row is not None:
            between = _BETWEEN_CELLS if tag.name in _CELLS and self._has_text() else " "
            self.buffer.append(between)
            return
        self.flush()
        self.line = _line(tag) or self.line
        if tag.name == "pre":
            self._code = tag
        elif id(tag) in self._data_rows:
            self._row = tag
        kind = self._kind(tag)
        level = _HEADINGS.get(tag.name, self._kinds[-1][1])
        self._kinds.append((kind, level if kind is BlockKind.HEADING else 0))

    def leave(self, tag: Tag) -> None:
        if tag.name not in BLOCK_TAGS:
            return
        if self._code is not None and tag is not self._code:
            return
        if self._row is not None and tag is not self._row:
            self.buffer.append(" ")
            return
        self.flush()
        self._code = self._row = None
        self._kinds.pop()

    def _kind(self, tag: Tag) -> BlockKind:
        if tag.name == "tr" and self._row is None:
            return BlockKind.PARAGRAPH
        if tag.name == "p" and self._kinds[-1][0] is not BlockKind.CODE:
            # A paragraph in an item or a term is what it stands in; boxes begin anew.
            return self._kinds[-1][0]
        return _KINDS.get(tag.name, BlockKind.PARAGRAPH)

    def _has_text(self) -> bool:
        return any(not piece.isspace() for piece in self.buffer)

    def _break(self) -> None:
        if self._code is not None:
            self.buffer.append("\n")
            return
        for piece in reversed(self.buffer):
            if piece is _LINE_BREAK:
                if self._row is None and self._kinds[-1][0] is BlockKind.PARAGRAPH:
                    self.flush()
                return
            if not piece.isspace():
                break
        self.buffer.append(_LINE_BREAK)

    def flush(self) -> None:
        """Write what was gathered as one block, if it is anything."""
        raw = "".join(self.buffer)
        self.buffer.clear()
        kind, level = self._kinds[-1]
        if kind is BlockKind.CODE:
            body = raw.lstrip()
            # The first line keeps no indentation, as a block begins with no white space.
            line = self.line + raw.count("\n", 0, len(raw) - len(body))
            text = body.rstrip()
        else:
            line = self.line
            text = " ".join(raw.split())
            if kind is BlockKind.ROW:
                text = text.strip("| ")
        if not text:
            return
        start = self._separate(kind)
        self.parts.append(text)
        self._length = start + len(text)
        self.blocks.append(Block(kind, start, self._length, level))
        self._place(start, line)
        if kind is BlockKind.CODE:
            at = text.find("\n")
            while at >= 0:
                line += 1
                self.lines.append((start + at + 1, line))
                at = text.find("\n", at + 1)

    def _separate(self, kind: BlockKind) -> int:
        """Write what stands between the last block and one of this kind; give where that starts."""
        if not self.blocks:
            return 0
        last = self.blocks[-1].kind
        close = last is kind and kind in _CLOSE
        separator = "\n" if close else "\n\n"
        self.parts.append(separator)
        return self._length + len(separator)

    def _place(self, start: int, line: int) -> None:
        if not self.lines or self.lines[-1][1] != line:
            self.lines.append((start, line))
