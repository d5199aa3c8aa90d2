"""In which other forms is a word found?

What is written with signs inside is typed without them: ``e-mail`` is found as ``email``,
``U.S.A.`` as ``USA``, ``AC/DC`` as ``ACDC``, and the other way round; ``GPUs`` is found as ``GPU``.
``C++`` and ``C#`` have words of their own, since their letter is another language's name. These
forms are indexed after a text's own, in another field, and a query looks for those of its words;
both ask here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import cache, lru_cache
from typing import NamedTuple

from searchkit.analysis.analyzer import Analyzer, Token, open_analyzer
from searchkit.analysis.languages import ACCENTS_ARE_FOREIGN, DEFAULT, without_accents
from searchkit.analysis.marks import APOSTROPHES, MARKS
from searchkit.schema import LANGUAGES

_HYPHENS = "-\u2010\u2011"
_MOST_PARTS = 4
_LONGEST_PART = 30

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}{APOSTROPHES}])*")
_ACCENT = re.compile(
    "[\u00c0-\u024f\u0300-\u036f\u0370-\u03ff\u0401\u0451\u064b-\u0655\u1e00-\u1fff]"
)
_CAPITAL_I = re.compile("[Iİ]")
_WITH_DOTLESS_I = ("tr", "az")

_AFTER = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*")
_DOTTED = re.compile(rf"(?<![\w.])[^\W\d_](?:\.[^\W\d_])+\.?(?![\w{MARKS}])")
_DOT_AND_LETTER = re.compile(r"\.[^\W\d_](?![^\W_])")
"""Few texts have one, and it is looked for by its dot: in a tenth of the time."""
_SHORT = re.compile(r"(?<!\w)[A-Z]{1,4}/[A-Z]{1,4}(?![\w/])")
_ACRONYMS = re.compile(r"(?<![A-Za-z0-9_])([A-Z]{2}[A-Z0-9]{0,8})s(?!\w)")
"""GPUs, RXRs: stemmers take an s for a plural's only after a vowel, and not after a u."""
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
    found += [Form(one[1], *one.span()) for one in _ACRONYMS.finditer(text)]
    if _DOT_AND_LETTER.search(text):
        found += [Form(one[0].replace(".", ""), *one.span()) for one in _DOTTED.finditer(text)]
    return sorted(found, key=lambda form: form.start)


def document_forms(text: str, language: str) -> list[Form]:
    """The other forms of the words of a text of a document.

    A word without its accents is one of them where its stem is another: French *sécurité* is
    stemmed to "secur", and typed as "securite" has the stem "securit". So is a Turkish word in
    capitals, whose I is no i.
    """
    forms = other_forms(text)
    if (language or DEFAULT) not in ACCENTS_ARE_FOREIGN:
        if not text.isascii() and _ACCENT.search(text):
            forms += _in_other_letters(text, language, _ACCENT, _plain)
        if language in _WITH_DOTLESS_I:
            forms += _in_other_letters(text, language, _CAPITAL_I, _turkish)
    return forms


def query_forms(typed: str, languages: Collection[str]) -> list[str]:
    """The other forms of a word, or connected ones, of a query to an index of ``languages``."""
    forms = [form.word for form in other_forms(typed)]
    if _CAPITAL_I.search(typed) and not set(_WITH_DOTLESS_I).isdisjoint(languages):
        forms += [_turkish(one[0]) for one in _WORD.finditer(typed) if _CAPITAL_I.search(one[0])]
    return forms


def document_tokens(analyzer: Analyzer, text: str, language: str) -> list[Token]:
    """The tokens of ``text``, and after them those of what its signs join."""
    return analyzer.tokens(text, language) + _tokens(analyzer, other_forms(text), language)


def form_tokens(analyzer: Analyzer, text: str, language: str) -> list[Token]:
    """The tokens of the other forms of the words of ``text``, which stand where the word does."""
    return _tokens(analyzer, document_forms(text, language), language)


def _tokens(analyzer: Analyzer, forms: list[Form], language: str) -> list[Token]:
    if not forms or not analyzer.has_languages:
        return []
    words = [form.word for form in forms]
    return [
        Token(term, form.start, form.end, word)
        for term, word, form in zip(
            analyzer.analyze(words, language), analyzer.words(words), forms, strict=True
        )
    ]


def _in_other_letters(
    text: str, language: str, letters: re.Pattern[str], other: Callable[[str], str]
) -> list[Form]:
    """The words of ``text`` with some of ``letters``, in others, if they have another term then."""
    found = []
    for one in _WORD.finditer(text):
        if letters.search(one[0]):
            form = _other(one[0], language, other)
            if form:
                found.append(Form(form, *one.span()))
    return found


@lru_cache(50_000)
def _other(word: str, language: str, other: Callable[[str], str]) -> str:
    """``word`` in other letters, or "" if its term is the same."""
    analyzer = _languages()
    form = other(word)
    own, its = analyzer.analyze([word, form], language)
    return "" if own == its else form


@cache
def _languages() -> Analyzer:
    return open_analyzer(LANGUAGES)


def _plain(word: str) -> str:
    return without_accents(_languages().words([word])[0])


def _turkish(word: str) -> str:
    """``word`` in the small letters of Turkish, of which one is ı."""
    return word.replace("I", "ı").replace("İ", "i").lower()


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
