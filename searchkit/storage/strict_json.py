"""Which JSON is taken from a file that anyone may have written?"""

from __future__ import annotations

import json

MAX_DEPTH = 32


def loads(data: bytes) -> object:
    """The value that ``data`` (UTF-8) says.

    Raises ``ValueError`` for what JSON does not allow and Python's reader lets pass: names that
    come twice, NaN and infinities; and for values nested deeper than ``MAX_DEPTH``. The caller
    bounds the length.
    """
    try:
        value: object = json.loads(
            data.decode(), object_pairs_hook=_object, parse_constant=_constant, parse_float=_float
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    _check_depth(value)
    return value


def dumps(value: object) -> bytes:
    """``value`` as JSON in one line of ASCII. Raises ``ValueError`` and ``TypeError`` for what
    JSON cannot say, and for values nested too deeply."""
    _check_depth(value)
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name comes twice in one object")
    return value


def _constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _float(digits: str) -> float:
    value = float(digits)
    if value - value != 0:
        raise ValueError(f"{digits[:40]} is too large")
    return value


def _check_depth(value: object) -> None:
    floor: list[object] = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[object] = []
        for container in floor:
            if isinstance(container, dict):
                below.extend(container.values())
            elif isinstance(container, list | tuple):
                below.extend(container)
        if not below:
            return
        floor = below
    raise ValueError("nested too deeply")
