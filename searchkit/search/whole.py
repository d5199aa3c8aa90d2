"""How well does the whole document answer, of which a passage is one?

A passage in a document about the matter beats a stray mention. The document is scored as a passage
is, by BM25 over what all of its passages have of the words, with the statistics of passages:
neither the number of documents nor their mean length need be known. ``B`` is lower than a passage's
usual 0.75, since a long document is seldom one that repeats itself.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from searchkit.errors import IndexCorruptError
from searchkit.index import Snapshot
from searchkit.index.segment import SegmentReader
from searchkit.kernels import search as kernel
from searchkit.search.bm25 import BM25
from searchkit.search.candidates import FieldWord
from searchkit.search.explanation import Explanation, summed
from searchkit.search.room import damaged, scratch

B = 0.5


class Runs(NamedTuple):
    """The docnums of documents' passages: from ``lows`` to below ``highs``, two ``array("q")``."""

    lows: array[int]
    highs: array[int]


def runs(snapshot: Snapshot, docnums: array[int]) -> Runs:
    """For each of the ascending ``docnums``, an ``array("q")``, the passages of its document: its
    live neighbours with the same key.
    """
    found = Runs(docnums[:], docnums[:])
    start = 0
    for segment in snapshot.segments:
        stop = bisect_left(docnums, segment.base + segment.docs, start)
        if stop > start:
            _within(snapshot, segment, docnums, found, start, stop)
        start = stop
    if len(snapshot.segments) > 1:
        bounds = {segment.base: number for number, segment in enumerate(snapshot.segments)}
        for at, run in enumerate(zip(*found, strict=True)):
            found.lows[at], found.highs[at] = _across(snapshot, run, bounds)
    return found


def _within(
    snapshot: Snapshot,
    segment: SegmentReader,
    docnums: array[int],
    found: Runs,
    start: int,
    stop: int,
) -> None:
    """Fill ``found`` from ``start`` to ``stop``, of ``docnums`` that are in the segment, as far as
    their runs go there.
    """
    keys = segment.keys
    if not kernel.runs_of(
        keys.section,
        keys.index,
        keys.width,
        segment.docs,
        segment.deleted_bits,
        segment.base,
        memoryview(docnums)[start:stop],
        memoryview(found.lows)[start:stop],
        memoryview(found.highs)[start:stop],
    ):
        raise IndexCorruptError(snapshot.path, "the keys are damaged")


def _across(snapshot: Snapshot, run: tuple[int, int], bounds: Mapping[int, int]) -> tuple[int, int]:
    """The run of a document that was written when a segment was full, and lies in several."""

    def goes_on(docnum: int) -> bool:
        """Whether the document before ``docnum``, where a segment begins, belongs with it."""
        if docnum not in bounds or docnum == 0:
            return False
        if snapshot.is_deleted(docnum - 1) or snapshot.is_deleted(docnum):
            return False
        return snapshot.key(docnum - 1) == snapshot.key(docnum)

    def around(docnum: int, segment: SegmentReader) -> tuple[int, int]:
        one = Runs(array("q", [docnum]), array("q", [docnum]))
        _within(snapshot, segment, one.lows[:], one, 0, 1)
        return one.lows[0], one.highs[0]

    low, high = run
    while goes_on(low):
        low, _ = around(low - 1, snapshot.segments[bounds[low] - 1])
    while goes_on(high):
        _, high = around(high, snapshot.segments[bounds[high]])
    return low, high


def whole_scores(
    snapshot: Snapshot, field: str, words: Sequence[FieldWord], found: Runs, bm25: BM25
) -> array[float]:
    """The score of the document of each of ``found``."""
    number = len(found.lows)
    tfs = array("d", bytes(8 * len(words) * number))
    lengths = array("d", bytes(8 * number))
    statistics = snapshot.field(field)
    for segment, reader in statistics.parts:
        if not (found.lows[0] < segment.base + segment.docs and found.highs[-1] > segment.base):
            continue
        lists, weights = array("q"), array("d")
        for at, word in enumerate(words):
            for term, weight in word.terms:
                where = reader.list_of(term, positions=False)
                if where is not None:
                    lists.extend((at, *where[:3]))
                    weights.append(weight)
        if not kernel.add_runs(
            reader.postings,
            lists,
            weights,
            len(words),
            reader.length_bytes,
            reader.length_width,
            segment.docs,
            segment.base,
            found.lows,
            found.highs,
            tfs,
            lengths,
            scratch.cursors,
        ):
            raise damaged(snapshot)
    scores = array("d", bytes(8 * number))
    idfs = array("d", [word.idf for word in words])
    average = statistics.average_length or 1.0
    kernel.score_runs(found.lows, tfs, lengths, idfs, bm25.k1, B, average, scores)
    return scores


def explain_whole(
    snapshot: Snapshot, field: str, words: Sequence[FieldWord], docnum: int, bm25: BM25
) -> Explanation:
    """What :func:`whole_scores` gives for the document of one passage, and why."""
    (low,), (high,) = runs(snapshot, array("q", [docnum]))
    statistics = snapshot.field(field)
    length = float(sum(map(statistics.length, range(low, high))))
    norm = max(1.0 - B + B * length / (statistics.average_length or 1.0), 1e-9)
    details = []
    for word in words:
        tf = 0.0
        for segment, reader in statistics.parts:
            for term, weight in word.terms:
                where = reader.list_of(term, positions=False)
                if where is not None and low < segment.base + segment.docs and high > segment.base:
                    docs, tfs, _ = segment.read_list(reader, where, positions=False)
                    for at in range(bisect_left(docs, low), bisect_left(docs, high)):
                        tf += weight * tfs[at]
        tf /= norm
        if tf > 0:
            value = word.idf * (tf / (bm25.k1 + tf))
            name = word.terms[0][0].decode("utf-8", "surrogateescape")
            details.append(Explanation(value, f'"{name}" in its document: tf {tf:g}'))
    said = f"the whole document, of {high - low:,} passages and {length:,.0f} words in {field}"
    return summed(said, details)
