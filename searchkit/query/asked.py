"""What was understood of a query, and what was not?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from searchkit.errors import QuerySyntaxError, UnknownFieldError
from searchkit.tree import Node

_SHOWN_NOTICES = 20
"""A query of ten thousand stray brackets need not fill the terminal."""

_LEAST_LIKENESS = 0.76
"""Of a name that may be meant, as difflib counts: "auther" for "author", not "part" for "path"."""

_QUOTED_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Word:
    """A word to look for: as typed (``text``), as indexed (``terms``), and where it stands.

    Offsets are code points into the query, half open. ``field`` is the field of the index that
    it is looked for in, or None for all of text, title and headings. A connected word such as
    ``e-mail`` is several of these, so that each part can be looked up, and each has one term. A
    run of a script without spaces is one, and has the terms of its pairs of characters. If terms
    go by the languages of an index, ``written`` has the words that they were made of.
    """

    text: str
    terms: tuple[str, ...]
    start: int
    end: int
    field: str | None = None
    written: tuple[str, ...] = ()


class Role(Enum):
    """What a clause does for the answer."""

    OPTIONAL = "optional"
    """What matches it scores more; nothing else need match it."""
    REQUIRED = "required"
    EXCLUDED = "excluded"
    FILTER = "filter"
    """It chooses, and adds nothing to scores."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A word, phrase, pattern, range or value of a query: ``text`` as typed, which is
    ``query[start:end]``, the ``field`` that was named before it, and ``node``, what it became.
    """

    text: str
    start: int
    end: int
    field: str | None
    role: Role
    node: Node


@dataclass(frozen=True, slots=True)
class Notice:
    """One line about something in ``query[start:end]`` that was not understood as typed.

    It may quote the query, so it may hold control characters, but never a line break.
    """

    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed (``text``) and as understood (``tree``).

    ``words`` are the words looked for, in the order typed, without those under a NOT. ``clauses``
    are all pieces of the query, also in that order.
    ``notices`` say what was not understood, and what was done instead.
    """

    text: str
    tree: Node
    words: tuple[Word, ...]
    clauses: tuple[Clause, ...]
    notices: tuple[Notice, ...]


class Notices:
    """Collects notices; with ``strict``, raises the first one instead."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self._kept: list[Notice] = []
        self._left_out = 0

    def add(self, problem: str, remedy: str, start: int, end: int) -> None:
        """Notes ``problem`` at ``start`` to ``end`` and what was done about it."""
        if self.strict:
            raise QuerySyntaxError(problem, start)
        self._keep(f"{problem}: {remedy}", start, end)

    def add_unknown_field(self, name: str, known: tuple[str, ...], start: int, end: int) -> None:
        """Notes a field that the collection does not have, which has the fields ``known``."""
        if self.strict:
            raise UnknownFieldError(name, known)
        # Late: most queries have no such notice.
        from difflib import get_close_matches

        near = get_close_matches(name.lower(), known, 1, _LEAST_LIKENESS)
        hint = (
            f"there is {quoted(near[0])}"
            if near
            else "to search by it, declare it under [fields] in searchkit.toml"
        )
        self._keep(f"no field {quoted(name)}: searched for as text; {hint}", start, end)

    def add_nothing_to_search_for(self, end: int) -> None:
        """Notes that the whole query, up to ``end``, has no word."""
        if self.strict:
            raise QuerySyntaxError("nothing to search for", 0)
        self._keep("nothing to search for", 0, end)

    def in_order(self) -> tuple[Notice, ...]:
        """The notices as they stand in the query; past the first twenty only their number."""
        notices = sorted(self._kept, key=lambda notice: notice.start)
        if self._left_out:
            last = notices[-1]
            notices.append(Notice(f"and {self._left_out:,} more like these", last.start, last.end))
        return tuple(notices)

    def _keep(self, message: str, start: int, end: int) -> None:
        if len(self._kept) < _SHOWN_NOTICES:
            self._kept.append(Notice(message, start, end))
        else:
            self._left_out += 1


def quoted(text: str) -> str:
    """``text`` in quotes (its own, if it has some), on one line and not too long, for a message."""
    line = " ".join(text.split())
    if len(line) > _QUOTED_LENGTH:
        line = line[: _QUOTED_LENGTH - 1] + "…"
    return line if line.startswith('"') else f'"{line}"'
