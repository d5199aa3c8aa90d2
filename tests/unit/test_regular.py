"""The linear matcher against Python's ``re``, and against expressions made to hang it."""

from __future__ import annotations

import re
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit import regular
from searchkit.regular import (
    MOST_POSITIONS,
    NotRegularError,
    Pattern,
    matcher,
    wildcard_around,
)

PIECES = st.sampled_from(
    r"a a b . | * + ? ( ) [ ] ^ $ \ { } - (?: {2} {1,2} {0} {2,} [ab] [^a] \d \w \W [\d-] [a-c] "
    r"[]a] [^]a] (a|b) a+ () a*? é \.".split()
)
WORDS = st.lists(st.text("ab1-c_é.]", max_size=6), max_size=12)


@pytest.fixture(autouse=True)
def no_warnings() -> None:
    warnings.simplefilter("ignore", FutureWarning)


@given(st.lists(PIECES, max_size=9).map("".join), WORDS)
def test_matches_as_re_does(expression: str, words: list[str]) -> None:
    try:
        pattern = Pattern(expression)
    except NotRegularError:
        return
    for word in ["", *words]:
        assert pattern.matches(word) == (re.fullmatch(expression, word) is not None), word


@given(st.lists(PIECES, max_size=9).map("".join), WORDS)
def test_past_many_subsets_too(expression: str, words: list[str]) -> None:
    try:
        pattern, other = Pattern(expression), Pattern(expression)
    except NotRegularError:
        return
    kept = regular._MOST_SUBSETS
    for word in ["", *words]:
        expected = pattern.matches(word)
        regular._MOST_SUBSETS = -1
        try:
            assert other.matches(word) == expected, word
        finally:
            regular._MOST_SUBSETS = kept


@given(st.lists(PIECES, max_size=9).map("".join), WORDS)
def test_the_wildcard_around_fits_whatever_matches(expression: str, words: list[str]) -> None:
    try:
        pattern = Pattern(expression)
    except NotRegularError:
        return
    parts = {"*": ".*", "?": "."}
    around = "".join(parts.get(one, re.escape(one)) for one in wildcard_around(expression))
    for word in ["", *words]:
        assert not pattern.matches(word) or re.fullmatch(around, word, re.DOTALL), word


def test_wildcards_around() -> None:
    assert wildcard_around(r"(?:.*/)?2024/[^/]*\.md") == "*2024/*.md"
    assert wildcard_around("colou?r") == "colo*r"
    assert wildcard_around(r"^a+b{2}c\*.$") == "a*c??"
    assert wildcard_around("a|b") == "*"


@pytest.mark.parametrize(
    "expression",
    ["(", ")", "a**", "[a", "[b-a]", r"\1", r"\b", "(?=a)", "(?i)a", "a{2", "*a", "a" * 101,
     "(a{50}){3}", "(" * 100 + ")" * 100, "a{3,2}", "a|*", r"[\d-x]", "a^b", "a$b"],
)  # fmt: skip
def test_refused(expression: str) -> None:
    with pytest.raises(NotRegularError):
        Pattern(expression)


@pytest.mark.parametrize(
    "expression",
    ["(a+)+$", "(a|aa)+b", "(a*)*b", "(.*.*.*.*)*x", "(.*a.{15})?(.*b.{15})?c", "(a?){50}a{50}",
     "((((){9999}){9999}){9999}){9999}", "(x+x+)+y"],
)  # fmt: skip
def test_no_expression_takes_long(expression: str) -> None:
    started = time.process_time()
    pattern = Pattern(expression)
    for _ in range(200):
        pattern.matches("a" * 250 + "!")
        pattern.matches("ab" * 100)
    assert time.process_time() - started < 3


def test_what_is_not_regular_is_left_to_re() -> None:
    assert matcher(r"(a)\1")("aa")
    assert not matcher(r"(a)\1")("ab")
    with pytest.raises(re.error):
        matcher("(")
    assert MOST_POSITIONS == 100
