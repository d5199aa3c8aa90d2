"""How well does a passage answer a term?

BM25 and its many-field form, from raw statistics at query time, so that no formula is stored.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; the fields
as in Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields", 2004;
the idf with 1 added inside the logarithm, so that it is never negative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BM25:
    """``k1`` (at least 0) says how soon repetition stops to count, ``b`` (0 to 1) how much length
    does. The defaults are those of Lucene.
    """

    k1: float = 1.2
    b: float = 0.75

    def idf(self, frequency: int, passages: int) -> float:
        """What a term that ``frequency`` of ``passages`` passages have is worth:
        ln(1 + (N - n + 0.5) / (n + 0.5)).
        """
        return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))

    def normalised(self, frequency: int, length: int, average_length: float) -> float:
        """A field's term frequency, for the field's length: tf / (1 - b + b * length / average)."""
        return frequency / (1 - self.b + self.b * length / average_length)

    def saturated(self, frequency: float) -> float:
        """What a normalised frequency is worth, from 0 to 1: tf / (k1 + tf)."""
        return frequency / (self.k1 + frequency)
