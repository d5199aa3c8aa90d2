"""When is a title what was typed?"""

from __future__ import annotations

import pytest

from searchkit.analysis.titles import LONGEST_TITLE, title_term


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("The Stone Age", "  the STONE age?"),
        ("State-of-the-Art", "state of the art"),
        ("O’Brien", "obrien"),
        ("Häuser (alt)", "hauser alt"),
        ("ＡＢＣ\nｱ", "abc ア"),
        ("cafe\u0301", "café"),
        ("Straße", "STRASSE"),
        ("snake_case", "snake case"),
    ],
)
def test_the_same_title(title: str, typed: str) -> None:
    assert title_term(title) == title_term(typed) != ""


@pytest.mark.parametrize(
    ("title", "typed"),
    [("Stone", "stones"), ("Stone Age", "age stone"), ("नमस्ते", "नमसत"), ("パン", "ハン")],
)
def test_another_title(title: str, typed: str) -> None:
    assert title_term(title) != title_term(typed)


@pytest.mark.parametrize("title", ["", " \n", "?!", "\ud800", "x" * (LONGEST_TITLE + 1)])
def test_no_title(title: str) -> None:
    assert title_term(title) == ""
