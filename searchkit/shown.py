"""Which of the ranked passages are shown, and which stand behind another?

Passages that say the same stand behind the best of them: equal texts, and such as share most of
their runs of three words (Broder, "On the Resemblance and Containment of Documents", 1997).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from searchkit.document import Passage
from searchkit.index import Snapshot
from searchkit.passage_index import passage
from searchkit.record import Record

RESEMBLANCE = 0.8
"""The share of runs of words, of those that either of two passages has, that both have."""

MOST_COMPARED = 100
"""So many of the first passages are compared with each other: each has to be read for that."""

OF_A_DOCUMENT = 3
"""How many passages of a document are shown with it, if not said."""


class Showing(Record):
    """``per_document``: at most so many passages of a document (0: any number). ``documents``: its
    passages together, at the place of the best. ``fold``: similar ones behind the best of them.
    """

    per_document: int = 0
    documents: bool = False
    fold: bool = True


class Shown(NamedTuple):
    """A passage to show. ``rank`` is that of its document, where documents are shown. ``passage``
    is there if it has been read; ``similar`` are the docnums of what stands behind it.
    """

    docnum: int
    score: float
    rank: int
    passage: Passage | None = None
    similar: tuple[int, ...] = ()


Ranked = Sequence[tuple[int, float]]


def shown(
    snapshot: Snapshot, best: Callable[[int], Ranked], limit: int, offset: int, showing: Showing
) -> list[Shown]:
    """Of a ranking, of which ``best`` gives the first so many, ``limit`` passages (or documents)
    after ``offset`` of them.
    """
    wanted = offset + limit
    depth = 4 * wanted + MOST_COMPARED if showing.documents else wanted + 10
    while True:
        ranking = best(depth)
        found = list(_chosen(snapshot, ranking, showing))
        last = max((one.rank for one in found), default=0)
        if last >= wanted or len(ranking) < depth:
            return [one for one in found if offset < one.rank <= wanted]
        depth *= 2


def _chosen(snapshot: Snapshot, ranking: Ranked, showing: Showing) -> Iterator[Shown]:
    kept: list[Shown] = []
    count_of: dict[str, int] = {}
    most = showing.per_document or (OF_A_DOCUMENT if showing.documents else len(ranking))
    compared: list[tuple[str, frozenset[tuple[str, ...]], int]] = []
    behind: dict[int, list[int]] = {}
    for number, (docnum, score) in enumerate(ranking):
        read = None
        if showing.fold and number < MOST_COMPARED:
            read = passage(snapshot, docnum)
            mine = _runs(read.text)
            twin = _like(read.text, mine, compared)
            if twin is not None:
                behind.setdefault(twin, []).append(docnum)
                continue
            compared.append((read.text, mine, docnum))
        if most < len(ranking):
            key = snapshot.key(docnum)
            count_of[key] = count_of.get(key, 0) + 1
            if count_of[key] > most:
                continue
        kept.append(Shown(docnum, score, len(kept) + 1, read))
    if showing.documents:
        kept = _by_document(snapshot, kept)
    for one in kept:
        yield one._replace(similar=tuple(behind.get(one.docnum, ())))


def _by_document(snapshot: Snapshot, kept: Sequence[Shown]) -> list[Shown]:
    documents: dict[str, list[Shown]] = {}
    for one in kept:
        documents.setdefault(snapshot.key(one.docnum), []).append(one)
    return [
        one._replace(rank=rank)
        for rank, passages in enumerate(documents.values(), 1)
        for one in passages
    ]


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = text.casefold().split()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _like(
    text: str,
    mine: frozenset[tuple[str, ...]],
    others: list[tuple[str, frozenset[tuple[str, ...]], int]],
) -> int | None:
    """The first of ``others`` that says the same."""
    for their_text, theirs, docnum in others:
        if text and text == their_text:
            return docnum
        fewer, more = sorted((len(mine), len(theirs)))
        if fewer >= RESEMBLANCE * more > 0:
            common = len(mine & theirs)
            if common >= RESEMBLANCE * (len(mine) + len(theirs) - common):
                return docnum
    return None
