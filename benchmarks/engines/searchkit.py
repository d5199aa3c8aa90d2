"""searchkit's own index.

Asked as an application asks it: a string goes through the index's analyzer, and the terms into a
tree. (Joining two words by AND or quoting them is one node, which needs no parser.)
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter_ns
from types import ModuleType
from typing import Any

import searchkit
from benchmarks.engine import RANKED, Engine, K, bytes_of, files
from benchmarks.passages import Feed
from benchmarks.queries import PATTERN_CLASSES, QUESTIONS, RANKED_QUESTIONS, Query
from searchkit.analysis import open_analyzer
from searchkit.analysis.titles import title_term
from searchkit.index import Snapshot, Writer
from searchkit.kernels import search as kernel
from searchkit.schema import Field, Schema
from searchkit.search import search
from searchkit.search.rerank import Asked, ranked
from searchkit.search.weighing import weighed
from searchkit.storage import DiskDirectory, SectionReader
from searchkit.tree import And, Fuzzy, Node, Or, Phrase, Prefix, Term, Wildcard

TEXT = "text"
ANALYZER = "english"
ANY_FORMAT = (0, 1_000)


class Peer(Engine):
    stemming = "Snowball English (PyStemmer)"
    classes = (*RANKED, *PATTERN_CLASSES)

    def version(self) -> str:
        compiled = not kernel.__file__.endswith(".py")
        return f"{searchkit.__version__} {'compiled' if compiled else 'NOT COMPILED'}"

    def build(self, folder: Path, passages: Feed) -> None:
        schema = Schema({TEXT: Field(ANALYZER)})
        writer = Writer(DiskDirectory(folder), schema)
        for key, text in passages:
            writer.add(key, texts={TEXT: text}, stored={TEXT: text})
        writer.commit(merge_all=True)

    def open(self, folder: Path) -> None:
        self._snapshot = Snapshot(DiskDirectory(folder))
        analyzer = open_analyzer(ANALYZER)
        self._terms, self._stops = analyzer.terms, analyzer.stop_terms

    def segments(self) -> int | None:
        return len(self._snapshot.segments)

    def write(self, name: str, query: Query) -> str:
        return " ".join(query)

    def search(self, name: str, text: str) -> list[str]:
        key = self._snapshot.key
        if name == RANKED_QUESTIONS:
            return [key(docnum) for docnum, _ in self._ranked(text)]
        pattern = PATTERNS.get(name)
        tree = pattern(text) if pattern else self._tree(name, self._terms(text))
        return [key(docnum) for docnum, _ in search(self._snapshot, tree, K).best]

    def _ranked(self, text: str) -> Sequence[tuple[int, float]]:
        terms = self._terms(text)
        tree = weighed(self._tree(QUESTIONS, [*dict.fromkeys(terms)]), Counter(terms), self._stops)
        return ranked(self._snapshot, Asked(tree, self._stops, title_term(text)), K).best

    @staticmethod
    def _tree(name: str, terms: list[str]) -> Node:
        if name.startswith("phrase"):
            return Phrase(TEXT, tuple(terms))
        leaves = tuple([Term(TEXT, term) for term in terms])
        if len(leaves) == 1:
            return leaves[0]
        return And(leaves) if name == "and-2" else Or(leaves)

    def measure_kernels(self, name: str, texts: Sequence[str]) -> list[int]:
        clocks = {module: KernelClock(vars(module)["kernel"]) for module in CALLERS}
        for module, clock in clocks.items():
            vars(module)["kernel"] = clock
        try:
            times = []
            for text in texts:
                before = sum(clock.nanoseconds for clock in clocks.values())
                self.search(name, text)
                times.append(sum(clock.nanoseconds for clock in clocks.values()) - before)
        finally:
            for module, clock in clocks.items():
                vars(module)["kernel"] = clock.kernel
        return times

    def without_text(self, folder: Path) -> int | None:
        stored = 0
        directory = DiskDirectory(folder)
        for path in files(folder):
            if path.suffix == ".seg":
                segment = SectionReader(
                    directory.open(path.name),
                    b"SEGM",
                    versions=ANY_FORMAT,
                    path=folder,
                    name=path.name,
                )
                stored += sum(len(segment.section(name)) for name in ("stored", "stored.index"))
        return bytes_of(folder) - stored


class KernelClock:
    """Stands for a module of kernels, and adds up the time that is spent in them."""

    def __init__(self, kernel: ModuleType) -> None:
        self.kernel = kernel
        self.nanoseconds = 0

    def __getattr__(self, name: str) -> Any:
        function = getattr(self.kernel, name)
        if not callable(function):
            return function

        def timed(*arguments: Any) -> Any:
            start = perf_counter_ns()
            result = function(*arguments)
            self.nanoseconds += perf_counter_ns() - start
            return result

        vars(self)[name] = timed
        return timed


CALLERS = [
    module
    for name, module in sorted(sys.modules.items())
    if name.startswith("searchkit.")
    and getattr(vars(module).get("kernel"), "__name__", "").startswith("searchkit.kernels.")
]
"""The modules that call kernels as ``kernel.NAME(...)``."""

PATTERNS: dict[str, Callable[[str], Node]] = {
    "prefix": lambda text: Prefix(TEXT, text[:-1]),
    "wildcard": lambda text: Wildcard(TEXT, text),
    "fuzzy": lambda text: Fuzzy(TEXT, text, 1),
}
