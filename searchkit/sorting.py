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
    value_of = _values(snapshot, known.get(name))
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
    """The value that a passage is ordered by, for people: a day in ISO 8601, a number, a text as
    the document writes it; "" if it has none, and for titles and paths, which each passage shows
    anyway.
    """
    field = declared(snapshot.schema).get(field_name(by.removeprefix("-")))
    if field is None or field.name == PATH:
        return ""
    if field.kind not in (MetadataKind.NUMBER, MetadataKind.DATE):
        texts = _texts(snapshot, field, snapshot.key(docnum))
        return _shown(field, texts[0]) if texts else ""
    value = snapshot.column_value(field.where, docnum)
    if not isinstance(value, int | float) or value != value:
        return ""
    if field.kind is MetadataKind.NUMBER:
        return f"{value:.15g}"
    try:
        return date.fromordinal(int(value)).isoformat()
    except (ValueError, OverflowError):
        return ""


def _shown(field: MetadataField, text: str) -> str:
    if field.name != TYPE:
        return text
    # Late: whoever only searches does not wait for what knows the formats.
    from searchkit.readers.formats import name_of

    return name_of(text)


def _values(snapshot: Snapshot, field: MetadataField | None) -> Callable[[int], Any]:
    """What gives the value of a passage's document; of its title without a field."""
    if field is not None and field.kind in (MetadataKind.NUMBER, MetadataKind.DATE):
        return lambda doc: snapshot.column_value(field.where, doc)
    if field is not None and field.name == PATH:
        return snapshot.key
    # Texts are looked up, once for a document: its passages are neighbours.
    values: dict[str, str | None] = {}

    def value_of(doc: int) -> str | None:
        key = snapshot.key(doc)
        if key not in values:
            texts = _texts(snapshot, field, key)
            values[key] = keyword(texts[0]) if texts else None
        return values[key]

    return value_of


def _texts(snapshot: Snapshot, field: MetadataField | None, key: str) -> list[str]:
    """What a document says in a field, or its title."""
    about = document_info(snapshot, key)
    assert about is not None
    if field is None:
        return [about.title]
    return [about.media_type] if field.name == TYPE else list(texts_of(about, field.name))
