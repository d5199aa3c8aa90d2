"""The index and the search give what scanning everything gives: the same passages, the same scores.

The documents' history must not show: they are written in several commits, some replaced and some
deleted on the way.
"""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.document import Document, Passage
from searchkit.index import DocumentRecord, Snapshot, Writer
from searchkit.search import BM25, search
from searchkit.tree import And, AndNot, Every, FieldGroup, Node, Or, Phrase, Term
from tests.oracle.scan import scan

WORDS = ["red", "green", "blue", "kyiv", "nato"]
FIELDS = ["text", "title", "headings"]

words = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
documents = st.lists(st.tuples(words, st.lists(words, max_size=2), words), max_size=4)
"""Title, headings and text of each passage of one document."""

weights = st.lists(
    st.tuples(st.sampled_from(FIELDS), st.sampled_from([0.5, 1.0, 2.0])),
    min_size=1,
    max_size=3,
    unique_by=lambda pair: pair[0],
).map(tuple)
leaf: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, st.sampled_from(FIELDS), st.sampled_from(WORDS)),
    st.builds(FieldGroup, st.sampled_from(WORDS), weights),
    st.builds(
        Phrase,
        st.sampled_from(FIELDS),
        st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(tuple),
    ),
    st.just(Every()),
)
trees = st.recursive(
    leaf,
    lambda node: st.one_of(
        st.lists(node, min_size=1, max_size=3).map(tuple).map(And),
        st.lists(node, max_size=3).map(tuple).map(Or),
        st.builds(AndNot, node, node),
    ),
    max_leaves=6,
)


def write(writer: Writer, key: str, document: list[tuple[str, list[str], str]]) -> None:
    passages = [
        Passage(key, ordinal, title, tuple(headings), 0, len(text), 1, text, 0.0)
        for ordinal, (title, headings, text) in enumerate(document)
    ]
    whole = Document(key, "title", "".join(p.text for p in passages), (), ((0, 1),), 0.0)
    writer.put(whole, passages, DocumentRecord(key, "title", 0, 0, "", 0, len(passages), ""))


@example(
    commits=[{"a": [("", [], "red green blue red"), ("", [], "green red")]}],
    queries=[Phrase("text", ("red", "green")), Phrase("text", ("green", "red"))],
    limit=5,
    offset=0,
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    commits=st.lists(
        st.dictionaries(st.sampled_from("abcdef"), st.none() | documents), min_size=1, max_size=4
    ),
    queries=st.lists(trees, min_size=1, max_size=5),
    limit=st.integers(0, 5),
    offset=st.integers(0, 3),
)
def test_search_equals_scan(
    commits: list[dict[str, list[tuple[str, list[str], str]] | None]],
    queries: list[Node],
    limit: int,
    offset: int,
) -> None:
    terms = open_analyzer("english").terms
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "index"
        live = {}
        for commit in commits:
            with Writer(directory) as writer:
                for key, document in commit.items():
                    live.pop(key, None)
                    if document is None:
                        writer.delete(key)
                    else:
                        write(writer, key, document)
                        live[key] = document
        snapshot = Snapshot(directory)
        scanned = [
            {
                "text": terms(text),
                "title": terms(title),
                "headings": [term for heading in headings for term in terms(heading)],
            }
            for docnum in snapshot.docnums
            for passage in [snapshot.passage(docnum)]
            for title, headings, text in [(passage.title, passage.headings, passage.text)]
        ]
        assert {(p.key, p.ordinal) for p in map(snapshot.passage, snapshot.docnums)} == {
            (key, ordinal) for key, document in live.items() for ordinal in range(len(document))
        }
        for tree in queries:
            expected = scan(scanned, tree)
            order = sorted(expected, key=lambda number: (-expected[number], number))
            ranking = search(snapshot, tree, limit, offset, BM25())
            numbers = {docnum: number for number, docnum in enumerate(snapshot.docnums)}
            assert ranking.total == len(expected)
            found = [(numbers[docnum], score) for docnum, score in ranking.best]
            assert [score for _, score in found] == pytest.approx(
                [expected[number] for number in order[offset : offset + limit]], rel=1e-12
            )
            for number, score in found:
                assert score == pytest.approx(expected[number], rel=1e-12)
            # Of passages that score exactly the same, the earlier comes first.
            for (one, its), (other, others) in pairwise(found):
                assert one < other or its > others
        snapshot.close()
