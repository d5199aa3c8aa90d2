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
from searchkit.codec.terms import LONGEST_BYTES
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

_TEXTS_AT_ONCE = 256

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

    Single texts wait to be analysed many at a time, which costs half as much.
    """

    def __init__(self, field: Field, vocabulary: Vocabulary | _TermIds) -> None:
        self.field = field
        self.vocabulary = vocabulary
        self.tokens = array("I")
        self.doc_ends = array("I")
        self.positions: array[int] | None = None
        self._texts: list[str] = []
        self._text_docs: list[int] = []

    def add_texts(self, texts: Sequence[str], doc: int) -> int:
        """Take the texts of document ``doc``; how many tokens have come in by now, since last."""
        if len(texts) == 1:
            self._texts.append(texts[0])
            self._text_docs.append(doc)
            return self.settle() if len(self._texts) >= _TEXTS_AT_ONCE else 0
        assert isinstance(self.vocabulary, Vocabulary)
        before = self.settle()
        start = len(self.tokens)
        place = 0
        for text in texts:
            count = self.vocabulary.tokenize(text, self.tokens)
            if self.field.positions:
                self._with_positions(len(self.tokens) - count).extend(range(place, place + count))
            place += count + _GAP
        self._close(doc)
        return before + len(self.tokens) - start

    def add_terms(self, terms: Terms, doc: int) -> int:
        """Take the terms of document ``doc``; how many there are."""
        assert isinstance(self.vocabulary, _TermIds)
        if terms and isinstance(terms[0], tuple):
            positions = self._with_positions(len(self.tokens))
            pairs: Sequence[tuple[bytes, int]] = terms  # type: ignore[assignment]
            positions.extend([place for _, place in pairs])
            self.vocabulary.number([term for term, _ in pairs], self.tokens)
        else:
            if self.positions is not None:
                self.positions.extend(range(len(terms)))
            self.vocabulary.number(terms, self.tokens)  # type: ignore[arg-type]
        self._close(doc)
        return len(terms)

    def settle(self) -> int:
        """Analyse the texts that wait; how many tokens they have."""
        if not self._texts:
            return 0
        assert isinstance(self.vocabulary, Vocabulary)
        before = len(self.tokens)
        counts = array("I")
        self.vocabulary.tokenize_all(self._texts, self.tokens, counts)
        end = before
        for doc, count in zip(self._text_docs, counts, strict=True):
            self._pad(doc, end)
            end += count
            self.doc_ends.append(end)
            if self.positions is not None:
                self.positions.extend(range(count))
        self._texts, self._text_docs = [], []
        return end - before

    def _with_positions(self, tokens: int) -> array[int]:
        """The positions, those of the first ``tokens`` tokens written out."""
        if self.positions is None:
            self.positions = array("I")
            start = 0
            for end in (*self.doc_ends, tokens):
                self.positions.extend(range(end - start))
                start = end
        return self.positions

    def _pad(self, doc: int, end: int) -> None:
        """The documents before ``doc`` that the field does not have end at ``end`` too."""
        if doc > len(self.doc_ends):
            self.doc_ends.extend([end] * (doc - len(self.doc_ends)))

    def _close(self, doc: int) -> None:
        self._pad(doc, self.doc_ends[-1] if self.doc_ends else 0)
        self.doc_ends.append(len(self.tokens))

    def lengths(self, docs: int) -> array[int]:
        """The number of tokens of each of ``docs`` documents."""
        self.settle()
        self._pad(docs, len(self.tokens))
        return array("I", [end - start for start, end in pairwise((0, *self.doc_ends))])


class SegmentBuffer:
    """Collects documents and writes them as one segment to ``writer``."""

    def __init__(self, schema: Schema, writer: SectionWriter) -> None:
        self._schema = schema
        self._writer = writer
        self.docs = 0
        self.tokens = 0
        """How many tokens wait."""
        self._vocabularies: dict[str, Vocabulary] = {}
        self._fields = {name: self._made(one) for name, one in indexed_fields(schema).items()}
        self._columns: dict[str, list[Value | None]] = {name: [] for name in schema.columns}
        self._keys = bytearray()
        self._keys_writer = KeysWriter(self._keys.extend)
        writer.begin("stored")
        self._stored = StoredWriter(writer.write)

    def _made(self, field: Field) -> _FieldBuffer:
        vocabulary: Vocabulary | _TermIds = _TermIds()
        if field.analyzer is not None:
            if field.analyzer not in self._vocabularies:
                self._vocabularies[field.analyzer] = Vocabulary(open_analyzer(field.analyzer))
            vocabulary = self._vocabularies[field.analyzer]
        return _FieldBuffer(field, vocabulary)

    def extend(self, schema: Schema) -> None:
        """Take a schema that has all that the one before has; no document has what is new."""
        for name, one in indexed_fields(schema).items():
            if name not in self._fields:
                self._fields[name] = self._made(one)
        for name in schema.columns:
            self._columns.setdefault(name, [None] * self.docs)
        self._schema = schema

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
        if len(encoded_key) > LONGEST_BYTES:
            raise ValueError(f"a key of {len(encoded_key):,} bytes")
        # Nothing below this line fails for what was given: it has been checked.
        doc = self.docs
        tokens = self._fields[KEY].add_terms([encoded_key], doc)
        for name, text in texts.items():
            tokens += self._fields[name].add_texts([text] if isinstance(text, str) else text, doc)
        for name, some in terms.items():
            tokens += self._fields[name].add_terms(some, doc)
        for name, values in self._columns.items():
            values.append(columns.get(name))
        self._stored.add(record)
        self._keys_writer.add(key)
        self.docs += 1
        self.tokens += tokens
        return doc

    def _check(
        self,
        texts: Mapping[str, str | Sequence[str]],
        terms: Mapping[str, Terms],
        columns: Mapping[str, Value],
    ) -> None:
        for name, text in texts.items():
            field = self._schema.fields.get(name)
            if field is None or field.analyzer is None:
                raise ValueError(f"the schema has no field {name!r} that takes texts")
            if not isinstance(text, str) and not all(isinstance(one, str) for one in text):
                raise TypeError(f"the field {name!r} takes texts, not {text!r}")
        for name, some in terms.items():
            field = self._schema.fields.get(name)
            if field is None or field.analyzer is not None:
                raise ValueError(f"the schema has no field {name!r} that takes terms")
            _check_terms(name, some)
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
        for field in self._fields.values():
            field.settle()
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
        # Readers score a field without lengths as if all were 0, so bounds must too.
        lists = PostingsWriter(
            self._writer.write,
            lengths if kept.lengths else u32(self.docs),
            frequencies=kept.frequencies,
            positions=kept.positions,
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


def _check_terms(name: str, terms: Terms) -> None:
    if not terms:
        return
    if isinstance(terms[0], tuple):
        last = 0
        for pair in terms:
            if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], bytes)):
                raise TypeError(f"the field {name!r} takes pairs of bytes and position: {pair!r}")
            if not last <= pair[1] < 1 << 32:
                raise ValueError(f"the field {name!r} takes positions in order: {pair!r}")
            last = pair[1]
        longest = max(len(term) for term, _ in terms)  # type: ignore[arg-type]
    else:
        if not all(isinstance(term, bytes) for term in terms):
            raise TypeError(f"the field {name!r} takes terms as bytes")
        longest = max(map(len, terms))
    if longest > LONGEST_BYTES:
        raise ValueError(f"the field {name!r} has a term of {longest:,} bytes")


def _fits(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.INT:
            return type(value) is int and -(1 << 63) <= value < 1 << 63
        case Kind.FLOAT:
            # An int of more than 308 digits is no float.
            return type(value) is float or (type(value) is int and abs(value) < 1 << 1023)
        case Kind.BOOL:
            return type(value) is bool
        case Kind.BYTES:
            return type(value) is bytes
