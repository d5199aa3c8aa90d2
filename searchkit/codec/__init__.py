"""Where do the bytes lie?

One module a structure, its writer and its reader together, headed by its byte layout. All numbers
are little-endian.
"""

from __future__ import annotations


class CorruptError(ValueError):
    """The bytes cannot be what a writer has written. Says what is wrong, not in which file."""


class LimitError(Exception):
    """What is to be written is more than the format can hold. Says what, not in which file."""
