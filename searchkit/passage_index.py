"""How do documents and their passages lie in an index?

Each passage is a document of the index, with its file's key; its fields are texts, all else is
stored. What tells whether a file has changed stands in columns of a document's first passage, so
that a sync reads nothing else. The extracted text is stored passage by passage, with what lies
between them, so that it can be given back whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from searchkit.document import Document, Passage
from searchkit.errors import IndexCorruptError, UsageError
from searchkit.index import Snapshot
from searchkit.index.manifest import NAME, is_ours
from searchkit.record import Record
from searchkit.schema import HEADINGS, TEXT, TITLE, Field, Kind, Schema
from searchkit.storage.disk import DiskDirectory

if TYPE_CHECKING:
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
    },
    extra={"owner": "searchkit"},
)

RACY_NS = 2_000_000_000
"""A file written within this time (nanoseconds) before it was read may change once more without
its time changing: file systems count in steps of up to two seconds. Then only its bytes tell."""

_NOT_SEGMENTS = (NAME, ".gitignore", "write.lock")


class DocumentRecord(Record):
    """How to tell whether a document's file has changed.

    ``size_bytes``, ``modified_ns`` (nanoseconds since the epoch) and ``digest`` (of the file's
    bytes) are those of the file as it was read, at ``indexed_ns``. ``passages`` counts them.
    """

    key: str
    size_bytes: int
    modified_ns: int
    digest: bytes
    indexed_ns: int
    passages: int


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
    # Late: whoever only searches does not wait for what writes.
    from searchkit.index.writer import Writer

    return Writer(directory, SCHEMA)


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
        if passage is passages[0]:
            stored["has_all_lines"] = document.has_all_lines
        end = passage.end
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


def _columns(record: DocumentRecord) -> dict[str, int | bytes]:
    return {
        "size_bytes": record.size_bytes,
        "modified_ns": record.modified_ns,
        "indexed_ns": record.indexed_ns,
        "digest": record.digest,
        "passages": record.passages,
    }


def records(snapshot: Snapshot) -> Iterator[DocumentRecord]:
    """The record of each document."""
    for docnum in snapshot.live():
        passages = snapshot.column_value("passages", docnum)
        if passages is None:
            continue
        value: Any = {name: snapshot.column_value(name, docnum) for name in SCHEMA.columns}
        yield DocumentRecord(key=snapshot.key(docnum), **value)


def keys(snapshot: Snapshot) -> Iterator[str]:
    """The key of each document."""
    for docnum in snapshot.live():
        if snapshot.column_value("passages", docnum) is not None:
            yield snapshot.key(docnum)


def record_of(snapshot: Snapshot, key: str) -> DocumentRecord | None:
    """The record of a document, or None if there is none with that key, or it has no record."""
    docnums = snapshot.docnums(key)
    value: Any = {}
    for name in SCHEMA.columns if docnums else ():
        value[name] = snapshot.column_value(name, docnums[0])
        if value[name] is None:
            return None
    return DocumentRecord(key=key, **value) if value else None


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
