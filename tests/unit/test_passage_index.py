"""What does opening an index of passages do to the folder?"""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

import searchkit
from searchkit import passage_index
from searchkit.document_records import DocumentRecord, columns_of
from searchkit.metadata.fields import extended
from searchkit.passage_index import SCHEMA, passage_writer
from searchkit.passages import cut
from searchkit.readers import read_document
from searchkit.schema import FIELDS, Field, Schema
from searchkit.upgrade import bring_up_to_date


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_in_the_place_of_gitignore_is_not_followed(tmp_path: Path, is_there: bool) -> None:
    precious = tmp_path / "precious.txt"
    if is_there:
        precious.write_text("mine")
    folder = tmp_path / ".searchkit"
    folder.mkdir()
    (folder / ".gitignore").symlink_to(Path("..") / "precious.txt")
    passage_writer(folder).commit()
    assert precious.exists() == is_there
    assert not is_there or precious.read_text() == "mine"


def test_a_gitignore_of_the_users_own_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.seg\n")
    passage_writer(tmp_path).commit()
    assert (tmp_path / ".gitignore").read_text() == "*.seg\n"


def test_each_document_is_analysed_by_its_language(tmp_path: Path) -> None:
    (tmp_path / "de.txt").write_text(
        "Die Häuser der Müllers sind schön, und sie haben einen Garten."
    )
    (tmp_path / "en.txt").write_text("The houses of the millers are nice and they have a garden.")
    (tmp_path / "said.html").write_text(
        "<html lang='en'><title>x</title><p>Die Mühlen sind alt, aber sie mahlen noch wie früher."
    )
    with searchkit.open(tmp_path) as collection:
        collection.sync(tmp_path)
        for query, keys in {
            "haus": ["de.txt"],
            "mueller": ["de.txt"],
            "muhle": ["said.html"],
            "house": ["en.txt"],
            "lang:de": ["de.txt", "said.html"],
            "lang:en": ["en.txt", "said.html"],
        }.items():
            assert sorted(hit.passage.key for hit in collection.search(query).hits) == keys, query
        # What a document states is what is shown.
        assert collection.document("said.html").language == "en"
        assert collection.document("de.txt").language == "de"
        (hit,) = collection.search("haus").hits
        assert [hit.passage.text[start:end] for start, end in hit.highlights] == ["Häuser"]


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("email", ["e-mail"]),
        ("e-mail", ["e-mail"]),
        ("usa", ["U.S.A."]),
        ("U.S.A", ["U.S.A."]),
        ("acdc", ["AC/DC"]),
        ("obrien", ["O’Brien"]),
        ("O'Brien", ["O’Brien"]),
        ("dogs", ["dogs’"]),
        ("C#", ["C#"]),
        ("whats", ["What's"]),
        ("+email +usa", ["e-mail", "U.S.A."]),
    ],
)
def test_what_is_typed_finds_what_is_written(tmp_path: Path, typed: str, marked: list[str]) -> None:
    (tmp_path / "a.txt").write_text(
        "What's in the e-mail that O’Brien sent from the U.S.A. is on AC/DC, the dogs’ home and C#."
    )
    (tmp_path / "b.txt").write_text("Vitamin C is in the post, and this is another text.")
    with searchkit.open(tmp_path) as collection:
        collection.sync(tmp_path)
        hit = collection.search(typed).hits[0]
        assert hit.passage.key == "a.txt"
        found = [hit.passage.text[start:end].rstrip("’") for start, end in hit.highlights]
        assert {word.rstrip("’.") for word in marked} <= {word.rstrip(".") for word in found}


def test_an_index_of_another_analysis_is_brought_up_to_date(tmp_path: Path) -> None:
    (tmp_path / "de.txt").write_text(
        "Die Häuser der Müllers sind schön, und sie haben einen Garten."
    )
    old = Schema(
        {
            **{name: Field(analyzer="english") for name in FIELDS},
            **{
                name: one
                for name, one in extended(SCHEMA, {}, "english").fields.items()
                if name not in SCHEMA.fields
            },
        },
        extended(SCHEMA, {}, "english").columns,
        SCHEMA.extra,
    )
    with searchkit.open(tmp_path) as collection:
        with mock.patch.object(passage_index, "extended", lambda *_: old):
            writer = passage_writer(tmp_path / ".searchkit")
            document = read_document((tmp_path / "de.txt").read_bytes(), "de.txt", 0.0)
            record = DocumentRecord("de.txt", 0, 0, b"", 0, 1, "de.txt")
            for passage in cut(document):
                writer.add(
                    "de.txt",
                    texts={"text": passage.text, "title": passage.title},
                    stored={
                        name: getattr(passage, name)
                        for name in ("ordinal", "title", "headings", "start", "end", "line", "text")
                    }
                    | {"modified": 0.0, "place": "", "media_type": "text/plain"},
                    columns=columns_of(record),
                )
            writer.commit()
        assert collection.search("Häuser").total == 1
        assert collection.search("haus").total == 0
        writer = passage_writer(tmp_path / ".searchkit")
        assert "earlier version; 1 document" in bring_up_to_date(writer)
        writer.commit()
        collection.refresh()
        assert collection.search("haus").total == 1
        assert collection.document("de.txt").language == "de"
