"""Worker processes: the same as without, and readers that hang, crash, and eat memory."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from searchkit.readers.contract import Options
from searchkit.reading import pool
from searchkit.reading.files import DOCUMENT, END, FILE, SAME, Message, Task
from searchkit.reading.limits import Limits
from searchkit.reading.pool import read_files

HOSTILE = """
    import ctypes, os, time
    from searchkit.document import Document

    def read(source):
        act = source.data.decode().split()[0]
        if act == "hang":
            time.sleep(600)
        if act == "spin":
            while True: pass
        if act == "crash":
            ctypes.string_at(0)
        if act == "exit":
            os._exit(3)
        if act == "kill":
            os.kill(os.getpid(), 9)
        if act == "print":
            print("noise", flush=True); os.system("echo noise")
        if act == "eat":
            eaten = bytearray(3 << 30)
        if act == "odd":
            yield Document(source.key, "Odd", "text", (), (), 0.0, fields={"odd": object()})
        yield Document(source.key, "Title", act * 3, (), (), source.modified)
        if act == "late":
            os._exit(4)
"""


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder; files in it that end in .hostile are read by the reader above, in workers."""
    package = tmp_path / "site"
    info = package / "hostile-1.dist-info"
    info.mkdir(parents=True)
    (package / "hostile_reader.py").write_text(textwrap.dedent(HOSTILE))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[searchkit.readers]\nhostile = hostile_reader:read\n")
    monkeypatch.syspath_prepend(str(package))
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def task(file: Path) -> Task:
    status = file.stat()
    return Task(file.name, str(file), status.st_size, status.st_mtime_ns)


def tasks(folder: Path, **acts: str) -> list[Task]:
    made = []
    for name, act in acts.items():
        file = folder / f"{name}.{'txt' if act == 'plain' else 'hostile'}"
        file.write_text(act + " text\n")
        made.append(task(file))
    return made


def outcome(messages: list[Message]) -> dict[int, tuple[int, str]]:
    """For each number how many documents there were, and why there were no more."""
    found: dict[int, tuple[int, str]] = {}
    documents = 0
    for message in messages:
        documents += message[0] == DOCUMENT
        if message[0] == END:
            found[message[1]] = (documents, message[3])
            documents = 0
    return found


def test_as_many_processes_as_one_likes_say_the_same(tmp_path: Path) -> None:
    some = []
    for number in range(300):
        file = tmp_path / f"{number}.txt"
        file.write_text(f"Otter {number}. " * (1 if number % 50 else 20_000))
        some.append(task(file))
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01\x02" * 50)
    some.append(task(tmp_path / "bad.txt"))
    some.append(Task("gone.txt", str(tmp_path / "gone.txt"), 5, 5))

    def said(jobs: int) -> list[tuple[object, ...]]:
        # All but the moment of reading.
        return [
            (*one[:4], *one[5:]) if one[0] in (FILE, SAME) else tuple(one)
            for one in read_files(some, Options(), Limits(), jobs)
        ]

    alone = said(0)
    assert [one[1] for one in alone if one[0] == END] == list(range(len(some)))
    assert said(1) == said(3) == alone


def test_the_worst_costs_only_its_file(hostile: Path) -> None:
    some = tasks(
        hostile,
        a="plain",
        b="crash",
        c="good",
        d="spin",
        e="exit",
        f="print",
        g="eat",
        h="odd",
        i="late",
        j="plain",
    )
    began = time.monotonic()
    limits = Limits(file_seconds=2.0, memory_bytes=1 << 30)
    found = outcome(list(read_files(some, Options(), limits, 2)))
    assert time.monotonic() - began < 30
    reasons = {name: found[number] for number, name in enumerate("abcdefghij")}
    assert reasons["a"] == reasons["c"] == reasons["f"] == reasons["j"] == (1, "")
    assert reasons["b"] == (0, "its reader crashed (SIGSEGV)")
    assert reasons["d"] == (0, "took longer than 2 seconds to read")
    assert reasons["e"] == (0, "its reader crashed (exit code 3)")
    assert "1,024 MB of memory" in reasons["g"][1] or "MemoryError" in reasons["g"][1]
    assert "the reader of hostile_reader failed" in reasons["h"][1]
    assert "its reader crashed (exit code 4)" in reasons["i"][1]


def test_the_time_in_which_this_process_stands_still_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.html"
    file.write_text("<p>An otter.</p>")
    worker = pool._Worker(Options(), Limits(file_seconds=2.0))
    receive = worker._receive

    def received(process: subprocess.Popen[bytes]) -> bytes | None:
        # As after Ctrl-Z: the clock has gone on, and who looks is the first to run again.
        worker._waits_since = time.monotonic() - 100.0
        worker.end_if_overdue()
        return receive(process)

    monkeypatch.setattr(worker, "_receive", received)
    said = list(worker.read([(0, task(file))]))
    assert (len(said), worker.reason, worker._is_overdue) == (1, "", False)
    # But after so many looks it counts.
    worker._waits_since = time.monotonic() - 100.0
    for _ in range(9):
        worker.end_if_overdue()
    assert worker._is_overdue
    monkeypatch.undo()
    # What was killed too late costs no other file.
    said = list(worker.read([(1, task(file))]))
    assert (len(said), worker.reason) == (1, "")
    worker.end()


def test_a_process_killed_from_outside_may_be_tried_again(hostile: Path) -> None:
    some = tasks(hostile, a="kill", b="exit")
    ends = {one[1]: one for one in read_files(some, Options(), Limits(), 1) if one[0] == END}
    assert ends[0][3:] == ("its reader crashed (SIGKILL)", True)
    assert ends[1][3:] == ("its reader crashed (exit code 3)", False)


def test_files_that_waited_with_the_worst_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A reader of plain text that dies: in a batch with others.
    package = tmp_path / "site"
    package.mkdir()
    (package / "sitecustomize.py").write_text(
        textwrap.dedent(
            """
            import os, sys
            if "worker" in " ".join(sys.orig_argv):
                from searchkit.readers import plaintext
                read = plaintext.read_plaintext
                def deadly(source):
                    if source.data.startswith(b"die"):
                        os._exit(5)
                    return read(source)
                plaintext.read_plaintext = deadly
            """
        )
    )
    monkeypatch.setenv("PYTHONPATH", str(package))
    some = []
    for number in range(300):
        file = tmp_path / f"{number}.txt"
        file.write_text("die" if number == 130 else f"Otter {number}.")
        some.append(task(file))
    found = outcome(list(read_files(some, Options(), Limits(), 2)))
    assert found.pop(130) == (0, "its reader crashed (exit code 5)")
    assert set(found.values()) == {(1, "")}


def test_a_file_that_is_too_long_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a " * 1_000_000)
    limits = Limits(file_bytes=1 << 20)
    found = outcome(list(read_files([task(tmp_path / "a.txt")], Options(), limits, 1)))
    assert found == {0: (0, "is longer than 1 MB")}


def test_closing_ends_the_processes(hostile: Path) -> None:
    some = tasks(hostile, **{f"n{number}": "hang" for number in range(4)}, z="good")
    messages = read_files(some[::-1], Options(), Limits(), 2)
    next(messages)
    began = time.monotonic()
    messages.close()
    assert time.monotonic() - began < 5
    assert not _workers_of(os.getpid())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_workers_end_with_their_parent(hostile: Path) -> None:
    some = tasks(hostile, a="hang", b="good", c="hang")
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from searchkit.reading.pool import read_files\n"
        "from searchkit.reading.files import Task\n"
        "from searchkit.reading.limits import Limits\n"
        "from searchkit.readers.contract import Options\n"
        f"some = [Task(*one) for one in {[tuple(one) for one in some]!r}]\n"
        "for _ in read_files(some, Options(), Limits(1.0), 2): print(_, flush=True)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while not (workers := _workers_of(parent.pid)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    assert parent.stdout is not None
    parent.stdout.close()
    # One that hangs has its alarm, a good while later.
    deadline = time.monotonic() + 30
    while any(_is_alive(worker) for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _workers_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(fields[1]) == parent and b"reading.worker" in command:
                found.append(int(entry.name))
    return found


def _is_alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
