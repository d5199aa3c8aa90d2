"""What looks like syntax?

The expressions that both roads share. A query in which ``RICH`` finds nothing is plain words: it
has no operator, and nothing in it deserves a notice. ``RICH`` may find too much, never too little.
"""

from __future__ import annotations

import re

from searchkit.schema import FIELDS

# Brackets and quotes end a word even without a space, so that (a)AND(b) works.
_AT_START = r'(?<![^\s()"])'
_AT_END = r'(?![^\s()"])'

WORD = r'(?P<text>[^\s()"]+|")'
"""What is typed as one word, connected or not; or a quote that is never closed."""

PHRASE = r'"(?P<text>[^"]*)"(?P<slop>)'
"""Whoosh's phrase tagger asks for a group ``slop``."""

# A name with something that can be its value: not 12:30, http://, std::vector, C:\ or "foo: bar".
FIELD = _AT_START + r"(?P<text>[^\W\d]\w*):(?=[^\s:/\\)])"

AND = _AT_START + "AND" + _AT_END
OR = _AT_START + "OR" + _AT_END
NOT = _AT_START + "NOT" + _AT_END

FIELD_WITHOUT_VALUE = re.compile(rf"(?:{'|'.join(FIELDS)}):")

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
    r'["()*^~]|[^\W_]\?+[^\W_]|(?<!\S)(?:[-+][^\W\d_]|[^\W\d]\w*:(?:[^\s:/\\)]|(?!\S))'
    r"|(?:AND|OR|NOT|TO|ANDNOT|ANDMAYBE|REQUIRE|&&|\|\|)(?!\S))"
)
