"""Which passages are looked at again though others score more?

Those of documents whose title is what was typed; and, where what is new comes first, the newest of
those that score the same as the last that is looked at.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections.abc import Sequence

from searchkit.index import Snapshot
from searchkit.schema import WHOLE_TITLE
from searchkit.search.bm25 import BM25
from searchkit.search.collect import all_matches, search
from searchkit.search.whole import runs
from searchkit.tree import And, ConstantScore, Node, Term, encoded

Best = list[tuple[int, float]]

MOST_TITLED = 100
"""Documents of one title that come first: the best of them. Pages must fit together, and so these
are all looked at for each."""

_MOST_PASSAGES = 10_000
"""So many of the passages of one title are ranked, the best of them: those of a shelf of books."""


def titled(snapshot: Snapshot, tree: Node, title: str, bm25: BM25) -> Best:
    """The best passage of each document whose title has the term ``title``, if it matches, with
    its score.
    """
    if not title or WHOLE_TITLE not in snapshot.schema.fields:
        return []
    count = snapshot.field(WHOLE_TITLE).df(encoded(title))
    if not count:
        return []
    so_titled = And((tree, ConstantScore(Term(WHOLE_TITLE, title), 0.0)))
    found = search(snapshot, so_titled, min(count, _MOST_PASSAGES), scoring=bm25).best
    docnums = array("q", sorted([doc for doc, _ in found]))
    document_of = dict(zip(docnums, runs(snapshot, docnums).lows, strict=True))
    best_of: dict[int, tuple[int, float]] = {}
    for one in found:
        best_of.setdefault(document_of[one[0]], one)
    return list(best_of.values())[:MOST_TITLED]


def newest(
    snapshot: Snapshot, tree: Node, best: Sequence[tuple[int, float]], column: str, bm25: BM25
) -> Best:
    """``best`` without the last, which comes after it; but if that has the same score, all of this
    score compete, and the newest are taken.
    """
    *kept, following = best
    border = kept[-1][1]
    if following[1] != border:
        return kept
    above = [one for one in kept if one[1] > border]
    found = all_matches(snapshot, tree, bm25)
    ties = [doc for doc, value in zip(found.docs, found.values, strict=True) if value == border]
    news = heapq.nsmallest(
        len(kept) - len(above), ties, key=lambda doc: (-day(snapshot, column, doc), doc)
    )
    return above + [(doc, border) for doc in news]


def day(snapshot: Snapshot, column: str, docnum: int) -> float:
    """The number of the day in a column; less than any if there is none."""
    value = snapshot.column_value(column, docnum)
    return -math.inf if value is None or isinstance(value, bytes) else value
