"""Which keys have the documents that are not yet in a segment?"""

from __future__ import annotations

from array import array

from searchkit.analysis.order import utf8
from searchkit.codec.terms import LONGEST_BYTES

_KEY_BYTES = 250
"""About: a str without its characters, an entry of a dict with its share of free ones, an int, a
list; without the dict it is less."""


def check_key(key: str) -> None:
    """Raises ``TypeError`` or ``ValueError`` for what cannot be a key."""
    if not isinstance(key, str):
        raise TypeError(f"a key is a str, not {key!r}")
    if len(key) > LONGEST_BYTES // 4:
        length = len(key.encode("utf-8", "surrogatepass"))
        if length > LONGEST_BYTES:
            raise ValueError(f"a key of {length:,} bytes")


class KeyBuffer:
    """The keys of documents in order, and which of the documents are deleted."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._characters = 0
        self._live: dict[str, list[int]] | None = None
        """By key, the documents that are not deleted; made when the first deletion asks for it."""
        self.deleted: list[int] = []

    def __len__(self) -> int:
        """The number of documents."""
        return len(self._keys)

    @property
    def size_bytes(self) -> int:
        """About how much memory this holds."""
        return _KEY_BYTES * len(self._keys) + self._characters

    def add(self, key: str) -> None:
        """Take the key, which has been checked, of the next document."""
        if self._live is not None:
            self._live.setdefault(key, []).append(len(self._keys))
        self._keys.append(key)
        self._characters += len(key)

    def delete(self, key: str) -> int:
        """Delete the documents with that key; how many there were."""
        if self._live is None:
            live: dict[str, list[int]] = {}
            for doc, one in enumerate(self._keys):
                live.setdefault(one, []).append(doc)
            self._live = live
        docs = self._live.pop(key, [])
        self.deleted += docs
        return len(docs)

    def taken(self) -> tuple[bytes, array[int]]:
        """The keys in the order of documents, in UTF-8, and where each ends, ``array("I")``; they
        are not kept. No document is added or deleted any more."""
        encoded = utf8(self._keys)
        self._keys, self._live = [], None
        return encoded
