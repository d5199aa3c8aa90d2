"""Which part of a passage shows best why it matched?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from searchkit.highlight.match import Span
from searchkit.record import Record
from searchkit.sentences import sentences

LONGEST_FRAGMENT = 280
"""In code points: some three lines of a terminal."""


class Fragment(Record):
    """A run of a passage's text, as offsets into it, and the matched spans inside it.

    ``cut_before`` and ``cut_after`` say that it begins or ends inside a sentence.
    """

    start: int
    end: int
    spans: tuple[Span, ...]
    cut_before: bool
    cut_after: bool


def best_fragment(text: str, spans: Sequence[Span], longest: int = LONGEST_FRAGMENT) -> Fragment:
    """The run of whole sentences, at most ``longest`` code points, with the most distinct matches.

    ``spans`` are the matched spans of ``text``, in order and apart; without any, the fragment is
    the beginning. A sentence longer than that is cut at white space, around its matches.
    """
    windows = [
        window
        for pieces in _sections(text, longest)
        for window in _windows(text, pieces, spans, longest)
    ]
    beginning = _fragment(0, min(len(text), longest), spans, False, len(text) > longest)
    return max(windows, key=lambda window: _worth(text, window), default=beginning)


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


def _worth(text: str, fragment: Fragment) -> tuple[int, int, int]:
    """Distinct words first; of as many, a phrase before its words; then how often."""
    matched = [text[start:end].casefold() for start, end in fragment.spans]
    words: set[str] = set()
    for match in matched:
        if match.isalnum():
            words.add(match)
        else:
            # Late: compiling this expression takes longer than all else about a fragment.
            from searchkit.analysis.words import RUN

            words.update(RUN.findall(match))
    return len(words), max(map(len, matched), default=0), len(matched)


def _windows(
    text: str, pieces: Sequence[Span], spans: Sequence[Span], longest: int
) -> Iterator[Fragment]:
    """For each piece the fragment that begins with it."""
    last = 0
    for first, (start, end) in enumerate(pieces):
        if end - start > longest:
            yield _crop(text, start, end, spans, longest)
            continue
        last = max(last, first)
        while last + 1 < len(pieces) and pieces[last + 1][1] - start <= longest:
            last += 1
        yield _fragment(start, pieces[last][1], spans, False, False)


def _crop(text: str, start: int, end: int, spans: Sequence[Span], longest: int) -> Fragment:
    """The best part of one sentence that is too long."""
    inside = _inside(start, end, spans)
    lead = longest // 5
    candidates = [start] + [max(start, span[0] - lead) for span in inside]
    cuts = []
    for at in candidates:
        left = min(at, end - longest)
        right = left + longest
        if left > start:
            left = _after_space(text, left, right)
        if right < end:
            right = _before_space(text, left, right)
        cuts.append(_fragment(left, right, inside, left > start, right < end))
    return max(cuts, key=lambda cut: _worth(text, cut))


def _after_space(text: str, left: int, right: int) -> int:
    """The first beginning of a word at or after ``left``; ``left`` if there is none."""
    at = left
    while at < right and not text[at - 1].isspace():
        at += 1
    return at if at < right else left


def _before_space(text: str, left: int, right: int) -> int:
    """The last end of a word at or before ``right``; ``right`` if there is none."""
    at = right
    while at > left and not text[at].isspace():
        at -= 1
    return at if at > left else right


def _fragment(
    start: int, end: int, spans: Sequence[Span], cut_before: bool, cut_after: bool
) -> Fragment:
    return Fragment(start, end, tuple(_inside(start, end, spans)), cut_before, cut_after)


def _inside(start: int, end: int, spans: Sequence[Span]) -> Sequence[Span]:
    first = bisect_left(spans, start, key=lambda span: span[0])
    return spans[first : bisect_right(spans, end, lo=first, key=lambda span: span[1])]
