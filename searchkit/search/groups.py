"""Which documents are best that have words, each of which is any of several terms?

BM25F's short road. A word that only one field has, as one term, counts there as a term of it: where
that holds for all words of a query, ``top.py`` answers it, which is faster.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from searchkit.index import Snapshot
from searchkit.kernels import search as kernel
from searchkit.search import top
from searchkit.search.bm25 import BM25
from searchkit.search.room import MOST_FIELDS, MOST_LISTS, MOST_TERMS, Best, Heap, run, scratch
from searchkit.tree import And, Node, Or, Term, WordGroup, encoded


class Word(NamedTuple):
    """The ``terms`` that count as one word (field, term, and how much it counts), and the factor of
    its idf.
    """

    terms: tuple[tuple[str, bytes, float], ...]
    factor: float = 1.0

    @property
    def lists(self) -> tuple[tuple[str, bytes], ...]:
        """Field and term of each."""
        return tuple((name, term) for name, term, _ in self.terms)


@dataclass(frozen=True, slots=True)
class Words:
    """A query of words alone, in the order of its clauses; ``needs_all`` of them, or any."""

    words: tuple[Word, ...]
    needs_all: bool = False


def words_of(tree: Node) -> Words | None:
    """The words of a tree that has nothing else."""
    match tree:
        case And(children) | Or(children):
            pass
        case _:
            children = (tree,)
    words: list[Word] = []
    for child in children:
        match child:
            case Term(field, term):
                words.append(Word(((field, encoded(term), 1.0),)))
            case WordGroup(members, factor):
                terms = tuple((field, encoded(term), weight) for field, term, weight in members)
                words.append(Word(terms, factor))
            case _:
                return None
    return Words(tuple(words), isinstance(tree, And)) if words else None


def best(
    snapshot: Snapshot,
    words: Words,
    limit: int,
    bm25: BM25,
    hidden: Sequence[bytes] | None = None,
) -> Best | None:
    """The ``limit`` best documents, or None if there are too many words or terms for this road.
    ``hidden`` as in :func:`top.any_of`.
    """
    present = _present(snapshot, words)
    if not present:
        return []
    if len(present) > MOST_TERMS:
        return None
    fields = {(name, weight) for word in present for name, _, weight in word.terms}
    if len(fields) == 1 and all(len(word.terms) == 1 for word in present):
        ((name, weight),) = fields
        if weight == 1.0:
            road = top.all_of if words.needs_all else top.any_of
            terms = [(word.terms[0][1], word.factor) for word in present]
            return road(snapshot, name, terms, limit, bm25, hidden)
    if len(fields) > MOST_FIELDS or sum(len(word.terms) for word in present) > MOST_LISTS:
        return None
    return _best_of_groups(snapshot, present, words.needs_all, limit, bm25, hidden)


def count(snapshot: Snapshot, words: Words, hidden: Sequence[bytes] | None = None) -> int:
    """How many documents match, of those that are not ``hidden``."""
    present = [word.lists for word in _present(snapshot, words)]
    if len(present) == 1 and hidden is None:
        return snapshot.df(present[0])
    return snapshot.count(present, needs_all=words.needs_all, hidden=hidden)


def _present(snapshot: Snapshot, words: Words) -> list[Word]:
    """The words with those of their terms that occur; none if one is missing that is needed."""
    present = []
    for word in words.words:
        occurring = tuple(one for one in word.terms if snapshot.field(one[0]).df(one[1]))
        if occurring:
            present.append(Word(occurring, word.factor))
        elif words.needs_all:
            return []
    return present


class _Lists:
    """The lists of some words in one segment, as kernels want them."""

    def __init__(self, snapshot: Snapshot, number: int, words: list[Word]) -> None:
        self.fields: dict[tuple[str, float], int] = {}
        """The number of each field with its weight."""
        self.readers = []
        self.places = array("q")
        self.found: list[int] = []
        """The words, by their numbers, that the segment has."""
        for at, word in enumerate(words):
            for name, term, weight in word.terms:
                reader = snapshot.field(name).parts[number][1]
                where = reader.list_of(term, positions=False)
                if where is None:
                    continue
                if not self.found or self.found[-1] != at:
                    self.found.append(at)
                pair = (name, weight)
                if pair not in self.fields:
                    self.fields[pair] = len(self.fields)
                    self.readers.append(reader)
                self.places.extend((len(self.found) - 1, self.fields[pair], *where[:3]))
        self.postings = [reader.postings for reader in self.readers]


def _best_of_groups(
    snapshot: Snapshot,
    words: list[Word],
    needs_all: bool,
    limit: int,
    bm25: BM25,
    hidden: Sequence[bytes] | None,
) -> Best:
    idfs = [bm25.idf(snapshot.df(word.lists), snapshot.live_docs) * word.factor for word in words]
    heap = Heap(limit)
    for number, segment in enumerate(snapshot.segments):
        lists = _Lists(snapshot, number, words)
        if not lists.found or (needs_all and len(lists.found) < len(words)):
            continue
        held = run(
            kernel.groups_of,
            lists.postings,
            [reader.length_bytes for reader in lists.readers],
            array("q", [reader.length_width for reader in lists.readers]),
            [bm25.normals(snapshot.field(name), weight) for name, weight in lists.fields],
            lists.places,
            array("d", [idfs[at] for at in lists.found]),
            bm25.k1,
            needs_all,
            segment.docs,
            hidden[number] if hidden else segment.deleted_bits,
            segment.base,
            limit,
            heap.scores,
            heap.docs,
            heap.held,
            scratch.cursors,
            scratch.window(2048 * len(lists.found)),
        )
        heap.take(held, snapshot)
    return heap.best()
