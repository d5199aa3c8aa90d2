"""Which of a dictionary's terms does a pattern mean?

Two kinds of pattern, one contract: ``prefix``, the bytes that all matching terms begin with (it
narrows what has to be looked at), and ``choose``, which of a run of unpacked terms match. A third
kind, a misspelt word, tells where the next match could be, and walks the dictionary by leaps.

Terms are taken for UTF-8: ``?`` is one code point, a distance counts code points. A term that is
not UTF-8 matches nothing; ``choose`` may still name one, so whoever asks decodes what it names.
Lone surrogates in a pattern are no error and match nothing.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from typing import Protocol

from searchkit.codec.term_columns import TermEntry
from searchkit.kernels import automata

MOST_TOKENS = 63  # of a wildcard pattern: the kernel has 64 states
MOST_EDITS = 64  # bounds the scratch memory: (letters of the word + edits) x 2 x edits bytes
_FOUND = 32  # terms that a fuzzy walk finds at a time
_FOUND_BYTES = 1024


class Pattern(Protocol):
    """What ``Terms.matching`` asks of a pattern."""

    prefix: bytes

    def choose(
        self, text: bytearray, ends: array[int], shares: array[int], first: int, last: int
    ) -> Sequence[int]:
        """The numbers, in order, of those of terms ``first`` to ``last`` that match.

        ``text``: terms one after the other; ``ends``: where each ends in it; ``shares``: how many
        bytes each has in common with the one before. All of them begin with ``prefix``.
        """


class Wildcard:
    """An automaton over bytes, at most 63 tokens (bytes and ``?``) after its literal prefix.

    ``*`` stands for any code points or none, ``?`` for one; nothing else is special. ``longest``:
    bytes of the longest term there is. ValueError for more tokens; see ``wildcard_pattern``.
    """

    def __init__(self, pattern: str, longest: int) -> None:
        literal = re.split(r"[*?]", pattern, maxsplit=1)[0]
        self.prefix = literal.encode("utf-8", "surrogatepass")
        self._moves = array("Q", bytes(8 * 512))
        state = 0
        for token in re.findall(r"[*?]|[^*?]+", pattern[len(literal) :], re.DOTALL):
            if token == "*":
                for byte in range(256):
                    self._moves[256 + byte] |= 1 << state
                continue
            # ``?`` is a byte that begins a code point, then any bytes that continue one.
            firsts: list[Sequence[int]] = [[*range(0x80), *range(0xC0, 0x100)]]
            if token != "?":
                firsts = [[byte] for byte in token.encode("utf-8", "surrogatepass")]
            for choices in firsts:
                if state == MOST_TOKENS:
                    raise ValueError("the pattern is too long")
                for byte in choices:
                    self._moves[byte] |= 1 << state
                state += 1
            if token == "?":
                for byte in range(0x80, 0xC0):
                    self._moves[256 + byte] |= 1 << state
        self._accept = 1 << state
        self._states = array("Q", bytes(8 * (longest + 1)))

    def choose(
        self, text: bytearray, ends: array[int], shares: array[int], first: int, last: int
    ) -> Sequence[int]:
        chosen = array("I", bytes(4 * (last - first)))
        found = automata.scan_wildcard(
            text,
            ends,
            shares,
            first,
            last,
            len(self.prefix),
            self._moves,
            self._accept,
            self._states,
            chosen,
        )
        if found < 0:
            raise ValueError("arrays that do not fit together")
        return chosen[:found]


class Regex:
    """Python's ``re``, matched against the whole term. ``re.error`` if it is none."""

    def __init__(self, pattern: str) -> None:
        self._match = re.compile(pattern).fullmatch
        self.prefix = literal_prefix(pattern).encode("utf-8", "surrogatepass")

    def choose(
        self, text: bytearray, ends: array[int], shares: array[int], first: int, last: int
    ) -> Sequence[int]:
        chosen = []
        begin = ends[first - 1] if first else 0
        for number in range(first, last):
            end = ends[number]
            try:
                if self._match(text[begin:end].decode()):
                    chosen.append(number)
            except UnicodeDecodeError:
                pass
            begin = end
        return chosen


class Fuzzy:
    """At most ``distance`` edits from ``word``, whose first ``prefix`` code points are kept.

    An edit inserts, deletes or replaces a code point; with ``transpositions`` also swaps two
    neighbours, none of which is edited again (restricted Damerau-Levenshtein distance).
    ``longest``: bytes of the longest term there is. ValueError if ``distance`` is not 0 to 64.

    What a walk of ``kernels.terms.walk_fuzzy`` asks, where it is, and what it has found: one object
    is good for one walk.
    """

    def __init__(
        self, word: str, distance: int, prefix: int, transpositions: bool, longest: int
    ) -> None:
        if not 0 <= distance <= MOST_EDITS:
            raise ValueError(f"a distance of {distance} edits; 0 to {MOST_EDITS} are possible")
        prefix = max(prefix, 0)
        kept = word[:prefix].encode("utf-8", "surrogatepass")
        # Further on, a word is too long for every term: that much of it tells, and takes memory.
        enough = prefix + longest + distance + 1
        self.word = array("I", map(ord, word[prefix:enough]))
        self.distance = distance
        self.transpositions = transpositions
        self.skip = len(kept)
        depths = len(self.word) + distance + 2
        self.place = array("q", [len(kept), 0, 0, 0])
        self.here = bytearray(max(longest, len(kept) + 4 * depths))
        self.here[: len(kept)] = kept
        self.starts = array("I", bytes(4 * depths))
        self.starts[0] = len(kept)
        self.points = array("I", bytes(4 * depths))
        self.leasts = bytearray(depths)
        self.rows = bytearray(depths * (2 * distance + 1))
        for k in range(2 * distance + 1):
            within = distance <= k <= distance + len(self.word)
            self.rows[k] = k - distance if within else distance + 1
        self.text = bytearray(max(longest, _FOUND_BYTES))
        self.found = array("Q", bytes(8 * 8 * _FOUND))

    def take(self) -> Iterator[tuple[bytes, TermEntry]]:
        """What was found last, as far as it is UTF-8."""
        begin = 0
        for at in range(0, 8 * self.place[3], 8):
            end = self.found[at]
            term = bytes(self.text[begin:end])
            if is_utf8(term):
                yield term, TermEntry._make(self.found[at + 1 : at + 8])
            begin = end


def wildcard_pattern(pattern: str, longest: int) -> Pattern:
    """The automaton of ``pattern``, or the regular expression for one too long for it."""
    try:
        return Wildcard(pattern, longest)
    except ValueError:
        head, *inner = (
            "".join("." if c == "?" else re.escape(c) for c in part)
            for part in re.split(r"\*+", pattern)
        )
        if inner:
            # The leftmost place of each part is as good as any, so none is tried twice (the
            # groups are atomic): no pattern takes time beyond its length times the term's.
            *inner, tail = inner
            head += "".join(f"(?>.*?{part})" for part in inner) + ".*" + tail
        matcher = Regex("(?s:" + head + ")")
        literal = re.split(r"[*?]", pattern, maxsplit=1)[0]
        matcher.prefix = literal.encode("utf-8", "surrogatepass")
        return matcher


def is_utf8(term: bytes) -> bool:
    """Whether ``term`` is UTF-8, which has no surrogates."""
    try:
        term.decode()
    except UnicodeDecodeError:
        return False
    return True


def literal_prefix(pattern: str) -> str:
    """Letters that every match of a regular expression begins with; fewer than there are, or none.

    Stops at the first character that means something, and gives up on alternatives.
    """
    if "|" in pattern:
        return ""
    literal, rest = re.fullmatch(r"([^\\.^$*+?{}\[\]()|]*)(.*)", pattern, re.DOTALL).groups()  # type: ignore[union-attr]
    return literal[:-1] if rest[:1] in ("*", "?", "{") else literal
