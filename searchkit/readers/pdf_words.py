"""Is a hyphen at a line's end part of the word, or does it only part it?

The rest of the document tells: "informa-|tion" where it says "information" elsewhere, "well-|known"
where it says "well-known".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LAST_PART = re.compile(r"[\w'’-]*-$")
_FIRST_PART = re.compile(r"[\w'’]+(?:-\w+)*")
# First halves of compounds that keep their hyphen (Chicago Manual of Style 7.89).
_KEEPS = frozenset("self well ex cross half all quasi ill much non e x".split())
_SHORTEST_HALF = 3


class Hyphens:
    """Knows the words of a document, to mend those that its line ends part."""

    def __init__(self, lines: Iterable[tuple[str, bool]]) -> None:
        """``lines`` are texts, and whether the last word of each is parted."""
        self._words: set[str] = set()
        was_parted = False
        for text, parted in lines:
            words = _WORD.findall(text)
            whole = words[int(was_parted) : len(words) - int(parted)]
            self._words.update(word.casefold() for word in whole)
            was_parted = parted

    def join(self, before: str, after: str) -> str:
        """Two lines as one, of which the first ends in a hyphen."""
        head = _LAST_PART.search(before)
        tail = _FIRST_PART.match(after)
        if head is None or tail is None:
            return f"{before} {after}" if before.endswith(" -") else before + after
        if self._keeps(head[0][:-1].casefold(), tail[0]):
            return before + after
        return before[:-1] + after

    def _keeps(self, first: str, second: str) -> bool:
        if not first or not second[0].islower() or not first[-1].isalpha() or "-" in first:
            return True
        second = second.casefold()
        if first + second in self._words:
            return False
        if f"{first}-{second}" in self._words or first in _KEEPS:
            return True
        # Both halves are words of their own here: a compound rather than a word in parts.
        return min(len(first), len(second)) > _SHORTEST_HALF and {first, second} <= self._words
