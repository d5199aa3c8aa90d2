from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.errors import IndexCorruptError
from searchkit.index.deletions import KIND, VERSION, Deletions
from searchkit.index.manifest import SEGMENT, DeletionsInfo, SegmentInfo, file_id, file_name
from searchkit.storage import MemoryDirectory, SectionWriter

PATH = Path("index")


@st.composite
def deleted(draw: st.DrawFn, least: int = 0) -> tuple[int, set[int]]:
    docs = draw(st.integers(max(1, least), 70))
    return docs, draw(st.sets(st.integers(0, docs - 1), min_size=least))


def segment(docs: int, info: DeletionsInfo | None) -> SegmentInfo:
    return SegmentInfo(file_name(bytes(16), SEGMENT), 10_000, docs, info)


@given(deleted(), st.data())
def test_it_is_a_set(case: tuple[int, set[int]], choose: st.DataObject) -> None:
    docs, twin = case
    deletions = Deletions.none(docs).with_deleted(twin)
    more = choose.draw(st.lists(st.integers(0, docs - 1)))
    later = deletions.with_deleted(more)
    for found, expected in ((deletions, twin), (later, twin | set(more))):
        assert list(found) == sorted(expected)
        assert found.count == len(found) == len(expected)
        assert {n for n in range(-docs - 9, docs * 2 + 9) if n in found} == expected
        assert found.docs == docs
    assert (deletions == later) == (twin == twin | set(more))
    assert deletions == Deletions(docs, deletions.bits)
    assert hash(deletions) == hash(Deletions(docs, deletions.bits))


@given(deleted(least=1))
def test_what_is_written_is_read(case: tuple[int, set[int]]) -> None:
    docs, twin = case
    deletions = Deletions.none(docs).with_deleted(twin)
    directory = MemoryDirectory()
    info = deletions.write(directory)
    assert info.count == len(twin)
    assert directory.names() == [info.name]
    assert directory.length(info.name) == info.length
    assert Deletions.read(directory.open(info.name), segment(docs, info), PATH) == deletions


def test_the_order_of_bits() -> None:
    assert Deletions.none(20).with_deleted([0, 9, 19]).bits == b"\x01\x02\x08"


@pytest.mark.parametrize("docnum", [-1, 20, 23, 1 << 40])
def test_a_document_that_is_not_there(docnum: int) -> None:
    with pytest.raises(ValueError, match="no document"):
        Deletions.none(20).with_deleted([3, docnum])


@pytest.mark.parametrize("bits", [b"", b"\0\0", b"\0\0\0\0", b"\0\0\x10", b"\0\0\xff"])
def test_bits_of_another_number_of_documents(bits: bytes) -> None:
    with pytest.raises(ValueError):
        Deletions(20, bits)


def test_nothing_deleted_is_no_file() -> None:
    directory = MemoryDirectory()
    with pytest.raises(ValueError, match="nothing"):
        Deletions.none(20).write(directory)
    assert directory.names() == []
    with pytest.raises(ValueError, match="has no deletions"):
        Deletions.read(memoryview(b""), segment(20, None), PATH)


def test_every_flip_of_a_bit_is_detected() -> None:
    directory = MemoryDirectory()
    info = Deletions.none(64).with_deleted([1, 2, 50]).write(directory)
    data = bytes(directory.open(info.name))
    for at in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[at] ^= 1 << bit
            with pytest.raises(IndexCorruptError, match=info.name):
                Deletions.read(memoryview(damaged), segment(64, info), PATH)


def test_a_file_of_another_name() -> None:
    directory = MemoryDirectory()
    deletions = Deletions.none(20).with_deleted([1])
    one, other = deletions.write(directory), deletions.write(directory)
    with pytest.raises(IndexCorruptError, match="another file"):
        Deletions.read(directory.open(other.name), segment(20, one), PATH)


@pytest.mark.parametrize(
    ("bits", "meta"),
    [
        (b"\x01\0", {"docs": 20, "count": 1}),
        (b"\x01\0\0\0", {"docs": 20, "count": 1}),
        (b"\x01\0\x80", {"docs": 20, "count": 1}),
        (b"\x03\0\0", {"docs": 20, "count": 1}),
        (b"\0\0\0", {"docs": 20, "count": 1}),
        (b"\x01\0\0", {"docs": 21, "count": 1}),
        (b"\x01\0\0", {"docs": 20, "count": 2}),
        (b"\x01\0\0", {"docs": 20}),
        (b"\x01\0\0", {}),
        (b"\x01\0\0", {"docs": "20", "count": "1"}),
        (b"\x01\0\0", {"docs": "\x1b[31m" * 1000, "count": 1}),
        (None, {"docs": 20, "count": 1}),
    ],
)
def test_hostile_files(bits: bytes | None, meta: dict[str, object]) -> None:
    directory = MemoryDirectory()
    info = DeletionsInfo(file_name(b"1" * 16, "del"), 200, 1)
    with directory.create(info.name) as output:
        writer = SectionWriter(output, KIND, VERSION, file_id(info.name))
        writer.begin("other" if bits is None else "deleted")
        writer.write(bits or b"")
        writer.end()
        writer.finish(meta)
    with pytest.raises(IndexCorruptError, match=info.name) as caught:
        Deletions.read(directory.open(info.name), segment(20, info), PATH)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400
