"""``searchkit watch`` as a real process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import searchkit
from searchkit.passage_index import passage_writer

pytest.importorskip("watchfiles")


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "a.txt").write_text("An otter.")
    process = subprocess.Popen(
        [sys.executable, "-m", "searchkit", "watch", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUTF8": "1", "SEARCHKIT_INDEX": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        until(lambda: found(tmp_path, "otter") == 1)
        yield process
    finally:
        process.kill()
        process.communicate()


def found(folder: Path, word: str) -> int:
    with searchkit.open(folder) as collection:
        return collection.search(word).total if collection.exists() else -1


def keys(folder: Path) -> set[str]:
    with searchkit.open(folder) as collection:
        return set(collection.keys())


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_follows_what_happens(watching: subprocess.Popen[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A beaver.")
    until(lambda: found(tmp_path, "beaver") == 1 and found(tmp_path, "otter") == 0)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "b.md").write_text("A newt.")
    until(lambda: found(tmp_path, "newt") == 1)
    (tmp_path / "a.txt").rename(tmp_path / "c.txt")
    until(lambda: keys(tmp_path) == {"c.txt", "deep/er/b.md"})
    shutil.rmtree(tmp_path / "deep")
    until(lambda: found(tmp_path, "newt") == 0)
    with passage_writer(tmp_path / ".searchkit"):
        (tmp_path / "d.txt").write_text("A toad.")
        time.sleep(1)
    until(lambda: found(tmp_path, "toad") == 1)
    watching.send_signal(signal.SIGTERM)
    out, err = watching.communicate(timeout=20)
    assert watching.returncode == 0
    assert "1 changed" in out and "1 removed" in out
    assert err.count("another process is writing") <= 1 and "Traceback" not in err


def test_ctrl_c_ends_it(watching: subprocess.Popen[str]) -> None:
    watching.send_signal(signal.SIGINT)
    watching.communicate(timeout=20)
    assert watching.returncode == 130


def test_what_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "searchkit", "watch", "nosuch"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2 and "there is no file or folder nosuch" in done.stderr
