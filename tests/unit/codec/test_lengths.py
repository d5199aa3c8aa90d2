"""Lengths come back in the narrowest width; what cannot be lengths is refused."""

from __future__ import annotations

import contextlib
import struct
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.codec import CorruptError
from searchkit.codec.lengths import Lengths, encode_lengths, merge_lengths

LENGTHS = st.sampled_from([255, 65_535, 2**32 - 1]).flatmap(
    lambda most: st.lists(st.integers(0, most), max_size=30)
)
LIVE = st.none() | st.sets(st.integers(0, 29)).map(sorted)


def read(section: bytes) -> Lengths:
    return Lengths(memoryview(section))


@given(LENGTHS)
def test_round_trip(lengths: list[int]) -> None:
    for given_as in (lengths, array("I", lengths), array("Q", lengths), iter(lengths)):
        reader = read(encode_lengths(given_as))
        assert len(reader) == len(lengths)
        assert [reader.length(docnum) for docnum in range(len(reader))] == lengths
        assert reader.data.tolist() == lengths
        assert reader.total == sum(lengths)


@pytest.mark.parametrize(
    ("largest", "width"),
    [(0, 1), (255, 1), (256, 2), (65_535, 2), (65_536, 4), (2**32 - 1, 4)],
)
def test_the_largest_gives_the_width(largest: int, width: int) -> None:
    reader = read(encode_lengths([3, largest, 0]))
    assert reader.width == reader.data.itemsize == width
    assert reader.data.tolist() == [3, largest, 0]


def test_no_documents() -> None:
    reader = read(encode_lengths([]))
    assert (len(reader), reader.total, reader.width) == (0, 0, 1)


def test_what_is_not_of_32_bits_is_refused() -> None:
    for lengths in ([-1], [2**32], array("q", [-1]), array("q", [2**32]), array("q", [-(2**40)])):
        with pytest.raises(ValueError):
            encode_lengths(lengths)


def test_docnums_outside_are_index_errors() -> None:
    reader = read(encode_lengths([1, 2]))
    for docnum in (-1, 2):
        with pytest.raises(IndexError):
            reader.length(docnum)


@given(st.lists(st.tuples(LENGTHS, LIVE, st.booleans()), max_size=4))
def test_merge_joins_segments(segments: list[tuple[list[int], list[int] | None, bool]]) -> None:
    expected: list[int] = []
    readers: list[tuple[Lengths | None, list[int] | None]] = []
    for lengths, live, there in segments:
        live = live and [docnum for docnum in live if docnum < len(lengths)]
        if there or live is None:
            readers.append((read(encode_lengths(lengths)), live))
            expected += lengths if live is None else [lengths[at] for at in live]
        else:
            readers.append((None, live))
            expected += [0] * len(live)
    assert merge_lengths(readers) == encode_lengths(expected)


def test_merge_says_what_it_cannot_do() -> None:
    with pytest.raises(ValueError):
        merge_lengths([(None, None)])
    with pytest.raises(IndexError):
        merge_lengths([(read(encode_lengths([1])), [1])])


@pytest.mark.parametrize(
    ("total", "documents", "width", "body"),
    [
        (3, 3, 1, 2),
        (3, 3, 1, 4),
        (3, 3, 0, 0),
        (3, 3, 3, 9),
        (3, 1, 8, 8),
        (256, 1, 1, 1),
        (1, 0, 1, 0),
        (2**64 - 1, 2, 4, 8),
        (0, 2**32 - 1, 4, 8),
    ],
)
def test_what_no_writer_makes_is_corrupt(total: int, documents: int, width: int, body: int) -> None:
    with pytest.raises(CorruptError):
        read(struct.pack("<QII", total, documents, width) + bytes(body))


def test_truncation_is_found_at_open() -> None:
    section = encode_lengths(range(300))
    for end in range(len(section)):
        with pytest.raises(CorruptError):
            read(section[:end])


@given(st.binary(max_size=60))
def test_random_bytes(section: bytes) -> None:
    with contextlib.suppress(CorruptError):
        assert len(read(section).data) == len(read(section))
