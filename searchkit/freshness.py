"""Is a document still what its file says?"""

from __future__ import annotations

import os
import stat
from enum import Enum
from pathlib import Path

from searchkit.document_records import GIVEN, RACY_NS, DocumentRecord
from searchkit.file_time import modified_ns

MOST_HASHED_BYTES = 64 << 20
"""So much of their files is read, in all, to tell the states of one answer's documents: a tenth of
a second's work."""


class State(Enum):
    """What has become of a document's file since it was indexed."""

    FRESH = "fresh"
    CHANGED = "changed"
    GONE = "gone"


class Files:
    """The files of some documents, below the folder ``root`` that their keys are relative to. Each
    is looked at once, when it is first asked for.

    A file of the same size and time is fresh. One of the same size and another time may only have
    been touched, so its bytes tell; and so they do where the time tells nothing, because the file
    was written just before it was indexed. Once ``MOST_HASHED_BYTES`` have been read, the time has
    the last word.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._states: dict[tuple[str, int, int], State] = {}
        self._left_bytes = MOST_HASHED_BYTES

    def state(self, record: DocumentRecord) -> State:
        """What has become of the file of a document. Raises nothing: of a file that cannot be
        looked at (no permission), nothing else is known, so it is as it was.
        """
        if record.origin == GIVEN:
            return State.FRESH
        try:
            found = self._find(record.file_key)
        except (OSError, UnicodeError):
            return State.FRESH
        except ValueError:  # No file has such a name.
            return State.GONE
        if found is None:
            return State.GONE
        file, status = found
        known = (str(file), record.size_bytes, record.modified_ns)
        if known not in self._states:
            self._states[known] = self._compared(file, status, record)
        return self._states[known]

    def _find(self, key: str) -> tuple[Path, os.stat_result] | None:
        """The regular file ``key``, None if it is no more."""
        path = self._root / key
        try:
            status = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return (path, status) if stat.S_ISREG(status.st_mode) else None

    def _compared(self, file: Path, status: os.stat_result, record: DocumentRecord) -> State:
        if status.st_size != record.size_bytes:
            return State.CHANGED
        is_same_time = modified_ns(status) == record.modified_ns
        if is_same_time and record.indexed_ns - record.modified_ns > RACY_NS:
            return State.FRESH
        if status.st_size > self._left_bytes:
            return State.FRESH if is_same_time else State.CHANGED
        self._left_bytes -= status.st_size
        digest = _digest(file, status.st_size)
        return State.FRESH if digest in (None, record.digest) else State.CHANGED


def _digest(file: Path, size_bytes: int) -> bytes | None:
    """The digest of a file's bytes, None if it cannot be read. However it grows meanwhile, no more
    than one byte beyond ``size_bytes`` is read.
    """
    # Late: most files are told by their time.
    from hashlib import blake2b

    try:
        with file.open("rb") as opened:
            data = opened.read(size_bytes + 1)
    except OSError:
        return None
    return blake2b(data, digest_size=16).digest()
