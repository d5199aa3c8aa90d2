"""How does a field become sortable when its documents are there already?"""

from __future__ import annotations

from typing import Any

from whoosh.columns import Column
from whoosh.fields import COLUMN
from whoosh.sorting import FacetType

from searchkit.whoosh_api.columns import ColumnCodec
from searchkit.whoosh_api.writer import SearchkitWriter


def add_sortable(
    writer: SearchkitWriter, fieldname: str, facet: FacetType, column: Column | None = None
) -> None:
    """Give every committed document a value of ``fieldname`` to sort by, which ``facet`` finds.

    What ``whoosh.sorting.add_sortable`` is for Whoosh's files. Without such a field, one is made of
    ``column``. The commit writes all documents anew, with their postings in memory at once.
    Raises ``ValueError`` for a field that is sortable already, or that is not there without
    ``column``.
    """
    schema = writer.schema
    if fieldname not in schema:
        if column is None:
            raise ValueError(f"field {fieldname!r} does not exist, and no column says what to make")
        schema.add(fieldname, COLUMN(column))
    elif schema[fieldname].column_type:
        raise ValueError(f"field {fieldname!r} is already sortable")
    field = schema[fieldname]
    column = column or field.default_column()
    codec = ColumnCodec(fieldname, column)
    searcher = writer.searcher()
    categorizer = facet.categorizer(searcher)
    categorizer.set_searcher(searcher, 0)
    values: dict[int, Any] = {}
    for docnum in searcher.reader().all_doc_ids():
        value = categorizer.key_to_name(categorizer.key_for(None, docnum))
        values[docnum] = codec.encode(field.to_column_value(value))
    field.column_type = column
    writer.add_column(fieldname, values)
