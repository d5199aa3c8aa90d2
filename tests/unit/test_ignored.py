"""Ignore files, as git itself takes them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from searchkit.choice import Choice
from searchkit.ignored import Patterns, is_pattern
from searchkit.walk import walk


def make(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def keys(root: Path, *paths: Path, choice: Choice = Choice()) -> set[str]:  # noqa: B008
    return set(walk(paths or [root], root, root / ".searchkit", choice).files)


def test_patterns_hold_from_their_folder_on(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            ".gitignore": "*.log.txt\n/top.txt\nbuild/\n",
            "a/.gitignore": "!keep.log.txt\n/here.txt\n",
            "a/.searchkitignore": "secret.txt\n",
            **dict.fromkeys(
                (
                    *("top.txt", "x.log.txt", "build/in.txt", "a/build/in.txt", "a/top.txt"),
                    *("a/keep.log.txt", "a/b/keep.log.txt", "a/here.txt", "a/b/here.txt"),
                    *("a/secret.txt", "secret.txt"),
                ),
                "text",
            ),
        },
    )
    assert keys(tmp_path) == {
        "a/top.txt",
        "a/keep.log.txt",
        "a/b/keep.log.txt",
        "a/b/here.txt",
        "secret.txt",
    }


def test_the_folders_above_count_up_to_the_repository(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            ".gitignore": "c.txt\n",
            "repo/.git/info/exclude": "d.txt\n",
            "repo/.gitignore": "a.txt\nsub/\n",
            **dict.fromkeys((f"repo/sub/{n}.txt" for n in "abcd"), "text"),
        },
    )
    root = tmp_path / "repo" / "sub"
    # The folder that was named is taken in, whatever leaves it out; the rest still counts.
    assert keys(root, root) == {"b.txt", "c.txt"}
    assert keys(tmp_path / "repo") == set()


def test_what_is_no_pattern_and_no_file_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, {"a.txt": "text", "b.txt": "text", "sub/c.txt": "text"})
    (tmp_path / ".gitignore").write_bytes(
        b"\xef\xbb\xbf!\n\xff\xfe\n[z-a\n[z-a]\n\\\n# note\nb.txt\r\n"
    )
    (tmp_path / "sub" / ".gitignore").mkdir()
    assert keys(tmp_path) == {"a.txt", "sub/c.txt"}


def test_include_and_exclude(tmp_path: Path) -> None:
    names = ("a.txt", "a.md", "sub/b.txt", "sub/deep/c.md", "sub/notes")
    make(tmp_path, dict.fromkeys(names, "text"))
    assert keys(tmp_path, choice=Choice(include=("*.md",))) == {"a.md", "sub/deep/c.md"}
    assert keys(tmp_path, choice=Choice(include=("/sub/",), exclude=("deep",))) == {
        "sub/b.txt",
        "sub/notes",
    }
    # Relative to the root, wherever the walk begins.
    inside = keys(tmp_path, tmp_path / "sub", choice=Choice(exclude=("/sub/deep/",)))
    assert inside == {"sub/b.txt"}


NAMES = ("a", "b", "ab", "a.txt", "b.txt")
PARTS = st.sampled_from(["a", "b", "ab", "*", "a*", "**", "?", "[ab]", "*.txt", "a.txt"])
LINES = st.builds(
    lambda negated, first, parts, last: negated + first + "/".join(parts) + last,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(PARTS, min_size=1, max_size=3),
    st.sampled_from(["", "/"]),
)


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(outer=st.lists(LINES, max_size=4), inner=st.lists(LINES, max_size=3))
def test_git_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, outer: list[str], inner: list[str]
) -> None:
    root = tmp_path_factory.mktemp("git")
    files = [f"{one}/{two}/{name}" for one in "ab" for two in "ab" for name in ("a.txt", "b.txt")]
    files += [f"{one}/{name}" for one in "ab" for name in ("a.txt", "b.txt")]
    make(root, dict.fromkeys([*files, "a.txt", "b.txt"], "text"))
    (root / ".gitignore").write_text("\n".join(outer) + "\n")
    (root / "a" / ".gitignore").write_text("\n".join(inner) + "\n")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    assert keys(root) == {name for name in listed if not name.endswith(".gitignore")}


def test_an_endless_line_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, {"a.txt": "text", "b.txt": "text"})
    for line in ("*" * 900_000, "*a" * 100_000, "a" * 900_000):
        (tmp_path / ".gitignore").write_text(f"{line}\nb.txt\n")
        assert keys(tmp_path) == {"a.txt"}


@given(st.text("[]!-^\\*?/a0.#z é", max_size=9))
@example("[z-a]")
def test_no_line_is_too_odd(line: str) -> None:
    patterns = Patterns("/root/", [line])
    assert patterns.says("/root/a", False) in (None, True, False)
    assert is_pattern(line) or patterns.says("/root/a", False) is None
