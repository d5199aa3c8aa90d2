"""A process killed at any moment of its commits leaves a whole index, and no lock."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from searchkit.index.commit import collect_garbage, read_manifest
from searchkit.index.manifest import is_ours
from searchkit.storage import DiskDirectory
from tests.crash.generations import assert_whole, commit_next

ROOT = Path(__file__).parents[2]


def start(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crash.committing", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def run(path: Path, seconds: float) -> int:
    """Kill and look, again and again; how many generations there were."""
    chance = random.Random(seconds)
    directory = DiskDirectory.make(path)
    commit_next(directory)
    deadline = time.monotonic() + seconds
    kills = 0
    while kills < 3 or time.monotonic() < deadline:
        process = start(path)
        assert process.stdout is not None
        first = process.stdout.readline()  # it is up, and in its loop
        time.sleep(chance.random() * 0.05)
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        printed, _ = process.communicate()
        published = [int(line) for line in (first + printed).splitlines(keepends=True)[:-1]]
        found = assert_whole(directory)
        assert found >= max(published, default=1)
        with directory.lock():
            collect_garbage(directory)
        assert {n for n in directory.names() if is_ours(n)} == set(read_manifest(directory).files())
        kills += 1
    return assert_whole(directory)


def test_kill(tmp_path: Path) -> None:
    assert run(tmp_path / "index", seconds=3) > 3


@pytest.mark.slow
def test_kill_for_long(tmp_path: Path) -> None:
    assert run(tmp_path / "index", seconds=60) > 100


def test_readers_beside_a_process_that_commits(tmp_path: Path) -> None:
    directory = DiskDirectory.make(tmp_path / "index")
    commit_next(directory)
    process = start(directory.path)
    assert process.stdout is not None
    process.stdout.readline()
    drain = threading.Thread(target=process.stdout.read)
    drain.start()
    try:
        seen = []
        deadline = time.monotonic() + 1.5
        while time.monotonic() < deadline:
            seen.append(assert_whole(directory))
    finally:
        process.kill()
        drain.join()
        process.communicate()
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
