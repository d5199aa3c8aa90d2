"""A dictionary from the configuration to the answer, as a real process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("icu4py")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SEARCHKIT_INDEX", raising=False)
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "tokyo.txt").write_text("東京都の天気は晴れです。東京都、東京都、東京都。", "utf-8")
    (texts / "kyoto.txt").write_text("京都の天気は雨です。寺が多い町である。", "utf-8")
    configure(tmp_path, 'dictionary = "icu"')
    return tmp_path


def configure(project: Path, line: str) -> None:
    (project / "searchkit.toml").write_text(f'sources = ["texts"]\n{line}\n', "utf-8")


def run(project: Path, *arguments: str, path: Path | None = None) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "searchkit", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONUTF8": "1", **({"PYTHONPATH": str(path)} if path else {})},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def found(project: Path, query: str) -> list[str]:
    code, printed, errors = run(project, "query", "--plain", query)
    assert (code, errors) == (0, "")
    return [line.split("\t")[2].partition(":")[0] for line in printed.splitlines()]


def test_words_come_before_accidental_pairs(project: Path) -> None:
    code, printed, errors = run(project, "index", "--jobs", "2")
    assert (code, errors) == (0, "") and printed.startswith("2 documents (2 added)")
    assert found(project, "京都") == ["texts/kyoto.txt", "texts/tokyo.txt"]
    assert run(project, "check")[0] == 0
    assert re.search(r"^dictionary +icu-\d+$", run(project, "status")[1], re.MULTILINE)
    configure(project, "")
    code, printed, errors = run(project, "index")
    assert code == 0 and printed.startswith("2 documents (nothing changed)")
    assert errors.startswith("searchkit: note: the dictionary has changed (from icu-")
    assert errors.endswith("to none); 2 documents indexed anew for that\n")
    assert found(project, "京都") == ["texts/tokyo.txt", "texts/kyoto.txt"]
    assert "dictionary" not in run(project, "status")[1]


def test_without_the_package_one_line_says_what_to_install(project: Path) -> None:
    assert run(project, "index")[0] == 0
    hiding = project / "hiding"
    hiding.mkdir()
    (hiding / "icu4py.py").write_text("raise ImportError")
    line = "searchkit: the dictionary needs icu4py, which this installs: pip install icu4py\n"
    for arguments in (("query", "京都"), ("index",)):
        assert run(project, *arguments, path=hiding) == (2, "", line)
    assert run(project, "query", "otter", path=hiding)[0] == 1
    assert run(project, "status", path=hiding)[0] == 0


def test_a_wrong_name_is_one_line(project: Path) -> None:
    configure(project, 'dictionary = "jieba"')
    code, printed, errors = run(project, "index")
    assert (code, printed) == (2, "")
    assert errors.endswith("searchkit.toml: there is no dictionary 'jieba'; there is \"icu\"\n")
    assert errors.count("\n") == 1
