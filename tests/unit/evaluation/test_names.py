"""Which document does a judgment mean?"""

from __future__ import annotations

import pytest

from searchkit.errors import UsageError
from searchkit.evaluation.names import match_names


def test_by_key_by_name_and_by_stem() -> None:
    keys = ["a/1.txt", "rows.jsonl/2", "b/3.tar.gz", "4", "c/4", "d/.5", "e/6.txt", "e/6"]
    names = match_names(["1", "2", "3", "4", ".5", "6", "7", "a/1.txt"], keys)
    assert names.of_key == {
        "a/1.txt": "a/1.txt",
        "rows.jsonl/2": "2",
        "b/3.tar.gz": "3",
        "4": "4",
        "d/.5": ".5",
        "e/6": "6",
    }
    assert names.absent == {"7", "1"}


def test_two_that_may_be_meant() -> None:
    with pytest.raises(UsageError, match=r"the judged document 1 may be a/1\.txt or b/1\.txt"):
        match_names(["1"], ["a/1.txt", "b/1.txt"])
    with pytest.raises(UsageError):
        match_names(["1"], ["a/1", "b/1"])


def test_a_whole_key_is_meant_whatever_comes_first() -> None:
    for keys in (["a/5.txt", "b/5.txt", "5"], ["5", "a/5.txt", "b/5.txt"], ["a/5.txt", "5", "b/5"]):
        assert match_names(["5"], keys).of_key == {"5": "5"}
