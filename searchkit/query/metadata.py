"""What does a clause about metadata mean?

Such a clause chooses passages and adds nothing to their scores: it is a constant score of 0, which
is how ``is_filter`` knows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from math import inf

from searchkit.analysis import Analyzer
from searchkit.analysis.unspaced import without_last_tail, without_tails
from searchkit.metadata import MetadataField, MetadataKind
from searchkit.metadata.fields import PATH
from searchkit.metadata.values import number, period, query_keyword
from searchkit.query.asked import Word, quoted
from searchkit.query.clauses import phrase_clause, typed_words
from searchkit.query.dates import closed_days_in_words, days_in_words
from searchkit.query.written import (
    WrongExpressionError,
    expanding,
    folded_expression,
    pattern_clause,
    within_stars,
)
from searchkit.regular import MOST_OF_A_PATH, NotRegularError, Pattern
from searchkit.tree import And, AndNot, ConstantScore, Every, Node, NumberRange, Or, Regex, Term

_PATTERN = re.compile(r"\*|\w\?+\w")

Clause = tuple[Node | None, list[Word]]
"""What is asked for, or None if nothing is, and the words to look up."""


class NoValueError(Exception):
    """A value is none of its field; the message says what it is and what it should be."""


def is_filter(node: Node) -> bool:
    """Whether ``node`` has clauses about metadata only."""
    match node:
        case ConstantScore(_, score):
            return score == 0
        case And(children) | Or(children):
            return all(map(is_filter, children))
        case AndNot(wanted, unwanted):
            return (isinstance(wanted, Every) or is_filter(wanted)) and is_filter(unwanted)
        case _:
            return False


def value_clause(
    field: MetadataField,
    text: str,
    start: int,
    end: int,
    analyzer: Analyzer,
    written: Mapping[str, str],
    today: date,
) -> Clause:
    """Documents whose ``field`` has what was typed as ``text[start:end]``, a word or a phrase.
    ``written`` says where the words of each field of texts are.

    Raises ``NoValueError``.
    """
    typed = text[start:end]
    run = within_stars(typed) if field.kind is MetadataKind.TEXT else ""
    if run:
        start += typed.index(run)
        typed = run
    match field.kind:
        case MetadataKind.TEXT if _PATTERN.search(typed) and not any(map(str.isspace, typed)):
            pattern = pattern_clause(typed, field.where, written, analyzer)
            return None if pattern is None else _filter(pattern), []
        case MetadataKind.TEXT:
            tokens = [
                token._replace(start=token.start + start, end=token.end + start)
                for token in analyzer.tokens(typed)
            ]
            if not tokens:
                return None, []
            terms = [token.term for token in without_last_tail(tokens)]
            clause = phrase_clause(terms, field.where)
            return _filter(clause), typed_words(text, without_tails(tokens), field.where)
        case MetadataKind.KEYWORD:
            term = query_keyword(field, typed)
            if not term:
                return None, []
            if field.where == PATH and ("*" in term or "?" in term):
                return _filter(Regex(PATH, _glob(term, typed))), []
            if _PATTERN.search(term):
                return _filter(expanding(field.where, term)), []
            word = Word(typed, (term,), start, end, field.where)
            return _filter(Term(field.where, term)), [word]
        case _:
            return _filter(_compared(field, typed, today)), []


def expression_clause(
    field: MetadataField, expression: str, analyzer: Analyzer, written: Mapping[str, str]
) -> Node:
    """Documents whose ``field`` has a word or a value that ``expression`` matches whole.

    Raises ``NoValueError``.
    """
    if field.kind not in (MetadataKind.TEXT, MetadataKind.KEYWORD):
        raise NoValueError(f"{quoted(field.name)} holds no text that an expression could match")
    try:
        where = written.get(field.where, field.where)
        return _filter(Regex(where, folded_expression(expression, analyzer)))
    except WrongExpressionError as error:
        raise NoValueError(f"/{expression}/ is no regular expression ({error})") from None


def _glob(term: str, typed: str) -> str:
    expression = glob(term)
    try:
        Pattern(expression, MOST_OF_A_PATH)
    except NotRegularError:
        problem = f"is no pattern of paths (it has more than {MOST_OF_A_PATH} characters)"
        raise NoValueError(f"{quoted(typed)} {problem}") from None
    return expression


def glob(pattern: str) -> str:
    """The regular expression for a pattern of paths: ``*`` is anything within a part of a path,
    ``?`` one character of it, ``**`` any number of parts.
    """
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pattern = re.sub(r"(\*\*/)+", "**/", re.sub(r"\*{3,}", "**", pattern))
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return "".join(parts.get(piece) or re.escape(piece) for piece in pieces)


def range_clause(
    field: MetadataField,
    low: str,
    high: str,
    includes_low: bool,
    includes_high: bool,
    today: date,
) -> Node:
    """Documents whose number or date lies from ``low`` to ``high``; "" or "*" is no bound.

    Raises ``NoValueError``.
    """
    return _filter(_range(field, low, high, includes_low, includes_high, today))


def _filter(node: Node) -> Node:
    return ConstantScore(node, 0.0)


def _compared(field: MetadataField, typed: str, today: date) -> NumberRange:
    """``2024``, ``>=2024``, ``2023..2024``."""
    typed = typed.rstrip(",;")
    for sign in (">=", "<=", ">", "<"):
        if typed.startswith(sign):
            value = typed[len(sign) :]
            _refuse_unless(value.strip(), typed, field)
            if sign[0] == ">":
                return _range(field, value, "", "=" in sign, True, today)
            return _range(field, "", value, True, "=" in sign, today)
    low, dots, high = typed.partition("..")
    if dots:
        _refuse_unless(low or high, typed, field)
        return _range(field, low, high, True, True, today)
    if field.kind is MetadataKind.DATE:
        days = days_in_words(typed, today)
        _refuse_unless(days, typed, field)
        assert days is not None
        return NumberRange(field.where, *days)
    return _range(field, typed, typed, True, True, today)


def _range(
    field: MetadataField,
    low: str,
    high: str,
    includes_low: bool,
    includes_high: bool,
    today: date,
) -> NumberRange:
    """A date that is a month or a year is all of its days: what excludes it excludes them all."""
    lower = -inf if low in ("", "*") else _bounds(field, low, today)[0 if includes_low else 1]
    upper = inf if high in ("", "*") else _bounds(field, high, today)[1 if includes_high else 0]
    return NumberRange(
        field.where,
        None if lower == -inf else lower,
        None if upper == inf else upper,
        includes_low,
        includes_high,
    )


def _bounds(field: MetadataField, typed: str, today: date) -> tuple[float, float]:
    if field.kind is MetadataKind.DATE:
        span = period(typed) or closed_days_in_words(typed, today)
        _refuse_unless(span, typed, field)
        assert span is not None
        return span
    value = number(typed)
    _refuse_unless(value is not None, typed, field)
    assert value is not None
    return value, value


def _refuse_unless(holds: object, typed: str, field: MetadataField) -> None:
    if not holds:
        said = (
            'no date (2024-05-01, 2024-05, yesterday and "last week" are)'
            if field.kind is MetadataKind.DATE
            else "no number"
        )
        raise NoValueError(f"{quoted(typed)} is {said}")
