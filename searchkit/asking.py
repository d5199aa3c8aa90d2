"""What does a question come to?

From a query, as it was understood, to the passages, counts and notices that answer it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from searchkit.analysis import Analyzer
from searchkit.answer import Answer, make_hits
from searchkit.freshness import Files
from searchkit.index import Snapshot
from searchkit.query import Query
from searchkit.search import Ranking, all_matches, search
from searchkit.tree import Node
from searchkit.understood import absences, corrected, understood

if TYPE_CHECKING:
    from searchkit.facets import Facet


def ask(
    snapshot: Snapshot,
    query: Query,
    analyzer: Analyzer,
    files: Files,
    *,
    limit: int,
    offset: int,
    sort: str,
    facets: Mapping[str, int] | Iterable[str],
) -> Answer:
    """The answer to ``query``; what is asked for is told at ``Collection.search``."""
    if limit < 0 or offset < 0:
        raise ValueError(f"limit and offset cannot be negative: {limit}, {offset}")
    ranking = _ranking(snapshot, query.tree, limit, offset, sort)
    assert ranking.total is not None
    hits = make_hits(snapshot, ranking.best, offset + 1, query.tree, analyzer, files)
    counts: tuple[Facet, ...] = ()
    if facets:
        # Late: most searches count nothing.
        from searchkit.facets import DEFAULT_VALUES, facets_of

        if not isinstance(facets, Mapping):
            facets = dict.fromkeys(facets, DEFAULT_VALUES)
        counts = facets_of(snapshot, query.tree, facets)
    clauses = understood(query, snapshot)
    return Answer(
        query=query,
        notices=(*query.notices, *absences(query, clauses, snapshot)),
        total=ranking.total,
        hits=tuple(hits),
        facets=counts,
        understood=clauses,
        suggestion=corrected(query, snapshot, analyzer),
    )


def best_documents(snapshot: Snapshot, tree: Node, count: int) -> list[tuple[str, float]]:
    """The ``count`` best documents by their best passages: key and score, best first."""
    passages = count
    best: dict[str, float] = {}
    while True:
        ranking = search(snapshot, tree, passages).best
        for docnum, score in ranking:
            best.setdefault(snapshot.key(docnum), score)
        if len(best) >= count or len(ranking) < passages:
            return list(best.items())[:count]
        passages *= 2


def _ranking(snapshot: Snapshot, tree: Node, limit: int, offset: int, sort: str) -> Ranking:
    if not sort:
        return search(snapshot, tree, limit, offset, count=True)
    # Late: most searches go by score.
    from searchkit.sorting import in_order

    matches = all_matches(snapshot, tree)
    ordered = in_order(snapshot, matches, sort)
    return Ranking(tuple(ordered[offset : offset + limit]), len(matches.docs))
