"""Which passages are shown, and which stand behind another?"""

from __future__ import annotations

import json
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

import searchkit
from searchkit.collection import Collection

TEXT = "The ferry crosses the river at noon, and in the evening once more, if there are passengers."


@pytest.fixture
def notes(tmp_path: Path) -> Collection:
    files = {
        "a.md": f"# Ferry\n\n{TEXT}\n",
        "b.md": f"# Boats\n\n{TEXT}\n",
        "c.md": f"# Times\n\n{TEXT.replace('noon', 'eleven')} Nobody knows when.\n",
        "d.md": "# River\n\n## One\n\nThe river rises.\n\n## Two\n\nThe river falls.\n",
        "e.md": "# Hills\n\nNothing flows here, but the ferry is near, and a river.\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    collection = searchkit.open(tmp_path)
    collection.sync(tmp_path)
    return collection


def keys(notes: Collection, query: str, **options: object) -> list[str]:
    return [hit.passage.key for hit in notes.search(query, **options).hits]  # type: ignore[arg-type]


def test_what_says_the_same_stands_behind_the_best(notes: Collection) -> None:
    first, *others = notes.search("ferry river").hits
    assert {first.passage.key} | {one.key for one in first.similar} >= {"a.md", "b.md"}
    assert not {"a.md", "b.md"} & {hit.passage.key for hit in others}
    assert set(keys(notes, "ferry river", fold=False)) >= {"a.md", "b.md"}


def test_a_cap_hides_no_document(tmp_path: Path) -> None:
    # Its second passage says what another document says, and neither is to vanish for that.
    long = "The ferry and the ferry bell and the ferry man."
    (tmp_path / "a.md").write_text(f"# A\n\n## One\n\n{long * 9}\n\n## Two\n\n{TEXT * 5}\n")
    (tmp_path / "b.md").write_text(f"# B\n\n## Two\n\n{TEXT * 5}\n")
    collection = searchkit.open(tmp_path)
    collection.sync(tmp_path)
    assert set(keys(collection, "ferry", per_document=1)) == {"a.md", "b.md"}


def test_a_document_comes_with_all_that_are_asked_for(tmp_path: Path) -> None:
    parts = [
        f"## Part {n}\n\n{'The river ' * 12} {'and the ferry ' * (30 - n)}.\n\n" for n in range(20)
    ]
    (tmp_path / "long.md").write_text("# Long\n\n" + "".join(parts))
    for number in range(150):
        (tmp_path / f"{number}.txt").write_text("The ferry is near, says the ferry man. " * 3)
    (tmp_path / "best.txt").write_text("Ferry ferry.")
    collection = searchkit.open(tmp_path)
    collection.sync(tmp_path)

    def passages(limit: int, **options: object) -> list[int]:
        answer = collection.search("ferry", limit=limit, fold=False, **options)  # type: ignore[arg-type]
        return [hit.passage.ordinal for hit in answer.hits if hit.passage.key == "long.md"]

    every = passages(200, documents=True, per_document=20)
    assert sorted(every) == list(range(len(every)))
    ranks = {
        h.passage.key: h.rank for h in collection.search("ferry", limit=200, documents=True).hits
    }
    for limit in (ranks["long.md"], ranks["long.md"] + 20):
        assert passages(limit, documents=True, per_document=20) == every


def test_texts_without_spaces_can_say_the_same(tmp_path: Path) -> None:
    text = "東京の図書館は毎日九時に開き、夜の八時に閉まります。日曜日は子供の催しがあります。"
    (tmp_path / "a.txt").write_text(text * 2)
    (tmp_path / "b.txt").write_text(text * 2 + "無料です。")
    collection = searchkit.open(tmp_path)
    collection.sync(tmp_path)
    (hit,) = collection.search("図書館").hits
    assert len(hit.similar) == 1


def test_what_has_no_end_is_compared_in_time(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"ferry {'x' * 200_000} {'1' * 100_000} {name}")
    began = time.monotonic()
    collection = searchkit.open(tmp_path)
    collection.sync(tmp_path)
    assert collection.search("ferry").hits
    assert time.monotonic() - began < 20


@pytest.fixture
def entries(tmp_path: Path) -> Collection:
    words = "grant to the railway of the northern valley for the repair of its bridges and of its "
    lines = [
        {"title": "One", "text": f"{words * 3} 500 pounds"},
        {"title": "Two", "text": f"{words * 3} 700 pounds"},
        {"title": "Three", "text": f"{words * 3} 700 pounds again"},
    ]
    (tmp_path / "grants.jsonl").write_text("\n".join(map(json.dumps, lines)))
    collection = searchkit.open(tmp_path)
    collection.sync(tmp_path)
    return collection


def test_entries_of_a_file_that_differ_in_a_number_are_two(entries: Collection) -> None:
    hits = entries.search("railway bridges").hits
    assert sorted((hit.passage.title, len(hit.similar)) for hit in hits) in (
        [("One", 0), ("Three", 1)],
        [("One", 0), ("Two", 1)],
    )


def test_what_is_sorted_or_only_chosen_is_not_folded(notes: Collection) -> None:
    assert {"a.md", "b.md"} <= set(keys(notes, "ferry", sort="title"))
    assert {"a.md", "b.md"} <= set(keys(notes, "type:markdown"))
    assert not {"a.md", "b.md"} <= set(keys(notes, "ferry", sort="title", fold=True))
    assert not {"a.md", "b.md"} <= set(keys(notes, "ferry type:markdown"))


def test_hits_have_the_value_that_they_are_sorted_by(tmp_path: Path) -> None:
    days = {"a.md": "2024-05-06", "b.md": "2023-01-02"}
    for name, day in days.items():
        (tmp_path / name).write_text(
            f"---\ndate: {day}\nscore: 2.5\ntags: [Straße]\n---\nThe ferry of {name}.\n"
        )
    collection = searchkit.open(tmp_path)
    collection.sync(tmp_path, fields={"score": "number"})

    def values(sort: str) -> list[str]:
        return [hit.sort_value for hit in collection.search("ferry", sort=sort).hits]

    assert values("date") == ["2023-01-02", "2024-05-06"]
    assert values("-score") == ["2.5", "2.5"]
    assert values("type") == ["markdown", "markdown"]
    assert values("tag") == ["Straße", "Straße"]
    assert values("path") == values("") == ["", ""]


def test_a_file_comes_before_its_copy_in_an_archive(tmp_path: Path) -> None:
    text = f"The ferry. {TEXT}"
    (tmp_path / "z.txt").write_text(text)
    for name in ("a.zip", "b.zip"):
        with ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("z.txt", text)
    collection = searchkit.open(tmp_path)
    collection.sync(tmp_path)
    (hit,) = collection.search("ferry").hits
    assert hit.passage.key == "z.txt"
    assert [one.key for one in hit.similar] == ["a.zip/z.txt", "b.zip/z.txt"]


def test_pages_fit_together(notes: Collection) -> None:
    every = keys(notes, "river")
    pages = [keys(notes, "river", limit=1, offset=at) for at in range(len(every))]
    assert [key for page in pages for key in page] == every
    assert keys(notes, "river", offset=len(every)) == []


def test_passages_of_a_document(notes: Collection) -> None:
    whole = keys(notes, "river", fold=False)
    capped = keys(notes, "river", fold=False, per_document=1)
    assert capped == list(dict.fromkeys(whole))


def test_documents_come_together(notes: Collection) -> None:
    hits = notes.search("river", documents=True, fold=False).hits
    ranks = [hit.rank for hit in hits]
    assert ranks == sorted(ranks)
    by_rank = {hit.rank: hit.passage.key for hit in hits}
    assert len(set(by_rank.values())) == len(by_rank)
    assert all(by_rank[hit.rank] == hit.passage.key for hit in hits)
    first = notes.search("river", documents=True, fold=False, limit=1).hits
    assert {hit.rank for hit in first} == {1}


def test_an_exact_title_comes_first(notes: Collection) -> None:
    assert keys(notes, "hills")[0] == "e.md"
    assert keys(notes, "river", fold=False)[0] == "d.md"


def test_similar_passages_are_of_other_documents(notes: Collection) -> None:
    hits = notes.similar("a.md", 0, fold=False).hits
    assert hits[0].passage.key == "b.md"
    assert "a.md" not in {hit.passage.key for hit in hits}
    with pytest.raises(searchkit.errors.DocumentNotFoundError):
        notes.similar("nothing.md")


def test_what_is_new_comes_first(tmp_path: Path) -> None:
    for name, day in (("old", "2001-01-01"), ("new", "2026-01-01")):
        text = "A note on rivers." + (" Rivers and rivers." if name == "old" else "")
        (tmp_path / f"{name}.md").write_text(f"---\ndate: {day}\n---\n\n# Note {name}\n\n{text}\n")
    notes = searchkit.open(tmp_path)
    notes.sync(tmp_path)
    assert keys(notes, "rivers") == ["old.md", "new.md"]
    answer = notes.search("rivers", recency=3650)
    assert [hit.passage.key for hit in answer.hits] == ["new.md", "old.md"]
    for hit in answer.hits:
        assert notes.explain("rivers", hit.passage.key, 0, recency=3650).value == hit.score


@pytest.mark.parametrize("wrong", [{"limit": -1}, {"per_document": -1}, {"recency": -1.0}])
def test_numbers_that_are_none(notes: Collection, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        notes.search("river", **wrong)  # type: ignore[arg-type]
