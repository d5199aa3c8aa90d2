"""Are synonyms read as they are written?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searchkit
from searchkit.analysis.synonyms import Ways, WrongSynonymsError, read_synonyms
from searchkit.collection import Collection
from searchkit.errors import UsageError


def words(text: str) -> Ways:
    split = text.lower().split()
    return Ways([tuple(split)], [tuple(split)]) if split else Ways((), ())


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
    [
        ("alone", "line 1: synonyms are joined"),
        ("\na, ", "line 2: a word"),
        ("=> b", "a word"),
        ("w " * 21 + ", b", "line 1: more than 20 words in a row"),
    ],
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
        ("automobiles", ["a.md", "b.md"]),
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


def test_what_is_not_wanted_leaves_its_synonyms(tmp_path: Path) -> None:
    (tmp_path / "searchkit.toml").write_text('synonyms = "same.txt"\n')
    (tmp_path / "same.txt").write_text("telly, television\n")
    (tmp_path / "a.md").write_text("A television.\n")
    (tmp_path / "b.md").write_text("A telly.\n")
    with searchkit.open(tmp_path) as collection:
        collection.sync(tmp_path, exclude=["same.txt"])
        for query, found in (
            ("television", {"a.md", "b.md"}),
            ("television -telly", {"a.md"}),
            ("television AND NOT (telly OR tv)", {"a.md"}),
        ):
            assert {hit.passage.key for hit in collection.search(query).hits} == found


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


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("synonyms")
    (folder / "searchkit.toml").write_text('synonyms = "synonyms.txt"\n')
    (folder / "synonyms.txt").write_text(
        "new york, NYC\nC++, cpp\nC#, csharp # sharp\ncar, automobile\n"
        "heart attack, myocardial infarction\ne-mail, letter\n서울, Seoul\n서울특별시, capital\n"
        "テスト, trial\n"
    )
    notes = {
        "nyc": "It was in NYC once.",
        "ny": "It was in New York once.",
        "jersey": "It was in New Jersey once.",
        "cpp": "The cpp file was once there.",
        "c++": "The C++ file was once there.",
        "c#": "The C# file was once there.",
        "csharp": "The csharp file was once there.",
        "vitamin": "The vitamin C was once there.",
        "cars": "Cars were once there.",
        "automobile": "An automobile was once there.",
        "infarction": "A myocardial infarction is what it was.",
        "letter": "The letter was once there.",
        "ko": "서울특별시 구경",
        "seoul": "Seoul was the place.",
        "capital": "The capital was the place.",
        "ja": "このテストは長い。",
        "trial": "The trial was long.",
    }
    for name, text in notes.items():
        (folder / f"{name}.md").write_text(text + "\n", encoding="utf-8")
    with searchkit.open(folder) as collection:
        collection.sync(sorted(folder.glob("*.md")))
        yield collection


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ('"new york"', "ny nyc"),
        ("new jersey new york", "jersey ny nyc"),
        ("new york new jersey", "jersey ny nyc"),
        ("york new", "jersey ny"),
        ("text:(new york)", "jersey ny nyc"),
        ("+new +york", "ny nyc"),
        ("+new +york +once", "ny nyc"),
        ("new AND york", "ny nyc"),
        ("new york^2", "jersey ny nyc"),
        ("+nyc", "ny nyc"),
        ("vitamin c", "c# c++ vitamin"),
        ("+C++", "c# c++ cpp vitamin"),
        ("cpp", "c++ cpp"),
        ("csharp", "c# csharp"),
        ("cars", "automobile cars"),
        ("automobiles", "automobile cars"),
        ("heart attacks", "infarction"),
        ("email", "letter"),
        ("+e-mail", "letter"),
        ("서울", "ko seoul"),
        ("Seoul", "ko seoul"),
        ('"서울특별시"', "capital ko"),
        ("capital", "capital ko"),
        ("テスト", "ja trial"),
        ("trial", "ja trial"),
    ],
)
def test_ways_to_write_the_same(notes: Collection, query: str, finds: str) -> None:
    keys = [hit.passage.key.removesuffix(".md") for hit in notes.search(query, limit=50).hits]
    assert " ".join(sorted(keys)) == finds
