"""``searchkit watch`` as a real process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

import searchkit
from searchkit.errors import IndexLockedError
from searchkit.index import Writer
from searchkit.passage_index import passage_writer
from tests.rights import WITHOUT_RIGHTS, can_be_refused

pytest.importorskip("watchfiles")


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "a.txt").write_text("An otter.")
    with watch(tmp_path, ".") as process:
        yield process


@contextmanager
def watch(
    folder: Path, *paths: str, through: Sequence[str] = ()
) -> Iterator[subprocess.Popen[str]]:
    """``searchkit watch`` in ``folder``, once it has said that it is watching, started by the
    command ``through``.
    """
    process = subprocess.Popen(
        [*through, sys.executable, "-m", "searchkit", "watch", *paths],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", "SEARCHKIT_INDEX": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().endswith("watching\n")
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


def processor_seconds(process: int) -> float:
    """What a process has worked so far; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def writer_of(index: Path) -> Writer:
    """A writer, as soon as the one that has just committed gives the lock back."""
    for _ in range(200):
        try:
            return passage_writer(index)
        except IndexLockedError:
            time.sleep(0.05)
    return passage_writer(index)


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
    with writer_of(tmp_path / ".searchkit"):
        (tmp_path / "d.txt").write_text("A toad.")
        time.sleep(1)
    until(lambda: found(tmp_path, "toad") == 1)
    watching.send_signal(signal.SIGTERM)
    out, err = watching.communicate(timeout=20)
    assert watching.returncode == 0
    assert "1 changed" in out and "1 removed" in out and "1 added" in out
    assert err.count("another process is writing") <= 1 and "Traceback" not in err


def test_what_is_left_out_stays_out(tmp_path: Path) -> None:
    for name in ("docs/a.txt", "docs/built/b.txt", "docs/drafts/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("An otter.")
    (tmp_path / ".gitignore").write_text("built/\n")
    (tmp_path / "searchkit.toml").write_text('sources = ["docs"]\nexclude = ["old/"]\n')
    with watch(tmp_path):
        assert keys(tmp_path) == {"docs/a.txt", "docs/drafts/c.txt"}
        # Also when something changes in there.
        (tmp_path / "docs" / "old").mkdir()
        for name in ("built/b.txt", "built/d.txt", "old/e.txt", ".hidden.txt", "f.txt"):
            (tmp_path / "docs" / name).write_text("A beaver.")
        until(lambda: found(tmp_path, "beaver") > 0)
        assert keys(tmp_path) == {"docs/a.txt", "docs/drafts/c.txt", "docs/f.txt"}
        (tmp_path / "docs" / ".searchkitignore").write_text("/drafts\n")
        until(lambda: keys(tmp_path) == {"docs/a.txt", "docs/f.txt"})
        # One above the folder that is watched.
        (tmp_path / ".gitignore").unlink()
        until(lambda: keys(tmp_path) >= {"docs/built/b.txt", "docs/built/d.txt"})


def test_unknown_kinds_that_are_wanted_are_followed(tmp_path: Path) -> None:
    (tmp_path / "searchkit.toml").write_text('include = ["*.org2", "*.txt"]\n')
    (tmp_path / "a.txt").write_text("An otter.")
    with watch(tmp_path):
        (tmp_path / "b.org2").write_text("A beaver.")
        until(lambda: found(tmp_path, "beaver") == 1)


def test_single_files_are_followed_however_they_are_saved(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "a.txt"
    file.parent.mkdir()
    file.write_text("An otter.")
    (tmp_path / "sub" / "b.txt").write_text("An otter too.")
    with watch(tmp_path, "sub/a.txt"):
        for number in range(3):
            aside = tmp_path / "sub" / ".a.txt.new"
            aside.write_text(f"A beaver, number{number}.")
            aside.replace(file)
            until(lambda number=number: found(tmp_path, f"number{number}") == 1)  # type: ignore[misc]
        assert keys(tmp_path) == {"sub/a.txt"}
        file.unlink()
        until(lambda: keys(tmp_path) == set())
        file.write_text("A newt.")
        until(lambda: found(tmp_path, "newt") == 1)


def test_a_folder_that_goes_and_comes_back(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.txt").write_text("An otter.")
    with watch(tmp_path, "notes") as process:
        notes.rename(tmp_path / "away")
        time.sleep(1)
        # As when a disk is not mounted: nothing is removed for that.
        assert keys(tmp_path) == {"notes/a.txt"}
        notes.mkdir()
        (notes / "b.txt").write_text("A beaver.")
        until(lambda: keys(tmp_path) == {"notes/b.txt"})
        (notes / "c.txt").write_text("A newt.")
        until(lambda: keys(tmp_path) == {"notes/b.txt", "notes/c.txt"})
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    assert err.count("\n") == 1 and "watching goes on" in err


def test_a_folder_that_is_made_anew_at_once(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.txt").write_text("An otter.")
    with watch(tmp_path, "notes"):
        # Many file systems give it the same number again.
        shutil.rmtree(notes)
        notes.mkdir()
        (notes / "b.txt").write_text("A beaver.")
        until(lambda: keys(tmp_path) == {"notes/b.txt"})
        time.sleep(1)
        (notes / "c.txt").write_text("A newt.")
        until(lambda: keys(tmp_path) == {"notes/b.txt", "notes/c.txt"})


def test_a_file_that_has_gone_holds_up_nothing_else(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for file in (notes / "a.txt", tmp_path / "b.txt"):
        file.write_text("An otter.")
    with watch(tmp_path, "notes", "b.txt"):
        (tmp_path / "b.txt").unlink()
        until(lambda: keys(tmp_path) == {"notes/a.txt"})
        # Now everything is looked at.
        notes.rename(tmp_path / "away")
        notes.mkdir()
        (notes / "c.txt").write_text("A beaver.")
        until(lambda: keys(tmp_path) == {"notes/c.txt"})
        (tmp_path / "b.txt").write_text("A newt.")
        until(lambda: keys(tmp_path) == {"notes/c.txt", "b.txt"})


def test_a_link_that_is_led_to_another_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"An otter in {name}.")
    (tmp_path / "now").symlink_to("one")
    with watch(tmp_path, "now") as process:
        (tmp_path / "new").symlink_to("two")
        (tmp_path / "new").replace(tmp_path / "now")
        shutil.rmtree(tmp_path / "one")
        until(lambda: "two/a.txt" in keys(tmp_path))
        (tmp_path / "two" / "b.txt").write_text("A beaver.")
        until(lambda: "two/b.txt" in keys(tmp_path))
        before = processor_seconds(process.pid)
        time.sleep(1)
        # It has nothing to do.
        assert processor_seconds(process.pid) - before < 0.5


@pytest.mark.skipif(not can_be_refused(), reason="everything may be read here")
def test_a_folder_that_may_not_be_read(tmp_path: Path) -> None:
    for name in ("a/x.txt", "locked/y.txt", "z/z.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("An otter.")
    (tmp_path / "locked").chmod(0)
    with watch(tmp_path, ".", through=WITHOUT_RIGHTS) as process:
        # What the system tells of must not end at that folder.
        for name in ("a/b.txt", "z/b.txt"):
            (tmp_path / name).write_text(f"A beaver in {name[0]}.")
        until(lambda: keys(tmp_path) == {"a/x.txt", "a/b.txt", "z/z.txt", "z/b.txt"})
        (tmp_path / "locked").chmod(0o700)
        until(lambda: "locked/y.txt" in keys(tmp_path))
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 0 and err.count("\n") == 2, err
    assert "skipped locked: Permission denied" in err and "every few seconds" in err


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
