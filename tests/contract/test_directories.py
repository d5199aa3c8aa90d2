"""What every directory keeps to, wherever its files lie."""

from __future__ import annotations

import array
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchkit.errors import IndexLockedError
from searchkit.storage import Directory, DiskDirectory, MemoryDirectory
from tests.crash.faulty import FaultyDirectory

MAKERS: dict[str, Callable[[Path], Directory]] = {
    "disk": DiskDirectory.make,
    "memory": lambda path: MemoryDirectory(),
    "faulty": lambda path: FaultyDirectory(MemoryDirectory()),
    "faulty on disk": lambda path: FaultyDirectory(DiskDirectory.make(path)),
}

BAD_NAMES = [
    "",
    ".",
    "..",
    ".hidden",
    "a/b",
    "../a",
    "/etc/passwd",
    "a\\b",
    "c:a",
    "A",
    "a b",
    "a\0",
    "a\n",
    "a..b",
    "a.",
    "é",
    "-rf",
    "a" * 101,
]


@pytest.fixture(params=MAKERS)
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> Directory:
    return MAKERS[request.param](tmp_path / "index")


def put(directory: Directory, name: str, data: bytes) -> None:
    with directory.create(name) as output:
        output.write(data)


def test_a_new_directory_is_empty(directory: Directory) -> None:
    assert directory.names() == []


@pytest.mark.parametrize("data", [b"", b"a", bytes(range(256)) * 5000])
def test_what_is_written_is_read(directory: Directory, data: bytes) -> None:
    put(directory, "a.seg", data)
    read = directory.open("a.seg")
    assert read == data
    assert (read.format, read.itemsize, read.ndim, read.readonly) == ("B", 1, 1, True)
    assert directory.length("a.seg") == len(data)
    assert directory.names() == ["a.seg"]


def test_every_kind_of_buffer_is_written(directory: Directory) -> None:
    with directory.create("a") as output:
        assert output.tell() == 0
        output.write(b"12")
        output.write(bytearray(b"34"))
        output.write(memoryview(b"_56_")[1:3])
        output.write(array.array("I", [1, 2]))
        assert output.tell() == 14
        output.write(b"")
        assert output.tell() == 14
    assert directory.open("a") == b"123456" + array.array("I", [1, 2]).tobytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(chunks=st.lists(st.binary(max_size=400)), times=st.sampled_from([1, 1000]))
def test_chunks_are_joined(directory: Directory, chunks: list[bytes], times: int) -> None:
    with directory.create("a") as output:
        for chunk in chunks:
            output.write(chunk * times)
    assert directory.open("a") == b"".join(chunk * times for chunk in chunks)
    directory.remove("a")


def test_closing_twice_is_closing(directory: Directory) -> None:
    output = directory.create("a")
    output.write(b"1")
    output.close()
    output.close()
    assert directory.open("a") == b"1"


def test_a_name_is_created_once(directory: Directory) -> None:
    put(directory, "a", b"1")
    with pytest.raises(FileExistsError):
        directory.create("a")
    assert directory.open("a") == b"1"


def test_a_file_that_is_not_there(directory: Directory) -> None:
    put(directory, "b", b"1")
    for act in (directory.open, directory.length, directory.sync, directory.remove):
        with pytest.raises(FileNotFoundError):
            act("a")
    with pytest.raises(FileNotFoundError):
        directory.rename("a", "b")
    assert directory.open("b") == b"1"


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_are_plain(directory: Directory, name: str) -> None:
    put(directory, "a", b"1")
    acts: list[Callable[[str], object]] = [
        directory.open,
        directory.length,
        directory.sync,
        directory.remove,
        directory.create,
        lambda name: directory.rename("a", name),
        lambda name: directory.rename(name, "a"),
    ]
    for act in acts:
        with pytest.raises(ValueError, match="not a plain file name"):
            act(name)
    assert directory.open("a") == b"1"


def test_renaming_replaces(directory: Directory) -> None:
    put(directory, "a", b"1")
    put(directory, "b", b"22")
    before = directory.open("b")
    directory.rename("a", "b")
    assert directory.names() == ["b"]
    assert directory.open("b") == b"1"
    assert before == b"22"
    put(directory, "a", b"")
    directory.rename("a", "a")
    assert directory.names() == ["a", "b"]


def test_reading_goes_on_after_removal(directory: Directory) -> None:
    data = bytes(range(256)) * 1000
    put(directory, "a", data)
    part = directory.open("a")[1000:2000]
    directory.remove("a")
    assert directory.names() == []
    put(directory, "a", b"other")
    assert part == data[1000:2000]


def test_names_are_sorted(directory: Directory) -> None:
    for name in ("b", "a.1", "a", "c-d_e"):
        put(directory, name, b"")
    assert directory.names() == ["a", "a.1", "b", "c-d_e"]


def test_syncing(directory: Directory) -> None:
    put(directory, "a", b"1")
    put(directory, "empty", b"")
    directory.sync("a")
    directory.sync("empty")
    directory.sync_directory()
    assert directory.open("a") == b"1"


def test_one_writer(directory: Directory) -> None:
    lock = directory.lock()
    with pytest.raises(IndexLockedError) as caught:
        directory.lock()
    assert caught.value.holder
    assert caught.value.holder in str(caught.value)
    assert caught.value.path == directory.path
    lock.release()
    with directory.lock(), pytest.raises(IndexLockedError):
        directory.lock()
    lock.release()  # means nothing now
    with directory.lock():
        lock.release()
        with pytest.raises(IndexLockedError):
            directory.lock()


def test_reading_needs_no_lock(directory: Directory) -> None:
    put(directory, "a", b"1")
    with directory.lock():
        assert directory.open("a") == b"1"
        assert "a" in directory.names()


def test_threads_exclude_each_other(directory: Directory) -> None:
    inside = 0
    most = 0
    taken = 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most, taken
        for _ in range(200):
            try:
                lock = directory.lock()
            except IndexLockedError:
                continue
            with guard:
                inside += 1
                taken += 1
                most = max(most, inside)
            with guard:
                inside -= 1
            lock.release()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert taken > 0


def test_a_lock_is_held_until_it_is_released(directory: Directory) -> None:
    lock = directory.lock()
    assert lock.is_held
    lock.release()
    assert not lock.is_held
    with directory.lock() as other:
        assert other.is_held and not lock.is_held
    assert not other.is_held


@pytest.mark.skipif(not hasattr(os, "fork"), reason="has no fork")
def test_a_forked_child_does_not_hold_the_lock(directory: Directory) -> None:
    with directory.lock() as lock:
        pid = os.fork()
        if pid == 0:
            os._exit(lock.is_held)
        assert os.waitpid(pid, 0)[1] == 0
        assert lock.is_held
