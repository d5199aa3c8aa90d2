"""What does an OpenDocument text say?

Read from its XML: odfpy has not been kept since 2020 and builds a tree of Python objects that is
many times slower than lxml's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.document import BlockKind, Document
from searchkit.readers.compose import Composer, Piece, described, row
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.packages import Element, Package, attribute, child, inner_name, local_name
from searchkit.readers.packages import texts as texts_of
from searchkit.readers.properties import Properties, properties

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"

_HEADING_NAME = re.compile(r"heading[_ ](?:20_)?(\d+)", re.IGNORECASE)
_CODE_NAME = re.compile(r"preformatted.*|.*\b(?:source|code|verbatim|listing)\b.*", re.IGNORECASE)
_MAX_LEVEL = 6
_MAX_STYLES_DEEP = 20
# What was deleted, tables of contents and indexes, forms, and readings beside ruby text.
_UNSEEN = frozenset(
    "tracked-changes table-of-content alphabetical-index illustration-index table-index "
    "object-index user-index bibliography forms sequence-decls variable-decls user-field-decls "
    "ruby-text note-citation binary-data event-listeners shapes covered-table-cell "
    "table-of-content-source number".split()
)
_ASIDES = frozenset(["note", "annotation", "text-box", "object", "table"])


def read_odt(source: Source) -> Iterator[Document]:
    """Read an .odt; raises ``UnreadableError`` when it is none, is encrypted, or has no text."""
    package = Package(source)
    manifest = package.read("META-INF/manifest.xml") or b""
    if b"encryption-data" in manifest:
        raise UnreadableError("is encrypted")
    root = package.xml("content.xml")
    body = child(root, "body", "text")
    if root is None or body is None:
        raise UnreadableError("holds no content.xml with a text, which such a file consists of")
    composer = Composer()
    composer.add_all(_Reader(package, root).pieces(body, BlockKind.PARAGRAPH))
    yield composer.document(source, MEDIA_TYPE, _properties(package))


def _properties(package: Package) -> Properties:
    meta = child(package.xml("meta.xml"), "meta")

    def said(name: str) -> str:
        return next(iter(texts_of(meta, name)), "")

    return properties(
        title=said("title"),
        authors=texts_of(meta, "initial-creator") or texts_of(meta, "creator"),
        published=said("creation-date") or said("date"),
        language=said("language") or _default_language(package.xml("styles.xml")),
        tags=texts_of(meta, "keyword"),
        fields={"subject": said("subject"), "description": said("description")},
    )


def _default_language(styles: Element | None) -> str:
    for style in styles.iter("{*}default-style") if styles is not None else ():
        found = child(style, "text-properties")
        if attribute(style, "family") == "paragraph" and found is not None:
            parts = (attribute(found, "language"), attribute(found, "country"))
            return "-".join(part for part in parts if part not in ("", "none"))
    return ""


class _Reader:
    def __init__(self, package: Package, content: Element) -> None:
        self._package = package
        self._styles = {
            attribute(style, "name"): style
            for root in (package.xml("styles.xml"), content)
            for style in (root.iter("{*}style") if root is not None else ())
            if attribute(style, "family") == "paragraph"
        }

    def pieces(self, box: Element, kind: BlockKind) -> Iterator[Piece]:
        """What is in ``box``, whose paragraphs are of this kind."""
        for inner in box:
            name = local_name(inner)
            if name in ("h", "p"):
                yield from self._paragraph(inner, kind)
            elif name == "list-header":
                yield from self.pieces(inner, BlockKind.PARAGRAPH)
            elif name == "list":
                yield from self.pieces(inner, BlockKind.ITEM)
            elif name == "table":
                yield from self._table(inner)
            elif name == "desc":
                yield Piece(BlockKind.PARAGRAPH, described(inner.text or ""))
            elif name not in _UNSEEN and len(inner):
                yield from self.pieces(inner, kind)

    def _table(self, table: Element) -> Iterator[Piece]:
        """The rows; what is said to repeat is told once, since a file may repeat it for ever."""
        for inner in table:
            name = local_name(inner)
            if name == "table-row":
                cells = [cell for cell in inner if local_name(cell) == "table-cell"]
                yield from row([list(self.pieces(cell, BlockKind.PARAGRAPH)) for cell in cells])
            elif name.startswith("table-") and len(inner):
                yield from self._table(inner)

    def _paragraph(self, paragraph: Element, kind: BlockKind) -> Iterator[Piece]:
        says: list[str] = []
        asides: list[Element] = []
        self._say(paragraph, says, asides)
        text = "".join(says)
        style = attribute(paragraph, "style-name")
        level = self._level(style)
        if local_name(paragraph) == "h":
            outline = attribute(paragraph, "outline-level")
            level = int(outline) if outline.isdecimal() else level or 1
        if level:
            yield Piece(BlockKind.HEADING, text, max(1, min(level, _MAX_LEVEL)))
        elif any(_CODE_NAME.fullmatch(name) for name in self._names(style)):
            yield Piece(BlockKind.CODE, text)
        else:
            yield Piece(kind, text)
        for aside in asides:
            name = local_name(aside)
            if name == "table":
                yield from self._table(aside)
            elif name == "object":
                yield Piece(BlockKind.PARAGRAPH, self._formula(aside))
            else:
                yield from self.pieces(aside, BlockKind.PARAGRAPH)

    def _say(self, element: Element, says: list[str], asides: list[Element]) -> None:
        says.append(element.text or "")
        for inner in element:
            name = local_name(inner)
            if name in ("s", "tab", "line-break"):
                says.append("\n" if name == "line-break" else " ")
            elif name in _ASIDES:
                asides.append(inner)
            elif name in ("title", "desc"):
                says.append(described(inner.text or ""))
            elif name not in _UNSEEN:
                self._say(inner, says, asides)
            says.append(inner.tail or "")

    def _names(self, style: str) -> Iterator[str]:
        """What a style and those that it is based on are called."""
        for _ in range(_MAX_STYLES_DEEP):
            found = self._styles.get(style)
            if not style:
                return
            shown = attribute(found, "display-name") if found is not None else ""
            yield shown or style.replace("_20_", " ")
            style = attribute(found, "parent-style-name") if found is not None else ""

    def _level(self, style: str) -> int:
        """1 to 6 for a style of headings, else 0."""
        names = list(self._names(style))
        for name in names:
            if found := _HEADING_NAME.fullmatch(name):
                return max(1, min(int(found[1]), _MAX_LEVEL))
        return int("Title" in names)

    def _formula(self, frame: Element) -> str:
        """What a formula says: as it was typed, else its signs in order."""
        name = inner_name("", attribute(frame, "href"))
        root = self._package.xml(f"{name}/content.xml") if name else None
        if root is None or local_name(root) != "math":
            return ""
        return next(iter(texts_of(root, "annotation")), "") or " ".join(root.itertext())
