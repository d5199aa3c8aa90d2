"""Which files are wanted, by their names?"""

from __future__ import annotations

import os
from pathlib import Path

from searchkit.ignored import Patterns
from searchkit.readers.formats import format_of
from searchkit.record import Record


class Choice(Record):
    """Which files are wanted: patterns as in ``.gitignore``, relative to the folder that holds the
    index. Only files that ``include`` matches, if it has any; among them such of unknown kinds, to
    be read as plain text. Nothing that ``exclude`` matches.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def chosen(base: str, lines: tuple[str, ...]) -> Patterns | None:
    """The patterns of a choice as they hold in the folder ``base``, None if there are none."""
    return Patterns(base, lines, with_contents=True) if lines else None


def may_take(name: str, choice: Choice) -> bool:
    """Whether a walk may take a file of this name at all, wherever it lies."""
    return bool(choice.include) or format_of(name) is not None


def is_wanted(path: str, root: Path, choice: Choice) -> bool:
    """Whether the file at ``path``, which was named once, is not excluded now."""
    base = str(root).rstrip(os.sep) + os.sep
    if not choice.exclude or not path.startswith(base):
        return True
    return not Patterns(base, choice.exclude, with_contents=True).says(path, False)


def is_read_as_text(path: str, root: str, choice: Choice) -> bool:
    """Whether the file at ``path``, which was named, is of no known kind but one that is included:
    by what holds in the folder ``root`` if it lies below, else in its own.
    """
    if not choice.include or format_of(path) is not None:
        return False
    base = root.rstrip(os.sep) + os.sep
    patterns = chosen(
        base if path.startswith(base) else os.path.dirname(path) + os.sep, choice.include
    )
    return patterns is not None and bool(patterns.says(path, False))
