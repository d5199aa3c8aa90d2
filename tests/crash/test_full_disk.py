"""A disk that is full gives a clear error, no lock that stays, and the index as it was."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchkit.errors import StorageError
from searchkit.index.commit import collect_garbage
from searchkit.storage import DiskDirectory
from tests.crash.generations import assert_whole, commit_next

ROOT = Path(__file__).parents[2]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("no right to mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_full_disk(small_disk: Path) -> None:
    directory = DiskDirectory.make(small_disk / "index")
    for _ in range(3):
        commit_next(directory)
    free = shutil.disk_usage(small_disk).free
    failed = 0
    for left in range(0, 40_000, 4096):  # each leaves room for some of the commit's files
        filler = small_disk / "filler"
        filler.write_bytes(bytes(max(0, free - left)))
        before = assert_whole(directory)
        try:
            with directory.lock():
                commit_next(directory)
        except (OSError, StorageError) as error:
            failed += 1
            assert "No space left on device" in str(error)
            assert assert_whole(directory) == before
        else:
            assert assert_whole(directory) == before + 1
        filler.unlink()
        with directory.lock():
            collect_garbage(directory)
        free = shutil.disk_usage(small_disk).free
    assert failed >= 3
    commit_next(directory)
    assert_whole(directory)


LIMITED = """
import resource, sys
from pathlib import Path
from searchkit.errors import StorageError
from searchkit.storage import DiskDirectory
from tests.crash.generations import commit_next
directory = DiskDirectory(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    with directory.lock():
        commit_next(directory)
except (OSError, StorageError) as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
with directory.lock():
    print(commit_next(directory))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
@pytest.mark.parametrize("limit_bytes", [0, 100, 400, 2000])
def test_files_that_may_not_grow(tmp_path: Path, limit_bytes: int) -> None:
    directory = DiskDirectory(tmp_path)
    for _ in range(3):
        commit_next(directory)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), str(limit_bytes)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    error, generation = done.stdout.splitlines()
    assert "File too large" in error
    assert generation == "4"
    assert assert_whole(directory) == 4
