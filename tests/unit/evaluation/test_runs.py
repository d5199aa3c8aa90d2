"""Which documents did each query find, as TREC writes it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from searchkit.errors import UsageError
from searchkit.evaluation.runs import read_run, write_run


def test_a_run_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "a.run"
    run = {
        "1": [("a b", 2.5), ("c", 2.5), ("é", 0.1)],
        "q 1": [("a%20b", 1.0), ("a\u2028\tb", 0.5)],
    }
    write_run(file, {**run, "2": []}, "name")
    assert file.read_text("utf-8").splitlines()[0] == "1 Q0 a%20b 1 2.5 name"
    names = {document for ranking in run.values() for document, _ in ranking}
    assert read_run(file, run, names) == run


def test_scores_never_rise(tmp_path: Path) -> None:
    file = tmp_path / "a.run"
    write_run(file, {"1": [("a", 2.5), ("c", 3.0)]}, "name")
    assert read_run(file, (), ()) == {"1": [("a", 2.5), ("c", 2.5)]}


def test_a_run_of_others_is_read_by_its_scores(tmp_path: Path) -> None:
    file = tmp_path / "a.run"
    file.write_text("\ufeff1 Q0 a 9 1 x\r\n\n1 Q0 b%20 8 3e0 x\n1\tQ0\tc\t1\t1\tx\n1 Q0 a 1 2 x")
    assert read_run(file, ["1"], ["a", "b%20"]) == {"1": [("b%20", 3.0), ("a", 2.0), ("c", 1.0)]}


@pytest.mark.parametrize("text", ["1 Q0 a 1 2", "1 Q0 a 1 x y", "1 Q0 a 1 nan y", "a" * 9])
def test_what_is_no_run(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.run"
    file.write_text(text)
    with pytest.raises(UsageError, match=":1: no line of a run"):
        read_run(file, (), ())
    with pytest.raises(UsageError, match="cannot be read"):
        read_run(tmp_path, (), ())
    with pytest.raises(UsageError, match="cannot be written"):
        write_run(tmp_path, {}, "x")
