"""How do neighbouring segments become one, and which do?

Only neighbours are merged, so that documents keep their order. Deleted documents are left out.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, compress
from operator import add, gt

from searchkit.analysis.order import SortedStrings, sort
from searchkit.codec import CorruptError, LimitError
from searchkit.codec.columns import merge_columns
from searchkit.codec.keys import KeysWriter
from searchkit.codec.lengths import Lengths, merge_lengths
from searchkit.codec.postings import (
    PADDING,
    PostingsWriter,
    docnum_map,
    most_positions,
    u32,
    u64,
)
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

_POSTINGS_AT_ONCE = 2_000_000
_TERMS_AT_ONCE = 50_000
_MOST_POSITIONS = 2**32 - 1
"""Of one term, because places among them are kept in 32 bits."""
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
    for reader, segment in zip(readers, segments, strict=True):
        # What is copied gets new checksums: damage must not get a right one.
        reader.verify_lists()
        let_go(segment.data)
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
    columns = [reader.terms.columns() for reader in readers]
    for segment, one in zip(segments, columns, strict=True):
        # So that the room for what is read is bounded by what there is.
        if max(one.df, default=0) > segment.docs:
            raise CorruptError("a term occurs in more documents than there are")
        most = map(most_positions, one.df, one.positions_lengths)
        if field.positions and any(map(gt, one.cf, most)):
            raise CorruptError("a term occurs more often than it has positions")
    terms, targets = _merged_terms(columns)
    kept = bytearray()
    for low, high, dfs, cfs in _portions(field, len(terms.ends), columns, targets):
        gathered = _gather(field, readers, columns, targets, maps, low, high, dfs, cfs)
        kept += bytes(map(bool, lists.encode(*gathered)))
        for segment in segments:
            let_go(segment.data)
    lists.finish()
    writer.end()
    text, ends = terms.text, terms.ends
    if 0 in kept:
        begins = array("I", [0]) + ends[:-1]
        parts = [text[begin:end] for begin, end in compress(zip(begins, ends, strict=True), kept)]
        text, ends = b"".join(parts), array("I", accumulate(map(len, parts)))
    write_terms(writer, name, text, ends, lists)
    if field.lengths:
        write_section(writer, f"lengths:{name}", section, PADDING)


def _merged_terms(columns: Sequence[TermColumns]) -> tuple[SortedStrings, list[array[int]]]:
    """The terms of all dictionaries, and for each row of each dictionary its term's place there.

    The sort takes the dictionaries one after the other for runs that are in order already.
    """
    ends = array("I")
    for one in columns:
        base = ends[-1] if ends else 0
        ends.extend([base + end for end in one.ends])
    merged = sort(b"".join([one.text for one in columns]), ends)
    targets, first = [], 0
    for one in columns:
        targets.append(merged.ranks[first : first + len(one.ends)])
        first += len(one.ends)
    return merged, targets


def _portions(
    field: Field, count: int, columns: Sequence[TermColumns], targets: Sequence[array[int]]
) -> Iterator[tuple[int, int, array[int], array[int]]]:
    """Runs of the ``count`` merged terms that are not too much at once: from, to (not included),
    how many postings each term has, and how many positions."""
    dfs, cfs = u32(count), u64(count)
    for one, places in zip(columns, targets, strict=True):
        kernel.tally(places, one.df, one.cf if field.positions else u64(len(places)), dfs, cfs)
    ends = array("Q", accumulate(map(max, dfs, cfs)))
    low = 0
    while low < count:
        before = ends[low - 1] if low else 0
        high = bisect_right(ends, before + _POSTINGS_AT_ONCE, low, min(count, low + _TERMS_AT_ONCE))
        high = max(high, low + 1)
        if ends[high - 1] - before > _MOST_POSITIONS:
            raise LimitError(
                f"one term occurs {ends[high - 1] - before:,} times in the segments to be merged, "
                f"and {_MOST_POSITIONS:,} times is the most"
            )
        yield low, high, dfs[low:high], cfs[low:high]
        low = high


def _gather(
    field: Field,
    readers: Sequence[FieldReader],
    columns: Sequence[TermColumns],
    targets: Sequence[array[int]],
    maps: Sequence[array[int]],
    low: int,
    high: int,
    dfs: array[int],
    cfs: array[int],
) -> tuple[array[int], ...]:
    """The live postings of the merged terms from ``low`` to ``high`` (not included), as
    :meth:`PostingsWriter.encode` takes them."""
    bounds = array("I", accumulate(dfs, initial=0))
    starts, limits, ends = bounds[:-1], bounds[1:], bounds[:-1]
    bounds = array("I", accumulate(cfs, initial=0))
    position_starts, position_limits, position_ends = bounds[:-1], bounds[1:], bounds[:-1]
    docs, tfs, positions = u32(limits[-1]), u32(limits[-1]), u32(position_limits[-1])
    for reader, one, places, docmap in zip(readers, columns, targets, maps, strict=True):
        first, last = bisect_left(places, low), bisect_left(places, high)
        rows = slice(first, last)
        where = array("q", bytes(5 * 8 * (last - first)))
        offsets, lengths = one.postings_offsets[rows], one.postings_lengths[rows]
        where[0::5] = array("q", offsets)
        where[1::5] = array("q", map(add, offsets, lengths))
        where[2::5] = array("q", one.df[rows])
        offsets, lengths = one.positions_offsets[rows], one.positions_lengths[rows]
        where[3::5] = array("q", offsets)
        where[4::5] = array("q", map(add, offsets, lengths))
        if not kernel.gather(
            reader.postings,
            reader.positions,
            where,
            array("I", [place - low for place in places[rows]]),
            field.positions,
            docmap,
            ends,
            limits,
            position_ends,
            position_limits,
            docs,
            tfs,
            positions,
            array("q", [0, 0]),
        ):
            raise CorruptError("a list of postings is damaged")
    return docs, tfs, positions, starts, ends, position_starts, position_ends
