"""When is a title what was typed?

When its letters and digits are the same, in whatever case, accents and signs in between: each title
is one more term of its passages, in a field of its own, and what was typed becomes such a term,
too. So all documents of a title are found by one look-up, however many passages they have, and in
whatever language or script.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from searchkit.analysis.analyzer import normalised
from searchkit.analysis.languages import folded

LONGEST_TITLE = 300
"""Characters. What is longer is cut where it is stored, and nobody types it."""

_SIGNED = re.compile(r"(?<=\w)(\+\+|#)(?!\w)")
_SIGNS = {"++": " plusplus", "#": " sharp"}
"""C, C++ and C# are three languages."""

_ASCII_SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}


@lru_cache(16)  # The passages of a document have its title, one after the other.
def title_term(title: str) -> str:
    """The term of a whole title; "" if it has no words, or too many."""
    if len(title) > LONGEST_TITLE:
        return ""
    (one,) = normalised([title.replace("\n", " ")])
    one = _SIGNED.sub(lambda found: _SIGNS[found[1]], folded(one))
    if one.isascii():
        return " ".join(one.translate(_ASCII_SIGNS).split())
    return " ".join("".join([char if _is_of_word(char) else " " for char in one]).split())


def _is_of_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"
