"""Which tokens of a field have the documents that are not yet in a segment?"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate

from searchkit.analysis import Vocabulary
from searchkit.analysis.order import SortedStrings, sort
from searchkit.codec.postings import u32
from searchkit.schema import Field

Terms = Sequence[bytes] | Sequence[tuple[bytes, int]]
"""The terms of a field in order, which stand at 0, 1, 2 and so on, or each with its position."""

_CODE_POINTS_AT_ONCE = 200_000

_GAP = 100
"""Positions between two texts of one field: no phrase reaches across."""


class TermIds:
    """Numbers the terms of fields whose terms are given as bytes."""

    def __init__(self) -> None:
        self._ids: dict[bytes, int] = {}

    def number(self, terms: Sequence[bytes], out: array[int]) -> None:
        ids = self._ids
        out.extend([ids.setdefault(term, len(ids)) for term in terms])

    def sorted_terms(self) -> SortedStrings:
        return sort(b"".join(self._ids), array("I", accumulate(map(len, self._ids))))

    def clear(self) -> None:
        self._ids.clear()

    @property
    def size_bytes(self) -> int:
        return 150 * len(self._ids)


class FieldBuffer:
    """The tokens of one field: numbers of terms, how many each document has, and, once a document
    needs it, their positions.

    Single texts wait to be analysed many at a time, which costs half as much.
    """

    def __init__(self, field: Field, vocabulary: Vocabulary | TermIds) -> None:
        self.field = field
        self.vocabulary = vocabulary
        self.tokens = array("I")
        self.lengths = array("I")
        self.positions: array[int] | None = None
        self._texts: list[str] = []
        self._code_points = 0
        self._language = ""
        """That of the texts that wait."""

    def add_texts(self, texts: str | Sequence[str], doc: int, language: str = "") -> int:
        """Take the texts of document ``doc``; how many tokens have come in by now, since last."""
        if not isinstance(texts, str):
            if len(texts) != 1:
                return self._add_several(texts, doc, language)
            (texts,) = texts
        settled = 0
        if language != self._language:
            settled = self.settle()
            self._language = language
        missing = doc - len(self.lengths) - len(self._texts)
        if missing:
            self._texts += [""] * missing
        self._texts.append(texts)
        self._code_points += len(texts)
        return settled + (self.settle() if self._code_points >= _CODE_POINTS_AT_ONCE else 0)

    def _add_several(self, texts: Sequence[str], doc: int, language: str) -> int:
        assert isinstance(self.vocabulary, Vocabulary)
        settled = self.settle()
        self._pad(doc)
        positions = self._with_positions() if self.field.positions else array("I")
        start = len(self.tokens)
        place = 0
        for text in texts:
            count = self.vocabulary.tokenize(text, self.tokens, language)
            positions.extend(range(place, place + count))
            place += count + _GAP
        self.lengths.append(len(self.tokens) - start)
        return settled + len(self.tokens) - start

    def add_terms(self, terms: Terms, doc: int) -> int:
        """Take the terms of document ``doc``; how many there are."""
        assert isinstance(self.vocabulary, TermIds)
        self._pad(doc)
        if terms and isinstance(terms[0], tuple):
            positions = self._with_positions()
            pairs: Sequence[tuple[bytes, int]] = terms  # type: ignore[assignment]
            positions.extend([place for _, place in pairs])
            self.vocabulary.number([term for term, _ in pairs], self.tokens)
        else:
            if self.positions is not None:
                self.positions.extend(range(len(terms)))
            self.vocabulary.number(terms, self.tokens)  # type: ignore[arg-type]
        self.lengths.append(len(terms))
        return len(terms)

    def settle(self) -> int:
        """Analyse the texts that wait; how many tokens they have."""
        if not self._texts:
            return 0
        assert isinstance(self.vocabulary, Vocabulary)
        before = len(self.tokens)
        counts = array("I")
        self.vocabulary.tokenize_all(self._texts, self.tokens, counts, self._language)
        self.lengths += counts
        if self.positions is not None:
            for count in counts:
                self.positions.extend(range(count))
        self._texts = []
        self._code_points = 0
        return len(self.tokens) - before

    def finish(self, docs: int) -> None:
        """Analyse what waits; there are ``docs`` documents in all."""
        self.settle()
        self._pad(docs)

    def is_whole(self, docs: int) -> bool:
        """Whether each token belongs to one of ``docs`` documents, and each position to a token."""
        tokens = len(self.tokens)
        has_positions = self.positions is None or len(self.positions) == tokens
        return len(self.lengths) == docs and sum(self.lengths) == tokens and has_positions

    def _with_positions(self) -> array[int]:
        """The positions, those of the documents so far written out."""
        if self.positions is None:
            self.positions = array("I")
            for length in self.lengths:
                self.positions.extend(range(length))
        return self.positions

    def _pad(self, docs: int) -> None:
        """The documents before ``docs`` that the field does not have have no tokens in it."""
        if docs > len(self.lengths):
            self.lengths += u32(docs - len(self.lengths))
