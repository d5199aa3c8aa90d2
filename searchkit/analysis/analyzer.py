"""Which term stands for a word?

The chain is: normalise (NFC; soft hyphens and zero-width joiners out; one kind of apostrophe),
fold case, stem by the text's language, fold accents. It sees a word alone, never its neighbours, so
each distinct word goes through it once and the result is kept.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from threading import Lock
from typing import NamedTuple

from searchkit.analysis.languages import (
    ACCENTS_ARE_FOREIGN,
    DEFAULT,
    folded,
    script_of,
    stemmer,
    stems,
)
from searchkit.analysis.marks import APOSTROPHES
from searchkit.analysis.stopwords import STOP_WORDS
from searchkit.analysis.surfaces import LONGEST_SURFACE
from searchkit.analysis.vocabulary import Vocabulary
from searchkit.schema import LANGUAGES, UNMARKED_LANGUAGES, WORDS

_SOFT_HYPHEN_AND_JOINERS = "\u00ad\u200c\u200d"
_FULL_OR_HALF_WIDTH = re.compile("[\uff01-\uffef]+")
"""Letters as wide as Han characters and kana half as wide, of old terminals and typewriters."""

_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
"""Arabic, Devanagari, Thai: a number is the same in all of them."""

_REMEMBERED_WORDS = 500_000
"""How many distinct words to remember; some 100 MB. Past that the memory starts anew."""


MARK = "@"
"""Parts a stem from its language, where that is not English: "maison@fr". The stem of a word in one
language is a word of another ("tap" of the Italian *tapiri*), and finds nothing there. No word has
the sign in it.
"""


class Token(NamedTuple):
    """A word of a text: its term, where it stands (code points, half open), and the word as the
    text has it, normalised and its case folded.
    """

    term: str
    start: int
    end: int
    word: str


class Analyzer:
    """Turns text into tokens; any thread may. Make one with :func:`open_analyzer`.

    A ``language``, wherever one is given, is the tag of one ("de") or "" for an unknown one; where
    the analyzer is that of one language, it does not matter.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._stems: dict[str, Callable[[list[str]], list[str]] | None] = {}
        self._known = Vocabulary(self, keeps_words=True)
        self._lock = Lock()
        self._stop_terms: dict[tuple[str, ...], frozenset[str]] = {}

    @property
    def has_languages(self) -> bool:
        """Whether the language of a text matters."""
        return self.name in (LANGUAGES, UNMARKED_LANGUAGES)

    @cached_property
    def stop_terms(self) -> frozenset[str]:
        """Those of English; see :meth:`stop_terms_of`."""
        return self.stop_terms_of((DEFAULT,))

    def stop_terms_of(self, languages: Iterable[str]) -> frozenset[str]:
        """The terms of the words that every text is full of. They are indexed and searched like
        all others: what is rare, and so tells passages apart, BM25 knows better than a list.
        """
        key = tuple(languages)
        if key not in self._stop_terms:
            found: set[str] = set()
            for language in key:
                found.update(self.analyze(list(STOP_WORDS.get(language, ())), language))
            self._stop_terms[key] = frozenset(found)
        return self._stop_terms[key]

    def tokens(self, text: str, language: str = "") -> list[Token]:
        """The words of ``text`` in order."""
        ids, spans = array("I"), array("I")
        with self._lock:
            known = self._room()
            terms, words = known.terms, known.words
            known.tokenize_spans(text, ids, spans, language)
        term, word = map(terms.__getitem__, ids), map(words.__getitem__, ids)
        return list(map(_make, zip(term, spans[::2], spans[1::2], word, strict=True)))

    def terms(self, text: str, language: str = "") -> list[str]:
        """The terms of the words of ``text``, in order."""
        ids = array("I")
        with self._lock:
            terms = self._room().terms
            self._known.tokenize(text, ids, language)
        return list(map(terms.__getitem__, ids))

    def analyze(self, words: list[str], language: str = "", *, marks: bool = True) -> list[str]:
        """The term of each of ``words``, of which each is one word already; the bare stem if it
        ``marks`` none.
        """
        # A stemmer is for one thread at a time.
        with self._lock:
            words = self.words(words)
            return self.stems(words, language) if marks else self._bare(words, language)

    def words(self, surfaces: list[str]) -> list[str]:
        """Each of ``surfaces``, which are words as texts have them, normalised and its case
        folded.
        """
        if not surfaces:
            return []
        if max(map(len, surfaces)) > LONGEST_SURFACE:
            surfaces = [surface[:LONGEST_SURFACE] for surface in surfaces]
        return normalised(surfaces)

    def stems(self, words: list[str], language: str = "") -> list[str]:
        """The term of each of ``words``, which :meth:`words` gave."""
        if self.name == WORDS:
            return words
        if not self.has_languages:
            return self._stemmed(words, DEFAULT)
        terms = self._bare(words, language)
        if self.name == UNMARKED_LANGUAGES or language in ("", DEFAULT):
            return terms
        return [
            f"{term}{MARK}{language}" if stems(language, script_of(word)) else term
            for term, word in zip(terms, words, strict=True)
        ]

    def _bare(self, words: list[str], language: str) -> list[str]:
        language = language or DEFAULT
        if language in ACCENTS_ARE_FOREIGN:
            # Or the stem of "résumé" would not be that of "resume".
            words = [word if word.isascii() else folded(word) for word in words]
        found = self._stemmed(words, language)
        joined = "".join(found)
        return found if joined.isascii() and "'" not in joined else list(map(folded, found))

    def _stemmed(self, words: list[str], language: str) -> list[str]:
        if language not in self._stems:
            self._stems[language] = stemmer(language)
        stem = self._stems[language]
        return words if stem is None else stem(words)

    def _room(self) -> Vocabulary:
        if self._known.surfaces >= _REMEMBERED_WORDS:
            self._known.clear()
        return self._known


_make = partial(tuple.__new__, Token)
"""``Token._make``, without the call of a Python function for each."""


def normalised(words: list[str]) -> list[str]:
    """Each of ``words``, which have no line feeds, normalised and its case folded.

    All of them at once, joined by line feeds, which no word has: whatever is done here looks at a
    line by itself, since a line feed neither composes with what stands around it nor moves in a
    sequence of marks (Unicode Standard Annex 15, "Concatenation of Normalized Strings").
    """
    joined = "\n".join(words)
    for char in APOSTROPHES[1:]:
        joined = joined.replace(char, "'")
    if not joined.isascii():
        for char in _SOFT_HYPHEN_AND_JOINERS:
            joined = joined.replace(char, "")
        joined = _FULL_OR_HALF_WIDTH.sub(_compatible, joined)
        joined = _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), joined)
        joined = unicodedata.normalize("NFC", joined)
        # Folding case can undo the composition (the Turkish dotted capital I, for one).
        return unicodedata.normalize("NFC", joined.casefold()).split("\n")
    return joined.lower().split("\n")


def _compatible(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found[0])


_NAMES = ("english", WORDS, LANGUAGES, UNMARKED_LANGUAGES)


def is_analyzer(name: object) -> bool:
    """Whether an analyzer is registered under ``name``."""
    return isinstance(name, str) and name in _NAMES


def open_analyzer(name: str) -> Analyzer:
    """The analyzer registered under ``name``, as an index stores it.

    ``english`` stems with the Snowball English stemmer (Porter 2:
    https://snowballstem.org/algorithms/english/stemmer.html), and leaves accents. ``words`` leaves
    words as they are written, but for their case. ``languages-2`` stems by the language of the
    text, folds accents, and marks the stems of other languages than English; ``languages`` does not
    mark them.

    Raises ``ValueError`` if there is none of that name.
    """
    if not is_analyzer(name):
        raise ValueError(f"no analyzer is named {name!r}")
    return Analyzer(name)
