"""Which terms does a run of texts have, and which number has each?

Each distinct word goes through the analyzer's chain once: the surface forms of words are looked
up (``surfaces.py``), and only those that are new are normalised, folded and stemmed. An index
writer keeps one vocabulary between two spills, counts by the numbers of terms, and takes the
terms themselves from it, sorted, at the end.

Where words as written are wanted too, a number stands for a word and its term together: one stream
of numbers then says both.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from searchkit.analysis.order import SortedStrings, sort, utf8
from searchkit.analysis.surfaces import Surfaces, open_surfaces

_TERM_BYTES = 150
"""About: a str without its characters, a dict entry with its share of free ones, a place in a list,
an int."""

_WORD_BYTES = 60
"""About: what is kept besides for a word, a str without its characters and a place in a list."""


class Chain(Protocol):
    """What an analyzer does to words, one by one, whatever stands around them."""

    def words(self, surfaces: list[str]) -> list[str]:
        """Each surface as a word: whatever is the same to a reader is the same word."""
        ...

    def stems(self, words: list[str], language: str) -> list[str]:
        """The term of each word, in a language."""
        ...

    @property
    def has_languages(self) -> bool:
        """Whether the language matters."""
        ...


class Vocabulary:
    """Numbers the terms of texts from 0 on, in the order of their first occurrence; or, if it
    ``keeps_words``, the pairs of word and term.

    ``language`` is that of a text, by its tag; a surface is looked up among those of its language.

    For one thread. Ids hold until :meth:`clear`; there are fewer than 2**31.
    """

    def __init__(self, analyzer: Chain, *, keeps_words: bool = False) -> None:
        self._analyzer = analyzer
        self._surfaces: dict[str, Surfaces] = {}
        self._of("")
        self.keeps_words = keeps_words
        self._forget()

    def _forget(self) -> None:
        self.terms: list[str] = []
        """Id -> term."""
        self.words: list[str] = [] if self.keeps_words else self.terms
        """Id -> word."""
        self._ids: dict[str, int] = {}
        self._other_ids: dict[tuple[str, str], int] = {}
        """Those of pairs whose word has another term already."""
        self._characters = 0

    def _of(self, language: str) -> Surfaces:
        if not self._analyzer.has_languages:
            language = ""
        if language not in self._surfaces:
            self._surfaces[language] = open_surfaces(partial(self._learn, language))
        return self._surfaces[language]

    def tokenize(self, text: str, out: array[int], language: str = "") -> int:
        """Appends the term id of each word of ``text`` to ``out``, ``array('I')``; how many."""
        before = len(out)
        self._of(language).number([text], out)
        return len(out) - before

    def tokenize_all(
        self, texts: list[str], out: array[int], counts: array[int], language: str = ""
    ) -> None:
        """The same for many texts; appends to ``counts``, ``array('I')``, how many each has."""
        self._of(language).number(texts, out, counts)

    def tokenize_spans(
        self, text: str, out: array[int], spans: array[int], language: str = ""
    ) -> int:
        """As :meth:`tokenize`; appends to ``spans``, ``array('I')``, where each word starts and
        where it stops, in code points of ``text``."""
        before = len(out)
        self._of(language).number([text], out, None, spans)
        return len(out) - before

    def add_terms(self, words: Sequence[str], terms: Sequence[str]) -> list[int]:
        """The ids of words that were analysed elsewhere; equal ones share one."""
        if not self.keeps_words:
            words = terms
        known = self.terms
        before = len(known)
        numbers = []
        for word, term in zip(words, terms, strict=True):
            number = self._ids.setdefault(word, len(known))
            if number < len(known) and known[number] != term:
                number = self._other_ids.setdefault((word, term), len(known))
            if number == len(known):
                known.append(term)
                if self.keeps_words:
                    self.words.append(word)
            numbers.append(number)
        self._characters += sum(map(len, known[before:]))
        if self.keeps_words:
            self._characters += sum(map(len, self.words[before:]))
        return numbers

    def __len__(self) -> int:
        return len(self.terms)

    @property
    def surfaces(self) -> int:
        """How many distinct words the terms stand for."""
        return sum(map(len, self._surfaces.values()))

    @property
    def size_bytes(self) -> int:
        """About how much memory this holds."""
        each = _TERM_BYTES + _WORD_BYTES * self.keeps_words
        surfaces = sum(one.size_bytes for one in self._surfaces.values())
        return surfaces + each * len(self.terms) + self._characters

    def clear(self) -> None:
        """Forgets everything; ids begin at 0 again. ``terms`` and ``words`` are new lists."""
        for surfaces in self._surfaces.values():
            surfaces.clear()
        self._forget()

    def sorted_terms(self) -> SortedStrings:
        """All terms in the order of their UTF-8 bytes, and the rank of each id."""
        return sort(*utf8(self.terms))

    def sorted_words(self) -> SortedStrings:
        """All words in the order of their UTF-8 bytes, and the rank of each id."""
        return sort(*utf8(self.words))

    def _learn(self, language: str, surfaces: list[str]) -> list[int]:
        words = self._analyzer.words(surfaces)
        return self.add_terms(words, self._analyzer.stems(words, language))
