"""The lowest documents of lists against all of them, short roads against long ones."""

from __future__ import annotations

import random
from array import array
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searchkit.kernels.search
from searchkit.errors import IndexCorruptError
from searchkit.index import Snapshot
from searchkit.search import all_matches, expand, search
from searchkit.tree import (
    Boost,
    ConstantScore,
    Fuzzy,
    Node,
    Prefix,
    Regex,
    TermRange,
    Wildcard,
)
from tests.unit.kernels.test_search import COMPILED, index, load_source

SOURCE = load_source("search")
KERNELS = [
    pytest.param(SOURCE, id="source"),
    pytest.param(searchkit.kernels.search, id="used"),
]
WORDS = ["aa", "ab", "abc", "b", "ba", "bab", "c"]
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Prefix, st.just("t"), st.sampled_from(["", "a", "ab", "x"])),
    st.builds(Wildcard, st.just("t"), st.sampled_from(["*", "*b", "?", "b*", "x*"])),
    st.builds(Regex, st.just("t"), st.sampled_from(["a.*", ".b", "x"])),
    st.builds(Fuzzy, st.just("t"), st.sampled_from(["ab", "ca", "xyz"]), st.integers(0, 2)),
    st.builds(
        TermRange,
        st.just("t"),
        st.none() | st.sampled_from(WORDS),
        st.none() | st.sampled_from(WORDS),
        st.booleans(),
        st.booleans(),
    ),
)
trees = st.recursive(
    leaves,
    lambda node: st.one_of(
        st.builds(ConstantScore, node, st.sampled_from([0.0, 0.3, 2.0])),
        st.builds(Boost, node, st.sampled_from([-1.0, 0.1, 3.0])),
    ),
    max_leaves=3,
)


@pytest.mark.parametrize("kernel", KERNELS)
@settings(max_examples=80, deadline=None)
@given(
    documents=st.lists(st.lists(st.sampled_from(WORDS), max_size=4), max_size=40),
    repeats=st.integers(1, 12),
    deleted=st.lists(st.integers(0, 480), max_size=60),
    segments=st.integers(1, 3),
    tree=trees,
    limit=st.integers(0, 12) | st.integers(0, 500),
    offset=st.integers(0, 5),
)
def test_short_and_long_roads_give_the_same(
    kernel: ModuleType,
    documents: list[list[str]],
    repeats: int,
    deleted: list[int],
    segments: int,
    tree: Node,
    limit: int,
    offset: int,
) -> None:
    with Snapshot(index(documents * repeats, deleted, segments)) as snapshot:
        long = search(snapshot, tree, limit, offset, count=True)
        assert long.total == len(all_matches(snapshot, tree).docs)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(expand, "kernel", kernel)
            assert search(snapshot, tree, limit, offset).best == long.best


class Lists:
    """The lists of random sets of documents, as the index has them."""

    def __init__(self, sets: list[list[int]], docs: int) -> None:
        texts = [[f"t{n}" for n, one in enumerate(sets) if doc in one] for doc in range(docs)]
        with Snapshot(index(texts)) as snapshot:
            reader = snapshot.field("t").parts[0][1]
            self.postings = bytes(reader.postings)
            self.lists = reader.lists_of(reader.terms.prefix(b"t"))
        self.docs = docs

    def lowest(
        self, kernel: ModuleType, limit: int, deleted: bytes = b"", **changes: object
    ) -> list[int] | int:
        arguments = {
            "postings": self.postings, "lists": self.lists, "docs": self.docs, "deleted": deleted,
            "first": 1000, "limit": limit, "bits": bytearray(-(-self.docs // 64) * 8),
            "room": bytearray(256), "found": array("I", bytes(4 * limit)),
        } | changes  # fmt: skip
        count = kernel.lowest_of(*arguments.values())
        return count if count < 0 else list(arguments["found"][:count])  # type: ignore[index]


def some_lists(seed: int, docs: int = 700) -> tuple[list[list[int]], Lists]:
    chance = random.Random(seed)
    sets = [
        sorted(chance.sample(range(docs), chance.choice((1, 3, 128, 129, 300, docs))))
        for _ in range(chance.randrange(1, 7))
    ]
    return sets, Lists(sets, docs)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("seed", range(8))
def test_lowest(kernel: ModuleType, seed: int) -> None:
    sets, lists = some_lists(seed)
    chance = random.Random(seed)
    gone = set(chance.sample(range(700), chance.choice((0, 10, 350))))
    bits = sum(1 << doc for doc in gone).to_bytes(88, "little") if gone else b""
    expected = [1000 + doc for doc in sorted(set().union(*sets) - gone)]
    for limit in (0, 1, 2, 10, 128, 400, 700):
        assert lists.lowest(kernel, limit, bits) == expected[:limit]


@pytest.mark.parametrize("kernel", KERNELS)
def test_arrays_that_do_not_fit_are_refused(kernel: ModuleType) -> None:
    _, lists = some_lists(1)
    assert lists.lowest(kernel, 5, bits=bytearray(80)) == -2
    assert lists.lowest(kernel, 5, bits=bytearray(89)) == -2
    assert lists.lowest(kernel, 5, room=bytearray(255)) == -2
    assert lists.lowest(kernel, 5, deleted=b"\0") == -2
    assert lists.lowest(kernel, 5, found=array("I", [0, 0])) == lists.lowest(kernel, 2)


def test_damaged_lists_do_no_harm() -> None:
    rounds = 3000 if COMPILED else 30
    for seed in range(3):
        _, lists = some_lists(seed)
        sound, damaged = lists.postings, 0
        chance = random.Random(seed)
        for _ in range(rounds):
            postings = bytearray(sound)
            for _ in range(chance.choice((1, 1, 3, 30))):
                postings[chance.randrange(len(postings))] = chance.choice((0, 127, 255, 32, 33))
            lists.postings = bytes(postings)
            limit = chance.choice((1, 10, 700))
            found = lists.lowest(searchkit.kernels.search, limit)
            if isinstance(found, int):
                damaged += 1
            else:
                assert found == sorted(set(found))
                assert all(1000 <= doc < 1700 for doc in found)
        assert damaged
        lists.postings = sound


@pytest.mark.parametrize("kernel", KERNELS)
def test_lists_outside_of_the_section_are_damaged(kernel: ModuleType) -> None:
    _, lists = some_lists(2)
    end = len(lists.postings)
    for numbers in ((-1, 20, 1), (0, end, 1), (0, 6, 1), (0, 20, 0), (0, 20, 2**40), (0, 20, -1)):
        assert lists.lowest(kernel, 5, lists=array("q", numbers)) == -1


def test_damage_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with Snapshot(index([["ab"]] * 3)) as snapshot:
        monkeypatch.setattr(expand, "kernel", Damaged)
        with pytest.raises(IndexCorruptError, match="list of postings is damaged"):
            search(snapshot, Fuzzy("t", "ab", 1))


class Damaged:
    @staticmethod
    def lowest_of(*_: object) -> int:
        return -1
