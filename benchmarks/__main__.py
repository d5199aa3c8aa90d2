"""``python -m benchmarks``: measure what is installed, and print how it compares."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks import figures, report
from benchmarks.engine import NAMES
from benchmarks.passages import copy_passages
from benchmarks.queries import CLASSES, QUESTIONS, Maker, Query, read_questions
from benchmarks.rounds import alternate
from benchmarks.worker import EngineFailed, Worker

REPOSITORY = Path(__file__).parents[1]
DATA = REPOSITORY.parent / "shared" / "data"
PASSAGES = DATA / "speed" / "passages-en-250k.jsonl.xz"
QUESTIONS_FILE = DATA / "queries" / "msmarco-passage-dev.txt"
SEEDS = REPOSITORY / "seeds"
FIGURES = (
    "queries",
    "kernels",
    "ranking",
    "memory",
    "threads",
    "growth",
    "fourfold",
    "start",
)


def _list_of(known: tuple[str, ...]) -> Any:
    def parse(text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(known)}")
        return names

    return parse


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--engines", type=_list_of(NAMES), default=list(NAMES), metavar="NAME,NAME")
    add("--against", choices=NAMES, default="searchkit", help="the engine of the ratios")
    add("--passages", type=Path, default=PASSAGES, metavar="FILE", help=".jsonl or .jsonl.xz")
    add("--questions", type=Path, default=QUESTIONS_FILE, metavar="FILE", help="one on a line")
    add("--most", type=int, default=250_000, metavar="N", help="passages (default: 250,000)")
    add("--runs", type=int, default=7, help="of each class, alternated (default: 7)")
    add("--builds", type=int, default=1, help="of each index; the median counts (default: 1)")
    add("--classes", type=_list_of(CLASSES), default=list(CLASSES), metavar="NAME,NAME")
    add("--count", type=int, default=300, help="queries of a class (default: 300)")
    add("--question-count", type=int, default=1_000, help="questions (default: 1,000)")
    add("--budget", type=float, default=10.0, metavar="SECONDS", help="a slow engine's run")
    add("--figures", type=_list_of(FIGURES), default=list(FIGURES), metavar="NAME,NAME")
    add("--seed", type=int, default=1)
    add("--work", type=Path, metavar="DIR", help="keep the indexes there, and use them again")
    add("--results", type=Path, metavar="FILE", help="write everything there as JSON")
    options = parser.parse_args()
    if not options.passages.exists():
        parser.error(f"no passages at {options.passages}: name a file by --passages")
    return options


def main() -> None:
    options = _options()
    with TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        benchmark = Benchmark(options, work)
        benchmark.run()
    print(report.tables(benchmark.results))


class Benchmark:
    """One run of it all; ``results`` grows, and is saved after each step."""

    def __init__(self, options: argparse.Namespace, work: Path) -> None:
        self.options = options
        self.work = work
        self.passages = work / "passages.jsonl"
        self.started = perf_counter()
        self.queries: dict[str, list[Query]] = {}
        self.failures: list[str] = []
        self.results: dict[str, Any] = {
            "machine": report.machine(),
            "options": {
                name: getattr(options, name)
                for name in ("most", "runs", "builds", "count", "budget", "seed")
            },
            "ours": options.against,
            "engines": {},
            "classes": {},
            "figures": {},
            "failures": self.failures,
        }

    def run(self) -> None:
        wanted = self.options.figures
        self._make_queries()
        self._build()
        if "queries" in wanted:
            self._measure()
        if "memory" in wanted and QUESTIONS in self.queries:
            self._each("memory", self._memory)
        ours = self.options.against
        if ours not in self.results["engines"]:
            return
        if "kernels" in wanted:
            self._one("kernels", self._kernels)
        if "ranking" in wanted and QUESTIONS in self.queries and ours == "searchkit":
            self._one("ranking", self._ranking)
        if "threads" in wanted and QUESTIONS in self.queries:
            self._one("threads", self._threads)
        if "growth" in wanted:
            self._one("growth", self._growth)
        if "fourfold" in wanted:
            folder = self.work / "fourfold"
            self._one("fourfold", lambda: figures.fourfold(ours, folder, self.passages))
        if "start" in wanted and ours == "searchkit" and SEEDS.exists():
            self._one("start", lambda: figures.start(SEEDS))

    def _say(self, text: str) -> None:
        print(f"[{perf_counter() - self.started:7.1f} s] {text}", file=sys.stderr, flush=True)

    def _save(self) -> None:
        if self.options.results:
            text = json.dumps(self.results, indent=1, ensure_ascii=False)
            self.options.results.write_text(text + "\n", encoding="utf-8")

    def _make_queries(self) -> None:
        options = self.options
        self._say("reading passages")
        texts = copy_passages(options.passages, self.passages, options.most)
        self.results["options"]["passages"] = len(texts)
        self._say(f"{len(texts):,} passages; making queries")
        maker = Maker(texts, options.seed)
        for name in options.classes:
            if name != QUESTIONS:
                self.queries[name] = maker.make(name, options.count)
            elif options.questions.exists():
                self.queries[name] = read_questions(
                    options.questions, options.question_count, options.seed
                )
            else:
                self.failures.append(f"no questions at {options.questions}")
        self.queries = {name: queries for name, queries in self.queries.items() if queries}

    def _build(self) -> None:
        for name in self.options.engines:
            try:
                with Worker(name, figures.cpus()[-1]) as worker:
                    described = worker.call("describe")
                self._say(f"building {name}")
                described["build"], described["segments"] = self._built(name, None)
            except EngineFailed as failure:
                self._fail(name, failure)
                continue
            self.results["engines"][name] = described
            self._save()

    def _built(self, name: str, passages: int | None) -> tuple[dict[str, Any], int | None]:
        """The figures and the number of segments of an index that can be opened."""
        folder = self._folder(name, passages)
        for _ in range(2):
            found = figures.build(name, folder, self.passages, passages, self.options.builds - 1)
            try:
                with Worker(name, figures.cpus()[-1]) as worker:
                    return found, worker.call("open", folder)
            except EngineFailed as failure:
                # One kept from an earlier time may have an older format.
                figures.forget(folder)
                last = failure
        raise last

    def _fail(self, what: str, failure: EngineFailed) -> None:
        last = str(failure).strip().splitlines()[-1]
        self._say(f"{what}: {last}")
        self.failures.append(f"{what}: {failure}")

    def _folder(self, name: str, passages: int | None = None) -> Path:
        return self.work / (name if passages is None else f"{name}-{passages}")

    def _measure(self) -> None:
        options, engines = self.options, self.results["engines"]
        with ExitStack() as stack:
            workers = {
                name: stack.enter_context(Worker(name, figures.cpus()[-1])) for name in engines
            }
            for name, worker in workers.items():
                worker.call("open", self._folder(name))
            for kind, queries in self.queries.items():
                able = {n: w for n, w in workers.items() if kind in engines[n]["classes"]}
                if not able:
                    continue
                self._say(f"asking: {kind}")
                samples = alternate(
                    able,
                    kind,
                    queries,
                    runs=options.runs,
                    budget_seconds=options.budget,
                    failures=self.failures,
                )
                told = report.summary(samples, options.against)
                for one in told.values():
                    one["cut"] = one["queries"] < len(queries)
                self.results["classes"][kind] = told
                self._save()

    def _each(self, figure: str, measure: Any) -> None:
        found = self.results["figures"].setdefault(figure, {})
        for name, engine in self.results["engines"].items():
            if QUESTIONS in engine["classes"]:
                self._say(f"{figure}: {name}")
                try:
                    found[name] = measure(name)
                except EngineFailed as failure:
                    self._fail(f"{figure}: {name}", failure)
        self._save()

    def _one(self, figure: str, measure: Any) -> None:
        self._say(figure)
        try:
            self.results["figures"][figure] = measure()
        except EngineFailed as failure:
            self._fail(figure, failure)
        self._save()

    def _memory(self, name: str) -> dict[str, Any]:
        questions = self.queries[QUESTIONS]
        return figures.anonymous_bytes(name, self._folder(name), questions, self.options.budget)

    def _able(self) -> dict[str, list[Query]]:
        """The queries that our engine answers."""
        able = self.results["engines"][self.options.against]["classes"]
        return {kind: queries for kind, queries in self.queries.items() if kind in able}

    def _kernels(self) -> dict[str, dict[str, float]]:
        ours, peer = self.options.against, "pisa"
        engine = self.results["engines"].get(peer)
        return figures.kernels(
            ours,
            self._folder(ours),
            self._able(),
            self.options.runs,
            *((peer, self._folder(peer), engine["classes"]) if engine else ()),
        )

    def _ranking(self) -> dict[str, float]:
        ours, options = self.options.against, self.options
        questions = self.queries[QUESTIONS]
        return figures.ranking(ours, self._folder(ours), questions, options.runs, options.budget)

    def _threads(self) -> dict[str, Any]:
        ours = self.options.against
        return figures.threads_against_processes(
            ours, self._folder(ours), self.queries[QUESTIONS], self.options.runs
        )

    def _growth(self) -> dict[str, dict[int, float]]:
        ours, options = self.options.against, self.options
        whole = self.results["options"]["passages"]
        folders = {whole: self._folder(ours)}
        for passages in (whole // 2, whole // 4):
            folders[passages] = self._folder(ours, passages)
            self._built(ours, passages)
        return figures.growth(
            ours,
            folders,
            self._able(),
            runs=options.runs,
            budget_seconds=options.budget,
            failures=self.failures,
        )


if __name__ == "__main__":
    main()
