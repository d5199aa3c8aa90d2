"""Bitmaps against sets of numbers, compiled and not."""

from __future__ import annotations

import math
from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.kernels import bits as compiled
from tests.unit.kernels.source import load_source

KERNELS = [compiled, load_source("bits")]


def bitmap(docs: set[int], words: int) -> bytes:
    return sum(1 << doc for doc in docs).to_bytes(8 * words, "little")


@pytest.mark.parametrize("kernel", KERNELS)
@given(docs=st.sets(st.integers(0, 191)), base=st.integers(0, 99), limit=st.integers(0, 200))
def test_marking_and_reading(kernel: Any, docs: set[int], base: int, limit: int) -> None:
    bits = bytearray(24)
    numbers = array("I", [base + doc for doc in sorted(docs)])
    assert kernel.mark(numbers, base, bits)
    assert bits == bitmap(docs, 3)
    found = array("I", bytes(4 * limit))
    count = kernel.marked(bits, base, found)
    assert list(found[:count]) == list(numbers[:limit])


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_does_not_fit_is_refused(kernel: Any) -> None:
    bits = bytearray(8)
    assert not kernel.mark(array("I", [1, 64]), 0, bits)
    assert not kernel.mark(array("I", [1]), 2, bits)
    assert kernel.marked(b"123", 0, array("I", [0])) == -1
    assert not kernel.mark_integers(array("q", [0] * 65), b"", 0, 1, bits)
    assert not kernel.mark_reals(array("d", [0] * 64), b"\xff", 0, 1, bits)


@pytest.mark.parametrize("kernel", KERNELS)
@given(
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), max_size=64),
    st.integers(-4, 4) | st.just(-(2**63)),
    st.integers(-4, 4) | st.just(2**63 - 1),
    st.binary(min_size=8, max_size=8) | st.just(b""),
)
def test_ranges(kernel: Any, values: list[int], low: int, high: int, present: bytes) -> None:
    there = [not present or present[doc >> 3] >> (doc & 7) & 1 for doc in range(len(values))]
    wanted = {doc for doc, value in enumerate(values) if there[doc] and low <= value <= high}
    bits = bytearray(8)
    assert kernel.mark_integers(array("q", values), present, low, high, bits)
    assert bits == bitmap(wanted, 1)
    reals = [float(value) if value % 3 else math.nan for value in values]
    # The bounds are doubles there, as the values are.
    wanted = {
        doc for doc, value in enumerate(reals) if there[doc] and float(low) <= value <= float(high)
    }
    bits = bytearray(8)
    assert kernel.mark_reals(array("d", reals), present, float(low), float(high), bits)
    assert bits == bitmap(wanted, 1)
