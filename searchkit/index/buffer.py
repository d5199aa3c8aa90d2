"""What has been added and is not yet in a segment?

Tokens wait as numbers of terms, four bytes each, field by field; stored values go to the new
segment's file at once, block by block. So memory is bounded by the number of tokens.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

from searchkit.analysis import Vocabulary, open_analyzer
from searchkit.codec.columns import Value, encode_column
from searchkit.codec.keys import KeysWriter
from searchkit.codec.postings import PostingsWriter, u32
from searchkit.codec.stored import StoredWriter
from searchkit.codec.values import encode_values
from searchkit.index.segment import (
    indexed_fields,
    segment_meta,
    write_lengths,
    write_section,
    write_terms,
)
from searchkit.kernels import postings as kernel
from searchkit.schema import KEY, Field, Kind, Schema
from searchkit.storage.envelope import SectionWriter

Terms = Sequence[bytes] | Sequence[tuple[bytes, int]]
"""The terms of a field in order, which stand at 0, 1, 2 and so on, or each with its position."""

_GAP = 100
"""Positions between two texts of one field: no phrase reaches across."""


class _TermIds:
    """Numbers the terms of fields whose terms are given as bytes."""

    def __init__(self) -> None:
        self._ids: dict[bytes, int] = {}

    def number(self, terms: Sequence[bytes], out: array[int]) -> None:
        ids = self._ids
        out.extend([ids.setdefault(term, len(ids)) for term in terms])

    def sorted_terms(self) -> tuple[bytes, array[int], array[int]]:
        ordered = sorted(self._ids)
        rank = u32(len(ordered))
        for place, term in enumerate(ordered):
            rank[self._ids[term]] = place
        return b"".join(ordered), array("I", accumulate(map(len, ordered))), rank

    @property
    def size_bytes(self) -> int:
        return 150 * len(self._ids)


class _FieldBuffer:
    """The tokens of one field: numbers of terms, where each document's end, and, once a document
    needs it, their positions.
    """

    def __init__(self, field: Field, vocabulary: Vocabulary | _TermIds) -> None:
        self.field = field
        self.vocabulary = vocabulary
        self.tokens = array("I")
        self.doc_ends = array("I")
        self.positions: array[int] | None = None

    def add_texts(self, texts: Sequence[str]) -> None:
        assert isinstance(self.vocabulary, Vocabulary)
        if len(texts) == 1:
            before = len(self.tokens)
            self.vocabulary.tokenize(texts[0], self.tokens)
            if self.positions is not None:
                self.positions.extend(range(len(self.tokens) - before))
            return
        place = 0
        for text in texts:
            count = self.vocabulary.tokenize(text, self.tokens)
            if self.field.positions:
                self._with_positions(len(self.tokens) - count).extend(range(place, place + count))
            place += count + _GAP

    def add_terms(self, terms: Terms) -> None:
        assert isinstance(self.vocabulary, _TermIds)
        if terms and isinstance(terms[0], tuple):
            positions = self._with_positions(len(self.tokens))
            pairs: Sequence[tuple[bytes, int]] = terms  # type: ignore[assignment]
            positions.extend([place for _, place in pairs])
            self.vocabulary.number([term for term, _ in pairs], self.tokens)
            return
        if self.positions is not None:
            self.positions.extend(range(len(terms)))
        self.vocabulary.number(terms, self.tokens)  # type: ignore[arg-type]

    def _with_positions(self, tokens: int) -> array[int]:
        """The positions, those of the first ``tokens`` tokens written out."""
        if self.positions is None:
            self.positions = array("I")
            start = 0
            for end in (*self.doc_ends, tokens):
                self.positions.extend(range(end - start))
                start = end
        return self.positions

    def close_document(self, doc: int) -> None:
        """The tokens added since belong to document ``doc``."""
        start = self.doc_ends[-1] if self.doc_ends else 0
        if doc > len(self.doc_ends):
            self.doc_ends.extend([start] * (doc - len(self.doc_ends)))
        self.doc_ends.append(len(self.tokens))

    def forget(self) -> None:
        """Drop what has been added to a document that is not to be."""
        end = self.doc_ends[-1] if self.doc_ends else 0
        del self.tokens[end:]
        if self.positions is not None:
            del self.positions[end:]

    def lengths(self, docs: int) -> array[int]:
        self.doc_ends.extend([len(self.tokens)] * (docs - len(self.doc_ends)))
        return array("I", [end - start for start, end in pairwise((0, *self.doc_ends))])


class SegmentBuffer:
    """Collects documents and writes them as one segment to ``writer``."""

    def __init__(self, schema: Schema, writer: SectionWriter) -> None:
        self._schema = schema
        self._writer = writer
        self.docs = 0
        vocabularies: dict[str, Vocabulary] = {}
        self._fields: dict[str, _FieldBuffer] = {}
        for name, field in indexed_fields(schema).items():
            vocabulary: Vocabulary | _TermIds = _TermIds()
            if field.analyzer is not None:
                if field.analyzer not in vocabularies:
                    vocabularies[field.analyzer] = Vocabulary(open_analyzer(field.analyzer))
                vocabulary = vocabularies[field.analyzer]
            self._fields[name] = _FieldBuffer(field, vocabulary)
        self._columns: dict[str, list[Value | None]] = {name: [] for name in schema.columns}
        self._keys = bytearray()
        self._keys_writer = KeysWriter(self._keys.extend)
        writer.begin("stored")
        self._stored = StoredWriter(writer.write)

    @property
    def tokens(self) -> int:
        """How many tokens wait."""
        return sum(len(field.tokens) for field in self._fields.values())

    def add(
        self,
        key: str,
        texts: Mapping[str, str | Sequence[str]],
        terms: Mapping[str, Terms],
        stored: Mapping[str, object],
        columns: Mapping[str, Value],
    ) -> int:
        """Add a document, or nothing of it; its number in the segment.

        Raises ``TypeError`` or ``ValueError`` for a field or a value that the schema does not have
        or that cannot be kept.
        """
        self._check(texts, terms, columns)
        record = encode_values(stored)
        encoded_key = key.encode("utf-8", "surrogatepass")
        touched = []
        try:
            for name, text in texts.items():
                touched.append(name)
                self._fields[name].add_texts([text] if isinstance(text, str) else text)
            for name, given in terms.items():
                touched.append(name)
                self._fields[name].add_terms(given)
            touched.append(KEY)
            self._fields[KEY].add_terms([encoded_key])
        except BaseException:
            for name in touched:
                self._fields[name].forget()
            raise
        doc = self.docs
        for name in touched:
            self._fields[name].close_document(doc)
        for name, values in self._columns.items():
            values.append(columns.get(name))
        self._stored.add(record)
        self._keys_writer.add(key)
        self.docs += 1
        return doc

    def _check(
        self,
        texts: Mapping[str, object],
        terms: Mapping[str, object],
        columns: Mapping[str, Value],
    ) -> None:
        for name in (*texts, *terms):
            field = self._schema.fields.get(name)
            if field is None:
                raise ValueError(f"the schema has no field {name!r}")
            if (name in texts) != (field.analyzer is not None) or (name in texts and name in terms):
                given = "terms" if field.analyzer is None else "a text"
                raise ValueError(f"the field {name!r} takes {given}")
        for name, value in columns.items():
            kind = self._schema.columns.get(name)
            if kind is None:
                raise ValueError(f"the schema has no column {name!r}")
            if not _fits(kind, value):
                raise ValueError(f"the column {name!r} does not take {value!r}")

    def write(self) -> None:
        """Write everything and finish the file."""
        writer = self._writer
        index = self._stored.finish()
        writer.end()
        write_section(writer, "stored.index", index)
        keys_index = self._keys_writer.finish()
        write_section(writer, "keys", self._keys)
        write_section(writer, "keys.index", keys_index)
        ordered: dict[int, tuple[bytes, array[int], array[int]]] = {}
        for name, field in self._fields.items():
            vocabulary = field.vocabulary
            if id(vocabulary) not in ordered:
                ordered[id(vocabulary)] = vocabulary.sorted_terms()
            self._write_field(name, field, *ordered[id(vocabulary)])
        for name, values in self._columns.items():
            kind = self._schema.columns[name]
            write_section(writer, f"column:{name}", encode_column(kind, values))
        writer.finish(segment_meta(self._schema, self.docs))

    def _write_field(
        self, name: str, field: _FieldBuffer, text: bytes, ends: array[int], rank: array[int]
    ) -> None:
        lengths = field.lengths(self.docs)
        kernel.to_ranks(field.tokens, rank)
        counts = u32(len(rank))
        kernel.count(field.tokens, counts)
        if 0 in counts:
            # Terms that only other fields have.
            text, ends, counts = _without_absent(text, ends, counts, field.tokens)
        kept = field.field
        self._writer.begin(f"postings:{name}")
        lists = PostingsWriter(
            self._writer.write, lengths, frequencies=kept.frequencies, positions=kept.positions
        )
        lists.invert(field.tokens, field.doc_ends, field.positions or array("I"), counts)
        lists.finish()
        self._writer.end()
        write_terms(self._writer, name, text, ends, lists)
        if kept.lengths:
            write_lengths(self._writer, name, lengths)
        field.tokens = array("I")


def _without_absent(
    text: bytes, ends: array[int], counts: array[int], tokens: array[int]
) -> tuple[bytes, array[int], array[int]]:
    """Only the terms that occur; the tokens are renumbered."""
    begins = array(ends.typecode, [0]) + ends[:-1]
    parts = []
    renumbered = u32(len(counts))
    kept = array("I")
    for place, count in enumerate(counts):
        if count:
            renumbered[place] = len(kept)
            kept.append(count)
            parts.append(text[begins[place] : ends[place]])
    kernel.to_ranks(tokens, renumbered)
    return b"".join(parts), array("I", accumulate(map(len, parts))), kept


def _fits(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.INT:
            return type(value) is int and -(1 << 63) <= value < 1 << 63
        case Kind.FLOAT:
            return type(value) in (int, float)
        case Kind.BOOL:
            return type(value) is bool
        case Kind.BYTES:
            return type(value) is bytes
