"""How do the documents of another Whoosh reader come in?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from whoosh.columns import TranslatingColumnReader
from whoosh.fields import Schema
from whoosh.reading import IndexReader

from searchkit.whoosh_api.columns import ColumnCodec
from searchkit.whoosh_api.document import EngineDocument, Item, add_items, add_vector


def documents_of(reader: IndexReader, schema: Schema) -> Iterator[tuple[int, EngineDocument]]:
    """The live documents of ``reader`` by docnum, in order, with what ``schema`` has of them.

    All postings of the reader are in memory while it runs: it is inverted back.
    """
    items: dict[int, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for name, term in reader.all_terms():
        if name not in schema:
            continue
        matcher = reader.postings(name, term)
        has_frequency = matcher.supports("frequency")
        while matcher.is_active():
            frequency = matcher.value_as("frequency") if has_frequency else 1
            items[matcher.id()][name].append((term, frequency, matcher.weight(), matcher.value()))
            matcher.next()
    columns = {
        name: _column(reader, name)
        for name, one in schema.items()
        if one.column_type and reader.has_column(name)
    }
    for docnum, stored in reader.iter_docs():
        document = EngineDocument()
        for name, postings in items.pop(docnum, {}).items():
            add_items(document, name, schema[name], postings)
        for name, value in stored.items():
            if name in schema:
                document.stored[name] = value
        for name, one in schema.items():
            if one.vector and reader.has_vector(docnum, name):
                vector = reader.vector(docnum, name, one.vector)
                add_vector(document, name, one, _vector_items(vector))
            if name in columns:
                codec = ColumnCodec(name, one.column_type)
                document.columns[name] = codec.encode(columns[name][docnum])
        yield docnum, document


def _column(reader: IndexReader, name: str) -> Any:
    column = reader.column_reader(name)
    return column.raw_column() if isinstance(column, TranslatingColumnReader) else column


def _vector_items(vector: Any) -> Iterator[tuple[str, float, bytes]]:
    while vector.is_active():
        yield vector.id(), vector.weight(), vector.value()
        vector.next()
