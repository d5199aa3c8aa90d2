"""What can happen to a directory?

:class:`FaultyDirectory` stands before another directory and counts what is asked of it. At one of
these operations a fault happens; and at any time the power can be lost.
"""

from __future__ import annotations

import errno
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from searchkit.storage import Directory, Lock, MemoryDirectory, Output

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

T = TypeVar("T")


class Fault(Enum):
    """What happens at the operation."""

    FAIL = "it fails, nothing of it was done; what comes later works"
    FAIL_HALF = "it fails, a part of it was done (of a write, else all of it)"
    FAIL_ON = "it fails, and so does everything after it"
    STOP = "the process ends before it"
    STOP_AFTER = "the process ends after it"


class Stopped(BaseException):
    """The process has ended: no code of it may run on, least of all an ``except Exception``."""


@dataclass
class Node:
    """A file, whatever it is called."""

    data: bytes = b""
    synced: bytes | None = None


@dataclass
class Change:
    """Names that change together or not at all: None removes."""

    names: dict[str, Node | None] = field(default_factory=dict)


class FaultyDirectory:
    """``inner``, but ``fault`` happens at the operation number ``at``, counted from 1.

    ``operations`` lists what was asked. What is in ``inner`` at the beginning lasts.
    """

    def __init__(self, inner: Directory, at: int = 0, fault: Fault = Fault.FAIL) -> None:
        self.inner = inner
        self.at = at
        self.fault = fault
        self.operations: list[str] = []
        self.stopped = False
        self._nodes: dict[str, Node] = {}
        for name in inner.names():
            data = bytes(inner.open(name))
            self._nodes[name] = Node(data, data)
        self._lasting = dict(self._nodes)
        self._pending: list[Change] = []

    @property
    def path(self) -> Path:
        return self.inner.path

    def after_power_loss(self, chance: random.Random) -> MemoryDirectory:
        """The directory as the disk might have it now: ``chance`` decides."""
        likely = chance.choice((0.0, 0.5, 0.5, 1.0))
        names = dict(self._lasting)
        for change in self._pending:
            if chance.random() < likely:
                for name, node in change.names.items():
                    if node is None:
                        names.pop(name, None)
                    else:
                        names[name] = node
        return MemoryDirectory({name: _torn(node, chance) for name, node in names.items()})

    # The operations

    def names(self) -> list[str]:
        return self._do("names", self.inner.names)

    def length(self, name: str) -> int:
        return self._do(f"length {name}", lambda: self.inner.length(name))

    def open(self, name: str) -> memoryview:
        return self._do(f"open {name}", lambda: self.inner.open(name))

    def create(self, name: str) -> FaultyOutput:
        def create() -> FaultyOutput:
            output = self.inner.create(name)
            node = self._nodes[name] = Node()
            self._pending.append(Change({name: node}))
            return FaultyOutput(self, output, node)

        return self._do(f"create {name}", create)

    def sync(self, name: str) -> None:
        def sync() -> None:
            self.inner.sync(name)
            self._nodes[name].synced = self._nodes[name].data

        self._do(f"sync {name}", sync)

    def sync_directory(self) -> None:
        def sync() -> None:
            self.inner.sync_directory()
            self._lasting = dict(self._nodes)
            self._pending.clear()

        self._do("sync directory", sync)

    def rename(self, old: str, new: str) -> None:
        def rename() -> None:
            self.inner.rename(old, new)
            node = self._nodes.pop(old)
            self._nodes[new] = node
            self._pending.append(Change({old: None, new: node}))

        self._do(f"rename {old} {new}", rename)

    def remove(self, name: str) -> None:
        def remove() -> None:
            self.inner.remove(name)
            del self._nodes[name]
            self._pending.append(Change({name: None}))

        self._do(f"remove {name}", remove)

    def lock(self) -> Lock:
        return self._do("lock", self.inner.lock)

    def _do(self, operation: str, act: Callable[[], T], half: Callable[[], T] | None = None) -> T:
        if self.stopped:
            raise Stopped
        self.operations.append(operation)
        count = len(self.operations)
        if self.fault is Fault.FAIL_ON and 0 < self.at <= count:
            raise OSError(errno.EIO, f"fault at {operation}")
        if count != self.at:
            return act()
        if self.fault is Fault.FAIL_HALF:
            _let_go((half or act)())
        if self.fault is Fault.STOP_AFTER:
            _let_go(act())
        if self.fault in (Fault.STOP, Fault.STOP_AFTER):
            self.stopped = True
            raise Stopped
        raise OSError(errno.EIO, f"fault at {operation}")


class FaultyOutput:
    def __init__(self, directory: FaultyDirectory, inner: Output, node: Node) -> None:
        self._directory = directory
        self._inner = inner
        self._node = node
        self._is_open = True

    def write(self, data: ReadableBuffer) -> None:
        given = memoryview(data).cast("B")

        def write(length: int) -> None:
            self._inner.write(given[:length])
            self._node.data += given[:length]

        self._directory._do(
            f"write {len(given)}", lambda: write(len(given)), lambda: write(len(given) // 2)
        )

    def tell(self) -> int:
        return self._inner.tell()

    def close(self) -> None:
        # The inner file is closed whatever happens, as the end of a process would do.
        if self._is_open:
            self._is_open = False
            self._inner.close()
            self._directory._do("close", lambda: None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _let_go(result: object) -> None:
    if isinstance(result, FaultyOutput):
        result._inner.close()


def _torn(node: Node, chance: random.Random) -> bytes:
    if node.synced is not None:
        return node.synced
    whole = node.data
    cut = chance.randint(0, len(whole))
    return chance.choice((b"", whole, whole[:cut], whole[:cut] + bytes(len(whole) - cut)))
