"""Which keys have the documents that are not yet in a segment?"""

from __future__ import annotations

from array import array
from itertools import accumulate

from searchkit.analysis.order import sorted_places
from searchkit.codec.keys import KeysWriter
from searchkit.codec.postings import u32
from searchkit.codec.terms import LONGEST_BYTES

_KEY_BYTES = 250
"""About: a str, an entry of a dict with its share of free ones, an int, a place in a list."""


class KeyBuffer:
    """The keys of documents in order, and which of the documents are deleted."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._live: dict[str, list[int]] | None = None
        """By key, the documents that are not deleted; made when the first deletion asks for it."""
        self.deleted: list[int] = []

    def __len__(self) -> int:
        """The number of documents."""
        return len(self._keys)

    @property
    def size_bytes(self) -> int:
        """About how much memory this holds."""
        return _KEY_BYTES * len(self._keys)

    def check(self, key: str) -> None:
        """Raises ``TypeError`` or ``ValueError`` for what cannot be a key."""
        if not isinstance(key, str):
            raise TypeError(f"a key is a str, not {key!r}")
        if 3 * len(key) > LONGEST_BYTES:
            length = len(key.encode("utf-8", "surrogatepass"))
            if length > LONGEST_BYTES:
                raise ValueError(f"a key of {length:,} bytes")

    def add(self, key: str) -> None:
        """Take the key, which has been checked, of the next document."""
        if self._live is not None:
            self._live.setdefault(key, []).append(len(self._keys))
        self._keys.append(key)

    def delete(self, key: str) -> int:
        """Delete the documents with that key; how many there were."""
        if self._live is None:
            self._live = {}
            for doc, one in enumerate(self._keys):
                self._live.setdefault(one, []).append(doc)
        docs = self._live.pop(key, [])
        self.deleted += docs
        return len(docs)

    def write(self, writer: KeysWriter) -> None:
        """Write the keys in the order of documents."""
        writer.extend(self._keys)

    def inverted(self) -> tuple[bytes, array[int], array[int], array[int]]:
        """The keys as terms of a field: their UTF-8 in order, where each ends in it, of each
        document the rank of its key, and how many documents have each key."""
        encoded: list[bytes] = []
        ranks, counts = u32(len(self._keys)), array("I")
        before = None
        for doc in sorted_places(self._keys):
            key = self._keys[doc]
            if key != before:
                before = key
                encoded.append(key.encode("utf-8", "surrogatepass"))
                counts.append(0)
            ranks[doc] = len(counts) - 1
            counts[-1] += 1
        return b"".join(encoded), array("I", accumulate(map(len, encoded))), ranks, counts
