"""Which headings, paragraphs, items and rows does a page of a book consist of?

The reader of web pages looks for the part of a page that a visitor came for; in a book all of it is
that part: notes in an aside, a chapter's title in a header, an index that is nothing but links.
"""

from __future__ import annotations

from collections.abc import Container

from lxml import etree, html

from searchkit.document import BlockKind
from searchkit.readers.compose import Piece, described, row
from searchkit.readers.contract import UnreadableError
from searchkit.readers.decode import NotTextError, decode_html
from searchkit.readers.packages import Element, local_name

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {
    "li": BlockKind.ITEM,
    "dt": BlockKind.TERM,
    "pre": BlockKind.CODE,
    **dict.fromkeys(_HEADINGS, BlockKind.HEADING),
}
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p "
    "pre section summary table tbody td tfoot th thead tr ul".split()
)
_UNSEEN = frozenset(
    "script style head template audio video iframe canvas rt rp annotation annotation-xml "
    "desc metadata case".split()
)
# lxml's parser of HTML keeps to 256 levels too; recursion ends well before Python's limit.
_MAX_DEPTH = 240


def chapter_pieces(page: bytes, anchors: Container[str]) -> tuple[list[Piece], dict[int, str]]:
    """The pieces of a page of XHTML or HTML, however broken; none where it holds no text.

    With them, which of these anchors begins at which piece. Raises ``UnreadableError`` where its
    elements nest too deeply.
    """
    try:
        text = decode_html(page)
    except NotTextError:
        return [], {}
    # What a declaration says of bytes is settled; lxml refuses it before characters.
    if text.lstrip().startswith("<?xml"):
        text = text.partition("?>")[2]
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser) if text.strip() else None
    except (etree.ParserError, ValueError):
        return [], {}
    writer = _Writer(anchors)
    if root is not None:
        writer.walk(root, BlockKind.PARAGRAPH, 0, 0)
        writer.flush(BlockKind.PARAGRAPH, 0)
    return writer.pieces, writer.begins


def _is_mark(element: Element, name: str) -> bool:
    """Whether it refers to a note."""
    if name == "sup":
        return any(local_name(inner) == "a" for inner in element)
    return name == "a" and (
        "noteref" in (element.get("epub:type") or "")
        or any(local_name(inner) == "sup" for inner in element)
    )


class _Writer:
    """Gathers text until a block begins or ends, then keeps it as a piece."""

    def __init__(self, anchors: Container[str]) -> None:
        self.pieces: list[Piece] = []
        self.begins: dict[int, str] = {}
        self._anchors = anchors
        self._says: list[str] = []

    def flush(self, kind: BlockKind, level: int) -> None:
        text = "".join(self._says)
        self._says.clear()
        if text and not text.isspace():
            self.pieces.append(Piece(kind, text, level if kind is BlockKind.HEADING else 0))

    def walk(self, element: Element, kind: BlockKind, level: int, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise UnreadableError(f"nests elements more than {_MAX_DEPTH} deep")
        self._mark(element)
        self._says.append(element.text or "")
        for inner in element:
            name = local_name(inner).rpartition(":")[2].lower()
            if name == "table":
                self.flush(kind, level)
                self._table(inner, depth)
            elif name in ("br", "hr"):
                self._says.append("\n")
            elif name == "img":
                self._says.append(f" {described(inner.get('alt') or '')} ")
            elif name in _BLOCKS and kind is not BlockKind.CODE:
                self.flush(kind, level)
                # A paragraph in an item is what it stands in; boxes begin anew.
                own = _KINDS.get(name, kind if name in ("p", "div") else BlockKind.PARAGRAPH)
                own_level = _HEADINGS.get(name, level)
                self.walk(inner, own, own_level, depth + 1)
                self.flush(own, own_level)
            elif name and name not in _UNSEEN:
                if _is_mark(inner, name):
                    # A note's number must not become part of the word before it.
                    self._says.append(" ")
                self.walk(inner, kind, level, depth + 1)
            self._says.append(inner.tail or "")

    def _mark(self, element: Element) -> None:
        anchor = element.get("id")
        if anchor and anchor in self._anchors:
            self.begins.setdefault(len(self.pieces), anchor)

    def _table(self, table: Element, depth: int) -> None:
        for inner in table:
            name = local_name(inner)
            if name == "tr":
                self._mark(inner)
                cells = []
                for cell in inner:
                    writer = _Writer(())
                    writer.walk(cell, BlockKind.PARAGRAPH, 0, depth + 3)
                    writer.flush(BlockKind.PARAGRAPH, 0)
                    cells.append(writer.pieces)
                self.pieces += row(cells)
            elif name in ("thead", "tbody", "tfoot"):
                self._table(inner, depth + 1)
            elif name:
                self.walk(inner, BlockKind.PARAGRAPH, 0, depth + 1)
                self.flush(BlockKind.PARAGRAPH, 0)
