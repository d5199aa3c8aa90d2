"""What is an index, as its owner sees it?"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from searchkit.document_records import count_documents
from searchkit.index import Snapshot
from searchkit.kernels import compiled
from searchkit.storage.disk import DiskDirectory
from searchkit.sync_notes import read_notes


@dataclass(frozen=True, slots=True)
class Status:
    """What an index is, as its collection sees it.

    ``documents`` and ``passages`` are those that can be found; ``deleted_passages`` still take
    their bytes, until a merge. ``size_bytes`` is what all files in the index's folder take.
    ``format`` is that of the files' layout, ``generation`` the number of commits so far.
    ``kernels_compiled`` is about this searchkit: without, everything works, much slower.
    ``skipped`` are pairs (path, reason) of the files that cannot be read, and of what cannot be in
    them, as the last sync of each found them. ``dictionary`` is the one whose words the index has,
    with its version ("icu-78"), or "".
    """

    index: Path
    documents: int
    passages: int
    deleted_passages: int
    segments: int
    size_bytes: int
    format: int
    generation: int
    kernels_compiled: bool
    skipped: tuple[tuple[str, str], ...] = ()
    dictionary: str = ""


def status_of(snapshot: Snapshot, index: Path) -> Status:
    """The status of the index in the folder ``index``, of which ``snapshot`` is."""
    return Status(
        index=index,
        documents=_count_documents(snapshot),
        passages=snapshot.live_docs,
        deleted_passages=snapshot.docs - snapshot.live_docs,
        segments=len(snapshot.segments),
        size_bytes=_size_bytes(DiskDirectory(index)),
        format=snapshot.manifest.format,
        generation=snapshot.generation,
        kernels_compiled=compiled(),
        skipped=tuple(
            (os.path.join(index.parent, one.key), one.reason)
            for one in read_notes(snapshot).skipped
            if one.reason
        ),
        dictionary=snapshot.schema.dictionary,
    )


def _count_documents(snapshot: Snapshot) -> int:
    """In an index that another program made, each entry is a document."""
    if "passages" not in snapshot.schema.columns:
        return snapshot.live_docs
    return count_documents(snapshot)


def _size_bytes(directory: DiskDirectory) -> int:
    total = 0
    with suppress(OSError):
        for name in directory.names():
            with suppress(OSError):  # It has just been removed.
                total += directory.length(name)
    return total
