"""What is in one segment?

One file: an envelope of kind "SEGM" with these sections, each drawn in the module of ``codec/``
that writes it:

    stored, stored.index, keys, keys.index
    for each field F: terms:F, terms.index:F, postings:F, positions:F, and lengths:F if it has them
    for each column C: column:C

Its meta is {"docs": number of documents, "fields": [names], "columns": [names]}: a segment that was
written before the schema got a field has none of its terms. A segment never changes; which of its
documents are deleted stands in another file (``deletions.py``).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from searchkit.codec import CorruptError
from searchkit.codec.columns import (
    BytesColumn,
    FlagColumn,
    NumberColumn,
    encode_column,
    open_column,
)
from searchkit.codec.keys import Keys
from searchkit.codec.lengths import Lengths, encode_lengths
from searchkit.codec.postings import DELETED, PADDING, PostingsWriter, read_postings, u32
from searchkit.codec.stored import Stored
from searchkit.codec.terms import TermEntry, Terms, encode_terms
from searchkit.index.damage import reading
from searchkit.index.deletions import Deletions
from searchkit.index.manifest import SegmentInfo, file_id
from searchkit.schema import KEY, Field, Schema
from searchkit.storage.envelope import SectionReader, SectionWriter

KIND = b"SEGM"
VERSION = 3

KEY_FIELD = Field(frequencies=False, positions=False, lengths=False)


def indexed_fields(schema: Schema) -> dict[str, Field]:
    """The fields of an index, with the one that finds documents by their key."""
    return {**schema.fields, KEY: KEY_FIELD}


def write_section(writer: SectionWriter, name: str, *parts: bytes | bytearray | memoryview) -> None:
    """Write a whole section."""
    writer.begin(name)
    for part in parts:
        writer.write(part)
    writer.end()


def write_terms(
    writer: SectionWriter,
    name: str,
    text: bytes | bytearray,
    ends: array[int],
    lists: PostingsWriter,
) -> None:
    """Write what belongs to the postings of field ``name``: its positions and its terms."""
    write_section(writer, f"positions:{name}", *lists.positions)
    lists.positions = []
    terms, index = encode_terms(
        text,
        ends,
        lists.df,
        lists.cf,
        lists.postings_lengths,
        lists.positions_lengths,
        *lists.checksums,
    )
    write_section(writer, f"terms:{name}", terms)
    write_section(writer, f"terms.index:{name}", index)


def segment_meta(schema: Schema, docs: int) -> dict[str, object]:
    """The meta of a segment that is written with ``schema``."""
    return {"docs": docs, "fields": [*indexed_fields(schema)], "columns": [*schema.columns]}


def _names(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise CorruptError("a segment does not name its fields")
    return frozenset(value)


def write_lengths(writer: SectionWriter, name: str, lengths: Iterable[int]) -> None:
    """Write the lengths of field ``name``."""
    write_section(writer, f"lengths:{name}", encode_lengths(lengths), PADDING)


class FieldReader:
    """One field of a segment. Raises ``IndexCorruptError`` for damaged bytes."""

    def __init__(self, segment: SegmentReader, name: str, field: Field) -> None:
        self._path = segment.path
        self.field = field
        self._name = name
        self._sections: SectionReader | None = None
        self._lists: dict[tuple[bytes, bool], tuple[int, int, int, int, int, int]] = {}
        if name not in segment.field_names:
            self._open_empty(segment.docs)
            return
        self._sections = sections = segment.sections
        with reading(self._path):
            self.postings = sections.section(f"postings:{name}")
            self.positions = sections.section(f"positions:{name}")
            if len(self.postings) < len(PADDING) or len(self.positions) < len(PADDING):
                raise CorruptError(f"the lists of {name} are cut off")
            self.terms = Terms(
                sections.section(f"terms:{name}"),
                sections.verified(f"terms.index:{name}"),
                self.postings[: -len(PADDING)],
                self.positions[: -len(PADDING)],
            )
            self.lengths: Lengths | None = None
            self.length_bytes = memoryview(b"")
            self.length_width = 1
            if field.lengths:
                section = sections.verified(f"lengths:{name}")
                self.length_bytes = section[_LENGTHS_HEADER:]
                self.lengths = Lengths(section[: -len(PADDING)])
                self.length_width = self.lengths.width
                if len(self.lengths) != segment.docs:
                    raise CorruptError(f"{name} has {len(self.lengths)} lengths")
            else:
                # Kernels look a length up for each document: here they are all 0.
                self.length_bytes = memoryview(bytes(segment.docs))

    def verify_lists(self) -> None:
        """Check all lists at once, for who reads all of them."""
        if self._sections is not None:
            for kind in ("postings", "positions"):
                self._sections.verified(f"{kind}:{self._name}")

    def _open_empty(self, docs: int) -> None:
        none = memoryview(PADDING)
        terms, index = encode_terms(b"", *_NO_TERMS)
        self.postings = self.positions = none
        self.terms = Terms(memoryview(terms), memoryview(index), none[:0], none[:0])
        self.lengths = (
            Lengths(memoryview(encode_lengths(u32(docs)))) if self.field.lengths else None
        )
        self.length_bytes = memoryview(bytes(docs + len(PADDING)))
        self.length_width = 1

    def list_of(
        self, term: bytes, *, positions: bool
    ) -> tuple[int, int, int, int, int, int] | None:
        """Where the list of ``term`` lies, verified: begin and end in ``postings``, number of
        postings, begin and end in ``positions``, and how often the term occurs. None without it.
        """
        where = self._lists.get((term, positions))
        if where is not None:
            return where
        with reading(self._path):
            entry = self.terms.lookup(term)
            if entry is None:
                return None
            self.terms.postings(entry)
            if positions:
                self.terms.positions(entry)
        _, df, cf, start, length, positions_start, positions_length = entry
        positions_end = positions_start + positions_length
        where = (start, start + length, df, positions_start, positions_end, cf)
        if len(self._lists) >= _MOST_LISTS:
            self._lists.clear()
        self._lists[term, positions] = where
        return where

    def lists_of(self, terms: Iterable[tuple[bytes, TermEntry]]) -> array[int]:
        """Where the postings of each of ``terms`` lie, verified: begin, end and number of postings,
        an ``array("q")``.
        """
        lists = array("q")
        with reading(self._path):
            for _, (ordinal, df, _, start, length, _, _) in terms:
                self.terms.verify_postings(ordinal)
                lists.extend((start, start + length, df))
        return lists


_LENGTHS_HEADER = 16
_MOST_LISTS = 256
"""A ranking asks for the lists of a query's words three times. Each takes 200 bytes here."""
_NO_TERMS = (
    array("I"), array("I"), array("Q"), array("Q"), array("Q"), array("I"), array("I")
)  # fmt: skip


class SegmentReader:
    """A segment as one generation sees it; ``base`` is the docnum of its first document."""

    def __init__(
        self,
        data: memoryview,
        info: SegmentInfo,
        deletions: Deletions,
        schema: Schema,
        path: Path,
        base: int,
    ) -> None:
        self.data = data
        self.info = info
        self.path = path
        self.base = base
        self.schema = schema
        self.docs = info.docs
        self.deletions = deletions
        self.live_docs = info.docs - deletions.count
        self.deleted_bits = deletions.bits if deletions.count else b""
        self.sections = SectionReader(
            data,
            KIND,
            versions=(VERSION, VERSION),
            path=path,
            name=info.name,
            id=file_id(info.name),
        )
        with reading(path):
            meta = self.sections.meta
            if meta.get("docs") != info.docs:
                raise CorruptError(f"{info.name} has another number of documents than its manifest")
            self.field_names = _names(meta.get("fields"))
            self.column_names = _names(meta.get("columns"))
        self._fields: dict[str, FieldReader] = {}
        self._columns: dict[str, NumberColumn | FlagColumn | BytesColumn] = {}

    def field(self, name: str) -> FieldReader:
        """The field ``name`` of the schema."""
        if name not in self._fields:
            field = indexed_fields(self.schema)[name]
            self._fields[name] = FieldReader(self, name, field)
        return self._fields[name]

    def column(self, name: str) -> NumberColumn | FlagColumn | BytesColumn:
        """The column ``name`` of the schema."""
        if name not in self._columns:
            kind = self.schema.columns[name]
            with reading(self.path):
                if name in self.column_names:
                    section = self.sections.verified(f"column:{name}")
                else:
                    section = memoryview(encode_column(kind, [None] * self.docs))
                column = open_column(section)
                if len(column) != self.docs:
                    raise CorruptError(f"the column {name} has {len(column)} values")
                if column.kind is not kind:
                    raise CorruptError(f"the column {name} holds values of another kind")
            self._columns[name] = column
        return self._columns[name]

    @cached_property
    def docmap(self) -> array[int]:
        """For each document its docnum, or ``DELETED``."""
        docmap = array("I", range(self.base, self.base + self.docs))
        for doc in self.deletions:
            docmap[doc] = DELETED
        return docmap

    @cached_property
    def stored(self) -> Stored:
        """The stored values of each document, encoded."""
        with reading(self.path):
            stored = Stored(self.sections.section("stored"), self.sections.verified("stored.index"))
            if len(stored) != self.docs:
                raise CorruptError(f"{len(stored)} documents are stored")
            return stored

    @cached_property
    def keys(self) -> Keys:
        """The key of each document."""
        with reading(self.path):
            keys = Keys(self.sections.verified("keys"), self.sections.verified("keys.index"))
            if len(keys) != self.docs:
                raise CorruptError(f"there are {len(keys)} keys")
            return keys

    def read_list(
        self, field: FieldReader, where: tuple[int, int, int, int, int, int], *, positions: bool
    ) -> tuple[array[int], array[int], array[int]]:
        """The live postings of a list that ``field.list_of`` has found: docnums, frequencies and
        all positions, three ``array("I")``.
        """
        with reading(self.path):
            return read_postings(
                field.postings,
                field.positions,
                where[:5],
                where[5],
                self.docmap,
                with_positions=positions,
            )

    def with_schema(self, schema: Schema) -> SegmentReader:
        """The same segment, read with another schema."""
        return SegmentReader(self.data, self.info, self.deletions, schema, self.path, self.base)

    def is_live(self, doc: int) -> bool:
        """Whether the segment's document ``doc`` is not deleted."""
        return not self.deleted_bits or not self.deleted_bits[doc >> 3] >> (doc & 7) & 1

    def live(self) -> list[int] | None:
        """The documents that are not deleted, in order; None if that is all of them."""
        return None if not self.deleted_bits else [d for d in range(self.docs) if self.is_live(d)]
