"""Which of the best are better still?

The default ranking, in two stages. The first is exact: the best ``CANDIDATES`` by BM25F, as any
tree is ranked. To each of these is added what would be too dear to compute for all: how well its
whole document answers (``whole.py``) and how near to each other the words stand (``nearness.py``);
and the best passage of a document whose title is the query, which is always a candidate
(``raised.py``), comes before all others.

What is added is never negative, and the candidates are always the same, however many passages are
asked for: what follows them has no more than each of them had without, so that pages fit together.
``docs/ranking.md`` has the experiments that chose the numbers.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import NamedTuple

from searchkit.index import Snapshot
from searchkit.record import Record
from searchkit.schema import TEXT
from searchkit.search.bm25 import BM25
from searchkit.search.candidates import FieldWord, field_words
from searchkit.search.collect import Ranking, search
from searchkit.search.exact import Written, exactness, explain_exactness
from searchkit.search.explain import explain as explain_tree
from searchkit.search.explanation import Explanation, summed
from searchkit.search.nearness import explain_nearness, nearness
from searchkit.search.raised import day, newest, titled
from searchkit.search.whole import explain_whole, runs, whole_scores
from searchkit.tree import Node

SCORING = BM25(rarity=1.3)
"""In long questions plain idf lets several common words outweigh the rare one that matters."""

CANDIDATES = 25
"""More change no ranking that was measured, and finding them takes time: to find the best 100 takes
twice as long as to find the best 10."""

SHORT_CANDIDATES = 100
"""Of a query of one word or two: as many passages may have its stem as often (*waters*)."""

RECENT_CANDIDATES = 200

WHOLE = 1.0
NEAR = 0.5
EXACT = 0.1
"""What the scores of documents, nearness and exactness are multiplied by."""

EXACT_WORDS = 5
"""So many words a query must have for exactness to count no more than that."""


class Asked(Record):
    """A query as the ranking sees it: its ``tree``, the terms that are stop words, and the term of
    the ``title`` that it may be, or ""; ``words`` is how many words it has, 0 if that is not known.

    With a ``half_life``, in days, what is new comes first, other things equal: ``dates`` names the
    column with the day of each passage, and ``today`` is the day it is now.
    """

    tree: Node
    stop_terms: Collection[str] = frozenset()
    title: str = ""
    written: Written = MappingProxyType({})
    half_life: float = 0.0
    dates: str = ""
    today: int = 0
    words: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.half_life < math.inf:
            raise ValueError(f"a half-life is a number of days, not {self.half_life}")

    @property
    def candidates(self) -> int:
        """How many the first stage gives: among more, new ones may be found."""
        if self.half_life:
            return RECENT_CANDIDATES
        return SHORT_CANDIDATES if 0 < self.words <= 2 else CANDIDATES

    @property
    def exact(self) -> float:
        """What words count that are as they were typed: the fewer there are, the more each is meant
        so.
        """
        return EXACT * max(1.0, EXACT_WORDS / self.words) if self.words else EXACT


def ranked(
    snapshot: Snapshot,
    asked: Asked,
    limit: int = 10,
    offset: int = 0,
    *,
    scoring: BM25 | None = None,
    count: bool = False,
) -> Ranking:
    """The ``limit`` best passages after the ``offset`` best ones, as :func:`search` does, but of
    both stages.
    """
    if limit < 0 or offset < 0:
        raise ValueError(f"limit and offset cannot be negative: {limit}, {offset}")
    bm25 = scoring or SCORING
    wanted = max(asked.candidates + 1, offset + limit)
    first = search(snapshot, asked.tree, wanted, scoring=bm25, count=count)
    chosen = _chosen(snapshot, asked, first.best, bm25)
    following = [one for one in first.best if one[0] not in chosen.scores]
    best = (*_Candidates(snapshot, asked, chosen, bm25).ranked(), *following)
    return Ranking(best[offset : offset + limit], first.total)


def raised(snapshot: Snapshot, asked: Asked) -> Collection[int]:
    """The passages that come before all others, whatever the first stage says."""
    first = search(snapshot, asked.tree, asked.candidates + 1, scoring=SCORING)
    return _chosen(snapshot, asked, first.best, SCORING).scores


def explain(
    snapshot: Snapshot, asked: Asked, docnum: int, *, scoring: BM25 | None = None
) -> Explanation:
    """Why the passage has the score that :func:`ranked` gives it; if it is no hit, ``matched`` is
    false. Raises as ``explain.explain`` does.
    """
    bm25 = scoring or SCORING
    base = explain_tree(snapshot, asked.tree, docnum, scoring=bm25)
    if not base.matched:
        return base
    first = search(snapshot, asked.tree, asked.candidates + 1, scoring=bm25)
    chosen = _chosen(snapshot, asked, first.best, bm25)
    if docnum not in chosen.scores:
        return base
    return _Candidates(snapshot, asked, chosen, bm25).explain(docnum, base)


class _Chosen(NamedTuple):
    """The candidates with their scores in the first stage; ``titled`` are the best passages of
    documents whose title is the query.
    """

    scores: dict[int, float]
    titled: Collection[int]


def _chosen(
    snapshot: Snapshot, asked: Asked, best: Sequence[tuple[int, float]], bm25: BM25
) -> _Chosen:
    """The candidates, of which ``best`` has the first, and one more at the least, if there is."""
    number = asked.candidates
    if asked.half_life and len(best) > number and asked.dates in snapshot.schema.columns:
        best = newest(snapshot, asked.tree, best[: number + 1], asked.dates, bm25)
    so_titled = titled(snapshot, asked.tree, asked.title, bm25)
    return _Chosen(dict((*best[:number], *so_titled)), {doc for doc, _ in so_titled})


class _Candidates:
    """The best of the first stage, and what is added to their scores."""

    def __init__(self, snapshot: Snapshot, asked: Asked, chosen: _Chosen, bm25: BM25) -> None:
        self._snapshot = snapshot
        self._bm25 = bm25
        self._docs = array("q", sorted(chosen.scores))
        self._scores = [chosen.scores[doc] for doc in self._docs]
        self._words: list[FieldWord] = []
        if self._docs:
            self._words = field_words(snapshot, asked.tree, TEXT, asked.stop_terms, bm25)
        self._near = self._words if _has_positions(snapshot, TEXT) else []
        self._exact = asked.exact
        self._written = asked.written
        self._days: list[float] = []
        self._new: dict[int, float] = {}
        self._titled: dict[int, float] = {}
        if self._words:
            self._add()
        if asked.half_life and self._docs and asked.dates in snapshot.schema.columns:
            self._add_new(asked)
        if chosen.titled:
            self._add_titles(chosen.titled)

    def ranked(self) -> list[tuple[int, float]]:
        """With all that is added, best first."""
        days = self._days or repeat(0.0)
        # Of ages of very many half-lives nothing is left to add.
        found = sorted(
            (-score, -day, doc)
            for score, day, doc in zip(self._scores, days, self._docs, strict=False)
        )
        return [(doc, -score) for score, _, doc in found]

    def explain(self, docnum: int, base: Explanation) -> Explanation:
        """A candidate that has the score ``base`` without."""
        parts = [base]
        if self._words:
            parts.append(self._explain_added(docnum))
        if docnum in self._new:
            parts.append(Explanation(self._new[docnum], "for being new"))
        if docnum in self._titled:
            said = "the best passage of a document whose title is the query"
            parts.append(Explanation(self._titled[docnum], said))
        return summed("passage and surroundings, summed", parts) if len(parts) > 1 else base

    def _explain_added(self, docnum: int) -> Explanation:
        snapshot, bm25 = self._snapshot, self._bm25
        whole = explain_whole(snapshot, TEXT, self._words, docnum, bm25)
        near = explain_nearness(snapshot, TEXT, self._near, docnum, bm25)
        own = explain_exactness(snapshot, TEXT, self._words, self._written, docnum, bm25)
        return summed(
            "for the best by that: what is around it",
            [
                Explanation(factor * part.value, f"multiplied by {factor:g}", (part,))
                for factor, part in ((WHOLE, whole), (NEAR, near), (self._exact, own))
            ],
        )

    def _add(self) -> None:
        found = runs(self._snapshot, self._docs)
        whole = whole_scores(self._snapshot, TEXT, self._words, found, self._bm25)
        near = nearness(self._snapshot, TEXT, self._near, self._docs, self._bm25)
        own = exactness(self._snapshot, TEXT, self._words, self._written, self._docs, self._bm25)
        self._scores = [
            score + (WHOLE * its_document + NEAR * its_nearness + self._exact * its_own)
            for score, its_document, its_nearness, its_own in zip(
                self._scores, whole, near, own, strict=True
            )
        ]

    def _add_new(self, asked: Asked) -> None:
        """As much as the best score (1 where nothing scores), and half of it for each half-life."""
        most = max(self._scores) or 1.0
        self._days = [day(self._snapshot, asked.dates, doc) for doc in self._docs]
        for at, (doc, its_day) in enumerate(zip(self._docs, self._days, strict=True)):
            age = asked.today - its_day
            # East of Greenwich it may be tomorrow; what is dated later is about the future.
            if -1 <= age < math.inf:
                self._new[doc] = most * 0.5 ** (max(age, 0.0) / asked.half_life)
                self._scores[at] += self._new[doc]

    def _add_titles(self, titled: Collection[int]) -> None:
        """More than any score without it, for the best passage of each document so titled."""
        documents = runs(self._snapshot, self._docs).lows
        so_titled = {
            document for doc, document in zip(self._docs, documents, strict=True) if doc in titled
        }
        best_of: dict[int, tuple[float, int]] = {}
        for at, document in enumerate(documents):
            if document in so_titled:
                mine = (-self._scores[at], at)
                best_of[document] = min(mine, best_of.get(document, mine))
        most = max(self._scores)
        for _, at in best_of.values():
            self._titled[self._docs[at]] = most
            self._scores[at] += most


def _has_positions(snapshot: Snapshot, name: str) -> bool:
    field = snapshot.schema.fields.get(name)
    return field is not None and field.positions
