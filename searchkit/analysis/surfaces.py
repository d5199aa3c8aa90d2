"""Which number has a word, and is it one that was not seen before?

Two roads to the same numbers: the kernel's hash table where it is compiled, a regular expression
and a dict where it is not. Both ask ``learn`` for the numbers of surfaces that are new to them:
a surface is a word as a text has it, cut at 255 code points.
"""

from __future__ import annotations

import functools
import os
import re
from array import array
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple, Protocol

from searchkit.analysis.marks import APOSTROPHES, COMPOSING, HAN, MARKS, UNSPACED
from searchkit.kernels import tokenize as kernel

LONGEST_SURFACE = 255
"""In code points; what lies beyond does not tell one word from another."""

Learn = Callable[[list[str]], list[int]]


class Surfaces(Protocol):
    """The distinct words seen since :meth:`clear`, each with its number."""

    def __len__(self) -> int: ...

    @property
    def size_bytes(self) -> int: ...

    def clear(self) -> None: ...

    def number(
        self,
        texts: list[str],
        out: array[int],
        counts: array[int] | None = None,
        spans: array[int] | None = None,
    ) -> None:
        """Appends to ``out`` (``'I'``) the number of each word of ``texts``, in order.

        Appends to ``counts`` (``'I'``) how many words each text has, and to ``spans`` (``'I'``)
        where each word starts and stops, in code points of its text.
        """
        ...


@functools.cache
def character_classes() -> bytes:
    """What a code point below 0x20000 is in a word: bits as the kernel has them. 0.7 ms."""
    classes = bytearray(kernel.CLASSES_LENGTH)
    kernel.mark_letters(classes)
    for first, last in re.findall(r"(.)(?:-(.))?", MARKS, re.DOTALL):
        start, stop = ord(first), ord(last or first) + 1
        if start < kernel.CLASSES_LENGTH:
            for at in range(start, stop):
                classes[at] |= kernel.JOINER
    for blocks, letters in ((UNSPACED, _AS_UNSPACED), (HAN, _AS_HAN)):
        for first, last in re.findall("(.)-(.)", blocks):
            start, stop = ord(first), ord(last) + 1
            if start < kernel.CLASSES_LENGTH:
                classes[start:stop] = classes[start:stop].translate(letters)
    for first, last in re.findall(r"(.)-(.)", COMPOSING):
        for at in range(ord(first), ord(last) + 1):
            classes[at] |= kernel.JOINER
    for char in "\u200c\u200d\u00ad":
        classes[ord(char)] |= kernel.JOINER
    for char in APOSTROPHES:
        classes[ord(char)] |= kernel.APOSTROPHE
    return bytes(classes)


_AS_UNSPACED, _AS_HAN = (
    bytes(kind | bits if kind & kernel.LETTER else kind for kind in range(256))
    for bits in (kernel.UNSPACED, kernel.UNSPACED | kernel.HAN)
)


class Sizes(NamedTuple):
    """What the kernel's buffers hold at first; only tests have reason for others."""

    slots: int = 1 << 12
    """Of the hash table, a power of two from 4 on; doubled when half of them are taken."""
    pool_bytes: int = 1 << 16
    """For long surfaces; doubled when there may be no room for another."""
    words: int = 1 << 15
    """Between two stops of the kernel; this does not grow."""
    new: int = 1 << 11
    """Surfaces between two stops of the kernel; this does not grow."""


class HashedSurfaces:
    """The kernel's road. Not for several threads at once."""

    def __init__(
        self,
        learn: Learn,
        sizes: Sizes = Sizes(),  # noqa: B008 (it is immutable)
        *,
        seed: int | None = None,
        kernel: ModuleType = kernel,
    ) -> None:
        self._learn = learn
        self._sizes = sizes
        self._kernel = kernel
        self._seed = int.from_bytes(os.urandom(7), "little") if seed is None else seed
        self._classes = character_classes()
        self._out = array("I", bytes(4 * sizes.words))
        self._spans = array("I")
        self._state = array("q")
        self.clear()

    def clear(self) -> None:
        self._table = array("Q", bytes(8 * kernel.SLOT_WIDTH * self._sizes.slots))
        self._pool = bytearray(self._sizes.pool_bytes)
        self._state = array(
            "q", bytes(8 * (kernel.STATE_WIDTH + kernel.FRESH_WIDTH * self._sizes.new))
        )
        self._state[kernel.POOL_USED] = 1
        self._state[kernel.SEED] = self._seed

    def __len__(self) -> int:
        return self._state[kernel.SURFACES]

    @property
    def size_bytes(self) -> int:
        return 8 * len(self._table) + len(self._pool)

    def number(
        self,
        texts: list[str],
        out: array[int],
        counts: array[int] | None = None,
        spans: array[int] | None = None,
    ) -> None:
        before, spans_before = len(out), 0 if spans is None else len(spans)
        words = self._out
        here = None if counts is None else array("I", bytes(4 * len(texts)))
        places = None
        if spans is not None:
            places = self._spans = self._spans or array("I", bytes(8 * self._sizes.words))
        try:
            while True:
                new: list[str] = []
                filled = self._kernel.tokenize(
                    texts, self._classes, self._table, self._pool, words, new, self._state,
                    here, places,
                )  # fmt: skip
                if new:
                    numbers = array("I", self._learn(new))
                    self._kernel.settle(self._table, numbers, words, self._state)
                done = filled >= 0
                if not done:
                    filled = -1 - filled
                out.extend(words[:filled])
                if spans is not None and places is not None:
                    spans.extend(places[: 2 * filled])
                if done:
                    break
                self._make_room()
        except BaseException:
            # A surface that has no number yet must not be found again.
            self.clear()
            del out[before:]
            if spans is not None:
                del spans[spans_before:]
            raise
        if counts is not None and here is not None:
            counts.extend(here)

    def _make_room(self) -> None:
        if 4 * self._state[kernel.SURFACES] >= len(self._table):
            larger = array("Q", bytes(16 * len(self._table)))
            self._kernel.rehash(self._table, larger, self._state)
            self._table = larger
        if self._state[kernel.POOL_USED] + kernel.LARGEST_RECORD > len(self._pool):
            self._pool.extend(bytes(len(self._pool)))


class _Numbers(dict[str, int]):
    def __init__(self, learn: Learn) -> None:
        super().__init__()
        self._learn = learn
        self.characters = 0

    def __missing__(self, word: str) -> int:
        if len(word) > LONGEST_SURFACE:
            return self[word[:LONGEST_SURFACE]]
        (number,) = self._learn([word])
        self[word] = number
        self.characters += len(word)
        return number


class DictSurfaces:
    """The regular expression's road: six to ten times the time, and no compiler."""

    def __init__(self, learn: Learn) -> None:
        # Late: compiling this expression takes milliseconds, and kernels do without.
        from searchkit.analysis.words import words

        self._words = words
        self._numbers = _Numbers(learn)

    def clear(self) -> None:
        self._numbers.clear()
        self._numbers.characters = 0

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def size_bytes(self) -> int:
        # A str has some 60 bytes around its characters, a dict some 100 around an entry.
        return 160 * len(self._numbers) + self._numbers.characters

    def number(
        self,
        texts: list[str],
        out: array[int],
        counts: array[int] | None = None,
        spans: array[int] | None = None,
    ) -> None:
        number = self._numbers.__getitem__
        for text in texts:
            words = self._words(text)
            out.extend([number(word) for word, _, _ in words])
            if spans is not None:
                for _, start, stop in words:
                    spans.extend((start, stop))
            if counts is not None:
                counts.append(len(words))


def open_surfaces(learn: Learn) -> Surfaces:
    """The faster road that this installation has."""
    return HashedSurfaces(learn) if kernel.COMPILED else DictSurfaces(learn)
