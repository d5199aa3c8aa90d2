"""What does this file say?

Bytes in, a ``Document`` out: title, text, blocks, and the line of the file on which each stands.
One module for each format; the suffix of the file's name chooses it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from searchkit.document import Document
from searchkit.errors import UnreadableDocumentError
from searchkit.readers.decode import NotTextError
from searchkit.readers.markdown import read_markdown
from searchkit.readers.plaintext import read_plaintext

__all__ = ["SUFFIXES", "can_read", "read_document"]


def _read_html(data: bytes, key: str, modified: float) -> Document:
    # Late, because bs4 and lxml cost more to import than all of searchkit, and a search needs
    # neither.
    from searchkit.readers.html import read_html

    return read_html(data, key, modified)


_READERS: dict[str, Callable[[bytes, str, float], Document]] = {
    ".txt": read_plaintext,
    ".text": read_plaintext,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".xhtml": _read_html,
}

SUFFIXES = frozenset(_READERS)
"""The file-name suffixes that can be read: lower case, with their dot."""


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def can_read(name: str) -> bool:
    """Whether a file of this name or path has a format that can be read."""
    return _suffix(name) in SUFFIXES


def read_document(data: bytes, key: str, modified: float) -> Document:
    """Read one file's bytes.

    ``key`` is the document's name in the collection, whose suffix tells the format; ``modified``
    is in seconds since the epoch. Raises ``UnreadableDocumentError`` when the format is unknown
    or the bytes are not what the suffix says.
    """
    read = _READERS.get(_suffix(key))
    if read is None:
        known = ", ".join(sorted(SUFFIXES))
        raise UnreadableDocumentError(key, f"unknown kind of file; these can be read: {known}")
    try:
        return read(data, key, modified)
    except NotTextError as error:
        raise UnreadableDocumentError(key, str(error)) from None
