"""A commit that is interrupted anywhere leaves the old generation or the new one, whole."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from searchkit.errors import StorageError
from searchkit.index.commit import collect_garbage, open_current, publish, read_manifest
from searchkit.index.manifest import NAME, Manifest, is_ours
from searchkit.storage import Directory, DiskDirectory, MemoryDirectory
from tests.crash.faulty import Fault, FaultyDirectory, Stopped
from tests.crash.generations import assert_whole, commit_next

OLD = 6
JUNK = {"notes.txt": b"not ours", f"{'0' * 32}.seg": b"garbage", f"{'1' * 32}.tmp": b""}
POWER_LOSSES = 12


def old_index() -> MemoryDirectory:
    directory = MemoryDirectory(JUNK)
    for _ in range(OLD):
        commit_next(directory)
    return directory


def copy(directory: Directory) -> MemoryDirectory:
    return MemoryDirectory({name: bytes(directory.open(name)) for name in directory.names()})


def operations() -> list[str]:
    directory = FaultyDirectory(old_index())
    commit_next(directory)
    return directory.operations


OPERATIONS = operations()


def is_clean(directory: Directory) -> bool:
    """Whether nothing of ours is there but the current generation."""
    named = read_manifest(directory).files()
    return {name for name in directory.names() if is_ours(name)} == set(named)


def assert_goes_on(directory: Directory, allowed: set[int]) -> None:
    """One of the generations is there, whole; the next commit works and leaves no garbage."""
    found = assert_whole(directory)
    assert found in allowed
    assert commit_next(directory) == found + 1
    assert assert_whole(directory) == found + 1
    assert is_clean(directory)
    assert bytes(directory.open("notes.txt")) == JUNK["notes.txt"]


def test_a_commit_has_every_step() -> None:
    kinds = [operation.split()[0] for operation in OPERATIONS]
    assert kinds.count("create") >= 6
    assert kinds.count("sync") == kinds.count("create") + 2
    assert kinds.count("remove") >= 3
    rename = kinds.index("rename")
    assert "remove" not in kinds[:rename]
    assert OPERATIONS[rename - 1].startswith("sync ")
    assert OPERATIONS[rename + 1] == "sync directory"


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("on_disk", [False, True], ids=["memory", "disk"])
def test_every_operation_of_a_commit(fault: Fault, on_disk: bool, tmp_path: Path) -> None:
    start = old_index()
    renamed = next(n for n, op in enumerate(OPERATIONS, 1) if op.startswith("rename"))
    for at in range(1, len(OPERATIONS) + 1):
        inner: Directory = copy(start)
        if on_disk:
            inner = DiskDirectory.make(tmp_path / str(at))
            for name in start.names():
                with inner.create(name) as output:
                    output.write(start.open(name))
        directory = FaultyDirectory(inner, at, fault)
        published = False
        try:
            commit_next(directory)
            published = True
        except Stopped:
            assert fault in (Fault.STOP, Fault.STOP_AFTER)
        except (StorageError, OSError):
            assert fault not in (Fault.STOP, Fault.STOP_AFTER)
        allowed = {OLD + 1} if published else {OLD, OLD + 1}
        if at > renamed + 1:
            assert published or fault in (Fault.STOP, Fault.STOP_AFTER)
            allowed = {OLD + 1}
        for seed in range(0 if on_disk else POWER_LOSSES):  # the same for both
            assert_goes_on(directory.after_power_loss(random.Random(seed)), allowed)
        if at < renamed:
            allowed = {OLD}
        elif at == renamed:  # the process has gone, not the machine: what it did is there
            allowed = {OLD} if fault in (Fault.FAIL, Fault.FAIL_ON, Fault.STOP) else {OLD + 1}
        else:
            allowed = {OLD + 1}
        assert_goes_on(directory.inner, allowed)


@pytest.mark.parametrize("fault", [Fault.FAIL, Fault.FAIL_HALF])
def test_a_writer_that_cleans_up_after_an_error(fault: Fault) -> None:
    start = old_index()
    for at in range(1, len(OPERATIONS) + 1):
        directory = FaultyDirectory(copy(start), at, fault)
        try:
            commit_next(directory)
        except (StorageError, OSError):
            collect_garbage(directory)
            assert is_clean(directory)
        found = assert_whole(directory)
        for seed in range(POWER_LOSSES):
            assert_goes_on(directory.after_power_loss(random.Random(seed)), {found})


@pytest.mark.parametrize("fault", [Fault.STOP, Fault.STOP_AFTER])
def test_garbage_collected_after_a_crash_then_power_loss(fault: Fault) -> None:
    """The renamed manifest may not last yet when the next process collects garbage."""
    start = old_index()
    for at in range(1, len(OPERATIONS) + 1):
        directory = FaultyDirectory(copy(start), at, fault)
        with pytest.raises(Stopped):
            commit_next(directory)
        directory.stopped, directory.at = False, 0  # another process, on the same machine
        found = assert_whole(directory)
        collect_garbage(directory)
        assert is_clean(directory)
        for seed in range(POWER_LOSSES):
            assert_goes_on(directory.after_power_loss(random.Random(seed)), {found})


def test_two_crashes_then_power_loss() -> None:
    start = old_index()
    chance = random.Random(1)
    for _ in range(300):
        directory = FaultyDirectory(copy(start), chance.randint(1, 60), Fault.STOP)
        published = OLD
        for _ in range(3):
            with suppress(Stopped):
                published = commit_next(directory)
            directory.stopped = False
            directory.at = len(directory.operations) + chance.randint(1, 60)
        visible = assert_whole(directory.inner)
        assert_goes_on(
            directory.after_power_loss(chance), set(range(published, max(published, visible) + 1))
        )


def test_the_first_commit() -> None:
    whole = FaultyDirectory(MemoryDirectory())
    commit_next(whole)
    for at in range(1, len(whole.operations) + 1):
        directory = FaultyDirectory(MemoryDirectory(), at, Fault.STOP)
        with pytest.raises(Stopped):
            commit_next(directory)
        for seed in range(POWER_LOSSES):
            left = directory.after_power_loss(random.Random(seed))
            if NAME in left.names():
                assert assert_whole(left) == 1
            commit_next(left)
            assert_whole(left)
            assert is_clean(left)


def test_what_cannot_be_removed_waits() -> None:
    """As on Windows, where files that are mapped cannot be removed."""

    class Clinging(MemoryDirectory):
        clings = True

        def remove(self, name: str) -> None:
            if self.clings:
                raise PermissionError(13, "in use", name)
            super().remove(name)

    directory = Clinging()
    for _ in range(4):
        commit_next(directory)
        assert_whole(directory)
    assert not is_clean(directory)
    directory.clings = False
    collect_garbage(directory)
    assert is_clean(directory)


def test_a_reader_between_two_commits_starts_again() -> None:
    directory = old_index()

    class Overtaken(MemoryDirectory):
        overtakings = 3

        def open(self, name: str) -> memoryview:
            data = directory.open(name)
            if name == NAME and self.overtakings:
                self.overtakings -= 1
                for _ in range(5):
                    commit_next(directory)
            return data

    manifest, files = open_current(Overtaken())
    assert manifest.generation == OLD + 15
    assert set(files) == set(manifest.files())


def test_a_reader_that_is_always_overtaken_gives_up() -> None:
    directory = old_index()

    class Overtaken(MemoryDirectory):
        def open(self, name: str) -> memoryview:
            data = directory.open(name)
            if name == NAME:
                for _ in range(5):
                    commit_next(directory)
            return data

    with pytest.raises(StorageError, match="try again"):
        open_current(Overtaken())


def test_reading_writes_nothing() -> None:
    directory = FaultyDirectory(old_index())
    assert_whole(directory)
    assert {operation.split()[0] for operation in directory.operations} == {"open"}


def test_a_snapshot_outlives_its_generation(tmp_path: Path) -> None:
    directory = DiskDirectory(tmp_path)
    commit_next(directory)
    manifest, files = open_current(directory)
    before = {name: bytes(data) for name, data in files.items()}
    for _ in range(6):
        commit_next(directory)
    assert not set(directory.names()) & set(manifest.files())
    assert {name: bytes(data) for name, data in files.items()} == before


def test_files_in_use_elsewhere_are_kept() -> None:
    directory = old_index()
    spill = f"{'2' * 32}.seg"
    directory.create(spill).close()
    collect_garbage(directory, keep={spill})
    assert spill in directory.names()
    collect_garbage(directory)
    assert spill not in directory.names()


@pytest.mark.parametrize("generation", [OLD - 1, OLD, OLD + 2])
def test_a_generation_follows_the_current_one(generation: int) -> None:
    directory = old_index()
    manifest = read_manifest(directory)
    with pytest.raises(ValueError, match="does not follow"):
        publish(
            directory, Manifest(manifest.format, generation, manifest.schema, manifest.segments)
        )
    assert assert_whole(directory) == OLD
