"""What does a reader see?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index

from searchkit.document import Passage
from searchkit.index.damage import translated
from searchkit.index.layout import DOCUMENT, PASSAGE, length_column, whoosh_schema
from searchkit.index.manifest import Manifest
from searchkit.index.record import DocumentRecord

_ATTEMPTS = 20


class Snapshot:
    """An index as it was when this was made, whatever is written to it since.

    A passage is known by its ``docnum``, which means nothing outside the snapshot. Statistics
    count live passages only. Raises ``StorageError``s when the index cannot be used.
    """

    def __init__(self, directory: Path) -> None:
        manifest = Manifest.read(directory)
        self.analyzer_name = manifest.analyzer
        self._manifest = manifest
        self._directory = directory
        with translated(directory):
            self._index, self._reader = _open(directory)
        self._lengths: dict[str, Any] = {}
        self._averages: dict[str, float] = {}

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()

    def is_current(self) -> bool:
        """Whether nothing has been committed since the snapshot was made."""
        if Manifest.read(self._directory) != self._manifest:
            return False
        with translated(self._directory):
            return bool(self._reader.generation() == self._index.latest_generation())

    # Documents

    def documents(self) -> Iterator[DocumentRecord]:
        """The record of each document."""
        for docnum in self._docnums("kind", DOCUMENT):
            yield DocumentRecord(*self._stored(docnum))

    def document(self, key: str) -> DocumentRecord | None:
        """The record of the document with ``key``, or None."""
        first = next(self._docnums("key", key), None)
        return None if first is None else DocumentRecord(*self._stored(first))

    def passages(self, key: str) -> list[int]:
        """The docnums of the passages of the document with ``key``, in order."""
        return list(self._docnums("key", key))[1:]

    # Passages

    @cached_property
    def docnums(self) -> list[int]:
        """Every live passage, in order."""
        return list(self._docnums("kind", PASSAGE))

    @property
    def passage_count(self) -> int:
        """How many live passages there are."""
        return len(self.docnums)

    def passage(self, docnum: int) -> Passage:
        """The passage's stored fields."""
        key, ordinal, title, headings, start, end, line, _, text, modified = self._stored(docnum)
        return Passage(
            key=key,
            ordinal=ordinal,
            title=title,
            headings=tuple(headings),
            start=start,
            end=end,
            line=line,
            text=text,
            modified=modified,
        )

    def gap(self, docnum: int) -> str:
        """The extracted text between the previous passage of the document and this one."""
        gap: str = self._stored(docnum)[7]
        return gap

    # Terms

    def frequencies(self, field: str, term: str) -> dict[int, int]:
        """How often ``term`` occurs in ``field``, for each live passage that has it, in order."""
        return {
            docnum: matcher.value_as("frequency") for docnum, matcher in self._postings(field, term)
        }

    def positions(self, field: str, term: str) -> dict[int, list[int]]:
        """Where ``term`` occurs in ``field`` (counted in terms from 0), for each live passage."""
        return {
            docnum: matcher.value_as("positions") for docnum, matcher in self._postings(field, term)
        }

    def has_term(self, field: str, term: str) -> bool:
        """Whether any live passage has ``term`` in ``field``."""
        return next(self._docnums(field, term), None) is not None

    def length(self, field: str, docnum: int) -> int:
        """The number of terms in ``field`` of the passage."""
        with translated(self._directory):
            if field not in self._lengths:
                self._lengths[field] = self._reader.column_reader(length_column(field))
            length: int = self._lengths[field][docnum]
            return length

    def average_length(self, field: str) -> float:
        """The mean number of terms in ``field`` over the live passages; 0 if there are none."""
        if field not in self._averages:
            total = sum(self.length(field, docnum) for docnum in self.docnums)
            self._averages[field] = total / max(1, self.passage_count)
        return self._averages[field]

    # Whoosh

    def _postings(self, field: str, term: str) -> Iterator[tuple[int, Any]]:
        with translated(self._directory):
            for reader, base in self._reader.leaf_readers():
                if (field, term) not in reader:
                    continue
                matcher = reader.postings(field, term)
                while matcher.is_active():
                    yield base + matcher.id(), matcher
                    matcher.next()

    def _docnums(self, field: str, term: str) -> Iterator[int]:
        for docnum, _ in self._postings(field, term):
            yield docnum

    def _stored(self, docnum: int) -> tuple[Any, ...]:
        with translated(self._directory):
            stored: tuple[Any, ...] = self._reader.stored_fields(docnum)["stored"]
            return stored


def _open(directory: Path) -> tuple[Any, Any]:
    """Whoosh's index and its reader. A commit may remove a file between the look at the directory
    and its opening: then the next look finds another one.
    """
    for _ in range(_ATTEMPTS - 1):
        with suppress(FileNotFoundError, whoosh_index.EmptyIndexError):
            opened = whoosh_index.open_dir(str(directory), schema=whoosh_schema())
            return opened, opened.reader()
        time.sleep(0.01)
    opened = whoosh_index.open_dir(str(directory), schema=whoosh_schema())
    return opened, opened.reader()
