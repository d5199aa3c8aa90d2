"""In which order do matches come, if not by score?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from searchkit.errors import UnknownFieldError
from searchkit.index import Snapshot
from searchkit.metadata import MetadataField, MetadataKind, declared, field_name
from searchkit.metadata.fields import PATH, TYPE
from searchkit.metadata.values import keyword
from searchkit.passage_index import document_info, texts_of
from searchkit.schema import TITLE
from searchkit.search import Scored

Order = list[tuple[int, float]]
"""Docnums with their scores."""


def in_order(snapshot: Snapshot, matches: Scored, by: str) -> Order:
    """``matches`` ordered by a field: "date", "path", "title" or any field of metadata; downwards
    with "-" before its name. Of several values the first counts; what has none comes last. Equal
    ones are in the order of their scores.

    Raises ``UnknownFieldError`` for a field that the index does not have.
    """
    name = field_name(by.removeprefix("-"))
    known = declared(snapshot.schema)
    if name != TITLE and name not in known:
        raise UnknownFieldError(name, (TITLE, *known))
    value_of = _reader(snapshot, known.get(name))
    ordered = sorted(zip(matches.docs, matches.values, strict=True), key=lambda one: -one[1])
    having, lacking = [], []
    for one in ordered:
        value = value_of(one[0])
        if value is None or value != value:
            lacking.append(one)
        else:
            having.append((value, one))
    # The reverse of a stable sort keeps equal ones in their order.
    having.sort(key=lambda pair: pair[0], reverse=by.startswith("-"))
    return [one for _, one in having] + lacking


def value_shown(snapshot: Snapshot, by: str, docnum: int) -> str:
    """The value that a passage is ordered by, for people: a day in ISO 8601, a number, a text; ""
    if it has none, and for titles and paths, which each passage shows anyway.
    """
    field = declared(snapshot.schema).get(field_name(by.removeprefix("-")))
    if field is None or field.name == PATH:
        return ""
    value = _reader(snapshot, field)(docnum)
    if value is None or value != value:
        return ""
    match field.kind:
        case MetadataKind.DATE:
            return date.fromordinal(value).isoformat()
        case MetadataKind.NUMBER:
            return f"{value:.15g}"
        case _:
            return str(value)


def _reader(snapshot: Snapshot, field: MetadataField | None) -> Callable[[int], Any]:
    """What gives the value of a passage's document."""
    if field is not None and field.kind in (MetadataKind.NUMBER, MetadataKind.DATE):
        return lambda doc: snapshot.column_value(field.where, doc)
    if field is not None and field.name == PATH:
        return snapshot.key
    # Texts are looked up, once for a document: its passages are neighbours.
    values: dict[str, str | None] = {}

    def value_of(doc: int) -> str | None:
        key = snapshot.key(doc)
        if key not in values:
            about = document_info(snapshot, key)
            assert about is not None
            if field is None:
                texts = [about.title]
            elif field.name == TYPE:
                texts = [about.media_type]
            else:
                texts = texts_of(about, field.name)
            values[key] = keyword(texts[0]) if texts else None
        return values[key]

    return value_of
