"""By which terms and values of metadata is a document found?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from searchkit.document import Document, Scalar, Value
from searchkit.metadata.fields import (
    AUTHOR,
    BUILT_IN,
    DATE,
    LANGUAGE,
    PATH,
    TAG,
    TYPE,
    MetadataField,
    MetadataKind,
    field_name,
)
from searchkit.metadata.values import (
    day,
    day_of_time,
    keyword,
    language_keywords,
    number,
    path_keywords,
    written,
)
from searchkit.readers.formats import FORMATS, format_of, suffix_of
from searchkit.record import Record

_BY_MEDIA_TYPE = {format.media_type: format for format in FORMATS}


class Found(Record):
    """What to index of a document with each of its passages: texts, terms and values of columns,
    each by its place in the index.
    """

    texts: dict[str, list[str]]
    terms: dict[str, list[bytes]]
    columns: dict[str, int | float]


def found_by(document: Document, fields: Iterable[MetadataField]) -> Found:
    """By what ``fields`` find ``document``. A value that is not of its field's kind is left out;
    of several numbers or dates in one field the first counts.
    """
    texts = {AUTHOR: list(document.authors)} if document.authors else {}
    columns: dict[str, int | float] = {}
    published = day(document.published) if document.published else None
    known = day_of_time(document.modified) if published is None else published
    if known is not None:
        columns[DATE] = known
    keywords: dict[str, Iterable[str]] = {
        PATH: path_keywords(document.key),
        TYPE: _types(document.media_type, _suffix(document.key)),
    }
    if document.language:
        keywords[LANGUAGE] = language_keywords(document.language)
    if document.tags:
        keywords[TAG] = map(keyword, document.tags)
    others = [field for field in fields if field.name not in BUILT_IN]
    values = {field_name(name): value for name, value in document.fields.items()} if others else {}
    for field in others:
        some = list(_several(values.get(field.name, [])))
        if field.kind is MetadataKind.TEXT:
            if some:
                texts[field.where] = [str(one) for one in some]
        elif field.kind is MetadataKind.KEYWORD:
            keywords[field.where] = [keyword(written(one)) for one in some]
        else:
            as_number = _number if field.kind is MetadataKind.NUMBER else _day
            first = next((value for value in map(as_number, some) if value is not None), None)
            if first is not None:
                columns[field.where] = first
    terms = {
        where: [term.encode() for term in dict.fromkeys(some) if term]
        for where, some in keywords.items()
    }
    return Found(texts, {where: some for where, some in terms.items() if some}, columns)


def _suffix(key: str) -> str:
    """The suffix that tells a format, of the document's own name or of what it lies in; ""
    if there is none.
    """
    for part in reversed(key.split("/")):
        suffix = suffix_of(part)
        if suffix and format_of(part) is not None:
            return suffix
    return ""


@lru_cache(1000)
def _types(media_type: str, suffix: str) -> tuple[str, ...]:
    """The media type and the format's name, and the suffix of the file's name where it tells it.

    What another package's reader gives may call itself plain text, or nothing that is known here:
    it is found by its format too, whose name is its suffix.
    """
    types = [keyword(media_type)]
    by_suffix = format_of(f"name{suffix}")
    found = _BY_MEDIA_TYPE.get(types[0], by_suffix)
    if found is not None:
        types.append(found.name)
        if suffix in found.suffixes:
            types.append(suffix[1:])
    if by_suffix is not None and not by_suffix.is_ours:
        types.append(by_suffix.name)
    return tuple(types)


def _several(value: Value) -> list[Scalar]:
    return value if isinstance(value, list) else [value]


def _number(value: Scalar) -> float | None:
    if isinstance(value, str):
        return number(value)
    try:
        return float(value)
    except OverflowError:
        return None


def _day(value: Scalar) -> int | None:
    return day(str(value))
