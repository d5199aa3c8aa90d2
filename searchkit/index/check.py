"""Is every byte of an index as a writer wrote it?

Two questions: does everything match its checksum, and, since checksums can be made by anyone, does
everything say what a writer would have said? For the second, whatever has one form only is written
anew from what was read of it and compared, byte for byte: lists of postings with their positions
and the bounds of their scores, lengths, columns. The rest is compared with what it refers to.

What depends on a section that does not match its checksum is not looked into any further. Memory
is bounded by the longest list, the number of documents, and one block of stored documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from searchkit.analysis import open_analyzer
from searchkit.codec.columns import encode_column
from searchkit.codec.values import decode_values
from searchkit.errors import (
    IndexCorruptError,
    IndexNotFoundError,
    IndexTooNewError,
    IndexTooOldError,
    StorageError,
)
from searchkit.index.attachment import open_attachment, read_attachment
from searchkit.index.check_lists import FieldCheck, Problem, sections_of_field
from searchkit.index.commit import open_current, read_manifest
from searchkit.index.deletions import Deletions
from searchkit.index.manifest import NAME, Manifest, SegmentInfo, is_ours
from searchkit.index.segment import SegmentReader, indexed_fields
from searchkit.schema import KEY, Field, Schema
from searchkit.storage.directory import Directory
from searchkit.storage.envelope import SectionReader

_MOST_PROBLEMS = 10
"""Of one section are told one by one; the others are only counted."""

_DAMAGE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, MemoryError)
"""What damaged bytes cause; ``CorruptError`` is a ``ValueError``."""


def check(directory: Directory) -> Iterator[str]:
    """Every problem of the current generation, a line each: the file, the section, and what is
    wrong. None for a sound index.

    Raises ``IndexNotFoundError``, ``IndexTooOldError``, ``IndexTooNewError``, and
    ``StorageError`` for what the system refuses.
    """
    try:
        manifest, files, problems = _opened(directory)
        yield from problems
    except IndexCorruptError as error:
        yield error.detail
        return
    except IndexNotFoundError:
        if not _has_files(directory):
            raise
        yield f"{NAME} is missing, and there are files of an index"
        return
    try:
        schema = Schema.from_json(manifest.schema)
        for field in schema.fields.values():
            if field.analyzer is not None:
                open_analyzer(field.analyzer)
    except _DAMAGE as error:
        yield f"{NAME} has a schema that cannot be right: {_reason(error)}"
        return
    for info in manifest.segments:
        deletions = Deletions.none(info.docs)
        if info.deletions is not None and info.deletions.name in files:
            data = files[info.deletions.name]
            try:
                deletions = Deletions.read(data, info, directory.path)
            except IndexCorruptError as error:
                yield error.detail
        if info.name in files:
            yield from _check_segment(directory, files[info.name], info, deletions, schema)
    attachment = manifest.attachment
    if attachment is not None and attachment.name in files:
        data = files[attachment.name]
        try:
            yield from open_attachment(data, attachment, directory.path).verify_all()
            read_attachment(data, attachment, directory.path)
        except IndexCorruptError as error:
            yield error.detail


def _opened(directory: Directory) -> tuple[Manifest, dict[str, memoryview], list[str]]:
    """The manifest, the files that are as long as it says, and what is wrong with the others."""
    try:
        return *open_current(directory), []
    except (IndexNotFoundError, IndexTooOldError, IndexTooNewError):
        raise
    except StorageError:
        manifest = read_manifest(directory)
    files: dict[str, memoryview] = {}
    problems = []
    for name, length in manifest.files().items():
        try:
            data = directory.open(name)
        except FileNotFoundError:
            problems.append(f"{name} is missing")
        except OSError as error:
            problems.append(f"{name} cannot be read: {error.strerror or error}")
        else:
            if len(data) == length:
                files[name] = data
            else:
                problems.append(f"{name} has {len(data):,} bytes in the place of {length:,}")
    return manifest, files, problems


def _has_files(directory: Directory) -> bool:
    with suppress(OSError):
        return any(map(is_ours, directory.names()))
    return False


def _check_segment(
    directory: Directory, data: memoryview, info: SegmentInfo, deletions: Deletions, schema: Schema
) -> Iterator[str]:
    try:
        segment = SegmentReader(data, info, deletions, schema, directory.path, 0)
    except IndexCorruptError as error:
        yield error.detail if info.name in error.detail else f"{info.name}: {error.detail}"
        return
    yield from segment.sections.verify_all()
    damaged = set(_damaged(segment.sections))
    names = set(segment.sections.names())
    fields = {n: f for n, f in indexed_fields(schema).items() if n in segment.field_names}
    expected = set(_sections(fields, segment.column_names))
    # Of fields that the schema has no longer it is not known whether they have lengths.
    allowed = {f"lengths:{name}" for name in segment.field_names - fields.keys()}
    for name in segment.field_names - fields.keys():
        expected.update(sections_of_field(name, Field(lengths=False)))
    for name in sorted(expected - names):
        yield f"{info.name} has no section {name!r}"
    for name in sorted(names - expected - allowed):
        yield f"{info.name} has a section {name!r} of no field and no column"
    if KEY not in segment.field_names:
        yield f"{info.name} does not name its field {KEY!r}"
    damaged |= expected - names
    is_sound = damaged.isdisjoint
    has_keys = False
    if is_sound(("keys", "keys.index")):
        problems = list(_told(info.name, "keys", _check_keys(segment)))
        has_keys = not problems
        yield from problems
    if is_sound(("stored", "stored.index")):
        yield from _told(info.name, "stored", _check_stored(segment))
    for name, field in fields.items():
        # The keys bound the number of documents, for which there will be room in memory.
        if has_keys and is_sound(sections_of_field(name, field)):
            yield from _told(info.name, f"terms:{name}", _check_field(segment, name))
    for name in sorted(schema.columns.keys() & segment.column_names):
        section = f"column:{name}"
        if is_sound((section,)):
            yield from _told(info.name, section, _check_column(segment, name))


def _damaged(sections: SectionReader) -> Iterator[str]:
    for name in sections.names():
        try:
            sections.verified(name)
        except IndexCorruptError:
            yield name


def _sections(fields: Mapping[str, Field], columns: Iterable[str]) -> Iterator[str]:
    yield from ("stored", "stored.index", "keys", "keys.index")
    for name, field in fields.items():
        yield from sections_of_field(name, field)
    yield from (f"column:{name}" for name in columns)


def _told(file: str, section: str, problems: Iterator[Problem]) -> Iterator[str]:
    """``problems`` as lines. What reading damaged bytes raises is the last one, in ``section``."""
    counts: dict[str, int] = {}
    try:
        for where, what in problems:
            counts[where] = counts.get(where, 0) + 1
            if counts[where] <= _MOST_PROBLEMS:
                yield f"{file}, section {where!r}: {what}"
    except IndexCorruptError as error:
        yield f"{file}, section {section!r}: {error.detail}"
    except _DAMAGE as error:
        yield f"{file}, section {section!r}: {_reason(error)}"
    for where, count in counts.items():
        if count > _MOST_PROBLEMS:
            yield f"{file}, section {where!r}: {count - _MOST_PROBLEMS:,} more problems"


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _check_keys(segment: SegmentReader) -> Iterator[Problem]:
    keys = segment.keys
    keys.checked_offsets()
    for _ in keys:
        pass
    yield from ()


def _check_stored(segment: SegmentReader) -> Iterator[Problem]:
    stored = segment.stored
    for block in range(stored.block_count):
        read = -1
        try:
            docnums = stored.docnums_of(block)
            for doc, record in zip(docnums, stored.read(block, docnums), strict=True):
                read = doc
                decode_values(record)
        except _DAMAGE as error:
            where = f"block {block}" if read < 0 else f"block {block}, document {read} or the next"
            yield "stored", f"{where}: {_reason(error)}"


def _check_field(segment: SegmentReader, name: str) -> Iterator[Problem]:
    yield from FieldCheck(segment, name).problems()


def _check_column(segment: SegmentReader, name: str) -> Iterator[Problem]:
    column = segment.column(name)
    if encode_column(column.kind, column.values()) != segment.sections.section(f"column:{name}"):
        yield f"column:{name}", "is not what a writer makes of its values"
