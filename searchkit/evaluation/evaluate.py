"""What do the answers to the queries of a test collection come to?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from searchkit.errors import UsageError
from searchkit.evaluation.compare import Comparison, compare
from searchkit.evaluation.files import read_judgments, read_queries
from searchkit.evaluation.measures import Scores, measure, parse_measures
from searchkit.evaluation.names import match_names
from searchkit.evaluation.runs import Run, read_run, write_run
from searchkit.record import Record

DEFAULT_MEASURES = ("nDCG@10", "AP", "RR", "R@100")
"""The user's gain in the first ten; mean average precision; the rank of the first relevant one; how
much of what is relevant is among the first hundred."""

Answer = Callable[[str], list[tuple[str, float]]]
"""What answers a query: keys of documents with their scores, best first."""


class Evaluation(Record):
    """``scores``: for each measure the value of each query that has relevant documents; ``before``
    the same of the run that it was compared with, and ``comparisons`` what came out for each
    measure. ``absent`` are judged documents that the index does not have, ``unasked`` judged
    queries that were not asked; both sorted.
    """

    run: Run
    scores: Scores
    before: Scores
    comparisons: dict[str, Comparison]
    absent: tuple[str, ...]
    unasked: tuple[str, ...]

    @property
    def queries(self) -> int:
        """How many queries the means are of."""
        return len(next(iter(self.scores.values())))

    @property
    def means(self) -> dict[str, float]:
        """The mean of each measure."""
        return _means(self.scores)

    @property
    def means_before(self) -> dict[str, float]:
        """The mean of each measure for the run that it was compared with; empty without one."""
        return _means(self.before)

    def write_run(self, path: Path) -> None:
        """Write the run as TREC has it. Raises ``UsageError`` if that cannot be."""
        write_run(path, self.run, "searchkit")


def evaluate(
    answer: Answer,
    keys: Iterable[str],
    queries: Path,
    judgments: Path,
    measures: Sequence[str] = DEFAULT_MEASURES,
    against: Path | None = None,
) -> Evaluation:
    """Ask the queries in the file ``queries`` and measure what ``answer`` gives by the file
    ``judgments``, and against the run in ``against`` if there is one. ``keys`` are those of all
    documents.

    Raises ``UsageError`` for files that cannot be read or understood, for a measure that is not
    known, and if ir-measures is not installed.
    """
    wanted = parse_measures(measures)
    asked, judged = read_queries(queries), read_judgments(judgments)
    relevant = {
        query for query, grades in judged.items() if any(grade > 0 for grade in grades.values())
    }
    if not relevant:
        raise UsageError(f"{judgments} names no relevant document")
    documents = {name for grades in judged.values() for name in grades}
    baseline = None if against is None else read_run(against, judged, documents)
    names = match_names(documents, keys)
    run = {
        query: [(names.of_key.get(key, key), score) for key, score in answer(text)]
        for query, text in asked.items()
    }
    scores = measure(wanted, judged, run)
    before = {} if baseline is None else measure(wanted, judged, baseline)
    return Evaluation(
        run,
        scores,
        before,
        {name: compare(before[name], scores[name]) for name in before},
        tuple(sorted(names.absent)),
        tuple(sorted(relevant - asked.keys())),
    )


def _means(scores: Scores) -> dict[str, float]:
    return {name: sum(values.values()) / len(values) for name, values in scores.items()}
