"""What becomes of one file that is read?

It is told in messages, plain tuples that ``marshal`` can write: unlike pickles they never run
anything when they are read, which matters because a worker reads what anyone may have made. Each
begins with what it is and the number of its task:

    FILE    bytes, modification time (ns), when it was read (ns), digest     it was read
    SAME    the same                              its digest is one of those that are known
    DOCUMENT  key, title, text, modified, media type, authors, published, language, tags, fields,
            whether it has all lines, the language to analyse it by, and its passages: ordinal,
            title, headings, start, end, line, place
    NAMES   the names of the fields of its rows, where it has rows and the options name fields
    END     failures inside of it (key, reason); why it cannot be read, or ""; whether that may
            be mended without a change of the file
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from searchkit.analysis.detect import language_of
from searchkit.document import Document, Passage
from searchkit.file_time import modified_ns
from searchkit.passages import cut
from searchkit.readers import Options, Source, read
from searchkit.readers.contract import UnreadableError
from searchkit.reading.limits import Limits

FILE, SAME, DOCUMENT, NAMES, END = range(5)

NOTHING_IN_IT = "there is no document in it"
"""Why a file that was read whole gives nothing."""

Message = tuple[Any, ...]

_LIGHT = (".txt", ".text", ".md", ".markdown")
_LIGHT_BYTES = 64 << 10

# A pipe in the place of a file must not be waited for.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


class Task(NamedTuple):
    """A file to read.

    ``known`` are digests: a file that has one of them is not read any further. ``is_link`` says
    that ``path`` is a link, which is followed only then; ``as_text`` that it is read as plain text
    whatever its name; ``data``, if not None, is read in place of the file.
    """

    key: str
    path: str
    size_bytes: int
    modified_ns: int
    known: tuple[bytes, ...] = ()
    is_link: bool = False
    as_text: bool = False
    data: bytes | None = None


def is_light(task: Task) -> bool:
    """Whether reading it takes next to nothing: a short file of a format that has no library."""
    return task.size_bytes <= _LIGHT_BYTES and (task.as_text or task.key.endswith(_LIGHT))


def read_file(number: int, task: Task, options: Options, limits: Limits) -> Iterator[Message]:
    """The messages about the file of ``task``, whose number is ``number``; the last is ``END``.
    Never raises for what the file is.
    """
    failures: list[tuple[str, str]] = []
    reason, may_mend = "", False
    try:
        data, size, modified_ns, read_ns = _bytes_of(task, limits)
        digest = hashlib.blake2b(data, digest_size=16).digest()
        is_known = digest in task.known
        yield (SAME if is_known else FILE, number, size, modified_ns, read_ns, digest)
        if not is_known:
            source = Source(data, task.key, modified_ns / 1e9, options, failures)
            del data
            seen: set[str] = set()
            for document in _documents(source, task):
                if document.key in seen:
                    failures.append((document.key, "its name comes twice in one file"))
                    continue
                seen.add(document.key)
                yield _document_message(number, document)
            if source.row_names:
                yield (NAMES, number, sorted(source.row_names))
            if not seen and not failures:
                reason = NOTHING_IN_IT
    except UnreadableError as error:
        reason = str(error)
    except MemoryError:
        reason = f"takes more than {limits.memory_bytes >> 20:,} MB of memory"
    except OSError as error:
        reason, may_mend = error.strerror or str(error), True
    except Exception as error:  # A fault in a reader must not cost the other files.
        said = " ".join(str(error).split())[:200]
        reason = f"its reader failed ({type(error).__name__}: {said}); please report this"
    yield (END, number, failures, reason, may_mend)


def _documents(source: Source, task: Task) -> Iterator[Document]:
    if task.as_text:
        from searchkit.readers.plaintext import read_plaintext

        return read_plaintext(source)
    return read(source)


def _bytes_of(task: Task, limits: Limits) -> tuple[bytes, int, int, int]:
    """The file's bytes, and its size and time before they were read: if it changes meanwhile, the
    next look at it will tell.
    """
    read_ns = time.time_ns()
    if task.data is not None:
        return task.data, task.size_bytes, task.modified_ns, read_ns
    file = os.open(task.path, _FLAGS if task.is_link else _FLAGS | _NO_FOLLOW)
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("it is not a regular file")
        most = limits.file_bytes
        data = b""
        if status.st_size <= most:
            data = _read(file, status.st_size, most)
        if max(status.st_size, len(data)) > most:
            raise UnreadableError(f"is longer than {most >> 20:,} MB")
    finally:
        os.close(file)
    return data, status.st_size, modified_ns(status), read_ns


def _read(file: int, expected: int, most: int) -> bytes:
    """All that is in ``file``, at most one byte more than ``most``."""
    data = os.read(file, expected + 1)
    if len(data) == expected:
        return data
    parts = [data]
    left = most + 1 - len(data)
    while left > 0 and (part := os.read(file, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _document_message(number: int, document: Document) -> Message:
    passages = [
        (
            one.ordinal,
            one.title,
            one.headings,
            one.start,
            one.end,
            one.line,
            one.place,
            one.lines,
            one.places,
            one.sections,
            one.labels,
        )
        # A document without text is known by its title at least.
        for one in cut(document)
    ] or [(0, document.title, (), 0, 0, 1, "", "", (), (), ())]
    return (
        DOCUMENT,
        number,
        document.key,
        document.title,
        document.text,
        document.modified,
        document.media_type,
        tuple(document.authors),
        document.published,
        document.language,
        tuple(document.tags),
        dict(document.fields),
        document.has_all_lines,
        language_of(document.text or document.title, document.language),
        passages,
    )


class Received(NamedTuple):
    """A document without its blocks, lines and places, its passages, and the language to analyse it
    by.
    """

    document: Document
    passages: list[Passage]
    language: str


def document_of(message: Message) -> Received:
    """What a ``DOCUMENT`` message says."""
    _, _, key, title, text, modified, media_type, *about, has_all_lines, found, spans = message
    authors, published, language, tags, fields = about
    document = Document(
        key,
        title,
        text,
        (),
        (),
        modified,
        media_type=media_type,
        authors=authors,
        published=published,
        language=language,
        tags=tags,
        fields=fields,
    )
    passages = [
        Passage(
            key,
            ordinal,
            shown,
            headings,
            start,
            end,
            line,
            text[start:end],
            modified,
            place,
            lines=lines,
            places=places,
            sections=sections,
            labels=labels,
            has_all_lines=has_all_lines,
        )
        for ordinal, shown, headings, start, end, line, place, lines, places, sections, labels in (
            spans
        )
    ]
    return Received(document, passages, found)
