"""Which clauses stand for the words and phrases of a query?

A word without a field is looked for in all fields as one (BM25F). A connected word, which analysis
splits in several, is the phrase of its parts; where no word is required, its parts alone count
too, so that the exact form comes first and the rest is still found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from searchkit.analysis import Analyzer, Token
from searchkit.analysis.asked import IndexAnalyzer
from searchkit.analysis.dictionary import open_dictionary
from searchkit.analysis.forms import query_forms
from searchkit.analysis.unspaced import is_hiragana, is_run, is_single, runs, telling, without_tails
from searchkit.query.asked import Word
from searchkit.schema import FIELDS, HEADINGS, TEXT, TITLE, dictionary_field
from searchkit.tree import (
    NOTHING,
    And,
    AndNot,
    Every,
    Node,
    Or,
    Phrase,
    Prefix,
    Term,
    WordGroup,
    word_in,
)

DEFAULT_WEIGHTS = ((TEXT, 1.0), (TITLE, 1.5), (HEADINGS, 0.6))
"""How much a word counts in each field, where the query names none."""

DICTIONARY_FACTOR = 1.3
"""What a word of a dictionary counts beside the pairs of its characters: nDCG@10 on every other
question of JaQuAD 0.886 without, 0.896 with 1, 0.899 with this and with 1.6."""


def word_clause(term: str, field: str | None) -> Node:
    """One word, in ``field`` or in all of them."""
    return word_in(term, DEFAULT_WEIGHTS) if field is None else Term(field, term)


def phrase_clause(terms: Sequence[str], field: str | None, between: int = 0) -> Node:
    """Running words, in ``field`` or in any, with up to ``between`` words after each but the last;
    a phrase of one word is the word.
    """
    if len(terms) == 1:
        word = word_clause(terms[0], field)
        if not is_single(terms[0]):
            return word
        # Elsewhere it is the first of two.
        names = FIELDS if field is None else (field,)
        return Or((word, *(Prefix(name, terms[0]) for name in names)))
    if field is None:
        return Or(tuple(Phrase(name, tuple(terms), between + 1) for name in FIELDS))
    return Phrase(field, tuple(terms), between + 1)


def connected_clauses(tokens: Sequence[Token], stop_terms: Collection[str]) -> list[Node]:
    """A word of several parts in a list that requires none.

    Parts that every text is full of (``state-of-the-art``) count only within the phrase, and so do
    all where there are but numbers and single letters (``3,000``, ``U.S.A.``). What is written
    without spaces has many words, and is no phrase unless it is quoted.
    """
    if is_run(tokens) or is_single(tokens[-1].term):
        return [word_clause(token.term, None) for token in telling(without_tails(tokens))]
    terms = [token.term for token in tokens]
    phrase = phrase_clause(terms, None)
    if all(term.isdecimal() or (len(term) == 1 and term.isascii()) for term in terms):
        return [phrase]
    return [phrase, *(word_clause(term, None) for term in terms if term not in stop_terms)]


def form_clauses(typed: str, field: str | None, analyzer: Analyzer) -> list[Node]:
    """The other forms of a word that is typed with signs: "e-mail" is in a text as "email"."""
    if not isinstance(analyzer, IndexAnalyzer):
        return []
    words = analyzer.analyze(query_forms(typed, analyzer.languages))
    # "us" for U.S. would find every text.
    return [word_clause(word, field) for word in words if word not in analyzer.stop_terms]


def dictionary_clauses(text: str, tokens: Sequence[Token], analyzer: Analyzer) -> list[Node]:
    """The words, by the dictionary of the index if it has one, of what is typed without spaces and
    has ``tokens`` in ``text``.

    Each consists of characters whose pairs are looked for, too: so these clauses change the order
    of what is found, and nothing else. Raises ``UsageError`` if the dictionary is not installed.
    """
    typed = text[tokens[0].start : tokens[-1].end]
    if typed.isascii() or not isinstance(analyzer, IndexAnalyzer) or not analyzer.dictionary:
        return []
    words = open_dictionary(analyzer.dictionary).words(typed)
    if not all(is_hiragana(token.term) for token in tokens):
        words = [word for word in words if not is_hiragana(word)]
    field = dictionary_field(analyzer.dictionary)
    return [WordGroup(((field, word, 1.0),), DICTIONARY_FACTOR) for word in words]


def typed_words(text: str, tokens: Sequence[Token], field: str | None) -> list[Word]:
    """What to report of ``tokens``, which stand in ``text``."""
    return [
        Word(
            text[run[0].start : run[-1].end],
            tuple(dict.fromkeys(token.term for token in run)),
            run[0].start,
            run[-1].end,
            field,
        )
        for run in runs(tokens)
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


def listed(clauses: Iterable[Node], analyzer: Analyzer) -> Node:
    """``any_of``; but if running words may have synonyms, each clause as often as it is typed, so
    that words that stand side by side do so here.
    """
    clauses = list(clauses)
    if not isinstance(analyzer, IndexAnalyzer) or analyzer.longest_synonym < 2:
        return any_of(clauses)
    flat = [child for one in clauses for child in (one.children if isinstance(one, Or) else [one])]
    return Or(tuple(flat)) if len(flat) > 1 else any_of(flat)


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
