"""How near to each other do the words of a query stand in a passage?

Each two words that follow each other among the places of the query's words, with none of these in
between, attract each other by the inverse square of their distance: both gain the other's idf
divided by it. What a word has gained is saturated as a frequency is (Büttcher, Clarke and Lushman,
"Term Proximity Scoring for Ad-Hoc Retrieval on Very Large Text Collections", 2006):

    gain(word) = sum of idf(neighbour) / distance ** 2
    nearness   = sum of min(1, idf(word)) * gain / (gain + k1 * (1 - b + b * length / average))

Words that every text is full of stand between others and do not count, unless the query has no
others.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise

from searchkit.index import Snapshot
from searchkit.kernels import search as kernel
from searchkit.search.bm25 import BM25
from searchkit.search.candidates import FieldWord, shares
from searchkit.search.explanation import Explanation, summed
from searchkit.search.room import damaged, scratch

MOST_PLACES = 1_024
"""So many places of the words are looked at in a passage."""


def near_words(words: Sequence[FieldWord]) -> list[FieldWord]:
    """Those of ``words`` whose nearness counts."""
    telling = [word for word in words if not word.is_stop]
    return telling or list(words)


def nearness(
    snapshot: Snapshot, field: str, words: Sequence[FieldWord], docnums: Sequence[int], bm25: BM25
) -> array[float]:
    """The nearness of ``words`` in each of the ascending ``docnums``."""
    found = array("d", bytes(8 * len(docnums)))
    if len(words) < 2:
        return found
    statistics = snapshot.field(field)
    idfs = array("d", [word.idf for word in words])
    places = array("q", bytes(16 * MOST_PLACES))
    for share in shares(snapshot, field, docnums):
        lists = array("q")
        for number, word in enumerate(words):
            for term, _ in word.terms:
                where = share.reader.list_of(term, positions=True)
                if where is not None:
                    lists.extend((number, *where[:5]))
        scores = array("d", bytes(8 * len(share.docs)))
        if not kernel.nearness_of(
            share.reader.postings,
            share.reader.positions,
            lists,
            idfs,
            share.reader.length_bytes,
            share.reader.length_width,
            share.segment.docs,
            bm25.k1,
            bm25.b,
            statistics.average_length or 1.0,
            share.docs,
            scores,
            scratch.cursors,
            places,
        ):
            raise damaged(snapshot)
        found[share.start : share.stop] = scores
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
        if one != other:
            weight = 1.0 / max(next_place - place, 1) ** 2
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
