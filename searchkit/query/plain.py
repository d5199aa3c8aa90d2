"""The short road: a query of plain words becomes a tree directly, without Whoosh."""

from __future__ import annotations

from searchkit.analysis import Analyzer, Token
from searchkit.analysis.unspaced import without_tails
from searchkit.query.asked import Clause, Notices, Role, Word
from searchkit.query.clauses import (
    any_of,
    connected_clauses,
    dictionary_clauses,
    form_clauses,
    listed,
    phrase_clause,
    typed_words,
)
from searchkit.tree import AndMaybe, Node


def parse_plain(
    text: str, analyzer: Analyzer, notices: Notices
) -> tuple[Node, tuple[Word, ...], tuple[Clause, ...]]:
    """The tree, words and clauses of ``text``, in which ``RICH`` found nothing."""
    tokens = analyzer.tokens(text)
    clauses: list[Clause] = []
    connected: list[Token] = []

    def add() -> None:
        start, end = connected[0].start, connected[-1].end
        if len(without_tails(connected)) == 1:
            node = phrase_clause([connected[0].term], None)
        else:
            node = any_of(connected_clauses(connected, analyzer.stop_terms))
        forms = form_clauses(text[start : end + 2], None, analyzer)
        node = any_of([node, *forms])
        known = dictionary_clauses(text, connected, analyzer)
        if known:
            node = AndMaybe(node, any_of(known))
        clauses.append(Clause(text[start:end], start, end, None, Role.OPTIONAL, node))

    last_end = 0
    for token in tokens:
        # A gap without white space connects two words into one.
        if connected and any(map(str.isspace, text[last_end : token.start])):
            add()
            connected = []
        connected.append(token)
        last_end = token.end
    if connected:
        add()
    else:
        notices.add_nothing_to_search_for(len(text))
    tree = listed([clause.node for clause in clauses], analyzer)
    return tree, tuple(typed_words(text, without_tails(tokens), None)), tuple(clauses)
