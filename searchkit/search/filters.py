"""Which parts of a query have no score, and which documents do they leave?

A part that all matches must have, or must not, and that adds nothing to their scores, is a bitmap:
what it leaves out is to the rankings of words as if it were deleted, but for the statistics. So
they skip as ever what cannot come in, and scores stay as they are without filters.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

from searchkit.index import Snapshot
from searchkit.index.segment import FieldReader, SegmentReader
from searchkit.kernels import search as kernel
from searchkit.kernels.bits import mark
from searchkit.record import Record
from searchkit.search.bitmaps import marked, size_bytes
from searchkit.search.bm25 import BM25
from searchkit.search.evaluate import evaluate
from searchkit.search.expand import meant
from searchkit.search.ranges import in_range
from searchkit.search.room import Best, damaged, scratch
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
    Node,
    NumberRange,
    Or,
    Phrase,
    Require,
    Term,
    WordGroup,
    encoded,
)


class Parts(Record):
    """A query in two: what scores documents (None: nothing does, all have 0), and ``filters`` that
    all of them must pass.
    """

    scored: Node | None
    filters: tuple[Node, ...]


def parts_of(tree: Node) -> Parts:
    """``tree`` in parts that together match the same documents with the same scores."""
    if _has_no_score(tree):
        return Parts(None, (tree,))
    match tree:
        case And(children):
            scored = [child for child in children if not _has_no_score(child)]
            filters = tuple(child for child in children if _has_no_score(child))
            if len(scored) > 1 or not filters:
                return Parts(And(tuple(scored)), filters)
            inner = parts_of(scored[0])
            return Parts(inner.scored, (*inner.filters, *filters))
        case AndNot(wanted, unwanted):
            inner = parts_of(wanted)
            return Parts(inner.scored, (*inner.filters, AndNot(Every(), unwanted)))
        case Require(scored, required):
            inner = parts_of(scored)
            return Parts(inner.scored, (*inner.filters, required))
        case _:
            return Parts(tree, ())


def _has_no_score(node: Node) -> bool:
    match node:
        case Every():
            return True
        case ConstantScore(_, score):
            return score == 0
        case And(children) | Or(children):
            return bool(children) and all(map(_has_no_score, children))
        case AndNot(scored, _) | Require(scored, _):
            return _has_no_score(scored)
        case _:
            return False


class Left:
    """The documents that pass all of some filters."""

    def __init__(self, snapshot: Snapshot, filters: Sequence[Node], bm25: BM25) -> None:
        self._snapshot = snapshot
        self._bm25 = bm25
        self._phrases: dict[Phrase, array[int]] = {}
        self.bits: list[int] = []
        """For each segment the documents that pass."""
        self.hidden: list[bytes] = []
        """For each segment the bits of all others, deleted ones too, as kernels take deletions."""
        for segment in snapshot.segments:
            everything = (1 << segment.docs) - 1
            left = everything & ~int.from_bytes(segment.deleted_bits, "little")
            for one in filters:
                left &= self._matched(segment, one)
            self.bits.append(left)
            self.hidden.append((everything ^ left).to_bytes(size_bytes(segment), "little"))

    def count(self) -> int:
        """How many there are."""
        return sum(bits.bit_count() for bits in self.bits)

    def first(self, limit: int) -> Best:
        """The ``limit`` first of them, with a score of 0."""
        found: Best = []
        for bits, segment in zip(self.bits, self._snapshot.segments, strict=True):
            found += [(doc, 0.0) for doc in marked(bits, segment, limit - len(found))]
        return found

    def _matched(self, segment: SegmentReader, node: Node) -> int:
        """The documents of ``segment`` that ``node`` matches, perhaps with deleted ones."""
        match node:
            case Every():
                return (1 << segment.docs) - 1
            case ConstantScore(child) | Boost(child) | AndMaybe(child):
                return self._matched(segment, child)
            case Or(children) | DisjunctionMax(children):
                return reduce(or_, [self._matched(segment, child) for child in children], 0)
            case And(children):
                each = [self._matched(segment, child) for child in children]
                return reduce(and_, each) if each else 0
            case Require(one, other):
                return self._matched(segment, one) & self._matched(segment, other)
            case AndNot(wanted, unwanted):
                return self._matched(segment, wanted) & ~self._matched(segment, unwanted)
            case NumberRange():
                return int.from_bytes(in_range(segment, node), "little")
            case Term(field, term):
                return self._listed(segment, [(field, encoded(term))])
            case WordGroup(members):
                return self._listed(segment, [(field, encoded(term)) for field, term, _ in members])
            case Phrase():
                return self._in_a_row(segment, node)
            case _:
                reader = segment.field(node.field)
                return in_any_of(
                    self._snapshot, segment, reader, reader.lists_of(meant(reader.terms, node))
                )

    def _listed(self, segment: SegmentReader, terms: Sequence[tuple[str, bytes]]) -> int:
        """The documents that have any of ``terms``, pairs of field and term."""
        bits = 0
        for name, term in terms:
            reader = segment.field(name)
            where = reader.list_of(term, positions=False)
            if where is not None:
                bits |= in_any_of(self._snapshot, segment, reader, array("q", where[:3]))
        return bits

    def _in_a_row(self, segment: SegmentReader, phrase: Phrase) -> int:
        docs = self._phrases.get(phrase)
        if docs is None:
            docs = self._phrases[phrase] = evaluate(self._snapshot, phrase, self._bm25).docs
        bits = bytearray(size_bytes(segment))
        some = docs[
            bisect_left(docs, segment.base) : bisect_left(docs, segment.base + segment.docs)
        ]
        mark(some, segment.base, bits)
        return int.from_bytes(bits, "little")


def in_any_of(
    snapshot: Snapshot, segment: SegmentReader, reader: FieldReader, lists: array[int]
) -> int:
    """The documents of ``segment``, deleted ones too, that are in any of ``lists`` of a field
    (``array("q")``, begin, end and number of postings of each), a bit for each.
    """
    bits = bytearray(size_bytes(segment))
    # With as much room as there are documents, it marks them all, and writes down none.
    count = kernel.lowest_of(
        reader.postings, lists, segment.docs, b"", 0, segment.docs, bits, scratch.cursors,
        array("I"),
    )  # fmt: skip
    if count < 0:
        raise damaged(snapshot)
    return int.from_bytes(bits, "little")
