"""Who may write?

A lock that the operating system takes away from a process that dies, however it dies, so that a
file left behind by a dead process means nothing. The file stays when the lock is released:
removing it would let two processes hold locks on two files of one name. While the lock is held it
says by whom, in one line, for the message that others get; nothing else depends on what it says:

    {"pid": 4711, "host": "ada", "since": "2026-11-23 09:09:43 UTC"}

Threads exclude each other too, because each holder opens the file for itself. A child that is
forked lets go of its copy at once; else it would keep the lock of a parent that was killed.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
import time
import weakref
from pathlib import Path
from types import TracebackType
from typing import Self

from searchkit.errors import IndexLockedError

NAME = "write.lock"

_MAX_BYTES = 4096

if sys.platform == "win32":
    import msvcrt

    # A locked byte cannot be read by others: lock one far behind the line that names the holder.
    _LOCKED_BYTE = 1 << 30

    def _acquire(file: int) -> None:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _release(file: int) -> None:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

    def _host() -> str:
        return os.environ.get("COMPUTERNAME", "")

    _FLAGS = os.O_RDWR | os.O_CREAT | os.O_BINARY
    _TAKEN: tuple[type[OSError], ...] = (PermissionError,)
else:
    import fcntl

    def _acquire(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

    def _host() -> str:
        return os.uname().nodename

    # An index may come from anyone: a link in the place of the lock must not have us write into
    # the file that it points to.
    _FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    _TAKEN = (BlockingIOError,)


class FileLock:
    """The lock of the index in ``directory``, held from construction until ``release``.

    Raises ``IndexLockedError`` if another process or thread holds it, ``OSError`` if the lock file
    cannot be opened.
    """

    _file = -1

    def __init__(self, directory: Path) -> None:
        file = os.open(directory / NAME, _FLAGS, 0o666)
        try:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise OSError(errno.EINVAL, "not a regular file", str(directory / NAME))
            try:
                _acquire(file)
            except _TAKEN:
                raise IndexLockedError(directory, _read_holder(file)) from None
            _write_holder(file)
        except BaseException:
            os.close(file)
            raise
        self._file = file
        self._pid = os.getpid()
        _held.add(self)

    @property
    def is_held(self) -> bool:
        return self._file >= 0 and self._pid == os.getpid()

    def release(self) -> None:
        """Give the lock back; a second time does nothing, nor does it in a forked child."""
        if self.is_held:
            _held.discard(self)
            try:
                _release(self._file)
            finally:
                self._forget()

    def _forget(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def __del__(self) -> None:
        self._forget()


_held: weakref.WeakSet[FileLock] = weakref.WeakSet()


def _forget_all() -> None:
    for lock in list(_held):
        lock._forget()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


def _write_holder(file: int) -> None:
    holder = {
        "pid": os.getpid(),
        "host": _host(),
        "since": time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()),
    }
    try:
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, json.dumps(holder).encode() + b"\n")
    except OSError:
        pass  # On a full disk the lock holds all the same; only its message says less.


def _read_holder(file: int) -> str | None:
    """What the file says, or None: it may be empty yet, half written, or anyone's."""
    try:
        os.lseek(file, 0, os.SEEK_SET)
        holder = json.loads(os.read(file, _MAX_BYTES))
        pid, host, since = holder["pid"], holder["host"], holder["since"]
        if (
            type(pid) is int
            and re.fullmatch(r"[\w.-]{1,255}", host, re.ASCII)
            and re.fullmatch(r"[0-9 :-]{19} UTC", since)
        ):
            return f"process {pid} on {host}, since {since}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return None
