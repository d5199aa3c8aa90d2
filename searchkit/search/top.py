"""Which documents are best, without scoring all of them?

The short roads: rankings of terms of one field, by kernels that skip what cannot come in.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator, Sequence

from searchkit.errors import IndexCorruptError
from searchkit.index import FieldStatistics, Snapshot
from searchkit.kernels import search as kernel
from searchkit.search.bm25 import BM25
from searchkit.tree import Phrase, encoded

MOST_TERMS = 64
"""The kernels have room for as many."""

_WINDOW = 2048
_ROOM = 256

Best = list[tuple[int, float]]
"""Pairs (docnum, score), in no order."""


class _Scratch(threading.local):
    """Room for the kernels to work in, for each thread; ``window`` and ``frequencies`` are all
    zeros between runs.
    """

    def __init__(self) -> None:
        self.room = bytearray(_ROOM * (MOST_TERMS + 1))
        self.clear()

    def clear(self) -> None:
        self.window = array("d", bytes(8 * _WINDOW))
        self.frequencies = bytearray()

    def frequencies_of(self, terms: int) -> bytearray:
        if len(self.frequencies) < terms * _WINDOW:
            self.frequencies = bytearray(terms * _WINDOW)
        return self.frequencies


_scratch = _Scratch()


class _Heap:
    """The best so far, over several segments."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self.scores = array("d", bytes(8 * limit))
        self.docs = array("q", bytes(8 * limit))

    def take(self, held: int, field: FieldStatistics) -> None:
        if held < 0:
            _scratch.clear()
            raise IndexCorruptError(field.path, f"a list of postings of {field.name} is damaged")
        self.held = held

    def best(self) -> Best:
        return list(zip(self.docs[: self.held], self.scores[: self.held], strict=True))


def any_of(
    snapshot: Snapshot,
    name: str,
    terms: Sequence[str],
    limit: int,
    bm25: BM25,
) -> Best:
    """The ``limit`` best documents that have any of ``terms``, at most ``MOST_TERMS``, in field
    ``name``.
    """
    field = snapshot.field(name)
    encoded_terms = [encoded(term) for term in terms]
    idfs = [bm25.idf(field.df(term), snapshot.live_docs) for term in encoded_terms]
    heap = _Heap(limit)
    table = bm25.table(field)
    for segment, reader in field.parts:
        lists, weights = array("q"), array("d")
        for term, idf in zip(encoded_terms, idfs, strict=True):
            where = reader.list_of(term, positions=False)
            if where is not None:
                lists.extend(where[:3])
                weights.append(idf)
        if not weights:
            continue
        held = kernel.any_of(
            reader.postings,
            lists,
            weights,
            reader.length_bytes,
            reader.length_width,
            segment.docs,
            segment.deleted_bits,
            table,
            segment.base,
            limit,
            heap.scores,
            heap.docs,
            heap.held,
            _scratch.room,
            _scratch.window,
            _scratch.frequencies_of(len(weights)),
        )
        heap.take(held, field)
    return heap.best()


def all_of(
    snapshot: Snapshot,
    name: str,
    terms: Sequence[str],
    limit: int,
    bm25: BM25,
) -> Best:
    """The ``limit`` best documents that have all of ``terms``; as :func:`any_of`."""
    field = snapshot.field(name)
    encoded_terms = [encoded(term) for term in terms]
    idfs = [bm25.idf(field.df(term), snapshot.live_docs) for term in encoded_terms]
    weights = array("d", idfs)
    return _together(field, encoded_terms, weights, array("q"), 1, limit, bm25)


def phrase(snapshot: Snapshot, node: Phrase, limit: int, bm25: BM25) -> Best:
    """The ``limit`` best documents that have the terms of a phrase in a row.

    A phrase is scored as a term: its frequency that of the whole, its idf the sum of its terms'
    (as Lucene does: how often the whole occurs is not known before the search).
    """
    field = snapshot.field(node.field)
    terms = [encoded(term) for term in node.terms]
    idf = sum(bm25.idf(field.df(term), snapshot.live_docs) for term in terms)
    offsets = array("q", [0] + [1] * (len(terms) - 1))
    weights = array("d", [idf])
    return _together(field, terms, weights, offsets, node.slop, limit, bm25)


def _together(
    field: FieldStatistics,
    terms: Sequence[bytes],
    weights: array[float],
    offsets: array[int],
    slop: int,
    limit: int,
    bm25: BM25,
) -> Best:
    heap = _Heap(limit)
    table = bm25.table(field)
    for segment, reader in field.parts:
        lists = array("q")
        dfs = []
        for where in _all_lists(reader.list_of(term, positions=bool(offsets)) for term in terms):
            lists.extend(where[:5])
            dfs.append(where[2])
        if len(dfs) < len(terms):
            continue
        order = array("q", sorted(range(len(dfs)), key=dfs.__getitem__))
        held = kernel.all_of(
            reader.postings,
            reader.positions,
            lists,
            offsets,
            slop,
            weights,
            order,
            reader.length_bytes,
            reader.length_width,
            segment.docs,
            segment.deleted_bits,
            table,
            segment.base,
            limit,
            heap.scores,
            heap.docs,
            heap.held,
            _scratch.room,
        )
        heap.take(held, field)
    return heap.best()


def _all_lists(
    found: Iterator[tuple[int, int, int, int, int, int] | None],
) -> Iterator[tuple[int, int, int, int, int, int]]:
    """The lists up to the first that a segment does not have."""
    for where in found:
        if where is None:
            return
        yield where
