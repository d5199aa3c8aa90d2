"""The short road: a query of plain words becomes a tree directly, without Whoosh."""

from __future__ import annotations

from searchkit.analysis import Analyzer
from searchkit.query.asked import Clause, Notices, Role, Word
from searchkit.query.clauses import any_of, connected_clauses, typed_words, word_clause
from searchkit.tree import Node


def parse_plain(
    text: str, analyzer: Analyzer, notices: Notices
) -> tuple[Node, tuple[Word, ...], tuple[Clause, ...]]:
    """The tree, words and clauses of ``text``, in which ``RICH`` found nothing."""
    tokens = analyzer.tokens(text)
    clauses: list[Clause] = []
    terms: list[str] = []
    first = last_end = 0

    def add() -> None:
        if len(terms) == 1:
            node = word_clause(terms[0], None)
        else:
            node = any_of(connected_clauses(terms, analyzer.stop_terms))
        typed = text[first:last_end]
        clauses.append(Clause(typed, first, last_end, None, Role.OPTIONAL, node))

    for term, start, end in tokens:
        # A gap without white space connects two words into one.
        if terms and any(map(str.isspace, text[last_end:start])):
            add()
            terms = []
        if not terms:
            first = start
        terms.append(term)
        last_end = end
    if terms:
        add()
    else:
        notices.add_nothing_to_search_for(len(text))
    tree = any_of(clause.node for clause in clauses)
    return tree, tuple(typed_words(text, tokens, None)), tuple(clauses)
