"""What does a document given to Whoosh become in the engine?

Whoosh's field types make its terms, its columns' values and what is stored of it; here they are
sorted into what the engine takes:

    terms     per field its terms as bytes, with positions where the format has them
    columns   per sortable field one value; see ``columns.py``
    stored    per stored field its value, and under ``DETAILS`` what else there is to keep:
              {"values": {field: [[term, value], ...]}, "weights": {field: [[term, weight], ...]},
               "vectors": {field: [[term, weight, value], ...]}}
    MARKS     a field whose terms say what is among the details, so that it is known without
              reading: b"weights:" + field, b"vectors:" + field
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from whoosh.fields import FieldType, UnknownFieldError
from whoosh.fields import Schema as WhooshSchema
from whoosh.formats import Existence, Positions, tokens

from searchkit.schema import Field, Kind, Schema
from searchkit.whoosh_api.columns import ColumnCodec
from searchkit.whoosh_api.postings import keeps_details, positions_in, unpack
from searchkit.whoosh_api.schema_json import encode_schema

DETAILS = "_details"
MARKS = "_marks"

Item = tuple[bytes, int, float, bytes]
"""A posting as Whoosh's field types give it: term, frequency, weight, packed value."""


@dataclass
class EngineDocument:
    """A document as the engine takes it."""

    terms: dict[str, list[Any]] = field(default_factory=dict)
    stored: dict[str, object] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)

    def detail(self, kind: str, name: str, value: object) -> None:
        """Keep ``value`` of field ``name`` among the details of that kind."""
        details: Any = self.stored.setdefault(DETAILS, {})
        details.setdefault(kind, {})[name] = value
        if kind != "values":
            self.terms.setdefault(MARKS, []).append(mark(kind, name))


def mark(kind: str, name: str) -> bytes:
    """The term of ``MARKS`` for documents with details of that kind in field ``name``."""
    return f"{kind}:{name}".encode("utf-8", "surrogatepass")


def engine_field(one: FieldType) -> Field | None:
    """How the engine indexes the field; None if it has no terms."""
    if not one.indexed or one.format is None:
        return None
    return Field(
        analyzer=None,
        frequencies=not isinstance(one.format, Existence),
        positions=one.format.supports("positions"),
        lengths=bool(one.scorable),
    )


def engine_schema(schema: WhooshSchema, dynamic: Iterable[str] = ()) -> Schema:
    """The engine's schema for Whoosh's, with the names in use that match a dynamic field."""
    fields = {MARKS: Field(frequencies=False, positions=False, lengths=False)}
    columns: dict[str, Kind] = {}
    for name in [*schema._fields, *dynamic]:
        one = schema[name]
        indexed = engine_field(one)
        if indexed is not None:
            fields[name] = indexed
        if one.column_type:
            columns[name] = ColumnCodec(name, one.column_type).kind
    return Schema(fields, columns, {"whoosh": encode_schema(schema)})


def convert(schema: WhooshSchema, given: dict[str, Any]) -> EngineDocument:
    """The document that ``IndexWriter.add_document(**given)`` describes.

    Raises ``UnknownFieldError`` for a field that the schema does not have, and whatever Whoosh's
    field types raise for a value that does not suit them.
    """
    names = sorted(name for name in given if not name.startswith("_"))
    for name in names:
        if name not in schema:
            raise UnknownFieldError(f"No field named {name!r} in {schema}")
    document = EngineDocument()
    boost = float(given.get("_boost", 1.0))
    for name in names:
        if given[name] is not None:
            field_boost = float(given.get(f"_{name}_boost", boost))
            stored = given.get(f"_stored_{name}", given[name])
            _convert_field(document, name, schema[name], given[name], stored, field_boost)
    return document


def _convert_field(
    document: EngineDocument, name: str, one: FieldType, value: Any, kept: Any, boost: float
) -> None:
    if one.indexed:
        if type(one).index is FieldType.index and type(one.format) is Positions and texts(value):
            _add_tokens(document, name, one, value, boost)
        else:
            add_items(document, name, one, one.index(value), boost)
    if one.separate_spelling():
        words = [word.encode() for word in one.spellable_words(value)]
        document.terms[one.spelling_fieldname(name)] = words
    if one.vector:
        items = one.vector.word_values(value, one.analyzer, mode="index")
        add_vector(document, name, one, [(text, weight, v) for text, _, weight, v in items])
    if one.stored and kept is not None:
        document.stored[name] = kept
    if one.column_type and kept is not None:
        codec = ColumnCodec(name, one.column_type)
        document.columns[name] = codec.encode(one.to_column_value(kept))


def _add_tokens(
    document: EngineDocument, name: str, one: FieldType, value: Any, boost: float
) -> None:
    """What ``add_items`` does with ``one.index(value)``, without packing each posting first."""
    encoded: dict[str, bytes] = {}
    terms: list[tuple[bytes, int]] = []
    boosts: dict[bytes, list[float]] = {}
    plain = boost == 1.0
    for token in tokens(value, one.analyzer, {"mode": "index", "positions": True, "boosts": True}):
        text = token.text
        term = encoded.get(text)
        if term is None:
            term = encoded[text] = text.encode()
        terms.append((term, token.pos))
        if not plain or token.boost != 1.0:
            if not boosts:
                # The first boosted token: those before it count 1 each.
                plain = False
                for earlier, _ in terms[:-1]:
                    boosts.setdefault(earlier, []).append(1.0)
            boosts.setdefault(term, []).append(token.boost)
    terms.sort(key=_position)
    document.terms[name] = terms
    field_boost = one.format.field_boost
    weights = [
        [term, sum(some) * field_boost * boost]
        for term, some in boosts.items()
        if sum(some) * field_boost * boost != len(some) * field_boost
    ]
    if weights:
        document.detail("weights", name, weights)


def add_items(
    document: EngineDocument, name: str, one: FieldType, items: Iterable[Item], boost: float = 1.0
) -> None:
    """Add the terms of a field, their weights multiplied by ``boost``."""
    format_ = one.format
    existence = isinstance(format_, Existence)
    positional = format_.supports("positions")
    detailed = keeps_details(format_)
    terms: list[Any] = []
    values: list[list[object]] = []
    weights: list[list[object]] = []
    seen: set[bytes] = set()
    for term, frequency, given_weight, packed in items:
        if existence and term in seen:
            continue
        seen.add(term)
        if positional:
            value = unpack(format_, packed)
            terms += [(term, position) for position in positions_in(format_, value)]
            if detailed:
                values.append([term, [list(occurrence) for occurrence in value]])
        else:
            terms += [term] * frequency
        weight = given_weight * boost
        usual = format_.field_boost if existence else frequency * format_.field_boost
        if weight != usual:
            weights.append([term, weight])
    if positional:
        terms.sort(key=_position)
    document.terms[name] = terms
    if values:
        document.detail("values", name, values)
    if weights:
        document.detail("weights", name, weights)


def _position(pair: tuple[bytes, int]) -> int:
    return pair[1]


def add_vector(
    document: EngineDocument,
    name: str,
    one: FieldType,
    items: Iterable[tuple[str, float, bytes]],
) -> None:
    """Keep the term vector of a field: (term, weight, packed value) of each term."""
    vector = [
        [text, weight, _listed(unpack(one.vector, packed))]
        for text, weight, packed in sorted(items)
    ]
    if vector:
        document.detail("vectors", name, vector)


def _listed(value: Any) -> Any:
    if isinstance(value, list):
        return [list(one) if isinstance(one, tuple) else one for one in value]
    return value


def unique_terms(schema: WhooshSchema, given: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The terms of the unique fields of a document, by which an update finds what it replaces."""
    for name, one in schema.items():
        if one.unique and given.get(name) is not None:
            yield name, one.to_bytes(given[name])


def texts(value: Any) -> bool:
    """Whether ``value`` is what a text field takes."""
    return isinstance(value, str | list | tuple)


__all__ = [
    "DETAILS",
    "MARKS",
    "EngineDocument",
    "add_items",
    "add_vector",
    "convert",
    "engine_field",
    "engine_schema",
    "mark",
    "unique_terms",
]
