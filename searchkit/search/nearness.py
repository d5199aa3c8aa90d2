"""How near to each other do the words of a query stand in a passage?

Each two words that follow each other among the places of the query's words, with none of these in
between, attract each other by the inverse square of their distance: both gain the other's idf
divided by it (not where two words of the query mean one of the text, which is not near itself).
What a word has gained is saturated as a frequency is (Büttcher, Clarke and Lushman, "Term Proximity
Scoring for Ad-Hoc Retrieval on Very Large Text Collections", 2006):

    gain(word) = sum of idf(neighbour) / distance ** 2
    nearness   = sum of min(1, idf(word)) * gain / (gain + k1 * (1 - b + b * length / average))
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from searchkit.index import Snapshot
from searchkit.kernels import search as kernel
from searchkit.search.bm25 import BM25
from searchkit.search.candidates import FieldWord
from searchkit.search.explanation import Explanation, summed
from searchkit.search.room import damaged, scratch

MOST_PLACES = 1_024
"""So many places of the words are looked at in a passage."""


def nearness(
    snapshot: Snapshot, field: str, words: Sequence[FieldWord], docnums: array[int], bm25: BM25
) -> array[float]:
    """The nearness of ``words`` in each of the ascending ``docnums``, an ``array("q")``."""
    found = array("d", bytes(8 * len(docnums)))
    if len(words) < 2:
        return found
    statistics = snapshot.field(field)
    idfs = array("d", [word.idf for word in words])
    places = array("q", bytes(16 * MOST_PLACES))
    start = 0
    for segment, reader in statistics.parts:
        stop = bisect_left(docnums, segment.base + segment.docs, start)
        if stop == start:
            continue
        lists = array("q")
        for number, word in enumerate(words):
            for term, _ in word.terms:
                where = reader.list_of(term, positions=True)
                if where is not None:
                    lists.extend((number, *where[:5]))
        if not kernel.nearness_of(
            reader.postings,
            reader.positions,
            lists,
            idfs,
            reader.length_bytes,
            reader.length_width,
            segment.docs,
            bm25.k1,
            bm25.b,
            statistics.average_length or 1.0,
            segment.base,
            memoryview(docnums)[start:stop],
            memoryview(found)[start:stop],
            scratch.cursors,
            places,
        ):
            raise damaged(snapshot)
        start = stop
    return found


def explain_nearness(
    snapshot: Snapshot, field: str, words: Sequence[FieldWord], docnum: int, bm25: BM25
) -> Explanation:
    """What :func:`nearness` gives for one document, and why."""
    statistics = snapshot.field(field)
    places: list[tuple[int, int]] = []
    for number, word in enumerate(words):
        for term, _ in word.terms:
            _, positions = statistics.posting(term, docnum, positions=True)
            places += [(place, number) for place in positions[: MOST_PLACES - len(places)]]
    places.sort()
    gains = [0.0] * len(words)
    for (place, one), (next_place, other) in pairwise(places):
        if one != other and place != next_place:
            weight = 1.0 / (next_place - place) ** 2
            gains[one] += words[other].idf * weight
            gains[other] += words[one].idf * weight
    average = statistics.average_length or 1.0
    norm = max(1 - bm25.b + bm25.b * statistics.length(docnum) / average, 1e-9)
    details = []
    for word, gain in zip(words, gains, strict=True):
        if gain > 0:
            value = min(1.0, word.idf) * (gain / (gain + bm25.k1 * norm))
            name = word.terms[0][0].decode("utf-8", "surrogateescape")
            details.append(Explanation(value, f'"{name}" near the others: gain {gain:g}'))
    return summed(f"nearness of the words in {field}", details)
