"""Readers beside a writer see whole generations, and a second writer is told who holds the lock."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from searchkit.codec import postings
from searchkit.errors import IndexLockedError, StorageError
from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Kind, Schema
from searchkit.search import all_matches, search
from searchkit.storage import DiskDirectory
from searchkit.tree import And, NumberRange, Term

ROOT = Path(__file__).parents[2]
DOCUMENTS = 23
SCHEMA = Schema({"t": Field(), "u": Field(analyzer="english")}, {"generation": Kind.INT})


def write(path: Path) -> None:
    """Commit for ever: each generation replaces all documents, in several segments, by those of
    its own number; it prints that number.
    """
    postings._OUT_BYTES = 1 << 12
    directory = DiskDirectory(path)
    chance = random.Random(1)
    while True:
        writer = Writer(directory, SCHEMA, buffer_tokens=chance.choice((5, 40, 1000)))
        generation = writer.snapshot.generation + 1 if writer.snapshot else 1
        for number in range(DOCUMENTS):
            writer.delete(f"k{number}")
            writer.add(
                f"k{number}",
                texts={"u": f"number {generation} of generations"},
                terms={"t": [b"all", b"g%d" % generation, b"d%d" % number]},
                stored={"generation": generation, "number": number},
                columns={"generation": generation},
            )
        writer.commit(merge_all=chance.random() < 0.3)
        print(generation, flush=True)


def assert_whole(directory: DiskDirectory) -> int:
    with Snapshot(directory) as snapshot:
        g = snapshot.generation
        live = list(snapshot.live())
        assert [snapshot.key(n) for n in live] == [f"k{n}" for n in range(DOCUMENTS)]
        assert [snapshot.stored(n) for n in live] == [
            {"generation": g, "number": n} for n in range(DOCUMENTS)
        ]
        assert {snapshot.column_value("generation", n) for n in live} == {g}
        assert list(snapshot.field("t").postings(f"g{g}".encode())[0]) == live
        assert list(snapshot.field("u").postings(str(g).encode())[0]) == live
        assert snapshot.field("t").df(f"g{g - 1}".encode()) == 0
        assert snapshot.field("t").total_length == 3 * DOCUMENTS
        assert list(all_matches(snapshot, NumberRange("generation", g, g)).docs) == live
        best = search(snapshot, And((Term("t", "all"), Term("t", f"g{g}"))), 5).best
        assert [n for n, _ in best] == live[:5]
        assert [snapshot.docnums(f"k{n}") for n in range(DOCUMENTS)] == [[n] for n in live]
        return g


def read(path: Path, seconds: float) -> None:
    """Open, look at everything, and again; prints the generations seen."""
    seen = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen.append(assert_whole(DiskDirectory(path)))
    print(json.dumps(seen))


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", __spec__.name, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(path: Path, seconds: float) -> tuple[int, int]:
    """How many generations readers saw, and how many there were."""
    DiskDirectory.make(path)
    writer = start("write", str(path))
    assert writer.stdout is not None
    try:
        writer.stdout.readline()
        readers = [start("read", str(path), str(seconds)) for _ in range(2)]
        # Between two commits the lock is free for a moment, and for another it names no holder.
        holders: set[str | None] = set()
        for _ in range(10_000):
            try:
                Writer(DiskDirectory(path)).cancel()
            except IndexLockedError as error:
                holders.add(error.holder)
                if error.holder:
                    break
        assert holders - {None} and str(holders).count(f"process {writer.pid} on ") == 1
        seen: set[int] = set()
        for reader in readers:
            printed, said = reader.communicate(timeout=seconds + 60)
            assert reader.returncode == 0, said
            generations = json.loads(printed)
            assert generations == sorted(generations)
            seen |= set(generations)
        assert writer.poll() is None, writer.stderr and writer.stderr.read()
    finally:
        writer.kill()
        writer.communicate()
    last = assert_whole(DiskDirectory(path))
    Writer(DiskDirectory(path)).cancel()  # the lock died with its holder
    return len(seen), last


def test_together(tmp_path: Path) -> None:
    seen, _ = run(tmp_path / "index", seconds=3)
    assert seen > 3


@pytest.mark.slow
def test_together_for_a_minute(tmp_path: Path) -> None:
    seen, last = run(tmp_path / "index", seconds=60)
    print(f"{seen} generations seen of {last}")
    assert seen > 100


def test_a_snapshot_stays_what_it_is(tmp_path: Path) -> None:
    directory = DiskDirectory(tmp_path)
    with Writer(directory, SCHEMA) as writer:
        writer.add("a", terms={"t": [b"x"]}, stored={"n": 1})
    with Snapshot(directory) as snapshot:
        for n in range(3):
            with Writer(directory) as writer:
                writer.delete("a")
                writer.add("a", terms={"t": [b"y"]}, stored={"n": n})
        assert not snapshot.is_current()
        assert snapshot.stored(0) == {"n": 1}
        assert list(snapshot.field("t").postings(b"x")[0]) == [0]
        assert snapshot.field("t").df(b"y") == 0


def test_storage_errors_only(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        Snapshot(DiskDirectory(tmp_path / "none"))


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]))
    else:
        read(Path(sys.argv[2]), float(sys.argv[3]))
