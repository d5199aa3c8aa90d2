"""How many of the documents that match have each value of a field?

Counts are of documents, whichever of their passages match: all passages of a document are found by
the same metadata, so that one bit of each, that of its last, stands for it.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from searchkit.errors import UnknownFieldError
from searchkit.index import Snapshot
from searchkit.index.segment import SegmentReader
from searchkit.metadata import MetadataField, MetadataKind, declared, field_name
from searchkit.metadata.fields import LANGUAGE, PATH, TYPE
from searchkit.metadata.values import keyword
from searchkit.passage_index import document_info, texts_of
from searchkit.record import Record
from searchkit.search import BM25
from searchkit.search.bitmaps import marked
from searchkit.search.filters import Left, in_any_of
from searchkit.tree import Node

DEFAULT_VALUES = 10


class FacetValue(Record):
    """A value of a field, and how many of the documents that match have it."""

    value: str | int | float
    documents: int


class Facet(Record):
    """The most frequent values of a field among the documents that match, and how many more there
    are (``others``). A document with several values counts for each.
    """

    field: str
    values: tuple[FacetValue, ...]
    others: int


def facets_of(snapshot: Snapshot, tree: Node, fields: Mapping[str, int]) -> tuple[Facet, ...]:
    """For each of ``fields`` as many of the most frequent values among the documents that ``tree``
    matches as it says.

    Types are formats ("html"), languages without what is after the first "-", paths the folders at
    the top; dates count by year. Keywords are given as a document writes them. Raises
    ``UnknownFieldError`` for a field that the index does not have, ``ValueError`` for a negative
    number.
    """
    known = declared(snapshot.schema)
    for name in fields:
        if field_name(name) not in known:
            raise UnknownFieldError(name, tuple(known))
        if fields[name] < 0:
            raise ValueError(f"a number of values cannot be negative: {fields[name]}")
    bits = _documents(snapshot, tree)
    return tuple(
        _facet(snapshot, known[field_name(name)], bits, most) for name, most in fields.items()
    )


def _documents(snapshot: Snapshot, tree: Node) -> list[int]:
    """For each segment the last passages of the documents that match."""
    found = []
    continues = False
    for matches, segment in zip(
        Left(snapshot, (tree,), BM25()).bits, snapshot.segments, strict=True
    ):
        firsts = _firsts(segment)
        begins = not firsts & 1
        bits = _last_of_runs(matches, firsts | 1, segment.docs)
        # A document may go on in the next segment: it was counted there where it began.
        if begins and continues and bits:
            first_run_ends = _lowest((firsts & ~1) >> 1 or 1 << segment.docs - 1)
            bits &= ~first_run_ends
        # In a segment that is all one document's, what was counted before goes on.
        goes_on = begins and continues and not firsts
        continues = goes_on or (bool(bits >> segment.docs - 1 & 1) if segment.docs else continues)
        found.append(bits)
    return found


def _firsts(segment: SegmentReader) -> int:
    """The first passages of documents."""
    present = segment.column("passages").present
    if present is None:
        return (1 << segment.docs) - 1
    return int.from_bytes(present, "little") & (1 << segment.docs) - 1


def _last_of_runs(bits: int, firsts: int, size: int) -> int:
    """Of runs that begin at the bits ``firsts``, the last bit of each in which there is one of
    ``bits``. A run is a number; with its highest bit set and one taken from it, that bit is gone
    only if there was no other.
    """
    if not size:
        return 0
    lasts = firsts >> 1 | 1 << size - 1
    return ((bits | lasts) - firsts | bits) & lasts


def _lowest(bits: int) -> int:
    return bits & -bits


def _facet(snapshot: Snapshot, field: MetadataField, bits: list[int], most: int) -> Facet:
    counts: Counter[Any]
    if field.kind in (MetadataKind.NUMBER, MetadataKind.DATE):
        counts = _of_column(snapshot, field, bits)
    elif field.name == PATH:
        counts = Counter(_top(snapshot.key(doc)) for doc in _docnums(snapshot, bits))
    elif field.kind is MetadataKind.TEXT:
        counts = _of_stored(snapshot, field, bits)
    else:
        counts = _of_terms(snapshot, field, bits)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    values: list[FacetValue] = []
    for value, documents in ordered[:most]:
        shown = value
        if isinstance(value, bytes):
            shown = _as_written(snapshot, field, value, bits)
        values.append(FacetValue(shown, documents))
    return Facet(field.name, tuple(values), len(counts) - len(values))


def _docnums(snapshot: Snapshot, bits: list[int]) -> Iterator[int]:
    for some, segment in zip(bits, snapshot.segments, strict=True):
        yield from marked(some, segment)


def _top(key: str) -> str:
    """The folder at the top of a path; "/" for one that does not lie in the collection's."""
    return key.partition("/")[0] or "/" if "/" in key else "."


def _of_column(snapshot: Snapshot, field: MetadataField, bits: list[int]) -> Counter[Any]:
    counts: Counter[Any] = Counter()
    for some, segment in zip(bits, snapshot.segments, strict=True):
        column = segment.column(field.where)
        for doc in marked(some, segment):
            value = column.value(doc - segment.base)
            if value is not None and value == value:
                counts[_number(field, value)] += 1
    return counts


def _number(field: MetadataField, value: Any) -> int | float:
    if field.kind is MetadataKind.DATE:
        try:
            return date.fromordinal(value).year
        except (ValueError, OverflowError):
            return 0
    return int(value) if value.is_integer() else float(value)


def _of_terms(snapshot: Snapshot, field: MetadataField, bits: list[int]) -> Counter[Any]:
    counts: Counter[Any] = Counter()
    for some, segment in zip(bits, snapshot.segments, strict=True):
        reader = segment.field(field.where)
        for term, entry in reader.terms if some else ():
            if _is_counted(field, term):
                lists = reader.lists_of([(term, entry)])
                counts[term] += (in_any_of(snapshot, segment, reader, lists) & some).bit_count()
    return +counts


def _is_counted(field: MetadataField, term: bytes) -> bool:
    """Whether a term is the value of a document, and not one more way to ask for it."""
    if field.name == TYPE:
        return b"/" in term
    return field.name != LANGUAGE or b"-" not in term


def _as_written(snapshot: Snapshot, field: MetadataField, term: bytes, bits: list[int]) -> str:
    """A keyword as the first document that has it writes it."""
    text = term.decode("utf-8", "replace")
    if field.name == TYPE:
        # Late: whoever only searches does not wait for what knows the formats.
        from searchkit.readers.formats import name_of

        return name_of(text)
    for some, segment in zip(bits, snapshot.segments, strict=True):
        reader = segment.field(field.where)
        where = reader.list_of(term, positions=False)
        if where is not None:
            having = some & in_any_of(snapshot, segment, reader, array("q", where[:3]))
            for doc in marked(having, segment, 1):
                for value in _values(snapshot, field, doc):
                    if keyword(value) == text:
                        return value
    return text


def _of_stored(snapshot: Snapshot, field: MetadataField, bits: list[int]) -> Counter[Any]:
    """Texts are indexed by their words: what each document says is looked up. Values that differ in
    case only count as one, as it is written first.
    """
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for doc in _docnums(snapshot, bits):
        for folded, value in {
            keyword(value): value for value in _values(snapshot, field, doc)
        }.items():
            counts[written.setdefault(folded, value)] += 1
    return counts


def _values(snapshot: Snapshot, field: MetadataField, docnum: int) -> list[str]:
    """What the document of the passage ``docnum`` says in ``field``."""
    about = document_info(snapshot, snapshot.key(docnum))
    assert about is not None
    return texts_of(about, field.name)
