"""Where do the stored bytes of each document lie?

Section "stored": blocks one after the other without gaps, each a Zstandard frame (RFC 8878; window
of at most 512 KiB, no checksum, no dictionary), with zeros after it where the block would take less
than a 1024th of what is in it:

    ends        u32 x documents of the block: where each document ends, counted from the first
    documents   their bytes, one after the other

A block holds up to ``BLOCK_BYTES``, ends included, or one larger document alone. The zeros are for
hostile blocks: a frame of a few bytes may stand for gigabytes, but nothing is read into more than
1024 times the memory that it takes in the file.

Zstandard's level 1 takes a third of the time of deflate's and half of it to read, for 3 % less
(250,000 passages: 0.5 s, 1.7 s). Blocks of 128 KiB would save 2 % more, and take twice the time to
read one.

Section "stored.index", for n blocks (n from its length, 20 n + 12 bytes):

    offsets     u64 x (n + 1)   where each block begins in "stored"; last its length
    firsts      u32 x (n + 1)   the first docnum of each block; last the number of documents
    sizes       u32 x n         bytes of the decompressed block
    checksums   u32 x n         crc32 of the block as it lies, verified whenever it is read

Little-endian. The index is verified by its owner; still, each entry is checked before it is used,
and only then, so that opening takes the same time for any number of blocks.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from zlib import crc32

from searchkit.codec import CorruptError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BLOCK_BYTES = 32 * 1024
LEVEL = 1
CACHED_BLOCKS = 8

_MAX_DOCUMENT_BYTES = 2**32 - 1 - 4
_END_BYTES = 4
_MAX_RATIO = 1024
_WINDOW_LOG = 19
_COMPRESSION: dict[int, int] = {
    zstd.CompressionParameter.compression_level: LEVEL,
    zstd.CompressionParameter.window_log: _WINDOW_LOG,
}
_DECOMPRESSION: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}


def check_size(data: bytes) -> None:
    """Raises ``ValueError`` from 4 GiB on."""
    if len(data) > _MAX_DOCUMENT_BYTES:
        raise ValueError(f"a document of {len(data)} bytes is too large to be stored")


class StoredWriter:
    """Writes documents' bytes through ``write``, block by block as they fill."""

    def __init__(self, write: Callable[[bytes | memoryview], object]) -> None:
        self._write = write
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._written = array("Q", [0])
        self._firsts = array("I", [0])
        self._sizes = array("I")
        self._checksums = array("I")
        self._compressor = zstd.ZstdCompressor(options=_COMPRESSION)

    def add(self, data: bytes) -> None:
        """Store ``data`` as the next document. Raises as :func:`check_size` does."""
        check_size(data)
        size = len(data) + _END_BYTES
        if self._pending_bytes + size > BLOCK_BYTES:
            self._flush()
        self._pending.append(data)
        self._pending_bytes += size

    def copy(self, stored: Stored, live: Iterable[int] | None = None) -> None:
        """Store the documents of another segment: all, or the ascending docnums ``live``.

        A block of which all documents live goes over as it is, unless it is less than half
        full: merging many small segments would fill the index with small blocks.
        Raises ``CorruptError``.
        """
        for block, docnums in stored.blocks(live):
            raw = stored.compressed(block) if len(docnums) == stored.documents_of(block) else None
            if raw is not None and stored.size_of(block) * 2 >= BLOCK_BYTES:
                self._flush()
                self._append(raw, len(docnums), stored.size_of(block), crc32(raw))
            else:
                for data in stored.read(block, docnums):
                    self.add(data)

    def finish(self) -> bytes:
        """Write what is left; return the section "stored.index"."""
        self._flush()
        columns = (self._written, self._firsts, self._sizes, self._checksums)
        return b"".join([column.tobytes() for column in columns])

    def _flush(self) -> None:
        if not self._pending:
            return
        ends = array("I", accumulate(map(len, self._pending)))
        data = b"".join([ends.tobytes(), *self._pending])
        raw = self._compressor.compress(data, self._compressor.FLUSH_FRAME)
        raw = raw.ljust(-(-len(data) // _MAX_RATIO), b"\0")
        self._append(raw, len(ends), len(data), crc32(raw))
        self._pending.clear()
        self._pending_bytes = 0

    def _append(self, raw: bytes | memoryview, documents: int, size: int, checksum: int) -> None:
        self._write(raw)
        self._written.append(self._written[-1] + len(raw))
        self._firsts.append(self._firsts[-1] + documents)
        self._sizes.append(size)
        self._checksums.append(checksum)


class Stored:
    """Reads the sections "stored" and "stored.index". Safe to share between threads.

    Raises ``CorruptError`` for damaged bytes: here what the lengths alone tell, elsewhere at the
    first touch of a block.
    """

    def __init__(self, section: memoryview, index: memoryview) -> None:
        blocks, rest = divmod(len(index) - 12, 20)
        if blocks < 0 or rest:
            raise CorruptError(f"stored.index has {len(index)} bytes")
        at = [0, 8 * (blocks + 1), 12 * (blocks + 1), 12 * (blocks + 1) + 4 * blocks]
        self._section = section
        self._offsets = index[at[0] : at[1]].cast("Q")
        self._firsts = index[at[1] : at[2]].cast("I")
        self._sizes = index[at[2] : at[3]].cast("I")
        self._checksums = index[at[3] :].cast("I")
        if self._offsets[0] or self._firsts[0] or self._offsets[blocks] != len(section):
            raise CorruptError("stored.index does not span the section")
        self._length = self._firsts[blocks]
        columns = (section, self._offsets, self._firsts, self._sizes, self._checksums)
        # Bound to the columns, not to self: a circle would keep the mapped file until a collection.
        self._cached = lru_cache(CACHED_BLOCKS)(partial(_decompress, *columns))
        self._uncached = partial(_decompress, *columns)

    def __len__(self) -> int:
        """The number of documents."""
        return self._length

    def get(self, docnum: int) -> bytes:
        """The bytes of one document. Raises ``IndexError`` and ``CorruptError``."""
        if not 0 <= docnum < self._length:
            raise IndexError(f"no document {docnum} among {self._length}")
        block = bisect_right(self._firsts, docnum) - 1
        # The cache is bounded in blocks, so blocks of one large document stay out of it.
        decompress = self._cached if self._sizes[block] <= BLOCK_BYTES else self._uncached
        data, ends = decompress(block)
        return _document(data, ends, docnum - self._firsts[block])

    def documents(self, live: Iterable[int] | None = None) -> Iterator[bytes]:
        """The bytes of all documents, or of the ascending docnums ``live``, in order, with one
        block at a time in memory. Raises ``IndexError`` and ``CorruptError``."""
        for block, docnums in self.blocks(live):
            yield from self.read(block, docnums)

    def blocks(self, live: Iterable[int] | None = None) -> Iterator[tuple[int, Sequence[int]]]:
        """Each block that holds any of the ascending docnums ``live`` (all), with those."""
        block_count = len(self._sizes)
        if live is None:
            for block in range(block_count):
                yield block, range(self._firsts[block], self._check(block))
            return
        docnums = live if isinstance(live, Sequence) else array("I", live)
        at = 0
        while at < len(docnums):
            if not 0 <= docnums[at] < self._length:
                raise IndexError(f"no document {docnums[at]} among {self._length}")
            block = bisect_right(self._firsts, docnums[at]) - 1
            past = bisect_left(docnums, self._check(block), at)
            if past == at:
                raise CorruptError("stored.index is not in order")
            yield block, docnums[at:past]
            at = past

    def read(self, block: int, docnums: Iterable[int]) -> Iterator[bytes]:
        """The bytes of ``docnums``, all of them in ``block``."""
        data, ends = self._uncached(block)
        first = self._firsts[block]
        for docnum in docnums:
            yield _document(data, ends, docnum - first)

    @property
    def block_count(self) -> int:
        """How many blocks there are."""
        return len(self._sizes)

    def docnums_of(self, block: int) -> range:
        """The docnums that ``block`` holds. Raises ``CorruptError``."""
        return range(self._firsts[block], self._check(block))

    def documents_of(self, block: int) -> int:
        """How many documents ``block`` holds."""
        return self._check(block) - self._firsts[block]

    def size_of(self, block: int) -> int:
        """The bytes of ``block``, decompressed."""
        return self._sizes[block]

    def compressed(self, block: int) -> memoryview:
        """``block`` as it lies in the section, its checksum verified. Raises ``CorruptError``."""
        return _compressed(self._section, self._offsets, self._sizes, self._checksums, block)

    def _check(self, block: int) -> int:
        """The docnum past the last of ``block``, when the docnums are in order there."""
        first, past = self._firsts[block], self._firsts[block + 1]
        if not first < past <= self._length:
            raise CorruptError(f"stored.index gives block {block} docnums {first} to {past}")
        return past


def _compressed(
    section: memoryview,
    offsets: memoryview,
    sizes: memoryview,
    checksums: memoryview,
    block: int,
) -> memoryview:
    start, end = offsets[block], offsets[block + 1]
    if not start < end <= len(section) or sizes[block] > (end - start) * _MAX_RATIO:
        raise CorruptError(f"stored.index gives block {block} bytes {start} to {end}")
    raw = section[start:end]
    if crc32(raw) != checksums[block]:
        raise CorruptError(f"block {block} of stored does not match its checksum")
    return raw


def _decompress(
    section: memoryview,
    offsets: memoryview,
    firsts: memoryview,
    sizes: memoryview,
    checksums: memoryview,
    block: int,
) -> tuple[bytes, memoryview]:
    """A block's bytes and its ends. Takes no more memory than its size in the index says."""
    raw = _compressed(section, offsets, sizes, checksums, block)
    size, documents = sizes[block], firsts[block + 1] - firsts[block]
    decompressor = zstd.ZstdDecompressor(options=_DECOMPRESSION)
    try:
        # One byte more than is to come, or the frame's end would not be seen.
        data = decompressor.decompress(raw, size + 1)
    except zstd.ZstdError as error:
        raise CorruptError(f"block {block} of stored cannot be decompressed: {error}") from error
    body = size - documents * _END_BYTES
    if len(data) != size or not decompressor.eof or any(decompressor.unused_data):
        raise CorruptError(f"block {block} of stored has not the size in stored.index")
    if documents < 1 or body < 0:
        raise CorruptError(f"block {block} of stored has no room for {documents} documents")
    ends = memoryview(data)[: documents * _END_BYTES].cast("I")
    if ends[documents - 1] != body:
        raise CorruptError(f"the documents of block {block} of stored do not fill it")
    return data, ends


def _document(data: bytes, ends: memoryview, at: int) -> bytes:
    if not 0 <= at < len(ends):
        raise CorruptError("stored.index is not in order")
    start, end = (ends[at - 1] if at else 0), ends[at]
    origin = len(ends) * _END_BYTES
    if not start <= end <= len(data) - origin:
        raise CorruptError(f"a stored document lies at {start} to {end}")
    return data[origin + start : origin + end]
