"""How does an index change?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from searchkit.codec import LimitError
from searchkit.codec.columns import Value
from searchkit.errors import IndexNotFoundError, SchemaMismatchError, StorageError
from searchkit.index.attachment import write_attachment
from searchkit.index.buffer import SegmentBuffer, twins
from searchkit.index.commit import collect_garbage, publish
from searchkit.index.deletions import Deletions
from searchkit.index.field_buffer import Terms
from searchkit.index.manifest import FORMAT, SEGMENT, Manifest, SegmentInfo, file_name
from searchkit.index.merge import choose, merge
from searchkit.index.pending import PendingSegment
from searchkit.index.refused import all_or, refused
from searchkit.index.segment import KIND, VERSION, SegmentReader
from searchkit.index.snapshot import Snapshot
from searchkit.schema import KEY, Schema
from searchkit.storage.directory import Directory, Output
from searchkit.storage.envelope import SectionWriter, new_id

DEFAULT_BUFFER_TOKENS = 30_000_000
"""Tokens that wait in memory, 4 bytes each, before they are written as a segment."""


class Writer:
    """The one writer of an index; a context manager that commits, or cancels after an error.

    ``schema`` is that of a new index; one that there is must have the same, and may be opened
    without. Nothing that is done shows before :meth:`commit`, and then all of it does.

    Raises ``IndexLockedError`` while another writer is open, ``IndexNotFoundError`` without an
    index and without ``schema``, ``SchemaMismatchError``, and ``StorageError`` for what the system
    refuses or what is damaged; so does every method.
    """

    def __init__(
        self,
        directory: Directory,
        schema: Schema | None = None,
        *,
        buffer_tokens: int = DEFAULT_BUFFER_TOKENS,
    ) -> None:
        self._directory = directory
        self._buffer_tokens = buffer_tokens
        self._buffer: SegmentBuffer | None = None
        self._output: Output | None = None
        self._attached: bytes | None = None
        self._has_changed = False
        self._is_closed = False
        try:
            self._lock = directory.lock()
        except OSError as error:
            raise refused("open", directory.path, error) from error
        try:
            collect_garbage(directory)
            self.snapshot: Snapshot | None = self._current()
            self.schema = self._agreed(schema)
        except BaseException:
            self._lock.release()
            raise
        self._segments = (
            [PendingSegment(reader) for reader in self.snapshot.segments] if self.snapshot else []
        )

    def _current(self) -> Snapshot | None:
        try:
            return Snapshot(self._directory)
        except IndexNotFoundError:
            return None

    def _agreed(self, schema: Schema | None) -> Schema:
        if self.snapshot is None:
            if schema is None:
                raise IndexNotFoundError(self._directory.path)
            return schema
        if schema not in (None, self.snapshot.schema):
            raise SchemaMismatchError(self._directory.path)
        return self.snapshot.schema

    def add(
        self,
        key: str,
        *,
        texts: Mapping[str, str | Sequence[str]] | None = None,
        terms: Mapping[str, Terms] | None = None,
        stored: Mapping[str, object] | None = None,
        columns: Mapping[str, Value] | None = None,
        language: str = "",
    ) -> None:
        """Add a document, or, after an error, nothing of it. Keys need not be unique.

        ``texts`` are analysed by their field's analyzer (several of one field are kept apart, so
        that no phrase reaches across) in ``language`` ("de"); ``terms`` are those of fields without
        one, as bytes that stand at 0, 1, 2 and so on, or as pairs with their positions, in order.

        Raises ``TypeError`` or ``ValueError`` for what the schema does not have or cannot keep, and
        the writer goes on. Any other error, Ctrl-C too, may come when a part of the document is in:
        then nothing of this session can be kept, and the writer cancels.
        """
        self._refuse_unless_open()
        texts, terms, columns = texts or {}, terms or {}, columns or {}
        if self._buffer is None:
            with all_or(self.cancel, self._directory.path):
                self._begin()
        assert self._buffer is not None
        record = self._buffer.checked(key, texts, terms, stored or {}, columns)
        with all_or(self.cancel, self._directory.path):
            self._buffer.take(key, record, texts, terms, columns, language)
            self._has_changed = True
            if self._buffer.is_full(self._buffer_tokens):
                self._flush()

    def set_schema(self, schema: Schema) -> None:
        """Give the index other fields and columns from here on.

        What has been written has none of the new ones, and loses the old ones at the commit, which
        writes it anew for that: they do not come back with a later field of that name. A field or
        column that stays must stay as it is.

        Raises ``SchemaMismatchError`` if one does not. After any other error the writer has
        cancelled.
        """
        self._refuse_unless_open()
        for name, one in schema.fields.items():
            if self.schema.fields.get(name, one) != one:
                raise SchemaMismatchError(self._directory.path)
        for name, kind in schema.columns.items():
            if self.schema.columns.get(name, kind) is not kind:
                raise SchemaMismatchError(self._directory.path)
        dropped = {*self.schema.fields, *self.schema.columns} - {*schema.fields, *schema.columns}
        with all_or(self.cancel, self._directory.path):
            if self._buffer is not None and (dropped or twins(schema) != twins(self.schema)):
                self._flush()
            elif self._buffer is not None:
                self._buffer.extend(schema)
            self._has_changed |= schema != self.schema
            self.schema = schema
            for segment in self._segments:
                segment.reader = segment.reader.with_schema(schema)
                segment.dropped |= dropped

    def delete(self, key: str) -> int:
        """Delete every document with that key, those just added too; how many there were.

        After an error, Ctrl-C among them, the writer has cancelled.
        """
        self._refuse_unless_open()
        count = 0
        encoded = key.encode("utf-8", "surrogatepass")
        with all_or(self.cancel, self._directory.path):
            for segment in self._segments:
                reader = segment.reader
                keys = reader.field(KEY)
                where = keys.list_of(encoded, positions=False)
                if where is not None:
                    docs, _, _ = reader.read_list(keys, where, positions=False)
                    count += self._delete_in(segment, (doc - reader.base for doc in docs))
            if self._buffer is not None:
                count += self._buffer.keys.delete(key)
        return count

    def delete_docnums(self, docnums: Iterable[int]) -> int:
        """Delete documents of :attr:`snapshot`; how many of them were not deleted before."""
        self._refuse_unless_open()
        assert self.snapshot is not None
        count = 0
        for docnum in docnums:
            for segment in self._segments:
                reader = segment.reader
                doc = docnum - reader.base
                if 0 <= doc < reader.docs and reader.is_live(doc):
                    count += self._delete_in(segment, (doc,))
                    break
        return count

    def _delete_in(self, segment: PendingSegment, docs: Iterable[int]) -> int:
        before = len(segment.deleted)
        segment.deleted.update(docs)
        count = len(segment.deleted) - before
        self._has_changed |= count > 0
        return count

    def commit(self, *, merge_all: bool = False, merge: bool = True) -> None:
        """Make every change visible, and close the writer.

        Neighbouring segments are merged where there are many of a size; with ``merge_all``, all of
        them to one; without ``merge``, none, so that docnums stay. A commit without any change
        makes no new generation.
        """
        self._refuse_unless_open()
        with all_or(self.cancel, self._directory.path):
            self._make_visible(merge_all=merge_all, merge=merge)
        self._close()

    def checkpoint(self) -> None:
        """Make every change so far visible, as :meth:`commit` does, and go on, with the lock held
        throughout. :attr:`snapshot` is the generation that this made; the one before is closed.
        """
        self._refuse_unless_open()
        with all_or(self.cancel, self._directory.path):
            self._make_visible(merge_all=False, merge=True)
            if self.snapshot is not None:
                self.snapshot.close()
            self.snapshot = Snapshot(self._directory)
            self._segments = [PendingSegment(reader) for reader in self.snapshot.segments]
            self._has_changed = False

    def attach(self, data: bytes) -> None:
        """Keep ``data`` with the index, in place of what was attached to it so far; nothing if it
        is empty. What it means is the caller's affair: see ``Snapshot.attachment``.
        """
        self._refuse_unless_open()
        before = self._attached
        if before is None:
            before = self.snapshot.attachment if self.snapshot else b""
        if data != before:
            self._attached = data
            self._has_changed = True

    def _make_visible(self, *, merge_all: bool, merge: bool) -> None:
        if self._buffer is not None:
            self._flush()
        self._drop()
        if merge or merge_all:
            self._merge(merge_all)
        if self._has_changed or self.snapshot is None:
            self._publish()

    def cancel(self) -> None:
        """Forget every change, and close the writer; in a forked child only the child's copy."""
        if self._is_closed:
            return
        # First: if this is interrupted as well, nothing can be written any more.
        self._is_closed = True
        self._buffer = None
        try:
            if self._lock.is_held:  # else the new files are those of another process
                if self._output is not None:
                    with suppress(OSError):
                        self._output.close()
                with suppress(StorageError, OSError):
                    collect_garbage(self._directory)
        finally:
            self._close()

    def _refuse_unless_open(self) -> None:
        if self._is_closed:
            raise ValueError("the writer has committed or cancelled; open another one")
        if not self._lock.is_held:
            raise ValueError("the writer is that of the process that forked this one; open another")

    def _close(self) -> None:
        self._is_closed = True
        self._output = None
        self._segments = []
        if self.snapshot is not None:
            self.snapshot.close()
        self._lock.release()

    def _begin(self) -> None:
        self._id = new_id()
        self._output = self._directory.create(file_name(self._id, SEGMENT))
        self._buffer = SegmentBuffer(
            self.schema, SectionWriter(self._output, KIND, VERSION, self._id)
        )

    def _flush(self) -> None:
        """Write what waits as a segment."""
        assert self._buffer is not None
        docs = self._buffer.docs
        if docs:
            self._buffer.write()
        self._end(docs, self._buffer.keys.deleted)
        self._buffer = None

    def _end(self, docs: int, deleted: Iterable[int]) -> PendingSegment | None:
        """Close the file just written and take it in as the last segment, if it has documents."""
        assert self._output is not None
        length = self._output.tell()
        self._output.close()
        self._output = None
        name = file_name(self._id, SEGMENT)
        if not docs:
            self._directory.remove(name)
            return None
        info = SegmentInfo(name, length, docs)
        base = sum(segment.reader.docs for segment in self._segments)
        segment = PendingSegment(
            SegmentReader(
                self._directory.open(name),
                info,
                Deletions.none(docs),
                self.schema,
                self._directory.path,
                base,
            ),
            set(deleted),
        )
        self._segments.append(segment)
        return segment

    def _drop(self) -> None:
        """Write anew what has fields or columns that have left the schema."""
        for at, segment in enumerate(self._segments):
            if segment.dropped and segment.live_docs:
                fields, columns = self.schema.fields, self.schema.columns
                kept = Schema(
                    {name: one for name, one in fields.items() if name not in segment.dropped},
                    {name: one for name, one in columns.items() if name not in segment.dropped},
                )
                self._merge_run(at, at + 1, kept)

    def _merge(self, merge_all: bool) -> None:
        before = len(self._segments)
        self._segments = [segment for segment in self._segments if segment.live_docs]
        self._has_changed |= len(self._segments) < before
        if merge_all:
            is_one = len(self._segments) == 1
            if self._segments and not (
                is_one and self._segments[0].live_docs == self._segments[0].reader.docs
            ):
                self._merge_run(0, len(self._segments))
            return
        while True:
            sizes = [(segment.reader.docs, segment.live_docs) for segment in self._segments]
            run = choose(sizes)
            if run is None:
                return
            try:
                self._merge_run(*run)
            except LimitError:
                # Together they hold more of one term than a list may: they stay apart.
                self._forget_output()
                return

    def _forget_output(self) -> None:
        if self._output is not None:
            self._output.close()
            self._output = None
            self._directory.remove(file_name(self._id, SEGMENT))

    def _merge_run(self, start: int, stop: int, schema: Schema | None = None) -> None:
        schema = schema or self.schema
        base = 0
        readers = []
        for segment in self._segments[start:stop]:
            readers.append(segment.settled(base))
            base += segment.reader.docs
        self._id = new_id()
        self._output = self._directory.create(file_name(self._id, SEGMENT))
        docs = merge(schema, readers, SectionWriter(self._output, KIND, VERSION, self._id))
        merged = self._end(docs, ())
        assert merged is not None
        self._segments.pop()
        self._segments[start:stop] = [merged]
        self._has_changed = True

    def _publish(self) -> None:
        infos = []
        for segment in self._segments:
            info = segment.reader.info
            if segment.deleted:
                deletions = segment.settled(0).deletions
                info = SegmentInfo(
                    info.name, info.length, info.docs, deletions.write(self._directory)
                )
            infos.append(info)
        generation = self.snapshot.generation + 1 if self.snapshot else 1
        attachment = self.snapshot.manifest.attachment if self.snapshot else None
        if self._attached is not None:
            data = self._attached
            attachment = write_attachment(self._directory, data) if data else None
        publish(
            self._directory,
            Manifest(FORMAT, generation, self.schema.to_json(), tuple(infos), attachment),
        )
        self._attached = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._is_closed:
            return
        if kind is None:
            self.commit()
        else:
            self.cancel()
