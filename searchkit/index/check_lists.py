"""Do the lists of a field say what a writer would have said?

A list of postings has one form only: it is decoded, encoded again, and compared byte for byte, with
its positions and the bounds of its scores. Batches of lists go through the kernels at once; only
where one of a batch is wrong are they looked at one by one.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, compress, islice
from operator import add, ge, gt
from typing import Any

from searchkit.codec.lengths import encode_lengths
from searchkit.codec.postings import PADDING, most_positions, u32, u64
from searchkit.codec.terms import TermEntry
from searchkit.index.segment import FieldReader, SegmentReader
from searchkit.kernels import postings as kernel
from searchkit.schema import KEY, Field

_TOKENS_AT_ONCE = 1_000_000
_OUT_BYTES = 1 << 20
_ONE_BLOCK = 128
_LIST_IMPACTS = 16
_BLOCK_IMPACTS = 5
_ENTRY = struct.Struct(f"<IIBBB{1 + 3 * _BLOCK_IMPACTS}s")

Problem = tuple[str, str]
"""A section, and what is wrong with it."""


def sections_of_field(name: str, field: Field) -> list[str]:
    kinds = ["terms", "terms.index", "postings", "positions", *["lengths"] * field.lengths]
    return [f"{kind}:{name}" for kind in kinds]


class FieldCheck:
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

    def problems(self) -> Iterator[Problem]:
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

    def _check_padding(self) -> Iterator[Problem]:
        for name in sections_of_field(self._name, self._field)[2:]:
            if self._segment.sections.section(name)[-len(PADDING) :] != PADDING:
                yield name, "does not end in zeros"

    def _check_dictionary(self) -> Iterator[Problem]:
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
        if entry.cf > most_positions(entry.df, entry.positions_length):
            return f"occurs {entry.cf:,} times, for which there are not enough positions"
        return ""

    def _check_lengths(self) -> Iterator[Problem]:
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

    def _check_batch(self, batch: Sequence[tuple[bytes, TermEntry]]) -> Iterator[Problem]:
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

    def _problem_of(self, entries: Sequence[TermEntry], term: bytes) -> Problem | None:
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
        at_begins = sum(map(falls, lasts, firsts))
        return bool(everywhere == at_begins)

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
    ) -> Problem | None:
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
    ) -> Problem | None:
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

    def _check_documents(self) -> Iterator[Problem]:
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
        if block[:-1] != true[:-1]:
            return packed
        if block[-1] != true[-1] and (has_lengths or block[-1][:2] != true[-1][:2]):
            return f"has impacts of block {number} that are not those of its postings"
    if payload != true_payload:
        return packed
    if impacts != true_impacts and (has_lengths or impacts[:2] != true_impacts[:2]):
        return "has impacts that are not those of its postings"
    return ""


def _parts(data: bytes, df: int) -> tuple[bytes, list[tuple[Any, ...]], bytes]:
    """The impacts, the entries of blocks, and the payloads of a list of several blocks."""
    blocks = -(-df // _ONE_BLOCK)
    lasts = 1 + 3 * _LIST_IMPACTS
    entries = lasts + 4 * blocks
    payloads = entries + _ENTRY.size * blocks
    read = zip(
        struct.iter_unpack("<I", data[lasts:entries]),
        _ENTRY.iter_unpack(data[entries:payloads]),
        strict=True,
    )
    return data[:lasts], [(*last, *entry) for last, entry in read], data[payloads:]
