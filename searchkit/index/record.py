"""What does the index remember of a whole document?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """One indexed document: how to tell whether its file has changed, and what its passages lack.

    ``size_bytes``, ``modified_ns`` (nanoseconds since the epoch) and ``digest`` (BLAKE2b of the
    file's bytes, hexadecimal) are those of the file as it was read, at ``indexed_ns``.
    ``passages`` counts them; ``tail`` is the extracted text that follows the last one.
    """

    key: str
    title: str
    size_bytes: int
    modified_ns: int
    digest: str
    indexed_ns: int
    passages: int
    tail: str
