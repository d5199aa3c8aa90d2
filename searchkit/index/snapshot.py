"""What does a reader see?"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from types import TracebackType
from typing import Self

from searchkit.codec.columns import Value
from searchkit.codec.terms import TermEntry
from searchkit.codec.values import decode_values
from searchkit.errors import IndexCorruptError
from searchkit.index.attachment import read_attachment
from searchkit.index.commit import open_current, read_manifest
from searchkit.index.damage import reading
from searchkit.index.deletions import Deletions
from searchkit.index.manifest import Manifest
from searchkit.index.segment import FieldReader, SegmentReader
from searchkit.kernels import search as kernel
from searchkit.schema import KEY, Schema
from searchkit.storage.directory import Directory

MOST_FREQUENCIES = 10_000
"""So many document frequencies are kept: a megabyte or two."""


class Snapshot:
    """One generation of an index, whole, whatever is written since; a context manager.

    A document is known by its docnum, from 0 to below ``docs``, which means nothing in another
    generation. Statistics count live documents only. Any number of threads may read one.

    Raises ``IndexNotFoundError`` and other ``StorageError``s, here and in every method.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        manifest, files = open_current(directory)
        self._open(manifest, files)

    def _open(self, manifest: Manifest, files: dict[str, memoryview]) -> None:
        self.manifest = manifest
        self.path = self._directory.path
        try:
            self.schema = Schema.from_json(manifest.schema)
        except ValueError as error:
            raise IndexCorruptError(self.path, str(error)) from error
        self._is_closed = False
        self._attachment = files[manifest.attachment.name] if manifest.attachment else None
        self._segments: list[SegmentReader] = []
        base = 0
        for info in manifest.segments:
            if info.deletions is None:
                deletions = Deletions.none(info.docs)
            else:
                deletions = Deletions.read(files[info.deletions.name], info, self.path)
            self._segments.append(
                SegmentReader(files[info.name], info, deletions, self.schema, self.path, base)
            )
            base += info.docs
        self.docs = base
        """How many documents there are, with the deleted ones: docnums end here."""
        self.live_docs = sum(segment.live_docs for segment in self.segments)
        self._bases = [segment.base for segment in self.segments]
        self._fields: dict[str, FieldStatistics] = {}
        self._frequencies: dict[tuple[tuple[str, bytes], ...], int] = {}

    @property
    def generation(self) -> int:
        """The number of the commit that made it, from 1."""
        return self.manifest.generation

    def is_current(self) -> bool:
        """Whether the index still is what the snapshot sees."""
        return read_manifest(self._directory) == self.manifest

    def close(self) -> None:
        """Let go of the files. Whoever asks for anything after that gets ``ValueError``; what is
        being answered by then is answered.
        """
        self._is_closed = True
        self._segments = []
        self._fields = {}
        self._attachment = None

    @property
    def attachment(self) -> bytes:
        """What its owner keeps with the index; nothing if there is nothing."""
        info = self.manifest.attachment
        if info is None or self._attachment is None:
            return b""
        return read_attachment(self._attachment, info, self.path)

    @property
    def segments(self) -> list[SegmentReader]:
        """Its segments, in the order of docnums."""
        if self._is_closed:
            raise ValueError("the snapshot is closed")
        return self._segments

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # Documents

    def _at(self, docnum: int) -> tuple[SegmentReader, int]:
        if not 0 <= docnum < self.docs:
            raise IndexError(f"there is no document {docnum} among {self.docs}")
        segment = self.segments[bisect_right(self._bases, docnum) - 1]
        return segment, docnum - segment.base

    def is_deleted(self, docnum: int) -> bool:
        """Whether the document is deleted."""
        segment, doc = self._at(docnum)
        return not segment.is_live(doc)

    def live(self) -> Iterator[int]:
        """The docnums of the live documents, in order."""
        for segment in self.segments:
            for doc in range(segment.docs):
                if segment.is_live(doc):
                    yield segment.base + doc

    def key(self, docnum: int) -> str:
        """The key of the document."""
        segment, doc = self._at(docnum)
        with reading(self.path):
            return segment.keys.key(doc)

    def docnums(self, key: str) -> list[int]:
        """The live documents with that key, in order."""
        return list(self.field(KEY).postings(key.encode("utf-8", "surrogatepass"))[0])

    def stored(self, docnum: int) -> dict[str, object]:
        """The stored values of the document."""
        segment, doc = self._at(docnum)
        with reading(self.path):
            return decode_values(segment.stored.get(doc))

    def column_value(self, name: str, docnum: int) -> Value | None:
        """The document's value in a column, or None if it has none."""
        segment, doc = self._at(docnum)
        with reading(self.path):
            return segment.column(name).value(doc)

    # Terms

    def field(self, name: str) -> FieldStatistics:
        """What is in field ``name`` of the schema, over all segments."""
        field = self._fields.get(name)
        if field is None:
            if name != KEY and name not in self.schema.fields:
                raise KeyError(f"the index has no field {name!r}")
            field = self._fields[name] = FieldStatistics(self, name)
        return field

    def df(self, word: tuple[tuple[str, bytes], ...]) -> int:
        """How many live documents have any of some terms, each in its field."""
        if len(word) == 1:
            ((name, term),) = word
            return self.field(name).df(term)
        df = self._frequencies.get(word)
        if df is None:
            df = self.count([word])
            if len(self._frequencies) >= MOST_FREQUENCIES:
                self._frequencies.clear()
            self._frequencies[word] = df
        return df

    def count(
        self,
        words: Sequence[Sequence[tuple[str, bytes]]],
        *,
        needs_all: bool = False,
        hidden: Sequence[bytes] | None = None,
    ) -> int:
        """How many live documents have any of some words, or all. A word is any of its terms, each
        in its field. With ``hidden``, bits for each segment, how many of those that these leave.
        """
        names = list(dict.fromkeys([name for word in words for name, _ in word]))
        total = 0
        for number, segment in enumerate(self.segments):
            readers = [self.field(name).parts[number][1] for name in names]
            places = array("q")
            found = 0
            for word in words:
                before = len(places)
                for name, term in word:
                    at = names.index(name)
                    where = readers[at].list_of(term, positions=False)
                    if where is not None:
                        places.extend((found, at, *where[:3]))
                found += len(places) > before
            if not found or (needs_all and found < len(words)):
                continue
            counted = kernel.count_groups(
                [reader.postings for reader in readers],
                places,
                needs_all,
                segment.docs,
                hidden[number] if hidden else segment.deleted_bits,
                bytearray(kernel.CURSOR_BYTES),
                array("Q", bytes(8 * (1 + needs_all) * (segment.docs // 64 + 1))),
            )
            if counted < 0:
                raise IndexCorruptError(self.path, "a list of postings is damaged")
            total += counted
        return total


class FieldStatistics:
    """The terms of one field and where they occur, over all segments of a snapshot."""

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        self.name = name
        self.path = snapshot.path
        self.parts = [(segment, segment.field(name)) for segment in snapshot.segments]
        self._live_docs = snapshot.live_docs
        self._frequencies: dict[bytes, int] = {}
        self._absent: set[bytes] = set()
        self.tables: dict[tuple[float, float, float], array[float]] = {}
        """What a scoring formula has computed for this field and its average length."""

    @cached_property
    def total_length(self) -> int:
        """The number of terms of all live documents."""
        total = 0
        for segment, reader in self.parts:
            lengths = reader.lengths
            if lengths is None:
                continue
            total += lengths.total
            if segment.deleted_bits:
                total -= sum(lengths.length(doc) for doc in segment.deletions)
        return total

    @cached_property
    def average_length(self) -> float:
        """The mean number of terms of the live documents, those without the field included."""
        return self.total_length / self._live_docs if self._live_docs else 0.0

    def length(self, docnum: int) -> int:
        """The number of terms of the document."""
        for segment, reader in self.parts:
            if docnum < segment.base + segment.docs and reader.lengths is not None:
                return reader.lengths.length(docnum - segment.base)
        return 0

    def df(self, term: bytes) -> int:
        """How many live documents have ``term``."""
        if term in self._absent:
            return 0
        df = self._frequencies.get(term)
        if df is None:
            df = 0
            for segment, reader in self.parts:
                where = reader.list_of(term, positions=False)
                if where is None:
                    continue
                if segment.deleted_bits:
                    df += len(segment.read_list(reader, where, positions=False)[0])
                else:
                    df += where[2]
            # Apart: of words that do not occur there is no end.
            kept = self._frequencies if df else self._absent
            if len(kept) >= MOST_FREQUENCIES:
                kept.clear()
            if df:
                self._frequencies[term] = df
            else:
                self._absent.add(term)
        return df

    def lists(
        self, term: bytes
    ) -> Iterator[tuple[SegmentReader, FieldReader, array[int], array[int]]]:
        """For each segment that has ``term``: the segment, its field, and the live documents that
        have it and how often, two ``array("I")``.
        """
        for segment, reader in self.parts:
            where = reader.list_of(term, positions=False)
            if where is not None:
                docs, tfs, _ = segment.read_list(reader, where, positions=False)
                yield segment, reader, docs, tfs

    def postings(self, term: bytes) -> tuple[array[int], array[int]]:
        """The live documents that have ``term`` and how often: two ``array("I")``."""
        docs, tfs = array("I"), array("I")
        for _, _, more_docs, more_tfs in self.lists(term):
            docs += more_docs
            tfs += more_tfs
        return docs, tfs

    def part(self, docnum: int) -> tuple[SegmentReader, FieldReader]:
        """The segment that has the document, and its field."""
        at = bisect_right(self.parts, docnum, key=lambda part: part[0].base)
        return self.parts[at - 1]

    def posting(
        self, term: bytes, docnum: int, *, positions: bool = False
    ) -> tuple[int, list[int]]:
        """How often the live document has ``term``, or 0; and, if wanted, where, from 0."""
        segment, reader = self.part(docnum)
        where = reader.list_of(term, positions=positions)
        if where is None:
            return 0, []
        docs, tfs, places = segment.read_list(reader, where, positions=positions)
        at = bisect_left(docs, docnum)
        if at == len(docs) or docs[at] != docnum:
            return 0, []
        start = sum(tfs[:at]) if positions else 0
        return tfs[at], list(places[start : start + tfs[at]])

    def positions(self, term: bytes) -> dict[int, list[int]]:
        """Where ``term`` stands in each live document that has it, from 0."""
        found: dict[int, list[int]] = {}
        for segment, reader in self.parts:
            where = reader.list_of(term, positions=True)
            if where is None:
                continue
            docs, tfs, places = segment.read_list(reader, where, positions=True)
            end = 0
            for doc, tf in zip(docs, tfs, strict=True):
                found[doc] = list(places[end : end + tf])
                end += tf
        return found

    def terms(
        self, low: bytes | None = None, high: bytes | None = None
    ) -> Iterator[tuple[bytes, int]]:
        """The terms from ``low`` to below ``high``, in order, with their number of documents,
        deleted ones included.
        """
        return self._joined([reader.terms.entries(low, high) for _, reader in self.parts])

    def prefix(self, prefix: bytes) -> Iterator[tuple[bytes, int]]:
        """The terms that begin with ``prefix``; as :meth:`terms`."""
        return self._joined([reader.terms.prefix(prefix) for _, reader in self.parts])

    def fuzzy(
        self, word: str, distance: int, prefix: int, transpositions: bool
    ) -> Iterator[tuple[bytes, int]]:
        """The terms within an edit distance of ``word`` that share its first ``prefix`` letters."""
        return self._joined(
            [
                reader.terms.fuzzy(word, distance, prefix, transpositions=transpositions)
                for _, reader in self.parts
            ]
        )

    def _joined(
        self, streams: list[Iterator[tuple[bytes, TermEntry]]]
    ) -> Iterator[tuple[bytes, int]]:
        with reading(self.path):
            if len(streams) == 1:
                for term, entry in streams[0]:
                    yield term, entry.df
                return
            found: dict[bytes, int] = {}
            for stream in streams:
                for term, entry in stream:
                    found[term] = found.get(term, 0) + entry.df
        yield from sorted(found.items())
