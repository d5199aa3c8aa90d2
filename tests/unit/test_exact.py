"""What is written exactly as it was typed comes before what only means the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchkit.collection import open as open_collection

COMMON = "was sent to the office on the first day of the month with a letter to"


@pytest.mark.parametrize(
    ("common", "rare"),
    [
        ("resume", "résumé"),
        ("naïve", "naive"),
        ("Muller", "Müller"),
    ],
)
def test_the_word_as_typed_comes_first(tmp_path: Path, common: str, rare: str) -> None:
    # More than are looked at again after the first ranking.
    for number in range(60):
        (tmp_path / f"a{number:02}.txt").write_text(f"The {common} {COMMON} number {number}.")
    (tmp_path / "z.txt").write_text(f"The {rare} {COMMON} number 7.")
    with open_collection(tmp_path) as collection:
        collection.sync(tmp_path)

        def first(query: str) -> str:
            answer = collection.search(query, limit=1, fold=False)
            assert answer.total == 61
            return answer.hits[0].passage.key

        if not rare.isascii():
            assert first(rare) == "z.txt"
        assert first(common).startswith("a")


def test_a_form_as_typed_comes_before_another_of_its_stem(tmp_path: Path) -> None:
    for name, word in (("a", "connected"), ("b", "connection"), ("c", "connect")):
        (tmp_path / f"{name}.txt").write_text(f"They {word} it to the wall of the house.")
    with open_collection(tmp_path) as collection:
        collection.sync(tmp_path)
        for name, word in (("a", "connected"), ("b", "connection"), ("c", "connect")):
            answer = collection.search(word, fold=False)
            assert [answer.total, answer.hits[0].passage.key] == [3, f"{name}.txt"]


def test_a_title_that_is_the_query_comes_first_though_no_text_has_it(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Zebra zebra stripes\n\n## Zebra\n\nNothing of them here.\n")
    (tmp_path / "b.md").write_text("# Zebra\n\nAnimals with stripes, seen in the south.\n")
    with open_collection(tmp_path) as collection:
        collection.sync(tmp_path)
        assert collection.search("zebra").hits[0].passage.key == "b.md"
