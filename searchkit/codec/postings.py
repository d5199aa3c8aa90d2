"""In which documents of a field is each term, how often, and where?

Two sections, the lists of all terms in the order of the terms, without gaps, and after the last one
8 bytes of zeros (a number is read together with the bytes after it).

"postings:F", a list of df postings, of which a posting is a docnum and a frequency, tf:

    df <= 128   doc_bits u8 | tf_bits u8 | position_bits u8 | base u32 | docs | tfs
    df >  128   impacts of the list
                | for each block of 128 postings (the last has the rest): last docnum u32
                | for each block:
                      offset of its payload u32 | offset of its positions u32
                      | doc_bits u8 | tf_bits u8 | position_bits u8 | impacts of the block
                | for each block its payload: docs | tfs

    impacts     count u8 | tf u8 x room | length u16 x room; room is 16 for a list, 5 for a block
    docs        docnum - base in doc_bits bits each; base is the first docnum where df <= 128, else
                0 in the first block and, in the others, one more than the last docnum before
    tfs         tf - 1 in tf_bits bits each

"positions:F", a list: for each block, for each posting, its tf positions in position_bits bits each

position_bits is 0 only where all positions of the block are 0 and all its tf_bits are: one position
a posting. So the bytes of a list bound its positions: there are at most df + 8 * bytes, and a
reader needs no more room than that, whatever the frequencies of a damaged list say.

Bits are filled from the lowest on, and each run of packed numbers begins with a byte of its own. A
width is fixed within a block, so that any number can be read where it lies. Offsets count from the
end of the blocks' entries, and from the beginning of the term's positions.

Impacts bound scores, whatever the formula, as long as it grows with tf and falls with the length:
each posting has, for one of them, no higher tf and no shorter length (in terms, of the field). They
come from the highest tf on; the highest number stands for that or more. Where there are more than
the room, neighbours are joined. A few bound a block of a common word nearly exactly: of the 926
blocks of "it" in 250,000 passages, 10 have one of its ten best; five impacts let those 10 through,
four 26, the highest tf and the shortest length by themselves 925. (Lucene keeps such pairs too:
Grand, Muir, Ferenczi and Lin, "From MaxScore to Block-Max WAND", 2020.)
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, compress

from searchkit.codec import CorruptError, LimitError
from searchkit.codec.run_checksums import RunChecksums
from searchkit.kernels import postings as kernel

PADDING = bytes(8)

DELETED = 0xFFFFFFFF
"""Stands in a map of docnums for a document that is deleted."""

_MOST_LIST_BYTES = 2**32 - 1
"""Of the postings of one list, and of its positions: their offsets have 32 bits."""

_TOKENS_AT_ONCE = 16_000_000
_OUT_BYTES = 1 << 16


def u32(count: int) -> array[int]:
    """``count`` zeros of 32 bits."""
    return array("I", [0]) * count


def u64(count: int) -> array[int]:
    """``count`` zeros of 64 bits."""
    return array("Q", [0]) * count


class PostingsWriter:
    """Encodes the lists of one field, term after term.

    ``write`` takes the bytes of "postings:F"; those of "positions:F" are kept in ``positions``, in
    pieces, because only one section of a file is written at a time. ``lengths`` (``array("I")``)
    are the number of terms of each document. After :meth:`finish`, ``df`` (``"I"``), ``cf``,
    ``postings_lengths``, ``positions_lengths`` (``"Q"``) have an item for each term, and
    ``checksums`` are those of both sections.
    """

    def __init__(
        self,
        write: Callable[[memoryview], object],
        lengths: array[int],
        *,
        frequencies: bool,
        positions: bool,
    ) -> None:
        self._write = write
        self._lengths = lengths
        self._frequencies = frequencies
        self._positions = positions
        self._checksums = (RunChecksums(), RunChecksums())
        self._out = bytearray(_OUT_BYTES)
        self._positions_out = bytearray(_OUT_BYTES)
        self._ends = array("q", [0, 0])
        self.positions: list[bytes] = []
        self.df = array("I")
        self.cf = array("Q")
        self.postings_lengths = array("Q")
        self.positions_lengths = array("Q")
        self.checksums: tuple[array[int], array[int]] = (array("I"), array("I"))

    def invert(
        self,
        stream: array[int],
        doc_ends: array[int],
        positions: array[int],
        counts: array[int],
        ranks: array[int] | None = None,
    ) -> None:
        """Take all terms of a stream of tokens.

        ``stream`` (``"I"``) are the tokens; ``ranks`` says of each of its numbers which place its
        term has in the order of terms, and without ``ranks`` the numbers are these places.
        ``doc_ends`` where each document's end; ``positions`` where they stand in the field, or
        empty if they stand at 0, 1, 2 and so on; ``counts`` how often each term occurs. Raises
        ``ValueError`` if the documents do not end where the tokens do.
        """
        end = doc_ends[-1] if doc_ends else 0
        if end != len(stream):
            raise ValueError(f"the documents end at token {end} of {len(stream)}")
        if ranks is None:
            ranks = array("I", range(len(counts)))
        landmarks = u32(-(-len(stream) // 64))
        kernel.locate(doc_ends, landmarks)
        ends = array("Q", accumulate(counts))
        # Room to sort and to work in. Made once: fresh memory costs more than its use.
        tokens = u32(min(len(stream), max(_TOKENS_AT_ONCE, max(counts, default=0))))
        room = [u32(max(counts, default=0)) for _ in range(3)]
        low = 0
        while low < len(counts):
            before = ends[low - 1] if low else 0
            high = max(low + 1, bisect_right(ends, before + _TOKENS_AT_ONCE, low))
            run_ends = array("I", accumulate(counts[low:high]))
            kernel.scatter(stream, ranks, low, high, array("I", [0]) + run_ends[:-1], tokens)
            self._encode_runs(tokens, run_ends, doc_ends, landmarks, positions, room)
            low = high
        self.cf.extend(iter(counts if self._frequencies else self.df))

    def _encode_runs(
        self,
        tokens: array[int],
        run_ends: array[int],
        doc_ends: array[int],
        landmarks: array[int],
        positions: array[int],
        room: Sequence[array[int]],
    ) -> None:
        terms = len(run_ends)
        df, postings_lengths, positions_lengths = u32(terms), u64(terms), u64(terms)
        run = 0
        while run < terms:
            following = kernel.encode_runs(
                tokens,
                run_ends,
                run,
                doc_ends,
                landmarks,
                positions,
                self._frequencies,
                self._positions,
                self._lengths,
                *room,
                self._out,
                self._positions_out,
                df,
                postings_lengths,
                positions_lengths,
                self._ends,
            )
            self._take(
                following == run,
                postings_lengths[run:following],
                positions_lengths[run:following],
            )
            run = following
        self.df += df
        self.postings_lengths += postings_lengths
        self.positions_lengths += positions_lengths

    def encode(
        self,
        docs: array[int],
        tfs: array[int],
        positions: array[int],
        starts: array[int],
        ends: array[int],
        position_starts: array[int],
        position_ends: array[int],
    ) -> array[int]:
        """Take gathered lists: term i has the postings ``starts[i]`` to ``ends[i]``, and the
        positions likewise. A term may have none left; returns how many each has.
        """
        terms = len(starts)
        df, cf = u32(terms), u64(terms)
        postings_lengths, positions_lengths = u64(terms), u64(terms)
        run = 0
        while run < terms:
            following = kernel.encode_gathered(
                docs,
                tfs,
                positions,
                starts,
                ends,
                position_starts,
                position_ends,
                run,
                self._positions,
                self._lengths,
                self._out,
                self._positions_out,
                df,
                cf,
                postings_lengths,
                positions_lengths,
                self._ends,
            )
            # A term that has no posting left is not there.
            left = df[run:following]
            self._take(
                following == run,
                array("Q", compress(postings_lengths[run:following], left)),
                array("Q", compress(positions_lengths[run:following], left)),
            )
            run = following
        self.df.extend(compress(df, df))
        self.cf.extend(compress(cf, df))
        self.postings_lengths.extend(compress(postings_lengths, df))
        self.positions_lengths.extend(compress(positions_lengths, df))
        return df

    def _take(
        self, is_stuck: bool, postings_lengths: Sequence[int], positions_lengths: Sequence[int]
    ) -> None:
        if is_stuck:
            # One list is longer than the room, or than that of positions.
            if self._ends[0] > len(self._out):
                self._out = bytearray(self._ends[0] * 5 // 4)
            if self._ends[1] > len(self._positions_out):
                self._positions_out = bytearray(self._ends[1] * 5 // 4)
            return
        longest = max(max(postings_lengths, default=0), max(positions_lengths, default=0))
        if longest > _MOST_LIST_BYTES:
            raise LimitError(
                f"the list of one term takes {longest:,} bytes, "
                f"and {_MOST_LIST_BYTES:,} is the most"
            )
        data = memoryview(self._out)[: self._ends[0]]
        self._checksums[0].add(data, postings_lengths)
        self._write(data)
        places = memoryview(self._positions_out)[: self._ends[1]]
        self._checksums[1].add(places, positions_lengths)
        self.positions.append(bytes(places))

    def finish(self) -> None:
        """Write what closes the section."""
        self._write(memoryview(PADDING))
        self.positions.append(PADDING)
        self.checksums = (self._checksums[0].finish(), self._checksums[1].finish())


def most_positions(df: int, positions_bytes: int) -> int:
    """How many positions a list of ``df`` postings can have in so many bytes of positions."""
    return df + 8 * positions_bytes


def read_postings(
    postings: memoryview,
    positions: memoryview,
    list_: tuple[int, int, int, int, int],
    cf: int,
    docmap: array[int],
    *,
    with_positions: bool,
) -> tuple[array[int], array[int], array[int]]:
    """The live postings of one list: docnums, frequencies and all positions, ``array("I")``.

    ``list_``: where it begins and ends in ``postings``, its number of postings, where its positions
    begin and end in ``positions``. ``cf``: how often the term occurs. ``docmap`` as
    :func:`docnum_map` makes it. Raises ``CorruptError``.
    """
    _, _, df, positions_start, positions_end = list_
    if df > len(docmap):
        raise CorruptError(f"a list has {df} postings in {len(docmap)} documents")
    if with_positions and cf > most_positions(df, positions_end - positions_start):
        raise CorruptError(f"a term occurs {cf} times, for which it has not enough positions")
    docs, tfs = u32(df), u32(df)
    places = u32(cf if with_positions else 0)
    slots, position_slots = array("I", [0]), array("I", [0])
    if not kernel.gather(
        postings,
        positions,
        array("q", list_),
        array("I", [0]),
        with_positions,
        docmap,
        slots,
        array("I", [df]),
        position_slots,
        array("I", [len(places)]),
        docs,
        tfs,
        places,
        array("q", [0, 0]),
    ):
        raise CorruptError("a list of postings is damaged")
    del docs[slots[0] :], tfs[slots[0] :], places[position_slots[0] :]
    return docs, tfs, places


def docnum_map(docs: int, is_deleted: Callable[[int], bool] | None, first: int) -> array[int]:
    """For each of ``docs`` documents its docnum among the live ones, counted from ``first``, or
    ``DELETED``.
    """
    if is_deleted is None:
        return array("I", range(first, first + docs))
    mapped = array("I")
    for doc in range(docs):
        if is_deleted(doc):
            mapped.append(DELETED)
        else:
            mapped.append(first)
            first += 1
    return mapped
