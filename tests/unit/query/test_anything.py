"""No text raises anything, and no typed word is lost without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.analysis.unspaced import telling, without_tails
from searchkit.errors import UsageError
from searchkit.query import parse
from searchkit.schema import FIELDS
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    Every,
    Fuzzy,
    Node,
    Or,
    Phrase,
    Prefix,
    Regex,
    Term,
    Wildcard,
    WordGroup,
)

ANALYZER = open_analyzer("english")

ODD = (
    'AND OR NOT ( ) " title: text: nosuch: x:y alpha beta e-mail C++ ++ ? ~3 ^2 * [ ] TO a* -b : '
    "ANDNOT && ' \\ \0 \ud800 alpha beta ( ) \" alph* be?ta alpha~ beta~2 /al.+/ /(a+)+$/"
    " / - + “ ” -alpha +beta ~2 ^3 [a to b] | a:b:c"
)
SLOP_OR_BOOST = re.compile(r"[~^][\d.]*\Z")
PIECES = st.sampled_from([*ODD.split(), " ", " ", " ", " ", "\n"])
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(), st.text('()"aN:~ OT'))


def terms(node: Node) -> Iterator[str]:
    """All terms, the unwanted ones too."""
    match node:
        case Term(_, term):
            yield term
        case WordGroup(members):
            for _, term, _ in members:
                yield term
        case Phrase(_, several):
            yield from several
        case And(children) | Or(children):
            for child in children:
                yield from terms(child)
        case AndNot(wanted, unwanted):
            yield from terms(wanted)
            yield from terms(unwanted)
        case AndMaybe(required, optional):
            yield from terms(required)
            yield from terms(optional)
        case Boost(child):
            yield from terms(child)
        case Every() | Prefix() | Wildcard() | Regex() | Fuzzy():
            pass


@given(TEXTS)
def test_every_word_is_searched_for_or_understood_as_syntax(text: str) -> None:
    query = parse(text, ANALYZER)
    found = set(terms(query.tree))
    patterns = [clause for clause in query.clauses if not set(terms(clause.node))]
    for term, start, end, _ in ANALYZER.tokens(text):
        typed = text[start:end]
        is_syntax = (
            typed in {"AND", "OR", "NOT"}
            or (typed in FIELDS and text.startswith(":", end))
            or any(clause.start <= start and end <= clause.end for clause in patterns)
            or SLOP_OR_BOOST.search(text[:end]) is not None
        )
        assert term in found or is_syntax


@given(TEXTS)
def test_clauses_are_what_was_typed_and_make_the_tree(text: str) -> None:
    query = parse(text, ANALYZER)
    assert list(query.clauses) == sorted(query.clauses, key=lambda clause: clause.start)
    for clause in query.clauses:
        assert clause.text == text[clause.start : clause.end]
        assert clause.text
    assert {term for clause in query.clauses for term in terms(clause.node)} == set(
        terms(query.tree)
    )


@given(TEXTS)
def test_what_is_reported_is_true(text: str) -> None:
    query = parse(text, ANALYZER)
    found = set(terms(query.tree))
    for word in query.words:
        assert text[word.start : word.end] == word.text
        tokens = without_tails(ANALYZER.tokens(word.text))
        assert list(word.terms) == list(dict.fromkeys(token.term for token in tokens))
        assert {token.term for token in telling(tokens)} <= found
    assert list(query.words) == sorted(query.words, key=lambda word: word.start)
    for notice in query.notices:
        assert 0 <= notice.start <= notice.end <= len(text)
        assert len(notice.message.splitlines()) == 1


@given(TEXTS)
def test_strict_raises_just_where_there_are_notices(text: str) -> None:
    query = parse(text, ANALYZER)
    try:
        strict = parse(text, ANALYZER, strict=True)
    except UsageError:
        assert query.notices
    else:
        assert strict == query
        assert not query.notices


@given(TEXTS)
def test_trees_are_tidy(text: str) -> None:
    def check(node: Node) -> None:
        match node:
            case And(children) | Or(children):
                assert len(children) > 1
                assert len(set(children)) == len(children)
                for child in children:
                    assert type(child) is not type(node)
                    check(child)
            case AndNot(wanted, unwanted):
                check(wanted)
                check(unwanted)
            case Phrase(_, several):
                assert len(several) > 1

    tree = parse(text, ANALYZER).tree
    if tree != Or(()):
        check(tree)
