"""Do words in several fields give what scoring every document gives, compiled or not?"""

from __future__ import annotations

import random
from types import ModuleType

import pytest

import searchkit.kernels.search
from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Schema
from searchkit.search import BM25, collect, search
from searchkit.search import groups as road
from searchkit.search.evaluate import evaluate
from searchkit.storage import MemoryDirectory
from searchkit.tree import And, Node, Or, Term, WordGroup, word_in
from tests.unit.kernels.source import load_source

COMPILED = searchkit.kernels.compiled()
"""Uncompiled kernels are exact too, but a thousand times slower."""

USED = searchkit.kernels.search
SOURCE = load_source("search")
FIELDS = (("text", 1.0), ("title", 0.8), ("headings", 0.6))
ALL = tuple(name for name, _ in FIELDS)
LIMITS = (1, 10, 100, 100_000)


def index(seed: int, docs: int, segments: int = 1, deleted: int = 0) -> MemoryDirectory:
    """Documents whose words come and go along the collection: what is passed over in one window
    counts in the next.
    """
    chance = random.Random(seed)
    directory = MemoryDirectory()
    schema = Schema({name: Field() for name in ALL})
    words = [f"w{number}" for number in range(12)]
    size = -(-docs // segments)
    for start in range(0, docs, size):
        with Writer(directory, schema) as writer:
            for doc in range(start, min(start + size, docs)):
                region = doc * 8 // docs
                common = words[: 3 + region % 4] * 3 + words[region:]
                terms = {
                    "text": [chance.choice(common) for _ in range(chance.choice((0, 3, 9, 60)))],
                    "title": [chance.choice(words) for _ in range(chance.choice((0, 0, 1, 4)))],
                    "headings": [words[region]] * (doc % 97 < 3),
                }
                writer.add(
                    str(doc), terms={name: [w.encode() for w in t] for name, t in terms.items()}
                )
            writer.commit()
    if deleted:
        with Writer(directory, schema) as writer:
            for doc in chance.sample(range(docs), deleted):
                writer.delete(str(doc))
            writer.commit()
    return directory


def trees(seed: int, count: int) -> list[Node]:
    chance = random.Random(seed)
    found: list[Node] = []
    for number in range(count):
        leaves: list[Node] = []
        for _ in range(chance.choice((1, 2, 2, 3, 6))):
            word = f"w{chance.randrange(13)}"
            if chance.random() < 0.2:
                leaves.append(Term(chance.choice(ALL), word))
            else:
                fields = FIELDS[: chance.choice((2, 3, 3))]
                if chance.random() < 0.3:
                    other = f"w{chance.randrange(13)}"
                    members = word_in(word, fields).members + word_in(other, FIELDS[:2]).members
                    leaves.append(WordGroup(members, chance.choice((0.2, 1.0, 1.8))))
                else:
                    leaves.append(word_in(word, fields))
        kind = And if number % 3 == 0 else Or
        found.append(leaves[0] if len(leaves) == 1 else kind(tuple(leaves)))
    return found


def exhaustive(snapshot: Snapshot, tree: Node) -> list[tuple[int, float]]:
    matches = evaluate(snapshot, tree, BM25())
    ranked = zip(matches.docs, matches.values, strict=True)
    return sorted(ranked, key=lambda scored: (-scored[1], scored[0]))


def hold_equal(snapshot: Snapshot, tree: Node) -> None:
    whole = exhaustive(snapshot, tree)
    for limit in LIMITS:
        ranking = search(snapshot, tree, limit, count=True)
        assert list(ranking.best) == whole[:limit], (tree, limit)
        assert ranking.total == len(whole), tree
        assert search(snapshot, tree, limit).best == ranking.best


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("segments", "deleted"), [(1, 0), (1, 300), (3, 500)])
def test_groups_equal_everything(seed: int, segments: int, deleted: int) -> None:
    docs = 6_000 if COMPILED else 1_000
    with Snapshot(index(seed, docs, segments, deleted * docs // 6_000)) as snapshot:
        for tree in trees(seed, 40 if COMPILED else 6):
            hold_equal(snapshot, tree)


@pytest.mark.parametrize("kernel", [USED, SOURCE], ids=["used", "source"])
def test_the_source_too(kernel: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(road, "kernel", kernel)
    with Snapshot(index(7, 600, 2, 40)) as snapshot:
        for tree in trees(7, 6):
            hold_equal(snapshot, tree)


def test_the_short_road_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this file compares would be equal, too, if all went by the general road."""

    def general(*_: object) -> None:
        raise AssertionError("scored everything")

    monkeypatch.setattr(collect, "evaluate", general)
    with Snapshot(index(3, 300)) as snapshot:
        for tree in trees(3, 20):
            search(snapshot, tree, 10, count=True)


def test_long_texts_and_high_frequencies() -> None:
    """Beyond the tables of frequencies up to 8 and lengths below 1,024, and bounds of 255."""
    directory = MemoryDirectory()
    schema = Schema({name: Field() for name in ALL})
    chance = random.Random(2)
    with Writer(directory, schema) as writer:
        for doc in range(400):
            text = ["a"] * chance.choice((0, 1, 12, 300)) + ["b"] * chance.choice((0, 2, 2_000))
            title = ["a"] * chance.choice((0, 0, 9)) + ["b"]
            writer.add(
                str(doc),
                terms={"text": [w.encode() for w in text], "title": [w.encode() for w in title]},
            )
        writer.commit()
    with Snapshot(directory) as snapshot:
        groups = tuple(word_in(word, FIELDS) for word in "ab")
        for tree in (groups[0], Or(groups), And(groups)):
            hold_equal(snapshot, tree)
