"""What looks like syntax?

The expressions that both roads share. A query in which ``RICH`` finds nothing is plain words: it
has no operator, and nothing in it deserves a notice. ``RICH`` may find too much, never too little.
"""

from __future__ import annotations

import re

# Brackets and quotes end a word even without a space, so that (a)AND(b) works.
_AT_START = r'(?<![^\s()"])'
_AT_END = r'(?![^\s()"])'

WORD = r'(?P<text>[^\s()"]+|")'
"""What is typed as one word, connected or not; or a quote that is never closed."""

PHRASE = r'"(?P<text>[^"]*)"(?P<slop>)'
"""Whoosh's phrase tagger asks for a group ``slop``."""

# A name with something that can be its value: not 12:30, http://, std::vector, C:\ or "foo: bar".
# But path:/home is one.
FIELD = _AT_START + r"(?P<text>[^\W\d]\w*)(?::(?=[^\s:/\\)])|(?<=\b[pP][aA][tT][hH]):(?=/[^\s/]))"

AND = _AT_START + "AND" + _AT_END
OR = _AT_START + "OR" + _AT_END
NOT = _AT_START + "NOT" + _AT_END

RANGE = (
    r"(?P<opening>[\[{])(?:\s*(?P<low>[^\s()\"\[\]{}]+)\s)?\s*TO"
    r"(?:\s+(?P<high>[^\s()\"\[\]{}]+))?\s*(?P<closing>[\]}])"
)
"""``[low TO high]``; braces leave the bound itself out."""

RANGE_START = re.compile(r"[\[{]")

WEIGHT_OR_SLOP = re.compile(r"[\^~][\d.]*")
"""What follows a phrase or a bracket without a space: ``"a b"~3``, ``(a b)^2``."""

SIGN = re.compile(r"[-+](?:[^\W\d_].*)?", re.DOTALL)
"""``-word`` and ``+word``; and the sign alone, which may stand before a phrase or a bracket."""

UNSUPPORTED = (
    ("wildcards", re.compile(r"[^\W_]\*|\*[^\W_]|[^\W_]\?+[^\W_]")),
    ("fuzzy words", re.compile(r"[^\W_]~[\d./]*\Z")),
    ("weights", re.compile(r"[^\W_]\^[\d.]+\Z")),
)
"""What a word may hold that means something elsewhere. A final ``?`` only ends a question."""

FOREIGN_OPERATORS = frozenset({"ANDNOT", "ANDMAYBE", "REQUIRE", "&&", "||"})

RICH = re.compile(
    r'["()*^~]|[^\W_]\?+[^\W_]|(?<!\S)(?:[-+][^\W\d_]|[^\W\d]\w*:(?:[^\s:/\\)]|(?!\S))|'
    r"[pP][aA][tT][hH]:/"
    r"|(?:AND|OR|NOT|TO|ANDNOT|ANDMAYBE|REQUIRE|&&|\|\|)(?!\S))"
)
