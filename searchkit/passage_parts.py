"""How does an index store what is another inside of a passage than at its beginning?

Most passages stand below one heading and on one page. What changes inside of one is stored with it,
and nothing where nothing does, as in an index from before: there a passage is all through what it
is where it begins.

    lines           [step, step, ...]           offset and line by turns, each as how much more
                                                it is than the one before: half as long as pairs
    places          [[offset, place], ...]
    sections        [[offset, [heading, ...]], ...]
    labels          [label, ...]
    has_all_lines   true
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from searchkit.codec import CorruptError
from searchkit.document import Passage


def stored_parts(passage: Passage) -> Iterator[tuple[str, object]]:
    """The names and values to store of a passage."""
    if passage.has_all_lines:
        yield "has_all_lines", True
    if passage.lines:
        steps: list[int] = []
        offset, line = 0, passage.line
        for at, there in passage.lines:
            steps += at - offset, there - line
            offset, line = at, there
        yield "lines", steps
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
                parts[name] = read(stored)
            except (KeyError, TypeError, ValueError) as error:
                raise CorruptError(f"the {name} of a passage cannot be read") from error
    return parts


def lines_stored(stored: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """``Passage.lines`` of a passage with these stored values. Raises ``CorruptError``."""
    lines: tuple[tuple[int, int], ...] = parts_stored(
        {name: stored[name] for name in ("lines", "line") if name in stored}
    ).get("lines", ())
    return lines


def _lines(stored: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    steps = stored["lines"]
    lines = accumulate(steps[1::2], initial=stored["line"])
    next(lines)
    return tuple(zip(accumulate(steps[::2]), lines, strict=True))


_READ: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "has_all_lines": lambda stored: stored["has_all_lines"] is True,
    "lines": _lines,
    "places": lambda stored: tuple((int(at), str(place)) for at, place in stored["places"]),
    "sections": lambda stored: tuple((int(at), tuple(path)) for at, path in stored["sections"]),
    "labels": lambda stored: tuple(stored["labels"]),
}
