"""Which of the ranked passages are shown, and which stand behind another?

Passages that say the same stand behind the best of them: equal texts, and such as share most of
their runs of three words (Broder, "On the Resemblance and Containment of Documents", 1997).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from searchkit.document import Passage
from searchkit.document_records import record_of
from searchkit.index import Snapshot
from searchkit.passage_index import passage
from searchkit.record import Record

RESEMBLANCE = 0.8
"""The share of runs of words, of those that either of two passages has, that both have."""

MOST_COMPARED = 100
"""So many of the first passages are compared with each other: each has to be read for that."""

MOST_RAISED = 300
"""So many have other scores than those of the first stage: 200 by their age, 100 by their title."""

OF_A_DOCUMENT = 3
"""How many passages of a document are shown with it, if not said."""


class Showing(Record):
    """``per_document``: at most so many passages of a document (0: any number). ``documents``: its
    passages together, at the place of the best. ``fold``: similar ones behind the best of them.
    """

    per_document: int = 0
    documents: bool = False
    fold: bool = True

    @property
    def most(self) -> int:
        """Passages of a document, 0 for any number."""
        return self.per_document or (OF_A_DOCUMENT if self.documents else 0)


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


class Ranking(Protocol):
    """What matches, in order."""

    def best(self, count: int) -> Ranked:
        """The first so many."""

    def within(self, docnum: int) -> Ranked:
        """All that belong to the document of a passage, without what the second stage adds."""


def shown(
    snapshot: Snapshot, ranking: Ranking, limit: int, offset: int, showing: Showing
) -> list[Shown]:
    """Of a ranking ``limit`` passages (or documents) after ``offset`` of them."""
    wanted = offset + limit
    # Of documents all passages that the second stage has looked at are to be known.
    depth = max(4 * wanted, MOST_RAISED) + MOST_COMPARED if showing.documents else wanted + 10
    while True:
        best = ranking.best(depth)
        kept, folded = _chosen(snapshot, best, showing)
        if showing.documents:
            kept = _by_document(snapshot, kept)
        last = max((one.rank for one in kept), default=0)
        if last >= wanted or len(best) < depth:
            kept = [one for one in kept if offset < one.rank <= wanted]
            return _completed(ranking, best, kept, folded, showing) if showing.documents else kept
        depth *= 2


def _chosen(
    snapshot: Snapshot, ranking: Ranked, showing: Showing
) -> tuple[list[Shown], frozenset[int]]:
    """What is shown of a ranking, and what stands behind that."""
    kept: list[Shown] = []
    count_of: dict[str, int] = {}
    most = showing.most or len(ranking)
    compared: list[_Compared] = []
    behind: dict[int, list[int]] = {}
    for number, (docnum, score) in enumerate(ranking):
        if most < len(ranking):
            # Before it is compared: what is not shown can have nothing behind it.
            key = snapshot.key(docnum)
            if count_of.get(key, 0) >= most:
                continue
        read = None
        if showing.fold and number < MOST_COMPARED:
            read = passage(snapshot, docnum)
            mine = _Compared(read, _runs(read.text), docnum)
            twin = next((one for one in compared if _says_the_same(snapshot, mine, one)), None)
            if twin is not None:
                at = next((i for i, one in enumerate(kept) if one.docnum == twin.docnum), None)
                if at is not None and kept[at].score == score and _is_copy(snapshot, twin, mine):
                    kept[at] = kept[at]._replace(docnum=docnum, passage=read)
                    count_of[read.key] = count_of.get(read.key, 0) + 1
                    count_of[twin.passage.key] = count_of.get(twin.passage.key, 1) - 1
                    compared[compared.index(twin)] = mine
                    behind[docnum] = [twin.docnum, *behind.pop(twin.docnum, [])]
                else:
                    behind.setdefault(twin.docnum, []).append(docnum)
                continue
            compared.append(mine)
        if most < len(ranking):
            count_of[key] = count_of.get(key, 0) + 1
        kept.append(Shown(docnum, score, len(kept) + 1, read))
    kept = [one._replace(similar=tuple(behind.get(one.docnum, ()))) for one in kept]
    return kept, frozenset(docnum for some in behind.values() for docnum in some)


def _completed(
    ranking: Ranking,
    best: Ranked,
    documents: Sequence[Shown],
    folded: frozenset[int],
    showing: Showing,
) -> list[Shown]:
    """``documents`` with those of their passages that stand further down than was looked."""
    scores = dict(best)
    by_rank: dict[int, list[Shown]] = {}
    for one in documents:
        by_rank.setdefault(one.rank, []).append(one)
    complete: list[Shown] = []
    most = showing.most
    for rank, passages in by_rank.items():
        if len(passages) < most:
            known = {one.docnum for one in passages}
            others = [
                Shown(docnum, score, rank)
                for docnum, score in ranking.within(passages[0].docnum)
                if docnum not in known and docnum not in scores and docnum not in folded
            ]
            passages += sorted(others, key=lambda one: (-one.score, one.docnum))
        complete += passages[:most]
    return complete


def _by_document(snapshot: Snapshot, kept: Sequence[Shown]) -> list[Shown]:
    documents: dict[str, list[Shown]] = {}
    for one in kept:
        documents.setdefault(snapshot.key(one.docnum), []).append(one)
    return [
        one._replace(rank=rank)
        for rank, passages in enumerate(documents.values(), 1)
        for one in passages
    ]


class _Compared(NamedTuple):
    passage: Passage
    runs: frozenset[tuple[str, ...]]
    docnum: int


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = text.casefold().split()
    if not text.isascii():
        # Late: most texts are in scripts with spaces, and the expression takes time to compile.
        from searchkit.analysis.words import CHARACTER

        if len(words) < len(text) / 15:  # No language has words that long.
            words = CHARACTER.findall(text) or words
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _says_the_same(snapshot: Snapshot, one: _Compared, other: _Compared) -> bool:
    if one.passage.text == other.passage.text:
        is_same = one.passage.text != ""
    else:
        fewer, more = sorted((len(one.runs), len(other.runs)))
        if fewer < RESEMBLANCE * more or not more:
            return False
        common = len(one.runs & other.runs)
        is_same = common >= RESEMBLANCE * (len(one.runs) + len(other.runs) - common)
    return is_same and not _are_entries(snapshot, one.passage, other.passage)


def _is_copy(snapshot: Snapshot, one: _Compared, other: _Compared) -> bool:
    """Whether ``one`` lies in an archive or the like and ``other``, the same, is a file."""
    if one.passage.text != other.passage.text:
        return False
    records = [record_of(snapshot, each.passage.key) for each in (one, other)]
    return [each is not None and each.key == each.file_key for each in records] == [False, True]


_LEAST_PROSE_WORDS = 40
"""Of entries with different titles that may be versions of one text, as news agencies send them."""

_WORD, _DIGIT = re.compile(r"[\w.,]+"), re.compile(r"\d")


def _numbers(text: str) -> list[str]:
    return [word.strip(".,") for word in _WORD.findall(text) if _DIGIT.search(word)]


def _are_entries(snapshot: Snapshot, one: Passage, other: Passage) -> bool:
    """Whether they are two entries of one file, such as rows, that differ in a number, or are short
    and have other titles: whoever keeps a list with both wants both.
    """
    if one.key == other.key:
        return False
    is_short = len(one.text.split()) < _LEAST_PROSE_WORDS
    if _numbers(one.text) == _numbers(other.text) and not (is_short and one.title != other.title):
        return False
    records = (record_of(snapshot, one.key), record_of(snapshot, other.key))
    files = [record.file_key for record in records if record is not None]
    return len(files) == 2 and files[0] == files[1]
