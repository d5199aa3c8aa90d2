"""Which document may be meant by a misspelt key?"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice

MOST_COMPARED_KEYS = 10_000
"""Among so many keys a misspelt one is looked for: a second's work."""

_COMPARED_CHARS = 200
"""Of each key, only the end is compared: it takes the product of the lengths."""


def nearest(key: str, keys: Iterator[str], count: int) -> tuple[str, ...]:
    """Up to ``count`` of ``keys``: those of the same file name, then those spelt like ``key``."""
    name = key.rpartition("/")[2]
    compared = list(islice(keys, MOST_COMPARED_KEYS))
    same = [one for one in compared if one.rpartition("/")[2] == name]
    ends = {one[-_COMPARED_CHARS:]: one for one in compared}
    like = get_close_matches(key[-_COMPARED_CHARS:], ends, count)
    return tuple(dict.fromkeys([*same, *(ends[one] for one in like)]))[:count]
