"""Is one ranking better than another, or was it luck?

Fisher's randomization test, two-sided, on the differences between queries (Smucker, Allan and
Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval Evaluation",
CIKM 2007).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_TRIALS = 100_000
_TRIALS_AT_ONCE = 1_000
_SEED = 2007
_ROUNDING = 1e-12
"""Sums of the same numbers in another order may differ by this."""


class Comparison(NamedTuple):
    """``difference`` of the means, the other's less the one's; how many queries got ``better`` and
    ``worse``; ``p``, how often chance alone makes a difference as large.
    """

    difference: float
    better: int
    worse: int
    p: float


def compare(one: Mapping[str, float], other: Mapping[str, float]) -> Comparison:
    """Compare two rankings by the values of a measure for the same queries, one at the least."""
    import numpy

    values = [other[query] - value for query, value in one.items()]
    differences = numpy.array(values)
    observed = abs(float(differences.sum()))
    chance = numpy.random.default_rng(_SEED)
    as_large = 0
    for _ in range(_TRIALS // _TRIALS_AT_ONCE):
        # As floats: numpy multiplies matrices of integers a hundred times slower.
        signs = chance.integers(0, 2, (_TRIALS_AT_ONCE, len(values))) * 2.0 - 1.0
        as_large += int((abs(signs @ differences) >= observed - _ROUNDING).sum())
    return Comparison(
        float(differences.mean()),
        sum(value > 0 for value in values),
        sum(value < 0 for value in values),
        (as_large + 1) / (_TRIALS + 1),
    )
