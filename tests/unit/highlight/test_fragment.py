"""The fragment shows as many of the matches as it can, and reads well."""

import re

from hypothesis import given
from hypothesis import strategies as st

from searchkit.highlight.fragment import best_fragment

WORDS = st.lists(st.sampled_from(["war", "peace.", "and", "Leo", "1869!", "naïve", "\n\n", "\n"]))


def spans_of(text: str, word: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(rf"\b{word}\b", text)]


def shown(text: str, word: str, longest: int = 60) -> str:
    fragment = best_fragment(text, spans_of(text, word), longest)
    before, after = "…" * fragment.cut_before, "…" * fragment.cut_after
    return before + text[fragment.start : fragment.end] + after


def test_the_sentence_with_the_match() -> None:
    text = "Tolstoy wrote it. It took six years to write. The war is only its occasion."
    assert shown(text, "war", 30) == "The war is only its occasion."


def test_as_many_sentences_as_fit() -> None:
    text = "Nothing here at all. A war. It ended. Then there was much that came after it."
    assert shown(text, "war", 20) == "A war. It ended."


def test_without_a_match_the_beginning() -> None:
    assert shown("One sentence here. Another there.", "war", 20) == "One sentence here."


def test_a_long_sentence_is_cut_between_words_around_the_match() -> None:
    text = "word " * 40 + "war " + "word " * 40
    fragment = shown(text, "war")
    assert re.fullmatch(r"…(word )+war( word)+…", fragment)
    assert len(fragment) <= 62


def test_two_different_words_beat_one_word_twice() -> None:
    text = "War, war and war again. Peace followed the war."
    spans = [match.span() for match in re.finditer("war|peace", text, re.IGNORECASE)]
    fragment = best_fragment(text, spans, 30)
    assert text[fragment.start : fragment.end] == "Peace followed the war."


def test_a_phrase_beats_fewer_of_its_words_and_case_does_not_count() -> None:
    text = "Visit python.org today. Or ask at bugs.python.org now."
    spans = [(6, 12), (13, 16), (34, 49)]
    fragment = best_fragment(text, spans, 30)
    assert text[fragment.start : fragment.end] == "Or ask at bugs.python.org now."
    text = "War, war, WAR. Peace and war."
    spans = [match.span() for match in re.finditer("war|peace", text, re.IGNORECASE)]
    assert text[best_fragment(text, spans, 14).start :].startswith("Peace")


def test_of_the_same_words_the_more_frequent_is_shown() -> None:
    assert shown("A war. Nothing else here. A war is a war.", "war", 15) == "A war is a war."


def test_many_pieces_take_no_quadratic_time() -> None:
    text = "war! " * 20_000
    assert best_fragment(text, spans_of(text, "war"), 60).spans


def test_a_heading_inside_stands_alone_without_its_mark() -> None:
    text = "Daily News\n## War is over\nThe war has ended. Peace came after the war."
    assert shown(text, "over") == "War is over"
    assert shown(text, "war") == "The war has ended. Peace came after the war."
    assert shown(text, "Daily") == "Daily News"


def test_a_word_longer_than_the_fragment_is_cut() -> None:
    fragment = best_fragment("x" * 1000, [], 60)
    assert (fragment.start, fragment.end, fragment.cut_after) == (0, 60, True)


def test_an_empty_text_has_an_empty_fragment() -> None:
    assert best_fragment("", [], 60).end == 0


@given(WORDS.map(" ".join), st.integers(8, 80))
def test_any_text(text: str, longest: int) -> None:
    spans = spans_of(text, "war")
    fragment = best_fragment(text, spans, longest)
    assert 0 <= fragment.start <= fragment.end <= len(text)
    assert fragment.end - fragment.start <= longest or not text.strip()
    assert bool(fragment.spans) == bool(spans)
    for start, end in fragment.spans:
        assert fragment.start <= start < end <= fragment.end
        assert text[start:end] == "war"
    # Words are whole: what borders the fragment is no part of a word.
    assert not (fragment.start and text[fragment.start - 1].isalnum())
    assert not (fragment.end < len(text) and text[fragment.end].isalnum())
