"""How is a query tree answered: by which road, and with how many documents?"""

from __future__ import annotations

import math
from array import array

from searchkit.index import Snapshot
from searchkit.kernels import search as kernel
from searchkit.record import Record
from searchkit.search import groups, top
from searchkit.search.bm25 import BM25
from searchkit.search.evaluate import evaluate
from searchkit.search.expand import documents
from searchkit.search.filters import Left, parts_of
from searchkit.search.room import MOST_TERMS, Best
from searchkit.search.sets import Scored
from searchkit.tree import (
    Boost,
    ConstantScore,
    Expanding,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Regex,
    TermRange,
    Wildcard,
)


class Ranking(Record):
    """The best documents as pairs (docnum, score), best first; equal scores go to the lower docnum.

    ``total`` is how many match in all, or None if that was not asked for.
    """

    best: tuple[tuple[int, float], ...]
    total: int | None


def search(
    snapshot: Snapshot,
    tree: Node,
    limit: int = 10,
    offset: int = 0,
    *,
    scoring: BM25 | None = None,
    count: bool = False,
) -> Ranking:
    """The ``limit`` best documents after the ``offset`` best ones (both at least 0).

    Exactly those that scoring every document would give. With ``count``, how many match, too.
    Raises ``re.error`` for a wrong ``Regex``.
    """
    if limit < 0 or offset < 0:
        raise ValueError(f"limit and offset cannot be negative: {limit}, {offset}")
    bm25 = scoring or BM25()
    wanted = min(offset + limit, snapshot.docs)
    parts = parts_of(tree)
    words = None if parts.scored is None else groups.words_of(parts.scored)
    best: Best | None = None
    total: int | None = None
    if parts.scored is None:
        left = Left(snapshot, parts.filters, bm25)
        best = left.first(wanted)
        total = left.count() if count else None
    elif words is not None:
        hidden = Left(snapshot, parts.filters, bm25).hidden if parts.filters else None
        best = groups.best(snapshot, words, wanted, bm25, hidden)
        total = groups.count(snapshot, words, hidden) if count else None
    elif not count:
        best = _short(snapshot, tree, wanted, bm25)
    if best is None:
        matches = evaluate(snapshot, tree, bm25)
        best = _best_of(matches, wanted)
        total = len(matches.docs) if count else None
    best.sort(key=lambda scored: (-scored[1], scored[0]))
    return Ranking(tuple(best[offset:wanted]), total)


def all_matches(snapshot: Snapshot, tree: Node, scoring: BM25 | None = None) -> Scored:
    """Every document that matches, in order, with its score."""
    return evaluate(snapshot, tree, scoring or BM25())


def next_of(matches: Scored, after: tuple[int, float], wanted: int) -> Best:
    """The best of ``matches`` that come after a document and its score, in order."""
    docnum, score = after
    found = _best_of(matches, wanted, score, docnum)
    return sorted(found, key=lambda scored: (-scored[1], scored[0]))


def _best_of(
    matches: Scored, wanted: int, last_score: float = math.inf, last_doc: int = -1
) -> Best:
    wanted = min(wanted, len(matches.docs))
    scores, docs = array("d", bytes(8 * wanted)), array("q", bytes(8 * wanted))
    held = kernel.best_of(matches.docs, matches.values, wanted, last_score, last_doc, scores, docs)
    return list(zip(docs[:held], scores[:held], strict=True))


def _short(snapshot: Snapshot, tree: Node, wanted: int, bm25: BM25) -> Best | None:
    """The best documents of what is no query of words; None if no short road leads there."""
    if isinstance(tree, Phrase):
        return top.phrase(snapshot, tree, wanted, bm25) if len(tree.terms) <= MOST_TERMS else None
    equal = _equal(tree)
    if equal is None:
        return None
    node, score = equal
    return [(doc, score) for doc in documents(snapshot, node, wanted)]


def _equal(node: Node) -> tuple[Expanding, float] | None:
    """The node that all of ``node`` comes down to, and the score of all that it matches, if so."""
    match node:
        case Prefix() | Wildcard() | Regex() | Fuzzy() | TermRange():
            return node, 1.0
        case ConstantScore(child, score):
            equal = _equal(child)
            return equal and (equal[0], score)
        case Boost(child, factor):
            equal = _equal(child)
            return equal and (equal[0], equal[1] * factor)
        case _:
            return None
