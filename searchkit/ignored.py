"""What do the ignore files of a folder leave out?

``.gitignore`` and ``.searchkitignore`` mean what git's manual says (gitignore(5)): the last pattern
that matches counts, those of a deeper folder come after those of the folders above, and a folder
that is left out is not entered, so that nothing in it can be taken in again. ``.git/info/exclude``
comes before all. In one folder ``.searchkitignore`` has the last word.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from warnings import catch_warnings

from searchkit.globs import bounded

NAMES = (".gitignore", ".searchkitignore")

_LONGEST_BYTES = 1 << 20
_LONGEST_LINE = 4096
"""No path is longer, and to make an expression of a line takes the square of its length."""


class Patterns:
    """Patterns that hold in the folder ``base``, a path that ends with a separator.

    git asks them about each folder on the way to a file; ``with_contents`` is for who does not:
    then a folder that matches stands for all that is in it.
    """

    def __init__(self, base: str, lines: Iterable[str], *, with_contents: bool = False) -> None:
        self._base = base
        self._with_contents = with_contents
        self._lines = tuple(lines)
        self._patterns = _compiled(self._lines)

    def says(self, path: str, is_folder: bool) -> bool | None:
        """Whether they match ``path``, which lies below the folder; None if none says anything."""
        inner = path[len(self._base) :].replace(os.sep, "/") + ("/" if is_folder else "")
        for ignores, regex in self._patterns:
            for found in regex.finditer(inner):
                if self._with_contents or _is_of_itself(found):
                    return ignores
        return None

    def silent_about(self, folder: str) -> Patterns:
        """The same, without the patterns that match ``folder``."""
        if self.says(folder, True) is None:
            return self
        kept = [
            line for line in self._lines if Patterns(self._base, [line]).says(folder, True) is None
        ]
        return Patterns(self._base, kept)


def is_pattern(line: str) -> bool:
    """Whether ``line`` can match anything: it is no comment, not blank, and no ``[z-a]``."""
    return len(line) <= _LONGEST_LINE and bool(_compiled([line]))


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
    leave it out: the patterns that do say nothing.
    """
    chain: Chain = ()
    for one in reversed(folders_above(folder, root)):
        base = one.rstrip(os.sep) + os.sep
        hidden = [name for name in (".git", *NAMES) if os.path.lexists(os.path.join(one, name))]
        chain = extended(chain, base, hidden)
    return tuple(patterns.silent_about(folder) for patterns in chain)


def folders_above(folder: str, root: str) -> list[str]:
    """The folders above ``folder`` whose ignore files hold in it, the nearest one first."""
    lineage = [folder]
    while (up := os.path.dirname(lineage[-1])) != lineage[-1]:
        lineage.append(up)
    repository = next((n for n, one in enumerate(lineage) if _has_git(one)), 0)
    highest = max(repository, lineage.index(root) if root in lineage else 0)
    return lineage[1 : highest + 1]


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
    lines = [
        line
        for line in text.splitlines()
        if line.strip() and not line.startswith("#") and len(line) <= _LONGEST_LINE
    ]
    return (Patterns(base, lines),) if lines else ()


def _compiled(lines: Iterable[str]) -> list[tuple[bool, re.Pattern[str]]]:
    """The patterns, the last first, each with whether what it matches is left out."""
    # Late: most folders have no such file.
    from pathspec import GitIgnoreSpec

    patterns: list[tuple[bool, re.Pattern[str]]] = []
    for line in lines:
        if line.rstrip().endswith("/**/"):
            # To pathspec all that is inside, to git only the folders.
            line = line.rstrip() + "*/"
        with catch_warnings(action="ignore", category=FutureWarning):  # of "[[]"
            try:
                patterns += [
                    (one.include, re.compile(bounded(one.regex.pattern)))
                    for one in GitIgnoreSpec.from_lines([line]).patterns
                    if one.include is not None and one.regex is not None
                ]
            except (ValueError, re.error):
                # As git does with what is no pattern. (To it [z-a] is z; nobody can mean that.)
                continue
    return patterns[::-1]


def _is_of_itself(found: re.Match[str]) -> bool:
    """Whether a pattern matches the path, not only a folder above it: pathspec takes all that is in
    a folder for matched. The group is the slash after what matched; "x/**" matches without one, but
    not x.
    """
    length = len(found.string)
    if "ps_d" not in found.re.groupindex:
        return found.end() < length or not found[0].endswith("/")
    return found["ps_d"] is None or found.end("ps_d") == length
