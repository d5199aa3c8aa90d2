"""What lies in a zip of XML, as word processors and e-books are?

What is in such a file is anyone's: what is unpacked is counted while it is, entities are not
expanded, nothing is fetched, and the depth of elements is bounded.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from io import BytesIO
from typing import Any, TypeAlias
from urllib.parse import unquote

from lxml import etree

from searchkit.readers.contract import Source, UnreadableError

# lxml says nothing of its types.
Element: TypeAlias = Any

_PIECE_BYTES = 1 << 16
# A tree takes some ten times the memory of its source.
_MAX_XML_BYTES = 64 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# All that OPC, ODF and OCF allow; the others cannot be unpacked in bounded pieces.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNPACKING_FAILS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    OverflowError,
    UnicodeError,
)

_OTHER_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"'](?!utf-?8)", re.IGNORECASE)

# A reference to a half character, from U+D800 to U+DFFF, that is kept as if it were one.
_HALF = re.compile(
    rb"&#(?:x0*d[89a-f][0-9a-f]{2}|0*(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|"
    rb"5734[0-3]));?",
    re.IGNORECASE,
)


class Package:
    """The parts of a file by name, without regard to case."""

    def __init__(self, source: Source) -> None:
        """Raises ``UnreadableError`` when the file is no zip."""
        self._source = source
        if source.data.startswith(_OLE):
            raise UnreadableError("is encrypted, or of the binary format before 2007")
        try:
            self._zip = zipfile.ZipFile(BytesIO(source.data))
        except _UNPACKING_FAILS:
            what = "is empty" if not source.data else "is damaged or cut off: no zip file"
            raise UnreadableError(what) from None
        self._parts = {entry.filename.lower().lstrip("/"): entry for entry in self._zip.infolist()}

    def names(self) -> list[str]:
        return list(self._parts)

    def read(self, name: str) -> bytes | None:
        """The bytes of a part, or None if there is none of this name.

        Raises ``UnreadableError`` when it cannot be unpacked or is too large.
        """
        entry = self._parts.get(name.lower().lstrip("/"))
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise UnreadableError("is encrypted")
        if entry.compress_type not in _PACKINGS:
            raise UnreadableError(f"{entry.filename} in it is packed in an unknown way")
        pieces: list[bytes] = []
        try:
            with self._zip.open(entry) as packed:
                while piece := packed.read(_PIECE_BYTES):
                    self._source.take(len(piece))
                    pieces.append(piece)
        except _UNPACKING_FAILS:
            # Text before the damage is better than none; XML that breaks off is mended.
            if not pieces:
                raise UnreadableError(f"is damaged: {entry.filename} in it") from None
        return b"".join(pieces)

    def xml(self, name: str) -> Element | None:
        """The root element of a part, or None if there is none of this name or nothing in it."""
        data = self.read(name)
        return parse_xml(data) if data else None

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """By id: the last word of its kind, and the name, of what a part of OPC refers to."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        if root is None:
            return {}
        return {
            attribute(link, "Id"): (
                attribute(link, "Type").rpartition("/")[2],
                inner_name(folder, attribute(link, "Target")),
            )
            for link in root
            if attribute(link, "TargetMode") != "External"
        }


def parse_xml(data: bytes) -> Element | None:
    """The root element, None where there is none; what is broken is mended.

    libxml2 keeps to 256 levels of elements without ``huge_tree``, so that readers may recurse.
    """
    if len(data) > _MAX_XML_BYTES:
        raise UnreadableError(f"holds XML of more than {_MAX_XML_BYTES >> 20} MB in one piece")
    # The declaration must come first, and does not always.
    data = _HALF.sub(b"&#xFFFD;", _in_utf8(data.lstrip()))
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _in_utf8(data: bytes) -> bytes:
    """``data`` without bytes that are no UTF-8, if it is not in another encoding: libxml2 keeps
    half characters in its tree, and lxml cannot give what says them.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _OTHER_ENCODING.match(data):
        return data
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode()
    return data


def inner_name(folder: str, target: str) -> str:
    """The name of the part to which a reference from ``folder`` leads, without its fragment."""
    target = unquote(target.partition("#")[0])
    joined = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/")))
    return joined.lstrip("/")


def local_name(element: Element) -> str:
    """The name without its namespace, which has several spellings; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """The attribute of this name in whatever namespace, or ""."""
    plain: str | None = element.get(name)
    if plain is not None:
        return plain
    spaced = (said for key, said in element.items() if key.endswith(f"}}{name}"))
    return next(spaced, "")


def child(element: Element | None, *path: str) -> Element | None:
    """The first element below by a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((inner for inner in element if local_name(inner) == name), None)
    return element


def texts(root: Element | None, name: str) -> list[str]:
    """What the elements of this local name below ``root`` say, those that say nothing left out."""
    if root is None:
        return []
    found = ("".join(element.itertext()).strip() for element in root.iter(f"{{*}}{name}"))
    return [text for text in found if text]
