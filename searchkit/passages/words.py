"""How many words does a text have?"""

from __future__ import annotations

import re
from functools import cache

from searchkit.analysis.surfaces import character_classes
from searchkit.analysis.words import RUN
from searchkit.kernels import words as kernel

_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
# Thai, Lao, Burmese, Khmer, kana, Han, and the two blocks of rarer Han: no spaces between words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
CHARS_PER_WORD = 2
PLACE = re.compile(rf"[{_UNSPACED}]|{RUN.pattern}")
_OTHER_BITS = bytes(bits % kernel.UNSPACED for bits in range(256))
"""Which scripts are without spaces, passages decide for themselves: Hangul has some."""


def count_words(text: str) -> int:
    """How many words ``text`` has; of scripts without spaces, two characters count as one."""
    words, unspaced = counted(text)
    return words + -(-unspaced // CHARS_PER_WORD)


def counted(text: str) -> tuple[int, int]:
    """How many words ``text`` has besides, and how many characters of scripts without spaces."""
    if kernel.COMPILED:
        words, unspaced = kernel.count(text, classes())
        return words, unspaced
    if text.isascii():
        return len(_ASCII_WORD.findall(text)), 0
    unspaced = sum(map(len, UNSPACED_RUN.findall(text)))
    return len(RUN.findall(UNSPACED_RUN.sub(" ", text) if unspaced else text)), unspaced


@cache
def classes() -> bytes:
    """What the kernel is told of each character."""
    table = bytearray(kernel.CLASSES_LENGTH)
    known = character_classes()
    table[: len(known)] = known.translate(_OTHER_BITS)
    for first, last in re.findall("(.)-(.)", _UNSPACED):
        span = range(ord(first), ord(last) + 1)
        table[span.start : span.stop] = bytes([kernel.UNSPACED]) * len(span)
    return bytes(table)
