"""Which words does a pattern, a misspelt word or a regular expression stand for?

They are matched against words as written: over stems, ``*tion`` would miss *conscription*. Such a
node scores 1 whatever word fits, so a misspelt word adds the score of its own, where that occurs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from searchkit.analysis import Analyzer
from searchkit.analysis.surfaces import LONGEST_SURFACE
from searchkit.analysis.words import UNSPACED_RUN
from searchkit.query.clauses import all_of, any_of
from searchkit.regular import NotRegularError, Pattern
from searchkit.schema import FIELDS
from searchkit.tree import Fuzzy, Node, Prefix, Regex, Wildcard


class WrongExpressionError(Exception):
    """A regular expression is none; the message says why."""


def pattern_clause(
    typed: str, field: str | None, written: Mapping[str, str], analyzer: Analyzer
) -> Node | None:
    """Passages with a word that fits; of a connected word, ``e-ma*``, one for each of its parts.

    ``field`` is one of the texts, or None for all; ``written`` says where the words of each are.
    """
    parts = [
        part for part in re.split("[-_]", _folded(typed, analyzer)) if any(map(str.isalnum, part))
    ]
    clauses = [any_of(expanding(name, part) for name in _fields(field, written)) for part in parts]
    return all_of(clauses) if clauses else None


def within_stars(typed: str) -> str:
    """What stands between stars in a script without spaces, where a pattern is the run itself: it
    is found within any other. "" for what is none.
    """
    run = typed.strip("*")
    return run if run != typed and UNSPACED_RUN.fullmatch(run) else ""


def expanding(field: str, pattern: str) -> Prefix | Wildcard:
    """The terms of ``field`` that fit ``pattern``, in which ``*`` and ``?`` mean something."""
    if "*" not in pattern[:-1] and "?" not in pattern and pattern[-1:] == "*":
        return Prefix(field, pattern[:-1])
    return Wildcard(field, pattern)


def fuzzy_clause(
    word: str, distance: int, field: str | None, written: Mapping[str, str], analyzer: Analyzer
) -> Node:
    """Passages with a word at most ``distance`` edits from ``word``."""
    folded = _folded(word, analyzer)
    return any_of(Fuzzy(name, folded, distance) for name in _fields(field, written))


def regex_clause(
    expression: str, field: str | None, written: Mapping[str, str], analyzer: Analyzer
) -> Node:
    """Passages with a word that ``expression`` matches whole. Raises ``WrongExpressionError``."""
    folded = folded_expression(expression, analyzer)
    return any_of(Regex(name, folded) for name in _fields(field, written))


def folded_expression(expression: str, analyzer: Analyzer) -> str:
    """``expression`` in the case of the index. Raises ``WrongExpressionError``."""
    folded = re.sub(
        rf"\\.|[^\\]{{1,{LONGEST_SURFACE}}}",
        lambda found: found[0] if found[0][0] == "\\" else _folded(found[0], analyzer),
        expression,
        flags=re.DOTALL,
    )
    try:
        Pattern(folded)
    except NotRegularError as error:
        raise WrongExpressionError(str(error)) from None
    return folded


def _fields(field: str | None, written: Mapping[str, str]) -> list[str]:
    names = FIELDS if field is None else (field,)
    return [written.get(name, name) for name in names]


def _folded(typed: str, analyzer: Analyzer) -> str:
    """``typed`` as the words of the index are written."""
    return analyzer.words([typed])[0]
