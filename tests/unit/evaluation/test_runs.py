"""Which documents did each query find, as TREC writes it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from searchkit.errors import UsageError
from searchkit.evaluation.runs import read_run, write_run


def test_a_run_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "a.run"
    write_run(file, {"1": [("a b", 2.5), ("c", 3.0), ("é", 0.1)], "2": []}, "name")
    assert file.read_text("utf-8").splitlines()[0] == "1 Q0 a%20b 1 2.5 name"
    assert read_run(file) == {"1": [("a%20b", 2.5), ("c", 2.5), ("é", 0.1)]}


def test_a_run_of_others_is_read_by_its_scores(tmp_path: Path) -> None:
    file = tmp_path / "a.run"
    file.write_text("1 Q0 a 9 1 x\n\n1 Q0 b 8 3e0 x\n1\tQ0\tc\t1\t1\tx\n")
    assert read_run(file) == {"1": [("b", 3.0), ("a", 1.0), ("c", 1.0)]}


@pytest.mark.parametrize("text", ["1 Q0 a 1 2", "1 Q0 a 1 x y", "a" * 9])
def test_what_is_no_run(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.run"
    file.write_text(text)
    with pytest.raises(UsageError, match=":1: no line of a run"):
        read_run(file)
    with pytest.raises(UsageError, match="cannot be read"):
        read_run(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        write_run(tmp_path, {}, "x")
