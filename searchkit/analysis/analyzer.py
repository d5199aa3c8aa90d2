"""Which term stands for a word?

The chain is: normalise (NFC; soft hyphens and zero-width joiners out; one kind of apostrophe),
fold case, stem. It sees a word alone, never its neighbours, so each distinct word goes through
it once and the result is kept.
"""

from __future__ import annotations

import unicodedata
from array import array
from functools import partial
from threading import Lock
from typing import NamedTuple

import Stemmer

from searchkit.analysis.stopwords import STOP_WORDS
from searchkit.analysis.surfaces import LONGEST_SURFACE
from searchkit.analysis.vocabulary import Vocabulary

_SOFT_HYPHEN_AND_JOINERS = "\u00ad\u200c\u200d"
_OTHER_APOSTROPHES = "’ʼ＇"

_REMEMBERED_WORDS = 500_000
"""How many distinct words to remember; some 100 MB. Past that the memory starts anew."""


class Token(NamedTuple):
    """A word of a text: its term, and where it stands (code points, half open)."""

    term: str
    start: int
    end: int


class Analyzer:
    """Turns text into tokens; any thread may. Make one with :func:`open_analyzer`."""

    def __init__(self, name: str, language: str) -> None:
        self.name = name
        self._stem = Stemmer.Stemmer(language, 0).stemWords
        self._known = Vocabulary(self)
        self._lock = Lock()
        self.stop_terms = frozenset(self.analyze(STOP_WORDS[language]))
        """The terms of the words that every text is full of. They are indexed and searched like
        all others: what is rare, and so tells passages apart, BM25 knows better than a list."""

    def tokens(self, text: str) -> list[Token]:
        """The words of ``text`` in order."""
        ids, spans = array("I"), array("I")
        with self._lock:
            terms = self._room().terms
            self._known.tokenize_spans(text, ids, spans)
        found = zip(map(terms.__getitem__, ids), spans[::2], spans[1::2], strict=True)
        return list(map(_make, found))

    def terms(self, text: str) -> list[str]:
        """The terms of the words of ``text``, in order."""
        ids = array("I")
        with self._lock:
            terms = self._room().terms
            self._known.tokenize(text, ids)
        return list(map(terms.__getitem__, ids))

    def analyze(self, words: list[str]) -> list[str]:
        """The term of each of ``words``, of which each is one word already."""
        if not words:
            return []
        if max(map(len, words)) > LONGEST_SURFACE:
            words = [word[:LONGEST_SURFACE] for word in words]
        stems: list[str] = self._stem(_folded(words))
        return stems

    def _room(self) -> Vocabulary:
        if self._known.surfaces >= _REMEMBERED_WORDS:
            self._known.clear()
        return self._known


_make = partial(tuple.__new__, Token)
"""``Token._make``, without the call of a Python function for each."""


def _folded(words: list[str]) -> list[str]:
    """Each of ``words`` normalised, and its case folded.

    All of them at once, joined by line feeds, which no word has: whatever is done here looks at a
    line by itself, since a line feed neither composes with what stands around it nor moves in a
    sequence of marks (Unicode Standard Annex 15, "Concatenation of Normalized Strings").
    """
    joined = "\n".join(words)
    if not joined.isascii():
        for char in _SOFT_HYPHEN_AND_JOINERS:
            joined = joined.replace(char, "")
        for char in _OTHER_APOSTROPHES:
            joined = joined.replace(char, "'")
        joined = unicodedata.normalize("NFC", joined)
        # Folding case can undo the composition (the Turkish dotted capital I, for one).
        return unicodedata.normalize("NFC", joined.casefold()).split("\n")
    return joined.lower().split("\n")


_LANGUAGES = {"english": "english"}


def is_analyzer(name: object) -> bool:
    """Whether an analyzer is registered under ``name``."""
    return isinstance(name, str) and name in _LANGUAGES


def open_analyzer(name: str) -> Analyzer:
    """The analyzer registered under ``name``, as an index stores it.

    ``english`` stems with the Snowball English stemmer (Porter 2:
    https://snowballstem.org/algorithms/english/stemmer.html).

    Raises ``ValueError`` if there is none of that name.
    """
    if not is_analyzer(name):
        raise ValueError(f"no analyzer is named {name!r}")
    return Analyzer(name, _LANGUAGES[name])
