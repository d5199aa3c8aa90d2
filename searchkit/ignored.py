"""What do the ignore files of a folder leave out?

``.gitignore`` and ``.searchkitignore`` mean what git's manual says (gitignore(5)): the last pattern
that matches counts, those of a deeper folder come after those of the folders above, and a folder
that is left out is not entered, so that nothing in it can be taken in again. ``.git/info/exclude``
comes before all. In one folder ``.searchkitignore`` has the last word.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

NAMES = (".gitignore", ".searchkitignore")

_LONGEST_BYTES = 1 << 20


class Patterns:
    """Patterns that hold in the folder ``base``, a path that ends with a separator."""

    def __init__(self, base: str, lines: Iterable[str]) -> None:
        self._start = len(base)
        self._spec = _spec(lines)

    def says(self, path: str, is_folder: bool) -> bool | None:
        """Whether they match ``path``, which lies below the folder; None if none says anything."""
        inner = path[self._start :].replace(os.sep, "/")
        return self._spec.check_file(f"{inner}/" if is_folder else inner).include


Chain = tuple[Patterns, ...]
"""The patterns that hold in a folder, those of the outermost folder first."""


def is_ignored(chain: Chain, path: str, is_folder: bool) -> bool:
    """Whether ``chain`` leaves out ``path``."""
    for patterns in reversed(chain):
        said = patterns.says(path, is_folder)
        if said is not None:
            return said
    return False


def extended(chain: Chain, base: str, hidden: Sequence[str]) -> Chain:
    """``chain`` with what holds from the folder ``base`` on, a path that ends with a separator;
    ``hidden`` are the names in it that begin with a dot.
    """
    if ".git" in hidden:
        chain += _read(base, os.path.join(".git", "info", "exclude"))
    for name in NAMES:
        if name in hidden:
            chain += _read(base, name)
    return chain


def above(folder: str, root: str) -> Chain:
    """What holds in ``folder`` from the folders above it, up to the one that git takes for its
    repository, or ``root`` if that is higher. A folder that was named is taken in even if they
    leave it out: then those that do say nothing.
    """
    lineage = [folder]
    while (up := os.path.dirname(lineage[-1])) != lineage[-1]:
        lineage.append(up)
    repository = next((n for n, one in enumerate(lineage) if _has_git(one)), 0)
    highest = max(repository, lineage.index(root) if root in lineage else 0)
    chain: Chain = ()
    for one in reversed(lineage[1 : highest + 1]):
        base = one.rstrip(os.sep) + os.sep
        hidden = [name for name in (".git", *NAMES) if os.path.lexists(os.path.join(one, name))]
        chain = extended(chain, base, hidden)
    return tuple(patterns for patterns in chain if not patterns.says(folder, True))


def _has_git(folder: str) -> bool:
    return os.path.lexists(os.path.join(folder, ".git"))


def _read(base: str, name: str) -> Chain:
    try:
        file = os.open(base + name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return ()
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return ()
        text = os.read(file, _LONGEST_BYTES).decode("utf-8-sig", "replace")
    except OSError:
        return ()
    finally:
        os.close(file)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return (Patterns(base, lines),) if lines else ()


def _spec(lines: Iterable[str]) -> GitIgnoreSpec:
    # Late: most folders have no such file.
    from pathspec import GitIgnoreSpec

    patterns: list[GitIgnoreSpecPattern] = []
    for line in lines:
        try:
            patterns += GitIgnoreSpec.from_lines([line]).patterns
        except ValueError:
            continue  # As git does with what is no pattern.
    return GitIgnoreSpec(patterns)
