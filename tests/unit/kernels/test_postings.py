"""Are posting lists written and read as drawn in ``codec/postings.py``, compiled or not?"""

from __future__ import annotations

from array import array
from collections import defaultdict
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searchkit.kernels.postings
from searchkit.codec import CorruptError
from searchkit.codec import postings as codec
from searchkit.codec.postings import PADDING, PostingsWriter, docnum_map, read_postings, u32
from tests.unit.kernels.source import load_source

USED = searchkit.kernels.postings
SOURCE = load_source("postings")
each_kernel = pytest.mark.parametrize(
    "kernel", [pytest.param(USED, id="used"), pytest.param(SOURCE, id="source")]
)

Tokens = list[list[tuple[int, int]]]
"""For each document its tokens: pairs (term, position)."""


class Lists:
    """The lists of a stream of tokens, as a kernel wrote them."""

    def __init__(
        self,
        kernel: ModuleType,
        documents: Tokens,
        *,
        frequencies: bool = True,
        positions: bool = True,
        room_bytes: int = 1 << 10,
        at_once: int = 7,
    ) -> None:
        patch = pytest.MonkeyPatch()
        patch.setattr(codec, "kernel", kernel)
        patch.setattr(codec, "_OUT_BYTES", room_bytes)
        patch.setattr(codec, "_TOKENS_AT_ONCE", at_once)
        ranks = array("I", [term for tokens in documents for term, _ in tokens])
        places = array("I", [place for tokens in documents for _, place in tokens])
        ends, end = array("I"), 0
        for tokens in documents:
            end += len(tokens)
            ends.append(end)
        self.docs = len(documents)
        counts = u32(max(ranks, default=-1) + 1)
        for rank in ranks:
            counts[rank] += 1
        out = bytearray()
        lengths = array("I", map(len, documents))
        try:
            self.writer = PostingsWriter(
                out.extend, lengths, frequencies=frequencies, positions=positions
            )
            self.writer.invert(ranks, ends, places, counts)
            self.writer.finish()
        finally:
            patch.undo()
        self.postings, self.positions = bytes(out), b"".join(self.writer.positions)

    def read(
        self, kernel: ModuleType, term: int, docmap: array[int], with_positions: bool
    ) -> tuple[list[int], list[int], list[int]]:
        writer = self.writer
        start = sum(writer.postings_lengths[:term])
        place = sum(writer.positions_lengths[:term])
        where = (
            start,
            start + writer.postings_lengths[term],
            writer.df[term],
            place,
            place + writer.positions_lengths[term],
        )
        patch = pytest.MonkeyPatch()
        patch.setattr(codec, "kernel", kernel)
        try:
            found = read_postings(
                memoryview(self.postings),
                memoryview(self.positions),
                where,
                writer.cf[term],
                docmap,
                with_positions=with_positions,
            )
        finally:
            patch.undo()
        return tuple(map(list, found))  # type: ignore[return-value]


def twin(documents: Tokens, docmap: array[int]) -> dict[int, dict[int, list[int]]]:
    """The obvious way: a dictionary of dictionaries."""
    found: dict[int, dict[int, list[int]]] = defaultdict(dict)
    for doc, tokens in enumerate(documents):
        for term, place in tokens:
            found[term]
            if docmap[doc] != codec.DELETED:
                found[term].setdefault(docmap[doc], []).append(place)
    return found


def with_dense_ranks(documents: Tokens) -> Tokens:
    known = sorted({term for tokens in documents for term, _ in tokens})
    rank = {term: place for place, term in enumerate(known)}
    return [[(rank[term], place) for term, place in tokens] for tokens in documents]


places = st.lists(st.just(0) | st.integers(0, 40) | st.integers(0, 2**32 - 1), max_size=6).map(
    sorted
)
documents_ = st.lists(
    st.tuples(places, st.lists(st.integers(0, 3), min_size=6, max_size=6)).map(
        lambda pair: list(zip(pair[1], pair[0], strict=False))
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(
    documents=documents_,
    repeats=st.sampled_from([1, 1, 9]),
    deleted=st.sets(st.integers(0, 500), max_size=30),
    first=st.integers(0, 1000),
)
def test_written_and_read(documents: Tokens, repeats: int, deleted: set[int], first: int) -> None:
    documents = with_dense_ranks(documents * repeats)
    docmap = docnum_map(len(documents), deleted.__contains__, first)
    expected = twin(documents, docmap)
    used, source = Lists(USED, documents), Lists(SOURCE, documents)
    assert (used.postings, used.positions) == (source.postings, source.positions)
    assert (used.writer.df, used.writer.cf) == (source.writer.df, source.writer.cf)
    assert used.writer.checksums == source.writer.checksums
    assert used.postings.endswith(PADDING)
    for term, postings in expected.items():
        for kernel in (USED, SOURCE):
            docs, tfs, found = used.read(kernel, term, docmap, True)
            assert docs == list(postings)
            assert tfs == [len(one) for one in postings.values()]
            assert found == [place for one in postings.values() for place in one]
            assert used.read(kernel, term, docmap, False) == (docs, tfs, [])


@each_kernel
@pytest.mark.parametrize("count", [1, 127, 128, 129, 255, 256, 257, 1000])
def test_around_the_size_of_a_block(kernel: ModuleType, count: int) -> None:
    documents: Tokens = [[(0, n % 5 + 1), (0, n + 7)] if n % 3 else [(1, 1)] for n in range(count)]
    documents = with_dense_ranks(documents)
    docmap = docnum_map(count, None, 0)
    lists = Lists(kernel, documents)
    for term, postings in twin(documents, docmap).items():
        docs, tfs, _ = lists.read(kernel, term, docmap, True)
        assert docs == list(postings)
        assert tfs == [len(one) for one in postings.values()]


@each_kernel
def test_tokens_that_are_in_no_document(kernel: ModuleType) -> None:
    """Nothing is read beyond the documents."""
    landmarks = u32(1000)
    kernel.locate(array("I", [10, 200]), landmarks)
    assert list(landmarks) == [0, *[1] * 3, *[2] * 996]


@each_kernel
def test_without_frequencies(kernel: ModuleType) -> None:
    documents: Tokens = [[(0, 1), (0, 2)], [(0, 1)], [(0, 3), (0, 4), (0, 5)]]
    lists = Lists(kernel, documents, frequencies=False, positions=False)
    assert list(lists.writer.df) == list(lists.writer.cf) == [3]
    assert lists.read(kernel, 0, docnum_map(3, None, 0), False) == ([0, 1, 2], [1, 1, 1], [])
    assert lists.positions == PADDING


@each_kernel
@settings(max_examples=150, deadline=None)
@given(
    documents=documents_,
    repeats=st.sampled_from([1, 9]),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
    in_positions=st.booleans(),
)
def test_damaged_lists(
    kernel: ModuleType,
    documents: Tokens,
    repeats: int,
    changes: list[tuple[int, int]],
    in_positions: bool,
) -> None:
    """Postings in order, inside the documents, with as many positions as they say; or an error."""
    documents = with_dense_ranks(documents * repeats)
    lists = Lists(USED, documents)
    damaged = bytearray(lists.positions if in_positions else lists.postings)
    for at, byte in changes:
        damaged[at % len(damaged)] = byte
    if in_positions:
        lists.positions = bytes(damaged)
    else:
        lists.postings = bytes(damaged)
    docmap = docnum_map(len(documents), None, 0)
    for term in range(len(lists.writer.df)):
        try:
            docs, tfs, found = lists.read(kernel, term, docmap, True)
        except CorruptError:
            continue
        assert docs == sorted(set(docs))
        assert all(0 <= doc < len(documents) for doc in docs)
        assert len(found) == sum(tfs)
