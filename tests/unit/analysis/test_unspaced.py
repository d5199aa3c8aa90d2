"""Do runs without spaces find what is in texts, and no more?"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.analysis.unspaced import is_run, is_single, runs, telling, without_tails

english = open_analyzer("english")
CHARS = st.text("日本語中国カタナのはกินあ각", min_size=1, max_size=8)


def terms(text: str) -> list[str]:
    return [token.term for token in without_tails(english.tokens(text))]


def occurs(part: list[str], whole: list[str]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole)))


@given(before=CHARS, asked=CHARS.filter(lambda text: len(text) > 1), after=CHARS)
def test_a_run_is_found_wherever_it_stands(before: str, asked: str, after: str) -> None:
    # A mark belongs to the character before it: what is asked for begins and ends with whole ones.
    if unicodedata.category(asked[0])[0] == "M" or unicodedata.category(after[0])[0] == "M":
        return
    if len(english.tokens(asked)) > 1:
        for text in (before + asked + after, before + asked, asked + after, asked):
            assert occurs(terms(asked), english.terms(text))


@given(text=CHARS, asked=CHARS.filter(lambda text: len(text) > 1))
def test_what_is_found_as_a_phrase_is_there(text: str, asked: str) -> None:
    if len(english.tokens(asked)) > 1 and occurs(terms(asked), english.terms(text)):
        assert asked in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("日本語", ["日", "日本", "本", "本語", "語"]),
        ("テレビ", ["テレ", "レビ"]),
        ("ﾃﾚﾋﾞ", ["テレ", "レビ"]),
        ("テ", ["テ"]),
        ("ＡＢＣ１２", ["abc12"]),
        ("กินข้าว", ["กิน", "นข้", "ข้า", "าว"]),
    ],
)
def test_what_a_query_looks_for(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_hiragana_alone_tell_nothing() -> None:
    tokens = without_tails(english.tokens("猫のはなし"))
    assert [token.term for token in telling(tokens)] == ["猫", "猫の"]
    tokens = without_tails(english.tokens("はなし"))
    assert telling(tokens) == tokens


def test_runs_are_what_overlaps() -> None:
    tokens = without_tails(english.tokens("2024年度 日本のIBM"))
    assert is_run(tokens)
    assert not is_run(english.tokens("e-mail 2024年"))
    assert [[token.term for token in run] for run in runs(tokens)] == [
        ["2024"],
        ["年", "年度", "度"],
        ["日", "日本", "本", "本の"],
        ["ibm"],
    ]
    assert list(runs([])) == []


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("カ", True),
        ("ก", True),
        ("กิ", True),
        ("각", True),
        ("猫", False),
        ("a", False),
        ("é", False),
    ],
)
def test_singles(term: str, expected: bool) -> None:
    assert is_single(term) == expected
