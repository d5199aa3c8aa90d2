"""What does one sync tell the next?

What was skipped and why, so that it can be told, and need not be tried again before it changes; and
which sources were configured, so that the documents of one that is not any more can leave. It is
attached to the index as JSON:

    {"version": searchkit's, "limits": [...], "sources": [key, ...], "skipped": [
        [key, code points of it that are the file's key, reason, size, modified_ns, indexed_ns,
         how it was read], ...]}
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from searchkit.errors import IndexCorruptError
from searchkit.index import Snapshot
from searchkit.record import Record
from searchkit.storage import strict_json

MOST_BYTES = 64 << 20
_MOST_SKIPPED, _MOST_SKIPPED_BYTES = 200_000, 48 << 20
"""Room is left for the sources, which lie in a configuration of a megabyte at the most."""
_CHAR_BYTES, _ENTRY_BYTES = 6, 120
"""What a code unit and the rest of an entry take in JSON at the most."""


class Skipped(Record):
    """What could not be read: a file, or what lies in it, in which case ``file_key`` is shorter.

    ``size_bytes``, ``modified_ns`` and ``indexed_ns`` are as in ``DocumentRecord``; -1 where a file
    is to be tried again in any case. Without a ``reason`` it was only left out, being no text.
    """

    key: str
    file_key: str
    reason: str
    size_bytes: int = -1
    modified_ns: int = -1
    indexed_ns: int = -1
    read_as: int = 0


class SyncNotes(Record):
    """What is attached. ``limits`` are those under which files were skipped."""

    version: str = ""
    limits: tuple[float, ...] = ()
    sources: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def encode(self) -> bytes:
        """The bytes to attach."""
        return strict_json.dumps(
            {
                "version": self.version,
                "limits": list(self.limits),
                "sources": list(self.sources),
                "skipped": [_entry(one) for one in fitting(self.skipped)],
            }
        )


def fitting(skipped: Sequence[Skipped]) -> tuple[Skipped, ...]:
    """The first of ``skipped``, as many as notes hold: the files of the others are only read once
    more each time.
    """
    some = tuple(skipped[:_MOST_SKIPPED])
    units = sum(2 * (len(one.key) + len(one.reason)) for one in some)
    if units * _CHAR_BYTES + len(some) * _ENTRY_BYTES <= _MOST_SKIPPED_BYTES:
        return some
    left = _MOST_SKIPPED_BYTES
    for count, one in enumerate(some):
        left -= len(strict_json.dumps(_entry(one))) + 1
        if left < 0:
            return some[:count]
    return some


def _entry(one: Skipped) -> list[object]:
    numbers = (one.size_bytes, one.modified_ns, one.indexed_ns, one.read_as)
    return [one.key, len(one.file_key), one.reason, *numbers]


def read_notes(snapshot: Snapshot) -> SyncNotes:
    """What is attached to the index, nothing if there is nothing.

    Raises ``IndexCorruptError`` for what no sync attaches.
    """
    data = snapshot.attachment
    if not data:
        return SyncNotes()
    try:
        if len(data) > MOST_BYTES:
            raise ValueError("they are too long")
        return _parse(strict_json.loads(data))
    except ValueError as error:
        raise IndexCorruptError(snapshot.path, f"its notes cannot be right: {error}") from None


def _parse(value: object) -> SyncNotes:
    match value:
        case {
            "version": str(version),
            "limits": list(limits),
            "sources": list(sources),
            "skipped": list(skipped),
        } if _are(limits, int, float) and _are(sources, str):
            return SyncNotes(version, tuple(limits), tuple(sources), tuple(map(_skipped, skipped)))
    raise ValueError("they have other parts")


def _skipped(value: Any) -> Skipped:
    match value:
        case [str(key), int(chars), str(reason), *numbers] if (
            len(numbers) == 4 and _are([chars, *numbers], int) and 0 <= chars <= len(key)
        ):
            return Skipped(key, key[:chars], reason, *numbers)
    raise ValueError(f"{str(value)[:80]} in the place of what was skipped")


def _are(values: Iterable[object], *kinds: type) -> bool:
    return all(type(value) in kinds for value in values)
