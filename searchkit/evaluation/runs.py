"""Which documents did each query find?

As a run file of TREC has it: on each line query id, "Q0", document id, rank, score and the name of
the run (https://trec.nist.gov).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from searchkit.errors import UsageError

Run = dict[str, list[tuple[str, float]]]
"""Query id -> (document id, score), best first."""


def write_run(path: Path, run: Run, name: str) -> None:
    """Write ``run`` to ``path``. Raises ``UsageError`` if that cannot be."""
    lines = [
        f"{_word(query)} Q0 {_word(document)} {rank} {score!r} {name}\n"
        for query, ranking in run.items()
        for rank, (document, score) in enumerate(_falling(ranking), start=1)
    ]
    try:
        path.write_text("".join(lines), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def read_run(path: Path, queries: Iterable[str], documents: Iterable[str]) -> Run:
    """What :func:`write_run`, or another program, wrote, with the names that ``queries`` and
    ``documents`` have. Documents come by score, as TREC's own program takes them; those of one
    score in the order of the file. One that is there twice counts once, where it is best.

    Raises ``UsageError`` for a file that is none, or cannot be read.
    """
    query_of = {_word(name): name for name in queries}
    document_of = {_word(name): name for name in documents}
    found: dict[str, list[tuple[str, float]]] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            query, _, document, _, written, _ = line.split()
            score = float(written)
            if math.isnan(score):
                raise ValueError
        except ValueError:
            raise UsageError(f"{path}:{number}: no line of a run: six columns of TREC") from None
        ranking = found.setdefault(query_of.get(query, query), [])
        ranking.append((document_of.get(document, document), score))
    run: Run = {}
    for query, ranking in found.items():
        best: dict[str, float] = {}
        for document, score in sorted(ranking, key=lambda pair: -pair[1]):
            best.setdefault(document, score)
        run[query] = list(best.items())
    return run


def _falling(ranking: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """With scores that never rise, as what reads a run sorts by them."""
    falling: list[tuple[str, float]] = []
    for document, score in ranking:
        falling.append((document, min(score, falling[-1][1]) if falling else score))
    return falling


def _word(name: str) -> str:
    """A name as one column: white space, which would end it, as in addresses of the web."""
    return "".join([quote(char) if char.isspace() or char == "%" else char for char in name]) or "%"
