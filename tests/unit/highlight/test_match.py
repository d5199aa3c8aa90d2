"""What a match is made of is what is marked, and nothing else."""

from collections.abc import Collection
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.highlight.match import Match, Matcher, Texts, merged
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
    word_in,
)

TEXT = "The minimum conscription age: conscripts of age 18. Café, cafe\u0301!"
analyzer = open_analyzer("english")


def term(word: str) -> str:
    (found,) = analyzer.terms(word)
    return found


def matched_spans(
    tree: Node, texts: Texts, unmarked: Collection[str] = ()
) -> dict[str, list[list[tuple[int, int]]]]:
    found = Matcher(tree, unmarked).matches(texts)
    return {field: [[one[:2] for one in text] for text in found[field]] for field in found}


def marked(tree: Node, text: str = TEXT, title: str = "") -> list[str]:
    spans = matched_spans(
        tree, {"text": [analyzer.tokens(text)], "title": [analyzer.tokens(title)]}
    )
    return [text[start:end] for start, end in spans["text"][0]]


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (Term("text", term("conscripted")), ["conscription", "conscripts"]),
        (Term("title", term("age")), []),
        (word_in(term("age"), (("title", 1.0), ("text", 1.0))), ["age", "age"]),
        (Term("text", term("café")), ["Café", "cafe\u0301"]),
        (Phrase("text", (term("conscription"), term("age"))), ["conscription age"]),
        (Phrase("text", (term("age"), term("conscription"))), ["age: conscripts"]),
        (Phrase("text", (term("minimum"), term("age"))), []),
        # The phrase covers its own words.
        (
            Or((Phrase("text", (term("minimum"), term("conscription"))), Term("text", "minimum"))),
            ["minimum conscription"],
        ),
        # A clause that does not hold marks nothing, not even the words it has.
        (Or((And((Term("text", "age"), Term("text", "war"))), Term("text", "18"))), ["18"]),
        (Or((AndNot(Term("text", "age"), Term("text", "18")), Term("text", "the"))), ["The"]),
        (AndNot(Term("text", "age"), Term("text", "war")), ["age", "age"]),
        (AndNot(Every(), Term("text", "war")), []),
        (Or(()), []),
        (Prefix("text", "conscr"), ["conscription", "conscripts"]),
        (Wildcard("text", "m?n*"), ["minimum"]),
        (Regex("text", "1[0-9]"), ["18"]),
        (Fuzzy("text", "aeg"), ["age", "age"]),
        (Fuzzy("text", "aeg", transpositions=False), []),
        (Fuzzy("text", "age", 1, prefix=3), ["age", "age"]),
        (TermRange("text", "m", "o"), ["minimum"]),
        (TermRange("text", "18", "age", includes_high=False), ["18"]),
        (Phrase("text", ("minimum", "age"), 2), ["minimum", "age"]),
        (Phrase("text", ("minimum", "of"), 2), []),
        (DisjunctionMax((Term("text", "age"), Term("text", "war"))), ["age", "age"]),
        (AndMaybe(Term("text", "18"), Term("text", "of")), ["of", "18"]),
        (AndMaybe(Term("text", "war"), Term("text", "of")), []),
        (Require(Term("text", "18"), Term("text", "of")), ["of", "18"]),
        (Require(Term("text", "18"), Term("text", "war")), []),
        (Boost(ConstantScore(Term("text", "18")), 2.0), ["18"]),
        (And((Term("text", "18"), NumberRange("date", 1, 2))), ["18"]),
    ],
)
def test_marked_words(tree: Node, expected: list[str]) -> None:
    assert marked(tree) == expected


def test_a_clause_may_hold_through_another_field() -> None:
    tree = And((Term("text", "age"), Term("title", "war")))
    assert marked(tree, title="War") == ["age", "age"]
    assert marked(tree, title="Peace") == []


def test_words_that_every_text_is_full_of_are_marked_only_alone_or_in_a_phrase() -> None:
    def spans(tree: Node) -> list[tuple[int, int]]:
        tokens = [analyzer.tokens("the war of the worlds")]
        return matched_spans(tree, {"text": tokens}, unmarked={"the", "of"})["text"][0]

    the, war = Term("text", "the"), Term("text", "war")
    assert spans(Or((the, war))) == [(4, 7)]
    assert spans(And((the, war))) == [(4, 7)]
    assert spans(the) == [(0, 3), (11, 14)]
    assert spans(Or((war, Phrase("text", ("of", "the"))))) == [(4, 7), (8, 14)]


def test_each_heading_has_its_own_spans() -> None:
    headings = ["War and peace", "War"]
    tokens = [analyzer.tokens(heading) for heading in headings]
    spans = matched_spans(Term("headings", "war"), {"headings": tokens})
    assert spans == {"headings": [[(0, 3)], [(0, 3)]]}


def test_an_overlapping_phrase_is_one_span() -> None:
    assert marked(Phrase("text", ("a", "b", "a")), "a b a b a") == ["a b a b a"]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda p: (p[0], sum(p)))))
def test_merged_matches_are_apart_and_cover_the_same(spans: list[tuple[int, int]]) -> None:
    union = merged(Match(*span, 1 << at) for at, span in enumerate(spans))
    assert all(before.end <= after.start for before, after in pairwise(union))
    covered = {at for start, end in spans for at in range(start, end)}
    assert covered == {at for one in union for at in range(one.start, one.end)}
    for one in union:
        inside = [
            at for at, (start, end) in enumerate(spans) if start < one.end and end > one.start
        ]
        assert one.leaves == sum(1 << at for at in inside)
