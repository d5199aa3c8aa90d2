"""How does a directory work without a disk?"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from searchkit.errors import IndexLockedError
from searchkit.storage.directory import Lock, plain

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class MemoryDirectory:
    """A :class:`~searchkit.storage.directory.Directory` that dies with the process.

    ``files`` are there from the beginning. Threads may share it.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.path = Path("(memory)")
        self._files = {plain(name): bytes(data) for name, data in (files or {}).items()}
        self._names = threading.Lock()
        self._writer = threading.Lock()

    def names(self) -> list[str]:
        with self._names:
            return sorted(self._files)

    def length(self, name: str) -> int:
        return len(self._file(name))

    def open(self, name: str) -> memoryview:
        return memoryview(self._file(name))

    def create(self, name: str) -> _MemoryOutput:
        with self._names:
            if plain(name) in self._files:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
            self._files[name] = b""
        return _MemoryOutput(self, name)

    def sync(self, name: str) -> None:
        self._file(name)

    def sync_directory(self) -> None:
        """There is nothing to do."""

    def rename(self, old: str, new: str) -> None:
        plain(new)
        with self._names:
            data = self._file(old)
            del self._files[old]
            self._files[new] = data

    def remove(self, name: str) -> None:
        with self._names:
            self._file(name)
            del self._files[name]

    def lock(self) -> Lock:
        if not self._writer.acquire(blocking=False):
            raise IndexLockedError(self.path, "a thread of this process")
        return _MemoryLock(self._writer)

    def _file(self, name: str) -> bytes:
        try:
            return self._files[plain(name)]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name) from None

    def _closed(self, name: str, data: bytes) -> None:
        with self._names:
            if name in self._files:
                self._files[name] = data


class _MemoryOutput:
    def __init__(self, directory: MemoryDirectory, name: str) -> None:
        self._directory = directory
        self._name = name
        self._data = BytesIO()

    def write(self, data: ReadableBuffer) -> None:
        self._data.write(data)

    def tell(self) -> int:
        return self._data.tell()

    def close(self) -> None:
        if not self._data.closed:
            self._directory._closed(self._name, self._data.getvalue())
            self._data.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _MemoryLock:
    def __init__(self, held: threading.Lock) -> None:
        self._held: threading.Lock | None = held
        self._pid = os.getpid()

    @property
    def is_held(self) -> bool:
        return self._held is not None and self._pid == os.getpid()

    def release(self) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()
