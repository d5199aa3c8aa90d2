"""Do the rankings give what scoring every document gives, compiled or not?"""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searchkit.kernels.search
from searchkit.codec import postings as postings_codec
from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Schema
from searchkit.search import BM25, all_matches, bm25, collect, search, top
from searchkit.storage import MemoryDirectory
from searchkit.tree import And, Node, Or, Phrase, Term
from tests.unit.kernels.source import load_source

COMPILED = searchkit.kernels.compiled()
"""Uncompiled kernels are exact too, but a thousand times slower."""

ROOT = Path(__file__).parents[3]
WORDS = ["a", "b", "c", "d", "e"]


SOURCE = load_source("search")
USED = searchkit.kernels.search


@pytest.fixture(autouse=True)
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings_codec, "_OUT_BYTES", 1 << 12)


class with_kernel:
    """Search with this kernel while inside."""

    def __init__(self, kernel: ModuleType) -> None:
        self.kernel = kernel

    def __enter__(self) -> None:
        self.patch = pytest.MonkeyPatch()
        for module in (bm25, collect, top):
            self.patch.setattr(module, "kernel", self.kernel)

    def __exit__(self, *error: object) -> None:
        self.patch.undo()


def index(
    documents: list[list[str]], deleted: Sequence[int] = (), segments: int = 1, **field: bool
) -> MemoryDirectory:
    directory = MemoryDirectory()
    schema = Schema({"t": Field(**field)})
    size = -(-len(documents) // segments) or 1
    for start in range(0, len(documents), size):
        with Writer(directory, schema) as writer:
            for number, terms in enumerate(documents[start : start + size], start):
                writer.add(str(number), terms={"t": [term.encode() for term in terms]})
    with Writer(directory, schema) as writer:
        for number in deleted:
            writer.delete(str(number))
    return directory


def trees(words: list[str], slop: int) -> Iterator[Node]:
    terms = tuple(Term("t", word) for word in words)
    yield terms[0]
    yield Or(terms)
    yield And(terms)
    if len(words) > 1:
        yield Phrase("t", tuple(words), slop)


def cut(snapshot: Snapshot, tree: Node, limit: int) -> list[tuple[int, str]]:
    return [(docnum, score.hex()) for docnum, score in search(snapshot, tree, limit).best]


def exhaustive(snapshot: Snapshot, tree: Node, limit: int) -> list[tuple[int, str]]:
    matches = all_matches(snapshot, tree)
    ranked = sorted(
        zip(matches.docs, matches.values, strict=True), key=lambda scored: (-scored[1], scored[0])
    )
    return [(docnum, score.hex()) for docnum, score in ranked[:limit]]


def test_the_short_roads_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this file compares would be equal, too, if all went by the general road."""

    def general(*_: object) -> None:
        raise AssertionError("scored everything")

    monkeypatch.setattr(collect, "evaluate", general)
    with Snapshot(index([["a", "b"], ["b"]])) as snapshot:
        for tree in trees(["a", "b"], 1):
            assert cut(snapshot, tree, 10)


@settings(max_examples=60, deadline=None)
@given(
    documents=st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=40),
    repeats=st.integers(1, 12),
    deleted=st.lists(st.integers(0, 300), max_size=20),
    segments=st.integers(1, 3),
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True),
    limit=st.integers(0, 20),
)
def test_source_and_compiled_give_the_same(
    documents: list[list[str]],
    repeats: int,
    deleted: list[int],
    segments: int,
    words: list[str],
    limit: int,
) -> None:
    with Snapshot(index(documents * repeats, deleted, segments)) as snapshot:
        for tree in trees(words, 1):
            expected = exhaustive(snapshot, tree, limit)
            for kernel in (USED, SOURCE):
                with with_kernel(kernel):
                    snapshot._fields.clear()
                    assert cut(snapshot, tree, limit) == expected


def collection(seed: int, documents: int, words: int) -> list[list[str]]:
    """Words as skewed as a text's, documents as skewed in length; the same ones in runs."""
    chance = random.Random(seed)
    texts: list[list[str]] = []
    while len(texts) < documents:
        length = int(chance.paretovariate(1.1) * 3) % 400
        text = [f"w{min(int(chance.paretovariate(0.6)), words)}" for _ in range(length)]
        texts += [text] * chance.choice((1, 1, 1, 1, 2, 30))
    return texts[:documents]


@pytest.mark.parametrize(("seed", "segments"), [(1, 1), (2, 3), (3, 6)])
def test_pruned_equals_exhaustive(seed: int, segments: int) -> None:
    """Ten thousand documents, many blocks: bit by bit the same, at every limit."""
    chance = random.Random(seed)
    documents = collection(seed, 10_000 if COMPILED else 1000, 3000)
    deleted = chance.sample(range(len(documents)), 70) if seed > 1 else []
    with Snapshot(index(documents, deleted, segments)) as snapshot:
        for _ in range(60 if COMPILED else 6):
            words = list({f"w{int(chance.paretovariate(0.5)) % 3000}" for _ in range(5)})
            words = words[: chance.randint(1, 5)]
            for tree in trees(words, 1):
                whole = exhaustive(snapshot, tree, snapshot.docs)
                for limit in (1, 2, 3, 10, 100, 1000, 20_000):
                    assert cut(snapshot, tree, limit) == whole[:limit]


@pytest.mark.parametrize("seed", range(4))
def test_phrases_pruned(seed: int) -> None:
    chance = random.Random(seed)
    words = ["a", "b", "c"]
    documents = [
        [chance.choice(words) for _ in range(chance.choice((0, 2, 3, 8, 40)))]
        for _ in range(4000 if COMPILED else 2100)
    ]
    with Snapshot(index(documents, [3, 77, 2000], 2)) as snapshot:
        for phrase in (("a", "b"), ("a", "b", "c"), ("b", "b"), ("a", "b", "a")):
            tree = Phrase("t", phrase)
            whole = exhaustive(snapshot, tree, snapshot.docs)
            for limit in (1, 5, 50, 5000):
                assert cut(snapshot, tree, limit) == whole[:limit]


@pytest.mark.parametrize("seed", range(3))
def test_windows_that_differ(seed: int) -> None:
    """Terms come and go along the collection, so that what a kernel may pass over in one window of
    documents counts in the next.
    """
    chance = random.Random(seed)
    documents: list[list[str]] = []
    while len(documents) < (6000 if COMPILED else 2200):
        shares = {word: chance.choice((0, 0, 0.02, 0.1, 0.5, 0.9)) for word in WORDS}
        for _ in range(chance.choice((60, 300, 1500))):
            text = [
                word
                for word, share in shares.items()
                if chance.random() < share
                for _ in range(chance.choice((1, 1, 2, 9)))
            ]
            chance.shuffle(text)
            documents.append(text + ["z"] * chance.choice((0, 3, 20)))
    with Snapshot(index(documents)) as snapshot:
        for _ in range(12 if COMPILED else 2):
            words = chance.sample(WORDS, chance.randint(1, 4))
            for slop in (1, 3):
                for tree in trees(words, slop):
                    whole = exhaustive(snapshot, tree, snapshot.docs)
                    for limit in (1, 10, 50):
                        assert cut(snapshot, tree, limit) == whole[:limit]


def test_phrases_with_slop_pruned() -> None:
    with Snapshot(index([["a", "a", "b"], ["a", "a", "a", "a", "b"]])) as snapshot:
        tree = Phrase("t", ("a", "b"), 4)
        assert cut(snapshot, tree, 1) == exhaustive(snapshot, tree, 1)


def test_a_field_without_lengths_pruned() -> None:
    chance = random.Random(1)
    documents = [["x"] * chance.randint(1, 5) + ["y"] * chance.randint(0, 30) for _ in range(1000)]
    with Snapshot(index(documents, lengths=False)) as snapshot:
        tree = And((Term("t", "x"), Term("t", "y")))
        assert cut(snapshot, tree, 10) == exhaustive(snapshot, tree, 10)


DIRTY = """
import json, sys
from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Schema
from searchkit.search import search
from searchkit.storage import MemoryDirectory
from searchkit.tree import Or, Term

directory = MemoryDirectory()
with Writer(directory, Schema({"t": Field()})) as writer:
    for n in range(3000):
        writer.add(str(n), terms={"t": [b"x", b"y"] if n % 100 == 0 else [b"z"]})
deep = []
for _ in range(400):
    deep = [deep]
with Snapshot(directory) as snapshot:
    tree = Or((Term("t", "x"), Term("t", "y")))
    json.dumps(deep)  # leaves something on the stack
    print(json.dumps([docnum for docnum, _ in search(snapshot, tree, 40).best]))
"""


def test_nothing_is_taken_from_the_stack() -> None:
    """Room that the compiled kernel works in is empty before it does."""
    done = subprocess.run(
        [sys.executable, "-c", DIRTY], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == list(range(0, 3000, 100))


def test_nothing_is_left_for_the_next_query() -> None:
    documents = [["a"] for _ in range(20)]
    documents[0], documents[10] = ["b"], WORDS
    with Snapshot(index(documents)) as snapshot:
        two = Or((Term("t", "a"), Term("t", "b")))
        before = cut(snapshot, two, 20)
        search(snapshot, Or(tuple(Term("t", word) for word in WORDS)), 20)
        assert cut(snapshot, two, 20) == before


LONG_PHRASE = """
import sys
from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Schema
from searchkit.search import all_matches, search
from searchkit.storage import MemoryDirectory
from searchkit.tree import Phrase

words = [f"w{n}" for n in range(int(sys.argv[1]))]
directory = MemoryDirectory()
with Writer(directory, Schema({"t": Field()})) as writer:
    writer.add("0", terms={"t": [word.encode() for word in words]})
    writer.add("1", terms={"t": [word.encode() for word in reversed(words)]})
with Snapshot(directory) as snapshot:
    tree = Phrase("t", tuple(words))
    best = [docnum for docnum, _ in search(snapshot, tree, 5).best]
    print(best, list(all_matches(snapshot, tree).docs))
"""


@pytest.mark.parametrize(
    "count",
    [2, 64, 65, 100, 1000],
)
def test_a_long_phrase(count: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LONG_PHRASE, str(count)], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "[0] [0]\n"), done.stderr


@pytest.mark.parametrize("kernel", [USED, SOURCE], ids=["used", "source"])
@pytest.mark.parametrize("k1", [0.0, 1.2, 100.0])
@pytest.mark.parametrize("b", [0.0, 0.75, 1.0])
def test_every_parameter(kernel: ModuleType, k1: float, b: float) -> None:
    chance = random.Random(5)
    documents = [["x"] * chance.randint(0, 4) + ["y"] * chance.randint(0, 9) for _ in range(400)]
    with Snapshot(index(documents)) as snapshot, with_kernel(kernel):
        scoring = BM25(k1, b)
        for tree in trees(["x", "y"], 1):
            pruned = search(snapshot, tree, 7, scoring=scoring).best
            assert pruned == search(snapshot, tree, 7, scoring=scoring, count=True).best


def test_best_of_keeps_the_first_of_equals() -> None:
    for kernel in (USED, SOURCE):
        docs, values = array("I", range(100)), array("d", [n % 7 for n in range(100)])
        scores, found = array("d", bytes(8 * 20)), array("q", bytes(8 * 20))
        assert kernel.best_of(docs, values, 20, math.inf, -1, scores, found) == 20
        best = sorted(zip(scores, found, strict=True), key=lambda pair: (-pair[0], pair[1]))
        expected = sorted(((n % 7, n) for n in range(100)), key=lambda pair: (-pair[0], pair[1]))
        assert best == expected[:20]
