"""Do sets of scored documents do what sets do, empty ones too?"""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from searchkit.search.sets import Scored, united

scored = st.dictionaries(st.integers(0, 50), st.floats(0, 100), max_size=20).map(
    lambda one: Scored(array("I", sorted(one)), array("d", [one[doc] for doc in sorted(one)]))
)


def pairs(one: Scored) -> dict[int, float]:
    assert list(one.docs) == sorted(set(one.docs))
    return dict(zip(one.docs, one.values, strict=True))


@given(one=scored, other=scored)
def test_operations(one: Scored, other: Scored) -> None:
    mine, its = pairs(one), pairs(other)
    both = mine.keys() & its.keys()
    assert pairs(one.unite(other)) == {**mine, **its, **{d: mine[d] + its[d] for d in both}}
    assert pairs(one.unite(other, maximum=True)) == {
        **mine,
        **its,
        **{d: max(mine[d], its[d]) for d in both},
    }
    assert pairs(one.intersect(other)) == {d: mine[d] + its[d] for d in both}
    assert pairs(one.subtract(other)) == {d: mine[d] for d in mine.keys() - its.keys()}
    assert pairs(one.scaled(2.0)) == {d: 2.0 * score for d, score in mine.items()}
    assert pairs(one.add_where(other)) == {d: s + its.get(d, 0.0) for d, s in mine.items()}
    assert (pairs(one).keys(), pairs(other)) == (mine.keys(), its)


@given(sets=st.lists(scored, max_size=5))
def test_united_adds_in_order(sets: list[Scored]) -> None:
    expected: dict[int, float] = {}
    for one in sets:
        for doc, score in pairs(one).items():
            expected[doc] = expected[doc] + score if doc in expected else score
    assert pairs(united(sets)) == expected
