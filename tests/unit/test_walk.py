"""Which files a walk finds, and under which keys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from searchkit.errors import UsageError
from searchkit.walk import is_below_any, walk


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("text")


def keys(root: Path, *paths: Path) -> list[str]:
    return list(walk(paths, root, root / ".searchkit").files)


def test_files_come_in_order_with_keys_relative_to_the_root(tmp_path: Path) -> None:
    make(tmp_path, "b/two.md", "b/one.txt", "a.html", "b/c/three.txt", "image.png", "Makefile")
    assert keys(tmp_path, tmp_path) == ["a.html", "b/one.txt", "b/two.md", "b/c/three.txt"]
    assert keys(tmp_path, tmp_path / "b" / "c") == ["b/c/three.txt"]


def test_outside_of_the_root_keys_are_absolute(tmp_path: Path) -> None:
    make(tmp_path, "root/in.txt", "other/out.txt")
    found = keys(tmp_path / "root", tmp_path / "root", tmp_path / "other")
    assert found == ["in.txt", (tmp_path / "other" / "out.txt").as_posix()]


def test_a_file_met_twice_is_taken_once(tmp_path: Path) -> None:
    make(tmp_path, "a/x.txt")
    assert keys(tmp_path, tmp_path, tmp_path / "a", tmp_path / "a" / "x.txt") == ["a/x.txt"]


def test_hidden_ones_and_the_index_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".hidden.txt", ".folder/x.txt", "index/x.txt", "seen.txt")
    assert list(walk([tmp_path], tmp_path, tmp_path / "index").files) == ["seen.txt"]


def test_texts_that_have_no_suffix_by_custom(tmp_path: Path) -> None:
    make(tmp_path, "README", "License", "Makefile", "a.out", "notes/TODO")
    assert keys(tmp_path, tmp_path) == ["License", "README", "notes/TODO"]


def test_what_is_named_is_taken_whatever_it_is(tmp_path: Path) -> None:
    make(tmp_path, ".hidden.txt", "data.bin")
    named = [tmp_path / ".hidden.txt", tmp_path / "data.bin"]
    assert keys(tmp_path, *named) == [".hidden.txt", "data.bin"]


def test_links_do_not_lead_out(tmp_path: Path) -> None:
    make(tmp_path, "root/real.txt", "outside/secret.txt")
    root = tmp_path / "root"
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "file.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (root / "alias.txt").symlink_to(root / "real.txt")
    (root / "loop").symlink_to(root)
    assert keys(root, root) == ["alias.txt", "real.txt"]


def test_a_missing_path_is_an_error_whatever_else_is_there(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    with pytest.raises(UsageError, match="nosuch"):
        walk([tmp_path / "a.txt", tmp_path / "nosuch"], tmp_path, tmp_path / ".searchkit")


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes only on POSIX")
def test_a_name_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"bad\xff.txt")).write_text("text")
    except OSError:
        pytest.skip("the file system refuses such names")
    make(tmp_path, "good.txt")
    found = walk([tmp_path], tmp_path, tmp_path / ".searchkit")
    assert list(found.files) == ["good.txt"]
    ((_, reason),) = found.failures
    assert "not valid UTF-8" in reason


@pytest.mark.parametrize(
    ("key", "folder", "expected"),
    [
        ("a/b.txt", ".", True),
        ("/a/b.txt", ".", False),
        ("a/b.txt", "a", True),
        ("a/b.txt", "a/b.txt", True),
        ("ab/c.txt", "a", False),
        ("/x/y.txt", "/x", True),
        ("/x/y.txt", "/", True),
    ],
)
def test_is_below_any(key: str, folder: str, expected: bool) -> None:
    assert is_below_any(key, {folder}) == expected
