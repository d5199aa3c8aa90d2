"""Which words of an index does a pattern stand for, and how well do passages have them?

A pattern that stands for few words is one word to the ranking: passages that have its words often,
or rarer ones, come first. One that stands for many chooses passages and orders none, since reading
all of their lists would take longer than it tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from searchkit.index import Snapshot
from searchkit.index.damage import reading
from searchkit.query import DEFAULT_WEIGHTS
from searchkit.schema import word_field
from searchkit.search.bm25 import BM25
from searchkit.search.expand import meant
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
    Prefix,
    Regex,
    Require,
    Wildcard,
    WordGroup,
)

MOST_LISTS = 64
"""Of a pattern that is one word to the ranking: each is read as that of a word is."""

_WEIGHTS: Mapping[str, float] = {
    name: weight
    for field, weight in DEFAULT_WEIGHTS
    for name, weight in (
        (field, weight),
        # Without lengths what stands there counts like in a text without any: for this much it
        # counts like in one of average length.
        (word_field(field), weight * (1 - BM25().b)),
    )
}


def as_words(node: Node, snapshot: Snapshot) -> Node:
    """The tree with a word in place of each pattern that stands for few."""

    def inner(child: Node) -> Node:
        return as_words(child, snapshot)

    match node:
        case Prefix() | Wildcard() | Regex() | Fuzzy():
            return _word([node], snapshot) or node
        case Or(children):
            words = tuple(_alternatives(children, snapshot))
            return words[0] if len(words) == 1 else Or(words)
        case And(children):
            return And(tuple(map(inner, children)))
        case DisjunctionMax(children, tie):
            return DisjunctionMax(tuple(map(inner, children)), tie)
        case AndNot(wanted, unwanted):
            return AndNot(inner(wanted), unwanted)
        case AndMaybe(required, optional):
            return AndMaybe(inner(required), inner(optional))
        case Require(scored, required):
            return Require(inner(scored), required)
        case Boost(child, factor):
            return Boost(inner(child), factor)
        case _:
            return node


def terms_of(node: Expanding, snapshot: Snapshot, most: int) -> list[str]:
    """The terms of its field that a pattern stands for, sorted; of each segment at most so many.
    None of those that only deleted documents have: those are there until segments are merged.
    """
    field = snapshot.field(node.field)
    found: set[bytes] = set()
    for segment, reader in field.parts:
        with reading(snapshot.path):
            terms = (term for term, _ in meant(reader.terms, node))
            live = (term for term in terms if not segment.deleted_bits or field.df(term))
            found.update(islice(live, most))
    return [term.decode("utf-8", "surrogateescape") for term in sorted(found)]


def _alternatives(children: Sequence[Node], snapshot: Snapshot) -> Iterator[Node]:
    """The children of an ``Or``; one pattern in several fields becomes one word."""
    patterns: dict[tuple[object, ...], list[Expanding]] = {}
    for child in children:
        if isinstance(child, Prefix | Wildcard | Regex | Fuzzy):
            patterns.setdefault(_but_field(child), []).append(child)
    for child in children:
        if isinstance(child, Prefix | Wildcard | Regex | Fuzzy):
            same = patterns.pop(_but_field(child), None)
            if same:
                word = _word(same, snapshot)
                yield from same if word is None else (word,)
        else:
            yield as_words(child, snapshot)


def _but_field(node: Expanding) -> tuple[object, ...]:
    _, *rest = node.__dict__.values()
    return (type(node), *rest)


def _word(nodes: Sequence[Expanding], snapshot: Snapshot) -> WordGroup | None:
    """The word for one pattern in several fields; None if it stands for none, or too many."""
    members: list[tuple[str, str, float]] = []
    for node in nodes:
        weight = _WEIGHTS.get(node.field)
        if weight is None:
            return None
        terms = terms_of(node, snapshot, MOST_LISTS + 1)
        members += [(node.field, term, weight) for term in terms]
        if len(members) > MOST_LISTS:
            return None
    return WordGroup(tuple(members)) if members else None
