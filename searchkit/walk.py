"""Which files are there, and under which keys?

A document's key is its file's path relative to the folder that holds the index, with ``/``;
absolute where the file lies outside of that folder. So keys do not collide.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from searchkit.errors import UsageError
from searchkit.readers import can_read


@dataclass(slots=True)
class Walk:
    """What lies below some paths.

    ``asked`` are the keys of those paths. ``files`` maps keys to files, in the order of the walk.
    ``failures`` are pairs (path, reason) of what could not be looked at. ``unseen`` are the keys of
    folders that could not be listed: of what lies below them, nothing is known. ``passed_over``
    counts the files of kinds that no reader knows, by suffix.
    """

    asked: list[str] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


def walk(paths: Sequence[Path], root: Path, index: Path) -> Walk:
    """Find the files at and below ``paths``; ``root`` is the folder that keys are relative to.

    Both ``root`` and ``index`` are resolved. A folder is searched for files that a reader knows;
    hidden files and folders are left out, and so is ``index``. Links to folders are not followed,
    nor links to files outside of the folder. A file that is named itself is taken in any case.

    Raises ``UsageError`` if one of ``paths`` does not exist.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(
                f"there is no file or folder {path} (to remove from the index what has gone, "
                "index the folder above it)"
            )
    found = Walk()
    for path in paths:
        if os.path.isdir(path):
            folder = Path(os.path.realpath(path))
            found.asked.append(key_of(folder, root))
            for file in _below(folder, root, index, found):
                found.files.setdefault(key_of(file, root), file)
        else:
            # A link is indexed under its own name, not under that of the file it leads to.
            file = Path(os.path.realpath(path.parent)) / path.name
            found.asked.append(key_of(file, root))
            if _has_utf8_name(file, found):
                found.files.setdefault(key_of(file, root), file)
    return found


def key_of(path: Path, root: Path) -> str:
    """The key of the document at the absolute ``path``."""
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.as_posix()


def is_below(key: str, folder: str) -> bool:
    """Whether ``key`` is the key ``folder`` or that of something below it."""
    if folder == ".":
        return not os.path.isabs(key)
    return key == folder or key.startswith(folder.rstrip("/") + "/")


def _below(folder: Path, root: Path, index: Path, found: Walk) -> Iterator[Path]:
    def cannot_list(error: OSError) -> None:
        found.failures.append((error.filename, error.strerror or str(error)))
        found.unseen.append(key_of(Path(error.filename), root))

    for here, folders, names in os.walk(folder, onerror=cannot_list):
        current = Path(here)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and current / name != index
        )
        for name in sorted(names):
            file = current / name
            if name.startswith(".") or not can_read(name):
                if not name.startswith("."):
                    found.passed_over[file.suffix.lower()] += 1
                continue
            if os.path.islink(file) and not Path(os.path.realpath(file)).is_relative_to(folder):
                continue
            if _has_utf8_name(file, found):
                yield file


def _has_utf8_name(file: Path, found: Walk) -> bool:
    try:
        str(file).encode()
    except UnicodeEncodeError:
        found.failures.append((str(file), "its name is not valid UTF-8; rename it"))
        return False
    return True
