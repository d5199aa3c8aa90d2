"""Lines fit into the terminal, whatever is in them, and look the same as without it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.cli.terminal import MATCH, columns_of, marked, styled, wrapped
from searchkit.graphemes import is_cut

STYLE = re.compile("\x1b\\[([0-9;]*)m")
SIGNS = ["e\u0301", "🇺🇦", "👨\u200d👩\u200d👧 ", " ", "x" * 30]
PARTS = st.lists(
    st.tuples(st.sampled_from(["war ", "peace", "東京都は、", "「", *SIGNS]), st.booleans())
)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("war", 3),
        ("戦争", 4),
        ("e\u0301", 1),
        ("👍", 2),
        ("ｶ", 1),
        ("각", 2),
        ("مدينة", 5),
        ("❤\ufe0f", 2),
    ],
)
def test_columns(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@given(PARTS, st.integers(12, 40))
def test_lines_fit_and_say_the_same(parts: list[tuple[str, bool]], columns: int) -> None:
    plain = "".join(text for text, _ in parts)
    text = "".join(styled(text, MATCH, is_red) for text, is_red in parts)
    lines = wrapped(text, "  ", columns).split("\n")
    bare = [STYLE.sub("", line) for line in lines]
    assert all(columns_of(line) <= columns for line in bare if line.strip())
    assert "".join("".join(bare).split()) == "".join(plain.split())
    for line in lines:
        # No style goes on beyond the end of its line.
        assert STYLE.findall(line)[-1:] in ([], ["0"])
    at = 0
    for line in bare[:-1]:
        at = plain.index(line[2:].strip(" "), at) + len(line[2:].strip(" "))
        assert is_cut(plain, at)


def test_words_are_whole_whatever_their_colour() -> None:
    text = marked("get_event_loop() and get_event_loop()", [(4, 14), (25, 35)], colour=True)
    lines = [STYLE.sub("", line) for line in wrapped(text, "", 24).split("\n")]
    assert lines == ["get_event_loop() and", "get_event_loop()"]


def test_japanese_lines_neither_begin_with_a_stop_nor_end_with_a_bracket() -> None:
    for columns in range(8, 30):
        for line in wrapped(
            "奈良市にある「東大寺」の仏像、について。説明する。", "", columns
        ).split("\n"):
            assert line[0] not in "、。」" and line[-1] != "「"


def test_a_path_stays_whole() -> None:
    path = "a/" * 40
    assert wrapped(f"{path} #anchor", "", 20, breaks_words=False).split("\n") == [path, "#anchor"]


def test_what_only_touches_is_marked_as_one() -> None:
    assert marked("東京都の 人", [(0, 2), (2, 3), (5, 6)], colour=False) == "**東京都**の **人**"
    assert marked("a  b c", [(0, 1), (3, 4)], colour=False) == "**a b** c"
