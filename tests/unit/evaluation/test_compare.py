"""Is one ranking better than another?"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.evaluation.compare import compare

VALUES = st.floats(0, 1).map(lambda value: round(value, 2))


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=7))
@settings(max_examples=15, deadline=None)
def test_chance_is_that_of_all_swaps(pairs: list[tuple[float, float]]) -> None:
    one = {str(at): before for at, (before, _) in enumerate(pairs)}
    other = {str(at): after for at, (_, after) in enumerate(pairs)}
    differences = [after - before for before, after in pairs]
    observed = abs(sum(differences))
    swaps = list(product((-1, 1), repeat=len(pairs)))
    as_large = sum(
        abs(sum(map(float.__mul__, differences, map(float, signs)))) >= observed - 1e-9
        for signs in swaps
    )
    found = compare(one, other)
    assert found.p == pytest.approx(as_large / len(swaps), abs=0.01)
    assert found.difference == pytest.approx(sum(differences) / len(pairs))
    assert found.better == sum(value > 0 for value in differences)
    assert found.worse == sum(value < 0 for value in differences)


def test_a_difference_that_is_no_luck() -> None:
    found = compare(
        {str(at): 0.5 for at in range(30)}, {str(at): 0.5 + at / 100 for at in range(30)}
    )
    assert found.p < 0.001 and found.better == 29 and found.worse == 0
