"""The index and the search give what scanning everything gives: the same documents and scores.

The documents' history must not show: they are written in several commits, in small segments, some
replaced and some deleted on the way, some merged.
"""

from __future__ import annotations

import os
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Kind, Schema
from searchkit.search import BM25, all_matches, search
from searchkit.storage.memory import MemoryDirectory
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
    Fuzzy,
    Node,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    Regex,
    Require,
    Term,
    TermRange,
    Wildcard,
    WordGroup,
)
from tests.oracle.scan import scan

WORDS = ["red", "green", "greek", "blue", "kyiv", "нато", "naïve"]
FIELDS = ["text", "title", "headings"]
SCHEMA = Schema(
    {name: Field() for name in FIELDS} | {"tag": Field(positions=False)}, {"number": Kind.INT}
)

terms = st.lists(st.sampled_from(WORDS), max_size=6)
documents = st.fixed_dictionaries(
    {
        "text": terms,
        "title": terms,
        "headings": terms,
        "tag": terms,
        "#": st.lists(st.integers(-5, 5), max_size=1),
    }
)

field = st.sampled_from(FIELDS)
any_field = st.sampled_from([*FIELDS, "tag"])
word = st.sampled_from([*WORDS, "absent"])
members = st.lists(
    st.tuples(any_field, word, st.sampled_from([0.5, 1.0, 2.0])), min_size=1, max_size=5
).map(tuple)
bound = st.none() | word
number_bound = st.none() | st.integers(-5, 5)
phrase_terms = st.lists(word, min_size=2, max_size=3).map(tuple)
leaf: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, any_field, word),
    st.builds(WordGroup, members, st.sampled_from([1.0, 0.25, 3.0])),
    st.builds(Phrase, field, phrase_terms, st.integers(1, 3)),
    st.builds(Prefix, any_field, st.sampled_from(["", "gr", "r", "z", "н"])),
    st.builds(Wildcard, any_field, st.sampled_from(["*", "gree?", "*e", "?н*", "na?ve"])),
    st.builds(Regex, any_field, st.sampled_from(["gre.*", "(red|blue)", "н.+", "x"])),
    st.builds(
        Fuzzy,
        any_field,
        st.sampled_from(["rde", "gren", "naive"]),
        st.integers(0, 2),
        st.integers(0, 1),
        st.booleans(),
    ),
    st.builds(TermRange, any_field, bound, bound, st.booleans(), st.booleans()),
    st.builds(
        NumberRange, st.just("number"), number_bound, number_bound, st.booleans(), st.booleans()
    ),
    st.just(Every()),
)
common: st.SearchStrategy[Node] = st.one_of(
    st.builds(
        lambda name, words: Or(tuple(Term(name, one) for one in words)),
        any_field,
        st.lists(word, max_size=5),
    ),
    st.builds(
        lambda name, words: And(tuple(Term(name, one) for one in words)),
        any_field,
        st.lists(word, max_size=3),
    ),
)
trees = st.recursive(
    leaf | common,
    lambda node: st.one_of(
        st.lists(node, max_size=3).map(tuple).map(And),
        st.lists(node, max_size=3).map(tuple).map(Or),
        st.builds(AndNot, node, node),
        st.builds(AndMaybe, node, node),
        st.builds(Require, node, node),
        st.builds(
            DisjunctionMax, st.lists(node, max_size=3).map(tuple), st.sampled_from([0.0, 0.5])
        ),
        st.builds(ConstantScore, node, st.sampled_from([0.0, 1.0, 2.5])),
        st.builds(Boost, node, st.sampled_from([0.5, 1.0, 3.0])),
    ),
    max_leaves=6,
)
Document = dict[str, list[str]]
commits_ = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | documents), max_size=8),
        st.sampled_from([4, 30, 1000]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


def build(
    commits: list[tuple[list[tuple[str, Document | None]], int, bool]],
) -> tuple[MemoryDirectory, dict[str, Document]]:
    directory = MemoryDirectory()
    live: dict[str, Document] = {}
    for operations, buffer_tokens, merge_all in commits:
        writer = Writer(directory, SCHEMA, buffer_tokens=buffer_tokens)
        for key, document in operations:
            live.pop(key, None)
            writer.delete(key)
            if document is not None:
                live[key] = document
                columns = {"number": document["#"][0]} if document["#"] else {}
                writer.add(
                    key,
                    terms={
                        name: [term.encode() for term in document[name]]
                        for name in [*FIELDS, "tag"]
                    },
                    stored={"key": key},
                    columns=columns,
                )
        writer.commit(merge_all=merge_all)
    return directory, live


@example(
    commits=[
        (
            [
                (
                    "a",
                    {
                        "text": ["red", "green", "red"],
                        "title": [],
                        "headings": [],
                        "tag": [],
                        "#": [],
                    },
                )
            ],
            1000,
            False,
        )
    ],
    queries=[Phrase("text", ("red", "green")), Phrase("text", ("green", "red"), 2)],
    limit=5,
    offset=0,
)
@settings(
    max_examples=int(os.environ.get("SEARCHKIT_ORACLE_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    commits=commits_,
    queries=st.lists(trees, min_size=1, max_size=8),
    limit=st.integers(0, 5),
    offset=st.integers(0, 3),
)
def test_search_equals_scan(
    commits: list[tuple[list[tuple[str, Document | None]], int, bool]],
    queries: list[Node],
    limit: int,
    offset: int,
) -> None:
    directory, live = build(commits)
    with Snapshot(directory) as snapshot:
        docnums = list(snapshot.live())
        assert [snapshot.key(docnum) for docnum in docnums] == list(live)
        assert [snapshot.stored(docnum) for docnum in docnums] == [{"key": key} for key in live]
        for key in "abcdef":
            assert len(snapshot.docnums(key)) == (key in live)
        scanned = list(live.values())
        for tree in queries:
            expected = {docnums[number]: score for number, score in scan(scanned, tree).items()}
            every = all_matches(snapshot, tree)
            assert list(every.docs) == sorted(expected)
            scores = dict(zip(every.docs, every.values, strict=True))
            assert scores == pytest.approx(expected, rel=1e-12)
            # Whatever the road: bit by bit the same scores, and ties to the lower docnum.
            order = sorted(scores, key=lambda docnum: (-scores[docnum], docnum))
            cut = [(docnum, scores[docnum]) for docnum in order[offset : offset + limit]]
            for count in (False, True):
                ranking = search(snapshot, tree, limit, offset, scoring=BM25(), count=count)
                assert list(ranking.best) == cut
                assert ranking.total == (len(expected) if count else None)
                for (one, its), (other, others) in pairwise(ranking.best):
                    assert its > others or (its == others and one < other)
