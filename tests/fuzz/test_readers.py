"""Files of every kind, damaged, are read or refused, indexed, found and printed: no other error, no
hang, no memory without end.

    SEARCHKIT_FUZZ_INPUTS=20000 SEARCHKIT_FUZZ_SEED=1 python -m pytest -m slow -s tests/fuzz

What came of it stands in docs/proofs.md. ``-k "[pdf]"`` takes one reader.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.fuzz.samples import READERS, ROOT, samples

INPUTS = int(os.environ.get("SEARCHKIT_FUZZ_INPUTS", "20000"))
FIRST_SEED = int(os.environ.get("SEARCHKIT_FUZZ_SEED", "0"))
BATCH = 250
"""Inputs between two commits."""

SECONDS_AN_INPUT = 20.0
GROWTH_MEGABYTES = 400
"""A process that takes so much more than at first has met what takes memory without end."""


class Worker:
    """A process that reads, and is replaced when it dies or takes too long."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.reading"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True, args=(self._process,)).start()
        assert self._answers.get(timeout=60) == "ready"

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        answers = self._answers
        for line in process.stdout:
            answers.put(line.rstrip("\n"))
        answers.put("0 0 died")

    def ask(self, line: str) -> tuple[int, int, str]:
        """Milliseconds, megabytes, and the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        try:
            answer = self._answers.get(timeout=SECONDS_AN_INPUT)
        except queue.Empty:
            answer = f"{1000 * SECONDS_AN_INPUT:.0f} 0 hangs"
        milliseconds, megabytes, said = answer.split(" ", 2)
        if said in ("died", "hangs"):
            self.stop()
            self._start()
        return int(milliseconds), int(megabytes), said

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


@dataclass
class Outcome:
    """What came of one reader's files. Milliseconds are of processor time."""

    kinds: Counter[str] = field(default_factory=Counter)
    slowest: int = 0
    slowest_seed: int = 0
    searches: int = 0
    first_megabytes: int = 0
    most_megabytes: int = 0
    wrong: list[str] = field(default_factory=list)


def run(reader: str, count: int, first_seed: int) -> Outcome:
    outcome = Outcome()
    worker = Worker()
    number_of_samples = len(samples()[reader])
    try:
        for seed in range(first_seed, first_seed + count):
            sample = seed % number_of_samples
            milliseconds, megabytes, answer = worker.ask(f"read {seed} {reader} {sample}")
            kind = answer.partition(" ")[0]
            outcome.kinds[kind] += 1
            if milliseconds > outcome.slowest:
                outcome.slowest, outcome.slowest_seed = milliseconds, seed
            outcome.first_megabytes = outcome.first_megabytes or megabytes
            outcome.most_megabytes = max(outcome.most_megabytes, megabytes)
            # PDFium is native code: a process that it ends is replaced, and that is all.
            if kind not in ("text", "reason") and (reader, kind) != ("pdf", "died"):
                outcome.wrong.append(f"{reader} {sample}, seed {seed}: {answer}")
            if (seed - first_seed) % BATCH == BATCH - 1 or seed == first_seed + count - 1:
                outcome.searches += 1
                if not (said := worker.ask("search")[2]).startswith("text"):
                    outcome.wrong.append(f"{reader}, search after seed {seed}: {said}")
    finally:
        worker.stop()
    return outcome


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_damaged_files_are_read_or_refused(reader: str) -> None:
    outcome = run(reader, INPUTS, FIRST_SEED)
    print(f"\n{reader}: {outcome}", flush=True)
    assert not outcome.wrong, "\n".join(outcome.wrong[:20])
    assert outcome.most_megabytes - outcome.first_megabytes < GROWTH_MEGABYTES


def test_some_damaged_files_of_each_kind() -> None:
    worker = Worker()
    try:
        for reader in READERS:
            for seed in range(20):
                answer = worker.ask(f"read {seed} {reader} {seed}")[2]
                assert answer.partition(" ")[0] in ("text", "reason"), (reader, seed, answer)
        assert worker.ask("search")[2].startswith("text")
    finally:
        worker.stop()


def test_each_reader_has_samples() -> None:
    found = samples()
    assert {reader: len(found[reader]) for reader in READERS if len(found[reader]) < 2} == {}
