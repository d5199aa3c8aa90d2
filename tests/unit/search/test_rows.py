"""Rows of terms against a look at every way to step."""

from __future__ import annotations

import time
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Schema
from searchkit.search import search
from searchkit.search.rows import rows
from searchkit.storage import MemoryDirectory
from searchkit.tree import Phrase

places = st.lists(st.integers(0, 12), max_size=6).map(sorted)


@given(st.lists(places, min_size=1, max_size=4), st.integers(1, 5))
def test_every_way(terms: list[list[int]], slop: int) -> None:
    ways = [way for way in product(*terms) if all(1 <= b - a <= slop for a, b in pairwise(way))]
    assert rows(terms, slop) == sorted({way[0] for way in ways})


@pytest.mark.parametrize("slop", [1, 2**32 - 1])
def test_a_pasted_text_does_not_take_for_ever(slop: int) -> None:
    directory = MemoryDirectory()
    with Writer(directory, Schema({"t": Field()})) as writer:
        for doc in range(2000):
            writer.add(str(doc), terms={"t": [b"the", b"a", b"the"] * 20})
        writer.commit()
    with Snapshot(directory) as snapshot:
        began = time.process_time()
        assert not search(snapshot, Phrase("t", ("the",) * 500, slop), 10).best
        assert time.process_time() - began < 20
