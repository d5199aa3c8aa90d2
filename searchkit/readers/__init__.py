"""What does this file say?

Bytes and a name in, ``Document``s out: title, text, blocks, what is known about them, and where in
the file it stands. One module for each format; the suffix of the file's name chooses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from searchkit.document import Document
from searchkit.errors import UnreadableDocumentError
from searchkit.readers.contract import Options, Reader, Source, UnreadableError
from searchkit.readers.formats import SUFFIXES, Format, format_of

__all__ = ["SUFFIXES", "Options", "Source", "can_read", "read", "read_document", "read_inside"]


def can_read(name: str) -> bool:
    """Whether a file of this name or path has a format that can be read."""
    return format_of(name) is not None


def read(source: Source) -> Iterator[Document]:
    """The documents in ``source``, whose key's suffix tells the format.

    Raises ``UnreadableError`` when the format is unknown, or the bytes are not what the suffix
    says; documents that were given before that are good.
    """
    found = format_of(source.key)
    if found is None:
        known = ", ".join(sorted(SUFFIXES))
        raise UnreadableError(f"unknown kind of file; these can be read: {known}")
    yield from _reader(found)(source)


def read_inside(
    source: Source, name: str, data: bytes, modified: float | None = None
) -> Iterator[Document]:
    """The documents in what lies in ``source`` under ``name``; if it cannot be read, that is noted
    in ``source.failures``. What is of a kind that no reader knows is passed over.
    """
    if not can_read(name):
        return
    try:
        inner = source.inside(name, data, modified)
    except UnreadableError as error:
        source.failures.append((f"{source.key}/{name}", str(error)))
        return
    try:
        yield from read(inner)
    except UnreadableError as error:
        source.failures.append((inner.key, str(error)))


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
    except ImportError as error:
        if not wanted.extra:
            raise
        raise UnreadableError(
            f'needs {error.name}, which this installs: pip install "searchkit[{wanted.extra}]"'
        ) from None
    return reader
