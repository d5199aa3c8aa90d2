"""What a word weighs is a matter of what else is ranked by."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

import searchkit
from searchkit.collection import Collection

WORDS = "to be or not the fox red dog hen".split()


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = tmp_path_factory.mktemp("weighing")
    random, about = Random(1), "author: To be\ntags: [the]"
    for number in range(60):
        text = " ".join(random.choices(WORDS, k=random.randint(5, 60)))
        (folder / f"p{number:02}.md").write_text(
            f"---\n{about}\n---\n\n# Number {number}\n\n{text} zorb{number % 3}\n"
        )
    opened = searchkit.open(folder)
    opened.sync(folder)
    return opened


def ranking(collection: Collection, query: str) -> list[tuple[str, float]]:
    return [
        (hit.passage.key, hit.score) for hit in collection.search(query, limit=99, fold=False).hits
    ]


@pytest.mark.parametrize("query", ["to be or not", "the red fox", "the", "red -dog", "fox to fox"])
@pytest.mark.parametrize(
    "chooses", ["type:markdown", 'author:"to be"', "tag:the", "author:b*", "date:[2000 to]"]
)
def test_a_filter_changes_no_score(collection: Collection, query: str, chooses: str) -> None:
    everything = ranking(collection, query)
    assert everything
    assert ranking(collection, f"{query} {chooses}") == everything


@pytest.mark.parametrize("other", ['"red fox"', "zorb*", "hen~"])
def test_a_phrase_or_pattern_is_another_word(collection: Collection, other: str) -> None:
    """So the most frequent word there is does not decide the order."""
    scores = dict(ranking(collection, f"{other} the"))
    the = dict(ranking(collection, "the"))
    for key, score in ranking(collection, other):
        assert scores[key] - score < 0.5 * the.get(key, 1.0)


@pytest.mark.parametrize("other", ['"red fox"', "zorb*"])
def test_nothing_is_looked_at_again_for_stop_words_beside_others(
    collection: Collection, other: str
) -> None:
    (best, *_) = collection.search(f"{other} the", fold=False).hits
    why = collection.explain(f"{other} the", best.passage.key, 0)
    assert why.value == best.score
    assert "in its document" not in str(why)


def test_words_that_mean_one_of_the_text_are_not_near_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Note\n\nWe met at the cafe once.\n")
    with searchkit.open(tmp_path) as opened:
        opened.sync(tmp_path)
        assert "near the others" not in str(opened.explain("cafe café", "a.md", 0))


def test_pairs_of_characters_are_not_counted_again_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# x\n\nパンケーキとパンとパンの café\n")
    with searchkit.open(tmp_path) as opened:
        opened.sync(tmp_path)
        why = str(opened.explain("パンケーキ café", "a.md", 0))
        assert '"café" as it is written: 1 times' in why
        assert '"パン" as it is written' not in why
