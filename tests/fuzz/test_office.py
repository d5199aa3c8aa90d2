"""Files of word processors and the like, damaged, are read or refused: no other error, no hang."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORMATS = ("pdf", "docx", "odt", "epub", "pptx", "rtf")
INPUTS = int(os.environ.get("SEARCHKIT_FUZZ_INPUTS", "12000"))
FIRST_SEED = int(os.environ.get("SEARCHKIT_FUZZ_SEED", "0"))
SECONDS_AN_INPUT = 20.0


def samples() -> list[Path]:
    for folder in ROOT.resolve().parents:
        data = folder / "shared" / "data" / "formats"
        if data.is_dir():
            return sorted(path for name in FORMATS for path in (data / name).iterdir())
    pytest.skip("there is no ../shared/data/formats here")


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

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        answers = self._answers
        for line in process.stdout:
            answers.put(line.rstrip("\n"))
        answers.put("died")

    def read(self, seed: int, path: Path) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seed} {path}\n")
        self._process.stdin.flush()
        try:
            answer = self._answers.get(timeout=SECONDS_AN_INPUT)
        except queue.Empty:
            answer = "hangs"
        if answer in ("died", "hangs"):
            self.stop()
            self._start()
        return answer

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.mark.slow
def test_damaged_files_are_read_or_refused() -> None:
    paths = samples()
    outcomes: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    worker = Worker()
    try:
        for seed in range(FIRST_SEED, FIRST_SEED + INPUTS):
            path = paths[seed % len(paths)]
            answer = worker.read(seed, path)
            kind = answer.partition(" ")[0]
            outcomes[path.parent.name, kind] += 1
            # PDFium is native code: a process that it ends is replaced, and that is all.
            if kind not in ("text", "reason") and (path.parent.name, kind) != ("pdf", "died"):
                wrong.append(f"{path.name}, seed {seed}: {answer}")
    finally:
        worker.stop()
    for (name, kind), count in sorted(outcomes.items()):
        print(f"{name} {kind}: {count:,}")
    assert not wrong, "\n".join(wrong[:20])
