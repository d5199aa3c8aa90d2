"""Do the words of a tree become terms, and all else stay as it is?"""

from __future__ import annotations

from searchkit.analysis import open_analyzer
from searchkit.analysis.asked import IndexAnalyzer
from searchkit.query import parse
from searchkit.query.expansion import Expansion
from searchkit.tree import (
    And,
    AndNot,
    Every,
    Node,
    Or,
    Phrase,
    Prefix,
    Term,
    WordGroup,
)

ANALYZER = IndexAnalyzer(open_analyzer("languages"), [("en", 9), ("de", 5)])
EXPANSION = Expansion(ANALYZER, {"text", "title", "headings"})


def asked(text: str) -> Node:
    return parse(text, ANALYZER, expansion=EXPANSION).tree


def test_a_word_is_a_group_of_its_terms() -> None:
    (group,) = [asked("Running")]
    assert isinstance(group, WordGroup)
    assert [member[:2] for member in group.members] == [
        (field, term) for field in ("text", "title", "headings") for term in ("run", "running")
    ]


def test_words_that_come_to_the_same_count_once() -> None:
    assert asked("house houses") == asked("houses")
    assert asked("house AND houses") == asked("houses")


def test_phrases_in_each_language() -> None:
    tree = asked('text:"running houses"')
    assert tree == Or((Phrase("text", ("run", "hous")), Phrase("text", ("running", "hous"))))
    assert asked('title:"red houses"') == Phrase("title", ("red", "hous"))


def test_words_under_operators() -> None:
    tree = asked("title:houses AND NOT title:red")
    assert tree == AndNot(Term("title", "hous"), Term("title", "red"))
    tree = asked("title:houses AND title:red")
    assert tree == And((Term("title", "hous"), Term("title", "red")))


def test_what_is_no_text_stays() -> None:
    for node in (Every(), Prefix("word:text", "houses"), Term("tag", "houses")):
        assert EXPANSION.tree(node) == node


def test_words_are_reported_with_their_terms() -> None:
    (word,) = parse("running", ANALYZER, expansion=EXPANSION).words
    assert (word.text, word.terms) == ("running", ("run", "running"))
