"""How well does a document answer a term?

BM25 and its many-field form, from raw statistics at query time, so that no formula is stored.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; the fields
as in Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields", 2004;
the idf with 1 added inside the logarithm, so that it is never negative.

The kernels compute the same in the same order, so that a score has the same bits on every road:

    normalised = weight * (tf / max(1 - b + b * length / average, 1e-9))
    score      = idf * (normalised / (k1 + normalised))
"""

from __future__ import annotations

import math
from array import array

from searchkit.index import FieldStatistics
from searchkit.kernels import search as kernel
from searchkit.record import Record

_TABLE = 5 + 8 * 1024
_MOST_TABLES = 32


class BM25(Record):
    """``k1`` (at least 0) says how soon repetition stops to count, ``b`` (0 to 1) how much length
    does. The defaults are those of Lucene. ``rarity`` (above 0) is the power of the idf: above 1,
    rare terms count for more. Raises ``ValueError`` for others.
    """

    k1: float = 1.2
    b: float = 0.75
    rarity: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.k1) and self.k1 >= 0 and 0 <= self.b <= 1):
            raise ValueError(f"k1 is at least 0 and b from 0 to 1, not {self.k1} and {self.b}")
        if not 0 < self.rarity < math.inf:
            raise ValueError(f"rarity is a number above 0, not {self.rarity}")

    def idf(self, df: int, docs: int) -> float:
        """What a term that ``df`` of ``docs`` documents have is worth:
        ln(1 + (N - n + 0.5) / (n + 0.5)), to the power of ``rarity``.
        """
        idf = math.log(1 + (docs - df + 0.5) / (df + 0.5))
        return idf if self.rarity == 1 else idf**self.rarity

    def table(self, field: FieldStatistics) -> array[float]:
        """What the kernels look a saturation up in, for documents of the field."""
        return self._filled(field, self.k1, 1.0)

    def normals(self, field: FieldStatistics, weight: float) -> array[float]:
        """The same before it saturates: frequencies, normalised and weighted."""
        return self._filled(field, -1.0, weight)

    def _filled(self, field: FieldStatistics, k1: float, weight: float) -> array[float]:
        table = field.tables.get((k1, self.b, weight))
        if table is None:
            # Each takes 66 KB, and weights may be anybody's choice.
            if len(field.tables) >= _MOST_TABLES:
                field.tables.clear()
            table = array("d", bytes(8 * _TABLE))
            kernel.fill_table(table, k1, self.b, field.average_length or 1.0, weight)
            field.tables[k1, self.b, weight] = table
        return table
