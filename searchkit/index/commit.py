"""How does a generation become visible?

Here, and nowhere else. The steps of :func:`publish`, and what is found by whoever opens the index
after a crash between them. "Kill" is the end of the process: what it did is there, all of it.
"Power loss" is the end of the machine: what was not synced may be there, torn or lost.

    before       the writer has created and closed the new files under names that were never used.
                 Kill, power loss: the old generation; whole, torn or no new files, named by nothing
    1 sync       each new file. The same, with some of the files whole
    2 sync       the directory, so that the new files have their names for good. The same
    3 create     the new manifest under a temporary name. The same, and a file that nothing reads
    4 sync       the new manifest. The same
    5 rename     the new manifest to "manifest.json", in place of the old one.
                 Kill before: the old generation. Kill after: the new one.
                 Power loss after: either, each whole, since no file of either was removed
    6 sync       the directory. From here on the new generation, whatever happens:
                 :func:`publish` has done what it promises, and nothing after this fails it
    7 collect    remove the files that the new manifest does not name, in any order. Kill, power
                 loss: the new generation, and some garbage that the next commit collects

An error in 1 to 4 leaves the old generation. An error in 5 or 6 leaves either, as a power loss
does; whoever opens the index next learns which. After an error the new files are to be thrown
away, not published again: a disk that failed to sync a file may say the next time that it is
synced, when its bytes are gone. :func:`collect_garbage` throws them away, and looks itself which
generation is there. It syncs the directory before it removes anything, so that no power loss
brings back a manifest whose files it removed.

A reader opens without a lock. Between its reading of the manifest and its opening of the files a
commit may remove some; then there is a later manifest, and it starts again. Files that it has
opened stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress

from searchkit.errors import IndexCorruptError, IndexNotFoundError, StorageError
from searchkit.index import manifest as names
from searchkit.index.manifest import Manifest, file_name, is_ours
from searchkit.storage.directory import Directory
from searchkit.storage.envelope import new_id

_MOST_TRIES = 1000


def read_manifest(directory: Directory) -> Manifest:
    """The manifest of the current generation.

    Raises ``IndexNotFoundError``, ``IndexCorruptError``, ``IndexTooOldError``,
    ``IndexTooNewError``, and ``StorageError`` for what the system refuses.
    """
    try:
        data = directory.open(names.NAME)
    except (FileNotFoundError, NotADirectoryError):
        raise IndexNotFoundError(directory.path) from None
    except OSError as error:
        raise _cannot("read", directory, error) from error
    return Manifest.decode(data, directory.path)


def open_current(directory: Directory) -> tuple[Manifest, dict[str, memoryview]]:
    """The current generation: its manifest, and the bytes of each of its files by name.

    Every file is as long as the manifest says; nothing else about it has been checked. Needs no
    right to write. Raises as :func:`read_manifest` does.
    """
    manifest = read_manifest(directory)
    for _ in range(_MOST_TRIES):
        try:
            return manifest, _open_files(directory, manifest)
        except FileNotFoundError as error:
            missing = error
        except OSError as error:
            raise _cannot("read", directory, error) from error
        earlier, manifest = manifest, read_manifest(directory)
        if manifest == earlier:
            raise IndexCorruptError(directory.path, f"a file is missing: {missing.filename}")
    raise StorageError(
        f"the index at {directory.path} changes faster than it can be opened; try again",
        directory.path,
    )


def publish(directory: Directory, manifest: Manifest) -> None:
    """Make ``manifest`` the current generation, for good, and remove what it does not name.

    The caller holds the lock, and has created and closed every file that ``manifest`` names and
    the current one does not. Raises ``StorageError`` for what the system refuses; the module's
    docstring says what is there then. ``ValueError`` if ``manifest`` does not follow the current
    generation, or if a file is not as it says: then nothing was done.
    """
    current = _current(directory)
    if manifest.generation != (current.generation if current else 0) + 1:
        raise ValueError(f"generation {manifest.generation} does not follow the current one")
    new_files = manifest.files().items() - (current.files().items() if current else set())
    data = manifest.encode()
    try:
        for name, length in sorted(new_files):
            if directory.length(name) != length:
                raise ValueError(f"{name} does not have {length} bytes")
            directory.sync(name)
        directory.sync_directory()
        temporary = _write_temporary(directory, data)
    except OSError as error:
        raise _cannot("write", directory, error, "; nothing was changed") from error
    try:
        directory.rename(temporary, names.NAME)
        directory.sync_directory()
    except OSError as error:
        hint = "; the last changes may be in the index or not"
        raise _cannot("write", directory, error, hint) from error
    _remove(directory, lambda name: name not in manifest.files())


def collect_garbage(directory: Directory, keep: Collection[str] = ()) -> None:
    """Remove our files that neither the current generation names nor ``keep`` does.

    What cannot be removed is left for the next time: on Windows files that someone reads. Files
    with names that are not ours are never removed. The caller holds the lock. Raises as
    :func:`read_manifest` does, except that without a manifest all our files are garbage.
    """
    current = _current(directory)
    named = {*keep, *(current.files() if current else ())}
    try:
        directory.sync_directory()
    except OSError as error:
        raise _cannot("write", directory, error) from error
    _remove(directory, lambda name: name not in named)


def _current(directory: Directory) -> Manifest | None:
    try:
        return read_manifest(directory)
    except IndexNotFoundError:
        return None


def _open_files(directory: Directory, manifest: Manifest) -> dict[str, memoryview]:
    opened = {}
    for name, length in manifest.files().items():
        data = opened[name] = directory.open(name)
        if len(data) != length:
            detail = f"{name} has {len(data)} bytes in the place of {length}"
            raise IndexCorruptError(directory.path, detail)
    return opened


def _write_temporary(directory: Directory, data: bytes) -> str:
    name = file_name(new_id(), names.TEMPORARY)
    try:
        with directory.create(name) as output:
            output.write(data)
        directory.sync(name)
    except OSError:
        with suppress(OSError):  # A full disk is glad of every byte.
            directory.remove(name)
        raise
    return name


def _remove(directory: Directory, is_garbage: Callable[[str], bool]) -> None:
    with suppress(OSError):
        for name in directory.names():
            if is_ours(name) and is_garbage(name):
                with suppress(OSError):
                    directory.remove(name)


def _cannot(act: str, directory: Directory, error: OSError, hint: str = "") -> StorageError:
    return StorageError(
        f"cannot {act} the index at {directory.path}: {error.strerror or error}{hint}",
        directory.path,
    )
