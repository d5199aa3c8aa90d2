"""What is not as the manifest says is found when the index is opened, and is never published."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from searchkit.errors import IndexCorruptError, IndexNotFoundError, StorageError
from searchkit.index.commit import collect_garbage, open_current, publish, read_manifest
from searchkit.index.manifest import FORMAT, NAME, Manifest, SegmentInfo
from searchkit.storage import DiskDirectory, MemoryDirectory
from tests.crash.faulty import Fault, FaultyDirectory
from tests.crash.generations import assert_whole, commit_next

MISSING_SEGMENT = SegmentInfo("0" * 32 + ".seg", 1000, 1)


def index(path: Path) -> DiskDirectory:
    directory = DiskDirectory(path)
    for _ in range(3):
        commit_next(directory)
    return directory


def test_no_index(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing", Path(__file__)):
        for act in (read_manifest, open_current):
            with pytest.raises(IndexNotFoundError):
                act(DiskDirectory(path))


def test_a_missing_file(tmp_path: Path) -> None:
    directory = index(tmp_path)
    for name in read_manifest(directory).files():
        kept = bytes(directory.open(name))
        directory.remove(name)
        with pytest.raises(IndexCorruptError, match=f"missing.*{name}"):
            open_current(directory)
        (tmp_path / name).write_bytes(kept)
    assert assert_whole(directory) == 3


@pytest.mark.parametrize("change", [-1, 1, -10_000])
def test_a_file_of_another_length(tmp_path: Path, change: int) -> None:
    directory = index(tmp_path)
    for name, length in read_manifest(directory).files().items():
        kept = bytes(directory.open(name))
        os.truncate(tmp_path / name, max(0, length + change))
        with pytest.raises(IndexCorruptError, match=f"{name} has .* bytes in the place of"):
            open_current(directory)
        (tmp_path / name).write_bytes(kept)
    assert assert_whole(directory) == 3


def test_files_that_changed_places(tmp_path: Path) -> None:
    directory = index(tmp_path)
    one, two = (segment.name for segment in read_manifest(directory).segments[:2])
    (tmp_path / one).rename(tmp_path / "kept")
    (tmp_path / two).rename(tmp_path / one)
    (tmp_path / "kept").rename(tmp_path / two)
    # By its length if that differs, by its id if not.
    with pytest.raises(IndexCorruptError, match=f"{one} (is another file|has .* in the place of)"):
        assert_whole(directory)


def test_a_damaged_manifest_is_not_built_upon(tmp_path: Path) -> None:
    directory = index(tmp_path)
    before = directory.names()
    (tmp_path / NAME).write_bytes(b"damaged")
    for act in (read_manifest, open_current, collect_garbage, commit_next):
        with pytest.raises(IndexCorruptError):
            act(directory)
    assert directory.names() == before


def test_what_was_not_written_is_not_published(tmp_path: Path) -> None:
    directory = index(tmp_path)
    current = read_manifest(directory)
    with pytest.raises(StorageError, match="nothing was changed"):
        publish(
            directory, Manifest(FORMAT, 4, current.schema, (*current.segments, MISSING_SEGMENT))
        )
    directory.create(MISSING_SEGMENT.name).close()
    with pytest.raises(ValueError, match="does not have 1000 bytes"):
        publish(
            directory, Manifest(FORMAT, 4, current.schema, (*current.segments, MISSING_SEGMENT))
        )
    assert assert_whole(directory) == 3


def test_errors_say_what_is_there_then() -> None:
    memory = MemoryDirectory()
    commit_next(memory)
    whole = FaultyDirectory(MemoryDirectory({NAME: bytes(memory.open(NAME))}))
    current = read_manifest(whole)
    schema = {"labels": ["x"]}
    begun = len(whole.operations)
    publish(whole, Manifest(FORMAT, 2, schema, ()))
    said = []
    for at in range(begun + 1, len(whole.operations) + 1):
        directory = FaultyDirectory(MemoryDirectory({NAME: current.encode()}), at, Fault.FAIL)
        read_manifest(directory)
        try:
            publish(directory, Manifest(FORMAT, 2, schema, ()))
            said.append("")
        except StorageError as error:
            said.append(str(error).rpartition("; ")[2])
    nothing, unsure = "nothing was changed", "the last changes may be in the index or not"
    unread = "cannot read the index at (memory): fault at open manifest.json"
    assert said == [unread, *[nothing] * 5, unsure, unsure, ""]


def test_an_index_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(StorageError, match="cannot read the index"):
        open_current(DiskDirectory(tmp_path))
