"""How many words does a text have?"""

from __future__ import annotations

import re

from searchkit.analysis.words import RUN

_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
# Thai, Lao, Burmese, Khmer, kana, Han, and the two blocks of rarer Han: no spaces between words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
UNSPACED_RUN = re.compile(f"[{_UNSPACED}\U00020000-\U0003ffff]+")
CHARS_PER_WORD = 2
PLACE = re.compile(rf"[{_UNSPACED}\U00020000-\U0003ffff]|{RUN.pattern}")


def count_words(text: str) -> int:
    """How many words ``text`` has; of scripts without spaces, two characters count as one."""
    if text.isascii():
        return len(_ASCII_WORD.findall(text))
    unspaced = sum(len(run) for run in UNSPACED_RUN.findall(text))
    if not unspaced:
        return len(RUN.findall(text))
    return len(RUN.findall(UNSPACED_RUN.sub(" ", text))) + -(-unspaced // CHARS_PER_WORD)
