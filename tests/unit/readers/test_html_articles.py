"""How well is the text of real pages found?"""

from __future__ import annotations

import pytest

from benchmarks.extraction import ARTICLES, marked_pages, score, searchkit_text, shingles


@pytest.mark.skipif(not ARTICLES.exists(), reason=f"{ARTICLES} is not there")
def test_the_text_of_articles_is_found() -> None:
    precision, recall, f1 = score((searchkit_text(page), text) for page, text in marked_pages())
    assert f1 >= 0.965, (precision, recall)


def test_the_score_is_that_of_shingles() -> None:
    assert shingles("a b c d e") == {("a", "b", "c", "d"): 1, ("b", "c", "d", "e"): 1}
    assert shingles("a") == {("a",): 1}
    assert score([("a b c d", "a b c d e"), ("x", "")]) == (0.5, 0.75, 0.6)
