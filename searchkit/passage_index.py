"""How do documents and their passages lie in an index?

Each passage is a document of the index, with its file's key; its fields are texts and what is known
of its document (``metadata/``), all else is stored. What tells whether a file has changed stands in
columns of a document's first passage, so that a sync reads nothing else. The extracted text is
stored passage by passage, with what lies between them, so that it can be given back whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from searchkit.analysis.dictionary import checked_dictionary, current, open_dictionary
from searchkit.analysis.forms import document_forms
from searchkit.analysis.titles import title_term
from searchkit.codec import CorruptError
from searchkit.document import Document, Passage, Value, headings_found
from searchkit.document_language import ANALYSED, UNKNOWN, language_stored
from searchkit.document_records import (
    RECORD_COLUMNS,
    DocumentRecord,
    columns_of,
    record_of,
)
from searchkit.errors import (
    IndexCorruptError,
    IndexNotFoundError,
    SchemaMismatchError,
    UsageError,
)
from searchkit.index import Snapshot
from searchkit.index.manifest import NAME, is_ours
from searchkit.metadata import MetadataField, declared
from searchkit.metadata.fields import LANGUAGE, extended, field_name
from searchkit.metadata.values import written
from searchkit.passage_parts import parts_stored, stored_parts
from searchkit.record import Record
from searchkit.schema import (
    FIELDS,
    HEADINGS,
    LANGUAGES,
    TEXT,
    TITLE,
    WHOLE_TITLE,
    WORDS,
    Field,
    Schema,
    dictionary_field,
    form_field,
    word_field,
)
from searchkit.storage.disk import DiskDirectory

if TYPE_CHECKING:
    from searchkit.document_fields import Found
    from searchkit.index.writer import Writer

ANALYZER = LANGUAGES

SCHEMA = Schema(
    fields={
        **{name: Field(analyzer=ANALYZER) for name in FIELDS},
        **{
            word_field(name): Field(analyzer=WORDS, positions=False, lengths=False)
            for name in FIELDS
        },
        **{
            form_field(name): Field(
                analyzer=ANALYZER, frequencies=False, positions=False, lengths=False
            )
            for name in FIELDS
        },
        ANALYSED: Field(frequencies=False, positions=False, lengths=False),
        WHOLE_TITLE: Field(frequencies=False, positions=False, lengths=False),
    },
    columns=RECORD_COLUMNS,
    extra={"owner": "searchkit"},
)

"""What every index of passages has besides the fields of metadata; the columns are the records'."""


def schema_with(fields: Mapping[str, str], dictionary: str = "") -> Schema:
    """The schema with ``fields`` of metadata (``metadata.checked``), and the words of a dictionary
    ("icu"), if one is named. Raises ``UsageError`` if that is not installed.
    """
    schema = SCHEMA
    if checked_dictionary(dictionary):
        words = Field(frequencies=False, positions=False, lengths=False)
        name = dictionary_field(current(dictionary))
        schema = Schema({**SCHEMA.fields, name: words}, SCHEMA.columns, SCHEMA.extra)
    return extended(schema, fields, ANALYZER)


_NOT_SEGMENTS = (NAME, ".gitignore", "write.lock")


class DocumentInfo(Record):
    """What an index knows of a document besides its text; the parts of its name are those of
    :class:`Document`. ``passages`` counts them.
    """

    key: str
    title: str
    modified: float
    media_type: str
    authors: tuple[str, ...]
    published: str
    language: str
    tags: tuple[str, ...]
    fields: Mapping[str, Value]
    passages: int


def passage_writer(
    folder: Path, fields: Mapping[str, str] | None = None, dictionary: str | None = None
) -> Writer:
    """The writer of the index in ``folder``, which it makes if there is none, by
    :func:`schema_with`; :func:`bring_up_to_date` gives that to one that there is.

    Raises ``UsageError`` if ``folder`` holds something else, and ``StorageError``s.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name another place for the index")
    directory = DiskDirectory.make(folder)
    strangers = [
        file.name
        for file in folder.iterdir()
        if file.name not in _NOT_SEGMENTS and not is_ours(file.name)
    ]
    if strangers and NAME not in directory.names():
        raise UsageError(
            f"{folder} is no index and holds other files, such as {min(strangers)}; "
            "name another place for the index"
        )
    # Late: whoever only searches does not wait for what writes.
    from searchkit.index.writer import Writer

    try:
        writer = Writer(directory)
    except IndexNotFoundError:
        writer = Writer(directory, schema_with(fields or {}, dictionary or ""))
    if writer.schema.extra != SCHEMA.extra:
        writer.cancel()
        raise SchemaMismatchError(folder)
    # An index is derived from the documents beside it: version control should not see it.
    # The folder may come from anyone: a link in that place must not have us write into the file
    # that it points to.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with suppress(FileExistsError):
        file = os.open(folder / ".gitignore", flags, 0o666)
        try:
            os.write(file, b"*\n")
        except OSError:
            # Empty it would hide nothing, and stay so.
            os.unlink(folder / ".gitignore")
            raise
        finally:
            os.close(file)
    return writer


def put(
    writer: Writer,
    document: Document,
    passages: Sequence[Passage],
    record: DocumentRecord,
    *,
    language: str | None = None,
    is_new: bool = False,
) -> None:
    """Index a document with its passages (one at the least), in place of the one with its key;
    ``is_new`` says that there is none.

    The document need not have its blocks, lines and places any more; ``language`` is the one to
    analyse it by, if that is known already.
    """
    # Late: whoever only searches does not wait for what knows the formats and the languages.
    from searchkit.analysis.detect import language_of
    from searchkit.document_fields import found_by

    if not is_new:
        writer.delete(document.key)
    found = found_by(document, _declared(writer.schema))
    if language is None:
        language = language_of(document.text or document.title, document.language)
    about = {**_about(document), **language_stored(language, document.language)}
    end = 0
    for passage in passages:
        is_first = passage is passages[0]
        stored: dict[str, object] = {
            "ordinal": passage.ordinal,
            "title": passage.title,
            "headings": passage.headings,
            "start": passage.start,
            "end": passage.end,
            "line": passage.line,
            "gap": document.text[end : passage.start],
            "text": passage.text,
            "modified": passage.modified,
            "place": passage.place,
            **about,
        }
        stored.update(stored_parts(passage))
        if is_first and document.fields:
            stored["fields"] = dict(document.fields)
        end = passage.end
        if passage is passages[-1]:
            stored["tail"] = document.text[end:]
        columns = columns_of(record) if is_first else {}
        add(writer, document.key, stored, found, columns, language)


_last_declared: tuple[Schema, tuple[MetadataField, ...]] | None = None


def _declared(schema: Schema) -> tuple[MetadataField, ...]:
    """The fields of metadata of ``schema``, which is the same for thousands of documents."""
    global _last_declared
    last = _last_declared
    if last is None or last[0] is not schema:
        last = _last_declared = (schema, tuple(declared(schema).values()))
    return last[1]


def _about(document: Document) -> dict[str, object]:
    """What each passage keeps of its document, as far as it is known."""
    about: dict[str, object] = {
        "media_type": document.media_type,
        "authors": document.authors,
        "published": document.published,
        "language": document.language,
        "tags": document.tags,
    }
    return {name: value for name, value in about.items() if value}


def add(
    writer: Writer,
    key: str,
    stored: Mapping[str, Any],
    found: Found,
    columns: Mapping[str, int | float | bytes],
    language: str,
) -> None:
    """Add a passage of a document that is ``found`` by its metadata, and analysed by
    ``language``.
    """
    term = (language or UNKNOWN).encode()
    by_language = found.terms.get(LANGUAGE, [])
    if language and term not in by_language:
        by_language = [*by_language, term]
    texts = {TEXT: stored["text"], TITLE: stored["title"], **found.texts}
    inside = stored.get("sections", ()), stored.get("labels", ())
    headings = headings_found(stored["headings"], *inside)
    if headings:
        texts[HEADINGS] = headings
    written = ((TEXT, [stored["text"]]), (TITLE, [stored["title"]]), (HEADINGS, headings))
    for name, some in written:
        forms = [form.word for text in some for form in document_forms(text, language)]
        if forms:
            texts[form_field(name)] = " ".join(forms)
    terms = {**found.terms, LANGUAGE: by_language, ANALYSED: [term]}
    dictionary = writer.schema.dictionary
    if dictionary:
        find = open_dictionary(dictionary).words
        texts_of_all = (text for _, some in written for text in some)
        words = list({word.encode(): None for text in texts_of_all for word in find(text)})
        if words:
            terms[dictionary_field(dictionary)] = words
    title = title_term(stored["title"])
    if title:
        terms[WHOLE_TITLE] = [title.encode("utf-8", "surrogateescape")]
    writer.add(
        key,
        texts=texts,
        terms=terms,
        stored=stored,
        columns={**columns, **found.columns},
        language=language,
    )


def passage(snapshot: Snapshot, docnum: int) -> Passage:
    """The passage with its stored fields. Raises ``IndexCorruptError`` if it lacks one."""
    stored: Any = snapshot.stored(docnum)
    try:
        return Passage(
            key=snapshot.key(docnum),
            **{name: stored[name] for name in _STORED},
            **{name: stored[name] for name in _ABOUT if name in stored},
            **parts_stored(stored),
        )
    except KeyError as error:
        raise IndexCorruptError(snapshot.path, f"a passage has no {error}") from error
    except CorruptError as error:
        raise IndexCorruptError(snapshot.path, str(error)) from error


_STORED = ("ordinal", "title", "headings", "start", "end", "line", "text", "modified", "place")
_ABOUT = ("media_type", "authors", "published", "language", "tags")


def document_info(snapshot: Snapshot, key: str) -> DocumentInfo | None:
    """What is known of a document, or None if there is none with that key."""
    docnums = snapshot.docnums(key)
    return info_of(snapshot, docnums) if docnums else None


def info_of(snapshot: Snapshot, docnums: Sequence[int]) -> DocumentInfo:
    first = passage(snapshot, docnums[0])
    fields: Any = snapshot.stored(docnums[0]).get("fields", {})
    if not isinstance(fields, dict):
        raise IndexCorruptError(snapshot.path, "the fields of a document are none")
    return DocumentInfo(
        first.key,
        first.title,
        first.modified,
        first.media_type,
        first.authors,
        first.published,
        first.language,
        first.tags,
        fields,
        len(docnums),
    )


def texts_of(about: DocumentInfo, name: str) -> list[str]:
    """The values of the field of metadata ``name`` as a document writes them."""
    match name:
        case "author":
            return list(about.authors)
        case "tag":
            return list(about.tags)
        case "lang":
            return [about.language] if about.language else []
    for field, value in about.fields.items():
        if field_name(field) == name:
            return [written(one) for one in (value if isinstance(value, list) else [value])]
    return []


def text_of(snapshot: Snapshot, key: str) -> str | None:
    """The whole extracted text of a document, or None if there is none with that key."""
    docnums = snapshot.docnums(key)
    if not docnums:
        return None
    parts = []
    for docnum in docnums:
        stored = snapshot.stored(docnum)
        parts += [stored.get("gap", ""), stored.get("text", ""), stored.get("tail", "")]
    return "".join(map(str, parts))


def documents_of(
    snapshot: Snapshot, keys: Sequence[str]
) -> Iterator[tuple[Document, list[Passage], DocumentRecord]]:
    """The documents with ``keys`` as they were put, without their blocks, lines and places.

    Raises ``IndexCorruptError`` if one is not whole.
    """
    for key in keys:
        docnums = snapshot.docnums(key)
        record = record_of(snapshot, key)
        text = text_of(snapshot, key)
        if record is None or text is None:
            raise IndexCorruptError(snapshot.path, f"{key} has no first passage")
        yield (
            document_with(info_of(snapshot, docnums), text),
            [passage(snapshot, docnum) for docnum in docnums],
            record,
        )


def document_with(about: DocumentInfo, text: str) -> Document:
    return Document(
        about.key,
        about.title,
        text,
        (),
        (),
        about.modified,
        media_type=about.media_type,
        authors=about.authors,
        published=about.published,
        language=about.language,
        tags=about.tags,
        fields=about.fields,
    )
