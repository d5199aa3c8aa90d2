"""What of a query is looked at again in the candidates of a ranking, and where are they?"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from searchkit.index import Snapshot
from searchkit.search.bm25 import BM25
from searchkit.search.room import MOST_LISTS, MOST_TERMS
from searchkit.search.weighing import is_stop, scoring
from searchkit.tree import Node, Term, WordGroup, encoded

Members = tuple[tuple[str, str, float], ...]


class FieldWord(NamedTuple):
    """A word in one field: its terms there with their weights, and its idf, times its factor."""

    terms: tuple[tuple[bytes, float], ...]
    idf: float


def field_words(
    snapshot: Snapshot, node: Node, field: str, stop_terms: Collection[str], bm25: BM25
) -> list[FieldWord]:
    """The words of a query, as far as ``field`` has them: the first ones, if they are too many.
    Two that are the same there are one.

    Those that every text is full of are left out, unless the query asks for nothing else: they say
    nothing of nearness, hardly anything of documents (0.001 in the mean of ``docs/ranking.md``),
    and have the longest lists.
    """
    df = snapshot.field(field).df
    leaves = list(scoring(node))
    if all(is_stop(leaf, stop_terms) for leaf, _ in leaves):
        stop_terms = ()
    words: dict[tuple[bytes, ...], tuple[Members, tuple[tuple[bytes, float], ...], float]] = {}
    for leaf, factor in leaves:
        if not isinstance(leaf, Term | WordGroup) or is_stop(leaf, stop_terms):
            continue
        members = leaf.members if isinstance(leaf, WordGroup) else ((leaf.field, leaf.term, 1.0),)
        terms = tuple(
            (encoded(term), weight)
            for name, term, weight in members
            if name == field and df(encoded(term))
        )
        if terms:
            words.setdefault(tuple([term for term, _ in terms]), (members, terms, factor))
    found: list[FieldWord] = []
    lists = 0
    for members, terms, factor in words.values():
        lists += len(terms)
        if lists > MOST_LISTS:
            continue
        every = tuple((name, encoded(term)) for name, term, _ in members)
        occurring = tuple(one for one in every if snapshot.field(one[0]).df(one[1]))
        idf = bm25.idf(snapshot.df(occurring), snapshot.live_docs) * factor
        found.append(FieldWord(terms, idf))
        if len(found) == MOST_TERMS:
            break
    return found
