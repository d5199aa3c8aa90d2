"""How do neighbouring segments become one, and which do?

Only neighbours are merged, so that documents keep their order. Deleted documents are left out.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate

from searchkit.codec import CorruptError
from searchkit.codec.columns import merge_columns
from searchkit.codec.keys import KeysWriter
from searchkit.codec.lengths import Lengths, merge_lengths
from searchkit.codec.postings import PADDING, PostingsWriter, docnum_map, u32
from searchkit.codec.stored import StoredWriter
from searchkit.codec.terms import TermColumns
from searchkit.index.damage import reading
from searchkit.index.segment import (
    FieldReader,
    SegmentReader,
    indexed_fields,
    segment_meta,
    write_section,
    write_terms,
)
from searchkit.kernels import postings as kernel
from searchkit.schema import Field, Schema
from searchkit.storage.disk import let_go
from searchkit.storage.envelope import SectionWriter

TIER = 8
"""So many neighbours of one size become one: each document is written log8(documents) times."""

MOST_DELETED = 0.3
"""A segment with more than this part deleted is written anew."""

_POSTINGS_AT_ONCE = 4_000_000
_TERMS_AT_ONCE = 50_000
_SMALLEST_TIER_DOCS = 1000


def choose(segments: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Which segments to merge next: from, to (not included); None if none need it.

    ``segments`` are pairs (documents, live documents) in order.
    """
    for at, (docs, live) in enumerate(segments):
        if docs - live > MOST_DELETED * docs:
            return at, at + 1
    tiers = [_tier(live) for _, live in segments]
    start = 0
    while start < len(tiers):
        stop = start + 1
        # Smaller ones between those of a tier come along.
        while stop < len(tiers) and tiers[stop] <= tiers[start]:
            stop += 1
        if sum(tier == tiers[start] for tier in tiers[start:stop]) >= TIER:
            return start, stop
        start += 1
    return None


def _tier(docs: int) -> int:
    tier = 0
    while docs >= _SMALLEST_TIER_DOCS:
        docs //= TIER
        tier += 1
    return tier


def merge(schema: Schema, segments: Sequence[SegmentReader], writer: SectionWriter) -> int:
    """Write the live documents of ``segments`` as one segment; how many there are.

    Raises ``IndexCorruptError`` for damaged segments.
    """
    lives = [segment.live() for segment in segments]
    maps, docs = [], 0
    for segment in segments:
        is_deleted = None if not segment.deleted_bits else segment.deletions.__contains__
        maps.append(docnum_map(segment.docs, is_deleted, docs))
        docs += segment.live_docs
    with reading(segments[0].path):
        writer.begin("stored")
        stored = StoredWriter(writer.write)
        for segment, live in zip(segments, lives, strict=True):
            stored.copy(segment.stored, live)
            let_go(segment.data)
        index = stored.finish()
        writer.end()
        write_section(writer, "stored.index", index)
        writer.begin("keys")
        keys = KeysWriter(writer.write)
        for segment, live in zip(segments, lives, strict=True):
            keys.copy(segment.keys, live)
            let_go(segment.data)
        keys_index = keys.finish()
        writer.end()
        write_section(writer, "keys.index", keys_index)
        for name, field in indexed_fields(schema).items():
            _merge_field(writer, name, field, segments, lives, maps)
            for segment in segments:
                let_go(segment.data)
        for name, kind in schema.columns.items():
            columns = [(one.column(name), live) for one, live in zip(segments, lives, strict=True)]
            write_section(writer, f"column:{name}", merge_columns(kind, columns))
    writer.finish(segment_meta(schema, docs))
    return docs


def _merge_field(
    writer: SectionWriter,
    name: str,
    field: Field,
    segments: Sequence[SegmentReader],
    lives: Sequence[list[int] | None],
    maps: Sequence[array[int]],
) -> None:
    readers = [segment.field(name) for segment in segments]
    for reader in readers:
        # What is copied gets new checksums: damage must not get a right one.
        reader.verify_lists()
    if field.lengths:
        section = merge_lengths(
            [(reader.lengths, live) for reader, live in zip(readers, lives, strict=True)]
        )
        lengths = array("I", Lengths(memoryview(section)).data)
    else:
        section = b""
        lengths = u32(sum(s.live_docs for s in segments))
    writer.begin(f"postings:{name}")
    lists = PostingsWriter(
        writer.write, lengths, frequencies=field.frequencies, positions=field.positions
    )
    # Rows of the merged terms: the segment, and what its dictionary says of the term.
    columns = [reader.terms.columns() for reader in readers]
    terms: list[bytes] = []
    pending: list[list[tuple[int, int]]] = []
    names: list[bytes] = []
    postings = 0

    def flush() -> None:
        nonlocal postings
        before = len(lists.df)
        kept = _encode(lists, field, readers, columns, maps, pending)
        assert len(lists.df) - before == sum(kept)
        terms.extend(one for one, is_kept in zip(names, kept, strict=True) if is_kept)
        pending.clear()
        names.clear()
        postings = 0
        for segment in segments:
            let_go(segment.data)

    for term, rows in _merged_terms(columns):
        size = sum(columns[at].cf[row] for at, row in rows)
        if pending and (postings + size > _POSTINGS_AT_ONCE or len(pending) >= _TERMS_AT_ONCE):
            flush()
        names.append(term)
        pending.append(rows)
        postings += size
    flush()
    lists.finish()
    writer.end()
    write_terms(writer, name, b"".join(terms), array("I", accumulate(map(len, terms))), lists)
    if field.lengths:
        write_section(writer, f"lengths:{name}", section, PADDING)


def _merged_terms(columns: Sequence[TermColumns]) -> Iterator[tuple[bytes, list[tuple[int, int]]]]:
    """Each term of any dictionary, in order, with pairs (segment, row) in order."""
    streams = [_rows(at, one) for at, one in enumerate(columns)]
    current: bytes | None = None
    rows: list[tuple[int, int]] = []
    for term, at, row in streams[0] if len(streams) == 1 else heapq.merge(*streams):
        if term != current:
            if current is not None:
                yield current, rows
            current, rows = term, []
        rows.append((at, row))
    if current is not None:
        yield current, rows


def _rows(at: int, columns: TermColumns) -> Iterator[tuple[bytes, int, int]]:
    text, begin = bytes(columns.text), 0
    for row, end in enumerate(columns.ends):
        yield text[begin:end], at, row
        begin = end


def _encode(
    lists: PostingsWriter,
    field: Field,
    readers: Sequence[FieldReader],
    columns: Sequence[TermColumns],
    maps: Sequence[array[int]],
    pending: Sequence[Sequence[tuple[int, int]]],
) -> list[bool]:
    """Gather the lists of the pending terms and encode them; which terms have any posting left."""
    starts, limits = array("I"), array("I")
    position_starts, position_limits = array("I"), array("I")
    by_segment: list[tuple[array[int], array[int]]] = [(array("q"), array("I")) for _ in readers]
    docs = places = 0
    for target, rows in enumerate(pending):
        starts.append(docs)
        position_starts.append(places)
        for at, row in rows:
            one = columns[at]
            where, targets = by_segment[at]
            start = one.postings_offsets[row]
            position = one.positions_offsets[row]
            df = one.df[row]
            where.extend(
                (
                    start,
                    start + one.postings_lengths[row],
                    df,
                    position,
                    position + one.positions_lengths[row],
                )
            )
            targets.append(target)
            docs += df
            if field.positions:
                if one.cf[row] > readers[at].most_positions:
                    raise CorruptError("a term occurs more often than there are terms")
                places += one.cf[row]
        limits.append(docs)
        position_limits.append(places)
    all_docs, tfs, positions = u32(docs), u32(docs), u32(places)
    ends, position_ends = starts[:], position_starts[:]
    for reader, (where, targets), docmap in zip(readers, by_segment, maps, strict=True):
        if targets and not kernel.gather(
            reader.postings,
            reader.positions,
            where,
            targets,
            field.positions,
            docmap,
            ends,
            limits,
            position_ends,
            position_limits,
            all_docs,
            tfs,
            positions,
            array("q", [0, 0]),
        ):
            raise CorruptError("a list of postings is damaged")
    lists.encode(all_docs, tfs, positions, starts, ends, position_starts, position_ends)
    return [end > start for start, end in zip(starts, ends, strict=True)]
