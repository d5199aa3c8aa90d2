"""How many terms has each document in a field?

Section "lengths:F":

    total       u64                 the sum of the lengths
    documents   u32
    width       u32                 bytes a length: 1, 2 or 4, by the largest
    lengths     u8, u16 or u32 x documents

Little-endian. The lengths begin at a multiple of 8 if the section does.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Sequence
from typing import Literal

from searchkit.codec import CorruptError

_HEADER = struct.Struct("<QII")
_CODES: dict[int, Literal["B", "H", "I"]] = {1: "B", 2: "H", 4: "I"}


def encode_lengths(lengths: Iterable[int]) -> bytes:
    """The section of ``lengths``, one for each docnum. Raises ``ValueError`` outside 32 bits."""
    try:
        exact = lengths if isinstance(lengths, array) else array("I", lengths)
        largest = max(exact, default=0)
        width = 1 if largest < 2**8 else 2 if largest < 2**16 else 4
        packed = exact if exact.typecode == _CODES[width] else array(_CODES[width], exact)
    except OverflowError as error:
        raise ValueError(f"a length is not of 32 bits: {error}") from error
    return _HEADER.pack(sum(packed), len(packed), width) + packed.tobytes()


class Lengths:
    """Reads a section "lengths:F". Raises ``CorruptError`` for damaged bytes.

    ``data`` is a view of format "B", "H" or "I" (``width`` bytes) of the length of each docnum,
    ``total`` their sum as the writer found it.
    """

    def __init__(self, section: memoryview) -> None:
        if len(section) < _HEADER.size:
            raise CorruptError(f"lengths have {len(section)} bytes")
        total, documents, width = _HEADER.unpack_from(section)
        if width not in _CODES or len(section) != _HEADER.size + documents * width:
            raise CorruptError(f"{len(section)} bytes of lengths for {documents} documents")
        if total > documents * (2 ** (8 * width) - 1):
            raise CorruptError(f"{documents} lengths cannot add up to {total}")
        self.total: int = total
        self.width: int = width
        self.data: memoryview = section[_HEADER.size :].cast(_CODES[width])

    def __len__(self) -> int:
        """The number of documents."""
        return len(self.data)

    def length(self, docnum: int) -> int:
        """The number of terms of one document. Raises ``IndexError``."""
        if docnum < 0:
            raise IndexError(f"no document {docnum}")
        return self.data[docnum]


def merge_lengths(segments: Sequence[tuple[Lengths | None, Sequence[int] | None]]) -> bytes:
    """The section of the documents of several segments, one segment after the other.

    Each comes with its live docnums, ascending, or None if all live; one without the field has
    None for its lengths, and must come with docnums. Raises ``IndexError``.
    """
    merged = array("I")
    for lengths, live in segments:
        if lengths is None:
            if live is None:
                raise ValueError("a segment without lengths needs its docnums")
            merged.frombytes(bytes(merged.itemsize * len(live)))
        elif live is None:
            merged.extend(lengths.data)
        else:
            merged.extend(map(lengths.length, live))
    return encode_lengths(merged)
