"""Where is a section cut?"""

from __future__ import annotations

from searchkit.document import Document, Passage
from searchkit.passages.pieces import MAX_CODE_WORDS, MAX_WORDS, TARGET_WORDS, Piece
from searchkit.passages.sections import join_tiny, sections_of, shortened


def cut(document: Document) -> list[Passage]:
    """The passages of a document, in order and apart from each other.

    Every word that is in a block but in no heading lies in one; each heading is in the path or
    the text of one. A document without text has none.
    """
    passages: list[Passage] = []
    title = shortened(document.title)
    for section in join_tiny(sections_of(document)):
        for start, end in _cut_section(section.pieces):
            passages.append(
                Passage(
                    key=document.key,
                    ordinal=len(passages),
                    title=title,
                    headings=section.path,
                    start=start,
                    end=end,
                    line=document.line(start),
                    text=document.text[start:end],
                    modified=document.modified,
                    place=document.place(start),
                )
            )
    return passages


def _cut_section(pieces: list[Piece]) -> list[tuple[int, int]]:
    """The spans of the passages into which the pieces of one section are best gathered.

    ``best[n]`` is the least cost of cutting the first ``n`` pieces, ``begins[n]`` where the last
    passage of that cutting begins. Each is found from the ones before.
    """
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
