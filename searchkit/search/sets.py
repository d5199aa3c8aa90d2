"""What can be done with a set of scored documents?"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from searchkit.kernels import sets as kernel


class Scored:
    """Documents (``array("I")``, ascending) and the score of each (``array("d")``)."""

    __slots__ = ("docs", "values")

    def __init__(self, docs: array[int], values: array[float]) -> None:
        self.docs = docs
        self.values = values

    @classmethod
    def none(cls) -> Scored:
        """No document."""
        return cls(array("I"), array("d"))

    @classmethod
    def constant(cls, docs: array[int], score: float) -> Scored:
        """``docs``, each with one score."""
        return cls(docs, array("d", [score]) * len(docs))

    def unite(self, other: Scored, *, maximum: bool = False) -> Scored:
        """The documents of either, with the sum or the maximum of the scores."""
        if not self.docs or not other.docs:
            return self if self.docs else other
        docs, values = _room(len(self.docs) + len(other.docs))
        count = kernel.unite(
            self.docs, self.values, other.docs, other.values, maximum, docs, values
        )
        return _cut(docs, values, count)

    def intersect(self, other: Scored) -> Scored:
        """The documents of both, with the sum of the scores."""
        docs, values = _room(min(len(self.docs), len(other.docs)))
        if docs:
            count = kernel.intersect(self.docs, self.values, other.docs, other.values, docs, values)
            return _cut(docs, values, count)
        return Scored.none()

    def subtract(self, other: Scored) -> Scored:
        """The documents that are not in ``other``."""
        if not self.docs or not other.docs:
            return self
        docs, values = _room(len(self.docs))
        count = kernel.subtract(self.docs, self.values, other.docs, docs, values)
        return _cut(docs, values, count)

    def add_where(self, other: Scored) -> Scored:
        """The same documents, with the scores of ``other`` added where it has them."""
        values = self.values[:]
        if values and other.docs:
            kernel.add_where(self.docs, values, other.docs, other.values)
        return Scored(self.docs, values)

    def scaled(self, factor: float) -> Scored:
        """The same documents, each score multiplied."""
        values = self.values[:]
        if values:
            kernel.scale(values, factor)
        return Scored(self.docs, values)


def united(sets: Sequence[Scored]) -> Scored:
    """The documents of any set, with the sum of the scores, added in the order of the sets."""
    total = Scored.none()
    for one in sets:
        total = total.unite(one)
    return total


def _room(count: int) -> tuple[array[int], array[float]]:
    return array("I", bytes(4 * count)), array("d", bytes(8 * count))


def _cut(docs: array[int], values: array[float], count: int) -> Scored:
    del docs[count:], values[count:]
    return Scored(docs, values)
