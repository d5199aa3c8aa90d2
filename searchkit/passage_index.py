"""How do documents and their passages lie in an index?

Each passage is a document of the index, with its file's key; its fields are texts, all else is
stored. What tells whether a file has changed stands in columns of a document's first passage, so
that a sync reads nothing else. The extracted text is stored passage by passage, with what lies
between them, so that it can be given back whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from searchkit.document import Document, Passage
from searchkit.errors import IndexCorruptError, UsageError
from searchkit.index import Snapshot
from searchkit.index.damage import reading
from searchkit.index.manifest import NAME, is_ours
from searchkit.record import Record
from searchkit.schema import HEADINGS, TEXT, TITLE, Field, Kind, Schema
from searchkit.storage.disk import DiskDirectory

if TYPE_CHECKING:
    from searchkit.index.segment import SegmentReader
    from searchkit.index.writer import Writer

ANALYZER = "english"

SCHEMA = Schema(
    fields={name: Field(analyzer=ANALYZER) for name in (TEXT, TITLE, HEADINGS)},
    columns={
        "size_bytes": Kind.INT,
        "modified_ns": Kind.INT,
        "indexed_ns": Kind.INT,
        "digest": Kind.BYTES,
        "passages": Kind.INT,
        "file": Kind.INT,
    },
    extra={"owner": "searchkit"},
)

_NOT_SEGMENTS = (NAME, ".gitignore", "write.lock")


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


def passage_writer(folder: Path) -> Writer:
    """The writer of the index in ``folder``, which it makes if there is none.

    Raises ``UsageError`` if ``folder`` holds something else, and ``StorageError``s.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name another place for the index")
    directory = DiskDirectory.make(folder)
    strangers = [
        file.name
        for file in folder.iterdir()
        if file.name not in _NOT_SEGMENTS and not is_ours(file.name)
    ]
    if strangers and NAME not in directory.names():
        raise UsageError(
            f"{folder} is no index and holds other files, such as {min(strangers)}; "
            "name another place for the index"
        )
    # Late: whoever only searches does not wait for what writes.
    from searchkit.index.writer import Writer

    writer = Writer(directory, SCHEMA)
    # An index is derived from the documents beside it: version control should not see it.
    # The folder may come from anyone: a link in that place must not have us write into the file
    # that it points to.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with suppress(FileExistsError):
        file = os.open(folder / ".gitignore", flags, 0o666)
        try:
            os.write(file, b"*\n")
        finally:
            os.close(file)
    return writer


def put(
    writer: Writer, document: Document, passages: Sequence[Passage], record: DocumentRecord
) -> None:
    """Index a document with its passages (one at the least), in place of the one with its key."""
    writer.delete(document.key)
    end = 0
    for passage in passages:
        stored: dict[str, object] = {
            "ordinal": passage.ordinal,
            "title": passage.title,
            "headings": passage.headings,
            "start": passage.start,
            "end": passage.end,
            "line": passage.line,
            "gap": document.text[end : passage.start],
            "text": passage.text,
            "modified": passage.modified,
            "place": passage.place,
        }
        end = passage.end
        if passage is passages[0]:
            stored["about"] = _about(document)
        if passage is passages[-1]:
            stored["tail"] = document.text[end:]
        writer.add(
            document.key,
            texts={
                TEXT: passage.text,
                TITLE: passage.title,
                HEADINGS: passage.headings,
            },
            stored=stored,
            columns=_columns(record) if passage is passages[0] else {},
        )


_ABOUT = ("title", "media_type", "authors", "published", "language", "tags", "fields")
"""What a document says of itself, stored with its first passage."""


def _about(document: Document) -> dict[str, object]:
    about = {name: getattr(document, name) for name in _ABOUT}
    return {name: value for name, value in about.items() if value or name == "title"}


_KEY_BITS, _ORIGIN_BITS = 24, 8


def _columns(record: DocumentRecord) -> dict[str, int | bytes]:
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


_RECORD = ("size_bytes", "modified_ns", "indexed_ns", "digest", "passages", "file")


def records(snapshot: Snapshot) -> Iterator[DocumentRecord]:
    """The record of each document."""
    for segment, doc in _first_passages(snapshot):
        values = [segment.column(name).value(doc) for name in _RECORD]
        yield _record(snapshot.key(segment.base + doc), values)


def record_of(snapshot: Snapshot, key: str) -> DocumentRecord | None:
    """The record of one document, or None if there is none with that key."""
    for docnum in snapshot.docnums(key):
        values = [snapshot.column_value(name, docnum) for name in _RECORD]
        if values[4] is not None:
            return _record(key, values)
    return None


def _record(key: str, values: list[Any]) -> DocumentRecord:
    size_bytes, modified_ns, indexed_ns, digest, passages, packed = values
    chars, origin, read_as = _file(packed)
    return DocumentRecord(
        key, size_bytes, modified_ns, digest, indexed_ns, passages, key[:chars], origin, read_as
    )


def file_states(snapshot: Snapshot) -> dict[str, FileState]:
    """The state of each file that documents are from, by its key; digests are not read."""
    states: dict[str, FileState] = {}
    for segment, docs in _firsts(snapshot):
        sizes, times, reads, files = (
            segment.column(name).data
            for name in ("size_bytes", "modified_ns", "indexed_ns", "file")
        )
        with reading(snapshot.path):
            for doc in docs:
                key = segment.keys.key(doc)
                packed = int(files[doc])
                chars, origin, read_as = _file(packed)
                file_key = key[:chars]
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


def passage(snapshot: Snapshot, docnum: int) -> Passage:
    """The passage with its stored fields. Raises ``IndexCorruptError`` if it lacks one."""
    stored = snapshot.stored(docnum)
    try:
        return Passage(
            key=snapshot.key(docnum),
            **{name: stored[name] for name in _STORED},  # type: ignore[arg-type]
        )
    except KeyError as error:
        raise IndexCorruptError(snapshot.path, f"a passage has no {error}") from error


_STORED = ("ordinal", "title", "headings", "start", "end", "line", "text", "modified", "place")


def text_of(snapshot: Snapshot, key: str) -> str | None:
    """The whole extracted text of a document, or None if there is none with that key."""
    docnums = snapshot.docnums(key)
    if not docnums:
        return None
    parts = []
    for docnum in docnums:
        stored = snapshot.stored(docnum)
        parts += [stored.get("gap", ""), stored.get("text", ""), stored.get("tail", "")]
    return "".join(map(str, parts))


def documents_of(
    snapshot: Snapshot, keys: Sequence[str]
) -> Iterator[tuple[Document, list[Passage], DocumentRecord]]:
    """The documents with ``keys`` as they were put, without their blocks, lines and places.

    Raises ``IndexCorruptError`` if one is not whole.
    """
    for key in keys:
        docnums = snapshot.docnums(key)
        record = record_of(snapshot, key)
        text = text_of(snapshot, key)
        passages = [passage(snapshot, docnum) for docnum in docnums]
        if record is None or text is None:
            raise IndexCorruptError(snapshot.path, f"{key} has no first passage")
        about = snapshot.stored(docnums[0]).get("about")
        if not isinstance(about, dict) or not about.keys() <= set(_ABOUT) or "title" not in about:
            raise IndexCorruptError(snapshot.path, f"{key} does not say what it is about")
        yield (
            Document(key, text=text, blocks=(), lines=(), modified=passages[0].modified, **about),
            passages,
            record,
        )
