"""Which documents match a query tree, and with what score?

The general road: each node becomes the set of all documents that match it, with their scores; each
sum is taken in the order of the clauses. ``top.py`` has the short ones.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from functools import reduce

from searchkit.errors import IndexCorruptError
from searchkit.index import FieldStatistics, Snapshot
from searchkit.kernels import sets as kernel
from searchkit.search import top
from searchkit.search.bitmaps import marked
from searchkit.search.bm25 import BM25
from searchkit.search.expand import documents
from searchkit.search.ranges import in_range
from searchkit.search.room import MOST_TERMS
from searchkit.search.rows import rows
from searchkit.search.sets import Scored, united
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
    Node,
    NumberRange,
    Or,
    Phrase,
    Require,
    Term,
    WordGroup,
    encoded,
)


def evaluate(snapshot: Snapshot, node: Node, bm25: BM25) -> Scored:
    """The live documents that ``node`` matches. Raises ``re.error`` for a wrong ``Regex``."""
    match node:
        case Term(field, term):
            return _group(snapshot, ((field, term, 1.0),), 1.0, bm25)
        case WordGroup(members, factor):
            return _group(snapshot, members, factor, bm25)
        case Phrase():
            return _phrase(snapshot, node, bm25)
        case Or(children):
            return united([evaluate(snapshot, child, bm25) for child in children])
        case And(children):
            sets = [evaluate(snapshot, child, bm25) for child in children]
            return reduce(Scored.intersect, sets) if sets else Scored.none()
        case AndNot(wanted, unwanted):
            return evaluate(snapshot, wanted, bm25).subtract(evaluate(snapshot, unwanted, bm25))
        case AndMaybe(required, optional):
            return evaluate(snapshot, required, bm25).add_where(evaluate(snapshot, optional, bm25))
        case Require(scored, required):
            there = evaluate(snapshot, required, bm25)
            return evaluate(snapshot, scored, bm25).intersect(Scored.constant(there.docs, 0.0))
        case DisjunctionMax(children, tie):
            return _best_child([evaluate(snapshot, child, bm25) for child in children], tie)
        case Every():
            return Scored.constant(array("I", snapshot.live()), 0.0)
        case ConstantScore(child, score):
            return Scored.constant(evaluate(snapshot, child, bm25).docs, score)
        case Boost(child, factor):
            return evaluate(snapshot, child, bm25).scaled(factor)
        case NumberRange():
            return Scored.constant(_in_range(snapshot, node), 1.0)
        case _:
            return Scored.constant(documents(snapshot, node), 1.0)


def _group(
    snapshot: Snapshot, members: tuple[tuple[str, str, float], ...], factor: float, bm25: BM25
) -> Scored:
    total = Scored.none()
    for name, term, weight in members:
        field = snapshot.field(name)
        total = total.unite(_normalised(field, encoded(term), weight, bm25))
    if total.docs:
        idf = bm25.idf(len(total.docs), snapshot.live_docs)
        kernel.saturate(total.values, bm25.k1, idf * factor)
    return total


def _normalised(field: FieldStatistics, term: bytes, weight: float, bm25: BM25) -> Scored:
    """The documents that have ``term``, each with its frequency, normalised and weighted."""
    docs, values = array("I"), array("d")
    for segment, reader, some, tfs in field.lists(term):
        normalised = array("d", bytes(8 * len(some)))
        if some and not kernel.normalise(
            some,
            tfs,
            segment.base,
            reader.length_bytes,
            reader.length_width,
            bm25.b,
            field.average_length or 1.0,
            weight,
            normalised,
        ):
            raise IndexCorruptError(field.path, "a document of a list has no length")
        docs += some
        values += normalised
    return Scored(docs, values)


def _phrase(snapshot: Snapshot, node: Phrase, bm25: BM25) -> Scored:
    """Every match: of as many as the rarest term has, the best."""
    if len(node.terms) > MOST_TERMS:
        return _long_phrase(snapshot, node, bm25)
    rarest = min(snapshot.field(node.field).df(encoded(term)) for term in node.terms)
    best = top.phrase(snapshot, node, rarest, bm25)
    best.sort()
    return Scored(array("I", [doc for doc, _ in best]), array("d", [score for _, score in best]))


def _long_phrase(snapshot: Snapshot, node: Phrase, bm25: BM25) -> Scored:
    """A phrase of more terms than the kernels have room for: a pasted paragraph."""
    field = snapshot.field(node.field)
    terms = [encoded(term) for term in node.terms]
    places = {term: field.positions(term) for term in set(terms)}
    idf = math.fsum(bm25.idf(field.df(term), snapshot.live_docs) for term in terms)
    docs, tfs = array("I"), array("I")
    for doc in sorted(set(places[terms[0]]).intersection(*places.values())):
        begins = rows([places[term][doc] for term in terms], node.slop)
        if begins:
            docs.append(doc)
            tfs.append(len(begins))
    values = array("d", bytes(8 * len(docs)))
    start = 0
    for segment, reader in field.parts:
        stop = bisect_left(docs, segment.base + segment.docs)
        some = values[start:stop]
        if some and not kernel.normalise(
            docs[start:stop],
            tfs[start:stop],
            segment.base,
            reader.length_bytes,
            reader.length_width,
            bm25.b,
            field.average_length or 1.0,
            1.0,
            some,
        ):
            raise IndexCorruptError(field.path, "a document of a list has no length")
        values[start:stop] = some
        start = stop
    if values:
        kernel.saturate(values, bm25.k1, idf)
    return Scored(docs, values)


def _best_child(sets: list[Scored], tie: float) -> Scored:
    best = Scored.none()
    for one in sets:
        best = best.unite(one, maximum=True)
    if tie == 0 or len(sets) < 2:
        return best
    others = united(sets).unite(best.scaled(-1.0))
    return best.add_where(others.scaled(tie))


def _in_range(snapshot: Snapshot, node: NumberRange) -> array[int]:
    found = array("I")
    for segment in snapshot.segments:
        bits = int.from_bytes(in_range(segment, node), "little")
        bits &= ~int.from_bytes(segment.deleted_bits, "little")
        found += marked(bits, segment)
    return found
