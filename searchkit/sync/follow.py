"""How does the index follow?

It is committed now and then, so that a run that is interrupted keeps most of what it did, and the
next one goes on from there: each commit says truly of every document from which state of its file
it is. What has gone leaves last, because a file that was renamed takes over what is stored of it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from searchkit import __version__
from searchkit.document import Document, Passage
from searchkit.document_records import GIVEN, RACY_NS, DocumentRecord, FileState
from searchkit.index import Writer
from searchkit.passage_index import (
    documents_of,
    passage_writer,
    put,
)
from searchkit.passages.sections import shortened
from searchkit.readers.formats import format_of
from searchkit.readers.titles import title_from_key
from searchkit.reading.files import (
    DOCUMENT,
    END,
    NAMES,
    NOTHING_IN_IT,
    SAME,
    Message,
    Task,
    document_of,
)
from searchkit.reading.pool import read_files
from searchkit.report import Progress
from searchkit.sync.plan import Plan, Request, limits_of, plan, read_as
from searchkit.sync.row_names import fields_not_met
from searchkit.sync_notes import Skipped, SyncNotes
from searchkit.upgrade import bring_up_to_date
from searchkit.walk import File, Walk

_COMMIT_SECONDS = 30.0
_COMMIT_BYTES = 512 << 20
"""After so much is read there is a commit."""


def follow(index: Path, found: Walk, planned: Plan | None, request: Request) -> Plan:
    """Do what is planned, in the index in the folder ``index``; what was done, and is known now.
    Without a plan the index may need other fields first.

    Raises ``UsageError`` if ``index`` is something else, and ``StorageError``s.
    """
    with passage_writer(index, request.fields, request.dictionary) as writer:
        note = bring_up_to_date(writer, request.fields, request.dictionary)
        if note:
            writer.checkpoint()
        generation = 0 if writer.snapshot is None else writer.snapshot.generation
        if planned is None or generation != planned.generation:
            # Perhaps somebody has committed before we had the right to.
            planned = plan(writer.snapshot, found, index.parent, request)
        if note:
            planned.report.notes.append(note)
        _Follower(writer, planned, request).run()
    return planned


_Kind = tuple[int, str, str, int]
"""Size, suffix, format and how it is read."""


class _Follower:
    def __init__(self, writer: Writer, planned: Plan, request: Request) -> None:
        self._writer = writer
        self._plan = planned
        self._request = request
        self._report = planned.report
        self._given = dict(request.given)
        self._heirs: dict[_Kind, dict[bytes, list[str]]] = {}
        self._has_noted = False
        self._taken: set[str] = set()
        self._known = {key for state in planned.states.values() for key in state.keys}
        self._new: set[str] = set()
        self._row_names: set[str] = set()
        self._committed = time.monotonic()
        self._bytes_since = 0

    def run(self) -> None:
        planned = self._plan
        for key in planned.leaving:
            self._remove(key)
        self._find_heirless()
        known = {kind: tuple(some) for kind, some in self._heirs.items()}
        keys = planned.to_read
        tasks = [self._task(key, planned.files[key], known) for key in keys]
        kept = {key for some in self._heirs.values() for keys in some.values() for key in keys}
        for key in planned.gone:
            if key not in kept:
                self._remove(key)
        self._files = self._size_bytes = self._partial_bytes = 0
        self._files_total, self._size_bytes_total = len(tasks), sum(t.size_bytes for t in tasks)
        self._tell(0, 0)
        request = self._request
        with closing(read_files(tasks, request.options, request.limits, request.jobs)) as messages:
            self._follow(keys, messages)
        for key in sorted(kept):
            self._remove(key)
        self._report.notes += fields_not_met(planned, request.options, self._row_names)
        self._note()

    # Before reading

    def _find_heirless(self) -> None:
        """Of the files that have gone, find those that one of another name may be now: by what is
        known of both, and then by their digests.
        """
        planned = self._plan
        new = {
            self._kind(key, planned.files[key].size_bytes, self._how(key))
            for key in planned.to_read
            if key not in planned.states and not planned.files[key].as_text
        }
        for key in planned.gone:
            state = planned.states[key]
            kind = self._kind(key, state.size_bytes, state.read_as)
            if kind in new and key not in planned.skipped and self._can_be_renamed(key):
                self._heirs.setdefault(kind, {}).setdefault(self._digest(state), []).append(key)

    def _how(self, key: str) -> int:
        return read_as(key, self._plan.files[key], self._request.options)

    @staticmethod
    def _kind(key: str, size_bytes: int, how: int) -> _Kind:
        """What two files have in common if reading one may give what reading the other does."""
        format = format_of(key)
        return size_bytes, os.path.splitext(key)[1], "" if format is None else format.name, how

    def _digest(self, state: FileState) -> bytes:
        assert self._writer.snapshot is not None
        digest = self._writer.snapshot.column_value("digest", state.docnum)
        return digest if isinstance(digest, bytes) else b""

    def _task(self, key: str, file: File, heirless: dict[_Kind, tuple[bytes, ...]]) -> Task:
        state = self._plan.states.get(key)
        known: tuple[bytes, ...] = ()
        if state is None:
            kind = self._kind(key, file.size_bytes, self._how(key))
            known = () if file.as_text else heirless.get(kind, ())
        elif state.read_as == self._how(key) and (key not in self._plan.skipped):
            known = (self._digest(state),)
        return Task(
            key,
            file.path,
            file.size_bytes,
            file.modified_ns or time.time_ns(),
            known,
            file.is_link,
            file.as_text,
            self._given.get(key) if file.origin == GIVEN else None,
        )

    def _can_be_renamed(self, other: str) -> bool:
        """Whether it is known what of that which is stored of ``other`` comes from its name."""
        assert self._writer.snapshot is not None
        state = self._plan.states[other]
        name = shortened(title_from_key(other))
        for document, *_ in documents_of(self._writer.snapshot, state.keys):
            # A title that is the file's name, and stands in the text too, may be either; those of
            # rows begin with it.
            if name in document.title and not (
                document.key == other and document.title == name and name not in document.text
            ):
                return False
        return True

    # Reading

    def _follow(self, keys: list[str], messages: Iterator[Message]) -> None:
        started = -1
        for message in messages:
            kind, number = message[0], message[1]
            key = keys[number]
            if number != started:
                started = number
                state: tuple[int, int, int, bytes] | None = None
                documents: list[str] = []
                is_same = False
            if kind == DOCUMENT:
                assert state is not None
                self._put(key, message, state, documents)
            elif kind == NAMES:
                self._row_names.update(message[2])
            elif kind == END:
                self._end(key, message, state, documents, is_same=is_same)
            else:
                state = message[2:6]
                is_same = kind == SAME
                if is_same:
                    self._same(key, state, documents)

    def _put(
        self, key: str, message: Message, state: tuple[int, int, int, bytes], before: list[str]
    ) -> None:
        if not before:
            self._forget(key)
        document, passages, language = document_of(message)
        record = self._record(key, document, passages, state)
        put(
            self._writer,
            document,
            passages,
            record,
            language=language,
            is_new=document.key not in self._known and document.key not in self._new,
        )
        self._added(document.key, passages, before)
        # A file of many documents may take minutes: how far it is, its texts tell best.
        size = self._plan.files[key].size_bytes
        self._partial_bytes = min(self._partial_bytes + len(document.text), size)
        self._tell(0, 0)

    def _record(
        self,
        key: str,
        document: Document,
        passages: list[Passage],
        state: tuple[int, int, int, bytes],
    ) -> DocumentRecord:
        size_bytes, modified_ns, read_ns, digest = state
        return DocumentRecord(
            document.key,
            size_bytes,
            modified_ns,
            digest,
            read_ns,
            len(passages),
            key,
            self._plan.files[key].origin,
            self._how(key),
        )

    def _same(self, key: str, state: tuple[int, int, int, bytes], documents: list[str]) -> None:
        """The file has bytes that are known: its own, or those of one that has gone."""
        size_bytes, modified_ns, read_ns, digest = state
        own = self._plan.states.get(key)
        file = self._plan.files[key]
        if own is None:
            how = self._how(key)
            others = self._heirs[self._kind(key, file.size_bytes, how)][digest]
            # Of several that were the same each is taken over once, the last one by all the rest.
            other = others.pop() if len(others) > 1 else others[0]
            self._take_over(other, key, state, documents)
            self._taken.add(other)
            return
        is_young = read_ns - modified_ns <= RACY_NS
        is_same = (own.size_bytes, own.modified_ns) == (size_bytes, modified_ns)
        if (is_same and is_young and own.origin >= file.origin) or file.origin == GIVEN:
            documents += own.keys
            return
        # Only its time is another, or can be trusted from now on.
        self._take_over(key, key, state, documents)

    def _take_over(
        self, other: str, key: str, state: tuple[int, int, int, bytes], documents: list[str]
    ) -> None:
        """Put what is stored of the file ``other`` under the name ``key``."""
        snapshot = self._writer.snapshot
        assert snapshot is not None
        keys = self._plan.states[other].keys
        for document, passages, record in list(documents_of(snapshot, keys)):
            title = document.title
            if document.key == other and title == shortened(title_from_key(other)):
                title = shortened(title_from_key(key))
            modified = document.modified
            if modified == record.modified_ns / 1e9:
                modified = state[1] / 1e9
            name = key + document.key[len(other) :]
            passages = [
                replace(
                    one,
                    key=name,
                    modified=modified,
                    title=title,
                )
                for one in passages
            ]
            document = replace(document, key=name, title=title, modified=modified)
            if not documents:
                self._forget(key)
            record = self._record(key, document, passages, state)
            put(self._writer, document, passages, record)
            self._added(name, passages, documents)

    def _end(
        self,
        key: str,
        message: Message,
        state: tuple[int, int, int, bytes] | None,
        documents: list[str],
        *,
        is_same: bool,
    ) -> None:
        _, _, failures, reason, may_mend = message
        file = self._plan.files[key]
        size_bytes, modified_ns, read_ns = (
            state[:3] if state else (file.size_bytes, file.modified_ns, time.time_ns())
        )
        if may_mend:
            size_bytes = -1
        how = self._how(key)
        some = [
            Skipped(inner, key, said, size_bytes, modified_ns, read_ns, how)
            for inner, said in failures
            if inner.startswith(key)
        ]
        if reason:
            said = "" if file.as_text and not documents else reason
            some.append(Skipped(key, key, said, size_bytes, modified_ns, read_ns, how))
        self._plan.skipped.pop(key, None)
        if some:
            self._plan.skipped[key] = some
        if reason == NOTHING_IN_IT:
            self._forget(key)
        if documents or reason == NOTHING_IN_IT:
            self._count(key, documents, is_same=is_same)
        self._partial_bytes = 0
        self._tell(1, file.size_bytes)
        self._commit_now_and_then(file.size_bytes)

    # What was done

    def _forget(self, key: str) -> None:
        """Delete what the index has of the file."""
        state = self._plan.states.get(key)
        for one in state.keys if state else ():
            self._report.passages -= self._writer.delete(one)

    def _remove(self, key: str) -> None:
        """Delete what the index has of a file that has gone, or is wanted no more."""
        keys = [one for one in self._plan.states[key].keys if one not in self._new]
        for one in keys:
            self._report.passages -= self._writer.delete(one)
        self._report.documents -= len(keys)
        if key not in self._taken:
            self._report.removed += len(keys)

    def _added(self, key: str, passages: list[Passage], documents: list[str]) -> None:
        documents.append(key)
        self._new.add(key)
        self._report.passages += len(passages)

    def _count(self, key: str, documents: list[str], *, is_same: bool) -> None:
        """Count the documents of a file that has been read."""
        report = self._report
        state = self._plan.states.get(key)
        if state is None and not is_same:
            report.documents += len(documents)
            report.added += len(documents)
            return
        before = set(state.keys) if state else set()
        now = set(documents)
        report.documents += len(now) - len(before)
        report.removed += len(before - now)
        if state is None and is_same:
            report.renamed += len(now)
        elif is_same:
            report.unchanged += len(now)
        else:
            report.changed += len(now & before)
            report.added += len(now - before)

    def _note(self) -> None:
        planned = self._plan
        skipped = planned.all_skipped()
        before = planned.notes
        if self._has_noted or (skipped, planned.sources) != (before.skipped, before.sources):
            self._has_noted = True
            notes = SyncNotes(__version__, limits_of(self._request), planned.sources, skipped)
            self._writer.attach(notes.encode() if skipped or planned.sources else b"")

    def _commit_now_and_then(self, size_bytes: int) -> None:
        self._bytes_since += size_bytes
        now = time.monotonic()
        if now - self._committed > _COMMIT_SECONDS or self._bytes_since > _COMMIT_BYTES:
            self._note()
            self._writer.checkpoint()
            self._committed, self._bytes_since = time.monotonic(), 0

    def _tell(self, files: int, size_bytes: int) -> None:
        self._files += files
        self._size_bytes += size_bytes
        progress = self._request.progress
        if progress is not None:
            done_bytes = self._size_bytes + self._partial_bytes
            progress(Progress(self._files, self._files_total, done_bytes, self._size_bytes_total))
