"""``searchkit check`` and ``searchkit status`` as a user meets them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import searchkit
from searchkit import kernels

SEEDS = Path(__file__).parent.parent.parent / "seeds"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("SEARCHKIT_INDEX", raising=False)

    def run(*arguments: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "searchkit", *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture
def seeded(tmp_path: Path, run: Run) -> Path:
    """The index of the seeds."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    assert run("index").returncode == 0
    return tmp_path / ".searchkit"


def segment_in(index: Path) -> Path:
    (segment,) = index.glob("*.seg")
    return segment


def test_a_sound_index_is_one_line(run: Run, seeded: Path) -> None:
    before = {file.name: file.read_bytes() for file in seeded.iterdir()}
    done = run("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"sound: 1 document, 4 passages, \d+\.\d seconds, index in \.searchkit\n", done.stdout
    )
    assert {file.name: file.read_bytes() for file in seeded.iterdir()} == before


def test_a_title_of_one_word_is_sound(run: Run, tmp_path: Path) -> None:
    """It stands first in the title of every passage."""
    sections = "".join(f"## Part {n}\n\n{'otter ' * 80}\n\n" for n in range(150))
    (tmp_path / "notes.md").write_text(f"# Notes\n\n{sections}")
    assert run("index").returncode == 0
    done = run("check")
    assert (done.returncode, done.stdout[:19]) == (0, "sound: 1 document, "), done.stdout
    assert int(done.stdout.split()[3]) >= 100


def test_each_damage_is_one_line_and_then_what_to_do(run: Run, seeded: Path) -> None:
    segment = segment_in(seeded)
    whole = segment.read_bytes()
    for at in range(0, len(whole), len(whole) // 12):
        segment.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        done = run("check")
        assert done.returncode == 3, at
        assert done.stdout == ""
        *lines, last = done.stderr.splitlines()
        assert lines and all(line.startswith(f"searchkit: {segment.name}") for line in lines)
        problems = f"{len(lines)} problem{'s' if len(lines) > 1 else ''}"
        assert f"is damaged ({problems})" in last and last.endswith("searchkit index")


@pytest.mark.parametrize("data", [b"", b"{" * 5000, b"\x1b[2J\xff\n{}\n}\n"])
def test_a_manifest_that_is_none(run: Run, seeded: Path, data: bytes) -> None:
    (seeded / "manifest.json").write_bytes(data)
    done = run("check")
    assert done.returncode == 3
    assert done.stderr.startswith("searchkit: manifest.json ")
    assert "Traceback" not in done.stderr and "\x1b" not in done.stderr
    status = run("status")
    assert status.returncode == 3 and len(status.stderr.splitlines()) == 1


def test_a_manifest_that_has_gone(run: Run, seeded: Path) -> None:
    (seeded / "manifest.json").unlink()
    for place in ([], ["--index", "."], ["--index", ".searchkit"]):
        done = run("check", *place)
        assert done.returncode == 3
        assert done.stdout == "" and "Traceback" not in done.stderr
    assert "manifest.json is missing" in run("check", "--index", ".searchkit").stderr


@pytest.mark.parametrize("command", ["check", "status"])
def test_without_an_index(run: Run, command: str) -> None:
    done = run(command)
    assert done.returncode == 3
    assert re.fullmatch(r"searchkit: there is no index in or above .+\n", done.stderr)


@pytest.mark.parametrize("command", ["check", "status"])
def test_the_index_can_be_named(run: Run, seeded: Path, tmp_path: Path, command: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    done = run(command, "--index", str(seeded), cwd=tmp_path / "elsewhere")
    assert done.returncode == 0 and done.stdout
    assert run(command, "--version").stdout == f"searchkit {searchkit.__version__}\n"
    assert "Usage: searchkit" in run(command, "--help").stdout


def test_status_in_lines(run: Run, seeded: Path) -> None:
    done = run("status")
    assert (done.returncode, done.stderr) == (0, "")
    said = dict(re.split(r"  +", line, maxsplit=1) for line in done.stdout.splitlines())
    size = sum(file.stat().st_size for file in seeded.iterdir() if file.name[0] != ".")
    assert said == {
        "documents": "1",
        "passages": "4",
        "deleted passages": "0",
        "segments": "1",
        "bytes on disk": f"{size:,}",
        "format": "3",
        "generation": "1",
        "index": ".searchkit",
        "kernels": "compiled" if kernels.compiled() else "not compiled: slow",
    }


def test_status_follows_what_happens(run: Run, tmp_path: Path) -> None:
    for number in range(8):
        file = tmp_path / f"{number}.txt"
        file.write_text(f"Otter {number}.")
        # Old enough for its time to be trusted, however long the runs take.
        os.utime(file, (1_600_000_000, 1_600_000_000))
    run("index")
    (tmp_path / "3.txt").unlink()
    (tmp_path / "4.txt").write_text("Now a beaver.")
    run("index")
    status = json.loads(run("status", "--json").stdout)
    size_bytes = status.pop("size_bytes")
    assert size_bytes > 1000
    assert status == {
        "schema": "searchkit.status/1",
        "index": str(tmp_path.resolve() / ".searchkit"),
        "documents": 7,
        "passages": 7,
        "deleted_passages": 2,
        "segments": 2,
        "format": 3,
        "generation": 2,
        "kernels_compiled": kernels.compiled(),
        "dictionary": "",
        "skipped": [],
    }
    assert run("check").stdout.startswith("sound: 7 documents, 7 passages, ")


def test_status_and_check_in_python(seeded: Path) -> None:
    with searchkit.Collection(seeded) as collection:
        status = collection.status()
        assert (status.documents, status.passages, status.segments) == (1, 4, 1)
        assert list(collection.check()) == []
    segment = segment_in(seeded)
    segment.write_bytes(segment.read_bytes()[:-1])
    with searchkit.Collection(seeded) as collection:
        (line,) = collection.check()
        assert line.startswith(segment.name)
        with pytest.raises(searchkit.IndexCorruptError):
            collection.status()
