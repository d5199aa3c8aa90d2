"""What has been added and is not yet in a segment?

Tokens wait as numbers of terms, four bytes each, field by field; stored values go to the new
segment's file at once, block by block. So memory is bounded by the number of tokens, keys and
distinct words.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from operator import index

from searchkit.analysis import Vocabulary, open_analyzer
from searchkit.analysis.order import SortedStrings, sort
from searchkit.codec.columns import Value, encode_column
from searchkit.codec.keys import KeysWriter
from searchkit.codec.postings import PostingsWriter, u32
from searchkit.codec.stored import StoredWriter, check_size
from searchkit.codec.terms import LONGEST_BYTES
from searchkit.codec.values import encode_values
from searchkit.index.field_buffer import FieldBuffer, TermIds, Terms
from searchkit.index.key_buffer import KeyBuffer, check_key
from searchkit.index.segment import (
    KEY_FIELD,
    segment_meta,
    write_lengths,
    write_section,
    write_terms,
)
from searchkit.kernels import postings as kernel
from searchkit.schema import KEY, Field, Kind, Schema, word_field
from searchkit.storage.envelope import SectionWriter

_MOST_OTHER_BYTES = 200_000_000
"""Of keys and distinct words, which texts of a usual kind do not reach."""

_DOCS_BETWEEN_LOOKS = 1024


class SegmentBuffer:
    """Collects documents and writes them as one segment to ``writer``."""

    def __init__(self, schema: Schema, writer: SectionWriter) -> None:
        self._schema = schema
        self._writer = writer
        self.docs = 0
        self.tokens = 0
        """How many tokens wait, those of keys included."""
        self.keys = KeyBuffer()
        self._twins = twins(schema)
        self._vocabularies: dict[str, Vocabulary] = {}
        self._fields: dict[str, FieldBuffer] = {}
        self._text_fields: dict[str, FieldBuffer] = {}
        """Those of them that take texts."""
        for name, one in schema.fields.items():
            self._make(name, one)
        self._columns: dict[str, list[Value | None]] = {name: [] for name in schema.columns}
        self._fits = {name: _FITS[kind] for name, kind in schema.columns.items()}
        writer.begin("stored")
        self._stored = StoredWriter(writer.write)

    def _make(self, name: str, field: Field) -> None:
        if name in self._twins:
            return
        analyzer = field.analyzer
        if analyzer is None:
            self._fields[name] = FieldBuffer(field, TermIds())
            return
        if analyzer not in self._vocabularies:
            self._vocabularies[analyzer] = Vocabulary(
                open_analyzer(analyzer), keeps_words=analyzer in self._twins.values()
            )
        twin = self._schema.fields.get(word_field(name))
        if twin is not None and twin.positions:
            field = Field(analyzer)
        self._fields[name] = FieldBuffer(field, self._vocabularies[analyzer])
        self._text_fields[name] = self._fields[name]

    def extend(self, schema: Schema) -> None:
        """Take a schema that has all that the one before has, and the same twins; no document has
        what is new.
        """
        self._schema = schema
        for name, one in schema.fields.items():
            if name not in self._fields:
                self._make(name, one)
        for name, kind in schema.columns.items():
            self._columns.setdefault(name, [None] * self.docs)
            self._fits[name] = _FITS[kind]

    def checked(
        self,
        key: str,
        texts: Mapping[str, str | Sequence[str]],
        terms: Mapping[str, Terms],
        stored: Mapping[str, object],
        columns: Mapping[str, Value],
    ) -> bytes:
        """What of a document :meth:`take` takes as ``record``; nothing is taken yet.

        Raises ``TypeError`` or ``ValueError`` for a field or a value that the schema does not have
        or that cannot be kept.
        """
        for name, text in texts.items():
            if name not in self._text_fields:
                raise ValueError(f"the schema has no field {name!r} that takes texts")
            if not isinstance(text, str):
                _check_texts(name, text)
        if terms or columns:
            self._check(terms, columns)
        check_key(key)
        record = encode_values(stored)
        check_size(record)
        return record

    def take(
        self,
        key: str,
        record: bytes,
        texts: Mapping[str, str | Sequence[str]],
        terms: Mapping[str, Terms],
        columns: Mapping[str, Value],
        language: str = "",
    ) -> None:
        """Add a document that has been checked. After an error part of it is in, and the buffer of
        no use any more."""
        doc = self.docs
        tokens = 1
        for name, text in texts.items():
            tokens += self._text_fields[name].add_texts(text, doc, language)
        for name, some in terms.items():
            tokens += self._fields[name].add_terms(some, doc)
        for name, values in self._columns.items():
            values.append(columns.get(name))
        self._stored.add(record)
        self.keys.add(key)
        self.docs = doc + 1
        self.tokens += tokens

    def is_full(self, most_tokens: int) -> bool:
        """Whether it is time to write, for the tokens or for what else waits."""
        if self.tokens >= most_tokens:
            return True
        return self.docs % _DOCS_BETWEEN_LOOKS == 0 and self._other_bytes() > _MOST_OTHER_BYTES

    def _other_bytes(self) -> int:
        vocabularies = {id(one.vocabulary): one.vocabulary for one in self._fields.values()}
        return self.keys.size_bytes + sum(one.size_bytes for one in vocabularies.values())

    def _check(self, terms: Mapping[str, Terms], columns: Mapping[str, Value]) -> None:
        for name, some in terms.items():
            field = self._schema.fields.get(name)
            if field is None or field.analyzer is not None:
                raise ValueError(f"the schema has no field {name!r} that takes terms")
            _check_terms(name, some)
        for name, value in columns.items():
            fits = self._fits.get(name)
            if fits is None:
                raise ValueError(f"the schema has no column {name!r}")
            if not fits(value):
                raise ValueError(f"the column {name!r} does not take {value!r}")

    def write(self) -> None:
        """Write everything and finish the file.

        Raises ``AssertionError`` if some document is not in whole: its tokens would be those of
        another.
        """
        for field in self._fields.values():
            field.finish(self.docs)
        self._check_whole()
        writer = self._writer
        stored_index = self._stored.finish()
        writer.end()
        write_section(writer, "stored.index", stored_index)
        keys, key_ends = self.keys.taken()
        writer.begin("keys")
        keys_writer = KeysWriter(writer.write)
        keys_writer.extend(keys, key_ends)
        keys_index = keys_writer.finish()
        writer.end()
        write_section(writer, "keys.index", keys_index)
        vocabularies = {id(one.vocabulary): one.vocabulary for one in self._fields.values()}
        ordered = {id: vocabulary.sorted_terms() for id, vocabulary in vocabularies.items()}
        ordered_words = {
            id: vocabulary.sorted_words()
            for id, vocabulary in vocabularies.items()
            if isinstance(vocabulary, Vocabulary) and vocabulary.keeps_words
        }
        # What has been sorted goes, so that there is room for the lists.
        for vocabulary in vocabularies.values():
            vocabulary.clear()
        for name, field in self._fields.items():
            self._write_field(name, field, ordered[id(field.vocabulary)])
            if word_field(name) in self._twins:
                self._write_field(word_field(name), field, ordered_words[id(field.vocabulary)])
            field.tokens = array("I")
        self._write_keys(sort(keys, key_ends))
        for name, values in self._columns.items():
            kind = self._schema.columns[name]
            write_section(writer, f"column:{name}", encode_column(kind, values))
        writer.finish(segment_meta(self._schema, self.docs))

    def _check_whole(self) -> None:
        for name, field in self._fields.items():
            if not field.is_whole(self.docs):
                raise AssertionError(f"the field {name!r} has tokens of no document")
        if {len(self.keys), *map(len, self._columns.values())} != {self.docs}:
            raise AssertionError("a key or a column has a value of no document")

    def _write_field(self, name: str, field: FieldBuffer, ordered: SortedStrings) -> None:
        """Write a field, or the twin of one, with the terms that are ``ordered``."""
        kept = self._schema.fields[name]
        text, ends, ranks = ordered
        by_id, counts = u32(len(ranks)), u32(len(ends))
        kernel.count(field.tokens, by_id)
        kernel.regroup(by_id, ranks, counts)
        if 0 in counts:
            # Terms that only other fields have.
            text, ends, counts, ranks = _without_absent(text, ends, counts, ranks)
        # Readers score a field without lengths as if all were 0, so bounds must too.
        lists = self._lists(name, kept, field.lengths if kept.lengths else u32(self.docs))
        doc_ends = array("I", accumulate(field.lengths))
        lists.invert(field.tokens, doc_ends, field.positions or array("I"), counts, ranks)
        self._end_lists(name, lists, text, ends)
        if kept.lengths:
            write_lengths(self._writer, name, field.lengths)

    def _write_keys(self, keys: SortedStrings) -> None:
        counts = u32(len(keys.ends))
        kernel.count(keys.ranks, counts)
        lists = self._lists(KEY, KEY_FIELD, u32(self.docs))
        lists.invert(keys.ranks, array("I", range(1, self.docs + 1)), array("I"), counts)
        self._end_lists(KEY, lists, keys.text, keys.ends)

    def _lists(self, name: str, field: Field, lengths: array[int]) -> PostingsWriter:
        self._writer.begin(f"postings:{name}")
        return PostingsWriter(
            self._writer.write, lengths, frequencies=field.frequencies, positions=field.positions
        )

    def _end_lists(self, name: str, lists: PostingsWriter, text: bytes, ends: array[int]) -> None:
        lists.finish()
        self._writer.end()
        write_terms(self._writer, name, text, ends, lists)


def twins(schema: Schema) -> dict[str, str]:
    """The analyzer of the field of which each twin has the words."""
    fields = schema.fields
    return {
        word_field(name): one.analyzer
        for name, one in fields.items()
        if one.analyzer is not None and word_field(name) in fields
    }


def _without_absent(
    text: bytes, ends: array[int], counts: array[int], ranks: array[int]
) -> tuple[bytes, array[int], array[int], array[int]]:
    """Only the terms that occur, their ranks among themselves."""
    begins = array(ends.typecode, [0]) + ends[:-1]
    parts = []
    renumbered = u32(len(counts))
    kept = array("I")
    for place, count in enumerate(counts):
        if count:
            renumbered[place] = len(kept)
            kept.append(count)
            parts.append(text[begins[place] : ends[place]])
    ranks = ranks[:]
    kernel.to_ranks(ranks, renumbered)
    return b"".join(parts), array("I", accumulate(map(len, parts))), kept, ranks


def _check_texts(name: str, texts: Sequence[str]) -> None:
    # What can be gone through only once would be gone by the time it is taken.
    if not isinstance(texts, Sequence) or not all(isinstance(one, str) for one in texts):
        raise TypeError(f"the field {name!r} takes texts, not {texts!r}")


def _check_terms(name: str, terms: Terms) -> None:
    if not terms:
        return
    if isinstance(terms[0], tuple):
        last = 0
        for pair in terms:
            if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], bytes)):
                raise TypeError(f"the field {name!r} takes pairs of bytes and position: {pair!r}")
            if not last <= index(pair[1]) < 1 << 32:
                raise ValueError(f"the field {name!r} takes positions in order: {pair!r}")
            last = pair[1]
        longest = max(len(term) for term, _ in terms)  # type: ignore[arg-type]
    else:
        if not (_BYTES.issuperset(map(type, terms)) or all(isinstance(t, bytes) for t in terms)):
            raise TypeError(f"the field {name!r} takes terms as bytes")
        longest = max(map(len, terms))
    if longest > LONGEST_BYTES:
        raise ValueError(f"the field {name!r} has a term of {longest:,} bytes")


def _is_int(value: object) -> bool:
    return type(value) is int and -(1 << 63) <= value < 1 << 63


def _is_float(value: object) -> bool:
    # An int of more than 308 digits is no float.
    return type(value) is float or (type(value) is int and abs(value) < 1 << 1023)


_BYTES = frozenset((bytes,))

_FITS: dict[Kind, Callable[[object], bool]] = {
    Kind.INT: _is_int,
    Kind.FLOAT: _is_float,
    Kind.BOOL: lambda value: type(value) is bool,
    Kind.BYTES: lambda value: type(value) is bytes,
}
"""Whether a column of each kind takes a value."""
