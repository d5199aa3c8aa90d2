"""``searchkit index`` of a tree killed at any moments, and run again: as if made in one go."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import textwrap
import time
from pathlib import Path

import pytest

import searchkit
from searchkit.document_records import records
from searchkit.index import Snapshot
from searchkit.passage_index import passage
from searchkit.search import search
from searchkit.storage.disk import DiskDirectory

QUERIES = ("otter", "beaver river", '"in the river"', "number 7", "path:sub otter")

SITE = """
    # Commits that come every few kilobytes, so that kills meet them.
    from importlib import import_module
    import sys
    if "searchkit" in " ".join(sys.orig_argv) and "worker" not in " ".join(sys.orig_argv):
        import_module("searchkit.sync.follow")._COMMIT_BYTES = 20_000
"""


def change(folder: Path, chance: random.Random, step: int) -> None:
    """Add, change, rename and remove some files."""
    files = sorted(
        path for path in folder.rglob("*.*") if path.is_file() and ".searchkit" not in path.parts
    )
    for file in chance.sample(files, len(files) // 8):
        act = chance.choice(("change", "rename", "remove"))
        # One that can be read no more would keep what was read of it before.
        if act == "change" and file.suffix in (".txt", ".md", ".html"):
            file.write_text(text(chance, step))
        elif act == "rename":
            file.rename(file.with_name(f"r{step}-{file.name[-20:]}"))
        elif act == "remove":
            file.unlink()
    for number in range(60):
        kind = chance.choice((".txt", ".txt", ".md", ".html", ".jsonl", ".tar"))
        file = folder / chance.choice((".", "sub", "sub/deep")) / f"{step}-{number}{kind}"
        file.parent.mkdir(parents=True, exist_ok=True)
        if kind == ".jsonl":
            rows = [{"id": n, "text": text(chance, step)} for n in range(5)]
            file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        elif kind == ".tar":
            inner = folder.parent / "inner.txt"
            with tarfile.open(file, "w") as packed:
                for n in range(3):
                    inner.write_text(text(chance, step))
                    packed.add(inner, f"{n}.txt")
        elif chance.random() < 0.05:
            file.write_bytes(b"\x00\x01\x02" * 99)
        else:
            file.write_text(text(chance, step))


def text(chance: random.Random, step: int) -> str:
    words = ["otter", "beaver", "river", "in", "the", "number", str(step), str(chance.random())]
    return " ".join(chance.choices(words, k=chance.randint(5, 400))) + ".\n"


def start(folder: Path, site: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "searchkit", "index", "."],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{Path(__file__).parents[2]}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def contents(folder: Path) -> list[object]:
    """Documents, texts, what was skipped, and what searches find, whatever the order of docnums."""
    seen: list[object] = []
    with searchkit.open(folder) as collection:
        seen += [
            (key, collection.text(key), collection.document(key))
            for key in sorted(collection.keys())
        ]
        seen.append(collection.status().skipped)
        for query in QUERIES:
            # By BM25F alone: which of equal ones are looked at again goes by their docnums.
            tree = collection._parsed(query, False).tree
            best = search(collection._snapshot, tree, 10_000).best
            hits = [(score, passage(collection._snapshot, docnum)) for docnum, score in best]
            seen.append((query, sorted(hits, key=lambda one: (one[0], str(one[1])))))
        assert list(collection.check()) == []
    with Snapshot(DiskDirectory(folder / ".searchkit")) as snapshot:
        seen += sorted((one.key, one.file_key, one.digest) for one in records(snapshot))
    return seen


def run(tmp_path: Path, kills: int, seed: int) -> tuple[int, int]:
    """So many kills of runs; in how many some was committed, and in how many runs ended first."""
    chance = random.Random(seed)
    folder, site = tmp_path / "tree", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    (site / "sitecustomize.py").write_text(textwrap.dedent(SITE))
    took = 1.0
    done = kept = ended = step = 0
    while done < kills:
        change(folder, chance, step)
        for _ in range(chance.randint(1, 3)):
            before = generation(folder)
            process = start(folder, site)
            time.sleep(chance.uniform(0.1, 1.0) * took)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            ended += process.returncode != -signal.SIGKILL
            kept += generation(folder) > before
            done += 1
            if chance.random() < 0.5:
                change(folder, chance, step + 1000)
        began = time.monotonic()
        process = start(folder, site)
        _, said = process.communicate(timeout=120)
        took = max(0.3, time.monotonic() - began)
        assert process.returncode in (0, 1), said
        after = contents(folder)
        # In one go, elsewhere: links to the same files would be others.
        shutil.move(folder / ".searchkit", tmp_path / "kept")
        process = start(folder, site)
        _, said = process.communicate(timeout=120)
        assert process.returncode in (0, 1), said
        for one, other in zip(contents(folder), after, strict=True):
            assert one == other
        shutil.rmtree(folder / ".searchkit")
        shutil.move(tmp_path / "kept", folder / ".searchkit")
        step += 1
    return kept, ended


def generation(folder: Path) -> int:
    if not searchkit.open(folder).exists():
        return 0
    with Snapshot(DiskDirectory(folder / ".searchkit")) as snapshot:
        return snapshot.generation


def test_kills(tmp_path: Path) -> None:
    run(tmp_path, 3, seed=1)


@pytest.mark.slow
def test_50_kills(tmp_path: Path) -> None:
    kept, ended = run(tmp_path, 50, seed=2)
    print(f"something was committed in {kept} of 50, {ended} had ended")
    assert kept >= 10
