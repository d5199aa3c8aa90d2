"""What is written exactly as it was typed comes before what only means the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


def first_of(folder: Path, query: str, files: dict[str, str], **options: Any) -> list[str]:
    """The keys of the passages found for ``query`` among ``files``."""
    for name, text in files.items():
        (folder / name).write_text(text)
    with open_collection(folder) as collection:
        collection.sync(folder)
        hits = collection.search(query, limit=100, fold=False, **options).hits
        for hit in hits[:5]:
            key, ordinal = hit.passage.key, hit.passage.ordinal
            recency = options.get("recency", 0.0)
            assert collection.explain(query, key, ordinal, recency=recency).value == hit.score
        return [hit.passage.key for hit in hits]


def test_a_name_is_not_its_stem(tmp_path: Path) -> None:
    """However many passages have the stem more often."""
    files = {
        f"x{number}.txt": f"Davis said, and Davis sang, number {number}." for number in range(40)
    }
    files["z.txt"] = "A song for Davies, which is long, and says many other things before it ends."
    assert first_of(tmp_path, "davies", files)[0] == "z.txt"


@pytest.mark.parametrize(
    ("title", "longer"),
    [
        ("パン", "パンケーキ"),
        ("東京タワー", "東京タワー水族館"),
        ("面包", "面包店"),
        ("ข้าว", "ข้าวผัด"),
        ("Häuser", "Alles über Häuser"),
        ("O’Brien", "Flann O’Brien O’Brien"),
        ("C++", "C++ C++ in a day"),
        ("हिन्दी", "हिन्दी हिन्दी भाषा"),
    ],
)
def test_titles_of_any_script_and_language(tmp_path: Path, title: str, longer: str) -> None:
    """In an index that is mostly English."""
    files = {f"x{number}.md": f"# Thing {number}\n\n{COMMON} {number}." for number in range(9)}
    files["a.md"] = f"# {longer}\n\n{longer}. {longer}: {longer}.\n"
    files["b.md"] = f"# {title}\n\nNothing of it.\n"
    assert first_of(tmp_path, title, files)[0] == "b.md"


def test_all_of_one_title_come_first_each_by_its_best_passage(tmp_path: Path) -> None:
    """Whatever else says it more often, and however many passages a book of that title has."""
    parts = [
        f"## Part {number}\n\n" + f"Worms move in the sand in year {number}. " * 20
        for number in range(260)
    ]
    parts[200] += "Dune, said the worm of the dune, is dune."
    files = {
        f"x{number:02}.md": f"# Dune or dune {number}\n\n" + "dune " * 9 for number in range(40)
    }
    files["a_book.md"] = "# Dune\n\n" + "\n\n".join(parts)
    files["z.md"] = "# DUNE!\n\n" + "A note on something else entirely, long and dry. " * 9
    found = first_of(tmp_path, "dune", files)
    assert found[:2] == ["a_book.md", "z.md"]
    assert found[2].startswith("x")
    with open_collection(tmp_path) as collection:
        assert "said the worm" in collection.search("dune").hits[0].passage.text


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("stone", "s.md"),
        ("stone type:markdown", "s.md"),
        ("type:markdown stone -nothing", "s.md"),
        ('"stone"', "s.md"),
        # It is not the title that was typed.
        ("ston* dick", "x.md"),
    ],
)
def test_the_title_is_what_was_typed_besides_filters(
    tmp_path: Path, query: str, first: str
) -> None:
    files = {
        "s.md": "# Stone\n\nthe stone once",
        "d.md": "# Dick\n\nthe name of dick",
        "x.md": "# Stone and dick\n\nstone stone dick dick stone stone dick stone",
    }
    assert first_of(tmp_path, query, files)[0] == first
