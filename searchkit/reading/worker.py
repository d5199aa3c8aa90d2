"""What does a worker process do?

It reads a batch of tasks from its standard input, reads their files, and writes what it has to say
to its standard output, until its input ends: when its parent is done, or dead. Each way a message
is its length, 8 bytes little-endian, and that many bytes of ``marshal``:

    in      [number, task] pairs; first of all [options, limits], as lists of their values
    out     lists of messages (``files.py``); a length of 0 ends a batch
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import os
import signal
from typing import Any

from searchkit.readers import Options
from searchkit.reading.files import DOCUMENT, END, Message, Task, read_file
from searchkit.reading.limits import Limits

MESSAGE_BYTES = 1 << 20
"""Text that is gathered before it is sent."""

_GRACE_SECONDS = 15.0
_LONGEST_ALARM_SECONDS = 1e6
"""Systems refuse timers of many years."""


def main() -> None:
    """Serve the process that started this one."""
    inward = os.dup(0)
    outward = os.dup(1)
    # What a library prints must not come between the messages.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(inward, "rb") as tasks, open(outward, "wb") as results:
        settings = receive(tasks)
        if settings is None:
            return
        options, limits = Options(*settings[0]), Limits(*settings[1])
        _bound_memory(limits)
        # Nothing of what has been imported will ever be garbage.
        gc.freeze()
        with contextlib.suppress(BrokenPipeError):
            while (batch := receive(tasks)) is not None:
                _serve(batch, options, limits, results)


def _serve(batch: list[Any], options: Options, limits: Limits, results: Any) -> None:
    waiting: list[Message] = []
    chars = 0
    for number, values in batch:
        _alarm(limits.file_seconds + _GRACE_SECONDS)
        for message in read_file(number, Task(*values), options, limits):
            waiting.append(message)
            if message[0] == DOCUMENT:
                chars += len(message[4]) + 200 * len(message[-1])
            if chars > MESSAGE_BYTES:
                _alarm(0)  # The parent may take its time.
                _send(results, waiting)
                waiting, chars = [], 0
                _alarm(limits.file_seconds + _GRACE_SECONDS)
    _alarm(0)
    _send(results, waiting)
    results.write(bytes(8))
    results.flush()


def _send(results: Any, messages: list[Message]) -> None:
    try:
        data = marshal.dumps(messages)
    except ValueError as error:  # A reader gave what a document cannot hold.
        number = messages[-1][1]
        reason = f"its reader failed ({error}); please report this"
        data = marshal.dumps([m for m in messages if m[0] != DOCUMENT and m[0] != END])
        data = marshal.dumps([*marshal.loads(data), (END, number, [], reason, False)])
    results.write(len(data).to_bytes(8, "little"))
    results.write(data)
    results.flush()


def receive(stream: Any) -> Any:
    """The next message, or None at the end."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    length = int.from_bytes(head, "little")
    data = stream.read(length)
    return marshal.loads(data) if len(data) == length else None


def _alarm(seconds: float) -> None:
    """End this process then, or never for 0. The parent is sooner; this is for when it has died,
    and the reader hangs in a library that lets nothing else in the process run.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, min(seconds, _LONGEST_ALARM_SECONDS))


def _bound_memory(limits: Limits) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = limits.memory_bytes if hard < 0 else min(hard, limits.memory_bytes)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        # A worker that dies leaves no core in somebody's folder.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
