"""What does a query say, once it is understood?

The nodes of the query tree: the seam between what was asked (``query/``) and any engine that
answers it (``search/``, ``highlight/``). Terms in it are terms of the index: analysis is done.
Terms that are not UTF-8 are written with ``surrogateescape``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from searchkit.record import Record


class Term(Record):
    """Documents whose ``field`` has ``term``, scored by BM25."""

    field: str
    term: str


class WordGroup(Record):
    """Documents that have any of some terms, each in its field, scored as one word (BM25F).

    They are what one word of a query stands for: it may be sought in several fields, have several
    stems in the languages of an index, accents or none, synonyms. Their frequencies are normalised
    by the lengths of their fields, weighted and added up before they saturate.

    ``members`` are triples (field, term, weight). Their idf, as one word, is multiplied by
    ``factor``, which says how much the word matters in the query. Weights and factor are above 0
    and below 1e100; ``ValueError`` for others.
    """

    members: tuple[tuple[str, str, float], ...]
    factor: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.factor < 1e100:
            raise ValueError(f"a word cannot have the factor {self.factor}")
        for field, term, weight in self.members:
            if not 0 < weight < 1e100:
                raise ValueError(f'"{term}" cannot have the weight {weight} in {field}')


class Phrase(Record):
    """Documents whose ``field`` has ``terms`` in a row (two terms at the least).

    Each may stand up to ``slop`` positions after the one before; 1 is next to it. Scored as one
    term, which occurs as often as a row begins. ``ValueError`` for no terms or another slop.
    """

    field: str
    terms: tuple[str, ...]
    slop: int = 1

    def __post_init__(self) -> None:
        if not self.terms or not 1 <= self.slop < 1 << 32:
            raise ValueError("a phrase has terms, and a slop from 1 to 2**32 - 1")


class And(Record):
    """Documents that every child matches; the score is the sum of theirs.

    An ``And`` without children matches nothing.
    """

    children: tuple[Node, ...]


class Or(Record):
    """Documents that any child matches; the score is the sum of those that do.

    An ``Or`` without children matches nothing.
    """

    children: tuple[Node, ...]


class AndNot(Record):
    """Documents that ``wanted`` matches and ``unwanted`` does not, scored by ``wanted``."""

    wanted: Node
    unwanted: Node


class AndMaybe(Record):
    """Documents that ``required`` matches; what ``optional`` scores is added where it matches."""

    required: Node
    optional: Node


class Require(Record):
    """Documents that both match, scored by ``scored`` alone."""

    scored: Node
    required: Node


class DisjunctionMax(Record):
    """Documents that any child matches; the score is that of the best child, and ``tie`` times the
    sum of the others'.
    """

    children: tuple[Node, ...]
    tie: float = 0.0


class Prefix(Record):
    """Documents whose ``field`` has a term that begins with ``prefix``; score 1."""

    field: str
    prefix: str


class Wildcard(Record):
    """Documents whose ``field`` has a term that matches ``pattern`` (``*`` any run, ``?`` one
    code point); score 1.
    """

    field: str
    pattern: str


class Regex(Record):
    """Documents whose ``field`` has a term that the regular expression matches whole; score 1."""

    field: str
    pattern: str


class Fuzzy(Record):
    """Documents whose ``field`` has a term within ``distance`` edits of ``word`` that shares its
    first ``prefix`` code points; score 1. With ``transpositions``, swapping neighbours is one edit.
    """

    field: str
    word: str
    distance: int = 1
    prefix: int = 0
    transpositions: bool = True


class TermRange(Record):
    """Documents whose ``field`` has a term from ``low`` to ``high`` (None: no bound); score 1."""

    field: str
    low: str | None
    high: str | None
    includes_low: bool = True
    includes_high: bool = True


class NumberRange(Record):
    """Documents whose value in ``column`` (numbers) lies from ``low`` to ``high`` (None: no bound);
    score 1. Dates are numbers in a column of their own.
    """

    column: str
    low: float | None
    high: float | None
    includes_low: bool = True
    includes_high: bool = True


class Every(Record):
    """Every document, with score 0."""


class ConstantScore(Record):
    """What ``child`` matches, with one score for all."""

    child: Node
    score: float = 1.0


class Boost(Record):
    """What ``child`` matches, its scores multiplied by ``factor``."""

    child: Node
    factor: float


Expanding = Prefix | Wildcard | Regex | Fuzzy | TermRange
"""The nodes that stand for the terms of the index that fit."""

Node = (
    Term
    | WordGroup
    | Phrase
    | And
    | Or
    | AndNot
    | AndMaybe
    | Require
    | DisjunctionMax
    | Expanding
    | NumberRange
    | Every
    | ConstantScore
    | Boost
)


def encoded(term: str) -> bytes:
    """A term of a tree as the index has it."""
    return term.encode("utf-8", "surrogateescape")


def word_in(term: str, weights: Iterable[tuple[str, float]]) -> WordGroup:
    """``term`` in any of some fields: pairs (field, weight)."""
    return WordGroup(tuple((field, term, weight) for field, weight in weights))


NOTHING = Or(())
"""The query that matches no document."""


def leaves(node: Node) -> Iterator[Term | WordGroup | Phrase | Expanding]:
    """What a match can come from, in order; none of what is unwanted."""
    match node:
        case Term() | WordGroup() | Phrase():
            yield node
        case Prefix() | Wildcard() | Regex() | Fuzzy() | TermRange():
            yield node
        case And(children) | Or(children) | DisjunctionMax(children):
            for child in children:
                yield from leaves(child)
        case AndNot(wanted, _):
            yield from leaves(wanted)
        case AndMaybe(one, other) | Require(one, other):
            yield from leaves(one)
            yield from leaves(other)
        case ConstantScore(child) | Boost(child):
            yield from leaves(child)
        case NumberRange() | Every():
            pass
