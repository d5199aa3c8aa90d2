"""What may be relied on from a place that keeps files?

A file is created under a name that is free, written from its beginning to its end, and closed.
From then on its bytes never change: it is read, renamed or removed. (A file that shrinks under a
mapping kills the process that reads it, so nothing is ever written in place.)

What lasts through a loss of power: the bytes of a file once ``sync`` has returned for it; names
(created, renamed, removed) once ``sync_directory`` has returned. Before that any part of it may be
there or not, in any combination, except that a rename replaces a file whole or not at all.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


def is_plain(name: str) -> bool:
    """Whether ``name`` can name a file of a directory: no folders, no tricks, the same name on
    every system."""
    return _PLAIN.fullmatch(name) is not None and ".." not in name and not name.endswith(".")


def plain(name: str) -> str:
    """``name``; ``ValueError`` unless :func:`is_plain`."""
    if not is_plain(name):
        raise ValueError(f"{name!r} is not a plain file name")
    return name


class Output(Protocol):
    """A file being written. Its bytes can be relied on only after ``close``."""

    def write(self, data: ReadableBuffer) -> None:
        """Append every byte of a contiguous buffer, of whatever item type. Raises ``OSError``."""

    def tell(self) -> int:
        """How many bytes have been written."""

    def close(self) -> None:
        """Finish the file; a second time does nothing. Raises ``OSError``."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class Lock(AbstractContextManager["Lock"], Protocol):
    """The right to write, held from the moment it was made. Leaving the context releases it.

    It is that of the process that took it: a forked child's copy holds nothing.
    """

    @property
    def is_held(self) -> bool:
        """Whether this process has the right, and has not given it back."""

    def release(self) -> None:
        """Give the right back; a second time does nothing."""


class Directory(Protocol):
    """A flat set of files with plain names.

    Every method that takes a name raises ``ValueError`` for one that is not plain, and
    ``OSError`` for what the system refuses; ``FileNotFoundError`` and ``FileExistsError`` mean
    what they say.
    """

    @property
    def path(self) -> Path:
        """Where it is, for messages."""

    def names(self) -> list[str]:
        """The names of its files, sorted. Files whose names are not plain are not ours, and are
        not among them."""

    def length(self, name: str) -> int:
        """The length of a file, in bytes."""

    def open(self, name: str) -> memoryview:
        """The bytes of a closed file, read only (format ``B``).

        They stay what they are after the file was renamed over or removed, as long as the
        memoryview, or any slice of it, lives.
        """

    def create(self, name: str) -> Output:
        """A new file. ``FileExistsError`` if there is one of that name."""

    def sync(self, name: str) -> None:
        """Make the bytes of a closed file last."""

    def sync_directory(self) -> None:
        """Make all names that were created, renamed and removed so far last."""

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, in place of the file that had it, if any: at every moment
        ``new`` names either the one or the other."""

    def remove(self, name: str) -> None:
        """Remove a file. On Windows ``PermissionError`` while anyone has it mapped."""

    def lock(self) -> Lock:
        """Take the one right to write, at once. ``IndexLockedError``, which names the holder, if
        another process or thread has it. Reading needs no lock."""
