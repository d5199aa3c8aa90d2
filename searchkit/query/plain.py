"""The short road: a query of plain words becomes a tree directly, without Whoosh."""

from __future__ import annotations

from collections.abc import Collection

from searchkit.analysis import Analyzer
from searchkit.query.asked import Notices, Word
from searchkit.query.clauses import any_of, connected_clauses, typed_words, word_clause
from searchkit.tree import Node


def parse_plain(text: str, analyzer: Analyzer, notices: Notices) -> tuple[Node, tuple[Word, ...]]:
    """The tree and words of ``text``, in which ``RICH`` found nothing."""
    tokens = analyzer.tokens(text)
    clauses: list[Node] = []
    terms: list[str] = []
    last_end = 0
    for term, start, end, _ in tokens:
        # A gap without white space connects two words into one.
        if terms and any(map(str.isspace, text[last_end:start])):
            _add(clauses, terms, analyzer.stop_terms)
            terms = []
        terms.append(term)
        last_end = end
    if terms:
        _add(clauses, terms, analyzer.stop_terms)
    else:
        notices.add_nothing_to_search_for(len(text))
    return any_of(clauses), tuple(typed_words(text, tokens, None))


def _add(clauses: list[Node], terms: list[str], stop_terms: Collection[str]) -> None:
    if len(terms) == 1:
        clauses.append(word_clause(terms[0], None))
    else:
        clauses.extend(connected_clauses(terms, stop_terms))
