"""What does this file say?

Bytes and a name in, ``Document``s out: title, text, blocks, what is known about them, and where in
the file it stands. One module for each format; the suffix of the file's name chooses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module

from searchkit.document import Document
from searchkit.errors import UnreadableDocumentError
from searchkit.readers.contract import Options, Reader, Source, UnreadableError
from searchkit.readers.foreign import guarded, named
from searchkit.readers.formats import SUFFIXES, Format, compression_of, format_of

__all__ = ["SUFFIXES", "Options", "Source", "can_read", "read", "read_document", "read_inside"]


def can_read(name: str) -> bool:
    """Whether a file of this name or path has a format that can be read."""
    return format_of(name) is not None


def read(source: Source) -> Iterator[Document]:
    """The documents in ``source``, whose key's suffix tells the format.

    Raises ``UnreadableError`` when the format is unknown, or the bytes are not what the suffix
    says; documents that were given before that are good.
    """
    found = format_of(source.key) or _told_by_its_beginning(source)
    if found is None:
        raise UnreadableError(
            f"unknown kind of file ({source.suffix}); searchkit index --help lists what can be read"
        )
    compression = compression_of(source.key)
    if compression and source.data:
        from searchkit.readers.compressed import unpacked

        source = replace(source, data=unpacked(source, compression))
    if found.is_ours and not source.data:
        # Nothing is damaged where nothing is: it is found by its name, as an empty text is.
        from searchkit.readers.plaintext import read_plaintext

        for document in read_plaintext(source):
            yield replace(document, media_type=found.media_type)
        return
    reader = _reader(found)
    if found.is_ours:
        yield from reader(source)
    else:
        yield from guarded(found.reader.partition(":")[0], reader, source)


def read_inside(
    source: Source, name: str, data: bytes, modified: float | None = None
) -> Iterator[Document]:
    """The documents in what lies in ``source`` under ``name``; if it cannot be read, that is noted
    in ``source.failures``. What is of a kind that no reader knows is passed over.
    """
    if not can_read(name):
        return
    key = f"{source.key}/{name}"
    try:
        inner = source.inside(name, data, modified)
        key = inner.key
        yield from read(inner)
    except UnreadableError as error:
        source.failures.append((key, str(error)))
    except Exception as error:  # A fault in one reader must not cost what else lies in the file.
        reason = f"its reader failed ({named(error)}); please report this"
        source.failures.append((key, reason))


_BEGINNINGS = (
    (rb"From [^\n]*\d\d:\d\d", ".mbox"),  # Thunderbird's mail folders
    (rb"%PDF-", ".pdf"),
    (rb"\{\\rtf", ".rtf"),
    (rb"(?i)\s*<(!doctype html|html)\b", ".html"),
)


def _told_by_its_beginning(source: Source) -> Format | None:
    """The format of a file that has no suffix but was named itself: plain text if nothing else, as
    README, LICENSE and Makefile are.
    """
    if source.suffix:
        return None
    for beginning, suffix in _BEGINNINGS:
        if re.match(beginning, source.data[:200]):
            return format_of(f"name{suffix}")
    return format_of("name.txt")


def read_document(data: bytes, key: str, modified: float) -> Document:
    """Read one file's bytes that hold one document.

    ``key`` is the document's name in the collection, whose suffix tells the format; ``modified``
    is in seconds since the epoch. Raises ``UnreadableDocumentError`` when the format is unknown,
    or the bytes are not what the suffix says, or hold no document.
    """
    try:
        return next(read(Source(data, key, modified)))
    except UnreadableError as error:
        raise UnreadableDocumentError(key, str(error)) from None
    except StopIteration:
        raise UnreadableDocumentError(key, "there is no document in it") from None


def _reader(wanted: Format) -> Reader:
    module, _, function = wanted.reader.partition(":")
    try:
        reader: Reader = getattr(import_module(module), function)
    except Exception as error:
        if not wanted.is_ours:
            raise UnreadableError(
                f"the reader {wanted.reader} cannot be loaded ({named(error)})"
            ) from None
        if not wanted.package or not isinstance(error, ImportError):
            raise
        raise UnreadableError(
            f"needs {error.name}, which this installs: pip install {wanted.package}"
        ) from None
    return reader
