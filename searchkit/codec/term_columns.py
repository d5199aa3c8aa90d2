"""What does a dictionary say of a term: of one, and of many at once?"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple


class TermEntry(NamedTuple):
    """What the dictionary knows of a term. Offsets and lengths are bytes of the two sections."""

    ordinal: int
    df: int
    cf: int
    postings_offset: int
    postings_length: int
    positions_offset: int
    positions_length: int

    @property
    def postings(self) -> tuple[int, int]:
        """Offset and length of the list of postings."""
        return self[3:5]

    @property
    def positions(self) -> tuple[int, int]:
        """Offset and length of the list of positions."""
        return self[5:7]


class TermColumns:
    """Unpacked terms, in columns of a row each.

    ``text``: the terms one after the other; ``ends`` (u32): where each ends in it; ``df``
    (u32); ``cf``, offsets and lengths (u64).
    """

    __slots__ = (
        "cf",
        "df",
        "ends",
        "positions_lengths",
        "positions_offsets",
        "postings_lengths",
        "postings_offsets",
        "text",
    )

    def __init__(self, rows: int, text_bytes: int) -> None:
        self.text = bytearray(text_bytes)
        self.ends = array("I", bytes(4 * rows))
        self.df = array("I", bytes(4 * rows))
        self.cf = array("Q", bytes(8 * rows))
        self.postings_offsets = array("Q", bytes(8 * rows))
        self.postings_lengths = array("Q", bytes(8 * rows))
        self.positions_offsets = array("Q", bytes(8 * rows))
        self.positions_lengths = array("Q", bytes(8 * rows))

    def entries(self, first: int, last: int, ordinal: int) -> Iterator[TermEntry]:
        """Of rows ``first`` to ``last`` (not included); ``ordinal`` is that of row 0."""
        rows = slice(first, last)
        return map(
            TermEntry._make,
            zip(
                range(ordinal + first, ordinal + last),
                self.df[rows],
                self.cf[rows],
                self.postings_offsets[rows],
                self.postings_lengths[rows],
                self.positions_offsets[rows],
                self.positions_lengths[rows],
                strict=True,
            ),
        )

    def entry(self, row: int, ordinal: int) -> TermEntry:
        return TermEntry(
            ordinal,
            self.df[row],
            self.cf[row],
            self.postings_offsets[row],
            self.postings_lengths[row],
            self.positions_offsets[row],
            self.positions_lengths[row],
        )
