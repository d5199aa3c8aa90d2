"""The fragments show as many of the matches as they can, and read well."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from searchkit.graphemes import is_cut
from searchkit.highlight.fragment import Fragment, best_fragments
from searchkit.highlight.match import Match

WORDS = st.lists(st.sampled_from(["war", "peace.", "and", "Leo", "1869!", "naïve", "\n\n", "\n"]))


def matches_of(text: str, *words: str) -> list[Match]:
    """Where ``words`` stand, each of which is a leaf of the query."""
    return sorted(
        Match(*match.span(), 1 << at)
        for at, word in enumerate(words)
        for match in re.finditer(rf"\b(?:{word})\b", text, re.IGNORECASE)
    )


def best_fragment(text: str, matches: list[Match], longest: int) -> Fragment:
    (fragment,) = best_fragments(text, matches, 1, longest)
    return fragment


def seen(text: str, fragment: Fragment) -> str:
    before, after = "…" * fragment.cut_before, "…" * fragment.cut_after
    return before + text[fragment.start : fragment.end] + after


def shown(text: str, word: str, longest: int = 60) -> str:
    return seen(text, best_fragment(text, matches_of(text, word), longest))


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


def test_two_words_of_the_query_beat_one_word_twice() -> None:
    text = "War, war and war again. Peace followed the war."
    fragment = best_fragment(text, matches_of(text, "war", "peace"), 30)
    assert seen(text, fragment) == "Peace followed the war."


def test_two_forms_of_one_word_are_no_two_words() -> None:
    text = "War and wars again. Peace followed the war."
    fragment = best_fragment(text, matches_of(text, "wars?", "peace"), 30)
    assert seen(text, fragment) == "Peace followed the war."


def test_of_the_same_words_the_more_frequent_is_shown() -> None:
    assert shown("A war. Nothing else here. A war is a war.", "war", 15) == "A war is a war."


def test_many_pieces_take_no_quadratic_time() -> None:
    text = "war! " * 20_000
    assert best_fragment(text, matches_of(text, "war"), 60).spans
    long = "war " * 50_000
    assert best_fragments(long, matches_of(long, "war", "peace"))


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


def test_further_fragments_show_the_words_that_the_best_lacks() -> None:
    text = "A war. " + "Nothing at all. " * 9 + "Then peace. " + "Nothing more. " * 9 + "And Leo."
    matches = matches_of(text, "war", "peace", "leo")
    fragments = best_fragments(text, matches, longest=20)
    assert {text[start:end] for one in fragments for start, end in one.spans} == {
        "war", "peace", "Leo",
    }  # fmt: skip
    assert len(best_fragments(text, matches, 2, 20)) == 2
    assert len(best_fragments(text, matches_of(text, "war", "absent"), longest=20)) == 1


def test_fragments_with_nothing_between_them_are_one() -> None:
    text = "It was a long war. Peace. Nothing else."
    (fragment,) = best_fragments(text, matches_of(text, "war", "peace"), longest=20)
    assert seen(text, fragment) == "It was a long war. Peace."


def test_a_fragment_does_not_go_on_behind_a_border() -> None:
    text = "It was a long war.\n\nPeace came then. It went on to the next page."
    matches = matches_of(text, "war", "peace", "page")
    (fragment,) = best_fragments(text, matches)
    assert seen(text, fragment) == text
    at = text.index("Peace")
    best, further = best_fragments(text, matches, borders=[at])
    assert (seen(text, best), seen(text, further)) == (text[at:], text[: at - 2])
    # A sentence stays whole.
    at = text.index("next")
    (fragment,) = best_fragments(text, matches, borders=[at])
    assert seen(text, fragment) == text


def test_sentences_of_chinese_and_japanese_end_without_a_space() -> None:
    text = "戦争が終わった。平和が来た！そして誰もいない。"
    assert seen(text, best_fragment(text, [Match(8, 10, 1)], 8)) == "平和が来た！"


def test_a_long_sentence_without_spaces_is_cut_near_its_match() -> None:
    text = "長い文章" * 100 + "戦争" + "続く文章" * 100 + " 終わり"
    fragment = best_fragment(text, [Match(400, 402, 1)], 60)
    assert fragment.spans == ((400, 402),)
    assert fragment.cut_before and fragment.cut_after
    assert 380 < fragment.start < fragment.end <= fragment.start + 60


def test_a_match_longer_than_a_fragment_is_shown_from_its_beginning() -> None:
    text = "before " * 20 + "word " * 100
    fragment = best_fragment(text, [Match(140, 639, 1)], 60)
    assert fragment.spans == ((140, fragment.end),)


FAMILY, FLAG, THUMB = "👨\u200d👩\u200d👧", "🇺🇦", "👍🏽"


@given(
    st.lists(st.sampled_from([FAMILY, FLAG, THUMB, "e\u0301", "x", "क्षि", "각", "1️⃣"])).map("".join),
    st.integers(8, 40),
    st.data(),
)
def test_no_cut_inside_what_readers_take_for_one_character(
    text: str, longest: int, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, max(0, len(text) - 2)))
    matches = [Match(at, at + 1, 1)] if text else []
    for fragment in best_fragments(text, matches, longest=longest):
        assert is_cut(text, fragment.start) or fragment.start == at
        assert is_cut(text, fragment.end)


@given(
    st.text(st.sampled_from("a. \n#。あ\u0301"), max_size=200),
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 9), st.integers(1, 7)), max_size=9),
    st.integers(8, 80),
    st.lists(st.integers(0, 200), max_size=5).map(sorted),
)
def test_fragments_of_any_matches_are_apart_and_tell_what_matches_in_them(
    text: str, drawn: list[tuple[int, int, int]], longest: int, borders: list[int]
) -> None:
    matches: list[Match] = []
    for start, length, leaves in sorted(drawn):
        if start + length <= len(text) and (not matches or matches[-1].end <= start):
            matches.append(Match(start, start + length, leaves))
    fragments = best_fragments(text, matches, longest=longest, borders=borders)
    assert 1 <= len(fragments) <= 3
    for before, after in pairwise(sorted(fragments, key=lambda one: one.start)):
        assert before.end <= after.start
    for fragment in fragments:
        cut = [
            (max(one.start, fragment.start), min(one.end, fragment.end))
            for one in matches
            if one.start < fragment.end and one.end > fragment.start
        ]
        assert list(fragment.spans) == cut


@given(WORDS.map(" ".join), st.integers(8, 80))
def test_any_text(text: str, longest: int) -> None:
    spans = matches_of(text, "war")
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


@given(st.lists(st.integers(0, 150), min_size=1, max_size=6, unique=True))
def test_of_a_long_sentence_all_words_are_shown_that_can_be(places: list[int]) -> None:
    words = [f"w{n}" for n in range(160)]
    named = [("zebra", "walrus", "giraffe")[i % 3] for i in range(len(places))]
    for place, name in zip(places, named, strict=True):
        words[place] = name
    text = " ".join(words)
    matches = matches_of(text, "zebra", "walrus", "giraffe")
    fragments = best_fragments(text, matches)
    starts = [found.start() for found in re.finditer(r"\S+", text)]

    def leaves(start: int, end: int) -> int:
        inside = [match.leaves for match in matches if start <= match.start and match.end <= end]
        return sum(set(inside))

    best = max(leaves(start, start + 280).bit_count() for start in starts)
    assert leaves(fragments[0].start, fragments[0].end).bit_count() >= best
    together = 0
    for fragment in fragments:
        together |= leaves(fragment.start, fragment.end)
    assert together == leaves(0, len(text))
    for one, other in pairwise(sorted(fragments, key=lambda one: one.start)):
        assert text[one.end : other.start].strip()
