"""How much does each word of a query matter?

A word typed several times says what a long question is about: it counts as BM25 counts repetition
in queries, (k3 + 1) n / (k3 + n) with k3 = 4 (Robertson and Walker 1994; at TREC, 7 to 1000). The
words that every text is full of count a fifth: in a small collection few passages may have "what"
or "been", and then idf takes them for telling. ``docs/ranking.md`` has the measurements.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import repeat

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
    leaves,
)

K3 = 4.0
STOP_FACTOR = 0.2


def weighed(node: Node, times: Mapping[str, int], stop_terms: Collection[str]) -> Node:
    """The same query with the factor of each of its words: ``times`` says how often a term was
    typed, ``stop_terms`` which of them say little. In a query of such words alone all count whole.
    """
    words = [leaf for leaf in leaves(node) if isinstance(leaf, Term | WordGroup)]
    if len({is_stop(word, stop_terms) for word in words}) < 2:
        stop_terms = ()
    if not stop_terms and max(times.values(), default=1) < 2:
        return node
    return _weighed(node, times, stop_terms)


def times_factor(times: int) -> float:
    """What a word counts that was typed so often; 1 for once."""
    return (K3 + 1) * times / (K3 + times)


def is_stop(word: Term | WordGroup, stop_terms: Collection[str]) -> bool:
    """Whether all terms that a word stands for are among ``stop_terms``."""
    if isinstance(word, Term):
        return word.term in stop_terms
    return all(term in stop_terms for _, term, _ in word.members)


def _weighed(node: Node, times: Mapping[str, int], stop_terms: Collection[str]) -> Node:
    def weigh(child: Node) -> Node:
        return _weighed(child, times, stop_terms)

    match node:
        case Term(field, term):
            factor = _factor((term,), times, stop_terms)
            return node if factor == 1 else WordGroup(((field, term, 1.0),), factor)
        case WordGroup(members, own):
            factor = _factor([term for _, term, _ in members], times, stop_terms)
            return node if factor == 1 else WordGroup(members, own * factor)
        case And(children):
            return And(tuple(map(weigh, children)))
        case Or(children):
            return Or(tuple(map(weigh, children)))
        case DisjunctionMax(children, tie):
            return DisjunctionMax(tuple(map(weigh, children)), tie)
        case AndNot(wanted, unwanted):
            return AndNot(weigh(wanted), unwanted)
        case AndMaybe(required, optional):
            return AndMaybe(weigh(required), weigh(optional))
        case Require(scored, required):
            return Require(weigh(scored), required)
        case Boost(child, factor):
            return Boost(weigh(child), factor)
        case _:
            return node


def _factor(terms: Sequence[str], times: Mapping[str, int], stop_terms: Collection[str]) -> float:
    factor = 1.0
    count = max(map(times.get, terms, repeat(1)), default=1)
    if count > 1:
        factor = times_factor(count)
    if all(map(stop_terms.__contains__, terms)):
        factor *= STOP_FACTOR
    return factor
