"""How does a fragment read?

Its offsets cut it out of the passage as it stands. What is shown to people is one line, and without
the marks of Markdown and reStructuredText: an excerpt, with spans of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from searchkit.highlight.fragment import Fragment
from searchkit.highlight.match import Span
from searchkit.record import Record

MARKUP = ("text/markdown", "text/x-rst")
"""The media types of texts that have markup; all others are extracted without it."""


class Excerpt(Record):
    """A fragment as it reads: ``spans`` of ``text`` matched, in order and apart.

    ``cut_before`` and ``cut_after`` say that it begins or ends inside a sentence.
    """

    text: str
    spans: tuple[Span, ...]
    cut_before: bool
    cut_after: bool


class Edit(NamedTuple):
    """``text[start:end]`` is shown as ``shown``."""

    start: int
    end: int
    shown: str = ""


_WIDE = "[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]"
_WIDE_BREAK = re.compile(rf"(?<={_WIDE})[^\S\n]*+\n[^\S\n]*+(?={_WIDE})")
# A title, a cell or a heading ends without a full stop: what follows must not read as its sentence.
_PARAGRAPH_BREAK = re.compile(r"(?<=[\w)\]%])[^\S\n]*+\n[^\S\n]*+\n\s*+(?=[^\W_])")


def excerpts(
    text: str, media_type: str, fragments: Sequence[Fragment], spans: Sequence[Span]
) -> list[Excerpt]:
    """Each of ``fragments`` of a passage's ``text`` as it reads; ``spans`` are all that matched in
    the text. Markup in which something matched stays.
    """
    # Between Chinese or Japanese characters, the end of a line is no space.
    edits = [Edit(*found.span()) for found in _WIDE_BREAK.finditer(text)]
    edits += [Edit(*found.span(), " · ") for found in _PARAGRAPH_BREAK.finditer(text)]
    if media_type in MARKUP:
        # Late: compiling its expressions takes milliseconds.
        from searchkit.highlight.markup import markup

        edits += markup(text, media_type, spans)
    edits.sort()
    return [_excerpt(text, fragment, edits) for fragment in fragments]


def _excerpt(text: str, fragment: Fragment, edits: Sequence[Edit]) -> Excerpt:
    shown: list[str] = []
    places: list[int] = []
    """Where in what is shown each code point of the fragment stands."""
    at = fragment.start
    for start, end, instead in (*edits, Edit(fragment.end, fragment.end)):
        if end <= at and start < fragment.end:
            continue
        for char in text[at : min(start, fragment.end)]:
            places.append(len(shown))
            _put(shown, char)
        at = max(at, start)
        if at >= fragment.end:
            break
        stop = min(end, fragment.end)
        places += [len(shown)] * (stop - at)
        for char in instead:
            _put(shown, char)
        at = stop
    while shown and shown[-1] == " ":
        shown.pop()
    places.append(len(shown))
    spans = []
    for first, last in fragment.spans:
        span = places[first - fragment.start], min(places[last - fragment.start], len(shown))
        if span[0] < span[1]:
            spans.append(span)
    return Excerpt("".join(shown), tuple(spans), fragment.cut_before, fragment.cut_after)


def _put(shown: list[str], char: str) -> None:
    if not char.isspace():
        shown.append(char)
    elif shown and shown[-1] != " ":
        shown.append(" ")
