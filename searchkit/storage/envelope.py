"""How does a file say what it is, what is in it, and whether it is whole?

    header      8  magic "SRCHKIT\\n"
                4  kind, four capitals: what the sections mean
                4  format version of the kind, u32
               16  id: random, says that this file is this file
    section        bytes; starts at the next multiple of 8, zeros between
    section ...
    toc            at the next multiple of 8: JSON, ASCII
                   {"sections": {name: [offset, length, crc32], ...}, "meta": {...}}
    footer      8  offset of the toc, u64
                4  length of the toc, u32
                4  crc32 of header, toc and the 12 bytes above, u32
                8  magic "\\nKITSRCH"

Numbers are little-endian; offsets and lengths count bytes from the beginning of the file. Sections
stand in the order of the toc, so that a file has one form: every byte of it is either fixed by the
above, covered by the footer's checksum, or in one section.

What is checked when: header, toc and footer when the file is opened; a section when
:meth:`SectionReader.verified` is asked for it first. Sections with checksums of their own inside
are read through :meth:`SectionReader.section`, which checks nothing.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from searchkit.errors import IndexCorruptError, IndexTooNewError, IndexTooOldError
from searchkit.record import Record
from searchkit.storage import strict_json
from searchkit.storage.directory import Output

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_HEADER = struct.Struct("<8s4sI16s")
_FOOTER = struct.Struct("<QII8s")
_COVERED_FOOTER_BYTES = 12
_HEAD_MAGIC = b"SRCHKIT\n"
_FOOT_MAGIC = b"\nKITSRCH"
_ALIGNMENT = 8
_MAX_TOC_BYTES = 16 << 20

ID_BYTES = 16
SMALLEST_BYTES = _HEADER.size + len('{"sections":{},"meta":{}}') + _FOOTER.size


def new_id() -> bytes:
    """The id of a new file: 16 random bytes."""
    return os.urandom(ID_BYTES)


class _Section(Record):
    start: int
    length: int
    crc: int


class SectionWriter:
    """Writes one file, section after section, to ``output``, which is new and stays the caller's
    to close.

    ``kind``: 4 bytes. ``version``: u32. ``id``: 16 bytes, from :func:`new_id`. Methods raise
    ``OSError``, and ``ValueError`` when called out of turn.
    """

    def __init__(self, output: Output, kind: bytes, version: int, id: bytes) -> None:
        self._output = output
        if len(kind) != 4 or len(id) != ID_BYTES:
            raise ValueError("a kind has 4 bytes, an id 16")
        self._header = _HEADER.pack(_HEAD_MAGIC, kind, version, id)
        self._sections: dict[str, _Section] = {}
        self._open: str | None = None
        self._is_finished = False
        self._at = 0
        self._crc = 0
        self._append(self._header)

    def begin(self, name: str) -> None:
        """Open the section ``name``."""
        self._refuse_if_busy()
        if name in self._sections:
            raise ValueError(f"{name!r} was written before")
        self._pad()
        self._open = name
        self._start = self._at
        self._crc = 0

    def write(self, data: ReadableBuffer) -> None:
        """Append a contiguous buffer, of whatever item type, to the open section."""
        if self._open is None:
            raise ValueError("no section is open")
        self._crc = zlib.crc32(data, self._crc)
        self._append(data)

    def end(self) -> None:
        """Close the open section."""
        if self._open is None:
            raise ValueError("no section is open")
        length = self._at - self._start
        self._sections[self._open] = _Section(self._start, length, self._crc)
        self._open = None

    def finish(self, meta: dict[str, object]) -> None:
        """Write what makes the sections a file; nothing can be written after it."""
        self._refuse_if_busy()
        self._pad()
        sections = {name: [s.start, s.length, s.crc] for name, s in self._sections.items()}
        toc = strict_json.dumps({"sections": sections, "meta": meta})
        if len(toc) > _MAX_TOC_BYTES:
            raise ValueError("too many sections, or too much meta")
        crc = _crc(self._header, toc, self._at, len(toc))
        footer = _FOOTER.pack(self._at, len(toc), crc, _FOOT_MAGIC)
        self._append(toc)
        self._append(footer)
        self._is_finished = True

    def _refuse_if_busy(self) -> None:
        if self._open is not None:
            raise ValueError(f"section {self._open!r} is open")
        if self._is_finished:
            raise ValueError("the file is finished")

    def _append(self, data: ReadableBuffer) -> None:
        self._output.write(data)
        self._at += memoryview(data).nbytes

    def _pad(self) -> None:
        if self._at % _ALIGNMENT:
            self._append(bytes(_aligned(self._at) - self._at))


class SectionReader:
    """The sections of one file.

    ``data`` is the whole file; the reader and every section keep it alive. ``kind`` is what the
    file must be, ``versions`` the formats of that kind that the caller reads (oldest, newest),
    ``id`` the id that it must have, if the caller knows it. ``path`` (the index's) and ``name``
    (the file's) are for errors: ``IndexCorruptError``, ``IndexTooOldError``,
    ``IndexTooNewError``. Threads may share a reader.
    """

    def __init__(
        self,
        data: memoryview,
        kind: bytes,
        *,
        versions: tuple[int, int],
        path: Path,
        name: str,
        id: bytes | None = None,
    ) -> None:
        self._data = data
        self._path = path
        self._name = name
        self._verified: set[str] = set()
        if len(data) < SMALLEST_BYTES:
            raise self._corrupt("is too short")
        magic, found_kind, self.version, self.id = _HEADER.unpack_from(data)
        toc_at, toc_length, crc, foot = _FOOTER.unpack_from(data, len(data) - _FOOTER.size)
        if magic != _HEAD_MAGIC or foot != _FOOT_MAGIC:
            raise self._corrupt("does not begin and end as a file of an index")
        if toc_length > _MAX_TOC_BYTES or toc_at + toc_length + _FOOTER.size != len(data):
            raise self._corrupt("is not as long as it says")
        if toc_at < _HEADER.size:
            raise self._corrupt("has its table of contents in its header")
        toc = bytes(data[toc_at : toc_at + toc_length])
        if _crc(bytes(data[: _HEADER.size]), toc, toc_at, toc_length) != crc:
            raise self._corrupt("has a table of contents that does not match its checksum")
        if found_kind != kind:
            raise self._corrupt(f"is of kind {found_kind!r} in the place of {kind!r}")
        if id is not None and self.id != id:
            raise self._corrupt("is another file than the one that had this name")
        if self.version < versions[0]:
            raise IndexTooOldError(path, self.version, versions[0])
        if self.version > versions[1]:
            raise IndexTooNewError(path, self.version, versions[1])
        try:
            self._sections, self.meta = _parse_toc(toc, toc_at)
        except ValueError as error:
            raise self._corrupt(f"has a table of contents that cannot be read: {error}") from None

    def names(self) -> tuple[str, ...]:
        """The names of the sections, in the order of the file."""
        return tuple(self._sections)

    def section(self, name: str) -> memoryview:
        """The bytes of a section, unverified. ``IndexCorruptError`` if there is none."""
        section = self._sections.get(name)
        if section is None:
            raise self._corrupt(f"has no section {name!r}")
        return self._data[section.start : section.start + section.length]

    def verified(self, name: str) -> memoryview:
        """The bytes of a section, whose checksum is compared the first time.
        ``IndexCorruptError`` if it differs."""
        data = self.section(name)
        if name not in self._verified:
            if zlib.crc32(data) != self._sections[name].crc:
                raise self._corrupt(f"has a section {name!r} that does not match its checksum")
            self._verified.add(name)
        return data

    def verify_all(self) -> Iterator[str]:
        """Every damage in the file, a line each; reads all of it, whatever was verified before."""
        end = _HEADER.size
        for name, section in self._sections.items():
            if any(self._data[end : section.start]):
                yield f"{self._name} has bytes before section {name!r} that should be zeros"
            end = section.start + section.length
            if zlib.crc32(self._data[section.start : end]) != section.crc:
                yield f"{self._name} has a section {name!r} that does not match its checksum"
        if any(self._data[end : _aligned(end)]):
            yield f"{self._name} has bytes after its sections that should be zeros"

    def _corrupt(self, what: str) -> IndexCorruptError:
        return IndexCorruptError(self._path, f"{self._name} {what}")


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def _crc(header: bytes, toc: bytes, toc_at: int, toc_length: int) -> int:
    footer = _FOOTER.pack(toc_at, toc_length, 0, _FOOT_MAGIC)[:_COVERED_FOOTER_BYTES]
    return zlib.crc32(footer, zlib.crc32(toc, zlib.crc32(header)))


def _parse_toc(toc: bytes, toc_at: int) -> tuple[dict[str, _Section], dict[str, object]]:
    """The sections and meta. ``ValueError`` for anything that a writer would not write."""
    match strict_json.loads(toc):
        case {"sections": dict(entries), "meta": dict(meta), **rest} if not rest:
            pass
        case _:
            raise ValueError("not sections and meta")
    sections = {}
    end = _HEADER.size
    for name, entry in entries.items():
        match entry:
            case [start, length, crc] if (
                type(start) is type(length) is type(crc) is int
                and start == _aligned(end)
                and length >= 0
                and 0 <= crc < 1 << 32
            ):
                end = start + length
                sections[name] = _Section(start, length, crc)
            case _:
                raise ValueError(f"section {name[:40]!r} does not lie behind the one before it")
    if toc_at != _aligned(end):
        raise ValueError("the sections do not fill the file")
    return sections, meta
