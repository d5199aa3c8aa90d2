"""An explanation comes to the score of the search, bit by bit, and its parts to their whole."""

from __future__ import annotations

import math
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Schema
from searchkit.search import BM25, all_matches
from searchkit.search.explain import Explanation, explain
from searchkit.storage.memory import MemoryDirectory
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
    Node,
    NumberRange,
    Or,
    Phrase,
    Require,
    Term,
    WordGroup,
    word_in,
)
from tests.oracle.scan import score
from tests.oracle.test_search import Document, build, commits_, trees

Commits = list[tuple[list[tuple[str, Document | None]], int, bool]]


@settings(
    max_examples=int(os.environ.get("SEARCHKIT_ORACLE_EXAMPLES", "400")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    commits=commits_,
    queries=st.lists(trees, min_size=1, max_size=6),
    scoring=st.sampled_from([BM25(), BM25(0.9, 0.4), BM25(0.0, 1.0), BM25(2.0, 0.0)]),
)
def test_explanations_come_to_the_scores(
    commits: Commits, queries: list[Node], scoring: BM25
) -> None:
    directory, live = build(commits)
    with Snapshot(directory) as snapshot:
        documents = list(live.values())
        numbers = {docnum: number for number, docnum in enumerate(snapshot.live())}
        for tree in queries:
            matches = all_matches(snapshot, tree, scoring)
            scores = dict(zip(matches.docs, matches.values, strict=True))
            for docnum in range(snapshot.docs):
                found = explain(snapshot, tree, docnum, scoring=scoring)
                assert found.matched == (docnum in scores)
                assert found.value == scores.get(docnum, 0.0)
                if docnum in numbers:
                    verify(found, tree, documents, numbers[docnum])


def verify(found: Explanation, node: Node, documents: list[Document], number: int) -> None:
    """Whether each clause is explained by its own clauses, and by what the document holds."""
    assert found.matched == (score(documents, number, node) is not None)
    assert found.matched or found.value == 0
    assert found.description.strip() and "\n" not in found.description
    details = found.details
    children: tuple[Node, ...] = ()
    expected: float | None = None
    matching = [detail.value for detail in details if detail.matched]
    match node:
        case Or(children) | And(children):
            expected = added(matching)
        case AndMaybe(one, other):
            children = (one, other)
            expected = added(matching)
        case AndNot(one, other) | Require(one, other):
            children = (one, other)
            expected = details[0].value
        case DisjunctionMax(children, tie):
            if found.matched:
                expected = max(matching)
                if tie and len(details) > 1:
                    expected += tie * (added(matching) - max(matching))
        case Boost(child, factor):
            children = (child,)
            expected = details[0].value * factor
        case ConstantScore(child, constant):
            children = (child,)
            expected = constant
        case Every():
            assert (found.value, found.details) == (0.0, ())
        case NumberRange():
            assert not details
            expected = 1.0
        case Term(field, term):
            expected = verify_formula(found, [(field, documents[number][field].count(term))])
        case WordGroup(members):
            every = [(field, documents[number][field].count(term)) for field, term, _ in members]
            expected = verify_formula(found, every)
        case Phrase(_, terms, _):
            expected = verify_formula(found, None)
            idf = details[0]
            assert [one.matched for one in idf.details] == [True] * len(terms)
            assert math.isclose(idf.value, sum(one.value for one in idf.details))
        case _:
            held = documents[number][node.field]
            named = {one.description.removeprefix("times of ").strip('"') for one in details}
            counted = {f"{one.description}": one.value for one in details}
            assert named == {term for term in held if score_of_one(node, term)}
            for term in named:
                assert counted[f'times of "{term}"'] == held.count(term)
            expected = 1.0
    if found.matched and expected is not None:
        assert found.value == expected
    for child, detail in zip(children, details if children else (), strict=True):
        verify(detail, child, documents, number)


def added(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total


def verify_formula(found: Explanation, times: list[tuple[str, int]] | None) -> float | None:
    """The value by the formula of the docstring, from the numbers that the lines tell."""
    if not found.matched:
        assert times is None or not any(count for _, count in times)
        return None
    idf, saturation = found.details
    k1 = float(saturation.description.split(": k1 ")[1])
    (tf,) = saturation.details
    fields = tf.details or (tf,)
    said = []
    for one in fields:
        told = dict(part.rsplit(" ", 1) for part in one.description.split(": ")[1].split(", "))
        numbers = {name: float(value) for name, value in told.items()}
        average = numbers["average"]
        norm = 1 - numbers["b"] + numbers["b"] * numbers["length"] / average
        # The average is told with six digits.
        told_tf = numbers["weight"] * numbers["times"] / max(norm, 1e-9)
        assert one.value == pytest.approx(told_tf, rel=1e-4)
        said.append((one.description.split(",")[0].rpartition(" in ")[2], numbers["times"]))
    assert times is None or said == [(field, count) for field, count in times if count]
    assert tf.value == added([one.value for one in fields])
    assert saturation.value == tf.value / (k1 + tf.value)
    return idf.value * saturation.value


def score_of_one(node: Node, term: str) -> bool:
    """Whether a document with that term alone matches."""
    alone: Document = {name: [term] for name in ("text", "title", "headings", "tag")}
    return score([{**alone, "#": []}], 0, node) is not None


def test_a_long_phrase_and_one_without_positions() -> None:
    directory = MemoryDirectory()
    writer = Writer(directory, Schema({"text": Field(), "tag": Field(positions=False)}))
    words = [f"w{number % 40}" for number in range(200)]
    for start in range(5):
        terms = [word.encode() for word in words[start:]]
        writer.add(f"d{start}", terms={"text": terms, "tag": terms})
    writer.commit()
    with Snapshot(directory) as snapshot:
        for tree in (
            Phrase("text", tuple(words[2:90])),
            Phrase("text", tuple(words[3:100:2]), 2),
            Phrase("text", (*words[:3], "absent")),
        ):
            matches = all_matches(snapshot, tree)
            scores = dict(zip(matches.docs, matches.values, strict=True))
            assert [explain(snapshot, tree, docnum).value for docnum in range(5)] == [
                scores.get(docnum, 0.0) for docnum in range(5)
            ]


def test_the_numbers_of_a_term_are_told() -> None:
    directory = MemoryDirectory()
    writer = Writer(directory, Schema({"text": Field()}))
    for key, text in (("a", "red red green"), ("b", "blue"), ("c", "blue red")):
        writer.add(key, terms={"text": [word.encode() for word in text.split()]})
    writer.commit()
    with Snapshot(directory) as snapshot:
        found = explain(snapshot, Term("text", "red"), 0)
        absent = explain(snapshot, Term("text", "red"), 1)
    idf, saturation = found.details
    assert found.description == '"red" in text'
    assert idf.description == "idf: 2 of 3 documents have it"
    assert saturation.description == "saturation, tf / (k1 + tf): k1 1.2"
    assert saturation.details[0].description == (
        "tf in text, weight * (times / (1 - b + b * length / average)): "
        "weight 1, times 2, b 0.75, length 3, average 2"
    )
    assert absent == Explanation(0.0, '"red" in text', (idf,), matched=False)


def test_a_word_in_several_fields_is_one_word() -> None:
    directory = MemoryDirectory()
    writer = Writer(directory, Schema({"text": Field(), "title": Field()}))
    for key, text, title in (("a", b"red", b"blue"), ("b", b"blue", b"red"), ("c", b"red", b"red")):
        writer.add(key, terms={"text": [text], "title": [title]})
    writer.commit()
    with Snapshot(directory) as snapshot:
        found = explain(snapshot, word_in("red", (("text", 1.0), ("title", 0.5))), 2)
        either = (("text", "red", 1.0), ("title", "blue", 0.5))
        several = explain(snapshot, WordGroup(either), 0)
    idf, saturation = found.details
    assert idf.description == "idf: 3 of 3 documents have it"
    assert idf.value == math.log(1 + 0.5 / 3.5)
    assert saturation.value == 1.5 / (1.2 + 1.5)
    assert [one.value for one in saturation.details[0].details] == [1.0, 0.5]
    assert several.description == '"red" in text, or "blue" in title'
    idf, saturation = several.details
    assert idf.description == "idf: 2 of 3 documents have any of them"
    assert [one.description.split(",")[0] for one in saturation.details[0].details] == [
        'tf of "red" in text',
        'tf of "blue" in title',
    ]


def test_a_document_that_is_not_there() -> None:
    directory = MemoryDirectory()
    writer = Writer(directory, Schema({"text": Field()}))
    for key in "abcd":
        writer.add(key, terms={"text": [b"red"]})
    writer.commit()
    writer = Writer(directory, Schema({"text": Field()}))
    writer.delete("b")
    writer.commit()
    with Snapshot(directory) as snapshot:
        assert not explain(snapshot, Every(), 1).matched
        assert explain(snapshot, Every(), 2).matched
        with pytest.raises(IndexError):
            explain(snapshot, Every(), 4)
