"""Which parts of a passage show best why it matched?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from searchkit.graphemes import cut_before, is_cut
from searchkit.highlight.match import Match, Span
from searchkit.record import Record
from searchkit.sentences import sentences

LONGEST_FRAGMENT = 280
"""In code points: some three lines of a terminal."""

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
    longest: int = LONGEST_FRAGMENT,
) -> list[Fragment]:
    """The runs of whole sentences that show what matched, the best one first.

    That has at most ``longest`` code points and as many of the query's words as can be; further
    ones, of at most half of that, follow while they show words that those before do not. A sentence
    that is too long is cut at white space, around its matches. ``matches`` are those of ``text``,
    in order and apart; without any there is one fragment, the beginning.
    """
    shown = _Shown(text, matches)
    best = max(shown.windows(longest), key=shown.worth, default=None)
    if best is None:
        return [shown.fragment(0, 0, False, False)]
    fragments = [best]
    leaves = shown.leaves(best)
    further: list[Fragment] = []
    while len(fragments) < most and shown.all_leaves & ~leaves:
        further = further or list(shown.windows(longest // 2))
        further = [one for one in further if all(_are_apart(one, other) for other in fragments)]
        known = leaves
        fragment = max(further, key=lambda one: shown.worth(one, known), default=None)
        if fragment is None or not shown.leaves(fragment) & ~leaves:
            break
        leaves |= shown.leaves(fragment)
        fragments.append(fragment)
    return _with_neighbours_joined(text, fragments)


def _are_apart(one: Fragment, other: Fragment) -> bool:
    return one.end <= other.start or other.end <= one.start


def _with_neighbours_joined(text: str, fragments: list[Fragment]) -> list[Fragment]:
    """``fragments``, where those that only white space parts are one, which has the place of the
    better one.
    """
    joined: list[Fragment] = []
    for fragment in fragments:
        for at, other in enumerate(joined):
            left, right = sorted((fragment, other), key=lambda one: one.start)
            if not text[left.end : right.start].strip():
                joined[at] = Fragment(
                    left.start,
                    right.end,
                    left.spans + right.spans,
                    left.cut_before,
                    right.cut_after,
                )
                break
        else:
            joined.append(fragment)
    return joined


class _Shown:
    """What the parts of a text show of its matches."""

    def __init__(self, text: str, matches: Sequence[Match]) -> None:
        self._text = text
        self._matches = matches
        self._starts = [match.start for match in matches]
        self._ends = [match.end for match in matches]
        self._words = [text[match.start : match.end].casefold() for match in matches]
        self.all_leaves = self._leaves(matches)

    def worth(self, fragment: Fragment, known: int = 0) -> tuple[int, int, int]:
        """Words of the query first, less those ``known``; then how many different words stand for
        them; then how often.
        """
        first, last = self._inside(fragment.start, fragment.end)
        leaves = self._leaves(self._matches[first:last]) & ~known
        return leaves.bit_count(), len(set(self._words[first:last])), last - first

    def leaves(self, fragment: Fragment) -> int:
        """Which leaves of the query match there."""
        first, last = self._inside(fragment.start, fragment.end)
        return self._leaves(self._matches[first:last])

    def fragment(self, start: int, end: int, is_cut_before: bool, is_cut_after: bool) -> Fragment:
        """With all that matches there; of what only reaches into it, that part."""
        first, last = self._inside(start, end)
        spans = tuple(
            (max(start, match.start), min(end, match.end)) for match in self._matches[first:last]
        )
        return Fragment(start, end, spans, is_cut_before, is_cut_after)

    def windows(self, longest: int) -> Iterator[Fragment]:
        """For each sentence (or line, or heading) the fragment that begins with it."""
        for pieces in _sections(self._text, longest):
            last = 0
            for first, (start, end) in enumerate(pieces):
                if end - start > longest:
                    yield from self._crops(start, end, longest)
                    continue
                last = max(last, first)
                while last + 1 < len(pieces) and pieces[last + 1][1] - start <= longest:
                    last += 1
                yield self.fragment(start, pieces[last][1], False, False)

    def _crops(self, start: int, end: int, longest: int) -> Iterator[Fragment]:
        """Parts of one sentence that is too long: its beginning, and one around each match."""
        lead = longest // 5
        first, last = self._inside(start, end)
        yield self._crop(start, end, start, start + longest, start)
        done = start
        for match in self._matches[first:last]:
            # One that begins a few words later shows the same.
            if match.start - lead >= done:
                left = _beginning(self._text, match.start - lead, match.start)
                fits = match.end - left <= longest
                left = left if fits else match.start
                least = match.end if fits else left
                yield self._crop(start, end, left, left + longest, least)
                done = match.start + 1

    def _crop(self, start: int, end: int, left: int, right: int, least: int) -> Fragment:
        """The part of a sentence from ``left`` to the last end of a word from ``least`` to
        ``right``.
        """
        if right >= end:
            return self.fragment(left, end, left > start, False)
        right = _ending(self._text, left, right, least)
        # What would be cut in two belongs to another part.
        at = bisect_right(self._ends, right)
        if at < len(self._starts) and left < self._starts[at] < right:
            right = self._starts[at]
            while right > left + 1 and self._text[right - 1].isspace():
                right -= 1
        return self.fragment(left, right, left > start, True)

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
    return cut_before(text, right, left + 1)


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


def _sections(text: str, longest: int) -> Iterator[list[Span]]:
    """What fragments are made of: sentences, in runs that a heading ends; last, as less telling,
    the headings of Markdown without their mark, each a run of its own.
    """
    pieces: list[Span] = []
    headings: list[Span] = []
    at = 0
    for found in _BREAK.finditer(text):
        pieces += _sentences(text, at, found.start(), longest)
        at = found.end()
        if found["heading"]:
            headings.append(found.span("heading"))
            yield pieces
            pieces = []
    yield pieces + _sentences(text, at, len(text), longest)
    for heading in headings:
        yield [heading]


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
