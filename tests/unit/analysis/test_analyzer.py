"""Under which term does the index know a word?"""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.analysis.analyzer import normalised

english = open_analyzer("english")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("running", "run"),  # Whoosh's default stemmer makes "runn" of it.
        ("conscription", "conscripted"),
        ("Zelensky’s", "zelensky"),
        ("generically", "generic"),
        ("STRASSE", "straße"),
        ("naïve", "nai\u0308ve"),
        ("co\u00adoperate", "cooperate"),
        ("don’t", "don't"),
    ],
)
def test_words_that_are_the_same_to_a_reader_share_a_term(one: str, other: str) -> None:
    assert english.terms(one) == english.terms(other)


@pytest.mark.parametrize(("one", "other"), [("general", "generic"), ("news", "new")])
def test_words_that_only_look_alike_do_not(one: str, other: str) -> None:
    assert english.terms(one) != english.terms(other)


@given(st.text())
def test_tokens_point_at_their_words(text: str) -> None:
    for token in english.tokens(text):
        # Characters of scripts without spaces are in several words.
        assert token.term in english.terms(text[token.start : token.end])


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_equal_under_nfc_means_equal_terms(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert english.terms(composed) == english.terms(decomposed)


def folded_alone(word: str) -> str:
    """The slow twin: one word, by the book."""
    plain = "".join(
        "'" if char in "’ʼ＇‘´`\u1ffd\u1fef" else char
        for char in word
        if char not in "\u00ad\u200c\u200d"
    )
    # Full-width letters are letters, half-width kana are kana.
    plain = re.sub("[\uff01-\uffef]+", lambda run: unicodedata.normalize("NFKC", run[0]), plain)
    plain = "".join(str(int(char)) if char.isdecimal() else char for char in plain)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", plain).casefold())


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\n")) | st.text(
    "aAİßΣςé’'\u0301\u0323\u0345\u00ad\u1100\u1161"
)


@given(st.lists(WORDS))
def test_words_fold_together_as_they_do_alone(words: list[str]) -> None:
    if words:
        assert normalised(words) == [folded_alone(word) for word in words]
    assert english.analyze(words) == [english.analyze([word])[0] for word in words]


def test_terms_do_not_depend_on_what_came_before() -> None:
    text = "Conscripts were conscripted under conscription."
    fresh = open_analyzer("english")
    fresh.terms(text * 3)
    assert fresh.terms(text) == open_analyzer("english").terms(text)


def test_an_unknown_analyzer_is_refused() -> None:
    with pytest.raises(ValueError, match="klingon"):
        open_analyzer("klingon")
