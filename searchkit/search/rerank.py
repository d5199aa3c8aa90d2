"""Which of the best are better still?

The default ranking, in two stages. The first is exact: the best ``CANDIDATES`` by BM25F, as any
tree is ranked. To each of these is added what would be too dear to compute for all: how well its
whole document answers (``whole.py``) and how near to each other the words stand (``nearness.py``);
and the best passage of a document whose title is the query comes before all others.

What is added is never negative, and the candidates are always the same, however many passages are
asked for: what follows them has less than each of them had without, so that pages fit together.
``docs/ranking.md`` has the experiments that chose the numbers.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Sequence
from types import MappingProxyType

from searchkit.index import Snapshot
from searchkit.record import Record
from searchkit.schema import TEXT, TITLE
from searchkit.search.bm25 import BM25
from searchkit.search.candidates import FieldWord, field_words
from searchkit.search.collect import Ranking, search
from searchkit.search.exact import Written, exactness, explain_exactness
from searchkit.search.explain import explain as explain_tree
from searchkit.search.explanation import Explanation, summed
from searchkit.search.nearness import explain_nearness, nearness
from searchkit.search.whole import explain_whole, runs, whole_scores
from searchkit.tree import Node, Phrase, Term

SCORING = BM25(rarity=1.3)
"""In long questions plain idf lets several common words outweigh the rare one that matters."""

CANDIDATES = 25
"""More change no ranking that was measured, and finding them takes time: to find the best 100 takes
twice as long as to find the best 10."""

RECENT_CANDIDATES = 200

WHOLE = 1.0
NEAR = 0.5
EXACT = 0.1
"""What the scores of documents, nearness and exactness are multiplied by."""


class Asked(Record):
    """A query as the ranking sees it: its ``tree``, the terms that are stop words, and the terms of
    all its words in order, which a title may be equal to.

    With a ``half_life``, in days, what is new comes first, other things equal: ``dates`` names the
    column with the day of each passage, and ``today`` is the day it is now.
    """

    tree: Node
    stop_terms: Collection[str] = frozenset()
    title: tuple[str, ...] = ()
    written: Written = MappingProxyType({})
    half_life: float = 0.0
    dates: str = ""
    today: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.half_life < math.inf:
            raise ValueError(f"a half-life is a number of days, not {self.half_life}")

    @property
    def candidates(self) -> int:
        """How many there are: among more, new ones may be found."""
        return RECENT_CANDIDATES if self.half_life else CANDIDATES


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
    number = asked.candidates
    first = search(snapshot, asked.tree, max(number, offset + limit), scoring=bm25, count=count)
    candidates = _Candidates(snapshot, asked, first.best[:number], bm25)
    best = (*candidates.ranked(), *first.best[number:])
    return Ranking(best[offset : offset + limit], first.total)


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
    best = search(snapshot, asked.tree, asked.candidates, scoring=bm25).best
    if docnum not in {doc for doc, _ in best}:
        return base
    return _Candidates(snapshot, asked, best, bm25).explain(docnum, base)


class _Candidates:
    """The best of the first stage, and what is added to their scores."""

    def __init__(
        self, snapshot: Snapshot, asked: Asked, best: Sequence[tuple[int, float]], bm25: BM25
    ) -> None:
        self._snapshot = snapshot
        self._bm25 = bm25
        in_order = sorted(best)
        self._docs = array("q", [doc for doc, _ in in_order])
        self._scores = [score for _, score in in_order]
        self._most = max(self._scores, default=0.0)
        """The best score without what titles and dates add."""
        self._words: list[FieldWord] = []
        if best:
            self._words = field_words(snapshot, asked.tree, TEXT, asked.stop_terms, bm25)
        self._near = self._words if _has_positions(snapshot, TEXT) else []
        self._written = asked.written
        self._titled: dict[int, float] = {}
        self._new: dict[int, float] = {}
        if self._words:
            self._add()
        if asked.title and best and _has_positions(snapshot, TITLE):
            self._add_titles(asked.title)
        if asked.half_life and best and asked.dates in snapshot.schema.columns:
            self._add_new(asked)

    def ranked(self) -> list[tuple[int, float]]:
        """With all that is added, best first."""
        found = sorted(zip([-score for score in self._scores], self._docs, strict=True))
        return [(doc, -score) for score, doc in found]

    def explain(self, docnum: int, base: Explanation) -> Explanation:
        """A candidate that has the score ``base`` without."""
        parts = [base]
        if self._words:
            parts.append(self._explain_added(docnum))
        if docnum in self._titled:
            said = "the best passage of a document whose title is the query"
            parts.append(Explanation(self._titled[docnum], said))
        if docnum in self._new:
            parts.append(Explanation(self._new[docnum], "for being new"))
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
                for factor, part in ((WHOLE, whole), (NEAR, near), (EXACT, own))
            ],
        )

    def _add(self) -> None:
        found = runs(self._snapshot, self._docs)
        whole = whole_scores(self._snapshot, TEXT, self._words, found, self._bm25)
        near = nearness(self._snapshot, TEXT, self._near, self._docs, self._bm25)
        own = exactness(self._snapshot, TEXT, self._words, self._written, self._docs, self._bm25)
        self._scores = [
            score + (WHOLE * its_document + NEAR * its_nearness + EXACT * its_own)
            for score, its_document, its_nearness, its_own in zip(
                self._scores, whole, near, own, strict=True
            )
        ]
        self._most = max(self._scores)

    def _add_titles(self, terms: tuple[str, ...]) -> None:
        """More than any score without it, for the best passage of each document so titled."""
        exact = self._exact_titles(terms)
        titled = [at for at, doc in enumerate(self._docs) if doc in exact]
        if not titled:
            return
        docs = array("q", [self._docs[at] for at in titled])
        best_of: dict[int, tuple[float, int]] = {}
        for at, run in zip(titled, runs(self._snapshot, docs).lows, strict=True):
            mine = (-self._scores[at], at)
            best_of[run] = min(mine, best_of.get(run, mine))
        for _, at in best_of.values():
            self._titled[self._docs[at]] = self._most
            self._scores[at] += self._most

    def _exact_titles(self, terms: tuple[str, ...]) -> set[int]:
        """The documents whose titles are ``terms``. Of those that have them in a row these are
        among the shortest, and so among the best.
        """
        titles = self._snapshot.field(TITLE)
        node = Term(TITLE, terms[0]) if len(terms) == 1 else Phrase(TITLE, terms)
        best = search(self._snapshot, node, 10 * CANDIDATES, scoring=self._bm25).best
        return {doc for doc, _ in best if titles.length(doc) == len(terms)}

    def _add_new(self, asked: Asked) -> None:
        """As much as the best score, and half of it for each half-life."""
        for at, doc in enumerate(self._docs):
            day = self._snapshot.column_value(asked.dates, doc)
            if day is not None and not isinstance(day, bytes):
                age = max(asked.today - day, 0)
                self._new[doc] = self._most * 0.5 ** (age / asked.half_life)
                self._scores[at] += self._new[doc]


def _has_positions(snapshot: Snapshot, name: str) -> bool:
    field = snapshot.schema.fields.get(name)
    return field is not None and field.positions
