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

from searchkit.errors import IndexCorruptError
from searchkit.index import Snapshot
from searchkit.index.segment import SegmentReader
from searchkit.kernels import search as kernel
from searchkit.search.bm25 import BM25
from searchkit.search.candidates import FieldWord
from searchkit.search.explanation import Explanation, summed
from searchkit.search.room import damaged, scratch

B = 0.5

Run = tuple[int, int]
"""The docnums of a document's passages: from, to below."""


def runs(snapshot: Snapshot, docnums: Sequence[int]) -> list[Run]:
    """For each of the ascending ``docnums`` the passages of its document: its live neighbours with
    the same key.
    """
    found: list[Run] = []
    for segment in snapshot.segments:
        found += _within(snapshot, segment, docnums)
    if len(snapshot.segments) == 1:
        return found
    bounds = {segment.base: number for number, segment in enumerate(snapshot.segments)}
    return [_across(snapshot, run, bounds) for run in found]


def _within(snapshot: Snapshot, segment: SegmentReader, docnums: Sequence[int]) -> list[Run]:
    """The same for those of ``docnums`` that are in the segment, as far as it goes."""
    base, end = segment.base, segment.base + segment.docs
    docs = array("q", [docnum - base for docnum in docnums if base <= docnum < end])
    lows, highs = array("q", bytes(8 * len(docs))), array("q", bytes(8 * len(docs)))
    keys = segment.keys
    if not kernel.runs_of(
        keys.section, keys.index, keys.width, segment.docs, segment.deleted_bits, docs, lows, highs
    ):
        raise IndexCorruptError(snapshot.path, "the keys are damaged")
    return [(base + low, base + high) for low, high in zip(lows, highs, strict=True)]


def _across(snapshot: Snapshot, run: Run, bounds: Mapping[int, int]) -> Run:
    """The run of a document that was written when a segment was full, and lies in several."""

    def goes_on(docnum: int) -> bool:
        """Whether the document before ``docnum``, where a segment begins, belongs with it."""
        if docnum not in bounds or docnum == 0:
            return False
        if snapshot.is_deleted(docnum - 1) or snapshot.is_deleted(docnum):
            return False
        return snapshot.key(docnum - 1) == snapshot.key(docnum)

    low, high = run
    while goes_on(low):
        ((low, _),) = _within(snapshot, snapshot.segments[bounds[low] - 1], [low - 1])
    while goes_on(high):
        ((_, high),) = _within(snapshot, snapshot.segments[bounds[high]], [high])
    return low, high


def whole_scores(
    snapshot: Snapshot, field: str, words: Sequence[FieldWord], found: Sequence[Run], bm25: BM25
) -> array[float]:
    """The score of each document of the ascending runs ``found``, for a passage each."""
    rows = {run: row for row, run in enumerate(dict.fromkeys(found))}
    tfs = array("d", bytes(8 * len(words) * len(rows)))
    lengths = array("d", bytes(8 * len(rows)))
    statistics = snapshot.field(field)
    for segment, reader in statistics.parts:
        pieces = array("q")
        for (low, high), row in rows.items():
            low, high = max(low - segment.base, 0), min(high - segment.base, segment.docs)
            if low < high:
                pieces.extend((low, high, row))
        if not pieces:
            continue
        lists, weights = array("q"), array("d")
        for number, word in enumerate(words):
            for term, weight in word.terms:
                where = reader.list_of(term, positions=False)
                if where is not None:
                    lists.extend((number, *where[:3]))
                    weights.append(weight)
        if not kernel.add_runs(
            reader.postings,
            lists,
            weights,
            len(words),
            reader.length_bytes,
            reader.length_width,
            segment.docs,
            pieces,
            tfs,
            lengths,
            scratch.cursors,
        ):
            raise damaged(snapshot)
    scores = array("d", bytes(8 * len(rows)))
    idfs = array("d", [word.idf for word in words])
    kernel.score_runs(tfs, lengths, idfs, bm25.k1, B, statistics.average_length or 1.0, scores)
    return array("d", [scores[rows[run]] for run in found])


def explain_whole(
    snapshot: Snapshot, field: str, words: Sequence[FieldWord], docnum: int, bm25: BM25
) -> Explanation:
    """What :func:`whole_scores` gives for the document of one passage, and why."""
    ((low, high),) = runs(snapshot, [docnum])
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
