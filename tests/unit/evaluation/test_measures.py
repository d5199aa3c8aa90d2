"""What is a ranking worth?"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.errors import UsageError
from searchkit.evaluation.evaluate import DEFAULT_MEASURES
from searchkit.evaluation.measures import measure, parse_measures

NAMES = st.sampled_from("abcdefgh")


def gain(grades: list[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades[:3], start=1))


def by_definition(grades: Mapping[str, int], ranking: list[str]) -> dict[str, float]:
    relevant = {name for name, grade in grades.items() if grade > 0}
    ranks = [rank for rank, name in enumerate(ranking, start=1) if name in relevant]
    best = sorted(grades.values(), reverse=True)
    return {
        "nDCG@3": gain([grades.get(name, 0) for name in ranking]) / gain(best),
        "AP": sum(found / rank for found, rank in enumerate(ranks, start=1)) / len(relevant),
        "RR": 1 / ranks[0] if ranks else 0.0,
        "R@3": sum(rank <= 3 for rank in ranks) / len(relevant),
    }


@given(
    st.dictionaries(NAMES, st.integers(0, 3), min_size=1),
    st.lists(NAMES, unique=True),
    st.lists(st.sampled_from([2.0, 1.0]), min_size=8, max_size=8),
)
@settings(max_examples=200, deadline=None)
def test_measures_are_what_they_are_defined_as(
    grades: dict[str, int], ranking: list[str], scores: list[float]
) -> None:
    wanted = parse_measures(["nDCG@3", "MAP", "mrr", "recall@3"])
    # Equal scores must not change the order.
    run = {"q": list(zip(ranking, sorted(scores, reverse=True), strict=False)), "other": []}
    found = measure(wanted, {"q": grades, "none": {"a": 0}}, run)
    if not any(grades.values()):
        assert found == {name: {} for name in ("nDCG@3", "AP", "RR", "R@3")}
        return
    assert {name: values["q"] for name, values in found.items()} == pytest.approx(
        by_definition(grades, ranking), abs=1e-4
    )
    assert all(values.keys() == {"q"} for values in found.values())


def test_a_query_that_found_nothing_counts() -> None:
    found = measure(parse_measures(DEFAULT_MEASURES), {"1": {"a": 1}, "2": {"a": 1}}, {"1": []})
    assert found == {name: {"1": 0.0, "2": 0.0} for name in DEFAULT_MEASURES}


@pytest.mark.parametrize("name", ["foo", "", "@", "P@x", "nDCG@", "__import__('os')", "a.b@3"])
def test_what_is_no_measure(name: str) -> None:
    with pytest.raises(UsageError, match="no measure is called"):
        parse_measures([name])


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nDCG@0", "no rank to count to"),
        ("P", "lacks a number"),
        ("INST", "lacks a number"),
        ("AP@1e3", "lacks a number"),
        ("SDCG@10", "lacks a number"),
        ("nDCG(x=1)@10", "lacks a number"),
        ("RBP(p=0.8)", "needs another package"),
        ("α_nDCG@10", "needs another package"),
    ],
)
def test_measures_that_cannot_be_computed(name: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_measures([name])


def test_a_share_of_nothing_is_nothing() -> None:
    found = measure(parse_measures(["Judged@10", "AP"]), {"1": {"a": 1}, "2": {"a": 1}}, {"1": []})
    assert found == {name: {"1": 0.0, "2": 0.0} for name in ("Judged@10", "AP")}


def test_a_program_that_fails_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import ir_measures

    def fail(*_: object) -> object:
        raise subprocess.CalledProcessError(2, ["gdeval"])

    monkeypatch.setattr(ir_measures, "iter_calc", fail)
    with pytest.raises(UsageError, match="AP is computed by a program that fails"):
        measure(parse_measures(["AP"]), {"q": {"d": 1}}, {"q": [("d", 1.0)]})
