from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from searchkit.errors import IndexLockedError
from searchkit.storage.lock import NAME, FileLock

ROOT = Path(__file__).parents[3]

HOLD = """
import sys
from pathlib import Path
from searchkit.storage.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""

FORK = """
import os, time
is_forked, tell = os.pipe()
if os.fork() == 0:
    lock.release()
    os.write(tell, b"!")
    time.sleep(30)
os.read(is_forked, 1)
"""


def hold(path: Path) -> subprocess.Popen[str]:
    """A process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_holder_is_named(tmp_path: Path) -> None:
    process = hold(tmp_path)
    try:
        with pytest.raises(IndexLockedError, match=rf"process {process.pid} on .*, since 2") as e:
            FileLock(tmp_path)
        assert str(process.pid) in (e.value.holder or "")
    finally:
        process.communicate("")
    FileLock(tmp_path).release()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="has no SIGKILL")
def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    process = hold(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert str(process.pid) in (tmp_path / NAME).read_text()
    with FileLock(tmp_path):
        assert json.loads((tmp_path / NAME).read_text())["pid"] == os.getpid()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"3",
        b"[" * 4000,
        b'{"pid": 1}',
        b'{"pid": "\\u001b[31m", "host": "a", "since": "2026-11-23 09:09:43 UTC"}',
        b'{"pid": 1, "host": "\\u001b[31m", "since": "2026-11-23 09:09:43 UTC"}',
        b'{"pid": 1, "host": "a", "since": "yesterday"}',
        b'{"pid": 1, "host": 1, "since": 1}',
        b"x" * 10_000,
    ],
)
def test_what_the_file_says_decides_nothing(tmp_path: Path, said: bytes) -> None:
    (tmp_path / NAME).write_bytes(said)
    with FileLock(tmp_path):
        (tmp_path / NAME).write_bytes(said)
        with pytest.raises(IndexLockedError, match="another process is writing") as caught:
            FileLock(tmp_path)
        assert caught.value.holder is None


def test_a_lost_lock_is_released(tmp_path: Path) -> None:
    lock = FileLock(tmp_path)
    del lock
    gc.collect()
    FileLock(tmp_path).release()


def test_a_failure_inside_releases(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), FileLock(tmp_path):
        raise RuntimeError
    FileLock(tmp_path).release()


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileLock(tmp_path / "missing")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / NAME).symlink_to(victim)
    with pytest.raises(OSError):
        FileLock(tmp_path)
    assert victim.read_text() == "precious"


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names")
def test_a_pipe_in_the_place_of_the_lock(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(OSError, match="not a regular file"):
        FileLock(tmp_path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="has no fork")
def test_a_forked_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    forking = HOLD.replace("print(", FORK + "print(")
    process = subprocess.Popen(
        [sys.executable, "-c", forking, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(IndexLockedError):  # the child's release is not the parent's
            FileLock(tmp_path)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        FileLock(tmp_path).release()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
