"""What does an explanation of a score consist of?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a part of a query, or of a formula, comes to for one document.

    ``description`` says what it is, in one line, and may hold any character of a query or of an
    index. ``details`` are what ``value`` was computed from, as ``searchkit/search/explain.py``
    draws it. ``matched`` is false for a clause that the document does not match; its ``value`` is
    0 and counts for nothing.
    """

    value: float
    description: str
    details: tuple[Explanation, ...] = ()
    matched: bool = True


def summed(description: str, details: Sequence[Explanation]) -> Explanation:
    """The values of ``details``, all of which match, added in their order."""
    total = 0.0
    for detail in details:
        total += detail.value
    return Explanation(total, description, tuple(details))
