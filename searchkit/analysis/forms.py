"""In which other forms is a word found?

What is written with signs inside is typed without them: ``e-mail`` is found as ``email``,
``U.S.A.`` as ``USA``, ``AC/DC`` as ``ACDC``, and the other way round. ``C++`` and ``C#`` have words
of their own, since their letter is another language's name. These forms are indexed after a text's
own, in another field, and a query looks for those of its words; both ask here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from searchkit.analysis.analyzer import Analyzer, Token
from searchkit.analysis.marks import MARKS

_HYPHENS = "-\u2010\u2011"
_MOST_PARTS = 4
_LONGEST_PART = 30

_AFTER = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*")
_DOTTED = re.compile(rf"(?<![\w.])[^\W\d_](?:\.[^\W\d_])+\.?(?![\w{MARKS}])")
_DOT_AND_LETTER = re.compile(r"\.[^\W\d_](?![^\W_])")
"""Few texts have one, and it is looked for by its dot: in a tenth of the time."""
_SHORT = re.compile(r"(?<!\w)[A-Z]{1,4}/[A-Z]{1,4}(?![\w/])")
_SIGNED = re.compile(r"(?<!\w)([A-Za-z])(\+\+|#)(?![\w#+])")
_SIGNS = {"++": "plusplus", "#": "sharp"}


class Form(NamedTuple):
    """Another form of ``text[start:end]``."""

    word: str
    start: int
    end: int


def other_forms(text: str) -> list[Form]:
    """The other forms of the words of ``text``, in order."""
    found: list[Form] = []
    for hyphen in _HYPHENS:
        if hyphen in text:
            found += _joined(text, hyphen)
    if "/" in text:
        found += [Form(one[0].replace("/", ""), *one.span()) for one in _SHORT.finditer(text)]
    if "++" in text or "#" in text:
        found += [Form(one[1] + _SIGNS[one[2]], *one.span()) for one in _SIGNED.finditer(text)]
    if _DOT_AND_LETTER.search(text):
        found += [Form(one[0].replace(".", ""), *one.span()) for one in _DOTTED.finditer(text)]
    return sorted(found, key=lambda form: form.start)


def document_tokens(analyzer: Analyzer, text: str, language: str) -> list[Token]:
    """The tokens of ``text``, and after them those of its other forms."""
    return analyzer.tokens(text, language) + form_tokens(analyzer, text, language)


def form_tokens(analyzer: Analyzer, text: str, language: str) -> list[Token]:
    """The tokens of the other forms of the words of ``text``, which stand where the word does."""
    forms = other_forms(text) if analyzer.has_languages else []
    if not forms:
        return []
    words = [form.word for form in forms]
    return [
        Token(term, form.start, form.end, word)
        for term, word, form in zip(
            analyzer.analyze(words, language), analyzer.words(words), forms, strict=True
        )
    ]


def _joined(text: str, hyphen: str) -> list[Form]:
    """What ``hyphen`` joins, up to four parts, of which one has a letter."""
    found: list[Form] = []
    at = text.find(hyphen)
    while at >= 0:
        start = stop = at
        while start > max(0, at - _LONGEST_PART) and _is_in_word(text[start - 1]):
            start -= 1
        before = text[start:at]
        parts = []
        while before and stop < len(text) and text[stop] == hyphen:
            after = _AFTER.match(text, stop + 1, stop + 1 + _LONGEST_PART)
            if after is None:
                break
            parts.append(after[0])
            stop = after.end()
        if before and parts and len(parts) < _MOST_PARTS:
            word = before + "".join(parts)
            if not word.isdigit():
                found.append(Form(word, start, stop))
        at = text.find(hyphen, max(stop, at + 1))
    return found


def _is_in_word(char: str) -> bool:
    return char.isalnum() or unicodedata.combining(char) != 0
