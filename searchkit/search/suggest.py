"""Which word was meant by one that occurs nowhere?

The words of an index within an edit or two, ranked as a noisy channel does (Kernighan, Church and
Gale, "A spelling correction program based on a noisy channel model", 1990): how often a word is
used, times how likely it is that it comes out as what was typed. There are fewer ways to leave out
a letter or to swap two than to type a wrong one, so each of them is likelier.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest
from math import log

from searchkit.index import Snapshot
from searchkit.index.damage import reading
from searchkit.tree import encoded

Lists = tuple[tuple[str, bytes], ...]
"""The terms of a word, each with its field."""

LEAST_LETTERS = 3
"""Of a word that a suggestion is looked for: nearly all shorter ones are near to each other."""

_TWO_EDITS_FROM, _TWO_EDITS_BESIDE = 7, 5
"""So long a word may have two mistakes, if no word is nearer; or, of a query that has others."""

_FREQUENCY = 0.6
"""How much the logarithm of a word's passages counts: a rare word is typed more often than it is
found."""

_WRONG_LETTER = -3.0
"""The logarithm of how likely one wrong letter is among those that could be: log(1/26) for blind
ones is -3.3, and fingers are not blind."""

_LIKELY_LETTER = 0.6
"""Added for a neighbour on the keyboard, for one vowel for another, for a letter that is doubled or
half of a double one."""

_FIRST_LETTER = -0.5
"""Added if the first letter is wrong: few are."""

_SECOND_EDIT = -4.0

_TOGETHER = 0.5
"""How much the logarithm counts of how many passages have a word and one of the query's others. Of
300 pairs of neighbouring words with one mistake 280 come right, 273 without (for 0.2 to 1: 276 to
280); more than chance would have it, instead of how many, favours rare words: 250.
"""

_MOST_COMPARED = 8
"""Words, the likeliest by themselves, that are looked for together with the others."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")


def suggestion(
    snapshot: Snapshot,
    fields: Sequence[str],
    word: str,
    least: int = 1,
    beside: Sequence[Lists] = (),
) -> tuple[str, int] | None:
    """The likeliest other word of ``fields`` within an edit or two of ``word``, and how many
    passages have it in the field that has it most: ``least`` or more. None if there is none.

    ``beside`` are the other words of the query, each by the lists of its terms: what stands in
    passages together with them is likelier, and even one of two edits may be.
    """
    if len(word) < LEAST_LETTERS or any(map(str.isdigit, word)):
        return None
    nearest = _ranked(snapshot, fields, word, 1, least)
    if not beside:
        best = _best(snapshot, fields, nearest)
        if best is None and len(word) >= _TWO_EDITS_FROM:
            best = _best(snapshot, fields, _ranked(snapshot, fields, word, 2, least))
        return None if best is None else best[1:]
    for distance in (1, 2) if len(word) >= _TWO_EDITS_BESIDE else (1,):
        near = nearest if distance == 1 else _ranked(snapshot, fields, word, 2, least)
        together = [
            (score + _TOGETHER * log(1 + count), term, passages)
            for score, term, passages in nlargest(_MOST_COMPARED, near)
            if (count := _together(snapshot, fields, term, beside)) >= distance
        ]
        if together:
            return max(together)[1:]
    return suggestion(snapshot, fields, word, least)


def _best(
    snapshot: Snapshot, fields: Sequence[str], ranked: Sequence[tuple[float, str, int]]
) -> tuple[float, str, int] | None:
    """The likeliest that a passage still has: counts are those from before deletions."""
    for one in nlargest(_MOST_COMPARED, ranked):
        if any(snapshot.field(name).df(encoded(one[1])) for name in fields):
            return one
    return None


def _ranked(
    snapshot: Snapshot, fields: Sequence[str], word: str, distance: int, least: int
) -> list[tuple[float, str, int]]:
    """The likelihood of each word within so many edits, and how many passages have it."""
    return [
        (_FREQUENCY * log(uses) + _likelihood(term, word, distance), term, passages)
        for term, (passages, uses) in _near(snapshot, fields, word, distance).items()
        if passages >= least
    ]


def _together(snapshot: Snapshot, fields: Sequence[str], term: str, beside: Sequence[Lists]) -> int:
    """In how many passages ``term`` stands with the word of ``beside`` that it is with most."""
    key = encoded(term)
    own = tuple((name, key) for name in fields if snapshot.field(name).df(key))
    if not own:
        return 0
    return max(snapshot.count([own, other], needs_all=True) for other in beside)


def _near(
    snapshot: Snapshot, fields: Sequence[str], word: str, distance: int
) -> dict[str, tuple[int, int]]:
    """The other words within ``distance`` edits, each with the number of passages and of uses in
    the field that has it most; deleted passages count too, until they are merged away.
    """
    found: dict[str, tuple[int, int]] = {}
    for field in fields:
        here: dict[str, tuple[int, int]] = {}
        for _, reader in snapshot.field(field).parts:
            with reading(snapshot.path):
                entries = list(reader.terms.fuzzy(word, distance))
            for term, entry in entries:
                near = term.decode()
                df, cf = here.get(near, (0, 0))
                here[near] = df + entry.df, cf + entry.cf
        for near, counts in here.items():
            found[near] = max(counts, found.get(near, counts))
    found.pop(word, None)
    return {near: counts for near, counts in found.items() if not any(map(str.isdigit, near))}


def _likelihood(meant: str, typed: str, distance: int) -> float:
    """About the logarithm of how likely it is that ``meant`` is typed so."""
    first = _FIRST_LETTER if meant[:1] != typed[:1] else 0.0
    if distance > 1:
        # Of two edits it tells most where they begin.
        return first + _SECOND_EDIT - log(1 + len(meant) - _shared(meant, typed))
    at = _shared(meant, typed)
    length = log(len(meant))
    if len(meant) > len(typed):
        left_out = meant[at]
        is_double = left_out in (meant[at - 1 : at], meant[at + 1 : at + 2])
        return first - length + (_LIKELY_LETTER if is_double else 0.0)
    if len(meant) < len(typed):
        added = typed[at]
        is_likely = added in (typed[at - 1 : at], typed[at + 1 : at + 2]) or any(
            _are_neighbours(added, other) for other in typed[max(at - 1, 0) : at + 2]
        )
        return first - length + _WRONG_LETTER + (_LIKELY_LETTER if is_likely else 0.0)
    if meant[at : at + 2] == typed[at : at + 2][::-1] and meant[at + 2 :] == typed[at + 2 :]:
        return first - length
    wrong, right = typed[at], meant[at]
    is_likely = _are_neighbours(wrong, right) or {wrong, right} <= _VOWELS
    return first - length + _WRONG_LETTER + (_LIKELY_LETTER if is_likely else 0.0)


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    at = 0
    while at < len(one) and at < len(other) and one[at] == other[at]:
        at += 1
    return at


def _are_neighbours(one: str, other: str) -> bool:
    """Whether two letters are next to each other in a row of the keyboard that most have."""
    return any(one in row and other in row and abs(row.index(one) - row.index(other)) == 1
               for row in _ROWS)  # fmt: skip
