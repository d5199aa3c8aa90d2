"""Patterns that stand for few words are ranked as a word is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searchkit
from searchkit import patterns
from searchkit.collection import Collection

TEXTS = {
    "once": "The conscription law was passed after a long debate among many parties.",
    "often": "Conscription, conscripts and again conscription: the conscripted went to war.",
    "rare": "A conscriptive law, as it was called, was passed after a long debate.",
    "none": "The law on otters was passed after a long debate among many parties.",
}


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text)
    for number in range(8):
        (tmp_path / f"more{number}.txt").write_text(f"Conscription {number} of the year.")
    with searchkit.open(tmp_path) as opened:
        opened.sync(tmp_path)
        yield opened


def keys(collection: Collection, query: str) -> list[str]:
    return [hit.passage.key for hit in collection.search(query, limit=20, fold=False).hits]


@pytest.mark.parametrize("query", ["conscr*", "/conscript.*/", "co?script*"])
def test_what_has_it_often_comes_first(collection: Collection, query: str) -> None:
    found = keys(collection, query)
    assert found[0] == "often.txt"
    assert len(found) == 11


def test_the_nearest_spelling_comes_first(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A hat on the mat.")
    (tmp_path / "b.txt").write_text("A cat on the mat.")
    with searchkit.open(tmp_path) as opened:
        opened.sync(tmp_path)
        assert keys(opened, "cat~") == ["b.txt", "a.txt"]


@pytest.mark.parametrize(
    "query", ["conscr*", "law AND conscr*", "conscr* NOT debate", "title:often OR conscripts*"]
)
def test_the_same_passages_match_however_many_words(
    collection: Collection, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = collection.search(query, limit=20)
    found = set(keys(collection, query))
    monkeypatch.setattr(patterns, "MOST_LISTS", 0)
    assert set(keys(collection, query)) == found
    assert collection.search(query, limit=20).total == answer.total


def test_a_score_is_explained(collection: Collection) -> None:
    (best, *_) = collection.search("conscr* law").hits
    why = collection.explain("conscr* law", best.passage.key, best.passage.ordinal)
    assert why.value == best.score


def test_words_of_removed_documents_do_not_count(tmp_path: Path) -> None:
    """A pattern of 60 words is one word to the ranking, whatever 15 files had that are gone."""
    rankings = []
    for name, count in (("fresh", 60), ("used", 75)):
        folder = tmp_path / name
        folder.mkdir()
        for number in range(count):
            letters = chr(97 + number // 26) + chr(97 + number % 26)
            text = f"Some text with zorb{letters} here" + " zorbaa" * (number % 7 == 0)
            (folder / f"k{number:02}.txt").write_text(text)
        with searchkit.open(folder) as opened:
            opened.sync(folder)
            for number in range(60, count):
                (folder / f"k{number}.txt").unlink()
            opened.sync(folder)
            hits = opened.search("zorb*", limit=100, fold=False).hits
            rankings.append([(hit.passage.key, hit.score) for hit in hits])
    fresh, used = rankings
    assert fresh[0][1] > fresh[-1][1]
    assert used == fresh
