"""What ends the following of changes, and what does not."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

import pytest

from searchkit import watch
from searchkit.errors import (
    IndexCorruptError,
    IndexLockedError,
    StorageError,
    UsageError,
)
from searchkit.report import SyncReport
from searchkit.watch import keep_in_step

HERE = Path("index")


def follow(
    monkeypatch: pytest.MonkeyPatch, outcomes: list[Exception | None]
) -> tuple[list[object], list[Exception]]:
    """What ``sync`` was to look at each time, and what was waited for, with one change after the
    first look. ``outcomes`` are what ``sync`` raises.
    """
    calls: list[object] = []
    waited: list[Exception] = []

    def sync(paths: list[Path], **settings: object) -> SyncReport:
        calls.append(settings.get("only"))
        if (error := outcomes.pop(0)) is not None:
            raise error
        return SyncReport()

    monkeypatch.setattr(watch, "changes", lambda *_: iter([None, [Path("/a/b.txt")]]))
    monkeypatch.setattr(watch, "is_index", lambda _: True)
    for name in ("LOCKED_SECONDS", "FAILED_SECONDS"):
        monkeypatch.setattr(watch, name, 0.001)
    reports = list(keep_in_step(sync, HERE, ["/a"], Event(), waited.append, {}))
    assert len(reports) == 2
    return calls, waited


def test_what_passes_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    full = StorageError("cannot write the index: no space left on device", HERE)
    gone = UsageError("there is no file or folder /a")
    refused = PermissionError(13, "Permission denied")
    locked = IndexLockedError(HERE)
    calls, waited = follow(monkeypatch, [locked, None, full, full, gone, refused, locked, None])
    assert waited == [locked, full, full, gone, refused, locked]
    # What was changed is not forgotten meanwhile.
    assert calls == [None, None, *[[Path("/a/b.txt")]] * 6]


@pytest.mark.parametrize(
    "outcomes",
    [
        [UsageError("there is no such field")],
        [StorageError("cannot write the index: no space left on device", HERE)],
        [None, IndexCorruptError(HERE, "a list is damaged")],
        [None, ValueError("a fault of ours")],
    ],
)
def test_what_does_not_pass_ends_it(
    monkeypatch: pytest.MonkeyPatch, outcomes: list[Exception | None]
) -> None:
    last = outcomes[-1]
    assert last is not None
    with pytest.raises(type(last)):
        follow(monkeypatch, outcomes)


def test_many_changes_at_once_are_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root = Path(os.path.realpath(tmp_path))
    several = [{(1, str(root / f"{n}.txt")) for n in range(count)} for count in (0, 3, 1001)]
    monkeypatch.setattr(watch, "_batches", lambda *_: iter(several))
    stop = Event()
    seen = []
    for some in watch.changes([root], root / ".searchkit", stop, bool, print):
        seen.append(some)
        if len(seen) == 3:
            stop.set()
    assert seen == [None, [root / f"{n}.txt" for n in range(3)], None]


def test_where_the_system_does_not_tell_everything_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    watchfiles = pytest.importorskip("watchfiles")

    def refuse(*_: object, **__: object) -> object:
        raise OSError("OS file watch limit reached.\nabout 8192")
        yield

    monkeypatch.setattr(watchfiles, "watch", refuse)
    monkeypatch.setattr(watch, "_LEAST_SECONDS", 0.01)
    stop = Event()
    said: list[UsageError] = []
    looks = watch.changes([tmp_path], tmp_path / ".searchkit", stop, bool, said.append)
    for number, some in enumerate(looks):
        assert some is None
        if number == 3:
            stop.set()
    assert len(said) == 1 and "(OS file watch limit reached. about 8192)" in str(said[0])
