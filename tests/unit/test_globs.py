"""Patterns of paths match what pathspec's do, and in bounded time."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from searchkit.globs import bounded
from searchkit.ignored import Patterns

pieces = st.sampled_from(["*", "*", "a", "b", "/", "**/", "/**/", "?", "[ab]", "a*", "*b", "\\*"])
patterns = st.lists(pieces, min_size=2, max_size=9).map("".join)
paths = (
    st.lists(st.text("ab*", min_size=1, max_size=4), min_size=1, max_size=6)
    .map("/".join)
    .flatmap(lambda path: st.sampled_from([path, path + "/"]))
)


def expressions(pattern: str) -> list[str]:
    with warnings.catch_warnings(action="ignore", category=FutureWarning):
        try:
            found = GitIgnoreSpec.from_lines([pattern]).patterns
        except ValueError:
            return []
    return [one.regex.pattern for one in found if one.regex is not None]


@settings(max_examples=500, deadline=None)
@given(pattern=patterns, some=st.lists(paths, min_size=1, max_size=20))
def test_it_matches_what_the_expression_matches(pattern: str, some: list[str]) -> None:
    for expression in expressions(pattern):
        for path in some:
            found = re.search(bounded(expression), path)
            expected = re.search(expression, path)
            assert (found is None) == (expected is None)
            if found and expected:
                assert found.end() == expected.end()


@pytest.mark.parametrize(
    "pattern", ["*a" * 30 + "*b", "**/a" * 30 + "/b", "**/*a*" * 20 + "/b", "*a*/" * 40 + "b"]
)
@pytest.mark.parametrize("path", ["a" * 255, "a/" * 2000 + "a", "/".join(["a" * 255] * 16)])
def test_a_hostile_pattern_comes_to_an_end(pattern: str, path: str) -> None:
    assert not Patterns("/", [pattern]).says("/" + path, False)


@pytest.mark.filterwarnings("error")
def test_an_odd_class_says_nothing_on_the_terminal() -> None:
    assert Patterns("/", ["[[]x*"]).says("/[xy", False)
