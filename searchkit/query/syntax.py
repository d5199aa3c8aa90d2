"""What looks like syntax?

The expressions that both roads share. A query in which ``RICH`` finds nothing is plain words: it
has no operator, and nothing in it deserves a notice. ``RICH`` may find too much, never too little.
"""

from __future__ import annotations

import re

from searchkit.analysis.marks import MARKS

# Brackets and quotes end a word even without a space, so that (a)AND(b) works.
QUOTES = '"“”„«»'
_ENDS = f"(){QUOTES}"
_AT_START = rf"(?<![^\s{_ENDS}])"
_AFTER_SIGN = rf"(?:(?<=\A[-+])|(?<=[\s{_ENDS}][-+]))"
_AT_END = rf"(?![^\s{_ENDS}])"

WORD = rf"(?P<text>[^\s{_ENDS}]+|[{QUOTES}])"
"""What is typed as one word, connected or not; or a quote that is never closed."""

PHRASE = (
    r'(?:"(?P<straight>[^"]*)"|[“„](?P<curly>[^“”„]*)[”“]|«(?P<angled>[^«»]*)»'
    # Pointing inwards (Danish, German), or to one side (Finnish, Swedish): »a b« ”a b”.
    r"|(?<!\w)”(?=\S)(?P<sided>[^“”„]*)”|(?<!\w)»(?=\S)(?P<inward>[^«»]*)[«»])"
    r"(?:~(?P<slop>\d{1,4})(?!\d))?"
)
"""``"a b"``, and ``"a b"~3``."""

_REGEX = r"/(?=[^\s/]*[\\.*+?\[(|{^$])(?:\\[^\s]|[^\s/\\])+/"
REGEX_END = r"(?=\^[\d.]+(?:\s|\Z|\))|[\s,;)]|\Z)"
REGEX = rf"(?:{_AT_START}|(?<=:)|{_AFTER_SIGN})(?P<text>{_REGEX}){REGEX_END}"
"""``/colou?r/``; ``/usr/bin/python`` is none, nor is ``/tmp/``, in which nothing means anything."""

# A name with something that can be its value: not 12:30, http://, std::vector, C:\ or "foo: bar".
# But path:/home is one.
_NAME = r"[^\W\d]\w*(?:-\w+)*"
FIELD = (
    rf"(?:{_AT_START}|{_AFTER_SIGN})"
    rf"(?P<text>{_NAME})(?::(?=[^\s:/\\)])|(?<=\b[pP][aA][tT][hH]):(?=/[^\s/])"
    rf"|:(?={_REGEX}{REGEX_END}))"
)

AND = _AT_START + "AND" + _AT_END
OR = _AT_START + "OR" + _AT_END
NOT = _AT_START + "NOT" + _AT_END

_SIGNED = rf'(?=[*?]?[^\W\d_]|["“„”«»(]|{_REGEX}{REGEX_END})'
PLUS = _AT_START + r"\+" + _SIGNED
MINUS = _AT_START + r"-" + _SIGNED
"""A sign before a number is text."""

_BOUND = r'"[^"]*"|[^\s()"\[\]{}]+'


def _range(to: str) -> str:
    return (
        rf"(?P<opening>[\[{{])(?:\s*(?P<low>{_BOUND})\s)?\s*{to}"
        rf"(?:\s+(?P<high>{_BOUND}))?\s*(?P<closing>[\]}}])"
    )


RANGE = _range("TO")
"""``[low TO high]``; braces leave the bound itself out."""

RANGE_OF_FIELD = "(?<=:)" + _range("[tT][oO]")
"""After a field's name it cannot be prose."""

RANGE_START = re.compile(r"[\[{]")

AFTER_OPERAND = re.compile(r"[\^~][\d.]*")
"""What follows a phrase or a bracket without a space and may be meant for it."""

BOOST = re.compile(r"\^(\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})\Z")
FUZZY = re.compile(r"(?<=[^\W_])~([\d.]*)\Z")

ENDING = ",;:.!?…"
"""What may end a word in a sentence, and is no part of ``conscr*`` or ``foo~2``."""

_IN_WORDS = rf"\w{MARKS}\u200c\u200d\u00ad"
PATTERN = re.compile(
    rf"[^{_IN_WORDS}*?]*([{_IN_WORDS}'’*?-]*[*?][{_IN_WORDS}'’*?-]*)[^{_IN_WORDS}*?]*\Z"
)
"""A word with ``*`` and ``?`` in it. Whatever else stands in the middle (``index.php?id=3``,
``a/*.c``) makes it text.
"""

FOREIGN_OPERATORS = frozenset({"ANDNOT", "ANDMAYBE", "REQUIRE", "&&", "||"})

RICH = re.compile(
    rf'["“”„«»()*^~]|\?[^\s?]|(?<!\S)(?:[-+]?(?:{_NAME}:(?:[^\s:/\\)]|(?!\S))|'
    rf"[pP][aA][tT][hH]:/|{_NAME}:{_REGEX}{REGEX_END}|{_REGEX}{REGEX_END})|"
    r"[-+][^\W\d_]"
    r"|(?:AND|OR|NOT|TO|ANDNOT|ANDMAYBE|REQUIRE|&&|\|\|)(?!\S))"
)
