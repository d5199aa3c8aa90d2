"""``searchkit index`` killed at any moment leaves what was committed, and can be run again."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import searchkit
from searchkit.codec import postings
from searchkit.index import Snapshot, Writer
from searchkit.index.commit import read_manifest
from searchkit.index.manifest import is_ours
from searchkit.storage import DiskDirectory

ROOT = Path(__file__).parents[2]
FILES = 40


def text(number: int, version: int) -> str:
    lines = [f"# Note {number}", ""]
    lines += [f"Line {n} of note {number} in version v{version}.\n" for n in range(60)]
    return "\n".join(lines)


def write_files(folder: Path, version: int) -> None:
    for number in range(FILES):
        (folder / f"{number}.md").write_text(text(number, version))


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "searchkit", "index", "."],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def version_of(folder: Path) -> int:
    """The one version of which all documents are, read as a user does and byte by byte."""
    directory = DiskDirectory(folder / ".searchkit")
    with Snapshot(directory) as snapshot:
        keys = {snapshot.key(n) for n in snapshot.live()}
        assert keys == {f"{number}.md" for number in range(FILES)}
        for segment in snapshot.segments:
            assert list(segment.sections.verify_all()) == []
    with searchkit.open(folder) as collection:
        texts = [collection.text(f"{number}.md") for number in range(FILES)]
    versions = {word for one in texts for word in one.split() if word.startswith("v")}
    versions -= {"version"}
    assert len(versions) == 1
    version = int(versions.pop()[1:-1])
    for number, one in enumerate(texts):
        assert one.count(f"note {number} in version v{version}.") == 60
    return version


def run(folder: Path, kills: int, seed: int) -> tuple[int, int]:
    """Kill so many; how many of them came before their commit, and how many after."""
    chance = random.Random(seed)
    write_files(folder, 1)
    begun = time.monotonic()
    process = start(folder)
    _, said = process.communicate()
    assert process.returncode == 0, said
    whole_run = time.monotonic() - begun
    committed, before, after = 1, 0, 0
    for version in range(2, kills + 2):
        write_files(folder, version)
        process = start(folder)
        time.sleep(chance.uniform(0.15, 1.1) * whole_run)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = version_of(folder)
        assert found in (committed, version)
        before, after = before + (found == committed), after + (found == version)
        committed = found
        # The lock died with its holder, and whoever writes next takes the remains away.
        directory = DiskDirectory(folder / ".searchkit")
        Writer(directory).cancel()
        named = set(read_manifest(directory).files())
        assert {name for name in directory.names() if is_ours(name)} == named
    write_files(folder, kills + 2)
    process = start(folder)
    _, said = process.communicate()
    assert process.returncode == 0, said
    assert version_of(folder) == kills + 2
    return before, after


@pytest.fixture(autouse=True)
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_OUT_BYTES", 1 << 12)


def test_kill(tmp_path: Path) -> None:
    run(tmp_path, 5, seed=1)


@pytest.mark.slow
def test_200_kills(tmp_path: Path) -> None:
    before, after = run(tmp_path, 200, seed=2)
    print(f"{before} kills before the commit, {after} after it")
    assert before >= 20
    assert after >= 5
