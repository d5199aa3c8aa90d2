"""How does an index get the fields that it should have?

One from an earlier version, or one whose fields of metadata or dictionary have changed: each
document is put anew from what is stored of it, so that no file has to be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from searchkit.document_language import analysed, language_stored
from searchkit.document_records import UNREAD, lacks_metadata
from searchkit.index import Snapshot
from searchkit.metadata import configured, declared
from searchkit.passage_index import SCHEMA, add, document_with, info_of, schema_with, text_of
from searchkit.schema import Schema

if TYPE_CHECKING:
    from searchkit.index.writer import Writer


def is_up_to_date(
    snapshot: Snapshot, fields: Mapping[str, str] | None = None, dictionary: str | None = None
) -> bool:
    """Whether an index has the fields that :func:`bring_up_to_date` would give it."""
    return _wanted(snapshot.schema, fields, dictionary) == snapshot.schema


def _wanted(schema: Schema, fields: Mapping[str, str] | None, dictionary: str | None) -> Schema:
    if fields is None:
        fields = configured(schema)
    if dictionary is None:
        dictionary = schema.dictionary.partition("-")[0]
    return schema_with(fields, dictionary)


def bring_up_to_date(
    writer: Writer, fields: Mapping[str, str] | None = None, dictionary: str | None = None
) -> str:
    """Give an index the fields of metadata that it should have: the built-in ones, and ``fields``,
    or if they are None those that it has; and the words of ``dictionary``, or if that is None of
    the one that it has, in the version that is installed. Every document is put anew, from what is
    stored of it.

    Returns what was done, a sentence without a full stop, or "". Raises ``UsageError`` if the
    dictionary is not installed.
    """
    snapshot = writer.snapshot
    if snapshot is None:
        return ""
    before = writer.schema
    schema = _wanted(before, fields, dictionary)
    if schema == before:
        return ""
    is_old = lacks_metadata(snapshot)
    # A field that is analysed in another way is a new one.
    kept = {name: one for name, one in schema.fields.items() if before.fields.get(name, one) == one}
    writer.set_schema(Schema(kept, schema.columns, schema.extra))
    writer.set_schema(schema)
    count = 0
    for docnums in _by_document(snapshot):
        _put_anew(writer, snapshot, docnums)
        count += 1
    documents = f"{count:,} document{'' if count == 1 else 's'}"
    if is_old:
        return (
            "the index was made by an earlier version and knew nothing of metadata; each document "
            f"is read once more when it is indexed ({documents})"
        )
    changed = []
    names = sorted({name for name, _ in configured(before).items() ^ configured(schema).items()})
    if names:
        changed.append(f"the fields have changed ({', '.join(names)})")
    if before.dictionary != schema.dictionary:
        old, new = before.dictionary or "none", schema.dictionary or "none"
        changed.append(f"the dictionary has changed (from {old} to {new})")
    what = " and ".join(changed) or "the index was made by an earlier version"
    return f"{what}; {documents} indexed anew for that"


def _by_document(snapshot: Snapshot) -> Iterator[list[int]]:
    """The docnums of each document, which are neighbours."""
    run: list[int] = []
    last = None
    for docnum in snapshot.live():
        key = snapshot.key(docnum)
        if run and key != last:
            yield run
            run = []
        run.append(docnum)
        last = key
    if run:
        yield run


def _put_anew(writer: Writer, snapshot: Snapshot, docnums: Sequence[int]) -> None:
    """Put a document in place of itself, under the schema that the writer has now."""
    # Late: whoever finds nothing to do does not wait for them.
    from searchkit.analysis.detect import language_of
    from searchkit.document_fields import found_by

    key = snapshot.key(docnums[0])
    about = info_of(snapshot, docnums)
    document = document_with(about, "")
    language = analysed(snapshot.stored(docnums[0]), about.language)
    if language is None:
        language = language_of(text_of(snapshot, key) or about.title, about.language)
    found = found_by(document, declared(writer.schema).values())
    writer.delete_docnums(docnums)
    for docnum in docnums:
        columns = {}
        for name in snapshot.schema.columns:
            if name in SCHEMA.columns:
                value = snapshot.column_value(name, docnum)
                if value is not None:
                    columns[name] = value
        if columns and lacks_metadata(snapshot):
            # What the file says of itself is not stored: whoever indexes it again reads it.
            columns.update(UNREAD)
        stored = dict(snapshot.stored(docnum))
        stored.update(language_stored(language, about.language))
        add(writer, key, stored, found, columns, language)
