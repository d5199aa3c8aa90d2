"""What must an engine do to be measured?

Each module of ``benchmarks/engines`` has one class ``Peer``, a :class:`Engine`, and imports the
engine it stands for at its top: where that fails the engine is left out.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter, perf_counter_ns

from benchmarks.passages import Feed
from benchmarks.queries import PHRASE_CLASSES, QUESTIONS, WORD_CLASSES, Query

NAMES = ("searchkit", "tantivy", "pisa", "sqlite", "xapian", "bm25s", "whoosh")

K = 10
"""How many keys a query is to give."""

K1, B = 1.2, 0.75
"""BM25's parameters, for every engine that lets them be chosen; the others have the same."""

RANKED = (*WORD_CLASSES, *PHRASE_CLASSES, QUESTIONS)
"""The classes of queries that an engine with phrases can answer."""


class Engine(ABC):
    """One engine: writes an index of passages into a folder, and answers queries from it."""

    stemming: str
    """Which stemmer does its words' work."""
    remarks: str = ""
    """What a reader of the table should know."""
    classes: Sequence[str] = RANKED
    """The classes of queries it answers."""

    @abstractmethod
    def version(self) -> str: ...

    @abstractmethod
    def build(self, folder: Path, passages: Feed) -> None:
        """Index ``passages``, text and key stored, all words kept; on return it is durable, and
        one segment where the engine knows segments."""

    @abstractmethod
    def open(self, folder: Path) -> None:
        """Get ready to answer from the index in ``folder``."""

    @abstractmethod
    def write(self, name: str, query: Query) -> str:
        """The query of class ``name`` in the engine's own language."""

    @abstractmethod
    def search(self, name: str, text: str) -> list[str]:
        """The keys of the best ``K`` passages for what :meth:`write` gave."""

    def without_text(self, folder: Path) -> int | None:
        """The bytes of the index less those that keep the stored text; None: cannot be told."""
        return None

    def segments(self) -> int | None:
        """How many segments the open index has; None: it knows none."""
        return None

    def tune(self, name: str, texts: Sequence[str]) -> str:
        """Choose what is fastest for the class, where there is a choice; what was chosen."""
        return ""

    def measure(
        self, name: str, texts: Sequence[str], budget_seconds: float
    ) -> tuple[list[int], list[list[str]]]:
        """Nanoseconds and keys of each query; ends early when the budget is spent."""
        times, found = [], []
        search, clock = self.search, perf_counter_ns
        end = perf_counter() + budget_seconds
        for text in texts:
            start = clock()
            keys = search(name, text)
            times.append(clock() - start)
            found.append(keys)
            if perf_counter() > end:
                break
        return times, found

    def measure_kernels(self, name: str, texts: Sequence[str]) -> list[int]:
        """Nanoseconds that each query spends in compiled kernels; empty: cannot be told."""
        return []


def open_engine(name: str) -> Engine:
    """The engine ``name``. Raises ``ImportError`` where it is not installed."""
    engine: Engine = import_module(f"benchmarks.engines.{name}").Peer()
    return engine


def files(folder: Path) -> Iterator[Path]:
    """Every file in and below ``folder``."""
    return (path for path in folder.rglob("*") if path.is_file())


def bytes_of(folder: Path) -> int:
    """The size of an index."""
    return sum(path.stat().st_size for path in files(folder))


def sync_files(folder: Path) -> None:
    """Make durable what an engine wrote and did not sync itself."""
    for path in (*files(folder), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
