"""Which terms does a run of texts have, and which number has each?

Each distinct word goes through the analyzer's chain once: the surface forms of words are looked
up (``surfaces.py``), and only those that are new are normalised, folded and stemmed. An index
writer keeps one vocabulary between two spills, counts by the numbers of terms, and takes the
terms themselves from it, sorted, at the end.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import count
from typing import Protocol

from searchkit.analysis.order import SortedStrings, sort, utf8
from searchkit.analysis.surfaces import open_surfaces

_TERM_BYTES = 150
"""About: a str without its characters, a dict entry with its share of free ones, a place in a list,
an int."""


class Chain(Protocol):
    """What an analyzer does to words, one by one, whatever stands around them."""

    def analyze(self, words: list[str]) -> list[str]: ...


class Vocabulary:
    """Numbers the terms of texts from 0 on, in the order of their first occurrence.

    For one thread. Term ids hold until :meth:`clear`; there are fewer than 2**31.
    """

    def __init__(self, analyzer: Chain) -> None:
        self._analyzer = analyzer
        self._surfaces = open_surfaces(self._learn)
        self.terms: list[str] = []
        """Term id -> term."""
        self._ids: dict[str, int] = {}
        self._characters = 0

    def tokenize(self, text: str, out: array[int]) -> int:
        """Appends the term id of each word of ``text`` to ``out``, ``array('I')``; how many."""
        before = len(out)
        self._surfaces.number([text], out)
        return len(out) - before

    def tokenize_all(self, texts: list[str], out: array[int], counts: array[int]) -> None:
        """The same for many texts; appends to ``counts``, ``array('I')``, how many each has."""
        self._surfaces.number(texts, out, counts)

    def tokenize_spans(self, text: str, out: array[int], spans: array[int]) -> int:
        """As :meth:`tokenize`; appends to ``spans``, ``array('I')``, where each word starts and
        where it stops, in code points of ``text``."""
        before = len(out)
        self._surfaces.number([text], out, None, spans)
        return len(out) - before

    def add_terms(self, terms: Sequence[str]) -> list[int]:
        """The ids of terms that were analysed elsewhere; equal terms share one."""
        ids = self._ids
        new = [term for term in dict.fromkeys(terms) if term not in ids]
        ids.update(zip(new, count(len(ids)), strict=False))
        self.terms += new
        self._characters += sum(map(len, new))
        return list(map(ids.__getitem__, terms))

    def __len__(self) -> int:
        return len(self.terms)

    @property
    def surfaces(self) -> int:
        """How many distinct words the terms stand for."""
        return len(self._surfaces)

    @property
    def size_bytes(self) -> int:
        """About how much memory this holds."""
        return self._surfaces.size_bytes + _TERM_BYTES * len(self.terms) + self._characters

    def clear(self) -> None:
        """Forgets everything; ids begin at 0 again. ``terms`` is a new list."""
        self._surfaces.clear()
        self.terms = []
        self._ids = {}
        self._characters = 0

    def sorted_terms(self) -> SortedStrings:
        """All terms in the order of their UTF-8 bytes, and the rank of each term id."""
        return sort(*utf8(self.terms))

    def _learn(self, surfaces: list[str]) -> list[int]:
        return self.add_terms(self._analyzer.analyze(surfaces))
