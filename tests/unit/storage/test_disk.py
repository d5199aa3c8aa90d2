from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from searchkit.errors import StorageError
from searchkit.index.commit import open_current
from searchkit.storage import DiskDirectory
from tests.crash.generations import assert_whole, commit_next

ROOT = Path(__file__).parents[3]


def test_making_makes_the_folders_above(tmp_path: Path) -> None:
    directory = DiskDirectory.make(tmp_path / "a" / "b" / "c")
    assert directory.path == tmp_path / "a" / "b" / "c"
    assert directory.path.is_dir()
    assert DiskDirectory.make(directory.path).path == directory.path


def test_making_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(OSError):
        DiskDirectory.make(tmp_path / "a")
    with pytest.raises(OSError):
        DiskDirectory.make(tmp_path / "a" / "b")


def test_making_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert DiskDirectory.make(Path("a/b")).path == Path("a/b")
    assert (tmp_path / "a" / "b").is_dir()


def test_what_is_not_ours_has_no_name(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "Notes.TXT").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "a").write_text("")
    assert DiskDirectory(tmp_path).names() == ["a"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError):
        DiskDirectory(tmp_path).open("a")


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names")
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    with pytest.raises(OSError, match="not a regular file"):
        DiskDirectory(tmp_path).open("a")
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(StorageError, match="not a regular file"):
        open_current(DiskDirectory(tmp_path))


READ = """
import os, sys
from pathlib import Path
from searchkit.storage import DiskDirectory
from tests.crash.generations import assert_whole, commit_next
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
directory = DiskDirectory(Path(sys.argv[1]))
print(assert_whole(directory))
for act in (directory.lock, lambda: directory.create("a")):
    try:
        act()
    except PermissionError:
        print("refused")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has other rights")
def test_a_directory_that_is_read_only_is_read(tmp_path: Path) -> None:
    place = tmp_path / "index"
    directory = DiskDirectory.make(place)
    commit_next(directory)
    commit_next(directory)
    before = directory.names()
    place.chmod(0o555)
    for above in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        above.chmod(0o755)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ, str(place)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        place.chmod(0o755)
    assert done.stdout.split() == ["2", "refused", "refused"], done.stderr
    assert directory.names() == before
    assert assert_whole(directory) == 2
