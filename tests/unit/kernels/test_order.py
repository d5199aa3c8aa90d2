"""Are strings sorted as Python sorts them, compiled or not?"""

from __future__ import annotations

import random
from array import array
from itertools import accumulate, pairwise
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searchkit.kernels.order
from searchkit.analysis import order
from searchkit.analysis.order import sort, utf8
from tests.unit.kernels.source import load_source

USED = searchkit.kernels.order
SOURCE = load_source("order")
each_kernel = pytest.mark.parametrize(
    "kernel", [pytest.param(USED, id="used"), pytest.param(SOURCE, id="source")]
)

# Long common beginnings, zeros, and many that are equal.
STRINGS = st.lists(
    st.binary(max_size=3)
    | st.text("a\0b", max_size=20).map(str.encode)
    | st.binary(max_size=3).map(lambda end: b"a common beginning" + end)
)


def check(kernel: ModuleType, strings: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "kernel", kernel)
        text, ends, ranks = sort(b"".join(strings), array("I", accumulate(map(len, strings))))
    found = [text[start:end] for start, end in pairwise([0, *ends])]
    assert found == sorted(set(strings))
    assert [found[rank] for rank in ranks] == strings
    assert len(text) == (ends[-1] if ends else 0)


@each_kernel
@given(STRINGS)
def test_sorted_as_python_sorts(kernel: ModuleType, strings: list[bytes]) -> None:
    check(kernel, strings)


@each_kernel
def test_many(kernel: ModuleType) -> None:
    chance = random.Random(5)
    strings = [b"%d" % chance.randrange(2000) for _ in range(3000)]
    check(kernel, strings)
    check(kernel, sorted(strings))
    check(kernel, sorted(strings, reverse=True))


@each_kernel
@pytest.mark.parametrize("ends", [[2, 1], [4], [1, 2, 4]])
def test_ends_that_are_none_are_refused(kernel: ModuleType, ends: list[int]) -> None:
    room = [array("Q", bytes(24)), array("I", bytes(12)), array("I", bytes(12))]
    with pytest.raises(ValueError):
        kernel.sort(b"abc", array("I", ends), *room)
    with pytest.raises(ValueError):
        kernel.sort(b"abc", array("I", [1, 2, 3]), *[one[:2] for one in room])


@given(st.lists(st.text(st.characters(codec=None))))
def test_utf8(strings: list[str]) -> None:
    text, ends = utf8(strings)
    cut = [text[start:end] for start, end in pairwise([0, *ends])]
    assert cut == [string.encode("utf-8", "surrogatepass") for string in strings]
