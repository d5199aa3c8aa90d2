"""What else is measured, beside how long queries take?

Building, memory, threads against processes, growth, and the start of the command line.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.queries import QUESTIONS, RANKED_QUESTIONS, Query
from benchmarks.rounds import Sample, alternate
from benchmarks.worker import Worker

SLOW_SECONDS = 120.0
"""An engine that takes longer than this to build is built once only."""

ROUNDS = 3
"""How often two threads, and two processes, go through the questions."""

STARTS = 15
WORD = "conscription"


def cpus() -> list[int | None]:
    """The CPUs that this process may use; ``[None]`` where they cannot be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return [None]
    return list(sorted(os.sched_getaffinity(0)))  # noqa: C413 (mypy: a list of another type)


def build(name: str, folder: Path, passages: Path, most: int | None, again: int) -> dict[str, Any]:
    """The index of ``name`` in ``folder``, made ``again`` more times; the median build's figures.

    What an earlier benchmark built of the same passages is used as it is: its figures lie by it.
    """
    note = _note(folder)
    source = [passages.stat().st_size, most]
    if note.exists():
        figures: dict[str, Any] = json.loads(note.read_text())
        if figures["source"] == source:
            return figures
    builds = [_build_once(name, folder, passages, most)]
    while len(builds) <= again and builds[0]["seconds"] < SLOW_SECONDS:
        builds.append(_build_once(name, folder, passages, most))
    builds.sort(key=lambda one: float(one["seconds"]))
    middle = {**builds[len(builds) // 2], "source": source, "builds": len(builds)}
    note.write_text(json.dumps(middle))
    return middle


def forget(folder: Path) -> None:
    """The next :func:`build` makes the index anew."""
    _note(folder).unlink(missing_ok=True)


def _note(folder: Path) -> Path:
    return folder.with_suffix(".json")


def _build_once(
    name: str, folder: Path, passages: Path, most: int | None, copies: int = 1
) -> dict[str, Any]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Worker(name, cpus()[-1]) as worker:
        figures: dict[str, Any] = worker.call("build", folder, passages, most, copies)
    return figures


def fourfold(name: str, folder: Path, passages: Path) -> dict[str, Any]:
    """The figures of indexing all passages four times, made distinct. Leaves no index."""
    figures = _build_once(name, folder, passages, None, copies=4)
    shutil.rmtree(folder)
    return figures


def anonymous_bytes(
    name: str, folder: Path, questions: Sequence[Query], budget_seconds: float
) -> dict[str, Any]:
    """``RssAnon`` of a new process of ``name`` that has answered the questions."""
    with Worker(name, cpus()[-1]) as worker:
        worker.call("describe")
        loaded = worker.call("anonymous_bytes")
        worker.call("open", folder)
        worker.call("prepare", QUESTIONS, questions, False)
        times, _, _ = worker.call("measure", QUESTIONS, len(questions), budget_seconds)
        return {
            "questions": len(times),
            "bytes": worker.call("anonymous_bytes"),
            "bytes_before_opening": loaded,
        }


def kernels(
    name: str,
    folder: Path,
    queries: Mapping[str, Sequence[Query]],
    runs: int,
    peer: str | None = None,
    peer_folder: Path | None = None,
    peer_classes: Collection[str] = (),
) -> dict[str, dict[str, float]]:
    """For each class what its queries spend in compiled kernels, as far as that can be told; and
    what all of a query of ``peer`` takes, in turn with it.
    """
    found = {}
    with Worker(name, cpus()[-1]) as worker, ExitStack() as stack:
        worker.call("open", folder)
        other = stack.enter_context(Worker(peer, cpus()[-1])) if peer else None
        if other is not None:
            other.call("open", peer_folder)
        for kind, asked in queries.items():
            worker.call("prepare", kind, asked, False)
            compared = other is not None and kind in peer_classes
            if other is not None and compared:
                other.call("prepare", kind, asked, True)
                other.call("measure", kind, len(asked), float("inf"))
            ours, theirs = Sample([]), Sample([])
            for _ in range(runs):
                ours.runs.append(worker.call("measure_kernels", kind))
                if other is not None and compared:
                    theirs.runs.append(other.call("measure", kind, len(asked), float("inf"))[0])
            if all(ours.runs):
                found[kind] = {"mean_us": ours.mean(), "p99_us": ours.p99()}
                if compared:
                    found[kind] |= {
                        "peer_mean_us": theirs.mean(),
                        "peer_p99_us": theirs.p99(),
                    }
    return found


def threads_against_processes(
    name: str, folder: Path, questions: Sequence[Query], runs: int
) -> dict[str, Any]:
    """Two threads of one process against two processes, each asking all the questions.

    ``ratio`` is the throughput of the threads as a share of that of the processes.
    """
    places = cpus()[-2:]
    if len(places) < 2:
        return {}
    one = Worker(name, None)
    two = [Worker(name, cpu) for cpu in places]
    try:
        for worker in (one, *two):
            worker.call("open", folder)
            worker.call("prepare", QUESTIONS, questions, False)
            worker.call("together", QUESTIONS, 1, 1)
        threads, processes = [], []
        for _ in range(runs):
            threads.append(one.call("together", QUESTIONS, 2, ROUNDS))
            for worker in two:
                worker.send("together", QUESTIONS, 1, ROUNDS)
            processes.append(max([worker.receive() for worker in two]))
    finally:
        for worker in (one, *two):
            worker.close()
    ratios = [apart / within for apart, within in zip(processes, threads, strict=True)]
    asked = 2 * ROUNDS * len(questions)
    return {
        "threads_per_second": asked / median(threads),
        "processes_per_second": asked / median(processes),
        "ratio": median(ratios),
    }


def ranking(
    name: str, folder: Path, questions: Sequence[Query], runs: int, budget_seconds: float
) -> dict[str, float]:
    """Questions by plain BM25 and in the default ranking, in turn."""
    with Worker(name, cpus()[-1]) as worker:
        worker.call("open", folder)
        samples = {QUESTIONS: Sample([]), RANKED_QUESTIONS: Sample([])}
        for kind in samples:
            worker.call("prepare", kind, questions, False)
            worker.call("measure", kind, len(questions), budget_seconds)
        for _ in range(runs):
            for kind, sample in samples.items():
                sample.runs.append(worker.call("measure", kind, len(questions), budget_seconds)[0])
    plain, whole = samples.values()
    return {
        "plain_mean_us": plain.mean(),
        "mean_us": whole.mean(),
        "mean_ratio": whole.mean() / plain.mean(),
        "p99_ratio": whole.p99() / plain.p99(),
    }


def growth(
    name: str,
    folders: Mapping[int, Path],
    queries: Mapping[str, Sequence[Query]],
    *,
    runs: int,
    budget_seconds: float,
    failures: list[str],
) -> dict[str, dict[int, float]]:
    """For each class the mean microseconds of a query at each number of passages."""
    workers = {str(passages): Worker(name, cpus()[-1]) for passages in folders}
    try:
        for passages, folder in folders.items():
            workers[str(passages)].call("open", folder)
        means = {}
        for kind, asked in queries.items():
            samples = alternate(
                workers,
                kind,
                asked,
                runs=runs,
                budget_seconds=budget_seconds,
                failures=failures,
            )
            fewest = min(map(len, samples.values()), default=0)
            means[kind] = {int(size): one.mean(fewest) for size, one in samples.items()}
    finally:
        for worker in workers.values():
            worker.close()
    return means


def start(source: Path) -> dict[str, Any]:
    """``searchkit query`` in a new process against ``python -c pass``, on the folder ``source``."""
    beside = shutil.which("searchkit", path=str(Path(sys.executable).parent))
    command = [beside] if beside else [sys.executable, "-m", "searchkit"]
    with TemporaryDirectory() as folder:
        copy = Path(folder, "documents")
        shutil.copytree(source, copy)

        # As installed: with its bytecode, which the first runs write where it is missing.
        environment = {**os.environ}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def run(*arguments: str) -> float:
            begun = perf_counter()
            subprocess.run(arguments, cwd=folder, env=environment, check=True, capture_output=True)
            return perf_counter() - begun

        run(*command, "index", "documents")
        asked: Callable[[], float] = lambda: run(*command, "query", WORD)  # noqa: E731
        bare: Callable[[], float] = lambda: run(sys.executable, "-c", "pass")  # noqa: E731
        pairs = [(asked(), bare()) for _ in range(STARTS + 2)][2:]
    query, python = (median(times) for times in zip(*pairs, strict=True))
    return {
        "query_seconds": query,
        "python_seconds": python,
        "ratio": median(a / b for a, b in pairs),
    }
