"""Counts and orders by fields are those of a scan of all that matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.collection import Collection, Hit
from searchkit.collection import open as open_collection
from searchkit.document import Document, Passage
from searchkit.document_records import DocumentRecord
from searchkit.errors import UnknownFieldError
from searchkit.facets import _last_of_runs
from searchkit.index import Writer
from searchkit.passage_index import passage_writer, put
from tests.oracle.test_metadata import FIELDS, day_of, document

DOCUMENTS = {one.key: one for one in map(document, range(90))}


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterable[Collection]:
    """Several passages a document, in several segments, some of it twice and some deleted."""
    folder = tmp_path_factory.mktemp("facets") / ".searchkit"
    for part in range(4):
        with passage_writer(folder, FIELDS) as writer:
            for number, one in enumerate(DOCUMENTS.values()):
                if number % 4 == part or (number % 11 == 0 and part == 3):
                    words = one.text.split()
                    starts = [0]
                    for word in words[:-1]:
                        starts.append(starts[-1] + len(word) + 1)
                    passages = [
                        Passage(
                            one.key, at, one.title, (), start, start + len(word), 1, word,
                            one.modified,
                        )
                        for at, (word, start) in enumerate(zip(words, starts, strict=True))
                    ]  # fmt: skip
                    record = DocumentRecord(one.key, 1, 2, b"3", 4, len(passages), one.key)
                    put(writer, one, passages, record)
    with passage_writer(folder) as writer:
        for one in list(DOCUMENTS.values())[::13]:
            writer.delete(one.key)
            DOCUMENTS.pop(one.key)
    with Collection(folder) as opened:
        yield opened


def test_a_document_over_many_segments_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Writer.__init__

    def small(self: Writer, *args: Any, **settings: Any) -> None:
        made(self, *args, **settings)
        self._buffer_tokens = 60

    monkeypatch.setattr(Writer, "__init__", small)
    monkeypatch.setattr(Writer, "_merge", lambda self, *args: None)
    for name, parts in (("a", 30), ("b", 1), ("c", 12), ("d", 3)):
        text = "".join(f"# H{part}\n\nzebra {'word ' * 140}.\n\n" for part in range(parts))
        (tmp_path / f"{name}.md").write_text(text)
    with open_collection(tmp_path) as opened:
        opened.sync(tmp_path, jobs=0)
        assert opened.status().segments > 4
        for query, count in (("zebra", 4), ("H2", 3), ("H25", 1)):
            (facet,) = opened.search(query, facets=["type"]).facets
            assert [(one.value, one.documents) for one in facet.values] == [("markdown", count)]


def has_any(*words: str) -> Callable[[Document], bool]:
    return lambda one: bool(set(words) & set(one.text.split()))


QUERIES: dict[str, Callable[[Document], bool]] = {
    "red": has_any("red"),
    "red blue": has_any("red", "blue"),
    "end": has_any("end"),
    "title:3": lambda one: one.title == "title 3",
    "green tag:'A b'": lambda one: False,
    "type:html": lambda one: one.media_type == "text/html",
    "blue lang:de": lambda one: "blue" in one.text and one.language.startswith("de"),
}
VALUES: dict[str, Callable[[Document], Iterable[Any]]] = {
    "type": lambda one: [one.key.rpartition(".")[2].replace("txt", "text")],
    "lang": lambda one: [one.language[:2]] if one.language else [],
    "author": lambda one: one.authors,
    "tag": lambda one: one.tags,
    "path": lambda one: [one.key.partition("/")[0]],
    "date": lambda one: [day_of(one).year],
    "year": lambda one: [one.fields["Year"]],
    "project": lambda one: one.fields["project"],  # type: ignore[return-value]
    "due": lambda one: [2025] if "due" in one.fields else [],
    "about": lambda one: [one.fields["about"]],
}


@pytest.mark.parametrize("query", QUERIES)
def test_counts_are_those_of_a_scan(collection: Collection, query: str) -> None:
    matching = [one for one in DOCUMENTS.values() if QUERIES[query](one)]
    answer = collection.search(query, limit=1, facets=dict.fromkeys(VALUES, 1000), fold=False)
    assert [facet.field for facet in answer.facets] == list(VALUES)
    for facet in answer.facets:
        wanted = Counter(value for one in matching for value in VALUES[facet.field](one))
        assert {one.value: one.documents for one in facet.values} == wanted, facet.field
        assert facet.others == 0
        counts = [(-one.documents, str(one.value).casefold()) for one in facet.values]
        if facet.field not in ("year", "type"):
            assert counts == sorted(counts)
    (few,) = collection.search(query, facets={"about": 2}, fold=False).facets
    assert len(few.values) + few.others == len(matching)
    assert len(few.values) == min(2, len(matching))


def first(values: Iterable[Any]) -> Any:
    return next(iter(values), None)


ORDERS: dict[str, Callable[[Document], Any]] = {
    "date": day_of,
    "year": lambda one: one.fields["Year"],
    "path": lambda one: one.key,
    "title": lambda one: one.title,
    "author": lambda one: first(name.casefold() for name in one.authors),
    "tag": lambda one: first(tag.casefold() for tag in one.tags),
    "lang": lambda one: one.language.casefold() or None,
    "type": lambda one: one.media_type,
    "due": lambda one: date.fromisoformat(one.fields["due"]) if "due" in one.fields else None,  # type: ignore[arg-type]
}  # fmt: skip


@pytest.mark.parametrize("by", ORDERS)
@pytest.mark.parametrize("query", ["red blue", "end"])
def test_an_order_is_that_of_a_scan(collection: Collection, query: str, by: str) -> None:
    ranked = collection.search(query, limit=1000, fold=False).hits
    for sign in ("", "-"):
        answer = collection.search(query, limit=1000, sort=sign + by, fold=False)
        assert {passage_of(hit) for hit in answer.hits} == {passage_of(hit) for hit in ranked}
        assert answer.total == len(answer.hits) == len(ranked)
        values = [ORDERS[by](DOCUMENTS[hit.passage.key]) for hit in answer.hits]
        having = [value for value in values if value is not None]
        assert values == having + [None] * (len(values) - len(having))
        assert having == sorted(having, reverse=sign == "-")
        for value in set(values):
            scores = [
                hit.score for hit, one in zip(answer.hits, values, strict=True) if one == value
            ]
            assert scores == sorted(scores, reverse=True)
        some = collection.search(query, sort=sign + by, limit=3, offset=2, fold=False).hits
        assert some == answer.hits[2:5]


def passage_of(hit: Hit) -> tuple[str, int]:
    return hit.passage.key, hit.passage.ordinal


@pytest.mark.parametrize("name", ["no", "-no", "text", "-"])
def test_what_is_no_field(collection: Collection, name: str) -> None:
    with pytest.raises(UnknownFieldError):
        collection.search("red", sort=name)
    with pytest.raises(UnknownFieldError):
        collection.search("red", facets=[name])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=80))
@settings(max_examples=300, deadline=None)
def test_the_last_of_each_run_that_has_one(places: list[tuple[bool, bool]]) -> None:
    begins = [at for at, (is_first, _) in enumerate(places) if is_first or at == 0]
    wanted = 0
    for begin, end in zip(begins, [*begins[1:], len(places)], strict=True):
        if any(is_set for _, is_set in places[begin:end]):
            wanted |= 1 << end - 1
    bits = sum(1 << at for at, (_, is_set) in enumerate(places) if is_set)
    firsts = sum(1 << at for at in begins)
    assert _last_of_runs(bits, firsts, len(places)) == wanted


def test_a_document_in_two_segments_counts_once(tmp_path: Path) -> None:
    folder = tmp_path / ".searchkit"
    with passage_writer(folder) as writer:
        add = writer.add

        def add_and_spill(key: str, **given: Any) -> None:
            add(key, **given)
            writer._flush()

        writer.add = add_and_spill  # type: ignore[method-assign,assignment]
        for number, count in ((7, 4), (8, 1), (10, 3)):
            one = document(number)
            passages = [
                Passage(one.key, at, "t", (), 0, 1, 1, "red", one.modified) for at in range(count)
            ]
            record = DocumentRecord(one.key, 1, 2, b"3", 4, count, one.key)
            put(writer, one, passages, record)
    with Collection(folder) as opened:
        answer = opened.search("red", facets=["type"])
        assert answer.total == 8
        assert [(one.value, one.documents) for one in answer.facets[0].values] == [
            ("text", 2),
            ("html", 1),
        ]
