"""A damaged index gives an error or the right answers: never wrong ones, and never a dead process.

Each damage is done to a copy of the sample index in a worker process, which then opens it, asks
every question of ``tests.formats.sample``, and merges it now and then.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchkit.codec import postings
from searchkit.errors import StorageError
from searchkit.index import Snapshot, Writer
from searchkit.index.manifest import NAME
from searchkit.index.segment import KIND, VERSION
from searchkit.storage import MemoryDirectory, SectionReader
from tests.formats.sample import QUESTIONS, Answer, build

ROOT = Path(__file__).parents[2]
SECONDS_A_DAMAGE = 5.0

Files = dict[str, bytes]


def sample() -> Files:
    directory = MemoryDirectory()
    build(directory)
    return {name: bytes(directory.open(name)) for name in directory.names()}


def ask(files: Files) -> dict[str, Answer]:
    """The answer to each question; to one that ends in a ``StorageError``, the error's name."""
    answers: dict[str, Answer] = {}
    try:
        snapshot = Snapshot(MemoryDirectory(files))
    except StorageError as error:
        return {name: type(error).__name__ for name in QUESTIONS}
    for name, question in QUESTIONS.items():
        try:
            answers[name] = question(snapshot)
        except StorageError as error:
            answers[name] = type(error).__name__
    return answers


def merged(files: Files) -> list[str] | str:
    """What the documents are after a merge of all segments, and the positions of two fields."""
    directory = MemoryDirectory(files)
    try:
        Writer(directory).commit(merge_all=True)
    except StorageError as error:
        return type(error).__name__
    try:
        return contents(directory)
    except StorageError as error:
        return [f"the merge passed, and then {type(error).__name__}"]


def contents(directory: MemoryDirectory) -> list[str]:
    with Snapshot(directory) as snapshot:
        found = [repr((snapshot.key(n), snapshot.stored(n))) for n in snapshot.live()]
        for name in ("text", "word"):
            field = snapshot.field(name)
            found += [repr((term, field.positions(term))) for term, _ in field.terms()]
        for name in ("long", "tag"):
            field = snapshot.field(name)
            found += [repr((term, field.postings(term))) for term, _ in field.terms()]
    return found


def flips(files: Files, seed: int, count: int) -> Iterator[tuple[str, Files]]:
    """``count`` bits that differ, each turned over in a copy."""
    ends, total = [], 0
    # Names are random: not their order, lest a seed mean other bits each time.
    for name, data in sorted(files.items(), key=lambda file: (len(file[1]), file[1][-8:])):
        total += 8 * len(data)
        ends.append((total, name))
    for bit in random.Random(seed).sample(range(total), count):
        place = bisect_right(ends, bit, key=lambda pair: pair[0])
        name = ends[place][1]
        at = bit - (ends[place - 1][0] if place else 0)
        data = bytearray(files[name])
        data[at >> 3] ^= 1 << (at & 7)
        yield f"bit {at} of {name}", {**files, name: bytes(data)}


def others(files: Files) -> Iterator[tuple[str, Files]]:
    """Truncated, extended, swapped, emptied and missing files; bytes that moved."""
    for name, data in files.items():
        for length in (0, 1, 31, 32, len(data) // 2, len(data) - 24, len(data) - 1):
            yield f"{name} cut to {length}", {**files, name: data[:length]}
        for more in (b"\0", b"x" * 100, data):
            yield f"{name} longer by {len(more)}", {**files, name: data + more}
        yield f"{name} begins later", {**files, name: b"\0" + data[:-1]}
        yield f"{name} is zeros", {**files, name: bytes(len(data))}
        half = len(data) // 2
        yield f"{name} has zeros from the middle", {**files, name: data[:half] + bytes(half)}
        yield f"{name} is missing", {n: d for n, d in files.items() if n != name}
        for other in files:
            if other != name:
                yield f"{name} is {other}", {**files, name: files[other]}
                swapped = {**files, name: files[other], other: data}
                yield f"{name} and {other} swapped", swapped


def judge(damages: Iterator[tuple[str, Files]], files: Files, every: int) -> Counter[str]:
    """Ask after each damage, merge after each ``every``-th; how many ended how.

    What is wrong is counted too, by what was asked.
    """
    right, right_merged = ask(files), merged(files)
    assert not any(isinstance(answer, str) for answer in right.values())
    ends: Counter[str] = Counter()
    for number, (what, damaged) in enumerate(damages):
        print(f"# {what}", flush=True)
        begun = time.monotonic()
        end = "harmless"
        for name, answer in ask(damaged).items():
            if answer == right[name]:
                continue
            if not isinstance(answer, str):
                ends[f"WRONG: {name}"] += 1
                end = "wrong"
            elif end == "harmless":
                end = "detected"
        if number % every == 0:
            after = merged(damaged)
            if after != right_merged and not isinstance(after, str):
                ends["WRONG: a merge takes it over"] += 1
        if time.monotonic() - begun > SECONDS_A_DAMAGE:
            ends["WRONG: slow"] += 1
        ends[end] += 1
    return ends


def work(kind: str, seed: int, count: int) -> None:
    """What a worker does."""
    # Room for long lists is made when it is needed; else making it is all that a merge does here.
    postings._OUT_BYTES = 1 << 16
    files = sample()
    damages = flips(files, seed, count) if kind == "flips" else others(files)
    print(json.dumps(judge(damages, files, every=10)))


def run_worker(kind: str, seed: int, count: int) -> Counter[str]:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", __spec__.name, kind, str(seed), str(count)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60 + count,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, f"{done.returncode} at {lines[-1:]}: {done.stderr[-3000:]}"
    ends = Counter[str](json.loads(lines[-1]))
    print(dict(ends))
    wrong = {end: n for end, n in ends.items() if end.startswith("WRONG")}
    assert not wrong
    return ends


def test_the_sample_has_every_kind_of_file() -> None:
    files = sample()
    assert {name.partition(".")[2] for name in files if name != NAME} == {"seg", "del"}


def test_bit_flips() -> None:
    ends = run_worker("flips", 1, 400)
    assert ends["detected"] > 300


def test_other_damage() -> None:
    ends = run_worker("others", 0, 0)
    assert ends["detected"] > 60


SECTIONS = [
    *("stored", "stored.index", "keys", "keys.index", "postings:word", "positions:word"),
    *("terms:word", "terms.index:word", "lengths:word", "postings:tag", "column:int"),
    *("column:float", "column:bool", "column:bytes", "postings:_key", "terms:_key"),
]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_merge_gives_no_damage_a_right_checksum(
    section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "_OUT_BYTES", 1 << 16)
    files = sample()
    name = max(files, key=lambda name: len(files[name]))
    reader = SectionReader(
        memoryview(files[name]), KIND, versions=(1, VERSION), path=Path(), name=name
    )
    data = reader.section(section)
    begin = files[name].find(bytes(data))
    right = merged(files)
    for at in range(begin, begin + len(data), max(1, len(data) // 60)):
        damaged = bytearray(files[name])
        damaged[at] ^= 1 << at % 8
        after = merged({**files, name: bytes(damaged)})
        assert after == "IndexCorruptError" or after == right, at - begin


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_many_bit_flips(seed: int) -> None:
    ends = run_worker("flips", seed, 2000)
    assert ends.total() == 2000


if __name__ == "__main__":
    work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
