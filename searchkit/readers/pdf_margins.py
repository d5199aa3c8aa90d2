"""Which lines of a PDF are running heads, feet and page numbers?

What stands at the same height of several pages, near the edge of the text, and says the same but
for numbers, or counts the pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from searchkit.readers.pdf_lines import Line

_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,5}")
_COUNT = re.compile(r"^\d{1,5}(?!\S)|(?<!\S)\d{1,5}$")
_ONLY_NUMBER = re.compile(r"\W*(?:page|seite|p)?\W*\d{1,5}(?: *(?:of|von|/) *\d{1,5})?\W*")
_EDGE_LINES = 3
_MOST_IN_EDGES = 60
_FEWEST_PAGES = 3
# Of a line's height: heads move a little with the fonts on their page.
_SAME_HEIGHT = 0.75
_LARGER = 1.12
_FURTHEST_PAGES = 4


def without_margins(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without their running heads and feet; all of it where nothing else is there."""
    heights = [line.height for lines in pages for line in lines]
    largest = _LARGER * median(heights) if heights else 0.0
    alike: dict[tuple[str, int], list[Line]] = defaultdict(list)
    counting: dict[tuple[bool, int], list[Line]] = defaultdict(list)
    for lines in pages:
        for line in _edges(lines):
            said = " ".join(line.text.casefold().split())
            # "Exercise 1" in large letters is a heading, whatever comes on the next pages.
            if line.height > largest:
                alike[said, line.turn].append(line)
                continue
            alike[_NUMBER.sub("#", said), line.turn].append(line)
            only = bool(_ONLY_NUMBER.fullmatch(said))
            for number in (_NUMBERS if only else _COUNT).findall(said):
                counting[only, int(number) - line.page].append(line)
    repeats: set[int] = set()
    for lines in alike.values():
        repeats.update(_running(lines, _FEWEST_PAGES))
    for (only, _), lines in counting.items():
        # Heads that name the chapter count the pages all the same; two bare numbers are enough.
        repeats.update(_running(lines, 2 if only else _FEWEST_PAGES))
    dropped = {id(line) for lines in pages for line in _outermost(lines, repeats)}
    kept = [[line for line in lines if id(line) not in dropped] for lines in pages]
    return kept if any(kept) else pages


def _outermost(lines: list[Line], repeats: set[int]) -> Iterator[Line]:
    """Of the lines that repeat, those outside of all that does not."""
    rows: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.turn == 0:
            rows[round(line.low)].append(line)
    for heights in (sorted(rows), sorted(rows, reverse=True)):
        for height in heights:
            found = [line for line in rows[height] if id(line) in repeats]
            yield from found
            if len(found) < len(rows[height]):
                break


def _edges(lines: list[Line]) -> list[Line]:
    """The outermost lines of a page, by where they stand, not by when they were drawn."""
    upright = [line for line in lines if line.turn == 0]
    rows = sorted({round(line.low) for line in upright})
    outer = {*rows[:_EDGE_LINES], *rows[-_EDGE_LINES:]}
    # All lines of a page may claim to stand in one row.
    return [line for line in upright if round(line.low) in outer][:_MOST_IN_EDGES]


def _running(lines: list[Line], fewest: int) -> Iterator[int]:
    """The ids of those of these lines that stand at the same height of ``fewest`` pages nearby."""
    for line in lines:
        pages = {
            other.page
            for other in _near(lines, line)
            if abs(other.low - line.low) <= _SAME_HEIGHT * line.height
        }
        if len(pages) >= fewest:
            yield id(line)


def _near(lines: list[Line], line: Line) -> list[Line]:
    """Of lines in order of pages, those a few pages before and after it: heads change by chapter,
    and left and right pages differ.
    """
    low = _first_at(lines, line.page - _FURTHEST_PAGES)
    high = _first_at(lines, line.page + _FURTHEST_PAGES + 1)
    return lines[low:high]


def _first_at(lines: list[Line], page: int) -> int:
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        if lines[middle].page < page:
            low = middle + 1
        else:
            high = middle
    return low
