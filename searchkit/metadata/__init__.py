"""What is known about a document besides its text, and how is it asked for?

The fields of metadata that an index has (``fields.py``), and the terms and numbers that stand for
their values, of documents and of queries alike (``values.py``).
"""

from searchkit.metadata.fields import (
    BUILT_IN,
    KINDS,
    MetadataField,
    MetadataKind,
    checked,
    configured,
    declared,
    field_name,
)

__all__ = [
    "BUILT_IN",
    "KINDS",
    "MetadataField",
    "MetadataKind",
    "checked",
    "configured",
    "declared",
    "field_name",
]
