"""How was a query understood, as the index sees it?

For each clause the terms that it became, and in how many passages each occurs; which words and
patterns stand for nothing; and what was meant by those, so far as one can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from searchkit.analysis import Analyzer
from searchkit.analysis.forms import other_forms
from searchkit.analysis.unspaced import is_single
from searchkit.index import Snapshot
from searchkit.metadata.fields import LANGUAGE, TYPE
from searchkit.patterns import terms_of
from searchkit.query import Clause, Notice, Query, Word
from searchkit.record import Record
from searchkit.schema import FIELDS, form_field, word_field
from searchkit.search.suggest import suggestion
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    Expanding,
    Fuzzy,
    Node,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    Regex,
    Term,
    TermRange,
    Wildcard,
    WordGroup,
    encoded,
    leaves,
)

_SHOWN_TERMS = 10
_MOST_TERMS = 1_000
"""Of a pattern, looked up; what stands for more needs no longer list."""

_MOST_VALUES = 20
"""That are named: of formats and languages a collection seldom has more."""

_LEAST_BESIDE = 3
"""Passages that another word of the query has, if it is to say which word was meant."""


_MOST_CORRECTED = 20
"""Words of a query that is looked at for mistakes: what is longer has been pasted."""


_OPERATORS = ("AND", "OR", "NOT", "TO")

_AROUND_WORDS = '()"“”„«»,;:.!?^'


class TermCount(NamedTuple):
    """A term, and in how many passages it occurs, in the fields where it was looked for."""

    term: str
    passages: int


class Understood(Record):
    """A clause of a query: ``text`` as typed, ``query[start:end]``; the ``field`` named before it,
    or None; its ``role``, a ``query.Role``'s value; ``kind``, which is "word", "phrase", "pattern",
    "expression", "misspelt word", "range" or "value"; the ``terms`` that it became, of a pattern
    the ten most frequent and the number of ``more`` (past 1,000 they are not counted); and of a
    range the bounds as ``low`` and ``high``, None for none; ``excludes`` are those of the two that
    lie outside of it.
    """

    text: str
    start: int
    end: int
    field: str | None
    role: str
    kind: str
    terms: tuple[TermCount, ...]
    more: int = 0
    low: str | None = None
    high: str | None = None
    excludes: tuple[str, ...] = ()


def understood(query: Query, snapshot: Snapshot) -> tuple[Understood, ...]:
    """Each clause of ``query`` with its terms, in the order typed."""
    return tuple(_understood(clause, snapshot) for clause in query.clauses)


def absences(query: Query, clauses: tuple[Understood, ...], snapshot: Snapshot) -> Iterator[Notice]:
    """A notice for each word and each pattern of ``query`` that occurs nowhere."""
    for word in query.words:
        if not _passages(word, snapshot) and not _has_another_form(word, query, clauses):
            where = "" if word.field is None else f" in the field {word.field.rpartition(':')[2]}"
            if word.field in (TYPE, LANGUAGE) and word.field in snapshot.schema.fields:
                # Whoever writes lang:english cannot know what they are called here.
                every = terms_of(Prefix(word.field, ""), snapshot, 2 * _MOST_VALUES)
                values = sorted(value for value in every if "/" not in value)[:_MOST_VALUES]
                where += f", which has {', '.join(values)}" if values else ""
            yield Notice(f'"{word.text}" occurs nowhere{where}', word.start, word.end)
    if query.text.isupper() and any(map(str.isupper, "".join(w.text for w in query.words))):
        for negated in _after_not(query):
            message = f'NOT leaves out what has "{negated.text}"; in small letters it is a word'
            yield Notice(message, negated.start, negated.end)
    for clause in clauses:
        if clause.kind in ("pattern", "expression", "misspelt word") and not clause.terms:
            yield Notice(f'nothing fits "{clause.text}"', clause.start, clause.end)


def corrected(query: Query, snapshot: Snapshot, analyzer: Analyzer) -> str | None:
    """``query`` with the likeliest words in place of those that occur nowhere; None if there is
    nothing to correct.
    """
    twins = [name for name in map(word_field, FIELDS) if name in snapshot.schema.fields]
    if not twins or len(query.words) > _MOST_CORRECTED:
        return None
    typed = query.text
    text, end = "", 0
    for word in query.words:
        if word.field not in (None, *FIELDS) or not word.text.isalpha():
            continue
        if not _stands_alone(typed, word):
            continue
        if _passages(word, snapshot):
            continue
        (folded,) = analyzer.words([word.text])
        beside = [
            lists
            for other in query.words
            if other != word and not analyzer.stop_terms.issuperset(other.written or other.terms)
            for lists in [_lists(other, snapshot)]
            if lists and snapshot.df(lists) >= _LEAST_BESIDE
        ]
        found = suggestion(snapshot, twins, folded, 1, beside)
        if found is not None and word.start >= end:
            text += typed[end : word.start] + _in_case_of(word.text, found[0])
            end = word.end
    return text + typed[end:] if end else None


def _stands_alone(typed: str, word: Word) -> bool:
    """Whether a word is no part of a connected one, such as a path or a name in a program."""
    start, end = word.start, word.end
    before, after = typed[max(start - 1, 0) : start], typed[end : end + 1]
    if before in ("+", "-"):  # As an operator it stands after a space.
        before = typed[max(start - 2, 0) : start - 1]
    if word.field is None and (
        before == ":" or (after == ":" and not typed[end + 1 :][:1].isspace())
    ):
        return False  # It was meant for the name of a field, or its value.
    return all(char.isspace() or char in _AROUND_WORDS for char in before + after)


def _in_case_of(typed: str, word: str) -> str:
    # "NOTT" is "not": in capitals it would be an operator.
    if len(typed) > 1 and typed.isupper() and word.upper() not in _OPERATORS:
        return word.upper()
    return word.capitalize() if typed[:1].isupper() else word


def _passages(word: Word, snapshot: Snapshot) -> int:
    """In how many passages the most frequent of a word's terms occurs."""
    own = FIELDS if word.field is None else (word.field,)
    fields = (*own, *map(form_field, own))
    fields = tuple(name for name in fields if name in snapshot.schema.fields)
    found = max((_count(snapshot, term, fields).passages for term in word.terms), default=0)
    if not found and any(map(is_single, word.terms)):
        # In a text it is the first of two.
        found = sum(
            len(terms_of(Prefix(field, term), snapshot, 1))
            for field in fields
            for term in word.terms
        )
    return found


def _has_another_form(word: Word, query: Query, clauses: Iterable[Understood]) -> bool:
    """Whether ``word`` is a part of a connected one, ``U.S.A.``, that occurs in another form."""
    for clause in clauses:
        if clause.start <= word.start and word.end <= clause.end:
            parts = {
                term
                for one in query.words
                if clause.start <= one.start < clause.end
                for term in one.terms
            }
            if other_forms(query.text[clause.start : clause.end + 2]) and any(
                one.passages and one.term not in parts for one in clause.terms
            ):
                return True
    return False


def _after_not(query: Query) -> Iterator[Clause]:
    """The clauses right after a NOT."""
    for clause in query.clauses:
        if query.text[: clause.start].endswith("NOT "):
            yield clause


def _lists(word: Word, snapshot: Snapshot) -> tuple[tuple[str, bytes], ...]:
    """The terms of a word that occur, each with its field."""
    fields: tuple[str, ...] = FIELDS if word.field is None else (word.field,)
    return tuple(
        (name, encoded(term))
        for name in fields
        if name in snapshot.schema.fields
        for term in word.terms
        if snapshot.field(name).df(encoded(term))
    )


def _count(snapshot: Snapshot, term: str, fields: Iterable[str]) -> TermCount:
    key = encoded(term)
    having = tuple((field, key) for field in fields if snapshot.field(field).df(key))
    return TermCount(term, snapshot.df(having) if having else 0)


def _understood(clause: Clause, snapshot: Snapshot) -> Understood:
    fields: dict[str, list[str]] = {}
    more = 0
    kinds: set[str] = set()
    low = high = None
    excludes: tuple[str, ...] = ()
    for leaf in _leaves(clause.node):
        kinds.add(_kind(leaf))
        match leaf:
            case Term(field, term):
                fields.setdefault(term, []).append(field)
            case WordGroup(members):
                for field, term, *_ in members:
                    fields.setdefault(term, []).append(field)
            case Phrase(field, terms):
                for term in terms:
                    fields.setdefault(term, []).append(field)
            case NumberRange():
                low, high, excludes = _bounds(leaf)
            case _:
                for term in terms_of(leaf, snapshot, _MOST_TERMS):
                    fields.setdefault(term, []).append(leaf.field)
    counts = [_count(snapshot, term, dict.fromkeys(names)) for term, names in fields.items()]
    # Of the stems in all languages of an index most are nowhere.
    counts = [one for one in counts if one.passages] or counts
    kind = next((kind for kind in _KINDS if kind in kinds), "value")
    if kind in ("pattern", "expression", "misspelt word"):
        counts = sorted((one for one in counts if one.passages), key=lambda one: -one.passages)
        more = max(len(counts) - _SHOWN_TERMS, 0)
        counts = counts[:_SHOWN_TERMS]
    return Understood(
        clause.text,
        clause.start,
        clause.end,
        clause.field,
        clause.role.value,
        kind,
        tuple(counts),
        more,
        low,
        high,
        excludes,
    )


_KINDS = ("misspelt word", "expression", "pattern", "range", "phrase", "word")
"""Of several, the first says what a clause is."""


def _kind(leaf: Node) -> str:
    match leaf:
        case Prefix() | Wildcard():
            return "pattern"
        case Regex():
            return "expression"
        case Fuzzy():
            return "misspelt word"
        case NumberRange() | TermRange():
            return "range"
        case Phrase():
            return "phrase"
        case _:
            return "word"


def _leaves(node: Node) -> Iterator[Term | WordGroup | Phrase | Expanding | NumberRange]:
    """The leaves of a clause, ranges of numbers too; of a misspelt word only those that it fits."""
    match node:
        case NumberRange():
            yield node
        case ConstantScore(child) | Boost(child):
            yield from _leaves(child)
        case AndMaybe(required, _):
            yield from _leaves(required)
        case And(children) | Or(children):
            for child in children:
                yield from _leaves(child)
        case AndNot(wanted, _):
            yield from _leaves(wanted)
        case _:
            yield from leaves(node)


def _bounds(node: NumberRange) -> tuple[str | None, str | None, tuple[str, ...]]:
    """The bounds of a range as they are said, days as inclusive ones."""
    low, high = node.low, node.high
    is_date = node.column.partition(":")[0] == "date"
    excludes = []
    if low is not None and not node.includes_low:
        low = low + 1 if is_date else low
        excludes += [] if is_date else ["low"]
    if high is not None and not node.includes_high:
        high = high - 1 if is_date else high
        excludes += [] if is_date else ["high"]
    return _bound(node, low), _bound(node, high), tuple(excludes)


def _bound(node: NumberRange, value: float | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and node.column.partition(":")[0] == "date":
        try:
            return date.fromordinal(value).isoformat()
        except (ValueError, OverflowError):
            return None
    return f"{value:.15g}"
