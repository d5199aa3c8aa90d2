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
from pathlib import Path

import pytest

from tests.fuzz.samples import READERS, ROOT, samples

INPUTS = int(os.environ.get("SEARCHKIT_FUZZ_INPUTS", "20000"))
FIRST_SEED = int(os.environ.get("SEARCHKIT_FUZZ_SEED", "0"))
BATCH = 2000
"""Inputs between two commits."""

SECONDS_AN_INPUT = 10
"""Of processor time; the machine may be busy with other work."""

SECONDS_A_SEARCH = 120
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

    def ask(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def answer(self, most: float = SECONDS_AN_INPUT) -> tuple[int, int, str]:
        """Milliseconds, megabytes, and what came of an input, which takes ``most`` seconds of work.
        After "died" and "hangs" nothing comes of what was asked besides.
        """
        answer = ""
        began = self._worked()
        while not answer:
            try:
                answer = self._answers.get(timeout=1)
            except queue.Empty:
                if self._worked() - began > most:
                    answer = f"{1000 * most:.0f} 0 hangs"
        milliseconds, megabytes, said = answer.split(" ", 2)
        if said in ("died", "hangs"):
            self.stop()
            self._start()
        return int(milliseconds), int(megabytes), said

    def _worked(self) -> float:
        """Seconds of processor time that the process has had."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

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
    try:
        for start in range(first_seed, first_seed + count, BATCH):
            seed, end = start, min(start + BATCH, first_seed + count)
            while seed < end:
                worker.ask(f"read {reader} {seed} {end - seed}")
                seed = _gather(worker, reader, seed, end, outcome)
            worker.ask("search")
            outcome.searches += 1
            if not (said := worker.answer(SECONDS_A_SEARCH)[2]).startswith("text"):
                outcome.wrong.append(f"{reader}, search after seed {end - 1}: {said}")
            print(f"\n{reader} {first_seed}-{end - 1}: {outcome}", flush=True)
    finally:
        worker.stop()
    return outcome


def _gather(worker: Worker, reader: str, seed: int, end: int, outcome: Outcome) -> int:
    """What came of the inputs from ``seed`` on; up to which that is known."""
    while seed < end:
        milliseconds, megabytes, answer = worker.answer()
        kind = answer.partition(" ")[0]
        outcome.kinds[kind] += 1
        if milliseconds > outcome.slowest:
            outcome.slowest, outcome.slowest_seed = milliseconds, seed
        outcome.first_megabytes = outcome.first_megabytes or megabytes
        outcome.most_megabytes = max(outcome.most_megabytes, megabytes)
        # PDFium is native code: a process that it ends is replaced, and that is all.
        if kind not in ("text", "reason") and (reader, kind) != ("pdf", "died"):
            outcome.wrong.append(f"{reader}, seed {seed}: {answer}")
        seed += 1
        if kind in ("died", "hangs"):
            break
    return seed


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_damaged_files_are_read_or_refused(reader: str) -> None:
    outcome = run(reader, INPUTS, FIRST_SEED)
    assert not outcome.wrong, "\n".join(outcome.wrong[:20])
    assert outcome.most_megabytes - outcome.first_megabytes < GROWTH_MEGABYTES


def test_some_damaged_files_of_each_kind() -> None:
    worker = Worker()
    try:
        for reader in READERS:
            worker.ask(f"read {reader} 0 20")
            for seed in range(20):
                answer = worker.answer()[2]
                assert answer.partition(" ")[0] in ("text", "reason"), (reader, seed, answer)
        worker.ask("search")
        assert worker.answer(SECONDS_A_SEARCH)[2].startswith("text")
    finally:
        worker.stop()


def test_each_reader_has_samples() -> None:
    found = samples()
    assert [reader for reader in READERS if not found[reader]] == []
