"""How does a document's text come together from its headings, paragraphs, items and rows?

For formats whose source has no lines: what is read from them is written anew, one block after the
other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from searchkit.document import Block, BlockKind, Document
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.properties import Properties
from searchkit.readers.titles import one_line, title_from_key

BETWEEN_CELLS = " | "
# Beyond this, a table is one that lays out a page, as in the HTML reader.
_MAX_ROW_CHARS = 1000
_CLOSE = (BlockKind.ITEM, BlockKind.ROW, BlockKind.TERM, BlockKind.CODE)
# No text holds these; a terminal or a browser may choke on them. Soft hyphens are layout, and the
# private use area is where symbol fonts keep their pictures.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\ue000-\uf8ff\ufeff\ufffe\uffff]+")
_FEWEST_WORDS = 3
_NO_DESCRIPTION = re.compile(
    r"automatically generated|automatisch generiert|generated with .* confidence|AI-generated"
    r"|\.(?:png|jpe?g|gif|svg|bmp|tiff?|emf|wmf)$",
    re.IGNORECASE,
)
_HALF = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block that has no place in a text yet. ``level`` is 1 to 6 for a heading, else 0."""

    kind: BlockKind
    text: str
    level: int = 0


class Composer:
    """Writes pieces one after the other."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._places: list[tuple[int, str]] = []
        self._length = 0
        self._place = ""

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def place(self, place: str) -> None:
        """What is added from now on stands in ``place``."""
        self._place = place

    def add_all(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            self.add(piece)

    def add(self, piece: Piece) -> None:
        """Write one piece; one without text is left out."""
        text = tidy(piece.text, keep_lines=piece.kind is BlockKind.CODE)
        last = self.blocks[-1] if self.blocks else None
        # Word processors keep each line of code as a paragraph of its own.
        goes_on = last is not None and last.kind is piece.kind is BlockKind.CODE
        if not goes_on:
            text = text.strip()
        if not text.strip():
            return
        start = self._separate(piece.kind)
        self._write(text)
        if last is not None and goes_on:
            self.blocks[-1] = Block(BlockKind.CODE, last.start, self._length)
        else:
            self.blocks.append(Block(piece.kind, start, self._length, piece.level))
        self._mark(start)

    def add_text(self, text: str, blocks: Sequence[Block]) -> None:
        """Write a text that has its blocks already."""
        if not blocks:
            return
        start = self._separate(BlockKind.PARAGRAPH)
        self._write(text)
        self.blocks += [
            Block(block.kind, block.start + start, block.end + start, block.level)
            for block in blocks
        ]
        self._mark(start)

    def go_on(self, separator: str, text: str, place: str) -> None:
        """Write on at the end of the last block, which reaches into the next ``place``."""
        text = tidy(text)
        if not text:
            return
        last = self.blocks[-1]
        self._write(separator)
        start = self._length
        self._write(text)
        self.blocks[-1] = Block(last.kind, last.start, self._length, last.level)
        self._place = place
        self._mark(start)

    def document(self, source: Source, media_type: str, properties: Properties) -> Document:
        """The document; raises ``UnreadableError`` where nothing was written."""
        if not self.blocks:
            raise UnreadableError("holds no text")
        text = self.text
        title = properties.title
        if not title:
            headings = [block for block in self.blocks if block.kind is BlockKind.HEADING]
            title = one_line(text[headings[0].start : headings[0].end]) if headings else ""
        return Document(
            key=source.key,
            title=title or title_from_key(source.key),
            text=text,
            blocks=tuple(self.blocks),
            lines=(),
            modified=source.modified,
            places=tuple(self._places),
            media_type=media_type,
            authors=properties.authors,
            published=properties.published,
            language=properties.language,
            tags=properties.tags,
            fields=properties.fields,
        )

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _separate(self, kind: BlockKind) -> int:
        if self.blocks:
            close = self.blocks[-1].kind is kind and kind in _CLOSE
            self._write("\n" if close else "\n\n")
        return self._length

    def _mark(self, start: int) -> None:
        if self._place and (not self._places or self._places[-1][1] != self._place):
            self._places.append((start if self._places else 0, self._place))


def tidy(text: str, *, keep_lines: bool = False) -> str:
    """``text`` without what nobody sees, and each run of white space as one space.

    With ``keep_lines``, white space stays as it is, save at the end.
    """
    if _HALF.search(text):
        # RTF and PDF give characters beyond 16 bits as pairs.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    text = _UNSEEN.sub("", text)
    return text.rstrip() if keep_lines else " ".join(text.split())


def described(alternative: str) -> str:
    """What a picture's description says, or "" if no person wrote it: a file's name, a number, what
    a program saw.
    """
    said = tidy(alternative)
    if len(said.split()) < _FEWEST_WORDS or _NO_DESCRIPTION.search(said):
        return ""
    return said


def row(cells: Sequence[Sequence[Piece]]) -> list[Piece]:
    """The pieces of a table's row: one, or those of its cells where they hold more than data."""
    pieces = [piece for cell in cells for piece in cell]
    chars = sum(len(piece.text) for piece in pieces)
    kinds = {piece.kind for piece in pieces}
    if chars > _MAX_ROW_CHARS or kinds & {BlockKind.HEADING, BlockKind.CODE}:
        return pieces
    texts = [tidy(" ".join(piece.text for piece in cell)) for cell in cells]
    if not any(texts):
        return []
    return [Piece(BlockKind.ROW, BETWEEN_CELLS.join(texts).strip("| "))]
