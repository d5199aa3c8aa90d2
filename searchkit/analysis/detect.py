"""Which language is a text in?

By its script where that tells, else by a vote: of the words at its beginning, those that every
text of a language is full of (``stopwords.py``), each weighing the less the more languages share
it. It takes some 20 microseconds for a kilobyte. What decides is no probability but a count that a
short list, or a line of code, does not reach: then the language is unknown, "".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from operator import itemgetter

from searchkit.analysis.languages import primary
from searchkit.analysis.stopwords import STOP_WORDS

_LOOKED_AT = 1_000
"""Code points at the beginning."""

_LEAST_VOTES = 1.5
_LEAST_SHARE = 0.06
"""Of the words: running text has 0.3 and more, lists of names nearly none."""
_LEAST_LEAD = 1.15

_ENGLISH_SHARE = 0.12
"""Of words that no other language has: so many decide at once, for most texts are English."""

_EDGES = ".,;:!?\"'()[]«»„“”‚‘’…-–—"

_OTHER_SCRIPTS = re.compile("[\u0370-\U0003ffff]")

_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
"""The language that a script is taken for where no vote tells, and what its letters are."""

_BY_SCRIPT = {
    "ar": ("ar", "fa"),
    "he": ("he", "yi"),
    "hi": ("hi", "ne"),
    "ru": ("ru", "uk", "bg", "sr"),
}
"""Where several languages share one script, those that the vote knows."""

_OF_ITS_OWN = (
    ("uk", re.compile("[іїєґ]")),
    ("sr", re.compile("[ђјљњћџ]")),
    ("ru", re.compile("[ыэё]")),
    ("fa", re.compile("[پچژگ]")),
)
"""Letters that only one of those has."""


def language_of(text: str, stated: str = "") -> str:
    """The language of ``text``, as the tag of one ("de"), or "".

    ``stated`` is what its document says, a tag, which is believed unless the text clearly is in
    another language: pages made from templates say "en" whatever they are in.
    """
    said = primary(stated)
    found = _found(text[:_LOOKED_AT])
    if not found or (said and said != found and said not in _KNOWN):
        # Of a language that has no list the vote knows nothing.
        return said or found
    return found


@cache
def _votes() -> dict[str, tuple[tuple[str, float], ...]]:
    """For each word, which languages it speaks for, and how much."""
    languages: dict[str, list[str]] = {}
    for language, words in STOP_WORDS.items():
        for word in dict.fromkeys(words):
            languages.setdefault(word, []).append(language)
    return {
        word: tuple((language, 1 / len(some)) for language in some)
        for word, some in languages.items()
        if len(word) > 1 or not word.isascii() or len(some) < 6
    }


_KNOWN = frozenset(STOP_WORDS) | {language for language, _ in _SCRIPTS}


@cache
def _only_english() -> frozenset[str]:
    return frozenset(word for word, some in _votes().items() if some == (("en", 1.0),))


def _found(text: str) -> str:
    if not text.isascii() and _OTHER_SCRIPTS.search(text):
        script = _script(text)
        if script and script not in _BY_SCRIPT:
            return script
        if script:
            return _among(text, _BY_SCRIPT[script]) or script
    return _among(text, None)


def _script(text: str) -> str:
    """The language of the script of most letters, or "" for Latin."""
    letters = sum(map(str.isalpha, text))
    if 2 * len(_OTHER_SCRIPTS.findall(text)) < letters:
        return ""
    for language, of_script in _SCRIPTS:
        count = len(of_script.findall(text))
        # A Japanese text is kana by a third at the least; a Chinese one has none.
        if count * (8 if language == "ja" else 2) > letters:
            return language
    return ""


def _among(text: str, languages: tuple[str, ...] | None) -> str:
    words = text.lower().split()
    if languages is None:
        english = sum(map(_only_english().__contains__, words))
        if english > max(3, _ENGLISH_SHARE * len(words)):
            return "en"
    votes = _votes()
    counts: dict[str, float] = defaultdict(float)
    for word, times in Counter([word.strip(_EDGES) for word in words]).items():
        for language, weight in votes.get(word, ()):
            counts[language] += weight * min(times, 5)
    if languages is not None:
        counts = {one: counts[one] for one in languages}
        for language, letters in _OF_ITS_OWN:
            if language in languages:
                counts[language] += len(letters.findall(text)) / 4
    # A tie goes to none: the second has as many.
    (best, most), (_, second) = [
        *sorted(counts.items(), key=itemgetter(1), reverse=True)[:2],
        *[("", 0.0)] * 2,
    ][:2]
    clear = most >= max(_LEAST_VOTES, _LEAST_SHARE * len(words)) and most >= _LEAST_LEAD * second
    return best if clear else ""
