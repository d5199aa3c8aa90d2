"""How does an index store what is another inside of a passage than at its beginning?

Most passages stand below one heading and on one page. What changes inside of one is stored with it,
and nothing where nothing does, as in an index from before: there a passage is all through what it
is where it begins.

    lines           "step step ..."             as ``document.steps`` writes them
    places          [[offset, place], ...]
    sections        [[offset, [heading, ...]], ...]
    labels          [label, ...]
    has_all_lines   true
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from searchkit.codec import CorruptError
from searchkit.document import Passage, pairs_of


def stored_parts(passage: Passage) -> Iterator[tuple[str, object]]:
    """The names and values to store of a passage."""
    if passage.has_all_lines:
        yield "has_all_lines", True
    if passage.lines:
        yield "lines", passage.lines
    if passage.places:
        yield "places", [[offset, place] for offset, place in passage.places]
    if passage.sections:
        yield "sections", [[offset, list(path)] for offset, path in passage.sections]
    if passage.labels:
        yield "labels", list(passage.labels)


def parts_stored(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a ``Passage`` that its stored values hold.

    Raises ``CorruptError`` for what :func:`stored_parts` does not give.
    """
    parts: dict[str, Any] = {}
    for name, read in _READ.items():
        if name in stored:
            try:
                parts[name] = read(stored[name])
            except (TypeError, ValueError) as error:
                raise CorruptError(f"the {name} of a passage cannot be read") from error
    return parts


def lines_stored(stored: Mapping[str, Any]) -> list[tuple[int, int]]:
    """What ``lines`` of a passage with these stored values says, in pairs. Raises
    ``CorruptError``.
    """
    lines = _lines(stored["lines"]) if "lines" in stored else ""
    return pairs_of(lines, stored["line"])


def _lines(stored: object) -> str:
    if not isinstance(stored, str) or not _STEPS.fullmatch(stored):
        raise CorruptError("the lines of a passage cannot be read")
    return stored


_STEPS = re.compile(r"(?:\d{1,18} -?\d{1,18}(?: (?!$)|$))*+")

_READ: dict[str, Callable[[Any], object]] = {
    "has_all_lines": lambda stored: stored is True,
    "lines": _lines,
    "places": lambda stored: tuple((int(at), str(place)) for at, place in stored),
    "sections": lambda stored: tuple((int(at), tuple(path)) for at, path in stored),
    "labels": tuple,
}
