"""What is another inside of a passage comes back from an index, and an older index lacks it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searchkit
from searchkit.codec import CorruptError
from searchkit.codec.values import decode_values, encode_values
from searchkit.document import Document, Passage, steps
from searchkit.index import Writer
from searchkit.passage_parts import lines_stored, parts_stored, stored_parts
from searchkit.passages import cut
from searchkit.readers import Source, read
from searchkit.storage.disk import DiskDirectory

PASSAGE = Passage("a", 0, "T", ("A",), 0, 9, 5, "some text", 0.0, "page 1")

offsets = st.lists(st.integers(1, 1000), unique=True, max_size=6).map(sorted)
words = st.text(max_size=4)


def pairs(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return offsets.flatmap(
        lambda some: st.tuples(*(st.tuples(st.just(one), values) for one in some))
    )


@given(
    pairs(st.integers(1, 10**6)),
    pairs(words),
    pairs(st.lists(words, max_size=3).map(tuple)),
    st.lists(words, max_size=3).map(tuple),
    st.booleans(),
)
def test_what_is_stored_comes_back(
    lines: tuple[tuple[int, int], ...], places: object, sections: object, labels: object, own: bool
) -> None:
    passage = replace(
        PASSAGE,
        lines=steps(lines, 0, PASSAGE.line),
        places=places,
        sections=sections,
        labels=labels,
        has_all_lines=own,
    )
    stored = decode_values(encode_values({"line": passage.line, **dict(stored_parts(passage))}))
    assert replace(PASSAGE, **parts_stored(stored)) == passage
    assert tuple(lines_stored(stored)) == lines


def test_most_passages_store_nothing() -> None:
    assert dict(stored_parts(PASSAGE)) == {}


@pytest.mark.parametrize(
    "stored",
    [
        {"lines": "1", "line": 1},
        {"lines": "1 1 ", "line": 1},
        {"lines": "1 x", "line": 1},
        {"lines": [1, 1], "line": 1},
        {"places": [[1]]},
        {"places": [["x", "page 1"]]},
        {"sections": [[1, 2]]},
        {"labels": 3},
    ],
)
def test_what_was_not_stored_is_damage(stored: dict[str, object]) -> None:
    with pytest.raises(CorruptError, match="of a passage cannot be read"):
        parts_stored(stored)


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [(0, 4, "page 1"), (0, 5, "page 1–2"), (4, 6, "page 2"), (4, 8, "page 2"), (6, 8, "#a")],
)
def test_the_place_of_a_part(start: int, end: int, place: str) -> None:
    passage = replace(PASSAGE, places=((4, "page 2"), (6, "#a")))
    assert passage.place_of(start, end) == place


@pytest.mark.parametrize(
    ("first", "last", "place"),
    [
        ("slide 4", "slide 5", "slide 4–5"),
        ("chapter 2: The Storm", "chapter 3", "chapter 2–3"),
        ("page 5", "page 4", "page 5"),
        ("page 5", "slide 6", "page 5"),
        ("#id4", "#id5", "#id4"),
        ("section 1a", "section 2a", "section 1a"),
    ],
)
def test_only_counted_places_make_a_range(first: str, last: str, place: str) -> None:
    assert replace(PASSAGE, place=first, places=((3, last),)).place_of(0, 9) == place


@pytest.mark.parametrize(
    "text",
    ['{\n"a": "x one", "b":"y two",\n\n"c":"z three"}', '{\n"a": "x\\none",\n\n"c":"y",\n"d":"z"}'],
)
def test_a_passage_tells_the_lines_that_its_document_tells(text: str) -> None:
    (document,) = read(Source(text.encode(), "a.json", 0.0))
    (passage,) = cut(document)
    offsets = range(len(passage.text))
    told = [document.line(passage.start + at) for at in offsets]
    assert [passage.line_at(at) for at in offsets] == told


@pytest.mark.parametrize(
    ("lines", "own"),
    [
        (((0, 2), (2, 3), (4, 4)), True),
        (((0, 2), (2, 2), (4, 4)), False),
        (((0, 2), (3, 3), (4, 4)), False),
        (((0, 2), (2, 3)), False),
        ((), False),
    ],
)
def test_each_line_is_the_next_one_or_it_is_not_said(
    lines: tuple[tuple[int, int], ...], own: bool
) -> None:
    assert Document("a", "a", "a\nb\nc", (), lines, 0.0).has_all_lines is own


def test_in_an_older_index_a_passage_is_what_it_is_where_it_begins(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<h1>T</h1><h2 id=one>One</h2>\notters\n<h2 id=two>Two</h2>\nbadgers\n"
    )
    index = tmp_path / ".searchkit"
    with searchkit.open(tmp_path) as collection:
        collection.sync(tmp_path)
        (hit,) = collection.search("badgers").hits
        assert (hit.line, hit.place, [one.text for one in hit.headings]) == (3, "#two", ["Two"])
        assert collection.part("a.html", 3, 1).text == "Two\n\nbadgers"
        snapshot = collection._snapshot
        columns = {name: snapshot.column_value(name, 0) for name in snapshot.schema.columns}
        stored, schema = dict(snapshot.stored(0)), snapshot.schema
    for name in ("lines", "places", "sections"):
        del stored[name]
    for file in index.iterdir():
        file.unlink()
    with Writer(DiskDirectory(index), schema) as writer:
        known = {name: one for name, one in columns.items() if one is not None}
        writer.add("a.html", texts={"text": stored["text"]}, stored=stored, columns=known)
    with searchkit.open(tmp_path) as collection:
        (hit,) = collection.search("badgers").hits
        assert (hit.line, hit.place, hit.headings) == (1, "#one", ())
        assert collection.part("a.html", 3, 1).text == stored["text"]
