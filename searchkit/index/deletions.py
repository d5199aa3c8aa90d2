"""Which documents of a segment are deleted?

A segment's file never changes; what is deleted from it lies in a file of its own, anew for each
generation that deletes more:

    envelope of kind "DELS", meta {"docs": number of documents of the segment, "count": deleted}
    section "deleted": one bit for each document, docnum 0 in the lowest bit of the first byte;
                       set if deleted; the bits after the last document are 0
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from searchkit.errors import IndexCorruptError
from searchkit.index.manifest import DELETIONS, DeletionsInfo, SegmentInfo, file_id, file_name
from searchkit.storage.directory import Directory
from searchkit.storage.envelope import SectionReader, SectionWriter, new_id

KIND = b"DELS"
VERSION = 1

_SECTION = "deleted"


class Deletions:
    """A set of docnums of a segment with ``docs`` documents; it never changes.

    ``bits``: bytes, one bit a document, as in the file. ``count``: how many are deleted.
    """

    __slots__ = ("bits", "count", "docs")

    def __init__(self, docs: int, bits: bytes) -> None:
        """``ValueError`` unless ``bits`` are those of ``docs`` documents."""
        if len(bits) != -(-docs // 8):
            raise ValueError(f"{len(bits)} bytes for {docs} documents")
        if docs % 8 and bits[-1] >> docs % 8:
            raise ValueError("documents after the last one are deleted")
        self.docs = docs
        self.bits = bits
        self.count = int.from_bytes(bits, "little").bit_count()

    @classmethod
    def none(cls, docs: int) -> Self:
        """Nothing is deleted."""
        return cls(docs, bytes(-(-docs // 8)))

    def with_deleted(self, docnums: Iterable[int]) -> Deletions:
        """These and ``docnums``. ``ValueError`` for one that the segment does not have."""
        bits = bytearray(self.bits)
        for docnum in docnums:
            if not 0 <= docnum < self.docs:
                raise ValueError(f"there is no document {docnum} among {self.docs}")
            bits[docnum >> 3] |= 1 << (docnum & 7)
        return Deletions(self.docs, bytes(bits))

    def __contains__(self, docnum: int) -> bool:
        return 0 <= docnum < self.docs and bool(self.bits[docnum >> 3] >> (docnum & 7) & 1)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[int]:
        """The deleted docnums, in order."""
        for at, byte in enumerate(self.bits):
            if byte:
                yield from (at * 8 + bit for bit in range(8) if byte >> bit & 1)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Deletions) and (self.docs, self.bits) == (other.docs, other.bits)

    def __hash__(self) -> int:
        return hash((self.docs, self.bits))

    def write(self, directory: Directory) -> DeletionsInfo:
        """Put these into a new file, which a commit will sync. ``ValueError`` if nothing is
        deleted: then there is no file. Raises ``OSError``."""
        if not self.count:
            raise ValueError("nothing is deleted")
        id = new_id()
        name = file_name(id, DELETIONS)
        with directory.create(name) as output:
            writer = SectionWriter(output, KIND, VERSION, id)
            writer.begin(_SECTION)
            writer.write(self.bits)
            writer.end()
            writer.finish({"docs": self.docs, "count": self.count})
            return DeletionsInfo(name=name, length=output.tell(), count=self.count)

    @classmethod
    def read(cls, data: memoryview, segment: SegmentInfo, path: Path) -> Self:
        """The deletions of ``segment``, which has some, from the bytes of their file.

        ``path`` is the index's, for errors. Raises ``IndexCorruptError``, also where the file is
        sound but another than the manifest says; ``IndexTooOldError``, ``IndexTooNewError``.
        """
        info = segment.deletions
        if info is None:
            raise ValueError(f"{segment.name} has no deletions")
        reader = SectionReader(
            data,
            KIND,
            versions=(VERSION, VERSION),
            path=path,
            name=info.name,
            id=file_id(info.name),
        )
        try:
            deletions = cls(segment.docs, bytes(reader.verified(_SECTION)))
            if reader.meta != {"docs": segment.docs, "count": info.count}:
                raise ValueError(f"{str(reader.meta)[:80]!r} is not what the manifest says")
            if deletions.count != info.count:
                raise ValueError(f"{deletions.count} documents are deleted, not {info.count}")
        except ValueError as error:
            raise IndexCorruptError(path, f"{info.name} cannot be right: {error}") from None
        return deletions
