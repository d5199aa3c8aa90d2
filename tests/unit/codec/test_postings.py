"""Are lists laid out as ``codec/postings.py`` draws them? They are read here by the drawing alone,
bit by bit, with nothing of the product's readers.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.codec import CorruptError
from searchkit.codec import postings as codec
from searchkit.codec.postings import (
    DELETED,
    PADDING,
    PostingsWriter,
    docnum_map,
    most_positions,
    read_postings,
    u32,
)

Posting = tuple[int, list[int]]
"""A docnum, and the positions."""

RUN = 32
"""The lists of so many terms have one checksum."""


class Lists(NamedTuple):
    """What a writer gave: both sections, and where the lists of each term lie in them."""

    postings: bytes
    positions: bytes
    writer: PostingsWriter

    def bytes_of(self, term: int) -> tuple[bytes, bytes]:
        writer = self.writer
        start, place = sum(writer.postings_lengths[:term]), sum(writer.positions_lengths[:term])
        return (
            self.postings[start : start + writer.postings_lengths[term]],
            self.positions[place : place + writer.positions_lengths[term]],
        )

    def where(self, term: int) -> tuple[int, int, int, int, int]:
        writer = self.writer
        start, place = sum(writer.postings_lengths[:term]), sum(writer.positions_lengths[:term])
        return (
            start,
            start + writer.postings_lengths[term],
            writer.df[term],
            place,
            place + writer.positions_lengths[term],
        )


def written(
    terms: list[list[Posting]],
    docs: int,
    lengths: array[int] | None = None,
    *,
    frequencies: bool = True,
    positions: bool = True,
) -> Lists:
    """The lists of ``terms``, from a stream of tokens as a buffer has it."""
    tokens = sorted(
        (doc, place, term)
        for term, postings in enumerate(terms)
        for doc, places in postings
        for place in places
    )
    sizes = [0] * docs
    for doc, _, _ in tokens:
        sizes[doc] += 1
    ends = array("I", accumulate(sizes))
    counts = array("I", [sum(len(places) for _, places in postings) for postings in terms])
    out = bytearray()
    writer = PostingsWriter(
        out.extend,
        lengths or array("I", [1]) * docs,
        frequencies=frequencies,
        positions=positions,
    )
    writer.invert(
        array("I", [term for _, _, term in tokens]),
        ends,
        array("I", [place for _, place, _ in tokens]),
        counts,
    )
    writer.finish()
    return Lists(bytes(out), b"".join(writer.positions), writer)


# The drawing, read


def numbers(data: bytes, at: int, bits: int, count: int) -> tuple[list[int], int]:
    """A run of packed numbers, and where it ends."""
    size = -(-bits * count // 8)
    assert at + size <= len(data)
    whole = int.from_bytes(data[at : at + size], "little")
    assert not whole >> bits * count, "bits after the last number"
    return [whole >> bits * i & (1 << bits) - 1 for i in range(count)], at + size


class Block(NamedTuple):
    docs: list[int]
    tfs: list[int]
    position_bits: int
    positions_at: int
    impacts: list[tuple[int, int]]


def impacts(data: bytes, at: int, room: int) -> tuple[list[tuple[int, int]], int]:
    count = data[at]
    assert 1 <= count <= room
    tfs = data[at + 1 : at + 1 + room]
    lengths = struct.unpack_from(f"<{room}H", data, at + 1 + room)
    return list(zip(tfs[:count], lengths[:count], strict=True)), at + 1 + 3 * room


def blocks_of(data: bytes, df: int) -> tuple[list[tuple[int, int]], list[Block]]:
    """The impacts of the list, none of a short one, and its blocks."""
    if df <= 128:
        doc_bits, tf_bits, position_bits, base = struct.unpack_from("<BBBI", data)
        docs, at = numbers(data, 7, doc_bits, df)
        tfs, at = numbers(data, at, tf_bits, df)
        assert at == len(data)
        assert base + docs[0] == base, "the base is the first docnum"
        return [], [
            Block([base + doc for doc in docs], [tf + 1 for tf in tfs], position_bits, 0, [])
        ]
    count = -(-df // 128)
    whole, at = impacts(data, 0, 16)
    lasts = struct.unpack_from(f"<{count}I", data, at)
    at += 4 * count
    entries = []
    for _ in range(count):
        entry = struct.unpack_from("<IIBBB", data, at)
        its, at = impacts(data, at + 11, 5)
        entries.append((entry, its))
    begin = at
    blocks = []
    for number, ((offset, positions_at, doc_bits, tf_bits, position_bits), its) in enumerate(
        entries
    ):
        assert at == begin + offset, "payloads without gaps"
        size = min(128, df - 128 * number)
        base = lasts[number - 1] + 1 if number else 0
        docs, at = numbers(data, at, doc_bits, size)
        tfs, at = numbers(data, at, tf_bits, size)
        assert base + docs[-1] == lasts[number]
        found = [base + doc for doc in docs]
        blocks.append(Block(found, [tf + 1 for tf in tfs], position_bits, positions_at, its))
    assert at == len(data)
    return whole, blocks


def decoded(lists: Lists, term: int) -> list[Posting]:
    data, places = lists.bytes_of(term)
    found: list[Posting] = []
    at = 0
    for block in blocks_of(data, lists.writer.df[term])[1]:
        assert at == block.positions_at
        all_, at = numbers(places, at, block.position_bits, sum(block.tfs))
        taken = iter(all_)
        for doc, tf in zip(block.docs, block.tfs, strict=True):
            found.append((doc, [next(taken) for _ in range(tf)]))
    assert at == len(places)
    return found


# What is drawn is written

positions_ = st.lists(st.integers(0, 300), min_size=1, max_size=5).map(sorted)
postings_ = st.dictionaries(st.integers(0, 400), positions_, min_size=1, max_size=40).map(
    lambda one: sorted(one.items())
)


def long_list(count: int, step: int, start: int = 0) -> list[Posting]:
    """Frequencies and gaps vary, and some positions take many bits."""
    return [
        (
            start + number * step + number % 3 % step,
            sorted([number % 7 * 1000 + place for place in range(number % 5 + 1)]),
        )
        for number in range(count)
    ]


long_ = st.builds(
    long_list,
    st.sampled_from([127, 128, 129, 256, 257, 300, 700]),
    st.integers(1, 5),
    st.integers(0, 500),
)


@settings(max_examples=100, deadline=None)
@given(terms=st.lists(postings_ | long_, min_size=1, max_size=4))
def test_lists_are_as_they_are_drawn(terms: list[list[Posting]]) -> None:
    docs = max(postings[-1][0] for postings in terms) + 1
    lists = written(terms, docs)
    assert list(lists.writer.df) == [len(postings) for postings in terms]
    assert list(lists.writer.cf) == [
        sum(len(places) for _, places in postings) for postings in terms
    ]
    for term, postings in enumerate(terms):
        assert decoded(lists, term) == postings
        cf, size = lists.writer.cf[term], lists.writer.positions_lengths[term]
        assert cf <= most_positions(len(postings), size)
    for section, lengths in (
        (lists.postings, lists.writer.postings_lengths),
        (lists.positions, lists.writer.positions_lengths),
    ):
        assert section[sum(lengths) :] == PADDING == bytes(8)


@pytest.mark.parametrize("df", [1, 5, 128, 129, 400])
def test_widths_are_no_larger_than_they_need_be(df: int) -> None:
    postings: list[Posting] = [(7 * number, [1] * (1 + number % 4)) for number in range(df)]
    lists = written([postings], 7 * df)
    data, _ = lists.bytes_of(0)
    _, blocks = blocks_of(data, df)
    for block in blocks:
        assert block.position_bits == 1
    if df <= 128:
        doc_bits, tf_bits = data[0], data[1]
        assert doc_bits == (7 * (df - 1)).bit_length()
        assert tf_bits == min(3, df - 1).bit_length()


@pytest.mark.parametrize("df", [1, 128, 129, 256])
@pytest.mark.parametrize("most", [1, 2, 100])
def test_positions_of_0_take_a_bit_if_a_posting_has_two(df: int, most: int) -> None:
    """So that how many there are is bounded by their bytes, exactly."""
    lists = written([[(number, [0] * most) for number in range(df)]], df)
    _, blocks = blocks_of(lists.bytes_of(0)[0], df)
    assert {block.position_bits for block in blocks} == {int(most > 1)}
    size = lists.writer.positions_lengths[0]
    assert size == sum(-(-sum(block.tfs) * block.position_bits // 8) for block in blocks)
    assert decoded(lists, 0) == [(number, [0] * most) for number in range(df)]


@pytest.mark.parametrize("df", [3, 200])
def test_positions_of_no_bits_are_one_a_posting_or_damage(df: int) -> None:
    lists = written([[(number, [0, 0]) for number in range(df)]], df)
    data = bytearray(lists.postings)
    if df <= 128:
        data[2] = 0
    else:
        entry = 1 + 3 * 16 + 4 * 2
        data[entry + 10] = data[entry + 30 + 10] = 0
    lists = lists._replace(postings=bytes(data))
    docmap = docnum_map(df, None, 0)
    assert len(read(lists, 0, docmap, with_positions=False)) == df
    with pytest.raises(CorruptError, match="damaged"):
        read(lists, 0, docmap)


def test_more_positions_than_bits_for_them_are_damage() -> None:
    lists = written([[(0, [0, 1]), (1, [2])]], 2)
    lists.writer.cf[0] = 2 + 8 + 1
    with pytest.raises(CorruptError, match="occurs 11 times"):
        read(lists, 0, docnum_map(2, None, 0))


@pytest.mark.parametrize("ends", [[], [1], [1, 2], [1, 4]])
def test_documents_that_do_not_end_where_the_tokens_do(ends: list[int]) -> None:
    writer = PostingsWriter(bytearray().extend, u32(2), frequencies=True, positions=True)
    with pytest.raises(ValueError, match="of 3"):
        writer.invert(array("I", [0, 0, 0]), array("I", ends), array("I"), array("I", [3]))


@pytest.mark.parametrize("count", [1, 128, 129, 1000])
def test_impacts_bound_every_posting(count: int) -> None:
    postings: list[Posting] = [
        (number, [1] * (1 + number * number % 11 * (number % 29 == 0) * 30 + number % 3))
        for number in range(count)
    ]
    lengths = array("I", [1 + number * 7919 % 5000 * (number % 13) for number in range(count)])
    data, _ = written([postings], count, lengths).bytes_of(0)
    whole, blocks = blocks_of(data, count)
    for block in blocks:
        for doc, tf in zip(block.docs, block.tfs, strict=True):
            for pairs in filter(None, (whole, block.impacts)):
                # The highest number that there is stands for that or more.
                assert any(
                    min(tf, 255) <= its_tf and its_length <= min(lengths[doc], 0xFFFF)
                    for its_tf, its_length in pairs
                )
        for pairs in filter(None, (whole, block.impacts)):
            assert pairs == sorted(pairs, reverse=True)
            assert len({tf for tf, _ in pairs}) == len(pairs)


def test_a_checksum_for_each_32_lists() -> None:
    terms: list[list[Posting]] = [[(number % 5, [number])] for number in range(70)]
    lists = written(terms, 5)
    for kind in (0, 1):
        runs = [
            b"".join(lists.bytes_of(term)[kind] for term in range(first, min(70, first + RUN)))
            for first in range(0, 70, RUN)
        ]
        assert list(lists.writer.checksums[kind]) == [crc32(run) for run in runs]


def test_without_frequencies_each_posting_counts_once() -> None:
    lists = written([[(0, [1, 2]), (3, [1])]], 4, frequencies=False, positions=False)
    (block,) = blocks_of(lists.bytes_of(0)[0], 2)[1]
    assert (block.docs, block.tfs, block.position_bits) == ([0, 3], [1, 1], 0)
    assert list(lists.writer.cf) == [2]
    assert lists.positions == PADDING


@pytest.mark.parametrize(("room", "at_once"), [(1, 1), (1 << 8, 10), (1 << 16, 6_000_000)])
def test_portions_do_not_show(monkeypatch: pytest.MonkeyPatch, room: int, at_once: int) -> None:
    terms = [long_list(300, 2), [(4, [9])], long_list(40, 3, 50), long_list(1000, 1)]
    expected = written(terms, 1001)
    monkeypatch.setattr(codec, "_OUT_BYTES", room)
    monkeypatch.setattr(codec, "_TOKENS_AT_ONCE", at_once)
    lists = written(terms, 1001)
    assert lists[:2] == expected[:2]
    assert lists.writer.checksums == expected.writer.checksums


# Read, and written again


def read(
    lists: Lists, term: int, docmap: array[int], *, with_positions: bool = True
) -> list[Posting]:
    found_docs, tfs, found = read_postings(
        memoryview(lists.postings),
        memoryview(lists.positions),
        lists.where(term),
        lists.writer.cf[term],
        docmap,
        with_positions=with_positions,
    )
    places = iter(found)
    return [
        (doc, [next(places) for _ in range(tf)] if with_positions else [0] * tf)
        for doc, tf in zip(found_docs, tfs, strict=True)
    ]


@settings(max_examples=60, deadline=None)
@given(
    terms=st.lists(postings_ | long_, min_size=1, max_size=3),
    deleted=st.sets(st.integers(0, 400)),
    first=st.integers(0, 9),
)
def test_gathered_lists_are_written_as_new_ones(
    terms: list[list[Posting]], deleted: set[int], first: int
) -> None:
    """What a merge does: read without the deleted, renumbered, and encoded again."""
    docs = max(postings[-1][0] for postings in terms) + 1
    lists = written(terms, docs)
    docmap = docnum_map(docs, deleted.__contains__, first)
    left = [
        [(docmap[doc], places) for doc, places in postings if doc not in deleted]
        for postings in terms
    ]
    for term, postings in enumerate(left):
        assert read(lists, term, docmap) == postings
        assert read(lists, term, docmap, with_positions=False) == [
            (doc, [0] * len(places)) for doc, places in postings
        ]
    out = bytearray()
    writer = PostingsWriter(
        out.extend, array("I", [1]) * (docs + first), frequencies=True, positions=True
    )
    spans = list(ends_of(map(len, left)))
    place_spans = list(ends_of(sum(len(p) for _, p in postings) for postings in left))
    writer.encode(
        array("I", [doc for postings in left for doc, _ in postings]),
        array("I", [len(places) for postings in left for _, places in postings]),
        array("I", [place for postings in left for _, places in postings for place in places]),
        array("I", [start for start, _ in spans]),
        array("I", [end for _, end in spans]),
        array("I", [start for start, _ in place_spans]),
        array("I", [end for _, end in place_spans]),
    )
    writer.finish()
    expected = written([postings for postings in left if postings], docs + first)
    assert (bytes(out), b"".join(writer.positions)) == expected[:2]
    assert (writer.df, writer.cf) == (expected.writer.df, expected.writer.cf)
    assert writer.checksums == expected.writer.checksums


def ends_of(sizes: Iterator[int]) -> Iterator[tuple[int, int]]:
    end = 0
    for size in sizes:
        yield end, end + size
        end += size


def test_a_list_longer_than_its_segment_is_damage() -> None:
    lists = written([[(0, [1]), (1, [1]), (2, [1])]], 3)
    with pytest.raises(CorruptError, match="3 postings in 2 documents"):
        read(lists, 0, docnum_map(2, None, 0))


def test_a_docnum_outside_of_the_segment_is_damage() -> None:
    lists = written([[(0, [1]), (5, [1])]], 6)
    with pytest.raises(CorruptError, match="damaged"):
        read(lists, 0, docnum_map(5, None, 0))


def test_a_cut_list_is_damage() -> None:
    lists = written([long_list(300, 1)], 301)
    for cut in (1, 7, len(lists.postings) - 9):
        start, end, *rest = lists.where(0)
        with pytest.raises(CorruptError, match="damaged"):
            read_postings(
                memoryview(lists.postings),
                memoryview(lists.positions),
                (start, end - cut, *rest),  # type: ignore[arg-type]
                lists.writer.cf[0],
                docnum_map(301, None, 0),
                with_positions=False,
            )


def test_maps_of_docnums() -> None:
    assert list(docnum_map(4, None, 10)) == [10, 11, 12, 13]
    assert list(docnum_map(5, {1, 4}.__contains__, 10)) == [10, DELETED, 11, 12, DELETED]
    assert docnum_map(0, None, 3) == array("I") == docnum_map(0, {1}.__contains__, 3)
    assert list(u32(3)) == [0, 0, 0]
