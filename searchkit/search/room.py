"""What do the kernels of the search work in?"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable

from searchkit.errors import IndexCorruptError
from searchkit.index import Snapshot
from searchkit.kernels import search as kernel

MOST_TERMS = 64
"""The kernels have room for as many."""

MOST_LISTS = 192
MOST_FIELDS = 16
"""Of groups: so many lists, and so many fields with different weights."""

_HITS = 4096 + 128

Best = list[tuple[int, float]]
"""Pairs (docnum, score), in no order."""


class Scratch(threading.local):
    """Room for the kernels to work in, for each thread; ``window`` is all zeros between runs."""

    def __init__(self) -> None:
        self.cursors = bytearray(kernel.CURSOR_BYTES * (MOST_LISTS + 1))
        self.clear()

    def clear(self) -> None:
        """Begin anew, after a run that did not come to its end."""
        self._window = array("d")
        self._hits = array("I")

    def window(self, doubles: int) -> array[float]:
        """So many doubles at least."""
        if len(self._window) < doubles:
            self._window = array("d", bytes(8 * doubles))
        return self._window

    def hits(self, terms: int) -> array[int]:
        """4096 numbers of 32 bits for each term, and 128 more."""
        if len(self._hits) < terms * _HITS:
            self._hits = array("I", bytes(4 * terms * _HITS))
        return self._hits


scratch = Scratch()


def run(function: Callable[..., int], *arguments: object) -> int:
    """Call a kernel that works in ``scratch``. One that is interrupted, as uncompiled ones can be,
    leaves it as it should not.
    """
    try:
        return function(*arguments)
    except BaseException:
        scratch.clear()
        raise


class Heap:
    """The best so far, over several segments."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self.scores = array("d", bytes(8 * limit))
        self.docs = array("q", bytes(8 * limit))

    def take(self, held: int, snapshot: Snapshot) -> None:
        """A kernel gives back how many the heap holds now, or less than 0 for damage: then
        ``IndexCorruptError``.
        """
        if held < 0:
            scratch.clear()
            raise damaged(snapshot)
        self.held = held

    def best(self) -> Best:
        """What it holds."""
        return list(zip(self.docs[: self.held], self.scores[: self.held], strict=True))


def damaged(snapshot: Snapshot) -> IndexCorruptError:
    """What to raise when a kernel has met a list that no writer wrote."""
    return IndexCorruptError(snapshot.path, "a list of postings is damaged")
