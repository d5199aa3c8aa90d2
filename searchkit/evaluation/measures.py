"""What is a ranking worth?

The measures are those of ir-measures (https://ir-measur.es), which are trec_eval's.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from typing import Any

from searchkit.errors import UsageError
from searchkit.evaluation.files import Judgments
from searchkit.evaluation.runs import Run

_OTHER_NAMES = {"map": "AP", "mrr": "RR", "recall": "R", "precision": "P"}

_SOME = "there are such as nDCG@10, AP, RR, P@5, R@100"

Scores = dict[str, dict[str, float]]
"""Measure -> query id -> value."""


def parse_measures(names: Iterable[str]) -> list[Any]:
    """The measures called ``names``; ``MAP``, ``MRR@10`` and ``recall@100`` are understood too.

    Raises ``UsageError`` for one that is not known, and if ir-measures is not installed.
    """
    try:
        import ir_measures
    except ImportError as error:
        raise UsageError(
            "eval needs ir-measures, which this installs: pip install ir-measures"
        ) from error
    pipeline: Any = ir_measures.DefaultPipeline
    measures = []
    for name in names:
        word, at, cut = name.partition("@")
        try:
            called = _OTHER_NAMES.get(word.lower(), word)
            one: Any = ir_measures.parse_measure(f"{called}{at}{cut}")
        except (ValueError, NameError, KeyError, SyntaxError, AttributeError) as error:
            raise UsageError(f"no measure is called {name}; {_SOME}") from error
        try:
            one.validate_params()
        except AssertionError as error:
            raise UsageError(
                f"{name} lacks a number, or has one that the measure cannot have; {_SOME}"
            ) from error
        if one.params.get("cutoff", 1) < 1:
            raise UsageError(f"{name} has no rank to count to; the first is 1")
        if not pipeline.supports(one):
            raise UsageError(
                f"ir-measures needs another package to compute {name}; its documentation names it"
            )
        measures.append(one)
    return measures


def measure(measures: Sequence[Any], judgments: Judgments, run: Run) -> Scores:
    """The value of each measure for each query that has a relevant document, 0 where the run found
    nothing. Documents count in the order in which the run has them.
    """
    import ir_measures

    judged = {
        query: grades
        for query, grades in judgments.items()
        if any(grade > 0 for grade in grades.values())
    }
    # By rank: trec_eval sorts by score, and equal ones by name.
    ranked = {
        query: {document: -float(rank) for rank, (document, _) in enumerate(run[query])}
        for query in judged
        if run.get(query)
    }
    scores: Scores = {str(one): dict.fromkeys(judged, 0.0) for one in measures}
    try:
        for found in ir_measures.iter_calc(measures, judged, ranked) if ranked else ():
            if found.query_id in judged:
                scores[str(found.measure)][found.query_id] = found.value
    except subprocess.CalledProcessError:
        # Such as ERR, by programs that cannot read a document's name with a blank in it.
        raise UsageError(
            f"one of {', '.join(map(str, measures))} is computed by a program that fails with "
            f"these documents; ask for other measures: {_SOME}"
        ) from None
    return scores
