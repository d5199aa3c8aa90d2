"""Which parts of a passage show best why it matched?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from searchkit.graphemes import cut_before, is_cut
from searchkit.highlight.match import Match, Span
from searchkit.record import Record
from searchkit.sentences import sentences

LONGEST_FRAGMENT = 280
LONGEST_WIDE = 140
"""In code points: some three lines of a terminal; the latter of Chinese and Japanese, which take
two columns each and say more.
"""

MOST_FRAGMENTS = 3


class Fragment(Record):
    """A run of a passage's text, as offsets into it, and the matched spans inside it.

    ``cut_before`` and ``cut_after`` say that it begins or ends inside a sentence.
    """

    start: int
    end: int
    spans: tuple[Span, ...]
    cut_before: bool
    cut_after: bool


def best_fragments(
    text: str,
    matches: Sequence[Match],
    most: int = MOST_FRAGMENTS,
    longest: int | None = None,
    borders: Sequence[int] = (),
) -> list[Fragment]:
    """The runs of whole sentences that show what matched, the best one first.

    That has at most ``longest`` code points (None: what three lines hold), and as many of the
    query's words as can be. Further ones, of at most half of that, follow while they show words
    that those before do not. A sentence that is too long is cut at white space, around its matches.
    ``matches`` are those of ``text``, in order and apart; without any there is one fragment, the
    beginning. No sentences on both sides of one of ``borders`` (offsets, in order), such as the
    beginning of a page, come together; one that a border lies in stays whole.
    """
    if longest is None:
        is_wide = 3 * len(_WIDE.findall(text)) > len(text)
        longest = LONGEST_WIDE if is_wide else LONGEST_FRAGMENT
    shown = _Shown(text, matches, borders)
    best = max(shown.windows(longest), key=shown.worth, default=None)
    if best is None:
        return [Fragment(0, 0, (), False, False)]
    windows = [best]
    leaves = shown.leaves(best)
    further: list[_Window] = []
    while len(windows) < most and shown.all_leaves & ~leaves:
        further = further or list(shown.windows(longest // 2))
        further = [
            part for one in further if (part := _without(text, one, windows[-1])) is not None
        ]
        known = leaves
        window = max(further, key=lambda one: shown.worth(one, known), default=None)
        if window is None or not shown.leaves(window) & ~leaves:
            break
        leaves |= shown.leaves(window)
        windows.append(window)
    joined = _with_neighbours_joined(text, windows, borders)
    return [shown.fragment(window) for window in joined]


class _Window(NamedTuple):
    """What may become a fragment."""

    start: int
    end: int
    cut_before: bool = False
    cut_after: bool = False


def _without(text: str, window: _Window, shown: _Window) -> _Window | None:
    """The part of ``window`` before, or else behind, what is shown already, if there is one."""
    if window.end <= shown.start or shown.end <= window.start:
        return window
    if window.start < shown.start:
        end = window.start + len(text[window.start : shown.start].rstrip())
        return _Window(window.start, end, window.cut_before, shown.cut_before)
    if window.end > shown.end:
        start = window.end - len(text[shown.end : window.end].lstrip())
        return _Window(start, window.end, shown.cut_after, window.cut_after)
    return None


def _with_neighbours_joined(
    text: str, windows: list[_Window], borders: Sequence[int]
) -> list[_Window]:
    """``windows``, where those that only white space parts, and no border, are one, which has the
    place of the better one.
    """
    kept = list(windows)
    for left, right in pairwise(sorted(windows)):
        is_border = bisect_right(borders, right.start) > bisect_right(borders, left.start)
        if is_border or text[left.end : right.start].strip():
            continue
        # Three in a row: the one on the left has been made part of what is on its left.
        left = next(one for one in kept if one.end == left.end)
        better, other = sorted((kept.index(left), kept.index(right)))
        kept[better] = _Window(left.start, right.end, left.cut_before, right.cut_after)
        del kept[other]
    return kept


class _Shown:
    """What the parts of a text show of its matches."""

    def __init__(self, text: str, matches: Sequence[Match], borders: Sequence[int]) -> None:
        self._text = text
        self._borders = borders
        self._matches = matches
        self._starts = [match.start for match in matches]
        self._ends = [match.end for match in matches]
        self._words = [text[match.start : match.end].casefold() for match in matches]
        self.all_leaves = self._leaves(matches)

    def worth(self, window: _Window, known: int = 0) -> tuple[int, int, int]:
        """Words of the query first, less those ``known``; then how many different words stand for
        them; then how often.
        """
        first, last = self._inside(window.start, window.end)
        leaves = self._leaves(self._matches[first:last]) & ~known
        return leaves.bit_count(), len(set(self._words[first:last])), last - first

    def leaves(self, window: _Window) -> int:
        """Which leaves of the query match there."""
        first, last = self._inside(window.start, window.end)
        return self._leaves(self._matches[first:last])

    def fragment(self, window: _Window) -> Fragment:
        """With all that matches there; of what only reaches into it, that part."""
        first, last = self._inside(window.start, window.end)
        spans = tuple(
            (max(window.start, match.start), min(window.end, match.end))
            for match in self._matches[first:last]
        )
        return Fragment(window.start, window.end, spans, window.cut_before, window.cut_after)

    def windows(self, longest: int) -> Iterator[_Window]:
        """For each sentence (or line, or heading) the window that begins with it."""
        for pieces in _sections(self._text, longest, self._borders):
            last = 0
            for first, (start, end) in enumerate(pieces):
                if end - start > longest:
                    yield from self._crops(start, end, longest)
                    continue
                last = max(last, first)
                while last + 1 < len(pieces) and pieces[last + 1][1] - start <= longest:
                    last += 1
                yield _Window(start, pieces[last][1])

    def _crops(self, start: int, end: int, longest: int) -> Iterator[_Window]:
        """Parts of one sentence that is too long: its beginning, and those around its matches."""
        lead = longest // 5
        first, last = self._inside(start, end)
        matches = self._matches[first:last]
        yield self._crop(start, end, start, start + longest, start)
        done = start
        for match in matches:
            # One that begins a few words later shows the same.
            if match.start - lead >= done:
                left = _beginning(self._text, match.start - lead, match.start)
                fits = match.end - left <= longest
                left = left if fits else match.start
                least = match.end if fits else left
                yield self._crop(start, end, left, left + longest, least)
                done = match.start + 1
        # Without a lead there is room for more words, and no other fragment is met.
        for match in matches:
            least = match.end if match.end - match.start <= longest else match.start
            yield self._crop(start, end, match.start, match.start + longest, least)

    def _crop(self, start: int, end: int, left: int, right: int, least: int) -> _Window:
        """The part of a sentence from ``left`` to the last end of a word from ``least`` to
        ``right``.
        """
        if right >= end:
            return _Window(left, end, left > start)
        right = _ending(self._text, left, right, least)
        # What would be cut in two belongs to another part.
        at = bisect_right(self._ends, right)
        if at < len(self._starts) and left < self._starts[at] < right:
            right = self._starts[at]
            while right > left + 1 and self._text[right - 1].isspace():
                right -= 1
        return _Window(left, right, left > start, True)

    def _inside(self, start: int, end: int) -> tuple[int, int]:
        """The numbers of the first match that ends after ``start``, and of the first one thereafter
        that begins at ``end`` or later.
        """
        first = bisect_right(self._ends, start)
        return first, bisect_left(self._starts, end, lo=first)

    @staticmethod
    def _leaves(matches: Sequence[Match]) -> int:
        leaves = 0
        for match in matches:
            leaves |= match.leaves
        return leaves


def _beginning(text: str, first: int, last: int) -> int:
    """The first beginning of a word from ``first`` to ``last``; about ``first`` if there is
    none.
    """
    for at in range(first, last + 1):
        if at == 0 or text[at - 1].isspace() or _is_between(text, at):
            return at
    return cut_before(text, first)


def _ending(text: str, left: int, right: int, least: int) -> int:
    """The last end of a word from ``least`` to ``right``; about ``right`` if there is none."""
    for at in range(right, max(left, least - 1), -1):
        if text[at].isspace() or _is_between(text, at):
            return at
    place = cut_before(text, right, left + 1)
    # What readers take for one character may be longer than all that was asked for.
    for at in range(place, min(len(text), place + _LONGEST_CHARACTER) + 1):
        if is_cut(text, at):
            return at
    return place


_LONGEST_CHARACTER = 40
"""In code points: families and flags have 7 and 14; what is longer is of no language."""

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uff00-\uff0f"
    "\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, and what Chinese and Japanese are written with."""


def _is_between(text: str, at: int) -> bool:
    """Whether a line may break at ``at``, between two characters of a script without spaces."""
    return (
        _UNSPACED.match(text, at - 1) is not None
        and _UNSPACED.match(text, at) is not None
        and is_cut(text, at)
    )


_BREAK = re.compile(r"^#{1,6}[^\S\n]+(?P<heading>\S.*)$|\n[^\S\n]*\n", re.MULTILINE)


def _sections(text: str, longest: int, borders: Sequence[int]) -> Iterator[list[Span]]:
    """What fragments are made of: sentences, in runs that a heading or a border ends; last, as less
    telling, the headings of Markdown without their mark, each a run of its own.
    """
    pieces: list[Span] = []
    headings: list[Span] = []
    at = 0
    for found in _BREAK.finditer(text):
        pieces += _sentences(text, at, found.start(), longest)
        at = found.end()
        if found["heading"]:
            headings.append(found.span("heading"))
            yield from _parted(pieces, borders)
            pieces = []
    yield from _parted(pieces + _sentences(text, at, len(text), longest), borders)
    for heading in headings:
        yield [heading]


def _parted(pieces: list[Span], borders: Sequence[int]) -> Iterator[list[Span]]:
    """``pieces`` in runs, each of which begins in another of the parts between ``borders``."""
    if not borders:
        yield pieces
        return
    for _, run in groupby(pieces, key=lambda piece: bisect_right(borders, piece[0])):
        yield list(run)


def _sentences(text: str, start: int, end: int, longest: int) -> list[Span]:
    """The sentences of a paragraph, and the lines of one that is too long, because then it is code
    or a list.
    """
    pieces: list[Span] = []
    for first, last in sentences(text, start, end):
        pieces += [(first, last)] if last - first <= longest else _lines(text, first, last)
    return pieces


_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def _lines(text: str, start: int, end: int) -> list[Span]:
    return [line.span() for line in _LINE.finditer(text, start, end)]
