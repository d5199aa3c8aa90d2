"""Keys come back by docnum; what cannot be a directory of keys is refused."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis.order import utf8
from searchkit.codec import CorruptError
from searchkit.codec import keys as module
from searchkit.codec.keys import Keys, KeysWriter

KEYS = st.lists(st.text(st.characters(), max_size=20), max_size=30)
LIVE = st.none() | st.sets(st.integers(0, 29)).map(sorted)


def written(fill: Callable[[KeysWriter], object]) -> tuple[bytes, bytes]:
    section = bytearray()
    writer = KeysWriter(section.extend)
    fill(writer)
    index = writer.finish()
    return bytes(section), index


def write(keys: list[str]) -> tuple[bytes, bytes]:
    def fill(writer: KeysWriter) -> None:
        half = len(keys) // 2
        writer.extend(*utf8(keys[:half]))
        writer.extend(*utf8(keys[half:]))

    return written(fill)


def read(section: bytes, index: bytes) -> Keys:
    return Keys(memoryview(section), memoryview(index))


@pytest.mark.parametrize("code", ["I", "Q"])
@given(keys=KEYS)
def test_round_trip(code: str, keys: list[str]) -> None:
    with mock.patch.object(module, "_code", lambda length: code):
        reader = read(*write(keys))
    assert len(reader) == len(keys)
    assert list(reader) == keys
    assert [bytes(reader.encoded(at)) for at in range(len(keys))] == [
        key.encode("utf-8", "surrogatepass") for key in keys
    ]


@given(st.lists(st.tuples(KEYS, LIVE), max_size=4), st.integers(1, 100))
def test_copies_join_segments(
    segments: list[tuple[list[str], list[int] | None]], buffer_bytes: int
) -> None:
    expected: list[str] = []

    def fill(writer: KeysWriter) -> None:
        for keys, live in segments:
            live = live and [docnum for docnum in live if docnum < len(keys)]
            writer.copy(read(*write(keys)), live)
            expected.extend(keys if live is None else [keys[at] for at in live])
            writer.extend(b"between", [7])
            expected.append("between")

    with mock.patch.object(module, "_BUFFER_BYTES", buffer_bytes):
        assert list(read(*written(fill))) == expected


def test_docnums_outside_are_index_errors() -> None:
    keys = read(*write(["a", "b"]))
    for docnum in (-1, 2):
        with pytest.raises(IndexError):
            keys.key(docnum)
    with pytest.raises(IndexError):
        written(lambda writer: writer.copy(keys, [2]))


def test_offsets_are_wide_from_4_gib_on() -> None:
    assert [module._code(length) for length in (0, 2**32 - 1, 2**32)] == ["I", "I", "Q"]


def drain(section: bytes, index: bytes) -> None:
    keys = read(section, index)
    for docnum in range(len(keys)):
        keys.encoded(docnum)
    written(lambda writer: writer.copy(keys, range(len(keys))))
    written(lambda writer: writer.copy(keys))
    list(keys)


@pytest.mark.parametrize(
    ("section", "offsets"),
    [
        (b"abc", []),
        (b"abc", [0]),
        (b"abc", [3]),
        (b"abc", [1, 3]),
        (b"abc", [0, 2]),
        (b"abc", [0, 4]),
        (b"abc", [0, 2, 1, 3]),
        (b"abc", [0, 2**32 - 1, 3]),
        (b"\xff", [0, 1]),
        ("ä".encode(), [0, 1, 2]),
    ],
)
def test_what_no_writer_makes_is_corrupt(section: bytes, offsets: list[int]) -> None:
    with pytest.raises(CorruptError):
        drain(section, struct.pack(f"<{len(offsets)}I", *offsets))


@given(st.binary(max_size=30), st.binary(max_size=30), st.booleans())
def test_random_bytes(section: bytes, index: bytes, spanning: bool) -> None:
    if spanning:
        index = bytes(4) + index[: len(index) // 4 * 4] + struct.pack("<I", len(section))
    with contextlib.suppress(CorruptError):
        drain(section, index)


def test_truncation_is_found_at_open() -> None:
    section, index = write([f"docs/{n}.md" for n in range(100)])
    for end in range(len(index)):
        with pytest.raises(CorruptError):
            read(section, index[:end])
    for end in range(len(section)):
        with pytest.raises(CorruptError):
            read(section[:end], index)
