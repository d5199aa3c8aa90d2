"""Where does a word begin and end?

A word is a run of letters and digits together with the marks that join them: combining marks
(so that decomposed accents and Indic vowel signs stay inside), zero-width joiners, the soft
hyphen, and an apostrophe between two letters or digits. ``\\w`` alone would tear the first of
these apart, and would join words at underscores.

Scripts that do not separate words by spaces (Han, kana, Thai and others; Hangul too, whose spaces
separate phrases rather than words) have overlapping words of two characters each, one that begins
at every character; at the last character of a run one that is that character alone. A Han
character, which often is a word, is one by itself everywhere, before the pair that it begins. So a
run is found as the phrase of its words. A character takes the marks with it that follow.
"""

from __future__ import annotations

import re

from searchkit.analysis.marks import APOSTROPHES, COMPOSING, HAN, MARKS, SEGMENTED, UNSPACED

_JOINERS = f"{MARKS}\u200c\u200d\u00ad"
_CHARACTER = rf"(?=[{UNSPACED}{HAN}])[^\W_][{_JOINERS}{COMPOSING}]*"
CHARACTER = re.compile(_CHARACTER)
"""Matches one character of a script without spaces."""
UNSPACED_RUN = re.compile(rf"(?:{_CHARACTER})+")

_SEGMENTED = rf"(?=[{SEGMENTED}{HAN}]){_CHARACTER}"
SEGMENTED_CHARACTER = re.compile(f"[{SEGMENTED}{HAN}]")
SEGMENTED_WORD = re.compile(
    rf"{_SEGMENTED}{_SEGMENTED}[{SEGMENTED}{HAN}{_JOINERS}{COMPOSING}]*|(?=[{HAN}]){_CHARACTER}"
)
"""Matches what may be a word of a dictionary: some such characters, or a Han character alone."""

_PAIR = rf"{_CHARACTER}(?:{_CHARACTER})?"
_LETTER = rf"(?![{UNSPACED}{HAN}])[^\W_]"
_RUN = rf"{_LETTER}(?:{_LETTER}|[{_JOINERS}])*"
_APOSTROPHE = f"[{APOSTROPHES}]"
_SPACED = rf"{_RUN}(?:{_APOSTROPHE}{_RUN})*"

_ANY = rf"[^\W_](?:[^\W_]|[{_JOINERS}])*"
RUN = re.compile(rf"{_ANY}(?:{_APOSTROPHE}{_ANY})*")
"""Matches what stands together: a word, or, where scripts do not separate words, many of them."""

WORD = re.compile(
    rf"(?=(?=[{HAN}])({_CHARACTER}){_CHARACTER})|(?=({_PAIR}|{_SPACED}))(?:{_CHARACTER}|{_SPACED})"
)
"""Its last group is one word. What it matches is that, or, where words overlap, the first character
of it; or nothing, before a Han character that another follows. (A match after an empty one at the
same place may not be empty: so the pair comes next.)"""


def words(text: str) -> list[tuple[str, int, int]]:
    """The words of ``text`` in order, each with where it starts and stops."""
    return [
        (found[found.lastindex or 0], *found.span(found.lastindex or 0))
        for found in WORD.finditer(text)
    ]
