"""Which documents did each query find?

As a run file of TREC has it: on each line query id, "Q0", document id, rank, score and the name of
the run (https://trec.nist.gov).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from searchkit.errors import UsageError

Run = dict[str, list[tuple[str, float]]]
"""Query id -> (document id, score), best first."""


def write_run(path: Path, run: Run, name: str) -> None:
    """Write ``run`` to ``path``. Raises ``UsageError`` if that cannot be."""
    lines = [
        f"{query} Q0 {_word(document)} {rank} {score!r} {name}\n"
        for query, ranking in run.items()
        for rank, (document, score) in enumerate(_falling(ranking), start=1)
    ]
    try:
        path.write_text("".join(lines), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def read_run(path: Path) -> Run:
    """What :func:`write_run`, or another program, wrote. Documents come by score, as TREC's own
    program takes them; those of one score in the order of the file.

    Raises ``UsageError`` for a file that is none, or cannot be read.
    """
    run: Run = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            query, _, document, _, score, _ = line.split()
            run.setdefault(query, []).append((document, float(score)))
        except ValueError:
            raise UsageError(f"{path}:{number}: no line of a run: six columns of TREC") from None
    for ranking in run.values():
        ranking.sort(key=lambda pair: -pair[1])
    return run


def _falling(ranking: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """With scores that never rise, as what reads a run sorts by them."""
    falling: list[tuple[str, float]] = []
    for document, score in ranking:
        falling.append((document, min(score, falling[-1][1]) if falling else score))
    return falling


def _word(name: str) -> str:
    """A name without white space, which ends a column."""
    return "%20".join(name.split()) or "%20"
