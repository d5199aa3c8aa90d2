"""What is the key of each document?

Section "keys": the keys in UTF-8, one after the other. They are not compressed: an answer names
its ten documents in a few microseconds, where decompressing one block takes fifty.

Section "keys.index", u32 if "keys" is shorter than 4 GiB, else u64:

    offsets     (documents + 1)     where each key begins in "keys"; last its length

Little-endian. A key with lone surrogates (a file's name that is no UTF-8) has their three bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import le
from typing import Literal

from searchkit.codec import CorruptError

_BUFFER_BYTES = 64 * 1024


class KeysWriter:
    """Writes keys through ``write``; holds 8 bytes a key until ``finish``."""

    def __init__(self, write: Callable[[bytes | memoryview], object]) -> None:
        self._write = write
        self._buffer = bytearray()
        self._offsets = array("Q", [0])

    def extend(self, text: bytes, ends: Sequence[int]) -> None:
        """The next documents' keys: their UTF-8, one after the other, and where each ends."""
        self._flush()
        self._write(text)
        base = self._offsets[-1]
        self._offsets.extend([base + end for end in ends])

    def copy(self, keys: Keys, live: Iterable[int] | None = None) -> None:
        """The keys of another segment: all, or those of the ascending docnums ``live``.

        Raises ``IndexError`` and ``CorruptError``.
        """
        if live is None:
            offsets = keys.checked_offsets()
            self._flush()
            self._write(keys.section)
            base = self._offsets[-1]
            self._offsets.extend([base + offset for offset in offsets[1:]])
        else:
            for docnum in live:
                self._add(keys.encoded(docnum))

    def finish(self) -> bytes:
        """Write what is left; return the section "keys.index"."""
        self._flush()
        return array(_code(self._offsets[-1]), self._offsets).tobytes()

    def _add(self, encoded: bytes | memoryview) -> None:
        self._buffer += encoded
        self._offsets.append(self._offsets[-1] + len(encoded))
        if len(self._buffer) >= _BUFFER_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._buffer:
            self._write(bytes(self._buffer))
            self._buffer.clear()


class Keys:
    """Reads the sections "keys" and "keys.index".

    Raises ``CorruptError`` for damaged bytes: here for what opening can tell in constant time,
    elsewhere for the key asked for.
    """

    def __init__(self, section: memoryview, index: memoryview) -> None:
        code = _code(len(section))
        width = array(code).itemsize
        if not index or len(index) % width:
            raise CorruptError(f"keys.index has {len(index)} bytes")
        self.section = section
        self.index, self.width = index, width
        """The offsets as they lie there, and the bytes of each: for kernels."""
        self._offsets = index.cast(code)
        self._length = len(self._offsets) - 1
        if self._offsets[0] or self._offsets[self._length] != len(section):
            raise CorruptError("keys.index does not span the section")

    def __len__(self) -> int:
        """The number of documents."""
        return self._length

    def __iter__(self) -> Iterator[str]:
        """All keys in order of docnums."""
        return map(self.key, range(self._length))

    def key(self, docnum: int) -> str:
        """The key of one document. Raises ``IndexError`` and ``CorruptError``."""
        try:
            return str(self.encoded(docnum), "utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise CorruptError(f"the key of document {docnum} is no UTF-8: {error}") from error

    def encoded(self, docnum: int) -> memoryview:
        """The key of one document in UTF-8. Raises ``IndexError`` and ``CorruptError``."""
        if not 0 <= docnum < self._length:
            raise IndexError(f"no document {docnum} among {self._length}")
        start, end = self._offsets[docnum], self._offsets[docnum + 1]
        if not start <= end <= len(self.section):
            raise CorruptError(f"the key of document {docnum} lies at {start} to {end}")
        return self.section[start:end]

    def checked_offsets(self) -> memoryview:
        """Where each key begins, and where the last one ends; known to be in order, and so to lie
        in the section. Raises ``CorruptError``."""
        if not all(map(le, self._offsets, self._offsets[1:])):
            raise CorruptError("keys.index is not in order")
        return self._offsets


def _code(section_bytes: int) -> Literal["I", "Q"]:
    return "I" if section_bytes < 2**32 else "Q"
