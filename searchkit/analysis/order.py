"""In which order do strings lie in an index, and as which bytes?"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from searchkit.kernels import order as kernel


class SortedStrings(NamedTuple):
    """Strings as a dictionary of terms wants them.

    ``text``: the bytes of all, each once, one after the other, in ascending order.
    ``ends``: ``array("I")``, where each ends in ``text``.
    ``ranks``: ``array("I")``, for each string that was given its place in that order.
    """

    text: bytes
    ends: array[int]
    ranks: array[int]


def utf8(strings: Sequence[str]) -> tuple[bytes, array[int]]:
    """The UTF-8 of all ``strings``, one after the other, and where each ends in it, ``array("I")``.

    A lone surrogate is three bytes, which keeps different strings different. The order of the
    bytes is that of the code points. Raises ``OverflowError`` past 4 GB.
    """
    lengths = [
        len(string) if string.isascii() else len(string.encode("utf-8", "surrogatepass"))
        for string in strings
    ]
    return "".join(strings).encode("utf-8", "surrogatepass"), array("I", accumulate(lengths))


def sort(text: bytes, ends: array[int]) -> SortedStrings:
    """Sort the strings that lie in ``text`` one after the other and end at ``ends``.

    In a kernel, because Python would touch each string twenty times, wherever it lies.
    """
    count = len(ends)
    heads = array("Q", bytes(8 * count))
    places, ranks, sorted_ends = (array("I", bytes(4 * count)) for _ in range(3))
    kernel.sort(text, ends, heads, places, ranks)
    out = bytearray(len(text))
    distinct = kernel.lay_out(text, ends, heads, places, out, sorted_ends, ranks)
    del sorted_ends[distinct:]
    return SortedStrings(bytes(out[: sorted_ends[-1] if distinct else 0]), sorted_ends, ranks)
