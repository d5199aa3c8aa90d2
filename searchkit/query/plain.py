"""The short road: a query of plain words becomes a tree directly, without Whoosh."""

from __future__ import annotations

from collections.abc import Collection

from searchkit.analysis import Analyzer, Token
from searchkit.analysis.unspaced import without_tails
from searchkit.query.asked import Notices, Word
from searchkit.query.clauses import any_of, connected_clauses, phrase_clause, typed_words
from searchkit.tree import Node


def parse_plain(text: str, analyzer: Analyzer, notices: Notices) -> tuple[Node, tuple[Word, ...]]:
    """The tree and words of ``text``, in which ``RICH`` found nothing."""
    tokens = without_tails(analyzer.tokens(text))
    clauses: list[Node] = []
    connected: list[Token] = []
    last_end = 0
    for token in tokens:
        # A gap without white space connects two words into one.
        if connected and any(map(str.isspace, text[last_end : token.start])):
            _add(clauses, connected, analyzer.stop_terms)
            connected = []
        connected.append(token)
        last_end = token.end
    if connected:
        _add(clauses, connected, analyzer.stop_terms)
    else:
        notices.add_nothing_to_search_for(len(text))
    return any_of(clauses), tuple(typed_words(text, tokens, None))


def _add(clauses: list[Node], tokens: list[Token], stop_terms: Collection[str]) -> None:
    if len(tokens) == 1:
        clauses.append(phrase_clause([tokens[0].term], None))
    else:
        clauses.extend(connected_clauses(tokens, stop_terms))
