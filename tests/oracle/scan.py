"""The slow, obvious twin of the search: read every passage, count, and score.

Written from the definitions alone: the query tree's docstrings and the BM25 formulas of Robertson
and Zaragoza 2009. It uses none of the product's search, index or highlighting.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from searchkit.tree import And, AndNot, Every, FieldGroup, Node, Or, Phrase, Term

Passage = dict[str, list[str]]
"""The terms of each field, in order."""

K1 = 1.2
B = 0.75


def scan(passages: Sequence[Passage], tree: Node) -> dict[int, float]:
    """The score of each passage that matches, by its number."""
    scores = {number: score(passages, number, tree) for number in range(len(passages))}
    return {number: value for number, value in scores.items() if value is not None}


def score(passages: Sequence[Passage], number: int, node: Node) -> float | None:
    """The passage's score, or None if it does not match."""
    match node:
        case Every():
            return 0.0
        case Or(children):
            parts = [score(passages, number, child) for child in children]
            matching = [part for part in parts if part is not None]
            return sum(matching) if matching else None
        case And(children):
            parts = [score(passages, number, child) for child in children]
            if not parts or any(part is None for part in parts):
                return None
            return sum(part for part in parts if part is not None)
        case AndNot(wanted, unwanted):
            if score(passages, number, unwanted) is not None:
                return None
            return score(passages, number, wanted)
        case Term(field, term):
            return bm25f(passages, number, (term,), ((field, 1.0),))
        case FieldGroup(term, weights):
            return bm25f(passages, number, (term,), weights)
        case Phrase(field, terms):
            return bm25f(passages, number, terms, ((field, 1.0),))


def bm25f(
    passages: Sequence[Passage],
    number: int,
    terms: tuple[str, ...],
    weights: tuple[tuple[str, float], ...],
) -> float | None:
    frequency = 0.0
    for field, weight in weights:
        count = occurrences(passages[number][field], terms)
        if count:
            average = sum(len(passage[field]) for passage in passages) / len(passages)
            frequency += weight * count / (1 - B + B * len(passages[number][field]) / average)
    if not frequency:
        return None
    worth = sum(idf(passages, term, [field for field, _ in weights]) for term in terms)
    return worth * frequency / (K1 + frequency)


def occurrences(text: list[str], terms: tuple[str, ...]) -> int:
    return sum(tuple(text[at : at + len(terms)]) == terms for at in range(len(text)))


def idf(passages: Sequence[Passage], term: str, fields: list[str]) -> float:
    having = sum(any(term in passage[field] for field in fields) for passage in passages)
    return math.log(1 + (len(passages) - having + 0.5) / (having + 0.5))
