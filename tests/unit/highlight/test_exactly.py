"""What is marked is what matched, to the code point: any tree over any text, against a slow scan.

The scan knows only what each node means: it tries every row of tokens for a phrase, recurses for
wildcards and edit distances, and never looks anything up.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.analysis import Token, open_analyzer
from searchkit.analysis.forms import form_tokens
from searchkit.highlight.match import Matcher
from searchkit.schema import LANGUAGES, form_field, word_field
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
    Fuzzy,
    Node,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    Regex,
    Require,
    Term,
    TermRange,
    Wildcard,
    WordGroup,
)

ANALYZER = open_analyzer(LANGUAGES)
FIELDS = ("text", "title")

Texts = dict[str, list[list[Token]]]
Piece = tuple[str, int, int]
"""Field, first and last code point after."""


def asked(node: Node, texts: Texts, forms: Texts, holds: bool) -> set[Piece] | None:
    """What made ``node`` match, or None."""
    match node:
        case Every():
            return set()
        case NumberRange():
            return set() if holds else None
        case Term(field, term):
            return asked(WordGroup(((field, term, 1.0),)), texts, forms, holds)
        case WordGroup(members):
            found = {piece for one in members for piece in standing(one[:2], texts, forms)}
            is_open = any(field == "author" for field, _, _ in members)
            return found or (set() if is_open and holds else None)
        case Phrase("author"):
            return set() if holds else None
        case Phrase(field, terms, slop):
            return set(rows(terms, slop, texts[field][0], field)) or None
        case Or(children) | DisjunctionMax(children):
            some = [asked(child, texts, forms, holds) for child in children]
            held = [one for one in some if one is not None]
            return set().union(*held) if held else None
        case And(children):
            parts = [asked(child, texts, forms, holds) for child in children]
            if not parts or None in parts:
                return None
            return {piece for part in parts for piece in part or ()}
        case Require(one, other):
            return asked(And((one, other)), texts, forms, holds)
        case AndMaybe(one, other):
            first = asked(one, texts, forms, holds)
            return None if first is None else first | (asked(other, texts, forms, holds) or set())
        case AndNot(one, other):
            unwanted = asked(other, texts, forms, not holds)
            return asked(one, texts, forms, holds) if unwanted is None else None
        case ConstantScore(child) | Boost(child):
            return asked(child, texts, forms, holds)
        case _:
            field = node.field.removeprefix("word:")
            return {
                (field, token.start, token.end)
                for token in texts[field][0]
                if means(node, token.term if node.field == field else token.word)
            } or None


def standing(member: tuple[str, ...], texts: Texts, forms: Texts) -> Iterator[Piece]:
    field, term = member
    for name in FIELDS:
        for token in texts[name][0]:
            if (field, term) in ((name, token.term), (word_field(name), token.word)):
                yield name, token.start, token.end
        for token in forms[name][0]:
            if (field, term) == (form_field(name), token.term):
                yield name, token.start, token.end


def rows(terms: tuple[str, ...], slop: int, tokens: list[Token], field: str) -> Iterator[Piece]:
    def from_here(row: list[int]) -> Iterator[list[int]]:
        if len(row) == len(terms):
            yield row
            return
        after = range(row[-1] + 1, row[-1] + slop + 1) if row else range(len(tokens))
        for at in after:
            if at < len(tokens) and tokens[at].term == terms[len(row)]:
                yield from from_here([*row, at])

    for row in from_here([]):
        for at, place in enumerate(row):
            # Neighbours are one piece: that of the first to the end of the second.
            is_joined = at + 1 < len(row) and row[at + 1] == place + 1
            yield field, tokens[place].start, tokens[place + is_joined].end


def means(node: Node, word: str) -> bool:
    match node:
        case Prefix(_, prefix):
            return word[: len(prefix)] == prefix
        case Wildcard(_, pattern):
            return is_like(word, pattern)
        case Regex(_, pattern):
            return re.fullmatch(pattern, word) is not None
        case Fuzzy(_, other, distance, prefix, swaps):
            return word[:prefix] == other[:prefix] and edits(word, other, swaps) <= distance
        case TermRange(_, low, high, with_low, with_high):
            is_above = low is None or word > low or (with_low and word == low)
            return is_above and (high is None or word < high or (with_high and word == high))
    raise AssertionError(node)


def is_like(word: str, pattern: str) -> bool:
    if not pattern:
        return not word
    if pattern[0] == "*":
        return is_like(word, pattern[1:]) or (word != "" and is_like(word[1:], pattern))
    return word != "" and pattern[0] in ("?", word[0]) and is_like(word[1:], pattern[1:])


@cache
def edits(one: str, other: str, swaps: bool) -> int:
    if not one or not other:
        return len(one) + len(other)
    costs = [
        edits(one[1:], other, swaps) + 1,
        edits(one, other[1:], swaps) + 1,
        edits(one[1:], other[1:], swaps) + (one[0] != other[0]),
    ]
    if swaps and len(one) > 1 and len(other) > 1 and one[:2] == other[1::-1]:
        costs.append(edits(one[2:], other[2:], swaps) + 1)
    return min(costs)


def united(pieces: set[Piece], field: str) -> list[tuple[int, int]]:
    """Those that share a code point made one, over and over, until none do."""
    spans = {(start, end) for name, start, end in pieces if name == field}
    while True:
        for one in spans:
            for other in spans - {one}:
                if one[0] < other[1] and other[0] < one[1]:
                    break
            else:
                continue
            break
        else:
            return sorted(spans)
        spans = spans - {one, other} | {(min(one[0], other[0]), max(one[1], other[1]))}


WORDS = [
    "a",
    "ab",
    "ba",
    "aab",
    "Über",
    "uber",
    "e\u0301te\u0301",
    "e-mail",
    "email",
    "東京都",
    "مدينة",
]
SIGNS = ["👨\u200d👩\u200d👧", "!", "-", "\n"]
TEXTS = st.one_of(
    st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=9).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=5).map("".join),
    st.text(max_size=30),
)  # fmt: skip
TERMS = st.sampled_from(sorted({token.term for word in WORDS for token in ANALYZER.tokens(word)}))
WRITTEN = st.sampled_from(sorted({token.word for word in WORDS for token in ANALYZER.tokens(word)}))
EXPANDED = st.sampled_from([*FIELDS, *map(word_field, FIELDS)])
PLACES = st.sampled_from([*FIELDS, *map(word_field, FIELDS), *map(form_field, FIELDS), "author"])
MEMBERS = st.tuples(PLACES, TERMS | WRITTEN, st.just(1.0))
LEAVES = st.one_of(
    st.builds(Term, PLACES, TERMS | WRITTEN),
    st.builds(
        WordGroup,
        st.lists(MEMBERS, min_size=1, max_size=4).map(tuple),
    ),
    st.builds(
        Phrase,
        st.sampled_from([*FIELDS, "author"]),
        st.lists(TERMS, min_size=1, max_size=4).map(tuple),
        st.integers(1, 5),
    ),
    st.builds(Prefix, EXPANDED, st.sampled_from(["", "a", "é", "東", "em"])),
    st.builds(Wildcard, EXPANDED, st.text(st.sampled_from("ab*?é"), max_size=5)),
    st.builds(Regex, EXPANDED, st.sampled_from(["a+b?", "[ab]{2}", ".*é", "東.", "a|ba"])),
    st.builds(Fuzzy, EXPANDED, WRITTEN, st.integers(0, 2), st.integers(0, 2), st.booleans()),
    st.builds(
        TermRange, EXPANDED, st.none() | TERMS, st.none() | TERMS, st.booleans(), st.booleans()
    ),
    st.just(Every()),
    st.just(NumberRange("date", 1.0, None)),
)  # fmt: skip


def grown(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, max_size=3).map(tuple)
    return st.one_of(
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(DisjunctionMax, several),
        st.builds(AndNot, nodes, nodes),
        st.builds(AndMaybe, nodes, nodes),
        st.builds(Require, nodes, nodes),
        st.builds(Boost, nodes, st.just(2.0)),
        st.builds(ConstantScore, nodes),
    )


@settings(max_examples=600, deadline=None)
@given(st.recursive(LEAVES, grown, max_leaves=8), TEXTS, TEXTS)
def test_what_is_marked_is_what_matched(tree: Node, text: str, title: str) -> None:
    written = {"text": text, "title": title}
    texts = {name: [ANALYZER.tokens(written[name])] for name in FIELDS}
    forms = {name: [form_tokens(ANALYZER, written[name], "")] for name in FIELDS}
    found = Matcher(tree).matches(texts, forms)
    expected = asked(tree, texts, forms, True) or set()
    for name in FIELDS:
        assert [match[:2] for match in found[name][0]] == united(expected, name)


def seconds(tree: Node, text: str) -> float:
    texts = {"text": [ANALYZER.tokens(text)]}
    started = time.process_time()
    Matcher(tree).matches(texts)
    return time.process_time() - started


@pytest.mark.parametrize(
    "tree",
    [
        Phrase("text", ("a",) * 60, 50),
        Phrase("text", (*("a",) * 60, "b"), 1 << 31),
        Or(tuple(Phrase("text", ("a",) * length, 7) for length in range(2, 102))),
        Or(tuple(Term("text", f"{at}" if at else "a") for at in range(1000))),
        Or(tuple(Prefix("text", "a" * at) for at in range(1000))),
        Or(tuple(Fuzzy("text", "a" * (at % 9 + 1) + f"{at}", 2) for at in range(1000))),
        Wildcard("text", "*a" * 40 + "b"),
        Wildcard("text", "*?" * 30),
    ],
)
def test_no_query_takes_long(tree: Node) -> None:
    assert seconds(tree, "a " * 20_000 + "a" * 250) < 5
