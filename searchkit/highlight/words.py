"""Where do the words of one text stand?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from searchkit.analysis import Token


class Words:
    """The words of text ``number`` of ``field``: by their terms, or ``as_written``."""

    def __init__(
        self, field: str, number: int, tokens: Sequence[Token], *, as_written: bool
    ) -> None:
        self.field = field
        self.number = number
        self._tokens = tokens
        self._places: dict[str, list[int]] = {}
        self._bits_of: dict[str, int] = {}
        place = self._places.setdefault
        for at, token in enumerate(tokens):
            place(token.word if as_written else token.term, []).append(at)

    @property
    def distinct(self) -> Collection[str]:
        """Each word once."""
        return self._places.keys()

    def tokens_of(self, word: str) -> Iterator[Token]:
        """Where ``word`` stands."""
        return map(self._tokens.__getitem__, self._places.get(word, ()))

    def rows(self, words: Sequence[str], slop: int) -> Iterator[tuple[int, int]]:
        """The words that stand in some row of ``words``, each at most ``slop`` places after the one
        before, as offsets into the text. Those of a row that are neighbours are one span.

        Places are bits of numbers, so that the work grows with the words asked for times the words
        of the text, over 64, however many rows there are.
        """
        slop = min(slop, len(self._tokens))
        rows = [self._bits(word) for word in words]
        # What a row can go on from, from its last word to its first; then what one leads to.
        for at in range(len(rows) - 2, -1, -1):
            rows[at] &= _smeared(rows[at + 1] >> 1, slop)
        for at in range(1, len(rows)):
            rows[at] &= _smeared(rows[at - 1] << 1, -slop)
        inside = joined = 0
        for at, row in enumerate(rows):
            inside |= row
            if at + 1 < len(rows):
                joined |= row & rows[at + 1] >> 1
        goes_on = f"{joined:b}"[::-1]
        last = -1
        for first in _set_bits(inside):
            if first <= last:
                continue
            last = goes_on.find("0", first)
            if last < 0:
                last = max(first, len(goes_on))
            yield self._tokens[first].start, self._tokens[last].end

    def _bits(self, word: str) -> int:
        if word not in self._bits_of:
            bits = bytearray(len(self._tokens) // 8 + 1)
            for at in self._places.get(word, ()):
                bits[at >> 3] |= 1 << (at & 7)
            self._bits_of[word] = int.from_bytes(bits, "little")
        return self._bits_of[word]


def _smeared(bits: int, count: int) -> int:
    """``bits`` together with themselves moved by 1 to ``count - 1`` places: down, or up if
    ``count`` is negative.
    """
    wide = 1
    while wide < abs(count):
        step = min(wide, abs(count) - wide)
        bits |= bits >> step if count > 0 else bits << step
        wide += step
    return bits


def _set_bits(bits: int) -> Iterator[int]:
    digits = f"{bits:b}"[::-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)
