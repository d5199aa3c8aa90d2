"""What tells whether a document's file has changed?

It stands in columns of a document's first passage, so that a sync reads nothing else, and all of it
at once. Of documents that lie in one file each has the state of that file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from searchkit.index import Snapshot
from searchkit.index.damage import reading
from searchkit.metadata.fields import DATE
from searchkit.record import Record
from searchkit.schema import KEY, Kind

if TYPE_CHECKING:
    from searchkit.index.segment import SegmentReader

RECORD_COLUMNS = {
    "size_bytes": Kind.INT,
    "modified_ns": Kind.INT,
    "indexed_ns": Kind.INT,
    "digest": Kind.BYTES,
    "passages": Kind.INT,
    "file": Kind.INT,
}

UNREAD: dict[str, int | bytes] = {"modified_ns": -1, "digest": b""}
"""What a record says that no file is equal to."""

RACY_NS = 2_000_000_000
"""A file written within this time (nanoseconds) before it was read may change once more without
its time changing: file systems count in steps of up to two seconds. Then only its bytes tell."""

GIVEN = 2
"""The origin of a document that is no file, but was given as bytes: standard input."""


class DocumentRecord(Record):
    """How to tell whether a document's file has changed.

    ``size_bytes``, ``modified_ns`` (nanoseconds since the epoch) and ``digest`` (of the file's
    bytes) are those of the file as it was read, at ``indexed_ns``. ``passages`` counts those of
    the document. ``file_key`` is the key of the file that it lies in, its own for most; ``origin``
    is where that comes from (``walk.py``), ``read_as`` a number below 2 ** 31 that says with which
    options it was read.
    """

    key: str
    size_bytes: int
    modified_ns: int
    digest: bytes
    indexed_ns: int
    passages: int
    file_key: str
    origin: int = 0
    read_as: int = 0


class FileState(NamedTuple):
    """What the documents of one file have in common: their ``DocumentRecord``, but for its digest,
    which stands at ``docnum``. ``keys`` are those of its documents.
    """

    size_bytes: int
    modified_ns: int
    indexed_ns: int
    origin: int
    read_as: int
    docnum: int
    keys: list[str]


_KEY_BITS, _ORIGIN_BITS = 24, 8


def columns_of(record: DocumentRecord) -> dict[str, int | bytes]:
    """The columns of the first passage of the document."""
    chars = len(record.file_key)
    return {
        "size_bytes": record.size_bytes,
        "modified_ns": record.modified_ns,
        "indexed_ns": record.indexed_ns,
        "digest": record.digest,
        "passages": record.passages,
        # One column for all of it: each takes 8 bytes a passage.
        "file": chars | (record.origin | record.read_as << _ORIGIN_BITS) << _KEY_BITS,
    }


def _file(packed: int) -> tuple[int, int, int]:
    """How many code points of the key are the file's, the origin, and the options."""
    rest = packed >> _KEY_BITS
    origin = rest & (1 << _ORIGIN_BITS) - 1
    return packed & (1 << _KEY_BITS) - 1, origin, rest >> _ORIGIN_BITS


def records(snapshot: Snapshot) -> Iterator[DocumentRecord]:
    """The record of each document."""
    for segment, doc in _first_passages(snapshot):
        with reading(snapshot.path):
            values = [segment.column(name).value(doc) for name in RECORD_COLUMNS]
        yield _record(snapshot.key(segment.base + doc), values)


def record_of(snapshot: Snapshot, key: str) -> DocumentRecord | None:
    """The record of one document, or None if there is none with that key."""
    for docnum in snapshot.docnums(key):
        values = [
            snapshot.column_value(name, docnum) if name in snapshot.schema.columns else None
            for name in RECORD_COLUMNS
        ]
        if None not in values[:-1]:
            return _record(key, values)
    return None


def _record(key: str, values: list[Any]) -> DocumentRecord:
    size_bytes, modified_ns, indexed_ns, digest, passages, packed = values
    chars, origin, read_as = _file(packed or 0)
    return DocumentRecord(
        key,
        size_bytes,
        modified_ns,
        digest,
        indexed_ns,
        passages,
        key[:chars] or key,
        origin,
        read_as,
    )


def file_states(snapshot: Snapshot, only: Iterable[str] | None = None) -> dict[str, FileState]:
    """The state of each file that documents are from, by its key; digests are not read. With
    ``only``, keys of files and folders, of those and what lies below them: that looks at no other
    document, but takes longer for each.
    """
    states: dict[str, FileState] = {}
    for segment, docs in _firsts(snapshot) if only is None else _firsts_of(snapshot, only):
        sizes, times, reads, files = (
            segment.column(name).data
            for name in ("size_bytes", "modified_ns", "indexed_ns", "file")
        )
        with reading(snapshot.path):
            for doc in docs:
                key = segment.keys.key(doc)
                packed = int(files[doc])
                chars, origin, read_as = _file(packed)
                file_key = key[:chars] or key
                state = states.get(file_key)
                if state is None:
                    states[file_key] = FileState(
                        int(sizes[doc]),
                        int(times[doc]),
                        int(reads[doc]),
                        origin,
                        read_as,
                        segment.base + doc,
                        [key],
                    )
                else:
                    state.keys.append(key)
    return states


def _first_passages(snapshot: Snapshot) -> Iterator[tuple[SegmentReader, int]]:
    for segment, docs in _firsts(snapshot):
        for doc in docs:
            yield segment, doc


def _firsts(snapshot: Snapshot) -> Iterator[tuple[SegmentReader, Iterable[int]]]:
    """For each segment the live documents of it that are the first passage of one of ours."""
    for segment in snapshot.segments:
        present = segment.column("passages").present
        docs: Iterable[int] = range(segment.docs)
        if present is not None:
            docs = [
                at << 3 | bit
                for at, byte in enumerate(present)
                if byte
                for bit in range(8)
                if byte >> bit & 1 and at << 3 | bit < segment.docs
            ]
        if segment.deleted_bits:
            docs = [doc for doc in docs if segment.is_live(doc)]
        yield segment, docs


def _firsts_of(
    snapshot: Snapshot, wanted: Iterable[str]
) -> Iterator[tuple[SegmentReader, Iterable[int]]]:
    """The same, of the documents whose key is one of ``wanted``, or lies below one."""
    field = snapshot.field(KEY)
    found: dict[bytes, None] = {}
    for key in wanted:
        encoded = key.encode("utf-8", "surrogatepass")
        found[encoded] = None
        found.update(dict.fromkeys(one for one, _ in field.prefix(encoded + b"/")))
    docnums = sorted(docnum for one in found for docnum in field.postings(one)[0])
    for segment in snapshot.segments:
        low, high = (
            bisect_left(docnums, segment.base),
            bisect_left(docnums, segment.base + segment.docs),
        )
        column = segment.column("passages")
        docs = [docnum - segment.base for docnum in docnums[low:high]]
        yield segment, [doc for doc in docs if column.value(doc) is not None]


def count_documents(snapshot: Snapshot) -> int:
    """How many documents there are: only the first passage of each says how many it has."""
    count = 0
    for segment in snapshot.segments:
        column = segment.column("passages")
        count += segment.docs - column.missing
        if segment.deleted_bits:
            count -= sum(column.value(doc) is not None for doc in segment.deletions)
    return count


def keys(snapshot: Snapshot) -> Iterator[str]:
    """The key of each document."""
    for docnum in snapshot.live():
        if snapshot.column_value("passages", docnum) is not None:
            yield snapshot.key(docnum)


def lacks_metadata(snapshot: Snapshot) -> bool:
    """Whether an index was made before there were fields of metadata. Then its records say nothing
    of their files, so that each is read once more.
    """
    return DATE not in snapshot.schema.columns
