"""Which words does a text have where spaces do not separate them?

Pairs of characters (``words.py``) find everything; a dictionary says besides which of them are
words, so that 京都 counts more where it is the city than within 東京都. The one there is comes with
ICU (https://unicode-org.github.io/icu/userguide/boundaryanalysis/break-rules.html): one list for
Chinese and Japanese together, of which it takes the likeliest words, and one each for Thai, Lao,
Khmer and Burmese. It needs the extra ``dictionary`` (icu4py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from searchkit.analysis.analyzer import open_analyzer
from searchkit.errors import UsageError
from searchkit.schema import WORDS

DICTIONARIES = ("icu",)
"""The names that a configuration may have for one."""

_NEEDED = "the dictionary needs icu4py, which this installs: pip install icu4py"


def checked_dictionary(name: str) -> str:
    """``name``, if it is that of a dictionary or none (""). Raises ``UsageError``."""
    if name and name not in DICTIONARIES:
        known = " or ".join(f'"{one}"' for one in DICTIONARIES)
        raise UsageError(f"there is no dictionary {name!r}; there is {known}")
    return name


@cache
def current(name: str) -> str:
    """The dictionary called ``name`` as it is installed, "icu-78" of "icu": an index names it so,
    because another version may know other words. Raises ``UsageError`` if it is not installed.
    """
    try:
        major: int = import_module("icu4py").icu_version_info[0]
    except ImportError as error:
        raise UsageError(_NEEDED) from error
    return f"{name}-{major}"


class Dictionary:
    """Finds words; any thread may."""

    def __init__(self, breaker: Callable[[str, str], Iterator[str]]) -> None:
        # Late: compiling these expressions takes longer than most searches.
        from searchkit.analysis.words import SEGMENTED_CHARACTER, SEGMENTED_WORD

        self._breaker = breaker
        self._has_some = SEGMENTED_CHARACTER.search
        self._is_word = SEGMENTED_WORD.fullmatch
        self._normal = open_analyzer(WORDS)

    def words(self, text: str) -> list[str]:
        """The distinct words of ``text`` in scripts that do not separate them, normalised.

        A single character is none, unless it is a Han character: the others write particles.
        """
        if text.isascii() or not self._has_some(text):
            return []
        # A lone surrogate is no text to ICU.
        text = text.encode("utf-8", "replace").decode()
        found = dict.fromkeys(self._breaker(text, "und"))
        words = self._normal.words(list(filter(self._is_word, found)))
        return [word for word in dict.fromkeys(words) if word]


@cache
def open_dictionary(dictionary: str) -> Dictionary:
    """The one that an index calls ``dictionary``, in the version that is installed: whichever that
    is, the next run of ``searchkit index`` has the index follow. Raises ``UsageError`` if there is
    none.
    """
    checked_dictionary(dictionary.partition("-")[0])
    try:
        breaker = import_module("icu4py.breakers").WordBreaker
    except ImportError as error:
        raise UsageError(_NEEDED) from error
    return Dictionary(breaker)
