"""What does a question come to?

From a query, as it was understood, to the passages, counts and notices that answer it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from searchkit.analysis import Analyzer
from searchkit.answer import Answer, absent_words, make_hits
from searchkit.freshness import Files
from searchkit.index import Snapshot
from searchkit.query import Query
from searchkit.search import Ranking, all_matches
from searchkit.search.rerank import Asked, ranked
from searchkit.search.weighing import weighed

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
    ranking = _ranking(snapshot, query, analyzer, limit, offset, sort)
    assert ranking.total is not None
    hits = make_hits(snapshot, ranking.best, offset + 1, query.tree, analyzer, files)
    counts: tuple[Facet, ...] = ()
    if facets:
        # Late: most searches count nothing.
        from searchkit.facets import DEFAULT_VALUES, facets_of

        if not isinstance(facets, Mapping):
            facets = dict.fromkeys(facets, DEFAULT_VALUES)
        counts = facets_of(snapshot, query.tree, facets)
    return Answer(
        query=query,
        notices=(*query.notices, *absent_words(query, snapshot)),
        total=ranking.total,
        hits=tuple(hits),
        facets=counts,
    )


def asked_of(query: Query, analyzer: Analyzer) -> Asked:
    """What the ranking wants to know of a query."""
    terms = [term for word in query.words for term in word.terms]
    return Asked(
        tree=weighed(query.tree, Counter(terms), analyzer.stop_terms),
        stop_terms=analyzer.stop_terms,
        title=() if any(word.field for word in query.words) else tuple(terms),
    )


def best_documents(snapshot: Snapshot, asked: Asked, count: int) -> list[tuple[str, float]]:
    """The ``count`` best documents by their best passages: key and score, best first."""
    passages = count
    best: dict[str, float] = {}
    while True:
        ranking = ranked(snapshot, asked, passages).best
        for docnum, score in ranking:
            best.setdefault(snapshot.key(docnum), score)
        if len(best) >= count or len(ranking) < passages:
            return list(best.items())[:count]
        passages *= 2


def _ranking(
    snapshot: Snapshot, query: Query, analyzer: Analyzer, limit: int, offset: int, sort: str
) -> Ranking:
    asked = asked_of(query, analyzer)
    if not sort:
        return ranked(snapshot, asked, limit, offset, count=True)
    # Late: most searches go by score.
    from searchkit.sorting import in_order

    matches = all_matches(snapshot, asked.tree)
    ordered = in_order(snapshot, matches, sort)
    return Ranking(tuple(ordered[offset : offset + limit]), len(matches.docs))
