"""Where may a text be cut without tearing a character?

What a reader takes for one character may be several code points: a letter with its accents, a
flag, a family of emoji. The rules are those of extended grapheme clusters (Unicode Standard
Annex 29, https://www.unicode.org/reports/tr29/), but where it would need tables that Python lacks,
rather too few cuts than one too many.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
_JOINING = "\u200c\u200d\uff9e\uff9f\u0e33\u0eb3"
_PREPENDED = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd"
_VIRAMA = 9
"""The combining class of the marks that bind a consonant to the next one."""


_MOST_FLAGS = 500
"""So many flags before a place are counted: nobody sees where a longer row of them is cut."""


def is_cut(text: str, at: int, start: int = 0) -> bool:
    """Whether ``text`` may be cut at ``at``: its ends may be, and where a grapheme ends. It may be
    cut at ``start``.
    """
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if after < "\u0300" and before < "\u0300":
        return (before, after) != ("\r", "\n")
    if unicodedata.category(after)[0] == "M" or after in _JOINING or _is_modifier(after):
        # Nothing joins a control character.
        return before in "\r\n"
    if before == _JOINER or before in _PREPENDED:
        return False
    if _is_indicator(before) and _is_indicator(after):
        first = at - 1
        least = max(start, first - 2 * _MOST_FLAGS)
        while first > least and _is_indicator(text[first - 1]):
            first -= 1
        return (at - first) % 2 == 0
    if "\u1160" <= after <= "\u11ff" or "\ud7b0" <= after <= "\ud7ff":
        return False
    if "\u1100" <= before <= "\u115f" or "\ua960" <= before <= "\ua97f":
        return not ("\u1100" <= after <= "\u115f" or "\uac00" <= after <= "\ud7a3")
    return unicodedata.category(after)[0] != "L" or not _binds(text, at)


def graphemes(text: str) -> Iterator[str]:
    """What readers take for the characters of ``text``."""
    start = 0
    for at in range(1, len(text) + 1):
        if is_cut(text, at, start):
            yield text[start:at]
            start = at


def cut_before(text: str, at: int, lowest: int = 0) -> int:
    """The last place from ``lowest`` to ``at`` where ``text`` may be cut; ``at`` if there is
    none.
    """
    place = at
    while place > lowest and not is_cut(text, place):
        place -= 1
    return place if is_cut(text, place) else at


def _binds(text: str, at: int) -> bool:
    """Whether there is a virama among the marks before ``at``."""
    while at and (unicodedata.category(text[at - 1])[0] == "M" or text[at - 1] in _JOINING):
        at -= 1
        if unicodedata.combining(text[at]) == _VIRAMA:
            return True
    return False


def _is_modifier(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f"


def _is_indicator(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
