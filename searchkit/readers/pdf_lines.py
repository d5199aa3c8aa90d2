"""Which lines stand where on a page of a PDF?

PDFium gives a page's characters in the order in which they were drawn, with its guesses of spaces
and line ends between them. Asking it for the place of each character would take most of the time,
so only the first and the last of each line are asked for.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from math import isfinite, pi
from typing import Any

# PDFium writes U+FFFE (earlier U+0002) for a hyphen at a line's end, without the line end.
_LINE_END = re.compile(r"\r\n|[\r\n\x0b\x0c\u2028\u2029]|(?<=\w)[\ufffe\x02](?=\S)")
_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u2010": "-",
        "\u00a0": " ",
    }
)
_SPACED = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){4,}(?!\S)")
_LETTER = re.compile(r"[^\W_]")
_LEADERS = re.compile(r"\s*(?:\.\s?){5,}")
_MARK = re.compile(r"\d{1,3}|[*∗†‡§¶]{1,3}")
# CSS calls this semi-bold.
_BOLD = 600
_SAMPLES = 4
_NAME_BYTES = 100
_MOST_LINES = 20_000


@dataclass(slots=True)
class Line:
    """A line of text. ``left``, ``right``, ``low`` and ``high`` are points, as the text runs: for
    text that runs up the page, ``left`` is its lower end. ``turn`` counts quarter turns.
    """

    text: str
    page: int
    left: float
    right: float
    low: float
    high: float
    turn: int = 0
    bold: bool = False
    heights: tuple[float, ...] = ()
    """Of some of its letters: small capitals and words in another font have other ones."""
    hyphenated: bool = False

    @property
    def height(self) -> float:
        return self.high - self.low

    @property
    def parts_word(self) -> bool:
        """Whether its last word goes on in the next line."""
        return self.hyphenated or (self.text[-1:] == "-" and self.text[-2:-1].isalpha())


def page_lines(raw: Any, text_page: Any, number: int) -> list[Line]:
    """The lines of a page, from ``pypdfium2.raw`` and its text page, in the order drawn."""
    text: str = text_page.get_text_range()
    lines: list[Line] = []
    start = 0
    for end, after, hyphenated in _line_ends(text):
        line = _line(raw, text_page, text, start, end, number)
        start = after
        if line is None:
            continue
        line.hyphenated = hyphenated
        if lines and _is_mark(lines[-1], line):
            continue
        if lines and _is_beside(lines[-1], line):
            _join(lines[-1], line)
        else:
            lines.append(line)
        if len(lines) >= _MOST_LINES:
            break
    for line in lines:
        line.text = _readable(line.text)
    return lines


def _line_ends(text: str) -> list[tuple[int, int, bool]]:
    ends = [
        (found.start(), found.end(), found[0] in "\ufffe\x02") for found in _LINE_END.finditer(text)
    ]
    return [*ends, (len(text), len(text), False)]


def _line(raw: Any, text_page: Any, text: str, start: int, end: int, number: int) -> Line | None:
    said = text[start:end]
    first = start + len(said) - len(said.lstrip())
    said = said.strip()
    if not said:
        return None
    last = first + len(said) - 1
    first = raw.FPDFText_GetCharIndexFromTextIndex(text_page.raw, first)
    last = raw.FPDFText_GetCharIndexFromTextIndex(text_page.raw, last)
    angle = raw.FPDFText_GetCharAngle(text_page.raw, first)
    turn = round(angle / (pi / 2)) % 4 if isfinite(angle) else 0
    one, other = _box(raw, text_page, first, turn), _box(raw, text_page, last, turn)
    # Brackets and signs come from fonts of their own, of other heights.
    letters = (_LETTER.search(said, start) for start in (0, len(said) // 2))
    places = [min(first + found.start(), last) for found in letters if found]
    boxes = [other, *(_box(raw, text_page, place, turn) for place in places)]
    boxes.sort(key=lambda box: box[3] - box[2])
    usual = boxes[len(boxes) // 2]
    return Line(
        text=said,
        page=number,
        left=min(one[0], other[0]),
        right=max(one[1], other[1]),
        low=usual[2],
        high=usual[3],
        turn=turn,
        heights=tuple(box[3] - box[2] for box in boxes),
        bold=all(
            _is_bold(raw, text_page, first + (last - first) * at // _SAMPLES)
            for at in (0, _SAMPLES, 1, 2, 3)
        ),
    )


def _box(raw: Any, text_page: Any, at: int, turn: int) -> tuple[float, float, float, float]:
    """Left, right, low and high of a character, as its text runs; by the font's height, not by the
    glyph's, so that all characters of a line have the same.
    """
    box = raw.FS_RECTF()
    if at < 0 or not raw.FPDFText_GetLooseCharBox(text_page.raw, at, ctypes.byref(box)):
        return 0.0, 0.0, 0.0, 0.0
    if not all(map(isfinite, (box.left, box.right, box.bottom, box.top))):
        return 0.0, 0.0, 0.0, 0.0
    left, right = sorted((box.left, box.right))
    low, high = sorted((box.bottom, box.top))
    return (
        (left, right, low, high),
        (low, high, -right, -left),
        (-right, -left, -high, -low),
        (-high, -low, left, right),
    )[turn]


def _is_bold(raw: Any, text_page: Any, at: int) -> bool:
    weight: int = raw.FPDFText_GetFontWeight(text_page.raw, at)
    if weight > 0:
        return weight >= _BOLD
    # Fonts that a viewer must have (Helvetica and the like) come without a weight.
    name = ctypes.create_string_buffer(_NAME_BYTES)
    raw.FPDFText_GetFontInfo(text_page.raw, at, name, _NAME_BYTES, ctypes.c_int())
    return b"bold" in name.value.lower()


def _is_beside(line: Line, next_line: Line) -> bool:
    """Whether the next goes on in the same row: a cell, or a mark set higher."""
    if line.turn != next_line.turn or line.hyphenated:
        return False
    shared = min(line.high, next_line.high) - max(line.low, next_line.low)
    lower = min(line.height, next_line.height)
    # Heights of zero are those of characters whose place is not known.
    if lower <= 0 or shared < 0.5 * lower:
        return False
    return next_line.left > line.right - 0.5 * lower


def _is_mark(line: Line, next_line: Line) -> bool:
    """Whether the next is a footnote's mark inside of a line, drawn after it."""
    return (
        bool(_MARK.fullmatch(next_line.text))
        and line.turn == next_line.turn
        and next_line.height < 0.85 * line.height
        and line.left < next_line.left < line.right
        and line.low < next_line.high < line.high + line.height
    )


def _join(line: Line, next_line: Line) -> None:
    gap = next_line.left - line.right
    close = gap < 0.1 * line.height and (
        next_line.text[:1] in ",.;:)" or abs(line.height - next_line.height) < 0.05 * line.height
    )
    separator = "" if close else " "
    line.text += separator + next_line.text
    if next_line.right - next_line.left > line.right - line.left:
        line.low, line.high = next_line.low, next_line.high
    line.heights += next_line.heights
    line.bold = line.bold and next_line.bold
    line.right = max(line.right, next_line.right)
    line.hyphenated = next_line.hyphenated


def _readable(text: str) -> str:
    """Without ligatures, and l e t t e r s set apart brought together."""
    text = _LEADERS.sub(" … ", text.translate(_LIGATURES))
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
