"""The door: open a collection, keep it in step with folders, search it, read from it.

Everything that the command line does goes through here, and so can every program.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from searchkit.answer import Answer, Hit
from searchkit.asking import Analyses, ask, asked_of, best_documents
from searchkit.config import INDEX_FOLDER, Project, find_index, find_project
from searchkit.document import Passage
from searchkit.document_records import keys, record_of
from searchkit.errors import DocumentNotFoundError, IndexNotFoundError
from searchkit.freshness import Files, State
from searchkit.index import Snapshot, is_begun, is_index
from searchkit.metadata import declared
from searchkit.passage_index import (
    DocumentInfo,
    document_info,
    passage,
    text_of,
)
from searchkit.query import Query, parse
from searchkit.schema import word_field
from searchkit.storage.disk import DiskDirectory

if TYPE_CHECKING:
    from threading import Event

    from searchkit.asking import Options as Options
    from searchkit.citations import Citation as Citation
    from searchkit.citations import Finding as Finding
    from searchkit.evaluation import Evaluation as Evaluation
    from searchkit.facets import Facet as Facet
    from searchkit.highlight import Fragment as Fragment
    from searchkit.part import Part as Part
    from searchkit.report import Progress as Progress
    from searchkit.report import SyncReport as SyncReport
    from searchkit.search.explanation import Explanation as Explanation
    from searchkit.search.rerank import Asked
    from searchkit.status import Status as Status
    from searchkit.sync.settings import Settings
    from searchkit.understood import Understood as Understood

__all__ = [
    "Answer",
    "Collection",
    "DocumentInfo",
    "Hit",
    "Passage",
    "Project",
    "State",
    "find",
    "find_project",
    "open",
]


def open(path: str | os.PathLike[str] = ".") -> Collection:
    """The collection of the folder ``path``, whose index lies in ``path/.searchkit``.

    ``path`` may also be the index's own folder. The index need not exist: ``sync`` makes it, and
    until then everything else raises ``IndexNotFoundError``.
    """
    folder = Path(path)
    if folder.name == INDEX_FOLDER or is_begun(folder):
        return Collection(folder)
    return Collection(folder / INDEX_FOLDER)


def find(start: str | os.PathLike[str] = ".") -> Collection:
    """The collection whose index lies in the folder ``start`` or in the nearest one above it.

    Raises ``IndexNotFoundError`` if there is none.
    """
    index = find_index(Path(start))
    if index is None:
        raise IndexNotFoundError(Path(os.path.realpath(start)), "in or above")
    return Collection(index)


def citation(value: Mapping[str, object]) -> Citation:
    """The citation that a JSON object stands for, such as a hit that ``query --jsonl`` prints: its
    key, start, end and text_hash, and its text if it is there.

    Raises ``ValueError`` if it is none.
    """
    # Late: whoever only searches does not wait for it.
    from searchkit.citations import citation_of

    return citation_of(value)


class Collection:
    """Documents that can be searched, and the index they lie in; a context manager.

    ``index`` is the index's own folder. Searching sees the index as it was at the first look, or
    at the last :meth:`refresh` or :meth:`sync`.

    Everything but ``sync`` raises ``IndexNotFoundError`` if there is no index, and every method
    raises another ``StorageError`` if the index cannot be used.
    """

    def __init__(self, index: str | os.PathLike[str]) -> None:
        self.index = Path(os.path.realpath(index))
        self._opened: Snapshot | None = None
        self._analyses = Analyses(self.index.parent)

    def close(self) -> None:
        """Let go of the index's files. The collection may be used again."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def exists(self) -> bool:
        """Whether there is an index."""
        return is_index(self.index)

    def refresh(self) -> bool:
        """See what has been committed since. Returns whether there was anything new."""
        if self._opened is not None and self._opened.is_current():
            return False
        fresh = Snapshot(DiskDirectory(self.index))
        self.close()
        self._opened = fresh
        return True

    # Writing

    def sync(
        self,
        paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        **settings: Unpack[Settings],
    ) -> SyncReport:
        """Bring the index in step with the files at and below ``paths`` (one, or several).

        New documents are added, changed ones replaced, and those below ``paths`` whose file has
        gone, or is left out now, removed. A file that cannot be read is reported, and what the
        index has of it stays. Makes the index if there is none. It commits every half minute: what
        was committed before an error or an interruption stays, and the next sync goes on from it.
        ``settings`` are those of ``searchkit.sync.settings.Settings``, each by its name.

        Raises ``UsageError`` for wrong ``fields`` and for a path that does not exist (and then
        changes nothing), and ``IndexLockedError`` if there is something to do while another process
        writes to the index.
        """
        if isinstance(paths, (str, os.PathLike)):
            paths = [paths]
        # Late: whoever only searches does not wait for readers and writers.
        from searchkit.sync import request_of, sync

        report = sync(self.index, [Path(path) for path in paths], request_of(settings))
        if self._opened is not None and not self._opened.is_current():
            self.close()
        return report

    def watch(
        self,
        paths: Sequence[str | os.PathLike[str]],
        stop: Event,
        waits: Callable[[Exception], None] = lambda _: None,
        **settings: Unpack[Settings],
    ) -> Iterator[SyncReport]:
        """Bring the index in step with ``paths``, and again whenever something at or below them
        changes, until ``stop`` is set: a report for each time. ``settings`` are those of
        :meth:`sync`.

        After an error that may pass it waits and tries again, and calls ``waits`` with the error
        whenever it has tried in vain: while another process writes to the index; and, once it has
        been in step, while the disk is full, or a folder of ``paths`` has gone (it stays in the
        index; a file leaves). Raises as :meth:`sync`, and ``UsageError`` without watchfiles.
        """
        # Late: whoever only searches does not wait for it.
        from searchkit.watch import keep_in_step

        return keep_in_step(self.sync, self.index, paths, stop, waits, settings)

    # The index itself

    def status(self) -> Status:
        """What the index holds and takes."""
        # Late: a search does not ask for it.
        from searchkit.status import status_of

        return status_of(self._snapshot, self.index)

    def check(self) -> Iterator[str]:
        """Read the whole index, as it is now, and give a line for everything that is damaged: the
        file, the section, and what is wrong. Nothing for a sound index.

        Raises as every method does, but never ``IndexCorruptError``.
        """
        # Late: whoever only searches does not wait for it.
        from searchkit.index.check import check

        return check(DiskDirectory(self.index))

    # Reading

    def search(self, query: str, *, strict: bool = False, **options: Unpack[Options]) -> Answer:
        """The best passages; ``options`` are those of ``searchkit.asking.Options``, each by its
        name. What cannot be understood as typed is searched for as text, and ``Answer.notices``
        says so; with ``strict``, ``QuerySyntaxError`` or ``UnknownFieldError`` is raised instead.

        Raises ``ValueError`` if a number is negative, ``UnknownFieldError`` if there is no such
        field to sort by or to count, and ``UsageError`` for a wrong cursor.
        """
        return ask(
            self._snapshot,
            self._parsed(query, strict),
            self._analyses.of(self._snapshot),
            Files(self.index.parent),
            options,
        )

    def similar(self, key: str, ordinal: int = 0, **options: Unpack[Options]) -> Answer:
        """The passages most like one, by its most telling words, without its own document.
        ``options`` as in :meth:`search`. Raises ``DocumentNotFoundError`` if there is no such
        passage.
        """
        # Late: whoever only searches does not wait for it.
        from searchkit.similar import query_like

        analysis, docnum = self._analyses.of(self._snapshot), self._docnum(key, ordinal)
        query = query_like(self._snapshot, docnum, analysis.documents, analysis.unmarked)
        name = f"{key}#{ordinal}"
        return ask(self._snapshot, query, analysis, Files(self.index.parent), options, name)

    def best_documents(
        self, query: str, count: int, *, strict: bool = False
    ) -> list[tuple[str, float]]:
        """The ``count`` best documents by their best passages: key and score, best first. Nothing
        is read of them: what measures rankings asks for many. ``strict`` as in :meth:`search`.
        """
        return best_documents(self._snapshot, self._asked(query, strict), count)

    def evaluate(
        self,
        queries: str | os.PathLike[str],
        judgments: str | os.PathLike[str],
        *,
        measures: Sequence[str] = (),
        depth: int = 100,
        against: str | os.PathLike[str] | None = None,
    ) -> Evaluation:
        """How good the best ``depth`` documents are for the queries in a file, by the judgments in
        another, and compared with the run in the file ``against``. Formats and measures are those
        of ``searchkit eval``.

        Raises ``UsageError`` for files or measures that are not understood, and if ir-measures is
        not installed.
        """
        # Late: whoever only searches does not wait for it.
        from searchkit.evaluation import DEFAULT_MEASURES, evaluate

        return evaluate(
            lambda text: self.best_documents(text, depth),
            self.keys(),
            Path(queries),
            Path(judgments),
            measures or DEFAULT_MEASURES,
            None if against is None else Path(against),
        )

    def explain(
        self, query: str, key: str, ordinal: int, *, strict: bool = False, recency: float = 0.0
    ) -> Explanation:
        """Why a passage has the score that :meth:`search` gives it for ``query``; if it is no hit,
        ``matched`` is false. ``strict`` and ``recency`` as there.

        Raises ``DocumentNotFoundError`` if there is no such passage.
        """
        # Late: whoever only searches does not wait for it.
        from searchkit.search.rerank import explain

        asked = self._asked(query, strict, recency)
        return explain(self._snapshot, asked, self._docnum(key, ordinal))

    def get(self, key: str, ordinal: int) -> Passage:
        """A passage by its document's key and its number.

        Raises ``DocumentNotFoundError`` if there is none.
        """
        return passage(self._snapshot, self._docnum(key, ordinal))

    def text(self, key: str) -> str:
        """The whole extracted text of a document: what the offsets of its passages cut from.

        Raises ``DocumentNotFoundError`` if there is no such document.
        """
        text = text_of(self._snapshot, key)
        if text is None:
            raise DocumentNotFoundError(key)
        return text

    def document(self, key: str) -> DocumentInfo:
        """What is known of a document besides its text: its title, who wrote it and when, and every
        field that it has. Raises ``DocumentNotFoundError`` if there is no such document.
        """
        info = document_info(self._snapshot, key)
        if info is None:
            raise DocumentNotFoundError(key)
        return info

    def part(self, key: str, line: int = 1, count: int | None = None, *, place: str = "") -> Part:
        """What stands on ``count`` lines of a document from ``line`` on, or on all from there; or
        at a ``place``, as hits have it ("page 3"). Where the text is not the source's own, as of a
        web page, it is the paragraphs that begin on these lines. Raises ``DocumentNotFoundError``
        if there is nothing, and ``ValueError`` for a line or count below 1.
        """
        if line < 1 or (count is not None and count < 1):
            raise ValueError(f"line and count begin at 1: {line}, {count}")
        # Late: whoever only searches does not wait for it.
        from searchkit.part import at_place, on_lines

        snapshot = self._snapshot
        part = at_place(snapshot, key, place) if place else on_lines(snapshot, key, line, count)
        if part is None:
            self._docnum(key, 0)
            raise DocumentNotFoundError(key, place or f"text from line {line:,} on")
        return part

    def __contains__(self, key: str) -> bool:
        """Whether there is a document with that key."""
        return bool(self._snapshot.docnums(key))

    def keys(self) -> Iterator[str]:
        """The keys of all documents."""
        return keys(self._snapshot)

    def nearest(self, key: str, count: int = 3) -> tuple[str, ...]:
        """The keys most like one that may be misspelt, among the first 10,000."""
        # Late: whoever only searches does not wait for it.
        from searchkit.nearest import nearest

        return nearest(key, self.keys(), count)

    def state(self, key: str) -> State:
        """Whether a document's file has changed or gone since it was indexed.

        Raises ``DocumentNotFoundError`` if there is no such document.
        """
        self._docnum(key, 0)
        record = record_of(self._snapshot, key)
        return State.FRESH if record is None else Files(self.index.parent).state(record)

    def verify(self, citations: Iterable[Citation]) -> Iterator[Finding]:
        """Which citations still hold: for each, in order, what has become of it."""
        # Late: whoever only searches does not wait for it.
        from searchkit.citations import verify

        return verify(self._snapshot, citations, Files(self.index.parent))

    def _docnum(self, key: str, ordinal: int) -> int:
        docnums = self._snapshot.docnums(key)
        if not docnums:
            raise DocumentNotFoundError(key)
        if not 0 <= ordinal < len(docnums):
            raise DocumentNotFoundError(key, f"passage {ordinal}")
        return docnums[ordinal]

    @property
    def _snapshot(self) -> Snapshot:
        if self._opened is None:
            self._opened = Snapshot(DiskDirectory(self.index))
        return self._opened

    def _asked(self, query: str, strict: bool, recency: float = 0.0) -> Asked:
        snapshot = self._snapshot
        return asked_of(snapshot, self._parsed(query, strict), self._analyses.of(snapshot), recency)

    def _parsed(self, query: str, strict: bool) -> Query:
        schema = self._snapshot.schema
        twins = {one: word_field(one) for one in schema.fields if word_field(one) in schema.fields}
        analysis = self._analyses.of(self._snapshot)
        return parse(
            query,
            analysis.queries,
            strict=strict,
            metadata=declared(schema),
            written=twins,
            expansion=analysis.expansion,
        )
