"""Is every byte of an index as a writer wrote it?

Two questions: does everything match its checksum, and, since checksums can be made by anyone, does
everything say what a writer would have said? For the second, whatever has one form only is written
anew from what was read of it and compared, byte for byte: lists of postings with their positions
and the bounds of their scores, lengths, columns. The rest is compared with what it refers to.

What depends on a section that does not match its checksum is not looked into any further. Memory
is bounded by the longest list, the number of documents, and one block of stored documents.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate, compress, islice
from operator import add, ge, gt

from searchkit.analysis import open_analyzer
from searchkit.codec.columns import encode_column
from searchkit.codec.lengths import encode_lengths
from searchkit.codec.postings import PADDING, u32, u64
from searchkit.codec.terms import TermEntry
from searchkit.codec.values import decode_values
from searchkit.errors import (
    IndexCorruptError,
    IndexNotFoundError,
    IndexTooNewError,
    IndexTooOldError,
    StorageError,
)
from searchkit.index.commit import open_current, read_manifest
from searchkit.index.deletions import Deletions
from searchkit.index.manifest import NAME, Manifest, SegmentInfo, is_ours
from searchkit.index.segment import FieldReader, SegmentReader, indexed_fields
from searchkit.kernels import postings as kernel
from searchkit.schema import KEY, Field, Schema
from searchkit.storage.directory import Directory
from searchkit.storage.envelope import SectionReader

_TOKENS_AT_ONCE = 1_000_000
_OUT_BYTES = 8 << 20
_MOST_PROBLEMS = 10
"""Of one section are told one by one; the others are only counted."""

_ONE_BLOCK = 128

_DAMAGE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, MemoryError)
"""What damaged bytes cause; ``CorruptError`` is a ``ValueError``."""

_Problem = tuple[str, str]
"""A section, and what is wrong with it."""


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
        expected.update(_sections_of_field(name, Field(lengths=False)))
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
        if has_keys and is_sound(_sections_of_field(name, field)):
            yield from _told(info.name, f"terms:{name}", _FieldCheck(segment, name).problems())
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
        yield from _sections_of_field(name, field)
    yield from (f"column:{name}" for name in columns)


def _sections_of_field(name: str, field: Field) -> list[str]:
    kinds = ["terms", "terms.index", "postings", "positions", *["lengths"] * field.lengths]
    return [f"{kind}:{name}" for kind in kinds]


def _told(file: str, section: str, problems: Iterator[_Problem]) -> Iterator[str]:
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


def _check_keys(segment: SegmentReader) -> Iterator[_Problem]:
    keys = segment.keys
    keys.checked_offsets()
    for _ in keys:
        pass
    return
    yield


def _check_stored(segment: SegmentReader) -> Iterator[_Problem]:
    stored = segment.stored
    for block in range(stored.block_count):
        doc = -1
        try:
            docnums = stored.docnums_of(block)
            for doc, record in zip(docnums, stored.read(block, docnums), strict=True):
                decode_values(record)
        except _DAMAGE as error:
            where = f"block {block}" if doc < 0 else f"from document {doc} on"
            yield "stored", f"{where}: {_reason(error)}"


def _check_column(segment: SegmentReader, name: str) -> Iterator[_Problem]:
    column = segment.column(name)
    if encode_column(column.kind, column.values()) != segment.sections.section(f"column:{name}"):
        yield f"column:{name}", "is not what a writer makes of its values"


class _FieldCheck:
    """Checks one field of a segment."""

    def __init__(self, segment: SegmentReader, name: str) -> None:
        self._segment = segment
        self._name = name
        self._reader: FieldReader = segment.field(name)
        self._field = self._reader.field
        self._docmap = array("I", range(segment.docs))
        self._lengths = u32(segment.docs)
        self._counts = u32(segment.docs)
        """How many terms each document has."""
        self._repeats = u64(segment.docs)
        """How often it has terms that it had before."""
        self._has_problems = False
        self._out = bytearray(_OUT_BYTES)
        self._positions_out = bytearray(_OUT_BYTES)

    def problems(self) -> Iterator[_Problem]:
        for problem in (*self._check_padding(), *self._check_dictionary()):
            self._has_problems = True
            yield problem
        if self._has_problems:
            return
        yield from self._check_lengths()
        for batch in self._batches():
            yield from self._check_batch(batch)
        if not self._has_problems:
            yield from self._check_documents()

    def _check_padding(self) -> Iterator[_Problem]:
        for name in _sections_of_field(self._name, self._field)[2:]:
            if self._segment.sections.section(name)[-len(PADDING) :] != PADDING:
                yield name, "does not end in zeros"

    def _check_dictionary(self) -> Iterator[_Problem]:
        terms = self._reader.terms
        section = f"terms:{self._name}"
        yield from ((section, what) for what in terms.problems())
        before: bytes | None = None
        longest = 0
        for term, entry in terms:
            longest = max(longest, len(term))
            if before is not None and before >= term:
                yield section, f"{_shown(term)} stands after {_shown(before)}"
            what = self._impossible(entry)
            if what:
                yield section, f"{_shown(term)} {what}"
            before = term
        if longest != terms.longest:
            yield f"terms.index:{self._name}", f"the longest term has {longest} bytes"

    def _impossible(self, entry: TermEntry) -> str:
        """What cannot be so, whatever the list says."""
        if not 1 <= entry.df <= self._segment.docs:
            return f"is in {entry.df:,} of {self._segment.docs:,} documents"
        if not self._field.frequencies and entry.cf != entry.df:
            return f"occurs {entry.cf:,} times in {entry.df:,} documents, and once in each"
        if not self._field.positions:
            return "has positions" if entry.positions_length else ""
        # As many as a reader finds room for: one for each bit of the section.
        if entry.cf > 8 * len(self._reader.positions):
            return f"occurs {entry.cf:,} times, for which there are not enough positions"
        return ""

    def _check_lengths(self) -> Iterator[_Problem]:
        if self._reader.lengths is None:
            return
        name = f"lengths:{self._name}"
        self._lengths = array("I", self._reader.lengths.data)
        section = self._segment.sections.section(name)[: -len(PADDING)]
        if encode_lengths(self._lengths) != section:
            yield name, "has another total, or another width, than its lengths"

    def _batches(self) -> Iterator[list[tuple[bytes, TermEntry]]]:
        batch: list[tuple[bytes, TermEntry]] = []
        tokens = 0
        for term in self._reader.terms:
            entry = term[1]
            size = max(entry.df, entry.cf if self._field.positions else 0)
            # The bounds of long lists are not known for a field without lengths: one by one.
            is_alone = not self._field.lengths and entry.df > _ONE_BLOCK
            if batch and (is_alone or tokens + size > _TOKENS_AT_ONCE):
                yield batch
                batch, tokens = [], 0
            batch.append(term)
            tokens += size
            if is_alone:
                tokens = _TOKENS_AT_ONCE
        if batch:
            yield batch

    def _check_batch(self, batch: Sequence[tuple[bytes, TermEntry]]) -> Iterator[_Problem]:
        """Many lists at once; one by one where one of them is wrong."""
        problem = self._problem_of([entry for _, entry in batch], batch[0][0])
        if problem is None:
            return
        if len(batch) > 1:
            for one in batch:
                yield from self._check_batch([one])
            return
        self._has_problems = True
        section, what = problem
        yield f"{section}:{self._name}", f"the list of {_shown(batch[0][0])} {what}"

    def _problem_of(self, entries: Sequence[TermEntry], term: bytes) -> _Problem | None:
        """What is wrong with these lists, neighbours in the order of terms, the first of which is
        that of ``term``; what it says is right only if there is one.
        """
        dfs = array("I", [entry.df for entry in entries])
        cfs = array("Q", [entry.cf for entry in entries])
        gathered = self._gathered(entries, dfs, cfs)
        if gathered is None:
            return "postings", (
                "cannot be decoded: it is cut off, its documents do not ascend or do not exist, "
                "or it has not the positions that its frequencies need"
            )
        docs, tfs, places, starts, position_starts = gathered
        if not min(tfs) or (not self._field.frequencies and max(tfs) > 1):
            return "postings", "has a frequency that cannot be"
        if self._field.positions and not self._is_in_order(tfs, places):
            return "positions", "has positions that do not ascend"
        problem = self._compare(entries, dfs, cfs, docs, tfs, places, starts, position_starts)
        if problem is None and self._name == KEY:
            problem = self._compare_keys(entries, term, docs)
        if problem is None:
            kernel.count(docs, self._counts)
            repeated = compress(zip(docs, tfs, strict=True), map((1).__lt__, tfs))
            for doc, tf in repeated:
                self._repeats[doc] += tf - 1
        return problem

    def _gathered(
        self, entries: Sequence[TermEntry], dfs: array[int], cfs: array[int]
    ) -> tuple[array[int], array[int], array[int], array[int], array[int]] | None:
        """Documents, frequencies and positions of the lists, and where each list begins in
        those; None if a list is damaged.
        """
        lists = array("q")
        for _, df, _, start, length, positions_start, positions_length in entries:
            lists.extend(
                (start, start + length, df, positions_start, positions_start + positions_length)
            )
        limits = array("I", accumulate(dfs))
        starts = array("I", [0]) + limits[:-1]
        position_limits = array("I", accumulate(cfs)) if self._field.positions else u32(len(dfs))
        position_starts = array("I", [0]) + position_limits[:-1]
        slots, position_slots = starts[:], position_starts[:]
        docs, tfs, places = u32(limits[-1]), u32(limits[-1]), u32(position_limits[-1])
        try:
            is_whole = kernel.gather(
                self._reader.postings,
                self._reader.positions,
                lists,
                array("I", range(len(dfs))),
                self._field.positions,
                self._docmap,
                slots,
                limits,
                position_slots,
                position_limits,
                docs,
                tfs,
                places,
                array("q", [0, 0]),
            )
        except OverflowError:  # A frequency of more than 32 bits, where kernels are not compiled.
            return None
        if not is_whole or position_slots != position_limits:
            return None
        return docs, tfs, places, starts, position_starts

    def _is_in_order(self, tfs: array[int], places: array[int]) -> bool:
        """Whether positions fall only where the next posting begins. In the texts of an analyzer
        no two terms stand at one place; given terms may.
        """
        if max(tfs) == 1:
            return True
        falls = ge if self._field.analyzer is not None else gt
        begins = array("I", accumulate(tfs))
        begins.pop()
        lasts = map(places.__getitem__, map((-1).__add__, begins))
        firsts = map(places.__getitem__, begins)
        everywhere = sum(map(falls, places, islice(places, 1, None)))
        return everywhere == sum(map(falls, lasts, firsts))

    def _compare(
        self,
        entries: Sequence[TermEntry],
        dfs: array[int],
        cfs: array[int],
        docs: array[int],
        tfs: array[int],
        places: array[int],
        starts: array[int],
        position_starts: array[int],
    ) -> _Problem | None:
        """Encode the lists again, and compare."""
        count = len(entries)
        ends = array("I", accumulate(dfs))
        position_ends = position_starts[1:] + array("I", [len(places)])
        postings_lengths, positions_lengths = u64(count), u64(count)
        found_dfs, found_cfs = u32(count), u64(count)
        reached = array("q", [0, 0])
        at, positions_at = entries[0].postings_offset, entries[0].positions_offset
        first = 0
        while first < count:
            following = kernel.encode_gathered(
                docs,
                tfs,
                places,
                starts,
                ends,
                position_starts,
                position_ends,
                first,
                self._field.positions,
                self._lengths,
                self._out,
                self._positions_out,
                found_dfs,
                found_cfs,
                postings_lengths,
                positions_lengths,
                reached,
            )
            if following == first:
                self._out = bytearray(4 * len(self._out))
                self._positions_out = bytearray(4 * len(self._positions_out))
                continue
            if found_cfs[first:following] != cfs[first:following]:
                return "postings", f"has {found_cfs[first]:,} tokens in the place of {cfs[first]:,}"
            fresh = memoryview(self._out)[: reached[0]]
            past = entries[following - 1].postings_offset + entries[following - 1].postings_length
            written = self._reader.postings[at:past]
            if written != fresh:
                what = _difference(
                    bytes(written), bytes(fresh), dfs[first], has_lengths=self._field.lengths
                )
                if what:
                    return "postings", what
            fresh = memoryview(self._positions_out)[: reached[1]]
            positions_past = (
                entries[following - 1].positions_offset + entries[following - 1].positions_length
            )
            if self._reader.positions[positions_at:positions_past] != fresh:
                return "positions", "is packed otherwise than by a writer"
            at, positions_at, first = past, positions_past, following
        return None

    def _compare_keys(
        self, entries: Sequence[TermEntry], term: bytes, docs: array[int]
    ) -> _Problem | None:
        keys = self._segment.keys
        if len(entries) == 1:
            for doc in docs:
                if keys.encoded(doc) != term:
                    return "postings", f"names document {doc}, whose key is {keys.key(doc)!r}"
            return None
        terms = self._reader.terms.entries(term)
        at = 0
        for (key, entry), _ in zip(terms, entries, strict=False):
            if any(keys.encoded(doc) != key for doc in docs[at : at + entry.df]):
                return "postings", ""
            at += entry.df
        return None

    def _check_documents(self) -> Iterator[_Problem]:
        """Compare what the lists say of each document, all together."""
        if self._name == KEY:
            for doc in _where(map((1).__ne__, self._counts)):
                yield (
                    f"postings:{KEY}",
                    f"document {doc} has {self._counts[doc]} keys in the place of one",
                )
        if self._field.lengths and self._field.frequencies:
            tokens = array("Q", map(add, self._counts, self._repeats))
            for doc in _where(map(int.__ne__, tokens, self._lengths)):
                yield (
                    f"lengths:{self._name}",
                    f"document {doc} has a length of {self._lengths[doc]:,} and "
                    f"{tokens[doc]:,} tokens",
                )


def _where(flags: Iterable[bool]) -> Iterator[int]:
    return (at for at, flag in enumerate(flags) if flag)


def _shown(term: bytes) -> str:
    shown = repr(term[:60].decode("utf-8", "replace"))
    return shown if len(term) <= 60 else f"{shown}..."


def _difference(written: bytes, fresh: bytes, df: int, *, has_lengths: bool) -> str:
    """How a list differs from what a writer makes of its postings; nothing if only in what a
    reader does not look at, in a field without lengths.
    """
    packed = "is packed otherwise than by a writer"
    if df <= _ONE_BLOCK:
        return packed
    impacts, blocks, payload = _parts(written, df)
    true_impacts, true_blocks, true_payload = _parts(fresh, df)
    for number, (block, true) in enumerate(zip(blocks, true_blocks, strict=True)):
        if block[3] != true[3]:
            return f"says {block[3]} is the highest frequency of block {number}; it is {true[3]}"
        if has_lengths and block[4] != true[4]:
            return f"says {block[4]} is the shortest length of block {number}; it is {true[4]}"
        if block[:3] + block[5:] != true[:3] + true[5:]:
            return packed
    if payload != true_payload:
        return packed
    if has_lengths:
        return "" if impacts == true_impacts else "has impacts that are not those of its postings"
    if max(impacts, default=(0, 0))[0] != true_impacts[0][0]:
        return "has impacts that are not those of its postings"
    return ""


def _parts(data: bytes, df: int) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]], bytes]:
    """Impacts, entries of blocks, and payloads of a list of several blocks."""
    impacts = list(struct.iter_unpack("<II", data[4 : 4 + 8 * data[0]]))
    start = 4 + 8 * data[0]
    end = start + 20 * -(-df // _ONE_BLOCK)
    return impacts, list(struct.iter_unpack("<IIIHHBBBB", data[start:end])), data[end:]
