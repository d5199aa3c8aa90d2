"""The slow, obvious twin of the search: read every passage, count, and score.

Written from the definitions alone: the query tree's docstrings and the BM25 formulas of Robertson
and Zaragoza 2009. It uses none of the product's search, index or highlighting.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
    Fuzzy,
    Node,
    NumberRange,
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

Passage = dict[str, list[str]]
"""The terms of each field, in order; in "#", what stands in its number column, if anything."""

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
            return bm25f(passages, number, ((field, term, 1.0),))
        case WordGroup(members, factor):
            part = bm25f(passages, number, members)
            return None if part is None else factor * part
        case Phrase(field, terms, slop):
            frequency = normalised(passages, number, field, terms, slop)
            worth = sum(idf(passages, [(field, term)]) for term in terms)
            return worth * saturated(frequency) if frequency else None
        case AndMaybe(required, optional):
            base = score(passages, number, required)
            more = score(passages, number, optional)
            return base if base is None or more is None else base + more
        case Require(scored, required):
            if score(passages, number, required) is None:
                return None
            return score(passages, number, scored)
        case DisjunctionMax(children, tie):
            parts = [score(passages, number, child) for child in children]
            matching = [part for part in parts if part is not None]
            if not matching:
                return None
            return max(matching) + tie * (sum(matching) - max(matching))
        case ConstantScore(child, constant):
            return None if score(passages, number, child) is None else constant
        case Boost(child, factor):
            part = score(passages, number, child)
            return None if part is None else factor * part
        case NumberRange(_, low, high, includes_low, includes_high):
            return within(passages[number]["#"], low, high, includes_low, includes_high)
        case TermRange(field, low, high, includes_low, includes_high):
            return within(passages[number][field], low, high, includes_low, includes_high)
        case Prefix(field, prefix):
            return 1.0 if any(t.startswith(prefix) for t in passages[number][field]) else None
        case Wildcard(field, pattern):
            expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
            return fitting(passages[number][field], expression)
        case Regex(field, pattern):
            return fitting(passages[number][field], pattern)
        case Fuzzy(field, word, distance, prefix, transpositions):
            for term in passages[number][field]:
                if term[:prefix] == word[:prefix] and (
                    edits(term, word, transpositions) <= distance
                ):
                    return 1.0
            return None


def bm25f(
    passages: Sequence[Passage], number: int, members: Sequence[tuple[str, str, float]]
) -> float | None:
    frequency = sum(
        weight * normalised(passages, number, field, (term,)) for field, term, weight in members
    )
    if not frequency:
        return None
    return idf(passages, [(field, term) for field, term, _ in members]) * saturated(frequency)


def saturated(frequency: float) -> float:
    return frequency / (K1 + frequency)


def normalised(
    passages: Sequence[Passage], number: int, field: str, terms: tuple[str, ...], slop: int = 1
) -> float:
    """How often a row of terms stands in a field, by the field's length."""
    text = passages[number][field]
    count = occurrences(text, terms, slop)
    if not count:
        return 0.0
    average = sum(len(passage[field]) for passage in passages) / len(passages)
    return count / (1 - B + B * len(text) / average)


def occurrences(text: list[str], terms: tuple[str, ...], slop: int) -> int:
    """At how many places a row begins."""

    def follows(at: int, rest: tuple[str, ...]) -> bool:
        if not rest:
            return True
        return any(
            text[after] == rest[0] and follows(after, rest[1:])
            for after in range(at + 1, min(at + slop + 1, len(text)))
        )

    return sum(text[at] == terms[0] and follows(at, terms[1:]) for at in range(len(text)))


def within(
    values: list[Any], low: Any, high: Any, includes_low: bool, includes_high: bool
) -> float | None:
    for value in values:
        above = low is None or value > low or (includes_low and value == low)
        below = high is None or value < high or (includes_high and value == high)
        if above and below:
            return 1.0
    return None


def fitting(terms: list[str], expression: str) -> float | None:
    return 1.0 if any(re.fullmatch(expression, term) for term in terms) else None


def edits(one: str, other: str, transpositions: bool) -> int:
    """Levenshtein's distance, or, with transpositions, Damerau's restricted one."""
    rows = [list(range(len(other) + 1))]
    for i in range(1, len(one) + 1):
        row = [i]
        for j in range(1, len(other) + 1):
            cost = min(
                rows[i - 1][j] + 1,
                row[j - 1] + 1,
                rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
            )
            if transpositions and i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


_rarity = ContextVar("rarity", default=1.0)


@contextmanager
def rarity(power: float) -> Iterator[None]:
    """Within, idf counts to this power."""
    token = _rarity.set(power)
    yield
    _rarity.reset(token)


def idf(passages: Sequence[Passage], terms: Sequence[tuple[str, str]]) -> float:
    having = sum(any(term in passage[field] for field, term in terms) for passage in passages)
    return math.log(1 + (len(passages) - having + 0.5) / (having + 0.5)) ** _rarity.get()
