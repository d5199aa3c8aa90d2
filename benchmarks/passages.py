"""Which passages are indexed?

A collection is a file of lines, each a JSON object with ``_id`` and ``text``; ``.xz`` is unpacked.
It is copied once, cut to the number asked for, and each engine reads the copy.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import IO

BATCH = 1_000


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def copy_passages(source: Path, target: Path, most: int) -> list[str]:
    """Write the first ``most`` passages of ``source`` to ``target``; returns their texts.

    A line of ``target`` is a JSON array, ``[key, text]``. Line ends in a text become blanks,
    because one of the peers takes a line for a passage.
    """
    texts = []
    with _opened(source) as lines, target.open("w", encoding="utf-8") as out:
        for line in islice(lines, most):
            record = json.loads(line)
            text = " ".join(record["text"].splitlines())
            out.write(json.dumps([record["_id"], text], ensure_ascii=False) + "\n")
            texts.append(text)
    return texts


class Feed:
    """Iterates over ``(key, text)`` of a copied file, and keeps its own time off the bill.

    ``seconds`` and ``cpu_seconds`` are what reading and parsing have taken, which is no engine's
    work; ``text_bytes``
    the UTF-8 of the texts given. With ``copies`` the passages come several times, made distinct:
    keys and texts begin with the number of the copy. ``at_quarter`` is called when a quarter of
    all has been given, and again at each further one but the last.
    """

    def __init__(self, path: Path, *, most: int | None = None, copies: int = 1) -> None:
        self.path = path
        self.copies = copies
        self.seconds = self.cpu_seconds = 0.0
        self.passages = 0
        self.text_bytes = 0
        self.at_quarter: Callable[[], object] | None = None
        with path.open("rb") as lines:
            self.each = sum(1 for _ in islice(lines, most))
        self.most = most

    def __len__(self) -> int:
        return self.each * self.copies

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for copy in range(self.copies):
            with self.path.open(encoding="utf-8") as file:
                lines = islice(file, self.most)
                while batch := self._batch(lines, copy):
                    yield from batch
                    self._count(len(batch))

    def _count(self, given: int) -> None:
        quarters_before = 4 * self.passages // len(self)
        self.passages += given
        if self.at_quarter and quarters_before < 4 * self.passages // len(self) < 4:
            self.at_quarter()

    def _batch(self, lines: Iterator[str], copy: int) -> list[tuple[str, str]]:
        with self.off_the_clock():
            batch = [(key, text) for key, text in map(json.loads, islice(lines, BATCH))]
            if self.copies > 1:
                batch = [(f"{copy}-{key}", f"Copy {copy}: {text}") for key, text in batch]
            self.text_bytes += sum(len(text.encode()) for _, text in batch)
        return batch

    @contextmanager
    def off_the_clock(self) -> Iterator[None]:
        """What is done inside is not the engine's work."""
        start, cpu_start = perf_counter(), process_time()
        yield
        self.seconds += perf_counter() - start
        self.cpu_seconds += process_time() - cpu_start
