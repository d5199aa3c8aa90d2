"""How is it said which files were skipped?"""

from __future__ import annotations

from collections.abc import Sequence

from searchkit.cli.places import shown
from searchkit.cli.terminal import complain

MOST_LINES = 20
"""What a person reads. Ten thousand lines would push everything else out of sight."""


def say_skipped(failures: Sequence[tuple[str, str]], before: int = 0) -> None:
    """Name on stderr the files that were skipped, pairs (path, reason), or the first of many; of
    ``before`` others it was said when they were.
    """
    for path, reason in failures[:MOST_LINES]:
        complain(f"skipped {shown(path)}: {reason}")
    more = len(failures) - MOST_LINES
    if more > 0:
        complain(f"skipped {more:,} more; searchkit status lists them")
    if before:
        complain(f"skipped {before:,} as before; searchkit status lists them")
