"""Which paragraphs, items and headings do the lines of a PDF make?

A PDF knows no paragraphs: they are told by where lines begin and end and how far they are apart.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from statistics import median

from searchkit.document import BlockKind
from searchkit.readers.pdf_lines import Line

_BULLET = re.compile(r"[•‣▪▫◦●○■□►▶➢➤❖✓✔·∙⁃\uf0b7\uf0a7\uf0d8][ \t]+|[-–—*!][ \t]+(?=\w)")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)] +(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
_NOT_WORD = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"^(?:[\divxlc]+[.)]?)+\s+(?=\S)", re.IGNORECASE)
# A heading's letters are this much larger than those of the text.
_LARGER = 1.12
_MAX_HEADING_CHARS = 200
_MAX_HEADING_SHARE = 0.2
_MOST_LEVELS = 4
_SAME_HEIGHT = 0.12
_HAIR = 0.06
_INDENT = 0.8
_WIDEST_INDENT = 8.0
_LEADING = 1.3
_WINDOW = 3
_MOST_TITLE_LINES = 4
_MAX_NUMBER_CHARS = 6
# Beyond these a page is none that a person reads, and its outline is not looked for.
_MOST_LINES = 2_000
_MOST_ENTRIES = 200


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together."""

    kind: BlockKind
    lines: list[Line] = field(default_factory=list)
    level: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the outline's: what it says, on which page, from 1, and how deep, from 1."""

    title: str
    page: int
    level: int


def paragraphs(pages: list[list[Line]], outline: list[Entry]) -> list[Paragraph]:
    """What the lines of all pages make, in order."""
    levels = _outlined(pages, outline)
    if len(set(levels.values())) < 2 and len(levels) < 2:
        levels = _by_weight(pages, _by_size(pages)) | levels
    else:
        levels = _title(pages, levels) | levels
    leading = _leading(pages)
    found: list[Paragraph] = []
    for lines in pages:
        rights = _column_rights(lines)
        current: Paragraph | None = None
        for at, line in enumerate(lines):
            level = levels.get(id(line), 0)
            if current is None:
                # The text of the page before may go on here.
                begins = not (found and not level and _flows(found[-1], line))
                current = None if begins else found[-1]
            elif level or current.level:
                begins = level != current.level or not _same_heading(current, line)
            else:
                begins = _begins(current, line, lines[at - 1], rights[at - 1], leading)
            if begins or current is None:
                is_item = bool(_BULLET.match(line.text)) or (
                    bool(_NUMBER.match(line.text)) and not level
                )
                kind = BlockKind.ITEM if is_item else BlockKind.PARAGRAPH
                current = Paragraph(BlockKind.HEADING if level else kind, level=level)
                found.append(current)
            current.lines.append(line)
    return found


def _flows(paragraph: Paragraph, line: Line) -> bool:
    """Whether a paragraph goes on with a line at the top of the next column or page."""
    last = paragraph.lines[-1]
    if paragraph.level or last.turn != line.turn or not _same_height(last, line):
        return False
    if last.parts_word:
        return line.text[0].islower()
    return not _SENTENCE_END.search(last.text) and line.text[0].islower()


def _same_height(line: Line, other: Line) -> bool:
    return any(
        abs(one - two) <= _SAME_HEIGHT * max(one, two)
        for one in line.heights
        for two in other.heights
    )


def _same_heading(paragraph: Paragraph, line: Line) -> bool:
    last = paragraph.lines[-1]
    return (
        last.turn == line.turn
        and abs(last.height - line.height) <= 0.05 * line.height
        and -0.3 * last.height < last.low - line.low < 2 * last.height
        and len(paragraph.lines) < _MOST_TITLE_LINES
        and not _NUMBERING.match(line.text)
    )


def _begins(
    paragraph: Paragraph, line: Line, last: Line, right: float, leading: dict[int, float]
) -> bool:
    """Whether a line begins a paragraph of its own after ``last``, the one before it."""
    if last.turn != line.turn or last.bold != line.bold or not _same_height(last, line):
        return True
    height = max(last.height, 1.0)
    down = last.low - line.low
    if down < 0.3 * height or down > 3 * height:
        return not _flows(paragraph, line)
    if down > _LEADING * leading.get(_rounded(height), 1.2 * height):
        return True
    if _BULLET.match(line.text):
        return True
    if last.parts_word:
        return False
    indent = line.left - last.left
    is_first = len(paragraph.lines) == 1
    hangs = paragraph.kind is BlockKind.ITEM and is_first
    ended = bool(_SENTENCE_END.search(last.text))
    # What is set in further is a first line, or the rest of a paragraph whose first line hangs.
    if _INDENT * height < indent < _WIDEST_INDENT * height and not hangs and ended:
        return True
    if indent < -_INDENT * height and not is_first:
        return True
    if (ended or paragraph.kind is BlockKind.ITEM) and _NUMBER.match(line.text):
        return True
    # The line was ended on purpose where the next word would have had room.
    letters = max(len(line.text), 1)
    word = len(line.text.split(" ", 1)[0]) * (line.right - line.left) / letters
    room = right - last.right
    if ended and room > word + height:
        return True
    return room > 2 * word + 4 * height


def _column_rights(lines: list[Line]) -> list[float]:
    """How far the column of each line reaches, by the lines next to it."""
    goes_on = [
        line.turn == below.turn
        and _same_height(line, below)
        and 0.3 * line.height < line.low - below.low < 2 * line.height
        for line, below in pairwise(lines)
    ]
    rights: list[float] = []
    for at in range(len(lines)):
        first = last = at
        while first > 0 and at - first < _WINDOW and goes_on[first - 1]:
            first -= 1
        while last < len(goes_on) and last - at < _WINDOW and goes_on[last]:
            last += 1
        rights.append(max(other.right for other in lines[first : last + 1]))
    return rights


def _rounded(height: float) -> int:
    """Half points."""
    return round(2 * height)


def _leading(pages: list[list[Line]]) -> dict[int, float]:
    """How far lines of each height stand apart, by ``_rounded``."""
    steps: dict[int, list[float]] = {}
    for lines in pages:
        for line, below in pairwise(lines):
            down = line.low - below.low
            if line.turn == below.turn and _same_height(line, below) and 0 < down < 3 * line.height:
                steps.setdefault(_rounded(line.height), []).append(down)
    return {height: median(found) for height, found in steps.items() if len(found) > 2}


def _by_size(pages: list[list[Line]]) -> dict[int, int]:
    """The level of each line that is a heading by its size, by the line's id."""
    chars: Counter[int] = Counter()
    for lines in pages:
        for line in lines:
            chars[_rounded(line.height)] += len(line.text)
    if not chars:
        return {}
    body = chars.most_common(1)[0][0]
    total = chars.total()
    larger = sorted((size for size in chars if size > _LARGER * body), reverse=True)
    # Sizes that differ by a hair are one.
    ranks: dict[int, int] = {}
    for size in larger:
        near = next((other for other in ranks if other - size <= _HAIR * other), None)
        ranks[size] = ranks[near] if near is not None else len(set(ranks.values())) + 1
    if sum(chars[size] for size in larger) > _MAX_HEADING_SHARE * total and total > 2000:
        ranks = {size: rank for size, rank in ranks.items() if rank <= _MOST_LEVELS
                 and chars[size] < _MAX_HEADING_SHARE * total / 2}  # fmt: skip
    return {
        id(line): min(ranks[size], _MOST_LEVELS)
        for lines in pages
        for line in lines
        if (size := _rounded(line.height)) in ranks
        and len(line.text) <= _MAX_HEADING_CHARS
        and sum(map(str.isalpha, line.text)) > 1
        and "@" not in line.text
    }


def _by_weight(pages: list[list[Line]], levels: dict[int, int]) -> dict[int, int]:
    """The same, with the lines that are bold from end to end as headings of the level below."""
    chars = Counter[bool]()
    for lines in pages:
        for line in lines:
            chars[line.bold] += len(line.text)
    if chars[True] > _MAX_HEADING_SHARE * chars.total():
        return levels
    level = min(max(levels.values(), default=0) + 1, _MOST_LEVELS)
    bold = {
        id(line): level
        for lines in pages
        for at, line in enumerate(lines)
        if line.bold
        and not (at and lines[at - 1].parts_word)
        and len(line.text) <= _MAX_HEADING_CHARS
        and sum(map(str.isalpha, line.text)) > 1
        and not line.parts_word
        and not line.text.endswith((".", ",", ";"))
        and "@" not in line.text
    }
    return bold | levels


def _title(pages: list[list[Line]], levels: dict[int, int]) -> dict[int, int]:
    """The largest lines above the outline's first heading, if no heading of it is larger."""
    largest = max(line.height for lines in pages for line in lines if id(line) in levels)
    above = list(takewhile(lambda line: id(line) not in levels, pages[0]))
    top = max((line.height for line in above), default=0.0)
    if top < (1 - _HAIR) * largest:
        return {}
    return {id(line): 1 for line in above if _rounded(line.height) == _rounded(top)}


def _outlined(pages: list[list[Line]], outline: list[Entry]) -> dict[int, int]:
    """The level of each line that the outline names, by the line's id."""
    levels: dict[int, int] = {}
    by_page: dict[int, list[Entry]] = {}
    for entry in outline:
        by_page.setdefault(entry.page, []).append(entry)
    for lines in pages:
        entries = by_page.get(lines[0].page, []) if lines else []
        texts = [_plain(line.text) for line in lines[:_MOST_LINES]] if entries else []
        for entry in entries[:_MOST_ENTRIES]:
            for line in _matching(lines, texts, _plain(entry.title), levels):
                levels[id(line)] = min(max(entry.level, 1), 6)
    return levels


def _matching(
    lines: list[Line], texts: list[str], wanted: str, taken: dict[int, int]
) -> list[Line]:
    """The line, or few in a row, that say ``wanted``, perhaps after a number."""
    if len(wanted) < 2:
        return []
    for at, said in enumerate(texts):
        end = at + 1
        while end < len(texts) and end - at < _MOST_TITLE_LINES and len(said) < len(wanted):
            said += texts[end]
            end += 1
        if said.endswith(wanted) and len(said) - len(wanted) <= _MAX_NUMBER_CHARS:
            found = lines[at:end]
            if not any(id(line) in taken for line in found):
                return found
    return []


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


def without_bullet(text: str) -> str:
    """An item's text without the sign before it."""
    return _BULLET.sub("", text, count=1)
