from __future__ import annotations

import array
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.errors import IndexCorruptError, IndexTooNewError, IndexTooOldError
from searchkit.storage import MemoryDirectory, SectionReader, SectionWriter
from searchkit.storage.envelope import ID_BYTES, SMALLEST_BYTES, new_id

KIND = b"TEST"
ID = bytes(range(16))
PATH = Path("index")

Sections = dict[str, bytes]


def build(sections: Sections, meta: dict[str, object] | None = None, id: bytes = ID) -> bytes:
    directory = MemoryDirectory()
    with directory.create("a") as output:
        writer = SectionWriter(output, KIND, 3, id)
        for name, data in sections.items():
            writer.begin(name)
            writer.write(data[:3])
            writer.write(data[3:])
            writer.end()
        writer.finish(meta or {})
    return bytes(directory.open("a"))


def read(data: bytes, versions: tuple[int, int] = (3, 3), id: bytes | None = ID) -> SectionReader:
    return SectionReader(memoryview(data), KIND, versions=versions, path=PATH, name="a.seg", id=id)


def rewrap(data: bytes, toc: bytes, toc_at: int | None = None) -> bytes:
    """The file with another table of contents, and a checksum that is right: by a hostile hand."""
    at, _ = struct.unpack_from("<QI", data, len(data) - 24)
    said = at if toc_at is None else toc_at
    foot = struct.pack("<QI", said, len(toc))
    crc = zlib.crc32(data[:32] + toc + foot)
    return data[:at] + toc + foot + struct.pack("<I", crc) + b"\nKITSRCH"


SECTIONS = st.dictionaries(st.text(max_size=12), st.binary(max_size=60), max_size=5)
SAMPLE = build({"one": b"1234567", "empty": b"", "postings:text": b"12345678" * 4}, {"docs": 7})


@given(SECTIONS, st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)))
def test_what_is_written_is_read(sections: Sections, meta: dict[str, object]) -> None:
    data = build(sections, meta)
    reader = read(data)
    assert reader.names() == tuple(sections)
    assert reader.meta == meta
    assert (reader.version, reader.id) == (3, ID)
    for name, content in sections.items():
        assert reader.section(name) == reader.verified(name) == content
    assert list(reader.verify_all()) == []
    assert len(data) >= SMALLEST_BYTES


def test_the_layout() -> None:
    assert SAMPLE[:32] == b"SRCHKIT\nTEST\x03\x00\x00\x00" + ID
    assert SAMPLE[32:40] == b"1234567\x00"
    toc_at, toc_length, _, magic = struct.unpack("<QII8s", SAMPLE[-24:])
    assert toc_at == 72
    assert magic == b"\nKITSRCH"
    assert SAMPLE[toc_at : toc_at + toc_length].startswith(b'{"sections":{"one":[32,7,')
    assert len(build({})) == SMALLEST_BYTES


def test_sections_are_aligned() -> None:
    reader = read(SAMPLE)
    base = memoryview(SAMPLE)
    for name in reader.names():
        content = bytes(reader.section(name))
        assert content == b"" or bytes(base).index(content) % 8 == 0


def flips(data: bytes) -> list[tuple[int, int]]:
    return [(at, bit) for at in range(len(data)) for bit in range(8)]


def flipped(data: bytes, at: int, bit: int) -> bytes:
    damaged = bytearray(data)
    damaged[at] ^= 1 << bit
    return bytes(damaged)


def test_every_flip_of_a_bit_is_detected() -> None:
    """Also where the id is not known beforehand."""
    toc_at = 72
    inside = {"one": range(32, 39), "postings:text": range(40, 72)}
    for at, bit in flips(SAMPLE):
        damaged = flipped(SAMPLE, at, bit)
        if at < 32 or at >= toc_at:
            with pytest.raises(IndexCorruptError):
                read(damaged, id=None)
            continue
        reader = read(damaged)
        assert len(list(reader.verify_all())) == 1
        for name in reader.names():
            if at in inside.get(name, ()):
                for _ in range(2):
                    with pytest.raises(IndexCorruptError, match=name):
                        reader.verified(name)
                assert len(reader.section(name)) == len(inside[name])
            else:
                reader.verified(name)


@given(SECTIONS, st.data())
def test_flips_in_any_file(sections: Sections, choose: st.DataObject) -> None:
    data = build(sections)
    at = choose.draw(st.integers(0, len(data) - 1))
    damaged = flipped(data, at, choose.draw(st.integers(0, 7)))
    try:
        reader = read(damaged, id=None)
    except IndexCorruptError:
        return
    assert len(list(reader.verify_all())) == 1


@given(SECTIONS, st.data())
def test_truncated_and_extended_files(sections: Sections, choose: st.DataObject) -> None:
    data = build(sections)
    with pytest.raises(IndexCorruptError):
        read(data[: choose.draw(st.integers(0, len(data) - 1))])
    with pytest.raises(IndexCorruptError):
        read(data[choose.draw(st.integers(1, len(data))) :])
    with pytest.raises(IndexCorruptError):
        read(data + choose.draw(st.binary(min_size=1, max_size=40)))
    with pytest.raises(IndexCorruptError):
        read(data + data)
    cut = choose.draw(st.integers(0, len(data) - 1))
    with pytest.raises(IndexCorruptError):
        read(data[:cut] + bytes(len(data) - cut))


def test_another_file_in_its_place() -> None:
    other = build({"one": b"7654321"}, id=new_id())
    with pytest.raises(IndexCorruptError, match=r"a\.seg is another file"):
        read(other)
    with pytest.raises(IndexCorruptError, match="kind b'TEST' in the place of b'ELSE'"):
        SectionReader(memoryview(SAMPLE), b"ELSE", versions=(3, 3), path=PATH, name="a.seg", id=ID)


def test_versions() -> None:
    assert read(SAMPLE, versions=(1, 4)).version == 3
    with pytest.raises(IndexTooOldError):
        read(SAMPLE, versions=(4, 5))
    with pytest.raises(IndexTooNewError):
        read(SAMPLE, versions=(1, 2))


def test_a_section_that_is_not_there() -> None:
    reader = read(SAMPLE)
    for ask in (reader.section, reader.verified):
        with pytest.raises(IndexCorruptError, match="has no section 'two'"):
            ask("two")


HOSTILE_TOCS = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"\xff",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"sections":{}}',
    b'{"sections":{},"meta":{},"more":1}',
    b'{"sections":{},"meta":[]}',
    b'{"sections":[],"meta":{}}',
    b'{"sections":{},"meta":{"a":NaN}}',
    b'{"sections":{},"meta":{"a":1e999}}',
    b'{"sections":{},"meta":{"a":1,"a":1}}',
    b'{"sections":{},"meta":' + b'{"a":' * 40 + b"1" + b"}" * 41 + b"}",
    b'{"sections":{},"meta":{"a":' + b"1" * 5000 + b"}}",
]

HOSTILE_SECTIONS = [
    "{}",
    "{'one': [32, 7, 0], 'one': [32, 40, 0]}",
    "{'one': [32, 7, 0]}",
    "{'one': [32, 41, 0]}",
    "{'one': [33, 39, 0]}",
    "{'one': [32, -1, 0], 'b': [32, 40, 0]}",
    "{'one': [32, 40, -1]}",
    "{'one': [32, 40, 4294967296]}",
    "{'one': [32, 40]}",
    "{'one': [32, 40, 0, 0]}",
    "{'one': [32, 40.0, 0]}",
    "{'one': [32, true, 0], 'two': [40, 32, 0]}",
    "{'one': ['32', '40', '0']}",
    "{'one': null}",
    "{'one': [32, 20, 0], 'two': [40, 32, 0]}",
    "{'two': [40, 32, 0], 'one': [32, 8, 0]}",
    "{'one': [-8, 80, 0]}",
    "{'one': [0, 72, 0]}",
    "{'one': [32, 1e2, 0]}",
    "{'one': [18446744073709551616, 1, 0]}",
]


@pytest.mark.parametrize("toc", HOSTILE_TOCS)
def test_hostile_contents(toc: bytes) -> None:
    with pytest.raises(IndexCorruptError):
        read(rewrap(SAMPLE, toc))


@pytest.mark.parametrize("sections", HOSTILE_SECTIONS)
def test_hostile_sections(sections: str) -> None:
    toc = f'{{"sections": {sections}, "meta": {{}}}}'.replace("'", '"').encode()
    with pytest.raises(IndexCorruptError):
        read(rewrap(SAMPLE, toc))


def test_a_rewrapped_file_is_read() -> None:
    """So that the hostile ones fail for their own reason."""
    assert read(rewrap(SAMPLE, b'{"sections":{"x":[32,40,0]},"meta":{}}')).names() == ("x",)


@pytest.mark.parametrize("at", [0, 8, 31, 1 << 40, (1 << 64) - 1])
def test_contents_elsewhere(at: int) -> None:
    with pytest.raises(IndexCorruptError):
        read(rewrap(SAMPLE, b'{"sections":{"x":[32,40,0]},"meta":{}}', toc_at=at))


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    for damaged in (data, SAMPLE[:32] + data, SAMPLE[:32] + data + SAMPLE[-24:]):
        with pytest.raises(IndexCorruptError):
            read(damaged)


def test_the_writer_out_of_turn() -> None:
    writer = SectionWriter(MemoryDirectory().create("a"), KIND, 1, new_id())
    for act in (lambda: writer.write(b""), writer.end):
        with pytest.raises(ValueError, match="no section is open"):
            act()
    writer.begin("one")
    for late in (lambda: writer.begin("two"), lambda: writer.finish({})):
        with pytest.raises(ValueError):
            late()
    writer.end()
    with pytest.raises(ValueError):
        writer.begin("one")
    with pytest.raises(ValueError):
        writer.finish({"a": float("nan")})
    writer.finish({})
    for late in (lambda: writer.begin("two"), lambda: writer.write(b""), lambda: writer.finish({})):
        with pytest.raises(ValueError):
            late()


def test_kinds_and_ids_have_their_sizes() -> None:
    output = MemoryDirectory().create("a")
    for kind, id in ((b"SHORT", ID), (b"TES", ID), (KIND, b"")):
        with pytest.raises(ValueError):
            SectionWriter(output, kind, 1, id)
    assert output.tell() == 0
    assert len(new_id()) == ID_BYTES
    assert new_id() != new_id()


def test_arrays_are_sections() -> None:
    directory = MemoryDirectory()
    with directory.create("a") as output:
        writer = SectionWriter(output, KIND, 3, ID)
        writer.begin("numbers")
        writer.write(array.array("I", [1, 2, 3]))
        writer.write(memoryview(array.array("Q", [4])))
        writer.end()
        writer.finish({})
    section = read(bytes(directory.open("a"))).verified("numbers")
    assert section == struct.pack("<IIIQ", 1, 2, 3, 4)
