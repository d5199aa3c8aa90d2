"""What does the face do that Whoosh's own tests do not ask?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from whoosh import analysis, columns, fields, formats, query, writing
from whoosh.index import EmptyIndexError, LockError

from searchkit.storage import MemoryDirectory
from searchkit.whoosh_api import SearchkitIndex, create_in, exists_in, open_dir, register
from searchkit.whoosh_api.schema_json import decode_schema, encode_schema

TEXT = "Hello running wörld, foo-bar: the WiFi"


class OwnFilter(analysis.Filter):
    """A filter of an application's own."""

    def __call__(self, tokens: Iterator[Any]) -> Iterator[Any]:
        for token in tokens:
            token.text += "!"
            yield token


def index(**schema: Any) -> SearchkitIndex:
    return SearchkitIndex.create(MemoryDirectory(), fields.Schema(**schema))


def test_a_folder_holds_indexes_by_name(tmp_path: Path) -> None:
    schema = fields.Schema(a=fields.TEXT(stored=True))
    assert not exists_in(str(tmp_path))
    with pytest.raises(EmptyIndexError):
        open_dir(str(tmp_path))
    with create_in(str(tmp_path), schema).writer() as writer:
        writer.add_document(a="main")
    create_in(str(tmp_path), schema, "other")
    assert exists_in(str(tmp_path)) and exists_in(str(tmp_path), "other")
    assert open_dir(str(tmp_path)).doc_count() == 1
    assert open_dir(str(tmp_path), "other").doc_count() == 0
    with pytest.raises(ValueError, match="cannot name an index"):
        create_in(str(tmp_path), schema, "../other")


def test_schema_survives_as_json() -> None:
    schema = fields.Schema(
        a=fields.TEXT(analyzer=analysis.StemmingAnalyzer(), spelling=True),
        b=fields.TEXT(analyzer=analysis.FancyAnalyzer(), chars=True, vector=True),
        c=fields.TEXT(lang="de", vector=formats.CharacterBoosts()),
        d=fields.NUMERIC(Decimal, decimal_places=2, sortable=True),
        e=fields.NGRAMWORDS(at="start"),
        f=fields.COLUMN(columns.StructColumn("ifH", (0, 0.0, 0))),
        g=fields.ID(unique=True, sortable=True),
    )
    schema.add("*_x", fields.TEXT(stored=True), glob=True)
    back = decode_schema(json.loads(json.dumps(encode_schema(schema))))
    assert back.names() == schema.names()
    assert back["y_x"] == schema["y_x"]
    for name, field in schema.items():
        assert (back[name].unique, back[name].format) == (field.unique, field.format)
        if field.analyzer:
            words = [token.text for token in field.analyzer(TEXT)]
            assert [token.text for token in back[name].analyzer(TEXT)] == words


def test_what_is_not_data_is_named() -> None:
    own = analysis.RegexTokenizer() | OwnFilter()
    with pytest.raises(fields.FieldConfigurationError, match=r"field 'body' .*OwnFilter"):
        index(body=fields.TEXT(analyzer=own))
    stemmer = analysis.RegexTokenizer() | analysis.StemFilter(stemfn=lambda word: word)
    with pytest.raises(fields.FieldConfigurationError, match=r"field 'body' .*lambda"):
        index(body=fields.TEXT(analyzer=stemmer))


def test_what_is_made_known_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchkit.whoosh_api.schema_json._MADE_KNOWN", {})
    register(OwnFilter)
    ix = index(body=fields.TEXT(analyzer=analysis.RegexTokenizer() | OwnFilter()))
    with ix.writer() as writer:
        writer.add_document(body="one")
    assert list(ix.reader().lexicon("body")) == [b"one!"]


@pytest.mark.parametrize(
    "kept",
    [
        {"object": ["os.system", {"map": []}]},
        {"object": ["whoosh.fields.struct", {"map": []}]},
        {"object": ["whoosh.formats.loads", {"map": []}]},
        {"object": ["whoosh.fields.NUMERIC", {"map": [["sortable_typecode", "?!"]]}]},
        {"object": ["whoosh.analysis.morph.StemFilter", {"map": [["lang", "xx"]]}]},
        {"named": "builtins.eval"},
        {"named": "whoosh.formats.loads"},
        {"map": 1},
        {"regex": ["(", 32]},
        [],
    ],
)
def test_a_hostile_schema_runs_nothing(kept: object) -> None:
    with pytest.raises(ValueError, match="no Whoosh schema"):
        decode_schema({"fields": {"a": kept}, "dynamic": {}, "subfields": {}})


def test_the_last_of_two_updates_stays() -> None:
    ix = index(id=fields.ID(unique=True, stored=True), n=fields.STORED)
    with ix.writer() as writer:
        writer.add_document(id="a", n=0)
    with ix.writer() as writer:
        writer.update_document(id="a", n=1)
        writer.update_document(id="a", n=2)
    assert [hit["n"] for hit in ix.searcher().search(query.Every())] == [2]


@pytest.mark.parametrize("where", ["committed", "added", "both"])
@pytest.mark.parametrize(
    "bad", [{"extra": object()}, {"body": 12}, {"extra": {1: 2}}], ids=["stored", "text", "key"]
)
def test_an_update_that_is_refused_replaces_nothing(where: str, bad: dict[str, Any]) -> None:
    ix = index(
        id=fields.ID(unique=True, stored=True),
        other=fields.ID(unique=True, stored=True),
        body=fields.TEXT(stored=True),
        extra=fields.STORED,
    )
    if where != "added":
        with ix.writer() as writer:
            writer.add_document(id="1", other="a", body="first")
    writer = ix.writer()
    if where != "committed":
        writer.add_document(id="2", other="b", body="second")
    updates = ["1"] * (where != "added") + ["2"] * (where != "committed")
    for id in updates:
        with pytest.raises((TypeError, ValueError)):
            writer.update_document(**{"id": id, "body": "new", **bad})
    assert not writer.has_deletions()
    writer.commit()
    with ix.searcher() as searcher:
        assert sorted(one["id"] for one in searcher.documents()) == updates
    # What was refused has left no trace: a good one replaces what it should, and once.
    with ix.writer() as writer:
        for id in updates:
            writer.update_document(id=id, body="newer")
            writer.update_document(id=id, body="newest", other="c" + id)
    with ix.searcher() as searcher:
        found = sorted((one["id"], one["body"]) for one in searcher.documents())
        assert found == [(id, "newest") for id in updates]


def test_a_document_that_fails_leaves_nothing() -> None:
    ix = index(id=fields.ID(unique=True, stored=True), n=fields.NUMERIC)
    with ix.writer() as writer:
        writer.add_document(id="a", n=1)
        with pytest.raises(ValueError, match="invalid literal"):
            writer.update_document(id="a", n="no number")
    assert ix.doc_count() == 1
    assert list(ix.reader().lexicon("id")) == [b"a"]


def test_one_writer_at_a_time() -> None:
    ix = index(id=fields.ID)
    first = ix.writer()
    with pytest.raises(LockError):
        ix.writer()
    first.cancel()
    ix.writer().cancel()


def test_merge_policies_of_the_application_are_refused() -> None:
    ix = index(id=fields.ID)
    with pytest.raises(writing.IndexingError, match="merge policy"):
        ix.writer().commit(mergetype=lambda writer, segments: segments)


def test_characters_and_boosts_are_kept() -> None:
    boosting = analysis.RegexTokenizer(r"\S+") | analysis.DelimitedAttributeFilter()
    ix = index(
        a=fields.TEXT(chars=True),
        b=fields.FieldType(formats.CharacterBoosts(), boosting, scorable=True),
    )
    with ix.writer() as writer:
        writer.add_document(a="alfa bravo alfa", b="alfa^2.0 bravo alfa^0.5")
    reader = ix.reader()
    assert reader.postings("a", "alfa").value_as("characters") == [(0, 0, 4), (2, 11, 15)]
    matcher = reader.postings("b", "alfa")
    assert matcher.value_as("position_boosts") == [(0, 2.0), (2, 0.5)]
    assert matcher.weight() == 2.5
    assert reader.postings("b", "bravo").weight() == 1.0


def test_refreshing_keeps_what_waits_in_a_buffer_until_it_is_committed() -> None:
    """Stock Whoosh keeps it for ever, and after a commit finds each document twice."""
    ix = index(foo=fields.ID)
    writer = writing.BufferedWriter(ix, period=None)
    writer.add_document(foo="1")
    writer.add_document(foo="2")
    searcher = writer.searcher().refresh()
    assert searcher.doc_count() == 2
    assert [searcher.doc_frequency("foo", foo) for foo in "123"] == [1, 1, 0]
    writer.commit()
    searcher = searcher.refresh()
    assert searcher.doc_count() == 2
    assert [searcher.doc_frequency("foo", foo) for foo in "123"] == [1, 1, 0]
    writer.close()
