"""How is a query tree answered: by which road, and with how many documents?"""

from __future__ import annotations

from array import array

from searchkit.index import Snapshot
from searchkit.kernels import search as kernel
from searchkit.record import Record
from searchkit.search import top
from searchkit.search.bm25 import BM25
from searchkit.search.evaluate import evaluate
from searchkit.search.sets import Scored
from searchkit.tree import And, FieldGroup, Node, Or, Phrase, Term


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
    bm25 = scoring or BM25()
    wanted = min(offset + limit, snapshot.docs)
    best = None if count else _short(snapshot, tree, wanted, bm25)
    total = None
    if best is None:
        matches = evaluate(snapshot, tree, bm25)
        best = _best_of(matches, wanted)
        total = len(matches.docs) if count else None
    best.sort(key=lambda scored: (-scored[1], scored[0]))
    return Ranking(tuple(best[offset:wanted]), total)


def all_matches(snapshot: Snapshot, tree: Node, scoring: BM25 | None = None) -> Scored:
    """Every document that matches, in order, with its score."""
    return evaluate(snapshot, tree, scoring or BM25())


def _best_of(matches: Scored, wanted: int) -> list[tuple[int, float]]:
    wanted = min(wanted, len(matches.docs))
    scores, docs = array("d", bytes(8 * wanted)), array("q", bytes(8 * wanted))
    held = kernel.best_of(matches.docs, matches.values, wanted, scores, docs)
    return list(zip(docs[:held], scores[:held], strict=True))


def _short(snapshot: Snapshot, tree: Node, wanted: int, bm25: BM25) -> top.Best | None:
    """The best documents by a short road, or None if none leads there."""
    match tree:
        case Term() | FieldGroup():
            named = _terms((tree,))
            return named and top.any_of(snapshot, *named, wanted, bm25)
        case Or(children):
            named = _terms(children)
            return named and top.any_of(snapshot, *named, wanted, bm25)
        case And(children):
            named = _terms(children)
            return named and top.all_of(snapshot, *named, wanted, bm25)
        case Phrase(_, terms) if len(terms) <= top.MOST_TERMS:
            return top.phrase(snapshot, tree, wanted, bm25)
        case _:
            return None


def _terms(children: tuple[Node, ...]) -> tuple[str, list[str]] | None:
    """The field and the terms, if the children are terms of one field and not too many."""
    field = None
    terms: list[str] = []
    for child in children:
        match child:
            case Term(name, term):
                pass
            case FieldGroup(term, ((name, 1.0),)):
                pass
            case _:
                return None
        if field not in (None, name):
            return None
        field = name
        terms.append(term)
    if field is None or len(terms) > top.MOST_TERMS:
        return None
    return field, terms
