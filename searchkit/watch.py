"""Where does something change, and how is an index kept in step with it?

The system tells of changes below folders (through watchfiles). Files that were named, and ignore
files above the folders, are looked at twice a second: to be told of them would mean to watch all
that lies around them, since an editor that saves by renaming puts another file in the place of the
one that is watched.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from threading import Event

from searchkit.choice import may_take
from searchkit.errors import (
    IndexCorruptError,
    IndexLockedError,
    IndexTooNewError,
    IndexTooOldError,
    SchemaMismatchError,
    SearchkitError,
    UsageError,
)
from searchkit.ignored import NAMES, folders_above
from searchkit.index import is_index
from searchkit.report import SyncReport
from searchkit.sync.settings import Settings, request_of

LOCKED_SECONDS = 0.3
"""How long to wait before an index is tried again that another process writes to."""
FAILED_SECONDS = 2.0
"""The same after any other error that may pass, such as a full disk."""

_QUIET_MS = 100
"""A batch ends when nothing has changed for this long, ..."""
_LONGEST_MS = 500
"""... or it has lasted for this long, so that steady changes do not put off the index."""
_MOST_PATHS = 1000
"""After more changes at once, as when a branch is checked out, everything is looked at."""

_LEAST_SECONDS, _REST = 1.0, 5
"""Where the system does not tell, so long is the rest between two looks at everything, and so many
times as long as the last one took."""

_EXCLUDE = (".git", "info", "exclude")

_REMOVED = 3
"""``watchfiles.Change.deleted``."""


def keep_in_step(
    sync: Callable[..., SyncReport],
    index: Path,
    paths: Sequence[str | os.PathLike[str]],
    stop: Event,
    waits: Callable[[Exception], None],
    settings: Settings,
) -> Iterator[SyncReport]:
    """Call ``sync`` for ``paths`` with ``settings``, and again for whatever changes; see
    ``Collection.watch``.
    """
    every = [Path(path) for path in paths]
    choice = request_of(settings).choice
    narrow = settings.copy()
    narrow["are_sources"] = False
    whole = settings.copy()
    folders = [path for path in every if path.is_dir()]
    is_in_step = False
    for changed in changes(every, index, stop, lambda name: may_take(name, choice), waits):
        narrow["only"] = changed
        while not stop.is_set():
            try:
                # An index that has been removed is made anew, whole.
                is_whole = changed is None or not is_index(index)
                if is_in_step:
                    # A file that was named may go; a folder that has may be a disk's.
                    whole["may_lack"] = all(map(os.path.lexists, folders))
                report = sync(every, **(whole if is_whole else narrow))
            except (SearchkitError, OSError) as error:
                if not _may_pass(error, is_in_step=is_in_step):
                    raise
                waits(error)
                is_locked = isinstance(error, IndexLockedError)
                stop.wait(LOCKED_SECONDS if is_locked else FAILED_SECONDS)
                continue
            is_in_step = True
            yield report
            break


def _may_pass(error: Exception, *, is_in_step: bool) -> bool:
    """Whether a sync that failed may work later. What never worked is wrong in itself."""
    lasting = (IndexCorruptError, IndexTooOldError, IndexTooNewError, SchemaMismatchError)
    return isinstance(error, IndexLockedError) or (is_in_step and not isinstance(error, lasting))


def changes(
    paths: Sequence[Path],
    index: Path,
    stop: Event,
    is_kind: Callable[[str], bool],
    refused: Callable[[UsageError], None],
) -> Iterator[list[Path] | None]:
    """What has changed at and below ``paths``, files and folders, of all that a sync would look at:
    files, and folders in which anything may have, batch after batch. None if everything may have:
    first, once they are watched, and when one of ``paths`` has been put in the place of another.

    ``is_kind`` tells whether a file of that name may be wanted. If the system refuses to tell (too
    many folders, or one that may not be read), ``refused`` is called, and everything may have
    changed every few seconds. Ends when ``stop`` is set.

    Raises ``UsageError`` if one of ``paths`` does not exist or watchfiles is not installed.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"there is no file or folder {path} to watch")
    try:
        yield from _told(paths, index, stop, is_kind)
    except (OSError, RuntimeError) as error:
        said = " ".join(str(error).split())
        refused(
            UsageError(
                f"the system does not tell what changes in {paths[0]} ({said}), so everything is "
                "looked at every few seconds"
            )
        )
        while not stop.is_set():
            began = time.monotonic()
            yield None
            stop.wait(max(_LEAST_SECONDS, _REST * (time.monotonic() - began)))


def _told(
    paths: Sequence[Path], index: Path, stop: Event, is_kind: Callable[[str], bool]
) -> Iterator[list[Path] | None]:
    """The same, as the system tells of it. Raises ``OSError`` or ``RuntimeError`` if it refuses."""
    while not stop.is_set():
        # Anew each time: what stood at a path has perhaps been replaced, or a link leads elsewhere.
        standing = [_standing(path) for path in paths]
        roots = [Path(one[0]) for one in standing if one is not None]
        looked_at = _looked_at(paths, roots, index)
        states = {file: _state(file) for file in looked_at}

        def concerns(_: object, path: str, roots: Sequence[Path] = roots) -> bool:
            return _concerned(Path(path), roots, index, is_kind) is not None

        is_first = True
        for batch in _batches(roots, stop, concerns):
            # A folder that was removed and made again may have the very same number.
            is_replaced = [_standing(path) for path in paths] != standing or any(
                change == _REMOVED and Path(path) in roots for change, path in batch
            )
            if is_first or is_replaced:
                yield None
            if is_replaced:
                break
            is_first = False
            found = {_concerned(Path(path), roots, index, is_kind) for _, path in batch}
            for file, before in states.items():
                states[file] = _state(file)
                if states[file] != before:
                    found.add(looked_at[file])
            changed = _outermost({path for path in found if path is not None})
            if len(changed) > _MOST_PATHS:
                yield None
            elif changed:
                yield changed


def _looked_at(paths: Sequence[Path], roots: Sequence[Path], index: Path) -> dict[Path, Path]:
    """The files that the system is not asked about, each with what has changed when it has."""
    files = [_absolute(path) for path in paths if not os.path.isdir(path)]
    looked_at = {file: file for file in files}
    for root in roots:
        for folder in folders_above(str(root), str(index.parent)):
            looked_at |= {Path(folder, name): root for name in (*NAMES, os.path.join(*_EXCLUDE))}
    return looked_at


def _batches(
    roots: Sequence[Path], stop: Event, concerns: Callable[[object, str], bool]
) -> Iterator[Collection[tuple[object, str]]]:
    """What the system tells, twice a second at the least."""
    try:
        from watchfiles import watch
    except ImportError:
        raise UsageError(
            "watching needs watchfiles, which this installs: pip install watchfiles"
        ) from None
    if not roots:
        while not stop.is_set():
            yield set()
            stop.wait(_LONGEST_MS / 1000)
        return
    yield from watch(
        *roots,
        watch_filter=concerns,
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        rust_timeout=_LONGEST_MS,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=True,
        # Else it stops at the first folder that may not be read, and tells of no other.
        ignore_permission_denied=False,
    )


def _concerned(
    path: Path, roots: Sequence[Path], index: Path, is_kind: Callable[[str], bool]
) -> Path | None:
    """The file or folder that a sync would have to look at when ``path`` has changed, if any."""
    if path.is_relative_to(index):
        return None
    root = next((root for root in roots if path.is_relative_to(root)), None)
    if root is None:
        return None
    parts = path.relative_to(root).parts
    if parts[-3:] == _EXCLUDE:
        path, parts = path.parents[2], parts[:-3]
    elif parts and parts[-1] in NAMES:
        path, parts = path.parent, parts[:-1]
    if any(part.startswith(".") for part in parts):
        return None
    # Of what has gone nobody knows whether it was a folder. Much of what else changes, such as
    # what programs and editors write aside, is of no kind that is read.
    if not parts or is_kind(path.name) or path.is_dir() or not os.path.lexists(path):
        return path
    return None


def _outermost(paths: set[Path]) -> list[Path]:
    return sorted(one for one in paths if not any(up in paths for up in one.parents))


def _absolute(file: Path) -> Path:
    return Path(os.path.realpath(file.parent), file.name)


def _standing(path: Path) -> tuple[str, int, int] | None:
    """Which folder it is that stands at ``path``, None if none does: what is watched is not its
    name.
    """
    real = os.path.realpath(path)
    try:
        status = os.stat(real)
    except OSError:
        return None
    return (real, status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


def _state(file: Path) -> tuple[int, ...] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode
