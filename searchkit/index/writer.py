"""How does an index change?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from whoosh import index as whoosh_index
from whoosh.index import LockError

from searchkit.analysis import open_analyzer
from searchkit.document import Document, Passage
from searchkit.errors import IndexLockedError, UsageError
from searchkit.index.damage import translated
from searchkit.index.layout import DOCUMENT, PASSAGE, length_column, whoosh_schema
from searchkit.index.manifest import Manifest, is_index
from searchkit.index.record import DocumentRecord
from searchkit.schema import FIELDS, HEADINGS, TEXT, TITLE

DEFAULT_ANALYZER = "english"

_FULL = 0.7
"""The part of the passages that must be live; below it, everything is written anew."""

_OURS = re.compile(r"\.gitignore|searchkit\.json\.new|_?MAIN[_.].*")
"""The names of the files that an index may have before its first commit."""


class Writer:
    """The one writer of an index; a context manager that commits, or cancels after an error.

    A document may be put once in the writer's life. The first commit makes the index, if
    ``directory`` holds none.

    Raises ``IndexLockedError`` while another writer is open, ``UsageError`` if ``directory`` holds
    something else than an index, and ``StorageError``s for an index that cannot be used; so do
    all methods.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._changed = False
        self._put: set[str] = set()
        with translated(directory):
            self._is_new = not is_index(directory)
            if self._is_new:
                _prepare(directory)
            self._manifest = (
                Manifest.new(DEFAULT_ANALYZER) if self._is_new else Manifest.read(directory)
            )
            self._analyzer = open_analyzer(self._manifest.analyzer)
            self._opened = whoosh_index.open_dir(str(directory), schema=whoosh_schema())
            try:
                self._whoosh = self._opened.writer(limitmb=256)
            except LockError:
                raise IndexLockedError(directory) from None

    def put(self, document: Document, passages: Sequence[Passage], record: DocumentRecord) -> None:
        """Index a document with its passages, in place of the one with its key, if any.

        Raises ``ValueError`` if the writer has put that key before.
        """
        if document.key in self._put:
            # Whoosh cannot delete what it has not committed yet: both would stay.
            raise ValueError(f"{document.key} was put before")
        self._put.add(document.key)
        self.delete(document.key)
        self._changed = True
        with translated(self._directory):
            self._put_record(record)
            end = 0
            for passage in passages:
                self._put_passage(passage, gap=document.text[end : passage.start])
                end = passage.end

    def _put_record(self, record: DocumentRecord) -> None:
        self._whoosh.add_document(
            kind=DOCUMENT,
            key=record.key,
            stored=(
                record.key,
                record.title,
                record.size_bytes,
                record.modified_ns,
                record.digest,
                record.indexed_ns,
                record.passages,
                record.tail,
            ),
        )

    def _put_passage(self, passage: Passage, gap: str) -> None:
        values: dict[str, object] = {}
        for field, terms in self._terms(passage).items():
            if terms:
                values[field] = terms
            values[length_column(field)] = len(terms)
        self._whoosh.add_document(
            kind=PASSAGE,
            key=passage.key,
            stored=(
                passage.key,
                passage.ordinal,
                passage.title,
                passage.headings,
                passage.start,
                passage.end,
                passage.line,
                gap,
                passage.text,
                passage.modified,
            ),
            **values,
        )

    def _terms(self, passage: Passage) -> dict[str, list[str]]:
        texts = {
            TEXT: (passage.text,),
            TITLE: (passage.title,),
            HEADINGS: passage.headings,
        }
        return {
            field: [term for text in texts[field] for term in self._analyzer.terms(text)]
            for field in FIELDS
        }

    def delete(self, key: str) -> None:
        """Remove the document with ``key``, if there is one."""
        with translated(self._directory):
            self._changed |= self._whoosh.delete_by_term("key", key) > 0

    def commit(self) -> None:
        """Make every change visible, and close the writer."""
        if not self._changed and not self._is_new:
            self.cancel()
            return
        with translated(self._directory):
            try:
                self._whoosh.commit(optimize=self._is_wasteful())
                if self._is_new:
                    self._manifest.write(self._directory)
            except BaseException:
                self.cancel()
                raise

    def _is_wasteful(self) -> bool:
        """Whether so much is deleted that it is time to write everything anew: Whoosh leaves large
        segments alone, and what is deleted in them.
        """
        with self._whoosh.reader() as reader:
            return bool(reader.doc_count() < _FULL * reader.doc_count_all())

    def cancel(self) -> None:
        """Forget every change, and close the writer."""
        # A full disk may stop Whoosh here too; what it leaves is removed all the same.
        with suppress(Exception):
            self._whoosh.cancel()
        with suppress(Exception):
            self._whoosh.writelock.release()
        with suppress(Exception):
            storage = self._opened.storage
            current = whoosh_index.TOC.read(storage, "MAIN", schema=whoosh_schema())
            whoosh_index.clean_files(storage, "MAIN", current.generation, current.segments)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.cancel()


def _prepare(directory: Path) -> None:
    """Make ``directory`` ready for the first commit.

    It may hold what an interrupted first run has left there, but nothing else.
    """
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is a file; name another place for the index")
    directory.mkdir(parents=True, exist_ok=True)
    strangers = [file.name for file in directory.iterdir() if not _OURS.fullmatch(file.name)]
    if strangers:
        raise UsageError(
            f"{directory} is no index and holds other files, such as {min(strangers)}; "
            "name another place for the index"
        )
    # An index is derived from the documents beside it: version control should not see it.
    (directory / ".gitignore").write_text("*\n", encoding="utf-8")
    if not whoosh_index.exists_in(str(directory)):
        whoosh_index.create_in(str(directory), whoosh_schema())
