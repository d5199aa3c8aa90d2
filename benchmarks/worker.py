"""Where does an engine run?

In a process of its own, bound to one CPU, which does what the benchmark's process asks of it, one
thing at a time. :class:`Worker` is the benchmark's end of it, :func:`_serve` the engine's.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import sys
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from time import perf_counter, process_time
from types import TracebackType
from typing import Any, Self

from benchmarks.engine import Engine, bytes_of, open_engine
from benchmarks.passages import Feed
from benchmarks.queries import Query

Measured = tuple[list[int], list[list[str]], float]
"""Nanoseconds and keys of each query, and the share of the time that the process had its CPU."""


class EngineFailed(Exception):
    """An engine raised something; the message is its traceback."""


class Worker:
    """A process for the engine ``name``; a context manager. ``cpu`` None: not bound."""

    def __init__(self, name: str, cpu: int | None) -> None:
        self.name = name
        # Not forked: a child would inherit this process's memory, which is to be measured.
        processes = multiprocessing.get_context("spawn")
        self._end, other = processes.Pipe()
        self._process = processes.Process(target=_serve, args=(other, name, cpu), daemon=True)
        self._process.start()
        other.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._end.close()
        self._process.join(30)

    def send(self, method: str, *arguments: object) -> None:
        """Ask for ``method`` of :class:`Bench`; :meth:`receive` gives its result."""
        self._end.send((method, arguments))

    def receive(self) -> Any:
        try:
            good, result = self._end.recv()
        except EOFError:
            raise EngineFailed(f"{self.name}: its process ended") from None
        if not good:
            raise EngineFailed(f"{self.name}: {result}")
        return result

    def call(self, method: str, *arguments: object) -> Any:
        self.send(method, *arguments)
        return self.receive()


def _serve(end: Connection, name: str, cpu: int | None) -> None:
    # Some engines tell of their progress.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    bench = None
    while True:
        try:
            method, arguments = end.recv()
        except EOFError:
            return
        try:
            bench = bench or Bench(open_engine(name))
            end.send((True, getattr(bench, method)(*arguments)))
        except ImportError as error:
            end.send((False, f"cannot be imported: {error}"))
        except Exception:
            end.send((False, traceback.format_exc()))


class Bench:
    """What can be asked of an engine's process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._texts: dict[str, list[str]] = {}

    def describe(self) -> dict[str, Any]:
        engine = self._engine
        return {
            "version": engine.version(),
            "stemming": engine.stemming,
            "remarks": engine.remarks,
            "classes": list(engine.classes),
        }

    def build(self, folder: Path, passages: Path, most: int | None, copies: int) -> dict[str, Any]:
        """Builds the index in the empty ``folder``; the figures of it."""
        feed = Feed(passages, most=most, copies=copies)
        before = _peak_bytes()
        quarters: list[int] = []
        feed.at_quarter = lambda: quarters.append(_peak_bytes())
        start, cpu_start = perf_counter(), process_time()
        self._engine.build(folder, feed)
        seconds = perf_counter() - start - feed.seconds
        cpu_seconds = process_time() - cpu_start - feed.cpu_seconds
        return {
            "passages": feed.passages,
            "text_bytes": feed.text_bytes,
            "seconds": seconds,
            "cpu_seconds": cpu_seconds,
            "mb_per_second": feed.text_bytes / 1e6 / seconds,
            "peak_bytes": _peak_bytes(),
            "peak_bytes_before": before,
            "peak_bytes_at_quarters": [*quarters, _peak_bytes()],
            "bytes": bytes_of(folder),
            "bytes_without_text": self._engine.without_text(folder),
        }

    def open(self, folder: Path) -> int | None:
        """Opens the index; how many segments it has."""
        self._engine.open(folder)
        return self._engine.segments()

    def prepare(self, name: str, queries: Sequence[Query], tune: bool) -> str:
        """Takes the queries of a class; what the engine chose for it."""
        self._texts[name] = [self._engine.write(name, query) for query in queries]
        return self._engine.tune(name, self._texts[name]) if tune else ""

    def measure(self, name: str, most: int, budget_seconds: float) -> Measured:
        """Asks the first ``most`` queries of the class."""
        texts = self._texts[name][:most]
        gc.collect()
        gc.disable()
        start, cpu_start = perf_counter(), process_time()
        try:
            times, keys = self._engine.measure(name, texts, budget_seconds)
        finally:
            gc.enable()
        share = (process_time() - cpu_start) / (perf_counter() - start)
        return times, keys, share

    def measure_kernels(self, name: str) -> list[int]:
        """Nanoseconds in kernels of each query of the class; empty: cannot be told."""
        return self._engine.measure_kernels(name, self._texts[name])

    def together(self, name: str, threads: int, rounds: int) -> float:
        """Seconds that ``threads`` threads take, each of which asks all queries of the class."""
        texts = self._texts[name] * rounds
        search = self._engine.search

        def ask() -> None:
            for text in texts:
                search(name, text)

        workers = [Thread(target=ask) for _ in range(threads)]
        start = perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return perf_counter() - start

    def anonymous_bytes(self) -> int | None:
        """The process's memory that no file stands for; None: this system does not tell."""
        return _status_bytes("RssAnon")


def _status_bytes(name: str) -> int | None:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except FileNotFoundError:
        return None
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith(name + ":")]
    return found[0] if found else None


def _peak_bytes() -> int:
    # Linux counts into getrusage's figure what the process was before its exec, a copy of its
    # parent; VmHWM is the same figure without that.
    peak = _status_bytes("VmHWM")
    if peak is not None:
        return peak
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
