"""Where is a section cut?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from searchkit.document import BlockKind, Document, Passage, steps
from searchkit.passages.pieces import MAX_CODE_WORDS, MAX_WORDS, TARGET_WORDS, Piece
from searchkit.passages.sections import (
    Path,
    Paths,
    body_below_title,
    join_tiny,
    sections_of,
    shortened,
)
from searchkit.passages.words import counted

_V = TypeVar("_V")

_WHOLE_WORDS = 169
"""Up to here one passage costs less than any two, where a cut costs nothing or something: n words
cost ((n - 120) / 60) squared, and two passages at the least twice what each half of them costs."""


def cut(document: Document) -> list[Passage]:
    """The passages of a document, in order and apart from each other.

    Every word that is in a block but in no heading or label lies in one; each heading is in the
    path or the text of one. A document without text has none.
    """
    title = shortened(document.title)
    has_all_lines = document.has_all_lines
    lines = _Changes(document.lines, min(len(document.lines), 1))
    places = _Changes(document.places, "")
    labels = tuple(
        document.text[block.start : block.end]
        for block in document.blocks
        if block.kind is BlockKind.LABEL
    )
    passages: list[Passage] = []
    for headings, sections, start, end in spans(document):
        line, more_lines = lines.of(start, end)
        place, more_places = places.of(start, end)
        passages.append(
            Passage(
                key=document.key,
                ordinal=len(passages),
                title=title,
                headings=headings,
                start=start,
                end=end,
                line=line,
                text=document.text[start:end],
                modified=document.modified,
                place=place,
                lines="" if has_all_lines else steps(more_lines, start, line),
                places=tuple((offset - start, value) for offset, value in more_places),
                sections=sections,
                labels=() if passages else labels,
                has_all_lines=has_all_lines,
            )
        )
    return passages


class _Changes(Generic[_V]):
    """Pairs of an offset and the value from there on, ``before`` the first one another."""

    def __init__(self, pairs: Sequence[tuple[int, _V]], before: _V) -> None:
        self._pairs = pairs
        self._offsets = [offset for offset, _ in pairs]
        self._before = before

    def of(self, start: int, end: int) -> tuple[_V, Sequence[tuple[int, _V]]]:
        """The value at ``start``, and the pairs after it and before ``end``."""
        first = bisect_right(self._offsets, start)
        last = bisect_left(self._offsets, end, lo=first)
        return self._pairs[first - 1][1] if first else self._before, self._pairs[first:last]


def spans(document: Document) -> Iterator[tuple[Path, Paths, int, int]]:
    """The headings, the sections inside, the start and the end of each passage of a document."""
    whole = _whole(document)
    if whole is not None:
        yield (), (), *whole
        return
    for section in join_tiny(sections_of(document)):
        for start, end in _cut_section(section.pieces):
            yield *section.headings(start, end), start, end


def _whole(document: Document) -> tuple[int, int] | None:
    """The span of a short text without headings, which is one passage wherever its sentences end.

    None for any other text, and for what is not sure to be one.
    """
    blocks = body_below_title(document)
    text = document.text
    words = 0
    for block in blocks:
        said = text[block.start : block.end]
        if block.kind not in _PROSE or not said or said != said.strip():
            return None
        more, unspaced = counted(said)
        words += more
        # Of scripts without spaces each sentence may count for half a word more.
        if unspaced or words > _WHOLE_WORDS:
            return None
    return (blocks[0].start, blocks[-1].end) if blocks else None


_PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW)
"""What is never better cut than not, as what stands before a term is."""


def _without_empty_runs(pieces: list[Piece]) -> list[Piece]:
    """``pieces``, in which what follows each other and has no words is one: a passage has room for
    any number of them, and the search for the best cut would go back over them all.
    """
    if all(piece.words for piece in pieces):
        return pieces
    kept: list[Piece] = []
    for piece in pieces:
        if kept and not piece.words and not kept[-1].words:
            before = kept.pop()
            is_roomy = before.is_roomy or piece.is_roomy
            piece = piece._replace(start=before.start, is_roomy=is_roomy)
        kept.append(piece)
    return kept


def _cut_section(pieces: list[Piece]) -> list[tuple[int, int]]:
    """The spans of the passages into which the pieces of one section are best gathered.

    ``best[n]`` is the least cost of cutting the first ``n`` pieces, ``begins[n]`` where the last
    passage of that cutting begins. Each is found from the ones before.
    """
    pieces = _without_empty_runs(pieces)
    best = [0.0]
    begins = [0]
    for stop in range(1, len(pieces) + 1):
        words = 0
        is_roomy = False
        least, least_begin = float("inf"), stop - 1
        for begin in range(stop - 1, -1, -1):
            words += pieces[begin].words
            is_roomy = is_roomy or pieces[begin].is_roomy
            if begin < stop - 1 and words > (MAX_CODE_WORDS if is_roomy else MAX_WORDS):
                break
            distance = 2 * (words - TARGET_WORDS) / TARGET_WORDS
            cost = best[begin] + distance * distance + (pieces[begin - 1].cut_after if begin else 0)
            if cost < least:
                least, least_begin = cost, begin
        best.append(least)
        begins.append(least_begin)
    spans: list[tuple[int, int]] = []
    stop = len(pieces)
    while stop:
        begin = begins[stop]
        spans.append((pieces[begin].start, pieces[stop - 1].end))
        stop = begin
    return spans[::-1]
