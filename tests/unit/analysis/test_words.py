"""What is a word? Never less than a reader would call one, never torn inside."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis.marks import MARKS
from searchkit.analysis.words import WORD
from searchkit.analysis.words import words as found_words


def words(text: str) -> list[str]:
    return [word for word, _, _ in found_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv's intention, 2022.", ["Kyiv's", "intention", "2022"]),
        ("Zelensky’s", ["Zelensky’s"]),
        ("'quoted' rock 'n' roll", ["quoted", "rock", "n", "roll"]),
        ("foo_bar e-mail AC/DC C++", ["foo", "bar", "e", "mail", "AC", "DC", "C"]),
        ("nai\u0308ve", ["nai\u0308ve"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("co\u00adoperate", ["co\u00adoperate"]),
        ("\u0301alone ''", ["alone"]),
        ("日本語", ["日", "日本", "本", "本語", "語"]),
        ("Tシャツ", ["T", "シャ", "ャツ", "ツ"]),
        ("2024年", ["2024", "年"]),
        ("カ\u3099キ\u3099a", ["カ\u3099キ\u3099", "キ\u3099", "a"]),
        ("l'日", ["l", "日"]),
        ("กิน", ["กิน", "น"]),
        ("한국 \u1112\u1161\u11ab", ["한국", "국", "\u1112\u1161\u11ab"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_every_letter_and_digit_lies_in_exactly_one_match(text: str) -> None:
    inside = [at for match in WORD.finditer(text) for at in range(*match.span())]
    assert len(inside) == len(set(inside))
    assert {at for at, char in enumerate(text) if char.isalnum()} <= set(inside)


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="later Unicode has more marks")
def test_marks_are_those_of_unicode() -> None:
    import re

    marks = re.compile(f"[{MARKS}]")
    for code in range(0x110000):
        char = chr(code)
        is_mark = unicodedata.category(char)[0] == "M" and not char.isalnum()
        assert bool(marks.match(char)) == is_mark, hex(code)
