"""What has changed since, and how does the index follow?"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from searchkit.document import Document, Passage
from searchkit.errors import UnreadableDocumentError, UsageError
from searchkit.index import Writer
from searchkit.metadata import checked
from searchkit.passage_index import (
    RACY_NS,
    DocumentRecord,
    bring_up_to_date,
    passage_writer,
    put,
    records,
)
from searchkit.passages import cut
from searchkit.readers import read_document
from searchkit.report import SyncReport
from searchkit.walk import Walk, is_below, walk


def sync(
    index: Path, paths: Sequence[Path], *, fields: Mapping[str, str] | None = None
) -> SyncReport:
    """Bring the index in the folder ``index`` in step with ``paths``; keys are relative to the
    folder that holds ``index``. All or nothing. ``fields`` of metadata are those that the index
    shall have, by name, each with its kind; None leaves those that it has.

    Raises ``UsageError`` for wrong ``fields`` and if one of ``paths`` does not exist, before
    anything is changed, and ``StorageError``s.
    """
    began = time.monotonic()
    try:
        fields = None if fields is None else checked(fields)
    except ValueError as error:
        raise UsageError(str(error)) from None
    root = index.parent
    found = walk(paths, root, index)
    report = SyncReport(failures=list(found.failures), passed_over=dict(found.passed_over))
    with passage_writer(index, fields) as writer:
        if done := bring_up_to_date(writer, fields):
            report.notes.append(done)
        # Read once the writer is open, when nobody else can change the index any more.
        indexed = () if writer.snapshot is None else records(writer.snapshot)
        known = {record.key: record for record in indexed}
        for key, record in known.items():
            if key not in found.files and _concerns(found, key):
                if not _is_gone(root / key):
                    found.files[key] = root / key
                else:
                    writer.delete(key)
                    report.removed += 1
                    report.documents -= 1
                    report.passages -= record.passages
        for key, file in found.files.items():
            _follow(writer, key, file, known.get(key), report)
    report.documents += len(known)
    report.passages += sum(record.passages for record in known.values())
    report.seconds = time.monotonic() - began
    return report


def _is_gone(file: Path) -> bool:
    """Whether the file that a document was read from is no more: a folder or a link that now stands
    in its place is another thing, and may lead out of where the walk may go.
    """
    try:
        status = os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, UnicodeError):
        # Names that the locale cannot write are not gone for that.
        return False
    return not stat.S_ISREG(status.st_mode) or os.path.realpath(file) != str(file)


def _concerns(found: Walk, key: str) -> bool:
    """Whether the walk would have met the document ``key``, were its file there."""
    return any(is_below(key, folder) for folder in found.asked) and not any(
        is_below(key, folder) for folder in found.unseen
    )


def _follow(
    writer: Writer, key: str, file: Path, record: DocumentRecord | None, report: SyncReport
) -> None:
    """Index ``file`` under ``key``, unless ``record`` shows that it has not changed."""
    try:
        source = _read(file, record)
        if source is None:
            report.unchanged += 1
            return
        document = read_document(source.data, key, source.status.st_mtime_ns / 1e9)
        # A document without text is known by its title at least.
        passages = cut(document) or [_without_text(document)]
    except UnreadableDocumentError as error:
        report.failures.append((str(file), error.reason))
        return
    except OSError as error:
        report.failures.append((str(file), error.strerror or str(error)))
        return
    except Exception as error:  # A fault in a reader must not cost the other documents.
        reason = f"its reader failed ({type(error).__name__}: {error}); please report this"
        report.failures.append((str(file), reason))
        return
    put(
        writer,
        document,
        passages,
        DocumentRecord(
            key=key,
            size_bytes=source.status.st_size,
            modified_ns=source.status.st_mtime_ns,
            digest=source.digest,
            indexed_ns=source.read_ns,
            passages=len(passages),
        ),
    )
    report.passages += len(passages)
    if record is None:
        report.added += 1
        report.documents += 1
        return
    report.passages -= record.passages
    if record.digest == source.digest:
        # Written anew for its new time only.
        report.unchanged += 1
    else:
        report.changed += 1


def _without_text(document: Document) -> Passage:
    return Passage(document.key, 0, document.title, (), 0, 0, 1, "", document.modified)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file's bytes, and its state when they were read."""

    data: bytes
    digest: bytes
    status: os.stat_result
    read_ns: int


def _read(file: Path, record: DocumentRecord | None) -> _Source | None:
    """The file, or None if it is as ``record`` says.

    A file that was young when it was read, and is not any more, is read once more even if it is the
    same, so that from then on its time will do. Raises ``OSError`` and ``UnreadableDocumentError``.
    """
    read_ns = time.time_ns()
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        # Opening a pipe would wait for its other end.
        raise UnreadableDocumentError(str(file), "it is not a regular file")
    same_status = record is not None and (record.size_bytes, record.modified_ns) == (
        status.st_size,
        status.st_mtime_ns,
    )
    if record is not None and same_status and record.indexed_ns - record.modified_ns > RACY_NS:
        return None
    data = file.read_bytes()
    digest = hashlib.blake2b(data, digest_size=16).digest()
    is_young = read_ns - status.st_mtime_ns <= RACY_NS
    if record is not None and same_status and record.digest == digest and is_young:
        return None
    return _Source(data, digest, status, read_ns)
