"""In which folders does something change?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from searchkit.errors import UsageError
from searchkit.readers import can_read
from searchkit.walk import key_of

_IGNORE_FILES = (".gitignore", ".searchkitignore")
_QUIET_MS = 100
"""A batch ends when nothing has changed for this long, ..."""
_LONGEST_MS = 500
"""... or it has lasted for this long, so that steady changes do not put off the index."""


def changed_folders(
    folders: Sequence[Path], index: Path, stop: Event
) -> Iterator[list[Path] | None]:
    """The folders at and below ``folders`` in which something has changed that a sync would look
    at, batch after batch; first None, once they are watched. Ends when ``stop`` is set.

    A change belongs to the nearest folder that there still is. Raises ``UsageError`` if one of
    ``folders`` is none, or watchfiles is not installed.
    """
    try:
        from watchfiles import watch
    except ImportError:
        raise UsageError(
            'watching needs watchfiles, which this installs: pip install "searchkit[watch]"'
        ) from None
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"there is no folder {folder} to watch; for one file, use its folder")
    roots = [Path(os.path.realpath(folder)) for folder in folders]
    batches = watch(
        *roots,
        watch_filter=lambda _, path: _concerns(Path(path), roots, index),
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        rust_timeout=_LONGEST_MS,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=True,
    )
    is_first = True
    for batch in batches:
        if is_first:
            is_first = False
            yield None
        found = {_standing(Path(path), roots) for _, path in batch}
        outermost = [one for one in found if not any(up in found for up in one.parents)]
        if outermost:
            yield sorted(outermost)


def _concerns(path: Path, roots: Sequence[Path], index: Path) -> bool:
    """Whether a sync would look at what has changed."""
    if path.is_relative_to(index):
        return False
    root = next((root for root in roots if path.is_relative_to(root)), None)
    if root is None:
        return False
    *above, name = key_of(path, root).split("/")
    if any(part.startswith(".") for part in above):
        return False
    if name in _IGNORE_FILES:
        return True
    # What editors write aside is hidden, or of no kind that is read, but for Office's.
    if name.startswith((".", "~$")):
        return name == "."
    # Of what has gone nobody knows whether it was a folder.
    return can_read(name) or os.path.isdir(path) or not os.path.lexists(path)


def _standing(path: Path, roots: Sequence[Path]) -> Path:
    """The folder that ``path`` is or was in, or the nearest one above it that there is."""
    folder = path.parent if path not in roots else path
    while not folder.is_dir() and folder not in roots:
        folder = folder.parent
    return folder
