"""Which clauses stand for the words and phrases of a query?

A word without a field is looked for in all fields as one (BM25F). A connected word, which analysis
splits in several, is the phrase of its parts; where no word is required, its parts alone count
too, so that the exact form comes first and the rest is still found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from searchkit.analysis import Token
from searchkit.query.asked import Word
from searchkit.schema import FIELDS, HEADINGS, TEXT, TITLE
from searchkit.tree import NOTHING, And, AndNot, Every, Node, Or, Phrase, Term, word_in

DEFAULT_WEIGHTS = ((TEXT, 1.0), (TITLE, 1.5), (HEADINGS, 0.6))
"""How much a word counts in each field, where the query names none."""


def word_clause(term: str, field: str | None) -> Node:
    """One word, in ``field`` or in all of them."""
    return word_in(term, DEFAULT_WEIGHTS) if field is None else Term(field, term)


def phrase_clause(terms: Sequence[str], field: str | None) -> Node:
    """Running words, in ``field`` or in any; a phrase of one word is the word."""
    if len(terms) == 1:
        return word_clause(terms[0], field)
    if field is None:
        return Or(tuple(Phrase(name, tuple(terms)) for name in FIELDS))
    return Phrase(field, tuple(terms))


def connected_clauses(terms: Sequence[str], stop_terms: Collection[str]) -> list[Node]:
    """A word of several parts in a list that requires none.

    Parts that every text is full of (``state-of-the-art``) count only within the phrase.
    """
    parts = [term for term in terms if term not in stop_terms]
    return [phrase_clause(terms, None), *(word_clause(term, None) for term in parts)]


def typed_words(text: str, tokens: Iterable[Token], field: str | None) -> list[Word]:
    """What to report of ``tokens``, which stand in ``text``."""
    return [
        Word(text[one.start : one.end], (one.term,), one.start, one.end, field) for one in tokens
    ]


def any_of(clauses: Iterable[Node]) -> Node:
    """``Or``, kept flat, each clause once, and none around a single clause.

    A word typed twice counts once: a query is no vote.
    """
    distinct: dict[Node, None] = {}
    for clause in clauses:
        if isinstance(clause, Or):
            distinct.update(dict.fromkeys(clause.children))
        else:
            distinct[clause] = None
    if len(distinct) == 1:
        return next(iter(distinct))
    return Or(tuple(distinct)) if distinct else NOTHING


def all_of(clauses: Iterable[Node]) -> Node:
    """``And`` of one clause or more, kept flat, each clause once, and none around a single one."""
    distinct: dict[Node, None] = {}
    for clause in clauses:
        if isinstance(clause, And):
            distinct.update(dict.fromkeys(clause.children))
        else:
            distinct[clause] = None
    if len(distinct) == 1:
        return next(iter(distinct))
    return And(tuple(distinct))


def without(wanted: Node | None, unwanted: Sequence[Node]) -> Node | None:
    """``wanted`` (or, if None, everything) less what any of ``unwanted`` matches."""
    if not unwanted:
        return wanted
    return AndNot(Every() if wanted is None else wanted, any_of(unwanted))
