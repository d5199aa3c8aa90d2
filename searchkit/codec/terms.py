"""Where do the terms of one field lie, and where does each say its postings are?

Two sections. "terms:F" holds the terms in the order of their bytes, in blocks of 32 (the last has
the rest), each block on its own:

    block    names_bytes u32 | names | numbers
    names    for each term: lengths u8 | [varint] | [varint] | suffix
             lengths = shared << 4 | length of suffix; shared: bytes in common with the term before
             (all of them; 0 for the first of a block). 15 means 15 plus the varint that follows,
             shared's first.
    numbers  for each term: df | cf - df | postings_bytes | positions_bytes        (varints)

A varint has seven bits a byte, low bits first, at most 9 bytes. "terms.index:F" says where blocks
lie, and where the lists of their terms do: lists follow each other in the order of terms without
gaps, so the lists of a block are one run of "postings:F" and one of "positions:F".

    terms u64 | longest term in bytes u32 | terms a block u32 (32)
    offset of each block in "terms:F", then the length of "terms:F"            u64 x (blocks + 1)
    the same of each block's run of "postings:F"                               u64 x (blocks + 1)
    the same of each block's run of "positions:F"                              u64 x (blocks + 1)
    for each block: crc32 of the block, of its postings, of its positions      u32 x 3 x blocks

df: documents that have the term, below 2**32. cf: how often they have it, df or more. A term has 0
to 65,535 bytes. Lookup reads the first terms of blocks where they lie and touches nothing else;
that is why a block's first term is whole. Names apart from numbers, so that a scan runs over
neighbouring bytes; the two lengths in one byte, since for nine terms of ten they fit.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from zlib import crc32

from searchkit.codec import CorruptError
from searchkit.codec.run_checksums import BLOCK
from searchkit.codec.term_columns import TermColumns, TermEntry
from searchkit.codec.term_matching import Fuzzy, Regex, Walk, Wildcard, above, long_wildcard
from searchkit.kernels import terms as kernel

__all__ = ["BLOCK", "TermColumns", "TermEntry", "Terms", "encode_terms"]

LONGEST_BYTES = 65_535

_HEADER = struct.Struct("<QII")
_SLACK = 48  # the kernel's bound of the bytes that a term takes besides its text
_LEAST_TERM_BYTES = 5  # so that memory for unpacked terms is bounded by what the file has
_OUT_BYTES = 1 << 22
_MOST_TEXT_BYTES = 2**32 - 1
_FIRST_BLOCKS, _MOST_BLOCKS = 4, 64  # unpacked at a time by scans


def encode_terms(
    text: bytes | bytearray,
    ends: array[int],
    df: array[int],
    cf: array[int],
    postings_lengths: array[int],
    positions_lengths: array[int],
    postings_checksums: array[int],
    positions_checksums: array[int],
) -> tuple[bytes, bytes]:
    """The two sections of a dictionary: terms and index.

    ``text``: all terms one after the other, sorted by bytes, distinct; ``ends`` (``array("I")``):
    where each ends in it; ``df`` (``"I"``) and ``cf`` (``"Q"``); lengths (``"Q"``) of the lists in
    bytes; checksums (``"I"``) of the runs, from ``RunChecksums``. Raises ValueError for input that
    is not so.
    """
    count = len(ends)
    blocks = -(-count // BLOCK)
    if {len(df), len(cf), len(postings_lengths), len(positions_lengths)} != {count}:
        raise ValueError("the columns differ in length")
    if len(postings_checksums) != blocks or len(positions_checksums) != blocks:
        raise ValueError(f"{blocks} blocks need as many checksums of postings and positions")
    if (ends[-1] if count else 0) != len(text):
        raise ValueError("the terms do not end where their text does")
    table = array("Q", bytes(8 * 3 * (blocks + 1)))
    longest = array("I", [0])
    room = len(text) + _SLACK * BLOCK * blocks
    out = bytearray(min(room, _OUT_BYTES))
    parts: list[bytes] = []
    term = 0
    while term < count:
        following = kernel.encode_blocks(
            text, ends, df, cf, postings_lengths, positions_lengths, term, out, table, longest
        )
        if following <= term:
            bad = -1 - following if following < 0 else term
            raise ValueError(
                f"term {bad} is not above the one before it, is longer than {LONGEST_BYTES} bytes,"
                " or has numbers that cannot be"
            )
        size = table[-(-following // BLOCK)] - table[term // BLOCK]
        parts.append(bytes(memoryview(out)[:size]))
        term = following
    section = b"".join(parts)
    view = memoryview(section)
    checksums = array("I", bytes(4 * 3 * blocks))
    checksums[0::3] = array(
        "I", [crc32(view[table[block] : table[block + 1]]) for block in range(blocks)]
    )
    checksums[1::3] = postings_checksums
    checksums[2::3] = positions_checksums
    header = _HEADER.pack(count, longest[0], BLOCK)
    return section, b"".join((header, table.tobytes(), checksums.tobytes()))


class Terms:
    """The dictionary of one field: finds terms, walks them, unpacks them.

    The index has been verified by its owner, and is checked once more against the lengths of the
    sections; a block of terms, and a run of lists, when it is first touched. Every method, also
    while what it returned is iterated, raises ``CorruptError`` for bytes that no writer wrote.
    Any number of threads may share one.
    """

    def __init__(
        self, section: memoryview, index: memoryview, postings: memoryview, positions: memoryview
    ) -> None:
        if len(index) < _HEADER.size:
            raise CorruptError("the index of terms has no header")
        self._count: int
        self.longest: int
        self._count, self.longest, block = _HEADER.unpack_from(index)
        self._blocks = -(-self._count // BLOCK)
        table_end = _HEADER.size + 8 * 3 * (self._blocks + 1)
        if block != BLOCK or self.longest > LONGEST_BYTES:
            raise CorruptError("the index of terms has an impossible header")
        if len(index) != table_end + 4 * 3 * self._blocks:
            raise CorruptError(f"the index of {self._count} terms has {len(index)} bytes")
        if len(section) < _LEAST_TERM_BYTES * self._count:
            raise CorruptError(f"{self._count} terms cannot lie in {len(section)} bytes")
        self._section = memoryview(section)
        self._lists = (memoryview(postings), memoryview(positions))
        self._table = memoryview(index)[_HEADER.size : table_end].cast("Q")
        self._checksums = memoryview(index)[table_end:].cast("I")
        if not kernel.check_table(self._table, len(section), len(postings), len(positions)):
            raise CorruptError("the index of terms does not fit its sections")
        self._seen = bytearray(self._blocks)
        self._runs_seen = (bytearray(self._blocks), bytearray(self._blocks))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[bytes, TermEntry]]:
        return self.entries()

    def lookup(self, term: bytes) -> TermEntry | None:
        """The entry of ``term``, if the dictionary has it."""
        found = self._find(term)
        return tuple.__new__(TermEntry, found) if found[0] >= 0 else None

    def postings(self, entry: TermEntry) -> memoryview:
        """The bytes of the postings of a term, verified."""
        return self._list(0, entry.ordinal, entry.postings_offset, entry.postings_length)

    def verify_postings(self, ordinal: int) -> None:
        """Verify the run that holds the postings of a term, unless that has been done."""
        if not self._runs_seen[0][ordinal // BLOCK]:
            self._verify_run(0, ordinal // BLOCK)

    def positions(self, entry: TermEntry) -> memoryview:
        """The bytes of the positions of a term, verified."""
        return self._list(1, entry.ordinal, entry.positions_offset, entry.positions_length)

    def entries(
        self, start: bytes | None = None, stop: bytes | None = None
    ) -> Iterator[tuple[bytes, TermEntry]]:
        """The terms from ``start`` to ``stop`` (not included), in order, with their entries."""
        return self._between(start, stop, None)

    def range(
        self,
        low: bytes | None,
        high: bytes | None,
        include_low: bool = True,
        include_high: bool = True,
    ) -> Iterator[tuple[bytes, TermEntry]]:
        """The terms between ``low`` and ``high``; None leaves that side open."""
        # The least term above another one is that one with a zero byte behind it.
        start = low + b"\0" if low is not None and not include_low else low
        stop = high + b"\0" if high is not None and include_high else high
        return self._between(start, stop, None)

    def prefix(self, prefix: bytes) -> Iterator[tuple[bytes, TermEntry]]:
        """The terms that begin with ``prefix``."""
        return self._between(prefix, above(prefix), None)

    def wildcard(self, pattern: str) -> Iterator[tuple[bytes, TermEntry]]:
        """The terms that match ``pattern``: ``*`` any code points or none, ``?`` one."""
        try:
            return self._wild(Wildcard(pattern, self.longest))
        except ValueError:
            return self._regex(long_wildcard(pattern))

    def regex(self, pattern: str) -> Iterator[tuple[bytes, TermEntry]]:
        """The terms that ``pattern``, of Python's ``re``, matches whole. Raises ``re.error``."""
        regex = Regex(pattern)
        if regex.wildcard not in (None, "*"):
            with suppress(ValueError):  # too long
                found = self._wild(Wildcard(regex.wildcard, self.longest))
                return ((term, entry) for term, entry in found if regex.matches(term.decode()))
        return self._regex(regex)

    def fuzzy(
        self, word: str, distance: int, prefix: int = 0, transpositions: bool = True
    ) -> Iterator[tuple[bytes, TermEntry]]:
        """The terms at most ``distance`` edits of code points from ``word``.

        Its first ``prefix`` code points must be there as they are. With ``transpositions`` two
        neighbours that change places count as one edit. ValueError if not 0 <= distance <= 64.
        """
        # Late, as below: a query of plain words walks nowhere, and does not wait for it.
        from searchkit.kernels import walk_fuzzy

        walk = Fuzzy(word, distance, prefix, transpositions, self.longest)
        return self._walked(walk_fuzzy.walk_fuzzy, walk, 1)

    def columns(self) -> TermColumns:
        """All terms, unpacked; what ``encode_terms`` takes, for merging.

        How long ``text`` gets is known only afterwards (at most 32 times the section: a block's
        first term is whole, the others repeat bytes of their block), so it grows as it fills.
        """
        reserve = BLOCK * self.longest
        columns = TermColumns(self._count, min(2 * len(self._section) + reserve, _MOST_TEXT_BYTES))
        block = used = 0
        self._verify_checksums(0, self._blocks)
        while block < self._blocks:
            block = self._unpack(columns, block, self._blocks, used, block * BLOCK)
            used = columns.ends[min(block * BLOCK, self._count) - 1] if block else 0
            if block < self._blocks:
                room = len(columns.text)
                if room == _MOST_TEXT_BYTES:
                    raise CorruptError("the terms of a dictionary are longer than 4 GiB")
                columns.text.extend(bytes(min(room + reserve, _MOST_TEXT_BYTES - room)))
        del columns.text[used:]
        return columns

    def problems(self) -> Iterator[str]:
        """Read everything; say what is damaged."""
        for block in range(self._blocks):
            try:
                self._verify(block)
                for which in (0, 1):
                    self._verify_run(which, block)
            except CorruptError as error:
                yield str(error)

    def _find(self, term: bytes) -> tuple[int, ...]:
        """What the kernel found; see ``kernels.terms.lookup``, cases one and two."""
        while True:
            found: tuple[int, ...]
            found = kernel.lookup(self._section, self._table, self._seen, self._count, term)
            if found[0] >= -1:
                return found
            if found[0] == -3:
                raise CorruptError("a block of terms is damaged")
            self._verify(found[1])

    def _ordinal(self, term: bytes) -> int:
        """The number of the first term not below ``term``."""
        found = self._find(term)
        return found[0] if found[0] >= 0 else found[1]

    def _between(
        self, start: bytes | None, stop: bytes | None, regex: Regex | None
    ) -> Iterator[tuple[bytes, TermEntry]]:
        low = self._ordinal(start) if start else 0
        high = self._ordinal(stop) if stop is not None else self._count
        if low >= high:
            return
        block, past = low // BLOCK, -(-high // BLOCK)
        step = _FIRST_BLOCKS
        rows = BLOCK * min(_MOST_BLOCKS, past - block)
        columns = TermColumns(rows, BLOCK * self.longest + 16 * rows)
        text, ends = columns.text, columns.ends
        while block < past:
            base, aim = block * BLOCK, min(block + step, past)
            self._verify_checksums(block, aim)
            block = self._unpack(columns, block, aim, 0, 0)
            step = min(2 * step, _MOST_BLOCKS)
            first, last = max(low - base, 0), min(high, block * BLOCK) - base
            if regex is None:
                flat = bytes(memoryview(text)[: ends[last - 1]])
                begin = ends[first - 1] if first else 0
                entries = columns.entries(first, last, base)
                for end, entry in zip(ends[first:last], entries, strict=True):
                    yield flat[begin:end], entry
                    begin = end
                continue
            for row in regex.choose(text, ends, first, last):
                term = bytes(text[ends[row - 1] if row else 0 : ends[row]])
                yield term, columns.entry(row, base + row)

    def _regex(self, regex: Regex) -> Iterator[tuple[bytes, TermEntry]]:
        return self._between(regex.prefix, above(regex.prefix), regex)

    def _wild(self, wildcard: Wildcard) -> Iterator[tuple[bytes, TermEntry]]:
        from searchkit.kernels import walk_wildcard

        stop = above(wildcard.prefix)
        wildcard.place[0] = self._ordinal(wildcard.prefix)
        wildcard.place[1] = self._ordinal(stop) if stop is not None else self._count
        yield from self._walked(walk_wildcard.walk_wildcard, wildcard, _MOST_BLOCKS)

    def _walked(
        self, step: Callable[..., int], walk: Walk, ahead: int
    ) -> Iterator[tuple[bytes, TermEntry]]:
        """What a walk finds. Of blocks not yet verified it is given ``ahead`` at a time."""
        block = 0
        while block != -1:
            block = step(self._section, self._table, self._seen, self._count, *walk.arguments)
            yield from walk.take()
            if block == -3:
                raise CorruptError("a block of terms is damaged")
            if block == -4:
                raise ValueError("arrays that do not fit together")
            if block >= 0:
                self._verify(block, min(ahead, self._blocks - block))

    def _unpack(self, columns: TermColumns, first: int, last: int, used: int, row: int) -> int:
        """Unpack blocks whose checksums are right; the first that ``text`` had no room for."""
        reached: int = kernel.decode_blocks(
            self._section,
            self._table,
            self._count,
            self.longest,
            first,
            last,
            columns.text,
            used,
            row,
            columns.ends,
            columns.df,
            columns.cf,
            columns.postings_offsets,
            columns.postings_lengths,
            columns.positions_offsets,
            columns.positions_lengths,
        )
        if reached < 0:
            raise CorruptError(f"block {-1 - reached} of terms is damaged")
        self._seen[first:reached] = b"\1" * (reached - first)
        return reached

    def _verify(self, block: int, blocks: int = 1) -> None:
        self._verify_checksums(block, block + blocks)
        rows = BLOCK * blocks
        columns = TermColumns(rows, BLOCK * self.longest + 16 * rows)
        self._unpack(columns, block, block + blocks, 0, 0)

    def _verify_checksums(self, first: int, last: int) -> None:
        """The checksums of the blocks not yet seen from ``first`` to ``last`` (not included)."""
        block = self._seen.find(0, first, last)
        while block >= 0:
            data = self._section[self._table[block] : self._table[block + 1]]
            if crc32(data) != self._checksums[3 * block]:
                raise CorruptError(f"block {block} of terms does not match its checksum")
            block = self._seen.find(0, block + 1, last)

    def _verify_run(self, which: int, block: int) -> None:
        column = (which + 1) * (self._blocks + 1)
        data = self._lists[which][self._table[column + block] : self._table[column + block + 1]]
        if crc32(data) != self._checksums[3 * block + 1 + which]:
            name = ("postings", "positions")[which]
            raise CorruptError(f"the {name} of block {block} of terms do not match their checksum")
        self._runs_seen[which][block] = 1

    def _list(self, which: int, ordinal: int, offset: int, length: int) -> memoryview:
        if not self._runs_seen[which][ordinal // BLOCK]:
            self._verify_run(which, ordinal // BLOCK)
        return self._lists[which][offset : offset + length]
