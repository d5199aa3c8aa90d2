"""The default ranking is what its twin says, and its explanations come to its scores."""

from __future__ import annotations

import os
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import searchkit.kernels.search
from searchkit.index import Snapshot, Writer
from searchkit.schema import WHOLE_TITLE, Field, Schema, word_field
from searchkit.search import exact, nearness, whole
from searchkit.search.explanation import Explanation
from searchkit.search.rerank import CANDIDATES, Asked, explain, ranked
from searchkit.storage.memory import MemoryDirectory
from searchkit.tree import And, Node, Or, Term, WordGroup
from tests.oracle import ranking as twin
from tests.unit.kernels.source import load_source

WORDS = ["red", "green", "blue", "the", "of"]
STOP_TERMS = {"the", "of"}
FIELDS = ("text", "title", "headings")
SCHEMA = Schema(
    {name: Field() for name in FIELDS}
    | {word_field("text"): Field(positions=False, lengths=False)}
    | {WHOLE_TITLE: Field(frequencies=False, positions=False, lengths=False)}
)

words = st.sampled_from([*WORDS, "absent"])
texts = st.lists(st.sampled_from([*WORDS, "réd", "ôf"]), max_size=9)
written = st.dictionaries(
    st.sampled_from(["red", "of", "blue", "absent"]),
    st.lists(st.sampled_from(["red", "réd", "ôf", "blue"]), unique=True).map(tuple),
)
titles = st.lists(st.sampled_from(WORDS), max_size=2)
documents = st.tuples(titles, st.lists(texts, min_size=1, max_size=4))
members = st.lists(
    st.tuples(st.sampled_from(FIELDS), words, st.sampled_from([0.5, 1.0, 2.0])),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[:2],
).map(tuple)
leaf: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, st.sampled_from(FIELDS), words),
    st.builds(WordGroup, members, st.sampled_from([1.0, 0.2, 1.8])),
)
trees: st.SearchStrategy[Node] = st.one_of(
    leaf,
    st.builds(Or, st.lists(leaf, min_size=1, max_size=5, unique=True).map(tuple)),
    st.builds(And, st.lists(leaf, min_size=1, max_size=2, unique=True).map(tuple)),
)
Documents = dict[str, tuple[list[str], list[list[str]]]]


def term(word: str) -> str:
    return word.replace("é", "e").replace("ô", "o")


def build(commits: list[Documents], buffer_tokens: int) -> tuple[MemoryDirectory, Documents]:
    """What is written last holds; a full buffer cuts documents in two."""
    directory = MemoryDirectory()
    live: Documents = {}
    for commit in commits:
        with Writer(directory, SCHEMA, buffer_tokens=buffer_tokens) as writer:
            for key, (title, passages) in commit.items():
                live.pop(key, None)
                live[key] = (title, passages)
                writer.delete(key)
                for passage in passages:
                    terms = {
                        "text": list(map(term, passage)),
                        "title": title,
                        "headings": title[:1],
                        word_field("text"): passage,
                        WHOLE_TITLE: [" ".join(title)] if title else [],
                    }
                    encoded = {name: [t.encode() for t in some] for name, some in terms.items()}
                    writer.add(key, terms=encoded)
            writer.commit()
    return directory, live


@pytest.mark.parametrize("kernel", ["used", "source"])
@settings(
    max_examples=int(os.environ.get("SEARCHKIT_ORACLE_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    commits=st.lists(
        st.dictionaries(st.sampled_from("abcdef"), documents, max_size=5), min_size=1, max_size=3
    ),
    buffer_tokens=st.sampled_from([8, 40, 1000]),
    asked=st.lists(st.tuples(trees, titles.map(" ".join), written), min_size=1, max_size=4),
    limit=st.integers(0, 8),
    offset=st.integers(0, 4),
)
def test_rankings_are_those_of_the_twin(
    kernel: str,
    commits: list[Documents],
    buffer_tokens: int,
    asked: list[tuple[Node, str, dict[str, tuple[str, ...]]]],
    limit: int,
    offset: int,
) -> None:
    directory, live = build(commits, buffer_tokens)
    passages = [
        {
            "text": list(map(term, text)),
            "title": title,
            "headings": title[:1],
            word_field("text"): text,
            "#": [],
        }
        for title, texts in live.values()
        for text in texts
    ]
    keys = [key for key, (_, texts) in live.items() for _ in texts]
    with Snapshot(directory) as snapshot, kernels(kernel):
        docnums = list(snapshot.live())
        for tree, title, forms in asked:
            question = Asked(tree, STOP_TERMS, title, forms)
            expected = twin.rank(passages, keys, tree, STOP_TERMS, title, forms)
            whole_ranking = ranked(snapshot, question, 1_000, count=True)
            assert whole_ranking.total == len(expected)
            found = dict(whole_ranking.best)
            scores = {docnums[number]: score for number, score in expected}
            assert found == pytest.approx(scores, rel=1e-9)
            order = sorted(found, key=lambda docnum: (-found[docnum], docnum))
            assert [docnum for docnum, _ in whole_ranking.best] == order
            page = ranked(snapshot, question, limit, offset)
            assert page.best == whole_ranking.best[offset : offset + limit]
            for docnum in docnums:
                why = explain(snapshot, question, docnum)
                assert why.matched == (docnum in found)
                assert why.value == found.get(docnum, 0.0)
                if docnum in found and why.description.startswith("passage and"):
                    adds_up(why)


class kernels:
    """Has the compiled kernels used, or their source."""

    def __init__(self, which: str) -> None:
        source = load_source("search")
        self._kernel: ModuleType = source if which == "source" else searchkit.kernels.search

    def __enter__(self) -> None:
        self._before = nearness.kernel
        for module in (exact, nearness, whole):
            module.kernel = self._kernel  # type: ignore[misc,attr-defined]

    def __exit__(self, *_: object) -> None:
        for module in (exact, nearness, whole):
            module.kernel = self._before  # type: ignore[misc,attr-defined]


def adds_up(why: Explanation) -> None:
    total = 0.0
    for part in why.details:
        total += part.value
    assert why.value == total
    around = why.details[1]
    if not around.details:
        return  # Only titles have the words: nothing is around them.
    total = 0.0
    for part in around.details:
        total += part.value
    assert around.value == total
    for part in around.details:
        (inner,) = part.details
        total = 0.0
        for detail in inner.details:
            total += detail.value
        assert inner.value == total
        assert part.value == float(part.description.removeprefix("multiplied by ")) * inner.value


def test_what_follows_the_candidates() -> None:
    directory = MemoryDirectory()
    with Writer(directory, SCHEMA) as writer:
        for number in range(3 * CANDIDATES):
            text = [b"red"] * (1 + number % 5) + [b"x"] * (number % 7) + [b"blue"] * (number % 2)
            terms = {"text": text, "title": [b"red"], "headings": [], WHOLE_TITLE: [b"red"]}
            writer.add(str(number // 3), terms=terms)
        writer.commit()
    with Snapshot(directory) as snapshot:
        question = Asked(Or((Term("text", "red"), Term("text", "blue"))), (), "red")
        every = ranked(snapshot, question, 3 * CANDIDATES).best
        scores = [score for _, score in every]
        assert scores == sorted(scores, reverse=True)
        assert len({docnum for docnum, _ in every}) == 3 * CANDIDATES
        pages = [ranked(snapshot, question, 7, start).best for start in range(0, len(every), 7)]
        assert [hit for page in pages for hit in page] == list(every)
        titled = {docnum // 3 for docnum, _ in every[:CANDIDATES]}
        assert titled == set(range(CANDIDATES))
        for docnum, score in every:
            assert explain(snapshot, question, docnum).value == score
