"""What does an RTF file say?

Read here rather than with striprtf, which gives bare text: no headings, lists or tables, nothing of
what the file says of itself, notes in the middle of words.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from locale import windows_locale

from searchkit.document import BlockKind, Document
from searchkit.readers.compose import Composer, Piece, row
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.properties import Properties, properties
from searchkit.readers.rtf_codes import (
    ASIDES,
    CHARSETS,
    CODE_PAGES,
    ENDS,
    INFO,
    MARGINS,
    SIGNS,
    STARRED,
    SYMBOLS,
    UNSEEN,
)

MEDIA_TYPE = "application/rtf"

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)",
    re.DOTALL,
)
_HEADING_NAME = re.compile(r"\W*heading ([1-9])\W*", re.IGNORECASE)
# What other programs write without the head of a file.
_FRAGMENT = re.compile(r"\s*\{\\[a-z]{1,32}-?\d{0,9}[ \\{]")
_MAX_LEVEL = 6
_BODY_LEVEL = 9
_DEEPEST = 10_000


def read_rtf(source: Source) -> Iterator[Document]:
    """Read an .rtf; raises ``UnreadableError`` when it is none, or holds no text."""
    text = source.data.decode("latin-1")
    start = text[:1000].find("{\\rtf")
    if start < 0 and _FRAGMENT.match(text):
        start = 0
    if start < 0:
        raise UnreadableError("is no RTF: it does not begin with {\\rtf")
    reader = _Reader()
    reader.read(text, start)
    composer = Composer()
    composer.add_all(reader.main.pieces)
    if not composer.blocks:
        composer.add_all(reader.margins)
    yield composer.document(source, MEDIA_TYPE, reader.properties())


@dataclass(slots=True)
class _Sink:
    """Where text goes: the document, a note, a cell. Its paragraphs become pieces."""

    pieces: list[Piece] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    asides: list[Piece] = field(default_factory=list)
    cells: list[list[Piece]] = field(default_factory=list)
    cell: list[Piece] = field(default_factory=list)

    def end_paragraph(self, kind: BlockKind, level: int, *, in_table: bool) -> None:
        text = "".join(self.says)
        self.says.clear()
        piece = Piece(kind, text, level)
        if in_table:
            if not text.isspace() and text:
                self.cell.append(piece)
            self.cell += self.asides
        else:
            self.end_row()
            self.pieces.append(piece)
            self.pieces += self.asides
        self.asides = []

    def end_cell(self) -> None:
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        if self.cell:
            self.end_cell()
        if self.cells:
            self.pieces += row(self.cells)
            self.cells = []


@dataclass(slots=True)
class _Group:
    """What holds until a group ends."""

    sink: _Sink
    codec: str
    name: str = ""
    unseen: bool = False
    hidden: bool = False
    skip: int = 1
    """How many characters stand in for one given by number."""
    language: int = 0
    opened: _Sink | None = None
    """The sink that ends with this group."""


class _Reader:
    def __init__(self) -> None:
        self.main = _Sink()
        self.margins: list[Piece] = []
        self._group = _Group(self.main, "cp1252")
        self._outer: list[_Group] = []
        self._bytes = bytearray()
        self._default_codec = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._levels: dict[int, int] = {}
        self._style = 0
        self._style_name = ""
        self._info: dict[str, str] = {}
        self._created: dict[str, int] = {}
        self._languages: Counter[int] = Counter()
        self._default_language = 0
        self._to_skip = 0
        self._starred = False
        self._has_bullet = False
        self._reset()

    def _reset(self) -> None:
        """A paragraph with nothing said of it, save the sign of a list before it."""
        self._level = 0
        self._is_item = False
        self._in_table = False

    def read(self, text: str, start: int) -> None:
        at = start
        while found := _TOKEN.match(text, at):
            at = found.end()
            word, number, code, symbol, brace, said = found.groups()
            if said is not None:
                self._say_bytes(said)
            elif word is not None:
                if word == "bin":
                    at += max(int(number or 0), 0)
                self._word(word, None if number is None else int(number))
            elif code is not None:
                if self._to_skip:
                    self._to_skip -= 1
                else:
                    self._bytes.append(int(code, 16))
            elif symbol is not None:
                self._symbol(symbol)
            elif brace == "{":
                self._flush()
                self._open()
            elif brace == "}":
                self._flush()
                self._close()
        self._flush()
        while self._outer:
            self._close()
        if self.main.says or self.main.asides:
            self._end_paragraph(self.main)
        self.main.end_row()

    def _open(self) -> None:
        if len(self._outer) >= _DEEPEST:
            raise UnreadableError(f"nests groups more than {_DEEPEST:,} deep")
        self._to_skip = 0
        self._outer.append(self._group)
        self._group = copy(self._group)
        self._group.opened = None

    def _close(self) -> None:
        group = self._group
        self._to_skip = 0
        if group.name == "stylesheet":
            if self._style_name and (found := _HEADING_NAME.match(self._style_name)):
                self._levels.setdefault(self._style, min(int(found[1]), _MAX_LEVEL))
            self._style_name = ""
        self._group = self._outer.pop() if self._outer else group
        if (opened := group.opened) is not None:
            if self._group is group:
                # More ends than beginnings: the note was the outermost group, and is done once.
                group.opened, group.sink = None, self.main
            if opened.says or opened.asides:
                opened.end_paragraph(BlockKind.PARAGRAPH, 0, in_table=False)
            opened.end_row()
            if group.name in MARGINS:
                self.margins += opened.pieces
            else:
                self._group.sink.asides += opened.pieces

    def _say_bytes(self, said: str) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(said))
            self._to_skip -= skipped
            said = said[skipped:]
        self._starred = False
        self._bytes += said.encode("latin-1")

    def _flush(self) -> None:
        """Give on what was said in bytes, whose characters may take several of them."""
        if self._bytes:
            text = bytes(self._bytes).decode(self._group.codec, "replace")
            self._bytes.clear()
            self._say(text)

    def _say(self, text: str) -> None:
        group = self._group
        if group.name in INFO:
            self._info[group.name] = self._info.get(group.name, "") + text
        elif group.name == "stylesheet":
            self._style_name += text
        elif not (group.unseen or group.hidden):
            group.sink.says.append(text)
            self._languages[group.language] += len(text)

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = True
        elif self._to_skip:
            self._to_skip -= 1
        elif symbol in ENDS:
            self._word("par", None)
        else:
            self._flush()
            self._say(SYMBOLS.get(symbol, ""))

    def _word(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            # UTF-16 in signed numbers; the halves of a pair are joined when they are read back.
            self._flush()
            self._say(chr(number & 0xFFFF))
            self._to_skip = self._group.skip
            return
        if self._to_skip:
            self._to_skip -= 1
            return
        self._flush()
        starred, self._starred = self._starred, False
        if self._is_destination(word, starred):
            self._enter(word)
        elif starred:
            self._group.unseen = True
        elif word in SIGNS:
            self._say(SIGNS[word])
        elif self._group.name in ("fonttbl", "stylesheet", "creatim"):
            self._declare(word, number or 0)
        else:
            self._format(word, number)

    def _is_destination(self, word: str, starred: bool) -> bool:
        if starred:
            return word in STARRED
        return (
            word in UNSEEN
            or word in ASIDES
            or word in MARGINS
            or word in ("fonttbl", "stylesheet", "info", "creatim", "listtext", "pntext")
            or (word in INFO and self._group.name == "info")
        )

    def _enter(self, word: str) -> None:
        group = self._group
        if word in ("listtext", "pntext"):
            self._has_bullet = True
        if word in ASIDES or word in MARGINS:
            # A box lies inside of a drawing, of which nothing else is text.
            if group.unseen and not (word == "shptxt" and group.name == "shpinst"):
                return
            group.unseen = False
            group.opened = group.sink = _Sink()
        else:
            group.unseen = True
        group.name = word

    def _declare(self, word: str, number: int) -> None:
        """Fonts, styles and dates."""
        name = self._group.name
        if name == "creatim":
            self._created[word] = number
        elif word == "f":
            self._font = number
        elif word == "fcharset" and number in CHARSETS:
            self._fonts[self._font] = CHARSETS[number]
        elif word == "cpg" and (codec := _code_page(number)):
            self._fonts[self._font] = codec
        elif word == "s":
            self._style = number
        elif word == "outlinelevel" and number < _BODY_LEVEL:
            self._levels[self._style] = max(1, min(number + 1, _MAX_LEVEL))

    def _format(self, word: str, number: int | None) -> None:
        group = self._group
        if word in ENDS:
            self._end_paragraph(group.sink)
        elif word in ("cell", "nestcell"):
            self._in_table = True
            self._end_paragraph(group.sink)
            if word == "cell" and not group.unseen:
                group.sink.end_cell()
        elif word == "row":
            if not group.unseen:
                group.sink.end_row()
        elif word == "pard":
            self._reset()
        elif word == "s":
            self._level = self._levels.get(number or 0, 0)
        elif word == "outlinelevel":
            outline = number or 0
            self._level = min(outline + 1, _MAX_LEVEL) if 0 <= outline < _BODY_LEVEL else 0
        elif word == "ls":
            self._is_item = number != 0
        elif word == "intbl":
            self._in_table = True
        elif word in ("f", "plain"):
            group.codec = self._fonts.get(number or 0, self._default_codec)
            group.hidden = group.hidden and word == "f"
        elif word in ("v", "deleted"):
            group.hidden = number != 0
        elif word == "uc":
            group.skip = min(max(number or 0, 0), 8)
        elif word == "lang":
            group.language = number or 0
        elif word == "deflang":
            self._default_language = number or 0
        elif word in CODE_PAGES:
            self._default_codec = group.codec = CODE_PAGES[word]
        elif word == "ansicpg" and (codec := _code_page(number or 0)):
            self._default_codec = group.codec = codec

    def _end_paragraph(self, sink: _Sink) -> None:
        if self._group.unseen:
            return
        is_item = self._is_item or self._has_bullet
        self._has_bullet = False
        kind = BlockKind.ITEM if is_item else BlockKind.PARAGRAPH
        level = 0 if self._in_table else self._level
        sink.end_paragraph(BlockKind.HEADING if level else kind, level, in_table=self._in_table)

    def properties(self) -> Properties:
        self._languages[self._default_language] += self._languages.pop(0, 0)
        language = self._languages.most_common(1)[0][0]
        day = self._created
        published = ""
        if day.get("yr"):
            published = f"{day['yr']:04}-{day.get('mo', 1):02}-{day.get('dy', 1):02}"
            published += f"T{day.get('hr', 0):02}:{day.get('min', 0):02}"
        return properties(
            title=self._info.get("title", ""),
            authors=[self._info.get("author", "")],
            published=published,
            language=windows_locale.get(language, ""),
            tags=[self._info.get("keywords", "")],
            fields={
                "subject": self._info.get("subject", ""),
                "description": self._info.get("doccomm", ""),
            },
        )


def _code_page(number: int) -> str:
    """Python's name of a code page, or "" if it has none."""
    codec = {65001: "utf-8", 10000: "mac_roman", 936: "gb18030"}.get(number, f"cp{number}")
    try:
        codecs.lookup(codec)
    except LookupError:
        return ""
    return codec
