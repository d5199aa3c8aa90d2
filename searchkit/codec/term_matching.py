"""Which of a dictionary's terms does a pattern mean?

Two kinds walk the dictionary by themselves, in a kernel: a wildcard pattern past all terms that
begin as it does, a misspelt word by leaps to where the next match could be. Regular expressions
(``regular.py``) are asked for each of a run of unpacked terms.

Terms are taken for UTF-8: ``?`` is one code point, a distance counts code points. A term that is
not UTF-8 matches nothing; the kernels may still find one. Lone surrogates in a pattern are no error
and match nothing.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence

from searchkit.codec.term_columns import TermEntry

MOST_TOKENS = 63  # of a wildcard pattern: the kernel has 64 states
MOST_EDITS = 64  # bounds the scratch memory: (letters of the word + edits) x 2 x edits bytes
_FOUND = 32  # terms that a fuzzy walk finds at a time
_FOUND_BYTES = 1024


class Walk:
    """What a walk in a kernel asks of its caller: arguments, and room for what it finds, a few
    terms at a time. One object is good for one walk.
    """

    arguments: tuple[object, ...]
    place: array[int]

    def __init__(self, longest: int) -> None:
        self.text = bytearray(max(longest, _FOUND_BYTES))
        self.found = array("Q", bytes(8 * 8 * _FOUND))

    def take(self) -> Iterator[tuple[bytes, TermEntry]]:
        """The terms that were found last, as far as they are UTF-8."""
        begin = 0
        for at in range(0, 8 * self.place[-1], 8):
            end = self.found[at]
            term = bytes(self.text[begin:end])
            begin = end
            try:
                term.decode()
            except UnicodeDecodeError:
                continue
            yield term, TermEntry._make(self.found[at + 1 : at + 8])


class Wildcard(Walk):
    """An automaton over bytes, at most 63 tokens (bytes and ``?``) after its literal prefix.

    ``*`` stands for any code points or none, ``?`` for one; nothing else is special. ``longest``:
    bytes of the longest term there is. ValueError for more tokens. The caller sets the first two of
    ``place``; see ``kernels.walk_wildcard``.
    """

    def __init__(self, pattern: str, longest: int) -> None:
        self.prefix = wildcard_prefix(pattern)
        moves = array("Q", bytes(8 * 512))
        state, last = 0, -1
        literal = re.split(r"[*?]", pattern, maxsplit=1)[0]
        for token in re.findall(r"[*?]|[^*?]+", pattern[len(literal) :], re.DOTALL):
            last = -1
            if token == "*":
                for byte in range(256):
                    moves[256 + byte] |= 1 << state
                continue
            # ``?`` is a byte that begins a code point, then any bytes that continue one.
            firsts: list[Sequence[int]] = [[*range(0x80), *range(0xC0, 0x100)]]
            if token != "?":
                firsts = [[byte] for byte in token.encode("utf-8", "surrogatepass")]
                last = firsts[-1][0]
            for choices in firsts:
                if state == MOST_TOKENS:
                    raise ValueError("the pattern is too long")
                for byte in choices:
                    moves[byte] |= 1 << state
                state += 1
            if token == "?":
                for byte in range(0x80, 0xC0):
                    moves[256 + byte] |= 1 << state
        super().__init__(longest)
        self.place = array("q", [0, 0, 0])
        here = bytearray(longest)
        states = array("Q", bytes(8 * (max(longest, len(self.prefix)) + 1)))
        self.arguments = (
            len(self.prefix), moves, 1 << state, last, self.place, here, states, self.text,
            self.found,
        )  # fmt: skip


class Regex:
    """A regular expression, matched against the whole term. ``re.error`` if it is none.

    ``wildcard`` fits whatever it matches, if that can be told: a walk that looks for it passes
    over most other terms.
    """

    def __init__(self, pattern: str) -> None:
        # Late: few searches have one.
        from searchkit.regular import (
            MOST_OF_A_PATH,
            NotRegularError,
            Pattern,
            matcher,
            wildcard_around,
        )

        self.wildcard: str | None = None
        self.matches: Callable[[str], bool]
        try:
            self.matches = Pattern(pattern, MOST_OF_A_PATH).matches
            self.wildcard = wildcard_around(pattern)
        except NotRegularError:
            self.matches = matcher(pattern)
        self.prefix = literal_prefix(pattern).encode("utf-8", "surrogatepass")

    def choose(self, text: bytearray, ends: array[int], first: int, last: int) -> Sequence[int]:
        """The numbers, in order, of those of terms ``first`` to ``last`` that match.

        ``text``: terms one after the other; ``ends``: where each ends in it. All of them begin
        with ``prefix``.
        """
        chosen = []
        begin = ends[first - 1] if first else 0
        for number in range(first, last):
            end = ends[number]
            try:
                if self.matches(text[begin:end].decode()):
                    chosen.append(number)
            except UnicodeDecodeError:
                pass
            begin = end
        return chosen


class Fuzzy(Walk):
    """At most ``distance`` edits from ``word``, whose first ``prefix`` code points are kept.

    An edit inserts, deletes or replaces a code point; with ``transpositions`` also swaps two
    neighbours, none of which is edited again (restricted Damerau-Levenshtein distance).
    ``longest``: bytes of the longest term there is. ValueError if ``distance`` is not 0 to 64.
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
        letters = array("I", map(ord, word[prefix:enough]))
        depths = len(letters) + distance + 2
        here = bytearray(max(longest, len(kept) + 4 * depths))
        here[: len(kept)] = kept
        starts, points = array("I", bytes(4 * depths)), array("I", bytes(4 * depths))
        starts[0] = len(kept)
        rows = bytearray(depths * (2 * distance + 1))
        for k in range(2 * distance + 1):
            within = distance <= k <= distance + len(letters)
            rows[k] = k - distance if within else distance + 1
        super().__init__(longest)
        self.place = array("q", [len(kept), 0, 0, 0])
        self.arguments = (
            len(kept), letters, distance, transpositions, self.place, here, starts, points,
            bytearray(depths), rows, self.text, self.found,
        )  # fmt: skip


def long_wildcard(pattern: str) -> Regex:
    """The regular expression for a pattern of too many tokens."""
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
    matcher.prefix = wildcard_prefix(pattern)
    return matcher


def wildcard_prefix(pattern: str) -> bytes:
    """What every match begins with."""
    return re.split(r"[*?]", pattern, maxsplit=1)[0].encode("utf-8", "surrogatepass")


def above(prefix: bytes) -> bytes | None:
    """The least bytes above all that begin with ``prefix``; None if there are none."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else None


def literal_prefix(pattern: str) -> str:
    """Letters that every match of a regular expression begins with; fewer than there are, or none.

    Stops at the first character that means something, and gives up on alternatives.
    """
    if "|" in pattern:
        return ""
    literal, rest = re.fullmatch(r"([^\\.^$*+?{}\[\]()|]*)(.*)", pattern, re.DOTALL).groups()  # type: ignore[union-attr]
    return literal[:-1] if rest[:1] in ("*", "?", "{") else literal
