"""What lies in an archive?

A .zip or .tar is a folder: each file in it that a reader knows is read by that reader, under the
archive's key, a slash and its path. Nothing is ever written to a disk.
"""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from searchkit.document import Document
from searchkit.readers import can_read, read_inside
from searchkit.readers.compressed import unpacked
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.names import Names, clean_name

_PIECE_BYTES = 1 << 20
_MOST_MEMBERS = 200_000
"""zipfile makes objects of half a kilobyte for all members as it opens an archive."""

_LONGEST_PATH_CHARS = 1_000
_LONGEST_HEADER_BYTES = 1 << 16
_COMPRESSIONS = {
    ".tgz": ".gz",
    ".tbz2": ".bz2",
    ".tbz": ".bz2",
    ".txz": ".xz",
    ".tzst": ".zst",
}


class _MemberError(Exception):
    """One member cannot be unpacked; the others may be. (Beyond the file's limit nothing can:
    that is ``take``'s ``UnreadableError``.)
    """


def read_zip(source: Source) -> Iterator[Document]:
    """The documents of a .zip; raises ``UnreadableError`` when it is none."""
    if source.data.count(b"PK\x01\x02") > _MOST_MEMBERS:
        raise UnreadableError(f"holds more than {_MOST_MEMBERS:,} files")
    try:
        archive = zipfile.ZipFile(BytesIO(source.data))
    except Exception as error:  # zipfile lets struct's, codecs' and other errors through.
        raise UnreadableError(f"cannot be read as a zip archive ({_brief(error)})") from None
    names = Names()
    with archive:
        for member in archive.infolist():
            name = _wanted(member.filename)
            if not name or member.is_dir():
                continue
            name = names.unique(name, is_file=True)
            try:
                data = _unzipped(source, archive, member)
            except _MemberError as error:
                source.failures.append((f"{source.key}/{name}", str(error)))
                continue
            yield from read_inside(source, name, data, _zip_time(member, source.modified))


def _unzipped(source: Source, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & 0x1:
        raise _MemberError("is encrypted")
    whole = BytesIO()
    try:
        with archive.open(member) as file:
            while piece := file.read(_PIECE_BYTES):
                source.take(len(piece))
                whole.write(piece)
    except UnreadableError:
        raise
    except NotImplementedError:
        raise _MemberError("is compressed in a way that is not known") from None
    except MemoryError:
        raise _MemberError("needs too much memory to be unpacked") from None
    except Exception as error:  # Damage comes as the errors of zlib, lzma, struct and others.
        raise _MemberError(f"cannot be unpacked ({_brief(error)})") from None
    return whole.getvalue()


def _zip_time(member: zipfile.ZipInfo, otherwise: float) -> float:
    try:
        return datetime(*member.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return otherwise


def read_tar(source: Source) -> Iterator[Document]:
    """The documents of a .tar, compressed or not; raises ``UnreadableError`` when it is none."""
    data = source.data
    if compression := _COMPRESSIONS.get(source.suffix):
        data = unpacked(source, compression)
    names = Names()
    for member, archive in _members(data):
        name = _wanted(member.name)
        if not name or not member.isfile():
            continue
        name = names.unique(name, is_file=True)
        try:
            content = _untarred(source, archive, member)
        except _MemberError as error:
            source.failures.append((f"{source.key}/{name}", str(error)))
            continue
        modified = float(member.mtime) if 0 < member.mtime < 1 << 40 else source.modified
        yield from read_inside(source, name, content, modified)


class _Header(tarfile.TarInfo):
    """A header that is refused where tarfile would run in circles or take a square of its size."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> _Header:
        header = super().frombuf(buf, encoding or "utf-8", errors)
        is_extension = header.type in (
            tarfile.XHDTYPE,
            tarfile.XGLTYPE,
            tarfile.SOLARIS_XHDTYPE,
            tarfile.GNUTYPE_LONGNAME,
            tarfile.GNUTYPE_LONGLINK,
        )
        if header.size < 0 or (is_extension and header.size > _LONGEST_HEADER_BYTES):
            raise UnreadableError("cannot be read as a tar archive (a header's size is impossible)")
        return header


def _members(data: bytes) -> Iterator[tuple[tarfile.TarInfo, tarfile.TarFile]]:
    before = -1
    try:
        archive = tarfile.TarFile(fileobj=BytesIO(data), tarinfo=_Header, errorlevel=2)
        while (member := archive.next()) is not None:
            # Sizes in extensions may lead back; then the same members would come for ever.
            if member.offset <= before or member.size < 0:
                raise UnreadableError("cannot be read as a tar archive (it leads back)")
            before = member.offset
            yield member, archive
            # tarfile keeps all that it has met.
            archive.members.clear()  # type: ignore[attr-defined]
    except UnreadableError:
        raise
    except Exception as error:  # RecursionError of long chains of headers, ValueError of numbers.
        raise UnreadableError(f"cannot be read as a tar archive ({_brief(error)})") from None


def _untarred(source: Source, archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    if member.issparse():
        # Only these are larger than what lies in the archive.
        source.take(member.size)
    try:
        file = archive.extractfile(member)
        data = file.read() if file else b""
    except Exception as error:
        raise _MemberError(f"cannot be unpacked ({_brief(error)})") from None
    if len(data) < member.size:
        raise _MemberError("is cut off")
    return data


def _wanted(path: str) -> str:
    """The path of a member as a name, or "" if it is to be left out."""
    name = clean_name(path, _LONGEST_PATH_CHARS)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))
    return "" if hidden or not can_read(name) else name


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or type(error).__name__
