"""How much does each word of a query matter?

A word typed several times says what a long question is about: it counts as BM25 counts repetition
in queries, (k3 + 1) n / (k3 + n) with k3 = 4 (Robertson and Walker 1994; at TREC, 7 to 1000). The
words that every text is full of count a fifth: in a small collection few passages may have "what"
or "been", and then idf takes them for telling. ``docs/ranking.md`` has the measurements.

Only what scores matters here: with a filter, words weigh what they do without.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import repeat

from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    DisjunctionMax,
    Expanding,
    Fuzzy,
    Node,
    Or,
    Phrase,
    Prefix,
    Regex,
    Require,
    Term,
    TermRange,
    Wildcard,
    WordGroup,
)

Scoring = Term | WordGroup | Phrase | Expanding
"""What scores by the words of passages."""

K3 = 4.0
STOP_FACTOR = 0.2


def weighed(node: Node, times: Mapping[str, int], stop_terms: Collection[str]) -> Node:
    """The same query with the factor of each of its words: ``times`` says how often a term was
    typed, ``stop_terms`` which of them say little. In a query of such words alone all count whole.
    """
    if len({is_stop(leaf, stop_terms) for leaf, _ in scoring(node)}) < 2:
        stop_terms = ()
    if not stop_terms and max(times.values(), default=1) < 2:
        return node
    return _weighed(node, times, stop_terms)


def scoring(node: Node, factor: float = 1.0) -> Iterator[tuple[Scoring, float]]:
    """The words, phrases and patterns that score, each with what its idf is multiplied by."""
    match node:
        case WordGroup(_, own):
            yield node, own * factor
        case Term() | Phrase() | Prefix() | Wildcard() | Regex() | Fuzzy() | TermRange():
            yield node, factor
        case And(children) | Or(children) | DisjunctionMax(children):
            for child in children:
                yield from scoring(child, factor)
        case AndNot(child, _) | Require(child, _):
            yield from scoring(child, factor)
        case AndMaybe(one, other):
            yield from scoring(one, factor)
            yield from scoring(other, factor)
        case Boost(child, more):
            yield from scoring(child, factor * more)
        case _:
            pass


def times_factor(times: int) -> float:
    """What a word counts that was typed so often; 1 for once."""
    return (K3 + 1) * times / (K3 + times)


def is_stop(leaf: Scoring, stop_terms: Collection[str]) -> bool:
    """Whether all terms that it stands for are among ``stop_terms``; a pattern says something."""
    match leaf:
        case Term(_, term):
            return term in stop_terms
        case WordGroup(members):
            return all(term in stop_terms for _, term, _ in members)
        case Phrase(_, terms):
            return all(term in stop_terms for term in terms)
        case _:
            return False


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
