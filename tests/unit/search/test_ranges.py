"""Ranges of numbers against Python's own comparisons."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from searchkit.index import Snapshot, Writer
from searchkit.schema import Kind, Schema
from searchkit.search.ranges import in_range
from searchkit.storage.memory import MemoryDirectory
from searchkit.tree import NumberRange

INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
REALS = st.floats() | st.sampled_from([0.0, -0.0, 1.0, 1.5, 2.0, math.inf, -math.inf])
BOUNDS = st.none() | st.integers(-3, 3) | REALS | st.sampled_from([2**63, -(2**63), 10**400])


@given(
    st.lists(st.tuples(st.none() | INTEGERS, st.none() | REALS, st.none() | st.booleans())),
    BOUNDS,
    BOUNDS,
    st.booleans(),
    st.booleans(),
)
def test_ranges_are_pythons(
    rows: list[tuple[int | None, float | None, bool | None]],
    low: float | None,
    high: float | None,
    includes_low: bool,
    includes_high: bool,
) -> None:
    directory = MemoryDirectory()
    kinds = {"i": Kind.INT, "r": Kind.FLOAT, "f": Kind.BOOL, "b": Kind.BYTES}
    with Writer(directory, Schema({}, kinds)) as writer:
        writer.add("first")
        for row in rows:
            given = zip("irf", row, strict=True)
            writer.add("k", columns={name: one for name, one in given if one is not None})
    with Snapshot(directory) as snapshot:
        (segment,) = snapshot.segments
        for at, name in enumerate("irf"):
            node = NumberRange(name, low, high, includes_low, includes_high)
            bits = int.from_bytes(in_range(segment, node), "little")
            for doc, row in enumerate(rows, 1):
                value = row[at]
                fits = (
                    value is not None
                    and (low is None or value > low or (includes_low and value == low))
                    and (high is None or value < high or (includes_high and value == high))
                )
                assert bits >> doc & 1 == fits
        assert not any(in_range(segment, NumberRange("b", None, None)))
