"""How does a Whoosh application change an index?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from whoosh.fields import FieldType, Schema
from whoosh.index import LockError
from whoosh.reading import IndexReader
from whoosh.writing import CLEAR, MERGE_SMALL, NO_MERGE, OPTIMIZE, IndexingError, IndexWriter

from searchkit.errors import IndexLockedError
from searchkit.index import Writer
from searchkit.whoosh_api.document import EngineDocument, convert, engine_schema, unique_terms
from searchkit.whoosh_api.foreign import documents_of
from searchkit.whoosh_api.reader import SearchkitReader
from searchkit.whoosh_api.searcher import SearchkitSearcher

if TYPE_CHECKING:
    from searchkit.whoosh_api.index import SearchkitIndex

_LEAST_DELAY_SECONDS = 0.01


class SearchkitWriter(IndexWriter):
    """A ``whoosh.writing.IndexWriter`` over the engine's writer.

    Groups of documents (``start_group``, ``group``) stay together without being told: documents
    keep the order in which they were added, and merges do not change it.
    """

    def __init__(
        self, ix: SearchkitIndex, timeout: float = 0.0, delay: float = 0.1, **_: Any
    ) -> None:
        self.index = ix
        self._writer = _locked(ix, timeout, delay)
        snapshot = self._writer.snapshot
        assert snapshot is not None
        self._snapshot = snapshot
        self.schema: Schema = ix.own_schema(snapshot)
        self.generation = snapshot.generation
        self._dynamic = {
            name
            for name in snapshot.schema.fields
            if name not in self.schema._fields and name in self.schema
        }
        self._deleted: set[int] = set()
        self._added = 0
        self._added_by_term: dict[tuple[str, bytes], list[str]] = {}
        self._new_columns: dict[str, dict[int, Any]] = {}
        self.is_closed = False
        self.mergetype: Any = None
        self.optimize = False
        self.merge = True
        self._settle_schema()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {getattr(self, 'index', None)!r}>"

    def _check_state(self) -> None:
        if self.is_closed:
            raise IndexingError("This writer is closed")

    def _settle_schema(self) -> None:
        """Make the engine's schema that of Whoosh's."""
        wanted = engine_schema(self.schema, sorted(self._dynamic))
        if wanted != self._writer.schema:
            self._writer.set_schema(wanted)

    # The schema

    def add_field(self, fieldname: str, fieldtype: FieldType, **kwargs: Any) -> None:
        self._check_state()
        if self._added:
            raise IndexingError("Can't modify schema after adding data to writer")
        super().add_field(fieldname, fieldtype, **kwargs)
        self._settle_schema()

    def remove_field(self, fieldname: str, **kwargs: Any) -> None:
        self._check_state()
        if self._added:
            raise IndexingError("Can't modify schema after adding data to writer")
        super().remove_field(fieldname, **kwargs)
        self._dynamic = {name for name in self._dynamic if name in self.schema}
        self._settle_schema()

    # Documents

    def add_document(self, **fields: Any) -> None:
        self._check_state()
        document = convert(self.schema, fields)
        unique = list(unique_terms(self.schema, fields))
        key = self._add(document)
        for term in unique:
            self._added_by_term.setdefault(term, []).append(key)

    def update_document(self, **fields: Any) -> None:
        """Add a document in place of those that have its value in any unique field: committed
        ones, and those added in this session. If it cannot be added, nothing is replaced."""
        self._check_state()
        document = convert(self.schema, fields)
        unique = list(unique_terms(self.schema, fields))
        reader = SearchkitReader(self._snapshot, self.schema)
        committed = [
            docnum
            for name, term in unique
            if (name, term) in reader
            for docnum in reader.postings(name, term).all_ids()
        ]
        added = [key for term in unique for key in self._added_by_term.get(term, ())]
        # Only what has been replaced goes: this may be refused.
        key = self._add(document)
        self._deleted.update(committed)
        for one in added:
            self._writer.delete(one)
        for term in unique:
            self._added_by_term[term] = [key]

    def _add(self, document: EngineDocument) -> str:
        """Give the document to the engine; under which key."""
        known = self._writer.schema
        new = {
            name
            for name in (*document.terms, *document.columns, *document.stored)
            if name not in self.schema._fields and name not in self._dynamic and name in self.schema
        }
        if new or not document.columns.keys() <= known.columns.keys():
            self._dynamic |= new
            self._settle_schema()
        key = f"{self.generation:x}-{self._added:x}"
        self._writer.add(
            key, terms=document.terms, stored=document.stored, columns=document.columns
        )
        self._added += 1
        return key

    def add_reader(self, reader: IndexReader) -> None:
        """Add all live documents of ``reader``, whatever index it reads."""
        self._check_state()
        for _, document in documents_of(reader, self.schema):
            self._add(document)

    def add_column(self, fieldname: str, values: dict[int, Any]) -> None:
        """Give committed documents values of a column that the schema has got; by docnum."""
        self._check_state()
        self._settle_schema()
        self._new_columns[fieldname] = values

    def _write_anew(self) -> None:
        """Put in the place of each committed document one with its values of new columns."""
        for docnum, document in list(documents_of(self.reader(), self.schema)):
            for name, values in self._new_columns.items():
                document.columns[name] = values[docnum]
            self._add(document)
            self._deleted.add(docnum)

    # Deleting

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete a committed document, or, with ``delete=False``, do not delete it after all."""
        self._check_state()
        if not 0 <= docnum < self._snapshot.docs:
            raise IndexingError(f"No document ID {docnum!r} in this index")
        if delete:
            self._deleted.add(docnum)
        elif docnum in self._deleted:
            self._deleted.remove(docnum)
        elif self._snapshot.is_deleted(docnum):
            raise IndexingError(f"the deletion of document {docnum!r} is committed")

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted or self._snapshot.is_deleted(docnum)

    def has_deletions(self) -> bool:
        return bool(self._deleted) or self._snapshot.live_docs < self._snapshot.docs

    def deleted_count(self) -> int:
        fresh = sum(not self._snapshot.is_deleted(docnum) for docnum in self._deleted)
        return self._snapshot.docs - self._snapshot.live_docs + fresh

    def doc_count(self) -> int:
        """How many documents have been added in this session."""
        return self._added

    # Reading what there was before this session, less what it has deleted

    def reader(self, **kwargs: Any) -> SearchkitReader:
        self._check_state()
        return SearchkitReader(self._snapshot, self.schema, frozenset(self._deleted))

    def searcher(self, **kwargs: Any) -> SearchkitSearcher:
        return SearchkitSearcher(self.reader(), fromindex=self.index, **kwargs)

    # The end

    def commit(
        self, mergetype: Any = None, optimize: bool | None = None, merge: bool | None = None
    ) -> None:
        """Make every change visible, all or nothing, and close the writer.

        ``optimize`` merges everything to one segment, ``merge=False`` nothing, so that docnums
        stay; otherwise the engine merges as it sees fit. The policy ``CLEAR`` drops every document
        committed before. Raises ``IndexingError`` for a policy of the application's own.
        """
        self._check_state()
        mergetype = mergetype if mergetype is not None else self.mergetype
        optimize = optimize if optimize is not None else self.optimize
        if mergetype not in (None, CLEAR, OPTIMIZE, NO_MERGE, MERGE_SMALL):
            raise IndexingError("segments are the engine's: it takes no merge policy but Whoosh's")
        if mergetype is CLEAR:
            self._deleted.update(range(self._snapshot.docs))
        merge = merge if merge is not None else self.merge
        if mergetype is not None:
            optimize, merge = mergetype is OPTIMIZE, mergetype is not NO_MERGE
        if self._new_columns:
            self._write_anew()
            merge = True
        self._writer.delete_docnums(sorted(self._deleted))
        self.is_closed = True
        self._writer.commit(merge_all=bool(optimize), merge=merge)
        self.index.committed(self.schema)

    def cancel(self) -> None:
        self._check_state()
        self.is_closed = True
        self._writer.cancel()


def _locked(ix: SearchkitIndex, timeout: float, delay: float) -> Writer:
    """The engine's writer, as soon as the lock is free, for ``timeout`` seconds at most."""
    end = time.monotonic() + timeout
    while True:
        try:
            return Writer(ix.storage)
        except IndexLockedError as error:
            if time.monotonic() >= end:
                raise LockError(str(error)) from error
            time.sleep(max(delay, _LEAST_DELAY_SECONDS))
