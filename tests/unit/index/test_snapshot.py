"""Do statistics count live documents only, whatever the segments?"""

from __future__ import annotations

import pytest

from searchkit.codec import postings
from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Kind, Schema
from searchkit.search import BM25, all_matches
from searchkit.storage import MemoryDirectory
from searchkit.tree import Term, word_in

SCHEMA = Schema({"t": Field(), "u": Field(lengths=False)}, {"n": Kind.INT})


@pytest.fixture(autouse=True)
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_OUT_BYTES", 1 << 12)


def build(numbers: list[int], deleted: list[int], buffer_tokens: int) -> MemoryDirectory:
    directory = MemoryDirectory()
    with Writer(directory, SCHEMA, buffer_tokens=buffer_tokens) as writer:
        for n in numbers:
            writer.add(
                str(n),
                terms={"t": [b"x"] * (n % 4) + [b"y"] * (n % 3), "u": [b"z"] * (n % 2)},
                columns={"n": n},
            )
    with Writer(directory) as writer:
        for n in deleted:
            writer.delete(str(n))
    return directory


@pytest.mark.parametrize("buffer_tokens", [1, 20, 10_000])
def test_statistics_of_what_lives(buffer_tokens: int) -> None:
    deleted = [n for n in range(200) if n % 5 == 1]
    rest = [n for n in range(200) if n not in deleted]
    with (
        Snapshot(build(list(range(200)), deleted, buffer_tokens)) as one,
        Snapshot(build(rest, [], 10_000)) as other,
    ):
        assert one.live_docs == other.live_docs == len(rest)
        for name in SCHEMA.fields:
            assert one.field(name).total_length == other.field(name).total_length
            assert one.field(name).average_length == other.field(name).average_length
            for term in (b"x", b"y", b"z", b"none"):
                assert one.field(name).df(term) == other.field(name).df(term)
        for tree in (Term("t", "x"), Term("u", "z"), word_in("x", (("t", 2.0), ("u", 1.0)))):
            scores = [all_matches(snapshot, tree, BM25()) for snapshot in (one, other)]
            assert list(scores[0].values) == list(scores[1].values)
            keys = [
                [snapshot.key(doc) for doc in scored.docs]
                for snapshot, scored in zip((one, other), scores, strict=True)
            ]
            assert keys[0] == keys[1]


def test_docnums() -> None:
    with Snapshot(build([0, 1, 2], [1], 1)) as snapshot:
        assert (snapshot.docs, snapshot.live_docs) in ((3, 2), (2, 2))
        for docnum in (-1, snapshot.docs):
            for ask in (snapshot.key, snapshot.stored, snapshot.is_deleted):
                with pytest.raises(IndexError):
                    ask(docnum)
        assert snapshot.docnums("1") == []
        with pytest.raises(KeyError):
            snapshot.field("none")
