"""Which other words does a user take for the same?

A file of lines. ``car, automobile`` says that each finds the other; ``tv => television`` that only
the left one finds the right ones. Several words in a row are a phrase; ``#`` begins a comment where
it does not end a word (``C#``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Words = tuple[str, ...]
Synonyms = Mapping[Words, Sequence[Words]]
"""For a word, or running words, what finds the same."""

MOST_LINES = 100_000
MOST_WORDS = 20
"""In a row: a query is looked through for runs of any length up to it."""

_COMMENT = re.compile(r"(?:^|\s)#.*")


class Ways(NamedTuple):
    """In which ways a piece is typed in a query, and written in a text."""

    typed: Sequence[Words]
    written: Sequence[Words]


class WrongSynonymsError(ValueError):
    """A line of the file is none; the message says which and why."""


def read_synonyms(text: str, ways: Callable[[str], Ways]) -> Synonyms:
    """The synonyms that ``text`` lists; ``ways`` gives those of a piece of it.

    Raises :class:`WrongSynonymsError`.
    """
    found: dict[Words, dict[Words, None]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = _COMMENT.sub("", line).strip()
        if not line:
            continue
        if number > MOST_LINES:
            raise WrongSynonymsError(f"line {number:,}: there are more than {MOST_LINES:,} lines")
        left, arrow, right = line.partition("=>")
        asked = [ways(one) for one in left.split(",")]
        meant = [ways(one) for one in right.split(",")] if arrow else asked
        if not all(one.typed for one in (*asked, *meant)):
            raise WrongSynonymsError(f"line {number:,}: a word is missing: {line[:80]!r}")
        if any(len(words) > MOST_WORDS for one in (*asked, *meant) for words in one.typed):
            raise WrongSynonymsError(f"line {number:,}: more than {MOST_WORDS} words in a row")
        if not arrow and len(asked) < 2:
            raise WrongSynonymsError(
                f"line {number:,}: synonyms are joined by commas or by =>: {line[:80]!r}"
            )
        for one in asked:
            others = [words for other in meant if other != one for words in other.written]
            for words in one.typed:
                found.setdefault(words, {}).update(dict.fromkeys(others))
    return {one: tuple(others) for one, others in found.items() if others}
