"""What is asked?

Queries made from the collection's own words, seeded, so that the same passages give the same
queries. A word here is two or more ASCII letters that touch no letter, digit, apostrophe or
hyphen: every engine's tokenizer sees the same word in it. Bands are shares of the passages that
have the word (as written, in small letters):

    high  2 % to 50 %        mid  0.2 % to 2 %        low  0.02 % to 0.2 %

and a word of any band is in at least five passages. The i-th query of a class takes the i-th of
all combinations of bands, in turn; its words come from one passage, drawn at random until it has
such words, so that every AND matches. Phrases are running words of a passage with one blank
between them, as they come, whatever their bands: they occur.

    term            one word
    and-2           both words                      or-2  or-3  or-5   any of the words
    phrase-2  -3    running words                   questions          any word of a question
    prefix          the first four letters of a word of seven or more; their own stem
    wildcard        `*` and the last four letters of such a word; `*tion` the first of them
    fuzzy           a word of six or more letters, one of them replaced; distance 1

The last three need words that the stemmer leaves alone, since they match what is in the index.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement, cycle
from pathlib import Path
from random import Random
from string import ascii_lowercase

import Stemmer

BANDS = {"high": (0.02, 0.5), "mid": (0.002, 0.02), "low": (0.0002, 0.002)}
RAREST = 5

WORD_CLASSES = {"term": 1, "and-2": 2, "or-2": 2, "or-3": 3, "or-5": 5}
PHRASE_CLASSES = {"phrase-2": 2, "phrase-3": 3}
QUESTIONS = "questions"
RANKED_QUESTIONS = "ranked questions"
"""The same in searchkit's default ranking, which no peer has: its own cost is told by them."""
PATTERN_CLASSES = ("prefix", "wildcard", "fuzzy")
LONG = {"prefix": 7, "wildcard": 7, "fuzzy": 6}
"""How many letters the words of these have at the least."""

CLASSES = (*WORD_CLASSES, *PHRASE_CLASSES, QUESTIONS, *PATTERN_CLASSES)

_WORD = re.compile(r"(?<![\w'’‘`-])[A-Za-z]{2,}(?![\w'’‘`-])")
_RUN = re.compile(rf"{_WORD.pattern}(?: {_WORD.pattern})+")

Query = tuple[str, ...]
"""The words of a query (for ``prefix`` and ``wildcard`` the pattern), in small letters."""


class Maker:
    """Makes queries of each class from ``texts``."""

    def __init__(self, texts: Sequence[str], seed: int) -> None:
        self._texts = texts
        self._seed = seed
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update({word.lower() for word in _WORD.findall(text)})
        self._band = {
            word: band
            for word, count in counts.items()
            for band, (low, high) in BANDS.items()
            if low * len(texts) <= count < high * len(texts) and count >= RAREST
        }

    def make(self, name: str, count: int) -> list[Query]:
        """``count`` queries of a class, or fewer where no more distinct ones are found."""
        random = Random(f"{self._seed} {name}")
        if name in WORD_CLASSES:
            return self._words(WORD_CLASSES[name], count, random)
        if name in PHRASE_CLASSES:
            length = PHRASE_CLASSES[name]
            return _distinct(count, lambda: self._phrase(length, random))
        whole = _self_stems(sorted(self._band))
        long = [word for word in whole if len(word) >= LONG[name]]
        if name == "prefix":
            # Whoosh's parser stems prefixes, too: these stay what they are.
            long = _self_stems([word[:4] for word in long])
        if not long:
            return []
        if name == "prefix":
            return _distinct(count, lambda: (random.choice(long) + "*",))
        if name == "wildcard":
            drawn = _distinct(count, lambda: ("*" + random.choice(long)[-4:],))
            return [("*tion",), *(one for one in drawn if one != ("*tion",))][:count]
        return _distinct(count, lambda: (_misspelt(random.choice(long), random),))

    def _words(self, words: int, count: int, random: Random) -> list[Query]:
        found: dict[Query, None] = {}
        for bands in cycle(combinations_with_replacement(BANDS, words)):
            for _ in range(1_000):
                query = self._from_one_passage(bands, random)
                if query is not None and query not in found:
                    found[query] = None
                    break
            else:
                return list(found)
            if len(found) == count:
                return list(found)
        raise AssertionError("cycle() ends")

    def _from_one_passage(self, bands: Sequence[str], random: Random) -> Query | None:
        text = random.choice(self._texts)
        words = sorted({word.lower() for word in _WORD.findall(text)})
        query: list[str] = []
        for band in bands:
            such = [w for w in words if self._band.get(w) == band and w not in query]
            if not such:
                return None
            query.append(random.choice(such))
        random.shuffle(query)
        return tuple(query)

    def _phrase(self, length: int, random: Random) -> Query | None:
        runs = [run.lower().split(" ") for run in _RUN.findall(random.choice(self._texts))]
        starts = [run[at : at + length] for run in runs for at in range(len(run) - length + 1)]
        return tuple(random.choice(starts)) if starts else None


def read_questions(path: Path, count: int, seed: int) -> list[Query]:
    """``count`` questions of the file ``path``, one on a line, as words in small letters."""
    lines = path.read_text(encoding="utf-8").splitlines()
    asked = [tuple(re.findall(r"[^\W_]+", line.lower())) for line in lines]
    asked = sorted({words for words in asked if words})
    return Random(f"{seed} {QUESTIONS}").sample(asked, min(count, len(asked)))


def _distinct(count: int, draw: Callable[[], Query | None]) -> list[Query]:
    found: dict[Query, None] = {}
    for _ in range(100 * count):
        if len(found) == count:
            break
        query = draw()
        if query is not None:
            found[query] = None
    return list(found)


def _self_stems(words: list[str]) -> list[str]:
    stems = Stemmer.Stemmer("english").stemWords(words)
    return [word for word, stem in zip(words, stems, strict=True) if word == stem]


def _misspelt(word: str, random: Random) -> str:
    at = random.randrange(1, len(word))
    others = ascii_lowercase.replace(word[at], "")
    return word[:at] + random.choice(others) + word[at + 1 :]
