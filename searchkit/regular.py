"""Does a word match a regular expression, however hostile the expression is?

A regular expression in the narrow sense (letters, ``.``, ``[classes]``, ``\\d \\w \\s``, groups,
``|``, ``* + ? {m,n}``) becomes the automaton of its positions (Glushkov, "The abstract theory of
automata", 1961), whose subsets are made as they are met: a word takes time in proportion to its
length, where backtracking takes exponential time for ``(a+)+``. What is more than that (references
back, look-around, flags) is left to Python's ``re`` by ``matcher`` and refused by ``Pattern``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

MOST_POSITIONS = 100
"""Characters and classes of an expression, its repetitions written out."""

MOST_OF_A_PATH = 400
"""The same of a pattern of paths, which are longer than words."""

_DEEPEST = 40
"""Groups nested in each other; the parser recurses."""

_MOST_SUBSETS = 5_000
"""Kept, 10 MB at the most: with an expression that has more, hardly one is met twice, and making
them takes five times what words take without.
"""

_CLASSES: dict[str, Callable[[str], bool]] = {
    "d": str.isdecimal,
    "w": lambda char: char.isalnum() or char == "_",
    "s": str.isspace,
}
_SPECIAL = frozenset("\\.^$*+?{}[]()|")

Accepts = Callable[[str], bool]


class NotRegularError(ValueError):
    """An expression is wrong, too large, or not regular in the narrow sense."""


class _Part(NamedTuple):
    """A part of an expression: whether it matches nothing at all, which positions its matches begin
    and end with (bits).
    """

    nullable: bool
    first: int
    last: int


_EMPTY = _Part(True, 0, 0)


class _Subset(dict[str, "_Subset"]):
    """A set of positions, and where each character leads from it."""

    __slots__ = ("accepting", "follow", "owner")

    def __init__(self, owner: Pattern, follow: int, accepting: bool) -> None:
        super().__init__()
        self.owner, self.follow, self.accepting = owner, follow, accepting

    def __missing__(self, char: str) -> _Subset:
        following = self[char] = self.owner.subset(self.follow & self.owner.positions_of(char))
        return following


class Pattern:
    """A regular expression of at most ``most`` positions that whole words are matched against.

    Raises ``NotRegularError``.
    """

    def __init__(self, expression: str, most: int = MOST_POSITIONS) -> None:
        self._text = expression
        self._most = most
        self._at = 0
        self._accepts: list[Accepts] = []
        self._follow: list[int] = []
        self._of_char: dict[str, int] = {}
        whole = self._alternatives(0)
        if self._at < len(expression):
            raise NotRegularError('")" closes no group')
        self._last = whole.last
        self._first = whole.first
        self._unions = [_unions(self._follow[at : at + 8]) for at in range(0, len(self._follow), 8)]
        self._subsets: dict[int, _Subset] = {}
        self._dead = _Subset(self, 0, False)
        self._start = _Subset(self, whole.first, whole.nullable)

    def matches(self, word: str) -> bool:
        """Whether the expression matches all of ``word``."""
        if len(self._subsets) > _MOST_SUBSETS:
            return self._simulated(word)
        subset, dead = self._start, self._dead
        for char in word:
            subset = subset[char]
            if subset is dead:
                return False
        return subset.accepting

    def positions_of(self, char: str) -> int:
        """The positions that accept ``char``."""
        found = self._of_char.get(char)
        if found is None:
            found = sum(1 << at for at, accepts in enumerate(self._accepts) if accepts(char))
            self._of_char[char] = found
        return found

    def subset(self, positions: int) -> _Subset:
        """The subset that holds ``positions``."""
        if not positions:
            return self._dead
        found = self._subsets.get(positions)
        if found is None:
            found = _Subset(self, self._after(positions), bool(positions & self._last))
            self._subsets[positions] = found
        return found

    def _after(self, positions: int) -> int:
        """The positions that follow any of ``positions``."""
        after = 0
        octets = positions.to_bytes(len(self._unions), "little")
        for unions, octet in zip(self._unions, octets, strict=True):
            if octet:
                after |= unions[octet]
        return after

    def _simulated(self, word: str) -> bool:
        follow, positions = self._first, 0
        for char in word:
            positions = follow & self.positions_of(char)
            if not positions:
                return False
            follow = self._after(positions)
        return bool(positions & self._last) if word else self._start.accepting

    # Reading the expression: what is read twice, for a repetition, makes positions anew.

    def _alternatives(self, depth: int) -> _Part:
        if depth > _DEEPEST:
            raise NotRegularError(f"groups are nested deeper than {_DEEPEST}")
        part = self._sequence(depth)
        while self._peek() == "|":
            self._at += 1
            other = self._sequence(depth)
            part = _Part(
                part.nullable or other.nullable, part.first | other.first, part.last | other.last
            )
        return part

    def _sequence(self, depth: int) -> _Part:
        part = _EMPTY
        if depth == 0 and self._peek() == "^":
            self._at += 1
        while (char := self._peek()) not in ("", "|", ")"):
            rest = self._text[self._at + 1 : self._at + 2]
            if depth == 0 and char == "$" and rest in ("", "|"):
                self._at += 1
                break
            part = self._then(part, self._repeated(depth))
        return part

    def _repeated(self, depth: int) -> _Part:
        begin = self._at
        part = self._atom(depth)
        low, high = self._counts()
        if (low, high) == (1, 1):
            return part
        if high == 0:
            return _EMPTY
        whole = _EMPTY
        after = self._at
        for count in range(max(low, high or low + (low == 0))):
            if not part.first:  # nothing, however often; a thousand thousand times too
                break
            if count:
                self._at = begin
                part = self._atom(depth)
            is_last = high is None and count == max(low, 1) - 1
            if is_last:
                self._link(part.last, part.first)
            if count >= low:
                part = part._replace(nullable=True)
            whole = self._then(whole, part)
        self._at = after
        return whole

    def _counts(self) -> tuple[int, int | None]:
        """How often at least, and at most (None: any number), what was read may come."""
        found = re.compile(r"[*+?]|\{(\d{1,4})(?:(,)(\d{1,4})?)?\}").match(self._text, self._at)
        if found is None:
            return 1, 1
        self._at = found.end()
        sign = found[0]
        if sign in ("*", "+", "?"):
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        else:
            low = int(found[1])
            high = low if not found[2] else int(found[3]) if found[3] else None
            if high is not None and high < low:
                raise NotRegularError(f"{sign} asks for more at least than at most")
        if self._peek() == "?":  # lazy: which match is found first is no question here
            self._at += 1
        if self._peek() in ("*", "+", "?"):
            raise NotRegularError("a repetition is repeated")
        return low, high

    def _atom(self, depth: int) -> _Part:
        char = self._peek()
        self._at += 1
        if char == "(":
            if self._text.startswith("?:", self._at):
                self._at += 2
            elif self._peek() == "?":
                raise NotRegularError('only "(" and "(?:" open a group')
            part = self._alternatives(depth + 1)
            if self._peek() != ")":
                raise NotRegularError("a group is never closed")
            self._at += 1
            return part
        if char == "[":
            return self._position(self._class())
        if char == ".":
            return self._position(lambda one: one != "\n")
        if char == "\\":
            return self._position(self._escaped())
        if char in _SPECIAL and char not in "]}":
            raise NotRegularError(f'"{char}" has nothing to do there')
        return self._position(char.__eq__)

    def _escaped(self) -> Accepts:
        char = self._peek()
        self._at += 1
        if char.lower() in _CLASSES and char:
            holds = _CLASSES[char.lower()]
            return holds if char.islower() else lambda one: not holds(one)
        if not char or char.isalnum():
            raise NotRegularError(f'"\\{char}" is not known')
        return char.__eq__

    def _class(self) -> Accepts:
        negated = self._peek() == "^"
        self._at += negated
        choices: list[Accepts] = []
        is_first = True
        while (char := self._peek()) != "]" or is_first:
            is_first = False
            self._at += 1
            if not char:
                raise NotRegularError('"[" is never closed')
            low = char
            if char == "\\":
                accepts = self._escaped()
                low = self._text[self._at - 1]
                if low.lower() in _CLASSES:
                    if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] != "]":
                        raise NotRegularError("a class begins no range")
                    choices.append(accepts)
                    continue
            high = low
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                high = self._peek()
                self._at += 1
                if high == "\\":
                    self._escaped()
                    high = self._text[self._at - 1]
                    if high.lower() in _CLASSES:
                        raise NotRegularError("a class ends no range")
                if high < low:
                    raise NotRegularError(f'"{low}-{high}" is no range')
            choices.append(_between(low, high))
        self._at += 1
        return lambda one: any(accepts(one) for accepts in choices) != negated

    def _position(self, accepts: Accepts) -> _Part:
        if len(self._accepts) == self._most:
            raise NotRegularError(f"it has more than {self._most} characters, written out")
        self._accepts.append(accepts)
        self._follow.append(0)
        bit = 1 << (len(self._accepts) - 1)
        return _Part(False, bit, bit)

    def _then(self, one: _Part, other: _Part) -> _Part:
        self._link(one.last, other.first)
        return _Part(
            one.nullable and other.nullable,
            one.first | (other.first if one.nullable else 0),
            other.last | (one.last if other.nullable else 0),
        )

    def _link(self, last: int, first: int) -> None:
        while last:
            lowest = last & -last
            self._follow[lowest.bit_length() - 1] |= first
            last ^= lowest

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]


def matcher(expression: str) -> Callable[[str], bool]:
    """What tells whether ``expression`` matches all of a word; in linear time if it is regular in
    the narrow sense, else by Python's ``re``. Raises ``re.error`` if it is wrong.
    """
    try:
        return Pattern(expression).matches
    except NotRegularError:
        match = re.compile(expression).fullmatch
        return lambda word: match(word) is not None


_TOKEN = re.compile(
    r"(?P<literal>\\[^\w]|[^\\.^$*+?{}\[\]()|])|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[.^$()]", re.DOTALL
)
_COUNT = re.compile(r"[*+?]\??|\{\d+(?:,\d*)?\}\??")


def wildcard_around(expression: str) -> str:
    """A pattern of ``*`` (anything) and ``?`` (one character) that fits every word that
    ``expression``, a ``Pattern``, matches: what must be there, with anything in between.
    """
    if "|" in expression:
        return "*"
    pattern, at, depth = [], 0, 0
    while at < len(expression):
        token = _TOKEN.match(expression, at)
        if token is None:
            return "*"
        at = token.end()
        count = _COUNT.match(expression, at)
        at = count.end() if count else at
        depth += (token[0] == "(") - (token[0] == ")")
        if depth or token[0] == ")":
            pattern.append("*")
        elif token[0] in "^$":
            continue
        else:
            literal = token["literal"] and token["literal"][-1]
            one = "?" if literal is None or literal in "*?" else literal
            if count is None:
                pattern.append(one)
            else:
                pattern += (one, "*") if count[0][0] == "+" else ("*",)
    return re.sub(r"\*+", "*", "".join(pattern))


def _unions(follow: list[int]) -> list[int]:
    """For each set of up to eight positions, as bits, what follows any of them."""
    unions = [0]
    for one in follow:
        unions += [one | before for before in unions]
    return unions


def _between(low: str, high: str) -> Accepts:
    return lambda one: low <= one <= high
