"""What does a Whoosh application see of a snapshot?"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from whoosh import columns
from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence
from whoosh.reading import IndexReader, ReaderClosed, TermInfo, TermNotFound

from searchkit.index import FieldStatistics, Snapshot
from searchkit.whoosh_api.columns import ColumnCodec, ColumnReader
from searchkit.whoosh_api.document import DETAILS, MARKS, mark
from searchkit.whoosh_api.postings import PostingsMatcher, Value, keeps_details
from searchkit.whoosh_api.terms import LazyTermInfo, TermCursor

_KEPT_DETAILS = 256


class SearchkitReader(IndexReader):
    """A ``whoosh.reading.IndexReader`` of a snapshot: one for all segments, so it is "atomic".

    ``deleted`` are docnums that a writer is about to delete; they are gone from postings and
    documents, though not yet from statistics.
    """

    def __init__(
        self, snapshot: Snapshot, schema: Schema, deleted: frozenset[int] = frozenset()
    ) -> None:
        self.snapshot = snapshot
        self.schema = schema
        self.is_closed = False
        self._deleted = deleted
        self._details: dict[int, dict[str, dict[str, dict[Any, Any]]]] = {}
        self._marked: dict[bytes, array[int]] = {}
        self._all_lengths: dict[str, Sequence[int]] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of generation {self.generation()}>"

    def close(self) -> None:
        self._open()
        self.is_closed = True

    def _open(self) -> Snapshot:
        if self.is_closed:
            raise ReaderClosed
        return self.snapshot

    def generation(self) -> int:
        return self.snapshot.generation - 1

    def has_pending_deletions(self) -> bool:
        """Whether it hides documents that the snapshot has."""
        return bool(self._deleted)

    # Fields and terms

    @cached_property
    def _names(self) -> list[str]:
        kept = self.snapshot.schema.fields
        return sorted(name for name in kept if name != MARKS and name in self.schema)

    def _field(self, name: str) -> FieldType:
        """The field type of an indexed field. Raises ``TermNotFound``, as Whoosh does."""
        self._open()
        if name not in self.schema:
            raise TermNotFound(f"No field {name!r}")
        field = self.schema[name]
        if field.format is None:
            raise TermNotFound(f"Field {name!r} is not indexed")
        return field

    def statistics(self, name: str) -> FieldStatistics | None:
        """The engine's view of a field; None if no document could have had terms of it yet."""
        snapshot = self._open()
        return snapshot.field(name) if name in snapshot.schema.fields else None

    def terms_of(self, name: str, low: bytes = b"") -> Iterator[bytes]:
        """The terms of a field from ``low`` on."""
        statistics = self.statistics(name)
        if statistics is None:
            return
        exact = self.snapshot.live_docs == self.snapshot.docs
        for term, _ in statistics.terms(low or None):
            if exact or statistics.df(term):
                yield term

    def __contains__(self, term: tuple[str, Any]) -> bool:
        self._open()
        name, text = term
        try:
            return self.doc_frequency(name, text) > 0
        except TermNotFound:
            return False

    def indexed_field_names(self) -> list[str]:
        return [name for name in self._names if next(self.terms_of(name), None) is not None]

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        self._open()
        return ((name, term) for name in self._names for term in self.terms_of(name))

    def terms_from(self, fieldname: str, prefix: Any) -> Iterator[tuple[str, bytes]]:
        self._field(fieldname)
        low = self._text_to_bytes(fieldname, prefix)
        names = self._names[bisect_left(self._names, fieldname) :]
        return (
            (name, term)
            for name in names
            for term in self.terms_of(name, low if name == fieldname else b"")
        )

    def lexicon(self, fieldname: str) -> Iterator[bytes]:
        self._field(fieldname)
        return self.terms_of(fieldname)

    def expand_prefix(self, fieldname: str, prefix: Any) -> Iterator[bytes]:
        self._field(fieldname)
        text = self._text_to_bytes(fieldname, prefix)
        statistics = self.statistics(fieldname)
        found = statistics.prefix(text) if statistics else ()
        return (term for term, _ in found if statistics and statistics.df(term))

    def terms_within(
        self, fieldname: str, text: str, maxdist: int, prefix: int = 0
    ) -> Iterator[str]:
        field = self._field(fieldname)
        statistics = self.statistics(field.spelling_fieldname(fieldname))
        if statistics is None:
            return
        for term, _ in statistics.fuzzy(text, int(maxdist), prefix, False):
            if statistics.df(term):
                yield field.from_bytes(term)

    def cursor(self, fieldname: str) -> TermCursor:
        """Steps through the terms of a field."""
        return TermCursor(self, fieldname, self._field(fieldname))

    def doc_frequency(self, fieldname: str, text: Any) -> int:
        """How many live documents have the term."""
        self._field(fieldname)
        statistics = self.statistics(fieldname)
        return statistics.df(self._text_to_bytes(fieldname, text)) if statistics else 0

    def frequency(self, fieldname: str, text: Any) -> float:
        """The sum of the term's weights in all live documents."""
        field = self._field(fieldname)
        term = self._text_to_bytes(fieldname, text)
        statistics = self.statistics(fieldname)
        if statistics is None:
            return 0
        ids, weights = self._weights(fieldname, field, statistics, term)
        return sum(map(weights, range(len(ids))))

    def term_info(self, fieldname: str, text: Any) -> TermInfo:
        field = self._field(fieldname)
        term = self._text_to_bytes(fieldname, text)
        statistics = self.statistics(fieldname)
        df = statistics.df(term) if statistics else 0
        if statistics is None or not df:
            raise TermNotFound(f"{fieldname}:{text!r}")

        def fill(info: TermInfo) -> None:
            ids, weight_of = self._weights(fieldname, field, statistics, term)
            weights = [weight_of(at) for at in range(len(ids))]
            all_lengths = self._lengths_of(fieldname)
            lengths = [all_lengths[docnum] for docnum in ids] if field.scorable else []
            info._weight, info._maxweight = sum(weights), max(weights, default=0)
            info._minlength, info._maxlength = min(lengths, default=0), max(lengths, default=0)
            info._minid, info._maxid = (ids[0], ids[-1]) if ids else (None, 0)

        return LazyTermInfo(df, fill)

    def postings(self, fieldname: str, text: Any, scorer: Any = None) -> PostingsMatcher:
        field = self._field(fieldname)
        term = self._text_to_bytes(fieldname, text)
        statistics = self.statistics(fieldname)
        if statistics is None or not statistics.df(term):
            raise TermNotFound(f"{fieldname}:{text!r}")
        ids, weights = self._weights(fieldname, field, statistics, term)
        values = self._values(fieldname, field, statistics, term, ids)
        return PostingsMatcher(ids, weights, values, field.format, scorer, (fieldname, term))

    def _listed(self, statistics: FieldStatistics, term: bytes) -> tuple[array[int], array[int]]:
        ids, frequencies = statistics.postings(term)
        if self._deleted:
            kept = [at for at, docnum in enumerate(ids) if docnum not in self._deleted]
            ids = array("I", [ids[at] for at in kept])
            frequencies = array("I", [frequencies[at] for at in kept])
        return ids, frequencies

    def _weights(
        self, name: str, field: FieldType, statistics: FieldStatistics, term: bytes
    ) -> tuple[array[int], Callable[[int], float]]:
        """The documents that have the term, and the weight of each by its place among them."""
        ids, frequencies = self._listed(statistics, term)
        boost = field.format.field_boost
        existence = isinstance(field.format, Existence)
        marked = self._marked_docs("weights", name)
        if not marked:
            if existence:
                return ids, lambda at: boost
            return ids, lambda at: frequencies[at] * boost
        special = set(marked).intersection(ids)

        def weight(at: int) -> float:
            usual = boost if existence else frequencies[at] * boost
            if ids[at] in special:
                usual = self._detail(ids[at], "weights", name).get(term, usual)
            return usual

        return ids, weight

    def _values(
        self,
        name: str,
        field: FieldType,
        statistics: FieldStatistics,
        term: bytes,
        ids: array[int],
    ) -> Callable[[int], Value]:
        """The value of each posting by its place in ``ids``, found when first asked for."""
        format_ = field.format
        if isinstance(format_, Existence):
            return lambda at: None
        if keeps_details(format_):
            return lambda at: self._detail(ids[at], "values", name)[term]
        found: dict[int, Any] = {}
        load: Callable[[], dict[int, Any]]
        if format_.supports("positions"):

            def load() -> dict[int, Any]:
                return statistics.positions(term)
        else:

            def load() -> dict[int, Any]:
                return dict(zip(*statistics.postings(term), strict=True))

        def value(at: int) -> Value:
            if not found:
                found.update(load())
            return found[ids[at]]

        return value

    # What stands among the details of a document

    def _marked_docs(self, kind: str, name: str) -> array[int]:
        term = mark(kind, name)
        if term not in self._marked:
            statistics = self.statistics(MARKS)
            self._marked[term] = statistics.postings(term)[0] if statistics else array("I")
        return self._marked[term]

    def has_special_weights(self, name: str) -> bool:
        """Whether any document has weights in the field that are not those of its frequencies."""
        return len(self._marked_docs("weights", name)) > 0

    def _detail(self, docnum: int, kind: str, name: str) -> dict[Any, Any]:
        kept = self._details.get(docnum)
        if kept is None:
            if len(self._details) >= _KEPT_DETAILS:
                self._details.clear()
            details: Any = self.snapshot.stored(docnum).get(DETAILS, {})
            kept = {
                one: {
                    field: {row[0]: row[1] if len(row) == 2 else row[1:] for row in rows}
                    for field, rows in fields.items()
                }
                for one, fields in details.items()
            }
            self._details[docnum] = kept
        return kept.get(kind, {}).get(name, {})

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        self._open()
        marked = self._marked_docs("vectors", fieldname)
        at = bisect_left(marked, docnum)
        return at < len(marked) and marked[at] == docnum

    def vector(self, docnum: int, fieldname: str, format_: Any = None) -> PostingsMatcher:
        self._open()
        if fieldname not in self.schema:
            raise TermNotFound(f"No field {fieldname!r}")
        kept = format_ or self.schema[fieldname].vector
        if not kept:
            raise Exception(f"No vectors are stored for field {fieldname!r}")
        if not self.has_vector(docnum, fieldname):
            raise KeyError(f"document {docnum} has no vector of field {fieldname!r}")
        rows = self._detail(docnum, "vectors", fieldname)
        listed = list(rows.values())
        return PostingsMatcher(
            list(rows), [weight for weight, _ in listed], lambda at: listed[at][1], kept
        )

    # Documents

    def doc_count_all(self) -> int:
        return self._open().docs

    def doc_count(self) -> int:
        snapshot = self._open()
        fresh = sum(not snapshot.is_deleted(docnum) for docnum in self._deleted)
        return snapshot.live_docs - fresh

    def has_deletions(self) -> bool:
        return self.doc_count() < self.doc_count_all()

    def is_deleted(self, docnum: int) -> bool:
        snapshot = self._open()
        if docnum >= snapshot.docs:
            return False
        return docnum in self._deleted or snapshot.is_deleted(docnum)

    def all_doc_ids(self) -> Iterator[int]:
        live = self._open().live()
        return (docnum for docnum in live if docnum not in self._deleted)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        stored = self._open().stored(docnum)
        return {name: value for name, value in stored.items() if name in self.schema}

    # Lengths

    def field_length(self, fieldname: str) -> int:
        statistics = self.statistics(fieldname)
        return statistics.total_length if statistics else 0

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        statistics = self.statistics(fieldname)
        if statistics is None or not self.schema[fieldname].scorable:
            return default
        return self._lengths_of(fieldname)[docnum]

    def _lengths_of(self, fieldname: str) -> Sequence[int]:
        """The length of each document, deleted ones included."""
        lengths = self._all_lengths.get(fieldname)
        if lengths is None:
            statistics = self.statistics(fieldname)
            parts = [reader.lengths for _, reader in statistics.parts] if statistics else []
            views = [one.data for one in parts if one is not None]
            if len(parts) == len(views) == 1:
                lengths = views[0]
            else:
                lengths = array("I")
                for view in views:
                    lengths.extend(view)
            self._all_lengths[fieldname] = lengths
        return lengths

    def _lengths(self, fieldname: str) -> Iterator[int]:
        lengths = self._lengths_of(fieldname)
        return (lengths[docnum] for docnum in self.all_doc_ids()) if lengths else iter(())

    def min_field_length(self, fieldname: str) -> int:
        return min(self._lengths(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        return max(self._lengths(fieldname), default=0)

    # Columns

    def has_column(self, fieldname: str) -> bool:
        snapshot = self._open()
        return bool(self.schema[fieldname].column_type) and fieldname in snapshot.schema.columns

    def column_reader(
        self, fieldname: str, column: Any = None, reverse: bool = False, translate: bool = True
    ) -> columns.ColumnReader:
        snapshot = self._open()
        field = self.schema[fieldname]
        column = column or field.column_type
        if not column:
            raise Exception(f"No column for field {fieldname!r} in {self!r}")
        found: columns.ColumnReader
        if self.has_column(fieldname):
            codec = ColumnCodec(fieldname, column)
            found = ColumnReader(
                codec, lambda docnum: snapshot.column_value(fieldname, docnum), snapshot.docs
            )
            if reverse:
                found.set_reverse()
        else:
            found = columns.EmptyColumnReader(column.default_value(reverse), snapshot.docs)
        if translate:
            found = columns.TranslatingColumnReader(found, field.from_column_value)
        return found
