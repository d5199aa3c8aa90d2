"""What does a Word document say?

Read from its XML rather than with python-docx, which opens no file with a missing part, passes over
text boxes, notes and content controls, and builds its whole object model on the same lxml.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from searchkit.document import BlockKind, Document
from searchkit.readers.compose import Composer, Piece, described, row
from searchkit.readers.contract import Source
from searchkit.readers.ooxml import chosen, core_properties, drawing_texts, open_main, value
from searchkit.readers.packages import Element, Package, attribute, child, local_name

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# Built-in styles keep their English names in the file, whatever language Word speaks.
_HEADING_NAME = re.compile(r"heading ([1-9])")
_CODE_NAME = re.compile(
    r"(?:html )?preformatted(?: text)?|.*\b(?:source ?code|code ?block|verbatim|listing)\b.*|code",
    re.IGNORECASE,
)
_CONTENTS_NAME = re.compile(r"toc [1-9]|table of figures", re.IGNORECASE)
_BODY_LEVEL = 9
_MAX_LEVEL = 6
_MAX_STYLES_DEEP = 20
# Deleted and moved text, field codes, properties, and how to read what stands beside it.
_UNSEEN = frozenset(
    "pPr rPr sectPr tblPr trPr tcPr sdtPr sdtEndPr del moveFrom delText instrText delInstrText "
    "fldData rt framePr tblGrid binData".split()
)
_BOXES = frozenset(["tbl", "p", "sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"])


def read_docx(source: Source) -> Iterator[Document]:
    """Read a .docx; raises ``UnreadableError`` when it is none, or holds no text."""
    package, part, root = open_main(source, "word/document.xml")
    reader = _Reader(package, part)
    composer = Composer()
    composer.add_all(reader.pieces(root))
    if not composer.blocks:
        composer.add_all(reader.margins())
    properties = core_properties(package, reader.language(root))
    yield composer.document(source, MEDIA_TYPE, properties)


class _Styles:
    """Paragraph styles by id."""

    def __init__(self, root: Element | None) -> None:
        self._styles = {} if root is None else {
            attribute(style, "styleId"): style for style in root.iter("{*}style")
        }  # fmt: skip
        self.language = value(child(root, "docDefaults", "rPrDefault", "rPr", "lang"))

    def _chain(self, style_id: str) -> Iterator[Element]:
        """A style and those that it is based on."""
        for _ in range(_MAX_STYLES_DEEP):
            style = self._styles.get(style_id)
            if style is None:
                return
            yield style
            style_id = value(style, "basedOn")

    def name(self, style_id: str) -> str:
        style = self._styles.get(style_id)
        return (value(style, "name") if style is not None else style_id).lower()

    def level(self, style_id: str) -> int:
        """1 to 6 for a heading, else 0."""
        for style in self._chain(style_id):
            if outline := value(style, "pPr", "outlineLvl"):
                return _level(outline)
            name = value(style, "name").lower()
            if found := _HEADING_NAME.fullmatch(name):
                return min(int(found[1]), _MAX_LEVEL)
            if name == "title":
                return 1
        if not self._styles and (found := re.fullmatch(r"heading ?([1-9])", style_id.lower())):
            return min(int(found[1]), _MAX_LEVEL)
        return 0

    def is_item(self, style_id: str) -> bool:
        for style in self._chain(style_id):
            number = child(style, "pPr", "numPr")
            if number is not None:
                return value(number, "numId") != "0"
        return False

    def is_code(self, style_id: str) -> bool:
        return any(_CODE_NAME.fullmatch(value(style, "name")) for style in self._chain(style_id))


def _level(outline: str) -> int:
    if not outline.isdecimal() or int(outline) >= _BODY_LEVEL:
        return 0
    return min(int(outline) + 1, _MAX_LEVEL)


class _Reader:
    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self._related = package.related(part)
        self._styles = _Styles(self._named("styles"))
        # Each is told once, where it is referred to first: that bounds what a file may say.
        self._notes: dict[tuple[str, str], Element] = {
            (kind, attribute(note, "id")): note
            for kind in ("footnote", "endnote", "comment")
            for note in self._children(f"{kind}s")
            if local_name(note) == kind
        }
        # What a drop cap or a deleted paragraph mark leaves for the next paragraph.
        self._begun = ""
        self._styles_seen: dict[str, tuple[int, bool, bool, bool]] = {}

    def _named(self, kind: str) -> Element | None:
        for found, name in self._related.values():
            if found == kind:
                return self._package.xml(name)
        return None

    def _children(self, kind: str) -> list[Element]:
        root = self._named(kind)
        return list(root) if root is not None else []

    def language(self, root: Element) -> str:
        """The language of most runs, by their spell checker's marks."""
        said = Counter(attribute(mark, "val") for mark in root.iter("{*}lang"))
        runs = sum(1 for _ in root.iter("{*}r"))
        said[self._styles.language] += max(runs - said.total(), 0)
        return said.most_common(1)[0][0] if said else ""

    def margins(self) -> Iterator[Piece]:
        """What heads and feet say: it counts only where nothing else does."""
        for kind, name in self._related.values():
            if kind in ("header", "footer"):
                root = self._package.xml(name)
                if root is not None:
                    yield from self.pieces(root)

    def pieces(self, box: Element) -> Iterator[Piece]:
        for inner in box:
            name = local_name(inner)
            if name == "p":
                yield from self._paragraph(inner)
            elif name == "tbl":
                for line in inner.iter(f"{inner.tag[:-3]}tr"):
                    if _own_table(line) is inner:
                        yield from row([list(self.pieces(cell)) for cell in _cells(line)])
            elif name == "AlternateContent":
                branch = chosen(inner)
                if branch is not None:
                    yield from self.pieces(branch)
            elif name not in _UNSEEN and len(inner):
                yield from self.pieces(inner)

    def _paragraph(self, paragraph: Element) -> Iterator[Piece]:
        says: list[str] = []
        asides: list[Element] = []
        self._say(paragraph, says, asides)
        properties = child(paragraph, "pPr")
        text = self._begun + "".join(says)
        self._begun = ""
        style_id = value(properties, "pStyle")
        level, is_item, is_code, is_contents = self._style(style_id)
        if properties is not None:
            frame = child(properties, "framePr")
            goes_on = child(properties, "rPr", "del") is not None
            if goes_on or (frame is not None and attribute(frame, "dropCap") in ("drop", "margin")):
                self._begun = text
                text = ""
            if outline := value(properties, "outlineLvl"):
                level = _level(outline)
            number = child(properties, "numPr")
            if number is not None:
                is_item = value(number, "numId") != "0"
        if is_contents:
            return
        if level:
            yield Piece(BlockKind.HEADING, text, level)
        elif is_code:
            yield Piece(BlockKind.CODE, text)
        else:
            yield Piece(BlockKind.ITEM if is_item else BlockKind.PARAGRAPH, text)
        for aside in asides:
            if local_name(aside) == "drawing":
                for said in drawing_texts(self._package, self._part, aside):
                    yield Piece(BlockKind.PARAGRAPH, said)
            else:
                yield from self.pieces(aside)

    def _style(self, style_id: str) -> tuple[int, bool, bool, bool]:
        """The level, and whether it is an item, code, an entry of the table of contents."""
        found = self._styles_seen.get(style_id)
        if found is None:
            found = (
                self._styles.level(style_id),
                self._styles.is_item(style_id),
                self._styles.is_code(style_id),
                bool(_CONTENTS_NAME.fullmatch(self._styles.name(style_id))),
            )
            self._styles_seen[style_id] = found
        return found

    def _say(self, element: Element, says: list[str], asides: list[Element]) -> None:
        """Gather what a paragraph says, and the notes and boxes that hang on it."""
        for inner in element:
            name = local_name(inner)
            if name == "t":
                says.append(inner.text or "")
            elif name in ("tab", "ptab"):
                says.append("\t")
            elif name in ("br", "cr"):
                says.append("\n")
            elif name == "noBreakHyphen":
                says.append("-")
            elif name == "sym":
                says.append(_symbol(attribute(inner, "char")))
            elif name in ("footnoteReference", "endnoteReference", "commentReference"):
                kind = name.removesuffix("Reference")
                note = self._notes.pop((kind, attribute(inner, "id")), None)
                if note is not None:
                    asides.append(note)
            elif name == "txbxContent":
                asides.append(inner)
            elif name == "AlternateContent":
                branch = chosen(inner)
                if branch is not None:
                    self._say(branch, says, asides)
            elif name in ("relIds", "chart"):
                asides.append(_drawing(inner))
            elif name == "docPr":
                says.append(described(attribute(inner, "descr")))
            elif name not in _UNSEEN and len(inner):
                self._say(inner, says, asides)


def _cells(line: Element) -> Iterator[Element]:
    """The cells of a row, those in content controls too."""
    for inner in line:
        name = local_name(inner)
        if name == "tc":
            yield inner
        elif name in _BOXES:
            yield from _cells(inner)


def _own_table(line: Element) -> Element | None:
    return next((outer for outer in line.iterancestors() if local_name(outer) == "tbl"), None)


def _drawing(element: Element) -> Element:
    """The drawing that a chart or a diagram stands in."""
    return next((up for up in element.iterancestors() if local_name(up) == "drawing"), element)


def _symbol(code: str) -> str:
    """A character given by number, unless it lies where symbol fonts put their pictures."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return chr(number) if 0x20 <= number < 0xD800 else " "
