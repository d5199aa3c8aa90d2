"""How is a class of queries measured?

Engines take turns: each asks the whole class once, then the next does, and that ``runs`` times,
beginning with another engine each time, so that what else the machine does falls on all alike.
A first run that does not count warms up, finds out how many of the queries an engine can answer
within the budget (a slow one asks only the first so many), and keeps the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import mean, median

from benchmarks.queries import Query
from benchmarks.worker import EngineFailed, Worker

FEWEST = 10
"""Queries that even an engine far out of budget asks."""


@dataclass
class Sample:
    """What one engine took for one class."""

    keys: list[list[str]]
    """The keys of each query's passages."""
    choice: str = ""
    """What the engine chose for the class, where it had a choice."""
    runs: list[list[int]] = field(default_factory=list)
    """Nanoseconds of each query, run by run."""
    cpu_shares: list[float] = field(default_factory=list)
    """How much of each run the process had its CPU: below 1, others had it too."""

    def __len__(self) -> int:
        return len(self.keys)

    def mean(self, first: int | None = None) -> float:
        """Median over the runs of the mean of the ``first`` queries, in microseconds."""
        return median(mean(run[:first]) for run in self.runs) / 1_000

    def p99(self, first: int | None = None) -> float:
        """Median over the runs of the 99th percentile, in microseconds."""
        return median(_percentile(run[:first], 0.99) for run in self.runs) / 1_000


def _percentile(times: Sequence[int], share: float) -> int:
    return sorted(times)[ceil(share * len(times)) - 1]


def alternate(
    workers: Mapping[str, Worker],
    name: str,
    queries: Sequence[Query],
    *,
    runs: int,
    budget_seconds: float,
    failures: list[str],
) -> dict[str, Sample]:
    """Each worker's sample of the class ``name``; what failed is told in ``failures``."""
    samples: dict[str, Sample] = {}
    for engine, worker in workers.items():
        try:
            choice = worker.call("prepare", name, queries, True)
            few = worker.call("measure", name, FEWEST, float("inf"))
            most = worker.call("measure", name, len(queries), budget_seconds)
        except EngineFailed as failure:
            failures.append(f"{name}: {failure}")
            continue
        samples[engine] = Sample(max(most[1], few[1], key=len), choice)
    order = list(samples)
    for run in range(runs if order else 0):
        first = run % len(order)
        for engine in order[first:] + order[:first]:
            sample = samples[engine]
            times, _, share = workers[engine].call("measure", name, len(sample), float("inf"))
            sample.runs.append(times)
            sample.cpu_shares.append(share)
    return samples


def overlap(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> float:
    """How much of the top tens agrees, as a mean share of the longer of two; 1: all of it."""
    pairs = [(set(a), set(b)) for a, b in zip(one, other, strict=False)]
    return mean(len(a & b) / max(len(a), len(b), 1) if a or b else 1.0 for a, b in pairs)
