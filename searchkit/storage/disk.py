"""How does a directory work on a disk?

Files are mapped, not read: what is never looked at costs nothing. ``sync`` asks the drive as well
where the system makes a difference between the two (macOS). On Windows a directory cannot be
synced (its entries are journaled), and files in use can be neither removed nor replaced: replacing
waits for a moment, and removing fails for the caller to try again another time.
"""

from __future__ import annotations

import errno
import mmap
import os
import stat
import sys
import time
import weakref
from collections.abc import Callable
from io import BufferedWriter, FileIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from searchkit.storage.directory import Lock, is_plain, plain
from searchkit.storage.lock import FileLock

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_T = TypeVar("_T")

_BUFFER_BYTES = 1 << 17
_PATIENCE_SECONDS = 2.0

# A file of an index that came from someone else may be a pipe: opening it must not wait.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WRITE = os.O_RDWR | getattr(os, "O_BINARY", 0)


class DiskDirectory:
    """A :class:`~searchkit.storage.directory.Directory` that is a folder.

    The folder need not be there, nor be writable, before something is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def make(cls, path: Path) -> DiskDirectory:
        """The folder at ``path``, made to last, with those above it, if it is not there."""
        missing = []
        while not path.is_dir():
            missing.append(path)
            if path == path.parent:
                break
            path = path.parent
        directory = cls(path)
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            directory.sync_directory()
            directory = cls(folder)
        return directory

    def names(self) -> list[str]:
        with os.scandir(self.path) as entries:
            return sorted(
                entry.name
                for entry in entries
                if is_plain(entry.name) and not entry.is_dir(follow_symlinks=False)
            )

    def length(self, name: str) -> int:
        return (self.path / plain(name)).stat().st_size

    def open(self, name: str) -> memoryview:
        path = self.path / plain(name)
        file = _patiently(lambda: os.open(path, _READ))
        try:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "not a regular file", str(path))
            if status.st_size == 0:  # which mmap refuses
                return memoryview(b"")
            # The length seen here, not the one at the time of mapping, which may be another.
            return memoryview(mmap.mmap(file, status.st_size, access=mmap.ACCESS_READ))
        except ValueError as error:  # The file shrank in between: not by us.
            raise OSError(errno.EINVAL, str(error), str(path)) from error
        finally:
            os.close(file)

    def create(self, name: str) -> _DiskOutput:
        return _DiskOutput(BufferedWriter(FileIO(self.path / plain(name), "x"), _BUFFER_BYTES))

    def sync(self, name: str) -> None:
        file = os.open(self.path / plain(name), _WRITE)  # Windows syncs only what it may write
        try:
            _sync(file)
        finally:
            os.close(file)

    def sync_directory(self) -> None:
        if sys.platform == "win32":
            return
        file = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _sync(file)
        except OSError as error:
            # What file systems say that cannot sync directories; PostgreSQL lets it pass too.
            if error.errno not in (errno.EBADF, errno.EINVAL):
                raise
        finally:
            os.close(file)

    def rename(self, old: str, new: str) -> None:
        source, target = self.path / plain(old), self.path / plain(new)
        _patiently(lambda: source.replace(target))

    def remove(self, name: str) -> None:
        (self.path / plain(name)).unlink()

    def lock(self) -> Lock:
        return FileLock(self.path)


def let_go(data: memoryview) -> None:
    """Let the system take back the memory in which a mapped file was read; reading goes on.

    What has been read once, as in a merge, need not stay in the memory of this process.
    """
    if isinstance(data.obj, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        data.obj.madvise(mmap.MADV_DONTNEED)


class _DiskOutput:
    """A file being written. A child that is forked closes its copy at once: else what waited in
    the buffer at the fork would be written twice, by the parent and when the child lets go of it.
    """

    def __init__(self, file: BufferedWriter) -> None:
        self._file = file
        _open.add(self)

    def write(self, data: ReadableBuffer) -> None:
        self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()

    def _forget(self) -> None:
        self._file.raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


_open: weakref.WeakSet[_DiskOutput] = weakref.WeakSet()


def _forget_all() -> None:
    for output in list(_open):
        output._forget()
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


def _sync(file: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        try:
            fcntl.fcntl(file, fcntl.F_FULLFSYNC)
            return
        except OSError:
            pass  # Network file systems do not know it.
    os.fsync(file)


def _patiently(action: Callable[[], _T]) -> _T:
    """``action``'s result; on Windows tried again while another process has the file open."""
    if sys.platform != "win32":
        return action()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return action()
        except PermissionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
