"""Which term stands for a word?

The chain is: normalise (NFC; soft hyphens and zero-width joiners out; one kind of apostrophe),
fold case, stem. It sees a word alone, never its neighbours, so each distinct word goes through
it once and the result is kept.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import Stemmer

from searchkit.analysis.stopwords import STOP_WORDS
from searchkit.analysis.words import WORD

_NORMALISE = str.maketrans(
    {"\u00ad": None, "\u200c": None, "\u200d": None, "’": "'", "ʼ": "'", "＇": "'"}
)

_REMEMBERED_WORDS = 500_000
"""How many distinct words to remember; some 100 MB. Past that the memory starts anew."""

_LONGEST_WORD = 255
"""In code points; what lies beyond does not tell one word from another."""


class Token(NamedTuple):
    """A word of a text: its term, and where it stands (code points, half open)."""

    term: str
    start: int
    end: int


class Analyzer:
    """Turns text into tokens. Make one with :func:`open_analyzer`."""

    def __init__(self, name: str, language: str) -> None:
        self.name = name
        self._stem = Stemmer.Stemmer(language, 0).stemWord
        self._terms: dict[str, str] = {}
        self.stop_terms = frozenset(map(self._term, STOP_WORDS[language]))
        """The terms of the words that every text is full of. They are indexed and searched like
        all others: what is rare, and so tells passages apart, BM25 knows better than a list."""

    def tokens(self, text: str) -> list[Token]:
        """The words of ``text`` in order."""
        known = self._terms
        found = []
        for match in WORD.finditer(text):
            word = match.group()
            term = known.get(word)
            if term is None:
                term = self._remember(word)
            found.append(Token(term, match.start(), match.end()))
        return found

    def terms(self, text: str) -> list[str]:
        """The terms of the words of ``text``, in order."""
        return [token.term for token in self.tokens(text)]

    def _remember(self, word: str) -> str:
        if len(self._terms) >= _REMEMBERED_WORDS:
            self._terms.clear()
        term = self._terms[word] = self._term(word)
        return term

    def _term(self, word: str) -> str:
        plain = unicodedata.normalize("NFC", word[:_LONGEST_WORD].translate(_NORMALISE))
        # Folding case can undo the composition (the Turkish dotted capital I, for one).
        folded = unicodedata.normalize("NFC", plain.casefold())
        stem: str = self._stem(folded)
        return stem


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
