"""How does a language make terms of words?

Snowball's stemmer of the language (https://snowballstem.org/algorithms/), then what people leave
out when they type: accents of Latin and Greek letters, Arabic and Hebrew vowel signs. It comes
after stemming if that needs the accents. A letter that merely decomposes in Unicode but is another
letter to its readers stays: the Russian й is no и.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import Stemmer

_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""What PyStemmer has of its language, by tag; some versions lack a few."""

_SCRIPTS = {
    "ar": "ARABIC",
    "el": "GREEK",
    "fa": "ARABIC",
    "hi": "DEVANAGARI",
    "hy": "ARMENIAN",
    "ne": "DEVANAGARI",
    "ru": "CYRILLIC",
    "ta": "TAMIL",
    "yi": "HEBREW",
}
"""Whose words the stemmers of these change; those of the others change Latin ones, the Serbian
both.
"""

_SAME_AS = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "hr": "hr", "bs": "hr"}

ACCENTS_ARE_FOREIGN = frozenset({"en", "id"})
"""Languages whose stemmers know no accents, and take an é for a letter that is no vowel."""

DEFAULT = "en"
"""The language of what is too short to tell: names, numbers, code."""


def primary(tag: str) -> str:
    """The language of a tag of BCP 47, "de" of "de-AT"; "" for what is none."""
    first = tag.strip().lower().replace("_", "-").partition("-")[0]
    if not (2 <= len(first) <= 3 and first.isascii() and first.isalpha()) or first == "und":
        return ""
    return _SAME_AS.get(first, first)


@cache
def _algorithms() -> frozenset[str]:
    return frozenset(Stemmer.algorithms())


_LATIN = re.compile("[a-z]")


def script_of(word: str) -> str:
    """The script of ``word``, as Unicode names it: "LATIN" if it has letters from a to z (μcells),
    else that of its first letter, or "" for none.
    """
    if word.isascii():
        return "" if word.isdigit() else "LATIN"
    if _LATIN.search(word):
        return "LATIN"
    for char in word:
        if char.isalpha():
            return unicodedata.name(char, "").partition(" ")[0]
    return ""


def stems(language: str, script: str) -> bool:
    """Whether the language's stemmer changes words of ``script``."""
    language = language or DEFAULT
    if language not in _SNOWBALL:
        return False
    return script == _SCRIPTS.get(language, "LATIN") or (language, script) == ("sr", "CYRILLIC")


def stemmer(language: str) -> Callable[[list[str]], list[str]] | None:
    """What gives the stems of words, for one thread; None for a language without."""
    name = _SNOWBALL.get(language)
    if name is None or name not in _algorithms():
        return None
    stem: Callable[[list[str]], list[str]] = Stemmer.Stemmer(name, 0).stemWords
    return stem


_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىی", "ي"),
        **{chr(sign): "" for sign in (*range(0x064B, 0x0656), 0x0670)},
        **{chr(sign): "" for sign in range(0x0591, 0x05C8) if unicodedata.combining(chr(sign))},
        "\u0640": "",
        "ک": "ك",
        "ё": "е",
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
    }
)

_ACCENTS = re.compile("([a-z\u0370-\u03ff])[\u0300-\u036f]+")


def folded(term: str) -> str:
    """``term`` as it is typed by those who leave accents and apostrophes out (dogs', O'Brien)."""
    return without_accents(term.replace("'", "") or term)


def without_accents(term: str) -> str:
    """``term`` as it is typed by those who leave accents out."""
    if term.isascii():
        return term
    bare = _ACCENTS.sub(r"\1", unicodedata.normalize("NFD", term.translate(_LETTERS)))
    return unicodedata.normalize("NFC", bare) or term
