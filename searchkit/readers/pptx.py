"""What does a PowerPoint presentation say?

Read from its XML: what python-pptx would add to that is the writing of presentations.
"""

from __future__ import annotations

from collections.abc import Iterator

from searchkit.document import BlockKind, Document
from searchkit.readers.compose import Composer, Piece, described, row
from searchkit.readers.contract import Source
from searchkit.readers.ooxml import chosen, core_properties, drawing_texts, open_main
from searchkit.readers.packages import Element, Package, attribute, child, local_name

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

_TITLES = frozenset(["title", "ctrTitle"])
# What the master puts on each slide.
_FURNITURE = frozenset(["dt", "ftr", "sldNum", "hdr", "sldImg"])
# Placeholders whose paragraphs are bullets.
_BULLETED = frozenset(["body", "obj", ""])


def read_pptx(source: Source) -> Iterator[Document]:
    """Read a .pptx; raises ``UnreadableError`` when it is none, or holds no text."""
    package, part, root = open_main(source, "ppt/presentation.xml")
    composer = Composer()
    for number, slide in enumerate(_slides(package, part, root), 1):
        composer.place(f"slide {number}")
        composer.add_all(_slide(package, slide))
    yield composer.document(source, MEDIA_TYPE, core_properties(package))


def _slides(package: Package, part: str, root: Element) -> Iterator[str]:
    """The names of the slides' parts in order, each once."""
    related = package.related(part)
    listed = child(root, "sldIdLst")
    names = [
        name
        for slide in (listed if listed is not None else ())
        for kind, name in [related.get(_relation(slide), ("", ""))]
        if kind == "slide"
    ]
    yield from dict.fromkeys(names)


def _relation(slide: Element) -> str:
    """Its r:id, not its id."""
    return next((value for key, value in slide.items() if key.endswith("}id")), "")


def _slide(package: Package, part: str) -> Iterator[Piece]:
    root = package.xml(part)
    tree = child(root, "cSld", "spTree")
    if tree is not None:
        shapes = list(_shapes(tree))
        shapes.sort(key=lambda shape: _placeholder(shape) not in _TITLES)
        for shape in shapes:
            yield from _shape(package, part, shape)
    for kind, name in package.related(part).values():
        if kind == "notesSlide":
            notes = child(package.xml(name), "cSld", "spTree")
            for shape in _shapes(notes) if notes is not None else ():
                if _placeholder(shape) not in _FURNITURE:
                    yield from _paragraphs(shape, BlockKind.PARAGRAPH)
        elif kind == "comments":
            comments = package.xml(name)
            for said in comments.iter("{*}text", "{*}t") if comments is not None else ():
                yield Piece(BlockKind.PARAGRAPH, said.text or "")


def _shapes(tree: Element) -> Iterator[Element]:
    for inner in tree:
        name = local_name(inner)
        if name in ("sp", "graphicFrame", "cxnSp", "pic"):
            yield inner
        elif name == "AlternateContent":
            branch = chosen(inner)
            if branch is not None:
                yield from _shapes(branch)
        elif name == "grpSp":
            yield from _shapes(inner)


def _placeholder(shape: Element) -> str | None:
    """Its kind of placeholder, "" for the usual one, None where it is none."""
    for properties in shape:
        found = child(properties, "nvPr", "ph")
        if found is not None:
            return attribute(found, "type")
    return None


def _shape(package: Package, part: str, shape: Element) -> Iterator[Piece]:
    placeholder = _placeholder(shape)
    if placeholder in _FURNITURE:
        return
    if local_name(shape) == "pic":
        said = described(attribute(shape[0][0], "descr")) if len(shape) and len(shape[0]) else ""
        yield Piece(BlockKind.PARAGRAPH, said)
    elif local_name(shape) == "graphicFrame":
        for table in shape.iter("{*}tbl"):
            for line in table.iter("{*}tr"):
                cells = [cell for cell in line if local_name(cell) == "tc"]
                yield from row([list(_paragraphs(cell, BlockKind.PARAGRAPH)) for cell in cells])
        for said in drawing_texts(package, part, shape):
            yield Piece(BlockKind.PARAGRAPH, said)
    elif placeholder in _TITLES:
        says = " ".join(piece.text for piece in _paragraphs(shape, BlockKind.PARAGRAPH))
        yield Piece(BlockKind.HEADING, says, 1)
    else:
        pieces = list(_paragraphs(shape, BlockKind.ITEM))
        if len(pieces) < 2 or placeholder not in _BULLETED:
            pieces = [Piece(BlockKind.PARAGRAPH, piece.text) for piece in pieces]
        yield from pieces


def _paragraphs(shape: Element, kind: BlockKind) -> Iterator[Piece]:
    for paragraph in shape.iter("{*}p"):
        text = "".join(_say(paragraph))
        if not text.isspace() and text:
            yield Piece(kind, text)


def _say(paragraph: Element) -> Iterator[str]:
    for inner in paragraph.iter("{*}t", "{*}br", "{*}tab"):
        yield (inner.text or "") if local_name(inner) == "t" else "\n"
