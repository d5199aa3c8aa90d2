"""Are sets of scored documents combined as dictionaries would be, compiled or not?"""

from __future__ import annotations

from array import array
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searchkit.kernels.sets
from tests.unit.kernels.source import load_source

KERNELS = [
    pytest.param(load_source("sets"), id="source"),
    pytest.param(searchkit.kernels.sets, id="used"),
]
each_kernel = pytest.mark.parametrize("kernel", KERNELS)

docnums = st.integers(0, 60) | st.integers(0, 2**32 - 1)
values = st.floats(-1e6, 1e6)
sets = st.dictionaries(docnums, values, max_size=40).map(lambda one: dict(sorted(one.items())))


def arrays(one: dict[int, float]) -> tuple[array[int], array[float]]:
    return array("I", one), array("d", one.values())


def room(count: int) -> tuple[array[int], array[float]]:
    return array("I", bytes(4 * count)), array("d", bytes(8 * count))


def as_dict(docs: array[int], scores: array[float], count: int) -> dict[int, float]:
    found = dict(zip(docs[:count], scores[:count], strict=True))
    assert list(found) == sorted(found)
    assert len(found) == count
    return found


@each_kernel
@given(one=sets, other=sets)
def test_unite(kernel: ModuleType, one: dict[int, float], other: dict[int, float]) -> None:
    for is_maximum in (False, True):
        docs, scores = room(len(one) + len(other))
        count = kernel.unite(*arrays(one), *arrays(other), is_maximum, docs, scores)
        expected = {**one, **other}
        for doc in one.keys() & other.keys():
            pair = one[doc], other[doc]
            expected[doc] = max(pair) if is_maximum else sum(pair)
        assert as_dict(docs, scores, count) == expected


@each_kernel
@given(one=sets, other=sets)
def test_intersect_and_subtract(
    kernel: ModuleType, one: dict[int, float], other: dict[int, float]
) -> None:
    docs, scores = room(min(len(one), len(other)))
    count = kernel.intersect(*arrays(one), *arrays(other), docs, scores)
    assert as_dict(docs, scores, count) == {
        doc: one[doc] + other[doc] for doc in one.keys() & other.keys()
    }
    docs, scores = room(len(one))
    count = kernel.subtract(*arrays(one), arrays(other)[0], docs, scores)
    assert as_dict(docs, scores, count) == {d: one[d] for d in one.keys() - other.keys()}


@each_kernel
@given(one=sets, other=sets)
def test_add_where(kernel: ModuleType, one: dict[int, float], other: dict[int, float]) -> None:
    docs, scores = arrays(one)
    kernel.add_where(docs, scores, *arrays(other))
    assert list(scores) == [one[d] + other[d] if d in other else one[d] for d in one]


@each_kernel
@given(scores=st.lists(st.floats(0, 1e6)), k1=st.floats(0.01, 100), weight=st.floats(0, 100))
def test_saturate_and_scale(
    kernel: ModuleType, scores: list[float], k1: float, weight: float
) -> None:
    data = array("d", scores)
    kernel.saturate(data, k1, weight)
    assert list(data) == [weight * (value / (k1 + value)) for value in scores]
    data = array("d", scores)
    kernel.scale(data, weight)
    assert list(data) == [value * weight for value in scores]


@each_kernel
@given(
    lengths=st.lists(st.integers(0, 255), min_size=1, max_size=30),
    width=st.sampled_from([1, 2, 4]),
    base=st.integers(0, 1000),
    data=st.data(),
)
def test_normalise(
    kernel: ModuleType, lengths: list[int], width: int, base: int, data: st.DataObject
) -> None:
    lengths = [length * 3 ** (width - 1) for length in lengths] if width > 1 else lengths
    packed = b"".join(length.to_bytes(width, "little") for length in lengths)
    some = sorted(data.draw(st.sets(st.integers(0, len(lengths) - 1))))
    docs = array("I", [base + doc for doc in some])
    tfs = array("I", data.draw(st.lists(st.integers(1, 2**32 - 1), min_size=len(some))))[
        : len(some)
    ]
    out = array("d", bytes(8 * len(some)))
    assert kernel.normalise(docs, tfs, base, packed, width, 0.75, 7.5, 2.0, out)
    assert list(out) == [
        2.0 * (tf / (1 - 0.75 + 0.75 * lengths[doc] / 7.5))
        for doc, tf in zip(some, tfs, strict=True)
    ]
    for bad in (base + len(lengths), base - 1):
        if bad >= 0:
            one = array("I", [1])
            assert not kernel.normalise(
                array("I", [bad]), one, base, packed, width, 0.75, 7.5, 2.0, array("d", [0.0])
            )
