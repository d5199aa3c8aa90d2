"""What are the checksums of posting lists? One for each run: the lists of a block of terms."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from zlib import crc32

BLOCK = 32
"""So many terms make a block; the last has the rest."""


class RunChecksums:
    """The crc32 of each run: the lists of 32 terms. Takes the lists in order, in any portions."""

    def __init__(self) -> None:
        self._done = array("I")
        self._terms = 0
        self._crc = 0

    def add(self, data: bytes | bytearray | memoryview, lengths: Sequence[int]) -> None:
        """Take the lists of the next ``len(lengths)`` terms, which ``data`` holds without gaps."""
        view = memoryview(data)
        at = term = 0
        while term < len(lengths):
            stop = min(len(lengths), term + BLOCK - self._terms)
            end = at + sum(lengths[term:stop])
            self._crc = crc32(view[at:end], self._crc)
            self._terms += stop - term
            at, term = end, stop
            if self._terms == BLOCK:
                self._close()
        if at != len(view):
            raise ValueError(f"lists of {at} bytes in all, but {len(view)} bytes of data")

    def finish(self) -> array[int]:
        """The checksums (u32) of all runs, the last of which may be short."""
        if self._terms:
            self._close()
        return self._done

    def _close(self) -> None:
        self._done.append(self._crc)
        self._terms = self._crc = 0
