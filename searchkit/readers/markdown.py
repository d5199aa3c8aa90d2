"""What does a Markdown file say?

``Document.text`` is the file's own text; the blocks tell what is what. Front matter is in it as
markup, save what people are told there: a description, tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.document import Block, BlockKind, Document
from searchkit.highlight.markup import plain
from searchkit.readers.contract import Source
from searchkit.readers.decode import decode_text
from searchkit.readers.front_matter import front_matter
from searchkit.readers.lines import ITEM, Line, atx_heading, block, line_starts, split_lines
from searchkit.readers.titles import one_line, reads_as_title, title_from_key

MEDIA_TYPE = "text/markdown"

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})(.*)")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[ \t]*+(?=\S)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_BREAK = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_TABLE_RULE = re.compile(r"[ \t]*+\|?+(?:[ \t]*+:?-++:?[ \t]*+\|)++(?:[ \t]*+:?-++:?[ \t]*+)?")
_TAGS_ONLY = re.compile(r"[ \t]*+(?:</?[a-zA-Z][^<>]*+>[ \t]*+)++")
_IMAGES_ONLY = re.compile(
    r"[ \t]*+(?:(?:\[!\[[^\[\]]*+\]\([^()]*+\)\](?:\([^()]*+\)|\[[^\[\]]*+\])"
    r"|\[!\[[^\[\]]*+\]\[[^\[\]]*+\]\](?:\([^()]*+\)|\[[^\[\]]*+\])"
    r"|!\[[^\[\]]*+\](?:\([^()]*+\)|\[[^\[\]]*+\]))[ \t]*+)++"
)
_LINK_TARGET = re.compile(r" {0,3}\[(?!\^)[^\[\]]++\]:[ \t]*+\S++(?:[ \t]++[\"'(].*)?")
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+")
_HTML_HEADING = re.compile(r"[ \t]*<h([1-6])\b[^<>]*>([^<>]+)</h\1>[ \t]*", re.I)
_WHOLE_LINK = re.compile(r"\[([^\[\]]+)\](?:\([^()]*\)|\[[^\[\]]*\])")


def read_markdown(source: Source) -> Iterator[Document]:
    """Read a Markdown file; raises ``NotTextError`` when the bytes are no text."""
    text = decode_text(source.data)
    lines = split_lines(text)
    front = front_matter(lines)
    blocks = _Scanner(lines, front.lines).blocks()
    title = front.title or _title(text, blocks)
    yield Document(
        key=source.key,
        title=title or title_from_key(source.key),
        text=text,
        blocks=(*front.blocks, *blocks),
        lines=line_starts(lines),
        modified=source.modified,
        media_type=MEDIA_TYPE,
        authors=front.about.authors,
        published=front.about.published,
        language=front.about.language,
        tags=front.about.tags,
        fields=front.about.fields,
    )


def _title(text: str, blocks: list[Block]) -> str:
    """The first heading, else the first line where it reads as one (and becomes a heading)."""
    for found in blocks:
        if found.kind is BlockKind.HEADING:
            return one_line(plain(text[found.start : found.end], MEDIA_TYPE))
    if len(blocks) > 1 and blocks[0].kind is BlockKind.PARAGRAPH:
        line = text[blocks[0].start : blocks[0].end]
        if "\n" not in line and reads_as_title(line):
            blocks[0] = Block(BlockKind.HEADING, blocks[0].start, blocks[0].end, level=1)
            return one_line(plain(line, MEDIA_TYPE))
    return ""


class _Scanner:
    """Reads lines one after the other; each method takes what it knows and moves on."""

    def __init__(self, lines: list[Line], at: int = 0) -> None:
        self._lines = lines
        self._at = at
        self._comment_end = -1
        self._in_list = False
        self._found: list[Block] = []

    def blocks(self) -> list[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.is_blank:
                self._at += 1
                continue
            if self._in_list and not line.text[0].isspace() and not ITEM.match(line.text):
                self._in_list = False
            if not (
                self._fence(line)
                or self._comment(line)
                or self._indented_code(line)
                or self._heading(line)
                or self._markup(line)
            ):
                self._paragraph(line)
        return self._found

    def _take(self, kind: BlockKind, end: int) -> None:
        self._found.append(block(kind, self._lines, self._at, end))
        self._at = end

    def _fence(self, line: Line) -> bool:
        opened = _FENCE.fullmatch(line.text)
        if opened is None or (opened[1][0] == "`" and "`" in opened[2]):
            return False
        end = self._at + 1
        while end < len(self._lines):
            closed = _FENCE.fullmatch(self._lines[end].text)
            end += 1
            if closed and closed[1].startswith(opened[1]) and not closed[2].strip():
                break
        while self._lines[end - 1].is_blank:
            end -= 1
        self._take(BlockKind.CODE, end)
        return True

    def _comment(self, line: Line) -> bool:
        if not line.text.lstrip().startswith("<!--"):
            return False
        # Sought once for all comments that it may end.
        if self._comment_end < self._at:
            self._comment_end = self._at
            while (
                self._comment_end < len(self._lines)
                and "-->" not in self._lines[self._comment_end].text
            ):
                self._comment_end += 1
        end = self._comment_end
        # What stands after the comment on its last line is text; an unclosed one is text too.
        if end == len(self._lines) or self._lines[end].text.split("-->", 1)[1].strip():
            return False
        self._at = end + 1
        return True

    def _indented_code(self, line: Line) -> bool:
        # Inside a list, indented lines go on with the item.
        if self._in_list or not _INDENTED.match(line.text):
            return False
        end = self._at
        last = end
        while end < len(self._lines):
            if _INDENTED.match(self._lines[end].text):
                last = end
            elif not self._lines[end].is_blank:
                break
            end += 1
        # The first line's indentation belongs to the code, but a block begins with no white space.
        self._take(BlockKind.CODE, last + 1)
        return True

    def _heading(self, line: Line) -> bool:
        heading = atx_heading(line)
        if heading is None and (tagged := _HTML_HEADING.fullmatch(line.text)):
            start = line.start + tagged.start(2)
            inner = tagged[2]
            if inner.strip():
                start += len(inner) - len(inner.lstrip())
                heading = Block(
                    BlockKind.HEADING, start, start + len(inner.strip()), int(tagged[1])
                )
        if heading is None:
            return False
        self._add_heading(heading)
        self._at += 1
        return True

    def _add_heading(self, heading: Block) -> None:
        """Add a heading without the badges after it, and without its link if it is all one."""
        line = self._lines[self._at]
        start = heading.start
        title = line.text[start - line.start : heading.end - line.start]
        badge = re.search(r"\s\[?!\[", title)
        if badge and badge.start():
            title = title[: badge.start()].rstrip()
        if link := _WHOLE_LINK.fullmatch(title):
            start += link.start(1)
            title = link[1].rstrip()
        self._found.append(Block(BlockKind.HEADING, start, start + len(title), heading.level))

    def _markup(self, line: Line) -> bool:
        """Lines that show nothing to a reader: rules, bare tags, badges, targets of links."""
        if not (
            _BREAK.fullmatch(line.text)
            or _TAGS_ONLY.fullmatch(line.text)
            or _IMAGES_ONLY.fullmatch(line.text)
            or _LINK_TARGET.fullmatch(line.text)
            or _TABLE_RULE.fullmatch(line.text)
        ):
            return False
        self._at += 1
        return True

    def _paragraph(self, line: Line) -> None:
        if "|" in line.text and self._is_row(self._at):
            self._take(BlockKind.ROW, self._at + 1)
            return
        is_item = bool(ITEM.match(line.text))
        end = self._at + 1
        while end < len(self._lines) and not self._ends_paragraph(end):
            if not is_item and _UNDERLINE.fullmatch(self._lines[end].text):
                self._setext(end)
                return
            end += 1
        if is_item:
            self._in_list = True
        kind = BlockKind.ITEM if is_item or self._in_list else BlockKind.PARAGRAPH
        self._take(kind, end)

    def _setext(self, underline: int) -> None:
        level = 1 if "=" in self._lines[underline].text else 2
        self._found.append(block(BlockKind.HEADING, self._lines, self._at, underline, level))
        self._at = underline + 1

    def _ends_paragraph(self, at: int) -> bool:
        line = self._lines[at]
        return (
            line.is_blank
            or bool(ITEM.match(line.text))
            or bool(_FENCE.fullmatch(line.text))
            or atx_heading(line) is not None
            or bool(_BREAK.fullmatch(line.text) and not _UNDERLINE.fullmatch(line.text))
            or ("|" in line.text and self._is_row(at))
            or (line.text.lstrip().startswith(">") and not self._is_quote(at - 1))
            or bool(_TAGS_ONLY.fullmatch(line.text))
        )

    def _is_quote(self, at: int) -> bool:
        return bool(_QUOTE.match(self._lines[at].text))

    def _is_row(self, at: int) -> bool:
        """Whether a line with a bar is part of a table: it begins with one, or a rule follows."""
        if self._lines[at].text.lstrip().startswith("|"):
            return True
        below = at + 1
        if below < len(self._lines) and _TABLE_RULE.fullmatch(self._lines[below].text):
            return True
        # Rows without an outer bar: the line above is a row or the rule.
        above = self._lines[at - 1].text if at else ""
        if _TABLE_RULE.fullmatch(above):
            return True
        last = self._found[-1] if self._found else None
        return (
            at == self._at
            and last is not None
            and last.kind is BlockKind.ROW
            and last.start >= self._lines[at - 1].start
        )
