"""Patterns, misspelt words, expressions, slop, boosts and signs: trees written by hand."""

from __future__ import annotations

import pytest

from searchkit.analysis import open_analyzer
from searchkit.query import DEFAULT_WEIGHTS, Role, parse
from searchkit.schema import FIELDS, word_field
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
    word_in,
)

ANALYZER = open_analyzer("english")
TWINS = {name: word_field(name) for name in FIELDS}


def word(term: str) -> Node:
    return word_in(term, DEFAULT_WEIGHTS)


def phrase(*terms: str, slop: int = 1) -> Node:
    return Or(tuple(Phrase(field, terms, slop) for field in FIELDS))


def prefix(text: str) -> Node:
    return Or(tuple(Prefix(twin, text) for twin in TWINS.values()))


def wildcard(text: str) -> Node:
    return Or(tuple(Wildcard(twin, text) for twin in TWINS.values()))


def regex(text: str) -> Node:
    return Or(tuple(Regex(twin, text) for twin in TWINS.values()))


def fuzzy(text: str, term: str, distance: int) -> Node:
    near = Or(tuple(Fuzzy(twin, text, distance) for twin in TWINS.values()))
    return AndMaybe(near, word(term))


X, Y, Z = map(word, "xyz")

MEANT: list[tuple[str, Node]] = [
    ("Conscr*", prefix("conscr")),
    ("(conscr*),", prefix("conscr")),
    ("con*tion", wildcard("con*tion")),
    ("*tion", wildcard("*tion")),
    ("te?t?", wildcard("te?t")),
    ("e-ma*", And((wildcard("e"), prefix("ma")))),
    ("title:conscr*", Prefix("word:title", "conscr")),
    ("X NOT conscr*", AndNot(X, prefix("conscr"))),
    ("mispelt~", fuzzy("mispelt", "mispelt", 1)),
    ("Mispelts~2.", fuzzy("mispelts", "mispelt", 2)),
    ("title:mispelt~", AndMaybe(Fuzzy("word:title", "mispelt", 1), Term("title", "mispelt"))),
    ("/Colou?r/", regex("colou?r")),
    (r"/\D+(a|B)/", regex(r"\D+(a|b)")),
    ("title:/colou?r/", Regex("word:title", "colou?r")),
    ("x AND /colou?r/", And((X, regex("colou?r")))),
    ('"x y"~3', phrase("x", "y", slop=4)),
    ('"x y"~0', phrase("x", "y")),
    ('title:"x y"~1', Phrase("title", ("x", "y"), 2)),
    ("x^2", Boost(X, 2.0)),
    ("x^0.5 y", Or((Boost(X, 0.5), Y))),
    ('"x y"~1^2', Boost(phrase("x", "y", slop=2), 2.0)),
    ("(x y)^3 z", Or((Boost(Or((X, Y)), 3.0), Z))),
    ("(x)^3", Boost(X, 3.0)),
    ("conscr*^2", Boost(prefix("conscr"), 2.0)),
    ("/colou?r/^2", Boost(regex("colou?r"), 2.0)),
    ("title:x^2", Boost(Term("title", "x"), 2.0)),
    ("mispelt~1^2", Boost(fuzzy("mispelt", "mispelt", 1), 2.0)),
    ("x AND (y z)^2", And((X, Boost(Or((Y, Z)), 2.0)))),
    ("+x", X),
    ("+x y", AndMaybe(X, Y)),
    ("x +y", AndMaybe(Y, X)),
    ("+x +y z", AndMaybe(And((X, Y)), Z)),
    ("x -y", AndNot(X, Y)),
    ("-y", AndNot(Every(), Y)),
    ('x -"y z"', AndNot(X, phrase("y", "z"))),
    ("x -(y z)", AndNot(X, Or((Y, Z)))),
    ("x -title:y", AndNot(X, Term("title", "y"))),
    ("x -conscr*", AndNot(X, prefix("conscr"))),
    ("+(x y) z", AndMaybe(Or((X, Y)), Z)),
    ("x AND +y", And((X, Y))),
    ("x AND -y", AndNot(X, Y)),
    ("NOT -x", X),
    ("NOT +x", AndNot(Every(), X)),
    ("+x -y z", AndNot(AndMaybe(X, Z), Y)),
    ("x OR +y", AndMaybe(Y, X)),
    ("title:(+x y)", AndMaybe(Term("title", "x"), Term("title", "y"))),
]


@pytest.mark.parametrize(("text", "tree"), MEANT)
def test_meant(text: str, tree: Node) -> None:
    query = parse(text, ANALYZER, written=TWINS, strict=True)
    assert query.tree == tree
    assert query.notices == ()


def test_an_index_without_twins_is_asked_for_its_terms() -> None:
    assert parse("title:conscr*", ANALYZER).tree == Prefix("title", "conscr")


def test_clauses_say_what_they_do() -> None:
    query = parse('+x y-z -"y z" NOT w (v AND u) title:t^2', ANALYZER)
    assert [(clause.text, clause.field, clause.role) for clause in query.clauses] == [
        ("x", None, Role.REQUIRED),
        ("y-z", None, Role.OPTIONAL),
        ('"y z"', None, Role.EXCLUDED),
        ("w", None, Role.EXCLUDED),
        ("v", None, Role.OPTIONAL),
        ("u", None, Role.OPTIONAL),
        ("t", "title", Role.OPTIONAL),
    ]
    query = parse("(x y) AND z", ANALYZER)
    assert [clause.role.value for clause in query.clauses] == ["optional", "optional", "required"]
