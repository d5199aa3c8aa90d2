"""Which other words does a user take for the same?

A file of lines. ``car, automobile`` says that each finds the other; ``tv => television`` that only
the left one finds the right ones. Several words in a row are a phrase; ``#`` begins a comment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Words = tuple[str, ...]
Synonyms = Mapping[Words, Sequence[Words]]
"""For a word, or running words, what finds the same."""

MOST_LINES = 100_000


class WrongSynonymsError(ValueError):
    """A line of the file is none; the message says which and why."""


def read_synonyms(text: str, words: Callable[[str], Words]) -> Synonyms:
    """The synonyms that ``text`` lists; ``words`` gives the words of a piece of it.

    Raises :class:`WrongSynonymsError`.
    """
    found: dict[Words, dict[Words, None]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        if number > MOST_LINES:
            raise WrongSynonymsError(f"line {number:,}: there are more than {MOST_LINES:,} lines")
        left, arrow, right = line.partition("=>")
        asked = [words(one) for one in left.split(",")]
        meant = [words(one) for one in right.split(",")] if arrow else asked
        if not all(asked) or not all(meant):
            raise WrongSynonymsError(f"line {number:,}: a word is missing: {line[:80]!r}")
        if not arrow and len(asked) < 2:
            raise WrongSynonymsError(
                f"line {number:,}: synonyms are joined by commas or by =>: {line[:80]!r}"
            )
        for one in asked:
            others = found.setdefault(one, {})
            others.update(dict.fromkeys(other for other in meant if other != one))
    return {one: tuple(others) for one, others in found.items() if others}
