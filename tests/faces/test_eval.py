"""``searchkit eval`` as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    for name, text in {"1": "otters swim", "2": "beavers swim", "3": "newts"}.items():
        (tmp_path / "texts" / f"{name}.txt").write_text(text)
    (tmp_path / "queries.tsv").write_text("a\tswim otters\nb\tnewts (and AND\n")
    (tmp_path / "qrels.txt").write_text("a 0 2 1\nb 0 3 1\nc 0 3 1\na 0 99 1\n")
    assert run(tmp_path, "index", "texts").returncode == 0
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "searchkit", *arguments],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if key != "SEARCHKIT_INDEX"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_measures_are_printed(site: Path) -> None:
    done = run(site, "eval", "queries.tsv", "qrels.txt", "-m", "RR", "-m", "P@1", "--per-query")
    assert done.stdout.splitlines() == [
        "a\t0.5000\t0.0000",
        "b\t1.0000\t1.0000",
        "c\t0.0000\t0.0000",
        "RR   0.5000",
        "P@1  0.3333",
        "3 queries",
    ]
    assert done.stderr.splitlines() == [
        "searchkit: 1 judged document is not in the index: 99",
        "searchkit: 1 judged query is not asked, and counts as not answered: c",
    ]
    assert done.returncode == 0


def test_a_run_is_written_and_compared_with(site: Path) -> None:
    assert run(site, "eval", "queries.tsv", "qrels.txt", "--run", "one.run").returncode == 0
    lines = (site / "one.run").read_text().splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["a", "Q0", "texts/1.txt", "1"],
        ["a", "Q0", "2", "2"],
        ["b", "Q0", "3", "1"],
    ]
    (site / "queries.tsv").write_text("a\tbeavers\nb\tnewts\n")
    done = run(site, "eval", "queries.tsv", "qrels.txt", "--against", "one.run", "-m", "RR")
    head, row, last = done.stdout.splitlines()
    assert head.split() == ["before", "now", "difference", "better", "worse", "p"]
    assert row.split() == ["RR", "0.5000", "0.6667", "+0.1667", "1", "0", "1.0000"]
    assert last == "3 queries; before: one.run"
    done = run(site, "eval", "queries.tsv", "qrels.txt", "--against", "one.run", "--json")
    found = json.loads(done.stdout)
    assert found["schema"] == "searchkit.evaluation/1" and found["queries"] == 3
    assert found["before"]["RR"] == 0.5 and found["comparison"]["RR"]["better"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("no.tsv", "qrels.txt"), "searchkit: no.tsv cannot be read: No such file or directory"),
        (("queries.tsv", "queries.tsv"), "searchkit: queries.tsv:1: no judgment"),
        (("queries.tsv", "qrels.txt", "-m", "x"), "searchkit: no measure is called x"),
        (("queries.tsv", "qrels.txt", "--against", "qrels.txt"), "no line of a run"),
        (("queries.tsv", "qrels.txt", "--run", "no/one.run"), "cannot be written"),
    ],
)
def test_wrong_files_are_one_line(site: Path, arguments: tuple[str, ...], says: str) -> None:
    done = run(site, "eval", *arguments)
    assert done.returncode == 2 and done.stdout == ""
    (line,) = done.stderr.splitlines()[-1:]
    assert says in line and "Traceback" not in done.stderr
