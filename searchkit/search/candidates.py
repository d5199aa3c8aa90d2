"""What of a query is looked at again in the candidates of a ranking, and where are they?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from searchkit.index import Snapshot
from searchkit.search.bm25 import BM25
from searchkit.search.room import MOST_LISTS, MOST_TERMS
from searchkit.search.weighing import is_stop
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    DisjunctionMax,
    Node,
    Or,
    Require,
    Term,
    WordGroup,
    encoded,
)

Members = tuple[tuple[str, str, float], ...]


class FieldWord(NamedTuple):
    """A word in one field: its terms there with their weights, and its idf, times its factor."""

    terms: tuple[tuple[bytes, float], ...]
    idf: float


def field_words(
    snapshot: Snapshot, node: Node, field: str, stop_terms: Collection[str], bm25: BM25
) -> list[FieldWord]:
    """The words of a query, as far as ``field`` has them: the first ones, if they are too many.

    Those that every text is full of are left out, unless there are no others: they say nothing of
    nearness, hardly anything of documents (0.001 in the mean of ``docs/ranking.md``), and have the
    longest lists.
    """
    df = snapshot.field(field).df
    there = []
    words: dict[Members, tuple[Term | WordGroup, float]] = {}
    for word, factor in _words(node, 1.0):
        one = word.members if isinstance(word, WordGroup) else ((word.field, word.term, 1.0),)
        words.setdefault(one, (word, factor))
    for members, (word, factor) in words.items():
        terms = tuple(
            (encoded(term), weight)
            for name, term, weight in members
            if name == field and df(encoded(term))
        )
        if terms:
            there.append((word, members, terms, factor))
    telling = [one for one in there if not is_stop(one[0], stop_terms)]
    found: list[FieldWord] = []
    lists = 0
    for _, members, terms, factor in telling or there:
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


def _words(node: Node, factor: float) -> Iterator[tuple[Term | WordGroup, float]]:
    """The words that score, each with what its idf is multiplied by."""
    match node:
        case Term():
            yield node, factor
        case WordGroup(_, own):
            yield node, own * factor
        case And(children) | Or(children) | DisjunctionMax(children):
            for child in children:
                yield from _words(child, factor)
        case AndNot(child, _) | Require(child, _):
            yield from _words(child, factor)
        case AndMaybe(one, other):
            yield from _words(one, factor)
            yield from _words(other, factor)
        case Boost(child, more):
            yield from _words(child, factor * more)
        case _:
            pass
