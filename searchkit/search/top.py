"""Which documents are best, without scoring all of them?

The short roads: rankings of terms of one field, by kernels that skip what cannot come in.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence

from searchkit.index import Snapshot
from searchkit.kernels import search as kernel
from searchkit.search.bm25 import BM25
from searchkit.search.room import Best, Heap, run, scratch
from searchkit.tree import Phrase, encoded


def any_of(
    snapshot: Snapshot,
    name: str,
    terms: Sequence[tuple[bytes, float]],
    limit: int,
    bm25: BM25,
    hidden: Sequence[bytes] | None = None,
) -> Best:
    """The ``limit`` best documents that have any of ``terms``, at most ``MOST_TERMS``, each with
    the factor of its idf, in field ``name``. ``hidden`` are bits for each segment, of the documents
    that do not count; without it, those that are deleted.
    """
    field = snapshot.field(name)
    idfs = [bm25.idf(field.df(term), snapshot.live_docs) * factor for term, factor in terms]
    heap = Heap(limit)
    table = bm25.table(field)
    for number, (segment, reader) in enumerate(field.parts):
        lists, weights = array("q"), array("d")
        for (term, _), idf in zip(terms, idfs, strict=True):
            where = reader.list_of(term, positions=False)
            if where is not None:
                lists.extend(where[:3])
                weights.append(idf)
        if not weights:
            continue
        held = run(
            kernel.any_of,
            reader.postings,
            lists,
            weights,
            reader.length_bytes,
            reader.length_width,
            segment.docs,
            hidden[number] if hidden else segment.deleted_bits,
            table,
            segment.base,
            limit,
            heap.scores,
            heap.docs,
            heap.held,
            scratch.cursors,
            scratch.window(4096),
            scratch.hits(len(weights)),
        )
        heap.take(held, snapshot)
    return heap.best()


def all_of(
    snapshot: Snapshot,
    name: str,
    terms: Sequence[tuple[bytes, float]],
    limit: int,
    bm25: BM25,
    hidden: Sequence[bytes] | None = None,
) -> Best:
    """The ``limit`` best documents that have all of ``terms``; as :func:`any_of`."""
    field = snapshot.field(name)
    idfs = [bm25.idf(field.df(term), snapshot.live_docs) * factor for term, factor in terms]
    plain = [term for term, _ in terms]
    return _together(snapshot, name, plain, array("d", idfs), array("q"), 1, limit, bm25, hidden)


def phrase(snapshot: Snapshot, node: Phrase, limit: int, bm25: BM25) -> Best:
    """The ``limit`` best documents that have the terms of a phrase in a row.

    A phrase is scored as a term: its frequency that of the whole, its idf the sum of its terms'
    (as Lucene does: how often the whole occurs is not known before the search).
    """
    field = snapshot.field(node.field)
    terms = [encoded(term) for term in node.terms]
    idf = math.fsum(bm25.idf(field.df(term), snapshot.live_docs) for term in terms)
    offsets = array("q", [0] + [1] * (len(terms) - 1))
    weights = array("d", [idf])
    return _together(snapshot, node.field, terms, weights, offsets, node.slop, limit, bm25)


def _together(
    snapshot: Snapshot,
    name: str,
    terms: Sequence[bytes],
    weights: array[float],
    offsets: array[int],
    slop: int,
    limit: int,
    bm25: BM25,
    hidden: Sequence[bytes] | None = None,
) -> Best:
    field = snapshot.field(name)
    heap = Heap(limit)
    table = bm25.table(field)
    for number, (segment, reader) in enumerate(field.parts):
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
            hidden[number] if hidden else segment.deleted_bits,
            table,
            segment.base,
            limit,
            heap.scores,
            heap.docs,
            heap.held,
            scratch.cursors,
        )
        heap.take(held, snapshot)
    return heap.best()


def _all_lists(
    found: Iterator[tuple[int, int, int, int, int, int] | None],
) -> Iterator[tuple[int, int, int, int, int, int]]:
    """The lists up to the first that a segment does not have."""
    for where in found:
        if where is None:
            return
        yield where
