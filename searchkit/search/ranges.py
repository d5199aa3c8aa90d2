"""Which documents have a number in a range?"""

from __future__ import annotations

import math
from typing import Any

from searchkit.codec.columns import BytesColumn, FlagColumn
from searchkit.errors import IndexCorruptError
from searchkit.index.segment import SegmentReader
from searchkit.kernels import bits as kernel
from searchkit.schema import Kind
from searchkit.tree import NumberRange

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


def in_range(segment: SegmentReader, node: NumberRange) -> bytearray:
    """The documents of ``segment`` whose value fits, deleted ones too: a bit for each, in words of
    8 bytes.
    """
    bits = bytearray(-(-segment.docs // 64) * 8)
    column: Any = segment.column(node.column)
    if isinstance(column, BytesColumn):
        return bits
    if isinstance(column, FlagColumn):
        for doc, value in enumerate(column.values()):
            if value is not None and _fits(int(value), node):
                bits[doc >> 3] |= 1 << (doc & 7)
        return bits
    values = column.data
    bounds: tuple[float, float] | None
    if node.low is None and node.high is None:
        # Whatever the values are, what is no number (NaN) too.
        mark, bounds = kernel.mark_integers, (_LEAST, _MOST)
        values = values.cast("B").cast("q")
    elif column.kind is Kind.INT:
        mark, bounds = kernel.mark_integers, _integers(node)
    else:
        mark, bounds = kernel.mark_reals, _reals(node)
    if bounds is not None and not mark(values, column.present or b"", *bounds, bits):
        raise IndexCorruptError(segment.path, f"the column {node.column} is too short")
    return bits


def _fits(value: float, node: NumberRange) -> bool:
    low, high = node.low, node.high
    return (low is None or value > low or (node.includes_low and value == low)) and (
        high is None or value < high or (node.includes_high and value == high)
    )


def _integers(node: NumberRange) -> tuple[int, int] | None:
    """The least and the greatest integer of 64 bits that fit, or None."""
    low, high = _LEAST, _MOST
    for bound in (node.low, node.high):
        if bound is not None and bound != bound:
            return None
    if node.low is not None:
        if node.low > _MOST:
            return None
        if node.low >= _LEAST:
            low = math.ceil(node.low)
            low += not node.includes_low and low == node.low
    if node.high is not None:
        if node.high < _LEAST:
            return None
        if node.high <= _MOST:
            high = math.floor(node.high)
            high -= not node.includes_high and high == node.high
    # What has no number beyond it is left with nothing.
    return (low, high) if _LEAST <= low <= high <= _MOST else None


def _reals(node: NumberRange) -> tuple[float, float]:
    """The least and the greatest float that fit."""
    low, high = -math.inf, math.inf
    if node.low is not None:
        low = _as_float(node.low)
        if low < node.low or (low == node.low and not node.includes_low):
            low = math.nextafter(low, math.inf) if low != math.inf else math.nan
    if node.high is not None:
        high = _as_float(node.high)
        if high > node.high or (high == node.high and not node.includes_high):
            high = math.nextafter(high, -math.inf) if high != -math.inf else math.nan
    return low, high


def _as_float(bound: float) -> float:
    """The float nearest to an integer that may be none."""
    try:
        return float(bound)
    except OverflowError:
        return math.inf if bound > 0 else -math.inf
