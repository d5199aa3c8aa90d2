"""How long may a pattern of a path look for its match?

pathspec makes a regular expression of each line of an ignore file, and Python's ``re`` goes back
over what each ``*`` took: ten of them in one line, and one long name, take longer than anyone
waits. Of several stars only the last need go back. Where a star, or ``**``, comes after it, the
first place where a literal fits is as good as any later one, since that star takes the rest
(Russ Cox, "Glob Matching Can Be Simple And Fast Too", 2017); so what comes before it is atomic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STAR, _DEEP, _ANYWHERE = "[^/]*", "(?:/.+)?/", "^(?:.+/)?"

_PARTS = re.compile(
    r"\^\(\?:\.\+/\)\?"  # anywhere
    r"|\(\?:/\.\+\)\?/"  # in any folder below
    r"|\[\^/\]\*"  # a star
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"  # a class
    r"|\\.|.",
    re.DOTALL,
)

_FEW = 2
"""So many repetitions are harmless: the time grows with the square of a path's length."""


def bounded(expression: str) -> str:
    """An expression of pathspec, as one that matches the same in bounded time."""
    parts = _PARTS.findall(expression)
    if sum(part in (_STAR, _DEEP, _ANYWHERE) for part in parts) <= _FEW:
        return expression
    *pieces, last = _split(parts, _DEEP)
    made = ""
    for number, piece in enumerate(pieces):
        start = "" if number == 0 else "(?:/.+?)??/"
        if number == 0 and piece[:1] == [_ANYWHERE]:
            start, piece = "^(?:.+?/)??", piece[1:]
        made += f"(?>{start}{_folders(piece)}(?=/))"
    return made + (_DEEP if pieces else "") + _folders(last)


def _folders(parts: list[str]) -> str:
    """Names with a slash between them."""
    return "/".join(map(_name, _split(parts, "/")))


def _name(parts: list[str]) -> str:
    first, *rest = _split(parts, _STAR)
    made = "".join(first)
    between = [piece for piece in rest[:-1] if piece]
    made += "".join(f"(?>{_STAR}?{''.join(piece)})" for piece in between)
    return made + (_STAR + "".join(rest[-1]) if rest else "")


def _split(parts: list[str], at: str) -> Iterator[list[str]]:
    piece: list[str] = []
    for part in parts:
        if part == at:
            yield piece
            piece = []
        else:
            piece.append(part)
    yield piece
