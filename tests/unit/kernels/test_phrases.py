"""Do phrases give what a look at each document gives, and look no oftener than they say?"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.codec import postings as postings_codec
from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Schema
from searchkit.search import search
from searchkit.storage import MemoryDirectory
from searchkit.tree import Phrase
from tests.unit.kernels.test_search import SOURCE, USED, with_kernel

Document = list[tuple[str, int]]
"""Pairs of a term and a position, in order."""


@pytest.fixture(autouse=True)
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings_codec, "_OUT_BYTES", 1 << 12)


def index(documents: list[Document]) -> MemoryDirectory:
    directory = MemoryDirectory()
    with Writer(directory, Schema({"t": Field()})) as writer:
        for number, tokens in enumerate(documents):
            terms = [(term.encode(), place) for term, place in tokens]
            writer.add(str(number), terms={"t": terms})
    return directory


def has_row(document: Document, phrase: tuple[str, ...], slop: int) -> bool:
    ends = {place for term, place in document if term == phrase[0]}
    for word in phrase[1:]:
        ends = {
            place
            for term, place in document
            if term == word and any(place - step in ends for step in range(1, slop + 1))
        }
    return bool(ends)


@contextmanager
def claims() -> Iterator[list[float]]:
    """What part of what a list may claim its cursors did, for each claim of a posting; that none
    is claimed more than twice.
    """
    parts: list[float] = []
    inside = SOURCE.all_of.__globals__["meet"].__globals__
    honest = inside["claim"]
    often: Counter[tuple[int, int]] = Counter()
    held: list[Any] = []

    def claim(size: int, c: Any, r: int, first: int, tf: int) -> bool:
        cursor = c[r]
        held.append(cursor)  # So that its id is not another's.
        often[id(cursor), cursor.doc] += 1
        fits: bool = honest(size, c, r, first, tf)
        size_of = 8 * (cursor.positions_end - cursor.positions_start)
        parts.append(cursor.claimed / (2 * (cursor.df + size_of)))
        return fits

    inside["claim"] = claim
    try:
        yield parts
    finally:
        inside["claim"] = honest
    assert max(often.values(), default=0) <= 2
    assert max(parts, default=0) <= 1


def assert_found(documents: list[Document], phrases: list[tuple[tuple[str, ...], int]]) -> float:
    """The highest part of what a list may claim that was claimed."""
    highest = 0.0
    with Snapshot(index(documents)) as snapshot:
        for phrase, slop in phrases:
            expected = {n for n, one in enumerate(documents) if has_row(one, phrase, slop)}
            tree = Phrase("t", phrase, slop)
            for kernel in (USED, SOURCE):
                with with_kernel(kernel), claims() as parts:
                    snapshot._fields.clear()
                    for limit in (1, len(documents) + 1):
                        best = [doc for doc, _ in search(snapshot, tree, limit).best]
                        assert set(best) <= expected
                        assert len(best) == min(limit, len(expected))
                highest = max([highest, *parts])
    return highest


PHRASES: list[tuple[tuple[str, ...], int]] = [
    (phrase, slop)
    for phrase in (("a", "b"), ("b", "a"), ("a", "a"), ("a", "b", "a"), ("b", "b", "b", "a"))
    for slop in (1, 2, 5)
]


@settings(max_examples=30, deadline=None)
@given(
    documents=st.lists(
        st.tuples(
            st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=12),
            st.sampled_from([0, 0, 0, 250, 256, 5000]),
        ),
        max_size=8,
    ),
    repeats=st.sampled_from([1, 1, 40]),
    phrases=st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3, unique=True),
)
def test_dense_lists(
    documents: list[tuple[Document, int]], repeats: int, phrases: list[tuple[tuple[str, ...], int]]
) -> None:
    """Steps from token to token, also of 0, from a place on."""
    texts = []
    for steps, start in documents:
        text, place = [], start
        for term, step in steps:
            place += step
            text.append((term, place))
        texts.append(text)
    assert_found(texts * repeats, phrases)


@pytest.mark.parametrize("count", [1, 128, 129, 400])
def test_the_most_that_an_honest_list_claims(count: int) -> None:
    """Positions of one bit, claimed once in bits and, because the next term stands too far for
    bits, once more: all that a list may but for its postings.
    """
    text = [*[("a", 0)] * 40, *[("a", 1)] * 40, ("b", 2), ("b", 300)]
    documents = [text for _ in range(count)] + [[("b", 0)]]
    highest = assert_found(documents, [(("a", "b"), 1), (("a", "b"), 3)])
    assert 0.98 < highest <= 1
    assert assert_found(documents, [(("a", "a", "b"), 1)]) > 0.98


def test_many_documents() -> None:
    chance = random.Random(3)
    documents = []
    for _ in range(600):
        start, size = chance.choice((0, 0, 0, 252, 300)), chance.choice((1, 4, 9))
        documents.append([(chance.choice("aab"), start + place) for place in range(size)])
    assert_found(documents, PHRASES)
