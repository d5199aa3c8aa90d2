"""How do several processes read many files, in order, and outlive the worst of them?

Each worker is a process with a pipe to it and one from it (``worker.py``), looked after by a thread
of this process. It is started as a command of its own, not with ``multiprocessing``: that imports
the calling program once more, which then needs a guard against it, and its executors cannot do
without one process that hangs. It is never a fork, which would keep the lock of a killed parent.

Small plain files go in batches, because a message costs as much as reading one of them; all others
go one by one. So when a worker dies or takes too long, it is known which file it was; after a batch
each of its files is read again by itself.
"""

from __future__ import annotations

import marshal
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from typing import Any

from searchkit.readers import Options
from searchkit.reading.files import END, Message, Task, is_light, read_file
from searchkit.reading.limits import Limits

_BATCH_FILES = 64
_BATCH_BYTES = 512 << 10
_AHEAD = 4
"""So many batches wait for each worker, read or to be read: files take unlike long."""
_WAITING_MESSAGES = 8
"""So many messages of one batch wait, about a megabyte each; then the worker has to."""
_LOOK_SECONDS = 0.25
"""How often the workers' time is looked at."""

_FEW_FILES = 256
_FEW_BYTES = 1 << 20
"""What is read sooner than a process is started, if all of it is light."""

_Numbered = list[tuple[int, Task]]


def read_files(
    tasks: Sequence[Task], options: Options, limits: Limits, jobs: int | None = None
) -> Generator[Message, None, None]:
    """All messages about ``tasks`` (``files.py``), in their order; their numbers are their places.

    ``jobs`` is the number of worker processes, None for one a processor, 0 for none: then a file
    that hangs or crashes its reader does so in this process. Closing the iterator ends them.
    """
    wanted = _processors() if jobs is None else jobs
    if wanted == 0 or _are_few(tasks):
        for number, task in enumerate(tasks):
            yield from read_file(number, task, options, limits)
        return
    batches = list(_batches(tasks))
    pool = _Pool(min(wanted, len(batches)), options, limits)
    try:
        yield from pool.read(batches)
    finally:
        pool.close()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _are_few(tasks: Sequence[Task]) -> bool:
    return (
        len(tasks) <= _FEW_FILES
        and all(map(is_light, tasks))
        and sum(task.size_bytes for task in tasks) <= _FEW_BYTES
    )


def _batches(tasks: Sequence[Task]) -> Iterator[_Numbered]:
    batch: _Numbered = []
    size = 0
    for number, task in enumerate(tasks):
        light = is_light(task)
        if batch and (
            not light or len(batch) >= _BATCH_FILES or size + task.size_bytes > _BATCH_BYTES
        ):
            yield batch
            batch, size = [], 0
        batch.append((number, task))
        size += task.size_bytes
        if not light:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Batch:
    """Tasks, and what has been said about them: marshalled lists of messages, then None."""

    def __init__(self, tasks: _Numbered) -> None:
        self.tasks = tasks
        self.said: queue.Queue[bytes | None] = queue.Queue(_WAITING_MESSAGES)


class _Pool:
    def __init__(self, jobs: int, options: Options, limits: Limits) -> None:
        self._todo: queue.SimpleQueue[_Batch | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._workers = [_Worker(options, limits) for _ in range(jobs)]
        self._threads = [
            threading.Thread(target=self._serve, args=(worker,), daemon=True)
            for worker in self._workers
        ]
        for thread in self._threads:
            thread.start()

    def read(self, batches: Sequence[_Numbered]) -> Iterator[Message]:
        ahead: deque[_Batch] = deque()
        for tasks in batches:
            batch = _Batch(tasks)
            self._todo.put(batch)
            ahead.append(batch)
            if len(ahead) > _AHEAD * len(self._workers):
                yield from self._drain(ahead.popleft())
        while ahead:
            yield from self._drain(ahead.popleft())

    def _drain(self, batch: _Batch) -> Iterator[Message]:
        while True:
            try:
                data = batch.said.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                for worker in self._workers:
                    worker.end_if_overdue()
                continue
            if data is None:
                return
            yield from marshal.loads(data)

    def close(self) -> None:
        self._closing.set()
        for worker in self._workers:
            worker.kill()
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    # In the threads

    def _serve(self, worker: _Worker) -> None:
        try:
            while not self._closing.is_set():
                batch = self._todo.get()
                if batch is None:
                    return
                self._read_batch(worker, batch)
                self._say(batch, None)
        finally:
            worker.end()

    def _read_batch(self, worker: _Worker, batch: _Batch) -> None:
        if self._try(worker, batch, batch.tasks) is None or self._closing.is_set():
            return
        if len(batch.tasks) == 1:
            self._give_up(worker, batch, batch.tasks[0][0])
            return
        for one in batch.tasks:
            if self._try(worker, batch, [one]) is not None:
                self._give_up(worker, batch, one[0])

    def _try(self, worker: _Worker, batch: _Batch, tasks: _Numbered) -> str | None:
        """Have a worker read ``tasks``: None if it did, else why it ended."""
        held: list[bytes] = []
        for data in worker.read(tasks):
            if len(tasks) > 1:
                # Not said before it is whole: after a failure they are read once more.
                held.append(data)
            else:
                self._say(batch, data)
        if worker.reason:
            return worker.reason
        for data in held:
            self._say(batch, data)
        return None

    def _give_up(self, worker: _Worker, batch: _Batch, number: int) -> None:
        self._say(batch, marshal.dumps([(END, number, [], worker.reason, worker.may_mend)]))

    def _say(self, batch: _Batch, data: bytes | None) -> None:
        while not self._closing.is_set():
            with suppress(queue.Full):
                batch.said.put(data, timeout=_LOOK_SECONDS)
                return


class _Worker:
    """One process at a time, replaced by another after it has ended.

    ``reason`` says why it ended before it had read what it was given, or is ""; ``may_mend``
    whether that may not be the file's fault: a process that others have killed, as systems do that
    run out of memory.
    """

    def __init__(self, options: Options, limits: Limits) -> None:
        self._settings = [_values(options), [getattr(limits, n) for n in limits.__match_args__]]
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_killed = False
        self._is_overdue = False
        self._waits_since: float | None = None
        self._waited = 0.0
        self._looks = 0
        self.reason = ""
        self.may_mend = False

    def read(self, tasks: _Numbered) -> Iterator[bytes]:
        """What the process says about ``tasks``, marshalled lists of messages."""
        self.reason, self.may_mend = "", False
        self._waited, self._looks = 0.0, 0
        if self._is_overdue:  # It was killed when it had just said its last.
            self.end()
            self._is_overdue = False
        try:
            process = self._started()
        except OSError as error:
            self.reason = f"no process could be started to read it: {error.strerror or error}"
            self.may_mend = True
            return
        if process is None:
            self.reason = "interrupted"
            return
        assert process.stdin is not None
        try:
            _send(process.stdin, [(number, tuple(task)) for number, task in tasks])
            while True:
                data = self._receive(process)
                if data is None:
                    break
                if not data:
                    return
                yield data
        except OSError:
            pass
        code = self.end()
        if self._is_overdue:
            self.reason = f"took longer than {self._limits.file_seconds:g} seconds to read"
        else:
            name = _signal_name(code)
            self.reason = f"its reader crashed ({name})"
            self.may_mend = name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
        self._is_overdue = False

    def end_if_overdue(self) -> None:
        """Kill the process if it has worked for too long: to be called each ``_LOOK_SECONDS``.

        The looks count as well as the clock, because that goes on while this process stands still
        (Ctrl-Z in a shell), and what the other has long said is still to be taken.
        """
        with self._lock:
            if self._waits_since is None:
                return
            self._looks += 1
            waited = self._waited + time.monotonic() - self._waits_since
            most = self._limits.file_seconds
            if waited > most and self._looks * _LOOK_SECONDS > most and self._process is not None:
                self._is_overdue = True
                self._process.kill()

    def kill(self) -> None:
        """End the process, and start no other."""
        with self._lock:
            self._is_killed = True
        self._kill_process()

    def end(self) -> int:
        """Let go of the process, which is told so by the end of its input; its exit code."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return 0
        assert process.stdin is not None and process.stdout is not None
        with suppress(OSError):
            process.stdin.close()
        process.stdout.close()
        try:
            return process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _kill_process(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._is_killed:
                return None
            if self._process is None:
                self._process = _start()
                assert self._process.stdin is not None
                with suppress(OSError):
                    _send(self._process.stdin, self._settings)
            return self._process

    def _receive(self, process: subprocess.Popen[bytes]) -> bytes | None:
        assert process.stdout is not None
        began = time.monotonic()
        with self._lock:
            self._waits_since = began
        try:
            head = process.stdout.read(8)
            if len(head) < 8:
                return None
            length = int.from_bytes(head, "little")
            data = process.stdout.read(length)
            return data if len(data) == length else None
        finally:
            with self._lock:
                self._waits_since = None
                self._waited += time.monotonic() - began


def _values(options: Options) -> list[object]:
    return [getattr(options, field.name) for field in fields(options)]


def _send(stream: Any, message: Any) -> None:
    data = marshal.dumps(message)
    stream.write(len(data).to_bytes(8, "little") + data)
    stream.flush()


def _start() -> subprocess.Popen[bytes]:
    """A worker, which imports what this process would import: with ``-P``, so that the current
    folder, which may be anyone's, does not come first.
    """
    path = [os.path.abspath(entry) for entry in sys.path]
    code = f"import sys; sys.path[:] = {path!r}; from searchkit.reading.worker import main; main()"
    apart: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if sys.platform == "win32"
        # Ctrl-C in the terminal is for the parent, which ends them.
        else {"process_group": 0}
    )
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **apart,
    )


def _signal_name(code: int) -> str:
    import signal

    if code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
