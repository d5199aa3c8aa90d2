"""Where does a word begin and end?

A word is a run of letters and digits together with the marks that join them: combining marks
(so that decomposed accents and Indic vowel signs stay inside), zero-width joiners, the soft
hyphen, and an apostrophe between two letters or digits. ``\\w`` alone would tear the first of
these apart, and would join words at underscores.
"""

from __future__ import annotations

import re

from searchkit.analysis.marks import MARKS

_LETTER = r"[^\W_]"
_RUN = rf"{_LETTER}(?:{_LETTER}|[{MARKS}\u200c\u200d\u00ad])*"
_APOSTROPHE = "['\u2019\u02bc\uff07]"

WORD = re.compile(rf"{_RUN}(?:{_APOSTROPHE}{_RUN})*")
"""Matches one word; offsets of its matches are offsets into the text, which is never changed."""
