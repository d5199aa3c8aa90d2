"""Which fields of metadata does an index have?

Every index has those of ``BUILT_IN``; a configuration adds fields that rows or front matter have,
each with its kind. Which ones those are stands in the schema itself, in the names of its fields and
columns ("keyword:project", "number:year"): so a field that changes its kind is another one, and
none can meet a column that the index keeps for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from searchkit.record import Record
from searchkit.schema import FIELDS, WORDS, Field, Kind, Schema, word_field


class MetadataKind(Enum):
    """How the values of a field are searched."""

    TEXT = "text"
    """By their words."""
    KEYWORD = "keyword"
    """Whole, whatever their case."""
    NUMBER = "number"
    DATE = "date"


class MetadataField(Record):
    """A field of metadata: its name in queries, its kind, and ``where`` in the index it lies, the
    name of a field (texts and keywords) or of a column (numbers and dates).
    """

    name: str
    kind: MetadataKind
    where: str


KINDS = tuple(kind.value for kind in MetadataKind)
"""What a configuration may say of a field."""

PATH, TYPE, LANGUAGE, AUTHOR, TAG, DATE = "path", "type", "lang", "author", "tag", "date"

BUILT_IN = {
    PATH: MetadataField(PATH, MetadataKind.KEYWORD, PATH),
    TYPE: MetadataField(TYPE, MetadataKind.KEYWORD, TYPE),
    LANGUAGE: MetadataField(LANGUAGE, MetadataKind.KEYWORD, LANGUAGE),
    AUTHOR: MetadataField(AUTHOR, MetadataKind.TEXT, AUTHOR),
    TAG: MetadataField(TAG, MetadataKind.KEYWORD, TAG),
    DATE: MetadataField(DATE, MetadataKind.DATE, DATE),
}

_KEYWORDS = Field(frequencies=False, positions=False, lengths=False)
_COLUMNS = {MetadataKind.NUMBER: Kind.FLOAT, MetadataKind.DATE: Kind.INT}


def field_name(name: str) -> str:
    """What queries call the field that a document calls ``name``: in lower case, with ``_`` for all
    that is no letter, digit or ``_``.
    """
    return "".join(char if char.isalnum() else "_" for char in name.lower())


def is_own(plain: str) -> bool:
    """Whether searchkit has a field of that name in queries, so that no configuration may."""
    return plain in BUILT_IN or plain in FIELDS


def checked(fields: Mapping[str, object]) -> dict[str, str]:
    """The kind of each field of a configuration, by its name in queries.

    Raises ``ValueError`` for a name that no query can have or that is taken, and for no kind.
    """
    kinds = {}
    for name, kind in fields.items():
        plain = field_name(name)
        if not plain or plain[0].isdigit():
            raise ValueError(f"{name!r} cannot be a field: its name must begin with a letter")
        if is_own(plain):
            raise ValueError(f"{name!r} cannot be a field: searchkit has one of that name")
        if plain in kinds:
            raise ValueError(f"{name!r} is there twice: names differ by more than case and signs")
        if kind not in KINDS:
            raise ValueError(f"the field {name!r} is of no kind; the kinds are {', '.join(KINDS)}")
        kinds[plain] = str(kind)
    return kinds


def extended(schema: Schema, fields: Mapping[str, str], analyzer: str) -> Schema:
    """``schema`` with the built-in fields and ``fields`` (``checked``); ``analyzer`` is that of
    texts, which have twins with their words as written.
    """
    texts = Field(analyzer=analyzer, lengths=False)
    written = Field(analyzer=WORDS, frequencies=False, positions=False, lengths=False)
    indexed, columns = dict(schema.fields), dict(schema.columns)
    added = [MetadataField(name, MetadataKind(kind), f"{kind}:{name}") for name, kind in
             sorted(fields.items())]  # fmt: skip
    for one in (*BUILT_IN.values(), *added):
        if one.kind in _COLUMNS:
            columns[one.where] = _COLUMNS[one.kind]
        else:
            indexed[one.where] = texts if one.kind is MetadataKind.TEXT else _KEYWORDS
            if one.kind is MetadataKind.TEXT:
                indexed[word_field(one.where)] = written
    return Schema(indexed, columns, schema.extra)


def declared(schema: Schema) -> dict[str, MetadataField]:
    """The fields of metadata of an index, by their names in queries."""
    found: dict[str, MetadataField] = {}
    for where, one in schema.fields.items():
        kind = MetadataKind.KEYWORD if one.analyzer is None else MetadataKind.TEXT
        _declare(where, (kind,), found)
    for where, column in schema.columns.items():
        kinds = tuple(kind for kind, its in _COLUMNS.items() if its is column)
        _declare(where, kinds, found)
    return found


def _declare(where: str, kinds: tuple[MetadataKind, ...], found: dict[str, MetadataField]) -> None:
    built_in = BUILT_IN.get(where)
    if built_in is not None and built_in.kind in kinds:
        found[where] = built_in
    for kind in kinds:
        prefix, colon, name = where.partition(":")
        if colon and prefix == kind.value and name not in BUILT_IN and name not in FIELDS:
            found[name] = MetadataField(name, kind, where)


def configured(schema: Schema) -> dict[str, str]:
    """The fields that a configuration has added to an index, as :func:`checked` gives them."""
    found = declared(schema)
    return {name: one.kind.value for name, one in found.items() if name not in BUILT_IN}
