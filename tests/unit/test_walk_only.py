"""Looking at some paths only finds what looking at everything would have found there."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

import searchkit
from searchkit.choice import Choice
from searchkit.document_records import file_states
from searchkit.index import Snapshot
from searchkit.storage.disk import DiskDirectory
from searchkit.walk import Walk, is_below_any, key_of, walk

NAMES = ("a", "b", "build", ".hidden", "a.txt", "b.md", "c.log", "d.xyz", "é.txt")
PATTERNS = ("build/", "*.log", "/a", "!a.txt", "b/**", "*.md", "!b.md", "a/a.txt")


def grow(folder: Path, chance: random.Random, depth: int) -> None:
    folder.mkdir(exist_ok=True)
    for name in NAMES:
        path = folder / name
        if os.path.lexists(path) or chance.random() < 0.3:
            continue
        if "." in name[1:]:
            path.write_text(f"An otter {chance.random()}.")
        elif depth:
            grow(path, chance, depth - 1)
    if chance.random() < 0.4:
        name = chance.choice((".gitignore", ".searchkitignore"))
        (folder / name).write_text("\n".join(chance.sample(PATTERNS, 3)) + "\n")
    if chance.random() < 0.3:
        (folder / "link.txt").symlink_to(chance.choice(("a.txt", "../b.md", "/etc/hostname", "x")))
    if chance.random() < 0.3 and not (folder / "b").exists():
        (folder / "b").symlink_to(chance.choice(("a", "..", "/etc")))


def some_paths(root: Path, chance: random.Random) -> list[Path]:
    found = [Path(up, one) for up, *both in os.walk(root) for names in both for one in names]
    found += [root, root / "nosuch.txt", root / "no" / "such.txt", root.parent / "outside.txt"]
    return chance.sample(found, min(len(found), 60))


@pytest.mark.parametrize("seed", range(12))
def test_it_is_what_a_whole_walk_finds(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    root = tmp_path / "root"
    grow(root, chance, 3)
    if seed % 2:
        (root / ".git").mkdir()
    tops = [root] if seed % 3 else [one for one in root.iterdir() if one.name in ("a", "a.txt")]
    choice = chance.choice((Choice(), Choice((), ("a/b/", "c.log")), Choice(("*.txt", "*.xyz"))))
    index = root / "build" if seed == 5 else root / ".searchkit"
    whole = walk(tops, root, index, choice)
    for path in some_paths(root, chance):
        some = walk(tops, root, index, choice, only=[path])
        key = key_of(path, root)
        assert (key in some.asked) == any(path.is_relative_to(top) for top in tops)
        assert some.files == below(whole, key), path
        assert not some.failures and not some.unseen


def below(whole: Walk, key: str) -> dict[str, object]:
    return {one: file for one, file in whole.files.items() if is_below_any(one, {key})}


@pytest.mark.parametrize("seed", range(2))
def test_an_index_follows_as_it_does_when_everything_is_looked_at(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    root, twin = tmp_path / "root", tmp_path / "twin"
    grow(root, chance, 2)
    for _ in range(3):
        with searchkit.open(root) as collection:
            collection.sync(root)
        touched = some_paths(root, chance)[:5]
        for path in touched:
            if not path.is_relative_to(root) or path == root or ".searchkit" in path.parts:
                continue
            if os.path.lexists(path) and chance.random() < 0.5:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            elif path.suffix in (".txt", ".md") and path.parent.is_dir():
                path.unlink(missing_ok=True)
                path.write_text(f"A beaver {chance.random()}.")
        touched = [path.parent if path.name.endswith("ignore") else path for path in touched]
        with searchkit.open(root) as collection:
            report = collection.sync(root, only=touched)
            assert report.documents == len(list(collection.keys()))
            assert report.passages == collection.status().passages
            seen = texts(collection)
        shutil.copytree(root, twin, symlinks=True, ignore=shutil.ignore_patterns(".searchkit"))
        with searchkit.open(twin) as collection:
            collection.sync(twin)
            assert seen == texts(collection)
        shutil.rmtree(twin)


def texts(collection: searchkit.Collection) -> dict[str, str]:
    """Of all but links: when the file that one leads to changes, the link itself has not."""
    keys = [key for key in list(collection.keys()) if not key.endswith("link.txt")]
    return {key: collection.text(key) for key in keys}


def test_states_of_some_are_those_of_all(tmp_path: Path) -> None:
    for name in ("a.txt", "ab.txt", "a/x.txt", "a/b/y.txt", "a-b/z.txt", "a.txtt/q.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("An otter.")
    rows = "".join(f'{{"id": {n}, "text": "An otter."}}\n' for n in range(3))
    (tmp_path / "a" / "rows.jsonl").write_text(rows)
    with searchkit.open(tmp_path) as collection:
        collection.sync(tmp_path)
        (tmp_path / "a" / "x.txt").write_text("A beaver.")
        (tmp_path / "ab.txt").unlink()
        collection.sync(tmp_path)
    with Snapshot(DiskDirectory(tmp_path / ".searchkit")) as snapshot:
        every = file_states(snapshot)
        assert len(every) == 6 and len(every["a/rows.jsonl"].keys) == 3
        for key in [*every, "a", "a/b", "nosuch", "ab.txt"]:
            expected = {one: state for one, state in every.items() if is_below_any(one, {key})}
            some = file_states(snapshot, [key])
            assert {one: sorted(state.keys) for one, state in some.items()} == {
                one: sorted(state.keys) for one, state in expected.items()
            }
