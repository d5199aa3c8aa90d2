"""Notes that one sync leaves for the next: never more than the next one takes."""

from __future__ import annotations

import pytest

from searchkit import sync_notes
from searchkit.storage import strict_json
from searchkit.sync_notes import Skipped, SyncNotes, fitting


def some(count: int, name: str) -> tuple[Skipped, ...]:
    return tuple(Skipped(f"{name}/{n}", name, "it is damaged", 1, 2, 3, 4) for n in range(count))


@pytest.mark.parametrize("letter", ["a", '"', "\x01", "\udcff", "\N{OTTER}"])
@pytest.mark.parametrize("length", [3, 300, 3000])
def test_they_never_grow_beyond_what_is_read(
    letter: str, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_notes, "_MOST_SKIPPED_BYTES", 50_000)
    every = some(1000, letter * length)
    notes = SyncNotes("1", (60.0,), ("a",), every)
    data = notes.encode()
    assert len(data) <= 50_000 + 100
    read = sync_notes._parse(strict_json.loads(data))
    assert read.skipped == fitting(every) == every[: len(read.skipped)]
    if len(read.skipped) < 1000:  # The next one would not have fitted.
        one_more = SyncNotes("1", (60.0,), ("a",), every[: len(read.skipped) + 1])
        monkeypatch.undo()
        assert len(one_more.encode()) > 50_000


def test_few_are_all_kept() -> None:
    every = some(1000, "archive.zip")
    assert fitting(every) == every


def test_so_many_that_they_would_be_refused() -> None:
    every = some(200_001, "archive.zip/" + "d" * 300)
    assert len(SyncNotes(skipped=every).encode()) <= sync_notes.MOST_BYTES
