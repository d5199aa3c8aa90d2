"""Filtered searches give what a scan of the unfiltered ones, in Python, gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from searchkit.collection import Collection
from searchkit.document import Document, Passage
from searchkit.passage_index import DocumentRecord, passage_writer, put
from searchkit.search import search
from searchkit.upgrade import bring_up_to_date

WORDS = ("red", "green", "blue")
FIELDS = {"year": "number", "project": "keyword", "due": "date", "about": "text"}


def document(number: int) -> Document:
    folder = ("docs", "docs/guide", "Mail")[number % 3]
    media_type, suffix = (("text/plain", "txt"), ("text/html", "html"))[number % 2]
    text = " ".join(word for at, word in enumerate(WORDS) if (number >> at) % (at + 2) == 0)
    return Document(
        f"{folder}/n{number}.{suffix}",
        f"title {number % 5}",
        f"{text} end",
        (),
        ((0, 1),),
        1.6e9 + 86_400 * number,
        media_type=media_type,
        authors=("Jane Smith",) if number % 4 == 0 else ("Smith, Bob", "Jane Ray"),
        published="" if number % 3 else f"2024-{number % 12 + 1:02}-07T01:00:00+05:00",
        language=("de-AT", "de", "en", "")[number % 4],
        tags=("A b",) if number % 7 == 0 else (),
        fields={
            "Year": 1990 + number,
            "project": ["One", "two"][: number % 3],
            "about": f"n{number}",
        }
        | ({"due": f"2025-01-{number % 28 + 1:02}"} if number % 2 else {}),
    )


DOCUMENTS = {one.key: one for one in map(document, range(120))}


def day_of(one: Document) -> date:
    if one.published:
        return date.fromisoformat(one.published[:10])
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(one.modified // 86_400))


FILTERS: dict[str, Callable[[Document], bool]] = {
    "type:html": lambda one: one.media_type == "text/html",
    "type:txt": lambda one: one.media_type == "text/plain",
    "path:docs/": lambda one: one.key.startswith("docs/"),
    "path:docs/guide": lambda one: one.key.startswith("docs/guide/"),
    "path:mail": lambda one: one.key.startswith("Mail/"),
    "path:n17": lambda one: "/n17." in one.key,
    "lang:de": lambda one: one.language.startswith("de"),
    "lang:de-at": lambda one: one.language == "de-AT",
    'author:"jane smith"': lambda one: one.authors == ("Jane Smith",),
    "author:ray": lambda one: "Jane Ray" in one.authors,
    'tag:"a B"': lambda one: one.tags == ("A b",),
    "date:2024": lambda one: day_of(one).year == 2024,
    "date:[2024-02 TO 2024-05}": lambda one: date(2024, 2, 1) <= day_of(one) < date(2024, 5, 1),
    "date:<=2020": lambda one: day_of(one).year <= 2020,
    "year:>2000": lambda one: one.fields["Year"] > 2000,  # type: ignore[operator]
    "year:1995..2005": lambda one: 1995 <= one.fields["Year"] <= 2005,  # type: ignore[operator]
    "project:ONE": lambda one: "One" in one.fields["project"],  # type: ignore[operator]
    "due:2025-01-03..": lambda one: str(one.fields.get("due", "")) >= "2025-01-03",
    "about:n3": lambda one: one.fields["about"] == "n3",
    "NOT type:html": lambda one: one.media_type != "text/html",
    "type:(pdf OR html) lang:(de en)": lambda one: bool(one.language) and one.key.endswith("l"),
}  # fmt: skip
QUERIES = ("red", "red green blue", "red AND green", "title:3 blue", '"red green"', "NOT blue", "")


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """Written in several segments, some of it twice, and given its fields in the end."""
    folder = tmp_path_factory.mktemp("metadata") / ".searchkit"
    for part in range(5):
        with passage_writer(folder) as writer:
            for number, one in enumerate(DOCUMENTS.values()):
                if number % 5 == part or (number % 11 == 0 and part == 3):
                    passage = Passage(
                        one.key, 0, one.title, (), 0, len(one.text), 1, one.text, one.modified
                    )
                    record = DocumentRecord(one.key, 1, 2, b"3", 4, 1, one.key)
                    put(writer, one, [passage], record)
    with passage_writer(folder, FIELDS) as writer:
        assert "120 documents" in bring_up_to_date(writer, FIELDS)
    with passage_writer(folder, FIELDS) as writer:
        assert bring_up_to_date(writer, FIELDS) == ""
        for one in list(DOCUMENTS.values())[::13]:
            writer.delete(one.key)
            DOCUMENTS.pop(one.key)
    with Collection(folder) as opened:
        yield opened


def first_stage(
    collection: Collection, query: str, limit: int = 200, offset: int = 0
) -> tuple[list[tuple[str, float]], int | None]:
    """Keys and scores by BM25F alone, and how many match: what is added to the best depends on
    which those are.
    """
    snapshot = collection._snapshot
    ranking = search(snapshot, collection._parsed(query, False).tree, limit, offset, count=True)
    return [(snapshot.key(doc), score) for doc, score in ranking.best], ranking.total


@pytest.mark.parametrize("asked", FILTERS)
@pytest.mark.parametrize("query", QUERIES)
def test_a_filter_leaves_what_a_scan_leaves(collection: Collection, query: str, asked: str) -> None:
    text = f"({query}) {asked}" if query and not query.startswith("NOT") else f"{query} {asked}"
    fits = FILTERS[asked]
    filtered, total = first_stage(collection, text)
    hits = collection.search(text, limit=200, fold=False).hits
    assert {hit.passage.key for hit in hits} == {key for key, _ in filtered}
    if query:
        found, _ = first_stage(collection, query)
        wanted = [(key, score) for key, score in found if fits(DOCUMENTS[key])]
    else:
        wanted = [(key, 0.0) for key, one in DOCUMENTS.items() if fits(one)]
        assert set(filtered) == set(wanted)
        return
    assert filtered == wanted
    assert total == len(wanted)
    assert first_stage(collection, text, 3, 1)[0] == filtered[1:4]
    assert collection.search(text, limit=3, offset=1, fold=False).hits == hits[1:4]
    for hit in hits[:2]:
        assert collection.explain(text, hit.passage.key, 0).value == hit.score


def test_highlights_are_those_without_filters(collection: Collection) -> None:
    plain = {
        hit.passage.key: hit.highlights
        for hit in collection.search("red", limit=200, fold=False).hits
    }
    for asked in ("red type:html", "red NOT type:html", "red NOT (green AND type:html)"):
        for hit in collection.search(asked, limit=200, fold=False).hits:
            assert hit.highlights == plain[hit.passage.key] != ()


def test_a_document_is_known(collection: Collection) -> None:
    info = collection.document("docs/guide/n4.txt")
    one = DOCUMENTS["docs/guide/n4.txt"]
    assert (info.authors, info.language, info.tags) == (one.authors, one.language, one.tags)
    assert info.fields == one.fields
    assert info.passages == 1
    assert collection.get(one.key, 0).authors == one.authors
    assert collection.text(one.key) == one.text
    with pytest.raises(KeyError):
        collection.document("absent")
