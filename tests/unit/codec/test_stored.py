"""What goes into stored blocks comes out of them; damage is found at the first touch."""

from __future__ import annotations

import contextlib
import gc
import random
import struct
import tracemalloc
import weakref
from array import array
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from unittest import mock
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.codec import CorruptError
from searchkit.codec import stored as module
from searchkit.codec.stored import BLOCK_BYTES, Stored, StoredWriter

zstd = module.zstd

END = 4  # bytes of an end, in front of a block's documents


def written(fill: Callable[[StoredWriter], object]) -> tuple[bytes, bytes]:
    section = bytearray()
    writer = StoredWriter(section.extend)
    fill(writer)
    index = writer.finish()
    return bytes(section), index


def write(documents: Iterable[bytes]) -> tuple[bytes, bytes]:
    def fill(writer: StoredWriter) -> None:
        for data in documents:
            writer.add(data)

    return written(fill)


def read(section: bytes, index: bytes) -> Stored:
    return Stored(memoryview(section), memoryview(index))


def block_count(stored: Stored) -> int:
    return len(list(stored.blocks()))


DOCUMENTS = st.lists(st.binary(max_size=40) | st.binary(min_size=60, max_size=300), max_size=40)
LIVE = st.sets(st.integers(0, 39)).map(sorted)


@given(DOCUMENTS, LIVE, st.integers(1, 200))
def test_round_trip(documents: list[bytes], live: list[int], block_bytes: int) -> None:
    live = [docnum for docnum in live if docnum < len(documents)]
    with mock.patch.object(module, "BLOCK_BYTES", block_bytes):
        stored = read(*write(documents))
        assert len(stored) == len(documents)
        assert [stored.get(docnum) for docnum in range(len(stored))] == documents
        assert list(stored.documents()) == documents
        for run in (live, array("I", live), iter(live)):
            assert list(stored.documents(run)) == [documents[docnum] for docnum in live]


@given(st.lists(st.tuples(DOCUMENTS, st.none() | LIVE), max_size=4), st.integers(1, 200))
def test_copies_join_segments(
    segments: list[tuple[list[bytes], list[int] | None]], block_bytes: int
) -> None:
    expected: list[bytes] = []

    def fill(writer: StoredWriter) -> None:
        for documents, live in segments:
            live = live and [docnum for docnum in live if docnum < len(documents)]
            writer.copy(read(*write(documents)), live)
            expected.extend(documents if live is None else [documents[at] for at in live])
            writer.add(b"between")
            expected.append(b"between")

    with mock.patch.object(module, "BLOCK_BYTES", block_bytes):
        assert list(read(*written(fill)).documents()) == expected


@pytest.mark.parametrize(
    ("sizes", "blocks"),
    [
        ([], 0),
        ([0], 1),
        ([BLOCK_BYTES - END], 1),
        ([BLOCK_BYTES - END, 0], 2),
        ([BLOCK_BYTES - END + 1], 1),
        ([BLOCK_BYTES - 2 * END, 0], 1),
        ([BLOCK_BYTES // 2 - END] * 2, 1),
        ([BLOCK_BYTES // 2 - END] * 3, 2),
        ([1, BLOCK_BYTES * 5, 1, 1], 3),
        ([0] * (BLOCK_BYTES // END), 1),
        ([0] * (BLOCK_BYTES // END + 1), 2),
    ],
)
def test_blocks_fill_up(sizes: list[int], blocks: int) -> None:
    chance = random.Random(7)
    documents = [chance.randbytes(size) for size in sizes]
    stored = read(*write(documents))
    assert block_count(stored) == blocks
    assert list(stored.documents()) == documents
    for docnum in {0, len(documents) // 2, len(documents) - 1} if documents else ():
        assert stored.get(docnum) == documents[docnum]


def test_a_highly_compressible_document_comes_back() -> None:
    documents = [bytes(20_000_000), b"x"]
    section, index = write(documents)
    assert len(section) < 100_000
    assert list(read(section, index).documents()) == documents


def test_docnums_outside_are_index_errors() -> None:
    stored = read(*write([b"a", b"b"]))
    for docnum in (-1, 2, 2**40):
        with pytest.raises(IndexError):
            stored.get(docnum)
        with pytest.raises(IndexError):
            list(stored.documents([docnum]))
    with pytest.raises(IndexError):
        read(*write([])).get(0)


def test_too_large_a_document_is_refused() -> None:
    with mock.patch.object(module, "_MAX_DOCUMENT_BYTES", 10), pytest.raises(ValueError):
        write([bytes(11)])


def test_writing_holds_one_block() -> None:
    runs: list[int] = []
    writer = StoredWriter(lambda data: runs.append(len(data)))
    for count in range(1000):
        writer.add(random.Random(count).randbytes(1000))
        held = (count + 1) * 1000 - sum(runs)
        assert held < 1.1 * BLOCK_BYTES


def test_whole_blocks_are_copied_as_they_are() -> None:
    chance = random.Random(1)
    documents = [chance.randbytes(1000) for _ in range(320)]
    section, index = write(documents)
    stored = read(section, index)
    full = (block_count(stored) - 1) * 32
    with mock.patch.object(module.zstd, "ZstdDecompressor") as decompressor:
        copied, _ = written(lambda writer: writer.copy(stored, range(full)))
    assert not decompressor.called
    assert copied == section[: len(copied)]
    # With document 40 deleted, the second block alone is written anew.
    live = [docnum for docnum in range(full) if docnum != 40]
    with mock.patch.object(StoredWriter, "add", autospec=True, side_effect=StoredWriter.add) as add:
        again = read(*written(lambda writer: writer.copy(stored, live)))
    assert add.call_count == 31
    assert list(again.documents()) == [documents[docnum] for docnum in live]


def test_small_blocks_grow_together() -> None:
    small = [read(*write([bytes([n]) * 100])) for n in range(200)]

    def fill(writer: StoredWriter) -> None:
        for stored in small:
            writer.copy(stored)

    merged = read(*written(fill))
    assert block_count(merged) == 1
    assert [data[0] for data in merged.documents()] == list(range(200))


def test_the_cache_holds_few_blocks_and_no_large_ones() -> None:
    stored = read(*write([bytes(BLOCK_BYTES * 2)] * 4 + [bytes(1000)] * 1000))
    for docnum in range(len(stored)):
        stored.get(docnum)
    assert stored._cached.cache_info().currsize == module.CACHED_BLOCKS
    assert stored._cached.cache_info().misses == block_count(stored) - 4


def test_nothing_keeps_the_reader_alive() -> None:
    stored = read(*write([b"a"]))
    stored.get(0)
    gone = weakref.ref(stored)
    gc.disable()
    try:
        del stored
        assert gone() is None
    finally:
        gc.enable()


def test_threads_share_a_reader() -> None:
    documents = [str(n).encode() * 200 for n in range(2000)]
    stored = read(*write(documents))
    docnums = random.Random(3).choices(range(2000), k=4000)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stored.get, docnums)) == [documents[docnum] for docnum in docnums]


# Damage

SECTION, INDEX = write([str(n).encode() * 50 for n in range(1000)])


def drain(section: bytes, index: bytes) -> list[bytes]:
    """All that a reader and a merge do; documents that still can be read."""
    stored = read(section, index)
    for docnum in (0, len(stored) // 2, len(stored) - 1):
        if 0 <= docnum < len(stored):
            stored.get(docnum)
    list(stored.documents(range(0, min(len(stored), 2000), 3)))
    written(lambda writer: writer.copy(stored))
    return list(stored.documents())


@given(st.integers(0, len(SECTION) - 1), st.integers(0, 7))
def test_every_flipped_bit_of_the_section_is_found(at: int, bit: int) -> None:
    damaged = bytearray(SECTION)
    damaged[at] ^= 1 << bit
    with pytest.raises(CorruptError):
        drain(bytes(damaged), INDEX)


@given(st.integers(0, len(INDEX) * 8 - 1))
def test_every_flipped_bit_of_the_index_is_found(bit: int) -> None:
    damaged = bytearray(INDEX)
    damaged[bit >> 3] ^= 1 << (bit & 7)
    with pytest.raises(CorruptError):
        drain(SECTION, bytes(damaged))


@given(st.integers(0, len(INDEX) - 1), st.integers(0, len(SECTION) - 1))
def test_truncation_is_found_at_open(index_end: int, section_end: int) -> None:
    with pytest.raises(CorruptError):
        read(SECTION, INDEX[:index_end])
    with pytest.raises(CorruptError):
        read(SECTION[:section_end], INDEX)


@given(
    st.binary(max_size=200),
    st.integers(0, 4).flatmap(lambda n: st.binary(min_size=20 * n + 12, max_size=20 * n + 12)),
)
def test_random_bytes(section: bytes, index: bytes) -> None:
    with contextlib.suppress(CorruptError):
        drain(section, index)


def forged(data: bytes, documents: int, size: int | None = None, tail: bytes = b"") -> list[bytes]:
    """Reads one block with a checksum that is right, made from these bytes."""
    raw = zstd.compress(data) + tail
    size = len(data) if size is None else size
    index = struct.pack("<QQIIII", 0, len(raw), 0, documents, size, crc32(raw))
    stored = read(raw, index)
    return [stored.get(docnum) for docnum in range(len(stored))]


def test_blocks_no_writer_makes_are_corrupt() -> None:
    good = struct.pack("<II", 1, 3) + b"abc"
    assert forged(good, 2) == [b"a", b"bc"]
    bomb = struct.pack("<I", 50_000_000) + bytes(50_000_000)
    for arguments in (
        (good, 2, 10),
        (good, 2, 12),
        (good, 2, 0),
        (good, 2, 2**32 - 1),
        (good, 2, None, b"tail"),
        (good, 2, None, zstd.compress(good)),
        (good, 1),
        (good, 3),
        (good, 2**32 - 1),
        (bomb, 1, 100),
        (b"", 1),
        (struct.pack("<II", 4, 3) + b"abc", 2),
        (struct.pack("<III", 2, 1, 3) + b"abc", 3),
    ):
        with pytest.raises(CorruptError):
            forged(*arguments)


def test_a_block_with_a_wide_window_is_corrupt() -> None:
    # Reading it takes as much memory as its window, whatever is in it.
    data = random.Random(1).randbytes(5_000_000)
    inside = struct.pack("<I", len(data)) + data
    for window_log, refused in ((19, False), (20, True), (22, True), (25, True)):
        options = {zstd.CompressionParameter.window_log: window_log}
        raw = zstd.compress(inside, options=options)
        index = struct.pack("<QQIIII", 0, len(raw), 0, 1, len(inside), crc32(raw))
        if refused:
            with pytest.raises(CorruptError):
                read(raw, index).get(0)
        else:
            assert read(raw, index).get(0) == data


def test_what_a_block_stands_for_is_bounded_by_what_it_takes() -> None:
    section, _ = write([bytes(3_000_000)])
    assert len(section) == -(-3_000_004 // 1024)
    assert section.endswith(bytes(1000))
    frame = section.rstrip(b"\0")
    with pytest.raises(CorruptError):
        read(frame, struct.pack("<QQIIII", 0, len(frame), 0, 1, 3_000_004, crc32(frame))).get(0)


def test_a_bomb_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(CorruptError):
            raw = zstd.compress(bytes(100_000_000))
            tracemalloc.reset_peak()
            index = struct.pack("<QQIIII", 0, len(raw), 0, 1, 1000, crc32(raw))
            read(raw, index).get(0)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
