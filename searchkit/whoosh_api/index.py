"""Where is an index that a Whoosh application opens?

In a folder; one with a name of its own (``indexname``) in a folder of that name inside it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from whoosh.fields import Schema, ensure_schema
from whoosh.index import EmptyIndexError, Index
from whoosh.reading import IndexReader, MultiReader

from searchkit.errors import IndexCorruptError, IndexNotFoundError
from searchkit.index import Snapshot, Writer
from searchkit.index.commit import read_manifest
from searchkit.storage import Directory, DiskDirectory
from searchkit.whoosh_api.document import engine_schema
from searchkit.whoosh_api.reader import SearchkitReader
from searchkit.whoosh_api.schema_json import decode_schema, encode_schema
from searchkit.whoosh_api.searcher import SearchkitSearcher
from searchkit.whoosh_api.writer import SearchkitWriter

MAIN = "MAIN"
"""The name of an index that was given none, which lies in the folder itself."""


def create_in(dirname: str, schema: Any, indexname: str | None = None) -> SearchkitIndex:
    """Make a new index in the folder ``dirname``; one that is there is emptied, as by Whoosh.

    Raises ``FieldConfigurationError`` for a schema that cannot be kept as data.
    """
    directory = DiskDirectory.make(index_path(dirname, indexname))
    return SearchkitIndex.create(directory, schema, indexname or MAIN)


def open_dir(
    dirname: str, indexname: str | None = None, readonly: bool = False, schema: Any = None
) -> SearchkitIndex:
    """Open the index in the folder ``dirname``; ``schema`` takes the place of the one it keeps.

    ``readonly`` is accepted and means nothing: opening never writes. Raises
    ``whoosh.index.EmptyIndexError`` where there is none.
    """
    return SearchkitIndex(DiskDirectory(index_path(dirname, indexname)), schema, indexname or MAIN)


def exists_in(dirname: str, indexname: str | None = None) -> bool:
    """Whether there is an index in the folder ``dirname``."""
    try:
        open_dir(dirname, indexname)
    except EmptyIndexError:
        return False
    return True


def index_path(dirname: str | os.PathLike[str], indexname: str | None) -> Path:
    """The folder of the index. Raises ``ValueError`` for a name that cannot name a folder."""
    path = Path(dirname)
    if indexname in (None, "", MAIN):
        return path
    assert indexname is not None
    if indexname in (".", "..") or set(indexname) & set('/\\:\0<>"|?*'):
        raise ValueError(f"{indexname!r} cannot name an index: it would not name a folder")
    return path / indexname


class SearchkitIndex(Index):
    """A ``whoosh.index.Index`` whose documents the engine keeps in ``directory``."""

    def __init__(self, directory: Directory, schema: Any = None, indexname: str = MAIN) -> None:
        self.storage = directory
        self.indexname = indexname
        self._instead = ensure_schema(schema) if schema is not None else None
        self._snapshot: Snapshot | None = None
        self._schema: Schema | None = None
        self._refreshed()

    @classmethod
    def create(cls, directory: Directory, schema: Any, indexname: str = MAIN) -> SearchkitIndex:
        """Make a new index, or empty the one that is there."""
        kept = engine_schema(ensure_schema(schema))
        try:
            with Snapshot(directory) as old:
                writer = Writer(directory)
                writer.delete_docnums(range(old.docs))
                writer.set_schema(kept)
        except IndexNotFoundError:
            writer = Writer(directory, kept)
        writer.commit(merge_all=True)
        return cls(directory, None, indexname)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.storage!r}, {self.indexname!r})"

    def _refreshed(self) -> Snapshot:
        """The current generation, which readers share while it is current."""
        snapshot = self._snapshot
        if snapshot is None or not snapshot.is_current():
            try:
                snapshot = Snapshot(self.storage)
            except IndexNotFoundError as error:
                raise EmptyIndexError(str(error)) from error
            self._snapshot = snapshot
            self._schema = self._instead or kept_schema(snapshot)
        return snapshot

    @property
    def schema(self) -> Schema:
        """The schema of the current generation."""
        self._refreshed()
        assert self._schema is not None
        return self._schema

    def close(self) -> None:
        self._snapshot = None

    def latest_generation(self) -> int:
        """The number of the newest generation, from 0; -1 if the index has gone."""
        try:
            return read_manifest(self.storage).generation - 1
        except IndexNotFoundError:
            return -1

    def last_modified(self) -> float:
        """When the newest generation was made, in seconds since 1970; -1 where nobody knows."""
        try:
            return max(entry.stat().st_mtime for entry in os.scandir(self.storage.path))
        except (OSError, ValueError):
            return -1

    def is_empty(self) -> bool:
        return self._refreshed().docs == 0

    def doc_count(self) -> int:
        return self._refreshed().live_docs

    def doc_count_all(self) -> int:
        return self._refreshed().docs

    def reader(self, reuse: Any = None) -> IndexReader:
        fresh = SearchkitReader(self._refreshed(), self.schema)
        if isinstance(reuse, MultiReader):
            # A BufferedWriter's: ours, and what waits in its buffer until it commits.
            ours, *waiting = reuse.readers
            if isinstance(ours, SearchkitReader) and ours.generation() == fresh.generation():
                return MultiReader([fresh, *waiting])
        return fresh

    def searcher(self, **kwargs: Any) -> SearchkitSearcher:
        return SearchkitSearcher(self.reader(), fromindex=self, **kwargs)

    def writer(self, procs: int = 1, **kwargs: Any) -> SearchkitWriter:
        """The writer; what tunes Whoosh's own (``procs``, ``limitmb``, ...) means nothing here.

        ``timeout`` and ``delay``, in seconds, say how long and how often to try for the lock.
        Raises ``whoosh.index.LockError`` while another writer is open.
        """
        return SearchkitWriter(self, **kwargs)

    def optimize(self, **kwargs: Any) -> None:
        self.writer(**kwargs).commit(optimize=True)

    def own_schema(self, snapshot: Snapshot) -> Schema:
        """A schema for a writer that starts from ``snapshot``, to change as it likes."""
        if self._instead is not None:
            return decode_schema(encode_schema(self._instead))
        return kept_schema(snapshot)

    def committed(self, schema: Schema) -> None:
        """Take notice of the schema that a writer has committed."""
        if self._instead is not None:
            self._instead = schema


def kept_schema(snapshot: Snapshot) -> Schema:
    """The Whoosh schema that an index keeps.

    Raises ``EmptyIndexError`` if it keeps none, and ``IndexCorruptError`` for what is not a schema,
    or uses a class that has not been made known.
    """
    kept = snapshot.schema.extra.get("whoosh")
    if kept is None:
        raise EmptyIndexError(f"the index at {snapshot.path} was not made through whoosh_api")
    try:
        return decode_schema(kept)
    except ValueError as error:
        raise IndexCorruptError(snapshot.path, str(error)) from error
