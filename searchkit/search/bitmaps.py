"""Which documents of a segment does a bitmap have?

Bitmaps are integers, bit d for document d of the segment: Python combines them a word at a time.
"""

from __future__ import annotations

from array import array

from searchkit.index.segment import SegmentReader
from searchkit.kernels import bits as kernel


def size_bytes(segment: SegmentReader) -> int:
    """What a bitmap of the segment takes, in words of 8 bytes."""
    return -(-segment.docs // 64) * 8


def marked(bits: int, segment: SegmentReader, limit: int | None = None) -> array[int]:
    """The docnums of the documents in ``bits``, in order: all, or the first ``limit``."""
    count = bits.bit_count()
    found = array("I", bytes(4 * (count if limit is None else min(count, limit))))
    kernel.marked(bits.to_bytes(size_bytes(segment), "little"), segment.base, found)
    return found
