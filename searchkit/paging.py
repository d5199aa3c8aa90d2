"""How does an answer go on, page after page?

A cursor says where a page ended: at which passage, with what score, and how many came before. The
next page begins behind it. Near the top that is found by ranking anew, as far as it goes; deeper,
by scoring what matches and keeping the best of what comes after, so that a page takes as long at
any depth, and no list of all that was skipped is kept.
"""

from __future__ import annotations

import struct
from array import array
from binascii import Error, a2b_base64, b2a_base64, crc32
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from searchkit.errors import UsageError
from searchkit.index import Snapshot
from searchkit.schema import KEY
from searchkit.search import Scored, all_matches
from searchkit.search.collect import next_of
from searchkit.search.rerank import SCORING, Asked, raised, ranked
from searchkit.search.whole import runs
from searchkit.shown import MOST_COMPARED, Showing, Shown, shown
from searchkit.tree import And, ConstantScore, Term

SHALLOW = 1_000
"""To rank so many anew takes no longer than to score all that match."""

_FARTHEST = 100_000
"""So far down is looked for the passage behind which a page begins, once there was a write."""

_VERSION = 2
_URL_SAFE, _FROM_URL_SAFE = str.maketrans("+/", "-_"), str.maketrans("-_", "+/")
_HEAD = struct.Struct("<BIIIdI")
_MOST_RANK = 2**31
_LONGEST = 100_000
"""Characters of a cursor: there may be a key of a hundred thousand bytes, but not one of more."""


class Order:
    """What matches, in order: by the ranking, or by the field ``sort``."""

    def __init__(self, snapshot: Snapshot, asked: Asked, sort: str) -> None:
        self.sort = sort
        self._snapshot = snapshot
        self._asked = asked
        self._total: int | None = None
        self._ordered: list[tuple[int, float]] | None = None

    def best(self, count: int) -> Sequence[tuple[int, float]]:
        """The first so many."""
        if not self.sort:
            is_first = self._total is None
            ranking = ranked(self._snapshot, self._asked, count, count=is_first)
            if is_first:
                self._total = ranking.total
            return ranking.best
        if self._ordered is None:
            # Late: most searches go by score.
            from searchkit.sorting import in_order

            matches = all_matches(self._snapshot, self._asked.tree, SCORING)
            self._ordered = in_order(self._snapshot, matches, self.sort)
            self._total = len(self._ordered)
        return self._ordered[:count]

    def within(self, docnum: int) -> Sequence[tuple[int, float]]:
        """All that belong to the document of a passage, with the scores of the first stage."""
        if self._ordered is not None:
            (low,), (high,) = runs(self._snapshot, array("q", [docnum]))
            return [one for one in self._ordered if low <= one[0] < high]
        its = ConstantScore(Term(KEY, self._snapshot.key(docnum)), 0.0)
        found = all_matches(self._snapshot, And((self._asked.tree, its)), SCORING)
        return list(zip(found.docs, found.values, strict=True))

    def matches(self) -> Scored:
        """All, with the scores of the first stage, which those below the candidates keep."""
        found = all_matches(self._snapshot, self._asked.tree, SCORING)
        self._total = len(found.docs)
        return found

    @property
    def today(self) -> int:
        """The day from which ages are counted."""
        return self._asked.today

    @cached_property
    def raised(self) -> Collection[int]:
        """Those that the ranking puts before all others: some hundred at the most."""
        return raised(self._snapshot, self._asked)

    def total(self) -> int:
        """How many match, once any have been asked for."""
        assert self._total is not None
        return self._total


class Cursor(NamedTuple):
    """Where a page ended: behind the passage (``key``, ``ordinal``), which had ``score`` and
    ``rank`` in the index of ``generation``. ``question`` is a digest of what was asked, ``today``
    the day from which ages were counted.
    """

    question: int
    generation: int
    rank: int
    score: float
    today: int
    key: str
    ordinal: int

    def token(self) -> str:
        """The cursor in letters, digits, ``-`` and ``_``."""
        head = _HEAD.pack(
            _VERSION,
            self.question,
            self.generation & 0xFFFFFFFF,
            self.rank,
            self.score,
            self.today,
        )
        body = head + struct.pack("<I", self.ordinal) + self.key.encode("utf-8", "surrogatepass")
        encoded = b2a_base64(body + _check(body), newline=False)
        return encoded.decode().rstrip("=").translate(_URL_SAFE)


def read_cursor(token: str, question: int) -> Cursor:
    """The cursor that ``token`` stands for. Raises ``UsageError`` if it is none, or one of another
    question.
    """
    damaged = UsageError("this is no cursor; take the whole one that came with the page before")
    if len(token) > _LONGEST:
        raise damaged
    try:
        letters = token.translate(_FROM_URL_SAFE) + "=" * (-len(token) % 4)
        data = a2b_base64(letters, strict_mode=True)
    except (Error, ValueError):
        raise damaged from None
    body, check = data[:-4], data[-4:]
    if len(body) < _HEAD.size + 4 or body[0] != _VERSION or _check(body) != check:
        raise damaged
    _, asked, generation, rank, score, today = _HEAD.unpack_from(body)
    (ordinal,) = struct.unpack_from("<I", body, _HEAD.size)
    if rank > _MOST_RANK:
        raise damaged
    if asked != question:
        raise UsageError("this cursor belongs to another query, or to other options")
    try:
        key = body[_HEAD.size + 4 :].decode("utf-8", "surrogatepass")
    except ValueError:
        raise damaged from None
    return Cursor(question, generation, rank, score, today, key, ordinal)


def digest(*question: object) -> int:
    """What tells one question from another."""
    return crc32(repr(question).encode("utf-8", "surrogatepass"))


def _check(body: bytes) -> bytes:
    return crc32(body).to_bytes(4, "little")


def page(
    snapshot: Snapshot,
    order: Order,
    question: int,
    limit: int,
    offset: int,
    cursor: Cursor | None,
    showing: Showing,
) -> tuple[list[Shown], str | None]:
    """``limit`` passages (or documents) after ``offset`` of them, or after ``cursor``; and the
    cursor of what follows, None if nothing does.
    """
    if cursor is None:
        found = shown(snapshot, order, limit + 1, offset, showing)
        before = offset
    else:
        before = cursor.rank
        # Once there was a write, what was raised may be other passages, that come after it.
        is_same = cursor.generation == snapshot.generation & 0xFFFFFFFF
        near = order.sort or not is_same or before <= max(SHALLOW, MOST_COMPARED)
        if near or before <= len(order.raised):
            found = _near(snapshot, order, cursor, limit + 1, showing)
        else:
            found = list(_far(snapshot, order, cursor, limit + 1, showing))
    kept = [one for one in found if one.rank <= before + limit]
    if not kept or len(kept) == len(found):
        return kept, None
    # The first of a document's passages is the one that gives it its place.
    last = next(one for one in kept if one.rank == kept[-1].rank)
    ordinal = snapshot.stored(last.docnum).get("ordinal")
    place = Cursor(
        question,
        snapshot.generation,
        last.rank,
        last.score,
        order.today,
        snapshot.key(last.docnum),
        ordinal if isinstance(ordinal, int) else 0,
    )
    return kept, place.token()


def _near(
    snapshot: Snapshot, order: Order, cursor: Cursor, limit: int, showing: Showing
) -> list[Shown]:
    offset = cursor.rank
    if cursor.generation != snapshot.generation & 0xFFFFFFFF:
        # Something has been written since: the place may be elsewhere.
        docnum = _docnum(snapshot, cursor)
        looked_at = 2 * offset + MOST_COMPARED
        while True:
            first = shown(snapshot, order, looked_at, 0, showing)
            same = [one.rank for one in first if one.docnum == docnum]
            if same or docnum is None or len(first) < looked_at or looked_at > _FARTHEST:
                break
            looked_at *= 4
        if same:
            offset = same[0]
        else:
            # Where it stood; one that is gone is one less before what follows it.
            later = [one.rank for one in first if one.score < cursor.score]
            offset = later[0] - 1 if later and not order.sort else offset - 1
    found = shown(snapshot, order, limit, offset, showing)
    return [one._replace(rank=one.rank - offset + cursor.rank) for one in found]


def _far(
    snapshot: Snapshot, order: Order, cursor: Cursor, limit: int, showing: Showing
) -> Iterator[Shown]:
    matches = order.matches()
    docnum = _docnum(snapshot, cursor)
    score = None if docnum is None else _score(matches, docnum)
    place = (-1, cursor.score) if docnum is None or score is None else (docnum, score)
    most = showing.most
    folded = _folded(snapshot, order, showing) if most else frozenset()
    raised = order.raised
    rank, last = cursor.rank, cursor.rank + limit
    while chunk := next_of(matches, place, 2 * limit + 10):
        place = chunk[-1]
        for docnum, score in chunk:
            if docnum in raised or docnum in folded:
                continue
            own = [(docnum, score)]
            if most:
                document = _ranked_within(snapshot, matches, docnum, folded)
                number = document.index((docnum, score))
                if number >= (1 if showing.documents else most):
                    continue
                if showing.documents:
                    own = document[:most]
            rank += 1
            yield from (Shown(*one, rank) for one in own)
            if rank == last:
                return


def _ranked_within(
    snapshot: Snapshot, matches: Scored, docnum: int, folded: frozenset[int]
) -> list[tuple[int, float]]:
    """The passages of one document that match, best first."""
    (low,), (high,) = runs(snapshot, array("q", [docnum]))
    start, stop = bisect_left(matches.docs, low), bisect_left(matches.docs, high)
    found = zip(matches.docs[start:stop], matches.values[start:stop], strict=True)
    return sorted((one for one in found if one[0] not in folded), key=lambda one: (-one[1], one[0]))


def _folded(snapshot: Snapshot, order: Order, showing: Showing) -> frozenset[int]:
    """What stands behind another passage."""
    if not showing.fold:
        return frozenset()
    first = shown(snapshot, order, MOST_COMPARED, 0, Showing(per_document=showing.most))
    return frozenset(docnum for one in first for docnum in one.similar)


def _docnum(snapshot: Snapshot, cursor: Cursor) -> int | None:
    docnums = snapshot.docnums(cursor.key)
    return docnums[cursor.ordinal] if cursor.ordinal < len(docnums) else None


def _score(matches: Scored, docnum: int) -> float | None:
    at = bisect_left(matches.docs, docnum)
    return matches.values[at] if matches.docs[at : at + 1] == array("I", [docnum]) else None
