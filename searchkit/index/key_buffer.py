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
    """The keys of documents in order, which documents have each, and which of these are deleted.

    A document costs one entry in a dict and no object that the garbage collector visits: with a
    list for each, its visits took a twentieth of the time of indexing.
    """

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._docs: dict[str, int | list[int]] = {}
        self._deleted_of: dict[str, int] = {}
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
        doc = len(self._keys)
        self._keys.append(key)
        known = self._docs.setdefault(key, doc)
        if known is not doc:
            if isinstance(known, list):
                known.append(doc)
            else:
                self._docs[key] = [known, doc]

    def delete(self, key: str) -> int:
        """Delete the documents with that key; how many there were."""
        docs = self._docs.get(key)
        if docs is None:
            return 0
        docs = docs if isinstance(docs, list) else [docs]
        before = self._deleted_of.get(key, 0)
        self._deleted_of[key] = len(docs)
        self.deleted += docs[before:]
        return len(docs) - before

    def write(self, writer: KeysWriter) -> None:
        """Write the keys in the order of documents."""
        writer.extend(self._keys)

    def inverted(self) -> tuple[bytes, array[int], array[int], array[int]]:
        """The keys as terms of a field: their UTF-8 in order, where each ends in it, of each
        document the rank of its key, and how many documents have each key."""
        keys = list(self._docs)
        encoded = []
        ranks, counts = u32(len(self._keys)), u32(len(keys))
        for rank, place in enumerate(sorted_places(keys)):
            key = keys[place]
            encoded.append(key.encode("utf-8", "surrogatepass"))
            docs = self._docs[key]
            if isinstance(docs, int):
                ranks[docs] = rank
                counts[rank] = 1
            else:
                for doc in docs:
                    ranks[doc] = rank
                counts[rank] = len(docs)
        return b"".join(encoded), array("I", accumulate(map(len, encoded))), ranks, counts
