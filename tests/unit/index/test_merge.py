"""Which segments are merged, and is a merge the same documents in the same order?"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.codec import postings
from searchkit.index import Snapshot, Writer
from searchkit.index.merge import MOST_DELETED, TIER, choose
from searchkit.schema import Field, Kind, Schema
from searchkit.storage import MemoryDirectory

SCHEMA = Schema({"t": Field(), "tag": Field(positions=False)}, {"n": Kind.INT, "b": Kind.BYTES})


@pytest.fixture(autouse=True)
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_OUT_BYTES", 1 << 12)


sizes = st.lists(
    st.tuples(st.sampled_from([1, 10, 999, 1000, 8000, 70_000]), st.floats(0.01, 1.0)), max_size=40
).map(lambda pairs: [(docs, max(1, int(docs * live))) for docs, live in pairs])


@given(segments=sizes)
def test_choose(segments: list[tuple[int, int]]) -> None:
    """Neighbours, of which there are many or much is deleted; it ends; few are left."""
    merges = 0
    while (run := choose(segments)) is not None:
        start, stop = run
        assert 0 <= start < stop <= len(segments)
        docs, live = segments[start]
        assert stop - start >= TIER or docs - live > MOST_DELETED * docs
        live = sum(live for _, live in segments[start:stop])
        segments = [*segments[:start], (live, live), *segments[stop:]]
        merges += 1
        assert merges < 200
    assert all(docs - live <= MOST_DELETED * docs for docs, live in segments)
    assert len(segments) <= TIER * 5


def test_few_are_left_alone() -> None:
    assert choose([]) is None
    assert choose([(10, 10)] * (TIER - 1)) is None
    assert choose([(10, 10)] * TIER) == (0, TIER)
    assert choose([(10, 7)]) is None
    assert choose([(10, 6)]) == (0, 1)


@pytest.mark.parametrize("seed", range(6))
def test_merges_keep_documents_and_order(seed: int) -> None:
    chance = random.Random(seed)
    directory = MemoryDirectory()
    expected: list[tuple[str, list[bytes]]] = []
    for _ in range(30):
        writer = Writer(directory, SCHEMA, buffer_tokens=chance.choice((3, 50, 1000)))
        for _ in range(chance.randint(0, 12)):
            key = f"k{chance.randint(0, 60)}"
            if chance.random() < 0.4:
                writer.delete(key)
                expected = [one for one in expected if one[0] != key]
            terms = [b"w%d" % chance.randint(0, 30) for _ in range(chance.randint(0, 9))]
            expected.append((key, terms))
            writer.add(
                key,
                terms={"t": terms, "tag": terms[:1]},
                stored={"terms": b" ".join(terms)},
                columns={"n": len(terms), "b": b"".join(terms)} if terms else {},
            )
        writer.commit(merge_all=chance.random() < 0.1)
        with Snapshot(directory) as snapshot:
            live = list(snapshot.live())
            assert [snapshot.key(n) for n in live] == [key for key, _ in expected]
            assert len(snapshot.segments) <= 2 * TIER
            for segment in snapshot.segments:
                assert list(segment.sections.verify_all()) == []
            field = snapshot.field("t")
            found: dict[int, dict[int, bytes]] = {n: {} for n in live}
            for term, _ in field.terms():
                for doc, places in field.positions(term).items():
                    found[doc].update(dict.fromkeys(places, term))
            for n, (_, terms) in zip(live, expected, strict=True):
                assert [found[n][at] for at in sorted(found[n])] == terms
                assert field.length(n) == len(terms)
                assert snapshot.stored(n) == {"terms": b" ".join(terms)}
                assert snapshot.column_value("n", n) == (len(terms) or None)
                assert snapshot.column_value("b", n) == (b"".join(terms) or None)


def test_merge_all_leaves_one() -> None:
    directory = MemoryDirectory()
    for n in range(5):
        with Writer(directory, SCHEMA) as writer:
            writer.add(str(n), terms={"t": [b"x%d" % n]})
    with Writer(directory) as writer:
        writer.delete("3")
    Writer(directory).commit(merge_all=True)
    with Snapshot(directory) as snapshot:
        assert [segment.docs for segment in snapshot.segments] == [4]
        assert [term for term, _ in snapshot.field("t").terms()] == [b"x0", b"x1", b"x2", b"x4"]
