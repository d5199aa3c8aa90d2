"""In which order do strings lie in an index?"""

from __future__ import annotations

from collections.abc import Sequence


def sorted_places(strings: Sequence[str]) -> list[int]:
    """The places of ``strings`` in the order of their UTF-8 bytes, which is that of their code
    points; equal ones stay in the order in which they are.

    Those of ASCII are sorted by themselves, because Python compares strings of one kind in a third
    of the time that it takes for others, and nearly all are; then the two runs are joined, which
    ``sort`` does without sorting again.
    """
    plain: list[int] = []
    other: list[int] = []
    for place, string in enumerate(strings):
        (plain if string.isascii() else other).append(place)
    plain.sort(key=strings.__getitem__)
    if other:
        other.sort(key=strings.__getitem__)
        plain += other
        plain.sort(key=strings.__getitem__)
    return plain
