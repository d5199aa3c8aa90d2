"""Which of the matching passages are best?"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from searchkit.index import Snapshot
from searchkit.search.bm25 import BM25
from searchkit.search.evaluate import evaluate
from searchkit.tree import Node


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best passages as pairs (docnum, score), best first, and how many matched in all.

    Equal scores go to the lower docnum.
    """

    best: tuple[tuple[int, float], ...]
    total: int


def search(snapshot: Snapshot, tree: Node, limit: int, offset: int, bm25: BM25) -> Ranking:
    """The ``limit`` best passages after the ``offset`` best ones (both at least 0)."""
    scores = evaluate(snapshot, tree, bm25)
    best = heapq.nsmallest(
        offset + limit, scores.items(), key=lambda scored: (-scored[1], scored[0])
    )
    return Ranking(best=tuple(best[offset:]), total=len(scores))
