"""Do the words of a tree become terms, and all else stay as it is?"""

from __future__ import annotations

from searchkit.analysis import open_analyzer
from searchkit.analysis.asked import IndexAnalyzer
from searchkit.query import parse
from searchkit.query.expansion import Expansion
from searchkit.schema import LANGUAGES
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

ANALYZER = IndexAnalyzer(open_analyzer(LANGUAGES), [("en", 9), ("de", 5)])
EXPANSION = Expansion(ANALYZER, {"text", "title", "headings"})


def asked(text: str) -> Node:
    return parse(text, ANALYZER, expansion=EXPANSION).tree


def test_a_word_is_a_group_of_its_terms() -> None:
    (group,) = [asked("Running")]
    assert isinstance(group, WordGroup)
    assert [member[:2] for member in group.members] == [
        (field, term) for field in ("text", "title", "headings") for term in ("run", "running@de")
    ]


def test_words_that_come_to_the_same_count_once() -> None:
    assert asked("house houses") == asked("houses")
    assert asked("house AND houses") == asked("houses")


def test_words_that_differ_in_another_language_only_count_once() -> None:
    # German has stems of its own for both.
    (group,) = [asked("running runs")]
    assert isinstance(group, WordGroup)
    terms = {term for _, term, _ in group.members}
    assert terms == {"run", "running@de", "run@de"}
    assert asked("running AND runs") == group


def test_phrases_in_each_language() -> None:
    tree = asked('text:"running houses"')
    assert tree == Or((Phrase("text", ("run", "hous")), Phrase("text", ("running@de", "hous@de"))))
    assert asked('title:"1984 2001"') == Phrase("title", ("1984", "2001"))


def test_words_under_operators() -> None:
    houses = WordGroup((("title", "hous", 1.0), ("title", "hous@de", 1.0)))
    assert asked("title:houses AND NOT title:7") == AndNot(houses, Term("title", "7"))
    assert asked("title:houses AND title:7") == And((houses, Term("title", "7")))


def test_what_is_no_text_stays() -> None:
    for node in (Every(), Prefix("word:text", "houses"), Term("tag", "houses")):
        assert EXPANSION.tree(node) == node


def test_words_are_reported_with_their_terms() -> None:
    (word,) = parse("running", ANALYZER, expansion=EXPANSION).words
    assert (word.text, word.terms) == ("running", ("run", "running@de"))
