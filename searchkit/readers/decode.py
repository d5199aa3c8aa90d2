"""Which characters do these bytes stand for?

What it returns has "\\n" as its only line end and never
holds a NUL or a lone surrogate.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from searchkit.readers.contract import UnreadableError
from searchkit.readers.encodings import guessed_encoding, unmarked_utf16


class NotTextError(UnreadableError):
    """The bytes are no text."""


# The longer marks come first: UTF-32's begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_WITH_NULS = tuple(mark for mark, encoding in _BYTE_ORDER_MARKS if encoding != "utf-8")
_MAX_NUL_SHARE = 0.001

_SAMPLE_BYTES = 8192
_MAX_CONTROL_SHARE = 0.1
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\f\r\b\x1b")

_META_BYTES = 4096
_META_CHARSET = re.compile(rb"<meta\b[^<>]{0,500}?\bcharset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.I)
_XML_ENCODING = re.compile(rb"\s*<\?xml\b[^<>]{0,200}?\bencoding\s*=\s*[\"']([\w:.-]{1,40})", re.I)

# Python's registry also holds codecs that are no character sets (hex, zip, unicode_escape).
_CHARACTER_SET = re.compile(
    r"(?:utf-?8|(?:us-)?ascii|windows-?(?:874|125\d)|cp(?:125\d|866|874|932|949)|iso-?8859-?\d{1,2}|iso-2022-jp"
    r"|latin-?\d|koi8-[rut]|gb2312|gbk|gb18030|big5(?:-hkscs)?|shift_?jis|euc-(?:jp|kr)"
    r"|ibm866|tis-620|mac-?(?:intosh|roman|cyrillic)|x-sjis)"
)
# Pages that declare the one are in truth written in the other; browsers read them so.
_READ_AS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}


def decode_text(data: bytes) -> str:
    """The characters of a text file: by its byte order mark, else UTF-8, else as guessed.

    Raises ``NotTextError`` when the bytes look binary.
    """
    return _decode(data, declared=None)


def decode_html(data: bytes) -> str:
    """The same for a page, whose own declaration counts where there is no byte order mark. A few
    NULs in it are passed over, as browsers do.

    Raises ``NotTextError`` when the bytes look binary.
    """
    if not data.startswith(_WITH_NULS) and 0 < data.count(0) <= _MAX_NUL_SHARE * len(data):
        data = data.replace(b"\0", b"")
    found = _XML_ENCODING.match(data[:_META_BYTES]) or _META_CHARSET.search(data[:_META_BYTES])
    return _decode(data, _known_charset(found[1].decode("ascii", "replace")) if found else None)


def decode_declared(data: bytes, charset: str) -> str:
    """The characters of a part of something that is text for certain, in ``charset`` if it is known
    and they fit. What is no character is replaced; nothing is raised.
    """
    encoding = _known_charset(charset) if charset else None
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        text = data.decode(guessed_encoding(data), "replace")
    return with_line_feeds(text).replace("\0", "\ufffd")


def with_line_feeds(text: str) -> str:
    """``text`` with "\\n" as its only line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decode(data: bytes, declared: str | None) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            break
    else:
        if b"\0" in data[:_SAMPLE_BYTES] and (unmarked := unmarked_utf16(data)):
            text = data.decode(unmarked, "replace")
        else:
            _refuse_binary(data)
            text = data.decode(declared, "replace") if declared else _guess(data)
    if "\0" in text:
        raise NotTextError("looks binary: it holds NUL characters, which no text does")
    return with_line_feeds(text)


def _guess(data: bytes) -> str:
    # These bytes are UTF-8 as well, but no text with so many dollar signs.
    if b"\x1b$" in data:
        with suppress(UnicodeDecodeError):
            return data.decode("iso2022_jp")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(guessed_encoding(data), "replace")


def _known_charset(name: str) -> str | None:
    if not _CHARACTER_SET.fullmatch(name.lower()):
        return None
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return _READ_AS.get(found, found)


def _refuse_binary(data: bytes) -> None:
    if b"\0" in data:
        raise NotTextError("looks binary: it holds NUL bytes, which no text does")
    sample = data[:_SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > _MAX_CONTROL_SHARE * len(sample):
        raise NotTextError("looks binary: too many of its bytes are control characters")
