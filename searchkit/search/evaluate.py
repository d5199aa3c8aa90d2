"""Which passages match a query tree, and with what score?

Exhaustive: every matching passage is scored, each sum in the order of the clauses.
"""

from __future__ import annotations

from collections.abc import Iterable

from searchkit.index import Snapshot
from searchkit.search.bm25 import BM25
from searchkit.tree import And, AndNot, Every, FieldGroup, Node, Or, Phrase, Term

Scores = dict[int, float]
"""The score of each matching passage, by docnum."""


def evaluate(snapshot: Snapshot, node: Node, bm25: BM25) -> Scores:
    """The passages that ``node`` matches, with their scores."""
    match node:
        case Term(field, term):
            return _field_group(snapshot, term, ((field, 1.0),), bm25)
        case FieldGroup(term, weights):
            return _field_group(snapshot, term, weights, bm25)
        case Phrase(field, terms):
            return _phrase(snapshot, field, terms, bm25)
        case Or(children):
            return _sum(evaluate(snapshot, child, bm25) for child in children)
        case And(children):
            parts = [evaluate(snapshot, child, bm25) for child in children]
            common = set[int]().union(*parts[:1]).intersection(*parts[1:])
            return {docnum: sum(part[docnum] for part in parts) for docnum in common}
        case AndNot(wanted, unwanted):
            out = evaluate(snapshot, unwanted, bm25)
            scores = evaluate(snapshot, wanted, bm25)
            return {docnum: score for docnum, score in scores.items() if docnum not in out}
        case Every():
            return dict.fromkeys(snapshot.docnums, 0.0)


def _sum(parts: Iterable[Scores]) -> Scores:
    total: Scores = {}
    for part in parts:
        for docnum, score in part.items():
            total[docnum] = total.get(docnum, 0.0) + score
    return total


def _field_group(
    snapshot: Snapshot, term: str, weights: tuple[tuple[str, float], ...], bm25: BM25
) -> Scores:
    frequencies: Scores = {}
    for field, weight in weights:
        average = snapshot.average_length(field)
        for docnum, frequency in snapshot.frequencies(field, term).items():
            length = snapshot.length(field, docnum)
            part = weight * bm25.normalised(frequency, length, average)
            frequencies[docnum] = frequencies.get(docnum, 0.0) + part
    idf = bm25.idf(len(frequencies), snapshot.passage_count)
    return {docnum: idf * bm25.saturated(tf) for docnum, tf in frequencies.items()}


def _phrase(snapshot: Snapshot, field: str, terms: tuple[str, ...], bm25: BM25) -> Scores:
    """A phrase is scored as a term: its frequency that of the whole, its idf the sum of its
    terms' (as Lucene does: how often the whole occurs is not known before the search).
    """
    positions = {term: snapshot.positions(field, term) for term in terms}
    idf = sum(bm25.idf(len(positions[term]), snapshot.passage_count) for term in terms)
    average = snapshot.average_length(field)
    scores: Scores = {}
    for docnum in set(positions[terms[0]]).intersection(*positions.values()):
        starts = set(positions[terms[0]][docnum])
        for at, term in enumerate(terms[1:], start=1):
            starts.intersection_update(position - at for position in positions[term][docnum])
        if starts:
            tf = bm25.normalised(len(starts), snapshot.length(field, docnum), average)
            scores[docnum] = idf * bm25.saturated(tf)
    return scores
