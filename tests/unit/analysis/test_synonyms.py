"""Are synonyms read as they are written?"""

from __future__ import annotations

from pathlib import Path

import pytest

import searchkit
from searchkit.analysis.synonyms import WrongSynonymsError, read_synonyms
from searchkit.errors import UsageError


def words(text: str) -> tuple[str, ...]:
    return tuple(text.lower().split())


def test_sets_and_one_way() -> None:
    found = read_synonyms(
        "# a comment\ncar, Automobile\n\ntv => television # one way\nUSA, united states, America\n",
        words,
    )
    assert found == {
        ("car",): (("automobile",),),
        ("automobile",): (("car",),),
        ("tv",): (("television",),),
        ("usa",): (("united", "states"), ("america",)),
        ("united", "states"): (("usa",), ("america",)),
        ("america",): (("usa",), ("united", "states")),
    }
    assert read_synonyms("a, b\na, c", words)[("a",)] == (("b",), ("c",))


@pytest.mark.parametrize(
    ("text", "said"),
    [("alone", "line 1: synonyms are joined"), ("\na, ", "line 2: a word"), ("=> b", "a word")],
)
def test_lines_that_are_none(text: str, said: str) -> None:
    with pytest.raises(WrongSynonymsError, match=said):
        read_synonyms(text, words)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "searchkit.toml").write_text('synonyms = "synonyms.txt"\n')
    (tmp_path / "synonyms.txt").write_text(
        "car, automobile\nUSA, United States\ntv => television\n"
    )
    (tmp_path / "a.md").write_text("The automobile stands in the yard of the house.")
    (tmp_path / "b.md").write_text("The car stands in the yard of the house.")
    (tmp_path / "c.md").write_text("In the United States there is a television in the house.")
    (tmp_path / "d.md").write_text("He has a tv in the house, but he is not in the USA.")
    with searchkit.open(tmp_path) as collection:
        collection.sync([tmp_path / f"{name}.md" for name in "abcd"])
    return tmp_path


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("car", ["b.md", "a.md"]),
        ("automobiles", ["a.md"]),
        ("automobile", ["a.md", "b.md"]),
        ("tv", ["d.md", "c.md"]),
        ("television", ["c.md"]),
        ('"united states"', ["c.md", "d.md"]),
        ("united states", ["c.md", "d.md"]),
        ("car AND yard", ["b.md", "a.md"]),
    ],
)
def test_synonyms_find_less_than_the_word_itself(
    project: Path, query: str, keys: list[str]
) -> None:
    with searchkit.open(project) as collection:
        assert [hit.passage.key for hit in collection.search(query).hits] == keys


def test_synonyms_are_shown_and_marked(project: Path) -> None:
    with searchkit.open(project) as collection:
        answer = collection.search("car")
        assert answer.query.words[0].terms == ("car", "automobil")
        hit = answer.hits[1]
        assert [hit.passage.text[start:end] for start, end in hit.highlights] == ["automobile"]


def test_a_wrong_file_is_said(project: Path) -> None:
    (project / "synonyms.txt").write_text("car\n")
    with searchkit.open(project) as collection, pytest.raises(UsageError, match=r"\.txt, line 1"):
        collection.search("car")
    (project / "synonyms.txt").unlink()
    with searchkit.open(project) as collection, pytest.raises(UsageError, match="cannot be read"):
        collection.search("car")
    (project / "searchkit.toml").write_text('synonyms = "../outside.txt"\n')
    with searchkit.open(project) as collection, pytest.raises(UsageError, match="lies outside"):
        collection.search("car")
