"""Where do documents and passages lie in the Whoosh index?

Two kinds of Whoosh document stand in it, told apart by the field ``kind``: one for each document
(its record), followed by one for each of its passages, in order. Both carry the document's key,
so that one deletion takes them all. The terms come from ``analysis/``: Whoosh is handed lists of
terms and analyses nothing. Exact field lengths lie in columns, because Whoosh's own are rounded
to a byte.
"""

from __future__ import annotations

from whoosh import columns, fields

from searchkit.schema import FIELDS

DOCUMENT = "document"
PASSAGE = "passage"


def length_column(field: str) -> str:
    """The name of the column with the number of terms of ``field`` in each passage."""
    return f"length_{field}"


def whoosh_schema() -> fields.Schema:
    """Whoosh's schema of an index."""
    schema = fields.Schema(
        kind=fields.ID(),
        key=fields.ID(),
        stored=fields.STORED(),
    )
    for field in FIELDS:
        schema.add(field, fields.TEXT(phrase=True, stored=False))
        schema.add(length_column(field), fields.COLUMN(columns.NumericColumn("I")))
    return schema
