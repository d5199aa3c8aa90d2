"""Are the terms by number those that the analyzer gives word by word?"""

import itertools
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import Vocabulary, open_analyzer
from searchkit.analysis.words import words

english = open_analyzer("english")
texts = st.lists(st.text() | st.text(st.sampled_from("aAbéE'’ \u0301s\u00ad\u4e2d\u30ab\u3099")))


def slow_terms(text: str) -> list[str]:
    """Each word through the chain anew."""
    return [english.analyze([word])[0] for word, _, _ in words(text)]


@given(texts)
def test_terms_are_those_of_the_chain(texts: list[str]) -> None:
    vocabulary = Vocabulary(english)
    one_by_one, at_once = array("I"), array("I")
    counts = array("I")
    lengths = [vocabulary.tokenize(text, one_by_one) for text in texts]
    vocabulary.tokenize_all(texts, at_once, counts)
    assert one_by_one == at_once
    assert lengths == list(counts)
    assert [vocabulary.terms[at] for at in at_once] == [
        term for text in texts for term in slow_terms(text)
    ]
    assert len(set(vocabulary.terms)) == len(vocabulary.terms) == len(vocabulary)


@given(texts)
def test_words_are_kept_beside_their_terms(texts: list[str]) -> None:
    vocabulary = Vocabulary(english, keeps_words=True)
    ids, counts = array("I"), array("I")
    vocabulary.tokenize_all(texts, ids, counts)
    found = [word for text in texts for word, _, _ in words(text)]
    assert [vocabulary.words[at] for at in ids] == english.words(found)
    assert [vocabulary.terms[at] for at in ids] == english.analyze(found)
    pairs = list(zip(vocabulary.words, vocabulary.terms, strict=True))
    assert len(set(pairs)) == len(pairs) == len(vocabulary)
    joined, ends, ranks = vocabulary.sorted_words()
    cut = [joined[start:end].decode() for start, end in itertools.pairwise([0, *ends])]
    assert cut == sorted(set(vocabulary.words), key=str.encode)
    assert [cut[rank] for rank in ranks] == vocabulary.words


def test_a_word_may_have_several_terms() -> None:
    vocabulary = Vocabulary(english, keeps_words=True)
    assert vocabulary.add_terms(["die", "die", "der"], ["die", "di", "der"]) == [0, 1, 2]
    assert vocabulary.add_terms(["die", "die"], ["di", "die"]) == [1, 0]
    assert vocabulary.words == ["die", "die", "der"]
    assert list(vocabulary.sorted_words().ranks) == [1, 1, 0]


@given(st.text())
def test_tokens_are_the_words_with_their_terms(text: str) -> None:
    tokens = english.tokens(text)
    assert [(token.start, token.end) for token in tokens] == [
        (start, stop) for _, start, stop in words(text)
    ]
    assert [token.term for token in tokens] == english.terms(text) == slow_terms(text)
    assert [token.word for token in tokens] == english.words([word for word, _, _ in words(text)])


def test_each_distinct_word_is_analysed_once() -> None:
    asked: list[str] = []

    class Chain:
        def words(self, surfaces: list[str]) -> list[str]:
            asked.extend(surfaces)
            return [surface.lower() for surface in surfaces]

        has_languages = False

        def stems(self, words: list[str], language: str) -> list[str]:
            return words

    vocabulary = Vocabulary(Chain())
    out = array("I")
    for text in ("War and peace", "and WAR", "war and war"):
        vocabulary.tokenize(text, out)
    assert list(out) == [0, 1, 2, 1, 0, 0, 1, 0]
    assert vocabulary.terms == ["war", "and", "peace"]
    assert asked == ["War", "and", "peace", "WAR", "war"]
    assert vocabulary.surfaces == 5


def test_words_that_share_255_code_points_share_a_term() -> None:
    vocabulary = Vocabulary(english)
    out = array("I")
    vocabulary.tokenize(f"{'x' * 255} {'x' * 256} {'x' * 255}é {'x' * 254} {'x' * 255}’s", out)
    assert list(out) == [0, 0, 0, 1, 0]
    assert [token.end - token.start for token in english.tokens("x" * 300)] == [300]


@given(st.lists(st.text(st.characters(codec=None))))
def test_sorted_terms(terms: list[str]) -> None:
    vocabulary = Vocabulary(english)
    half = len(terms) // 2
    ids = [at for some in (terms[:half], terms[half:]) for at in vocabulary.add_terms(some, some)]
    joined, ends, rank = vocabulary.sorted_terms()
    cut = [joined[start:end] for start, end in itertools.pairwise([0, *ends])]
    assert cut == sorted({term.encode("utf-8", "surrogatepass") for term in terms})
    assert [cut[rank[at]].decode("utf-8", "surrogatepass") for at in ids] == terms


def test_added_terms_and_found_ones_share_their_ids() -> None:
    vocabulary = Vocabulary(english)
    out = array("I")
    assert vocabulary.add_terms(["runs", "run"], ["run", "run"]) == [0, 0]
    vocabulary.tokenize("walks running", out)
    assert list(out) == [1, 0]
    assert vocabulary.add_terms(["walks"], ["walk"]) == [1]


def test_clear_begins_again() -> None:
    vocabulary = Vocabulary(english)
    empty = vocabulary.size_bytes
    out = array("I")
    vocabulary.tokenize(" ".join(f"word{at}" for at in range(5000)), out)
    terms = vocabulary.terms
    assert vocabulary.size_bytes > empty + 5000 * 50
    vocabulary.clear()
    assert (vocabulary.size_bytes, len(vocabulary), vocabulary.surfaces) == (empty, 0, 0)
    assert len(terms) == 5000
    out = array("I")
    assert vocabulary.tokenize("word7 word8", out) == 2
    assert (list(out), vocabulary.terms) == ([0, 1], ["word7", "word8"])


def test_what_an_analyzer_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchkit.analysis.analyzer._REMEMBERED_WORDS", 10)
    fresh = open_analyzer("english")
    for first in range(0, 100, 7):
        words = [f"w{at}" for at in range(first, first + 7)]
        assert fresh.terms(" ".join(words)) == words
    assert fresh._known.surfaces < 20
