"""Which road does a query take?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import islice
from types import MappingProxyType

from searchkit.analysis import Analyzer
from searchkit.metadata import MetadataField
from searchkit.query.asked import Notices, Query
from searchkit.query.expansion import Expansion
from searchkit.query.plain import parse_plain
from searchkit.query.syntax import RICH

MOST_WORDS = 1_000
"""Words past this are left out: no one types so many, and each costs a look-up."""

MOST_CHARACTERS = 100_000
"""What lies past this is left out: a megabyte of brackets would take Whoosh seconds."""


_NONE: Mapping[str, MetadataField] = MappingProxyType({})
_NOWHERE: Mapping[str, str] = MappingProxyType({})


def parse(
    text: str,
    analyzer: Analyzer,
    *,
    strict: bool = False,
    metadata: Mapping[str, MetadataField] = _NONE,
    written: Mapping[str, str] = _NOWHERE,
    expansion: Expansion | None = None,
    today: date | None = None,
) -> Query:
    """Understands ``text`` as a query, with the analysis and the fields of metadata (by name) of
    the index that will answer it. ``written`` says for each text field which field has its words
    as written, if one does; ``today`` is what dates in words refer to, else the day it is in UTC.

    What cannot be understood as typed is searched for as text, and ``notices`` of the result say
    so. With ``strict`` it raises ``QuerySyntaxError`` or ``UnknownFieldError`` instead; without,
    no text raises anything.

    With an ``expansion``, ``analyzer`` gives words, and it makes terms of them.

    The language is described in ``docs/query-language.md``.
    """
    notices = Notices(strict)
    kept = _first_words(text, notices)
    if RICH.search(kept):
        # Late, because importing Whoosh takes longer than most searches.
        from searchkit.query.rich import parse_rich

        tree, words, clauses = parse_rich(
            kept, analyzer, notices, metadata, written, today or datetime.now(UTC).date()
        )
    else:
        tree, words, clauses = parse_plain(kept, analyzer, notices)
    if expansion is not None:
        tree, words = expansion.tree(tree), tuple(map(expansion.word, words))
        clauses = tuple(map(expansion.clause, clauses))
    return Query(text, tree, words, clauses, notices.in_order())


def _first_words(text: str, notices: Notices) -> str:
    """``text`` up to what is too much of it."""
    if len(text) < 2 * MOST_WORDS:
        return text
    # Late: compiling this expression takes longer than most searches.
    from searchkit.analysis.words import WORD

    end, limit = len(text), ""
    if end > MOST_CHARACTERS:
        end, limit = MOST_CHARACTERS, f"{MOST_CHARACTERS:,} characters"
    first_too_many = next(islice(WORD.finditer(text, 0, end), MOST_WORDS, None), None)
    if first_too_many is not None:
        end, limit = first_too_many.start(), f"{MOST_WORDS:,} words"
    if limit:
        notices.add(f"more than {limit}", "the rest was left out", end, len(text))
    return text[:end]
