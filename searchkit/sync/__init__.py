"""What has changed since, and how does the index follow?

First it is found out what is to do (``plan.py``), from names, sizes and times alone; if nothing is,
nothing else is imported. Then it is done (``follow.py``).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from searchkit.errors import IndexNotFoundError
from searchkit.index import Snapshot
from searchkit.report import SyncReport
from searchkit.storage.disk import DiskDirectory
from searchkit.sync.plan import Plan, Request, plan
from searchkit.sync.settings import request_of
from searchkit.upgrade import is_up_to_date
from searchkit.walk import NAMED, walk

__all__ = ["request_of", "sync"]


def sync(index: Path, paths: Sequence[Path], request: Request) -> SyncReport:
    """Bring the index in the folder ``index`` in step with ``paths``; keys are relative to the
    folder that holds ``index``.

    Raises ``UsageError`` if one of ``paths`` does not exist, before anything is changed, and
    ``StorageError``s. What was committed before an error or an interruption stays.
    """
    began = time.monotonic()
    found = walk(
        paths, index.parent, index, request.choice, may_lack=request.may_lack, only=request.only
    )
    with _snapshot(index) as opened:
        snapshot = opened.snapshot
        planned = None
        if snapshot is None or is_up_to_date(snapshot, request.fields, request.dictionary):
            planned = plan(snapshot, found, index.parent, request)
    if planned is None or planned.is_needed:
        # Late: most runs find that nothing has changed.
        from searchkit.sync.follow import follow

        planned = follow(index, found, planned, request)
    report = _report(planned, index.parent)
    report.seconds = time.monotonic() - began
    return report


class _snapshot:
    """The snapshot of the index, or None if there is none."""

    def __init__(self, index: Path) -> None:
        try:
            self.snapshot: Snapshot | None = Snapshot(DiskDirectory(index))
        except IndexNotFoundError:
            self.snapshot = None

    def __enter__(self) -> _snapshot:
        return self

    def __exit__(self, *error: object) -> None:
        if self.snapshot is not None:
            self.snapshot.close()


def _report(planned: Plan, root: Path) -> SyncReport:
    report = planned.report
    passed_over = Counter(planned.found.passed_over)
    # A walk passes over what was named once, and is indexed.
    passed_over.subtract(
        os.path.splitext(key)[1].lower()
        for key, file in planned.files.items()
        if key not in planned.found.files and file.origin == NAMED
    )
    report.passed_over = {suffix: count for suffix, count in passed_over.items() if count > 0}
    # Those of the walk first, then in the order of the files.
    keys = dict.fromkeys([key for key, _ in planned.found.failures])
    keys.update(dict.fromkeys(planned.files))
    before = {(one.key, one.reason) for one in planned.notes.skipped}
    for key in keys:
        for one in planned.skipped.get(key, ()):
            if one.reason:
                failure = (os.path.join(root, one.key), one.reason)
                report.failures.append(failure)
                if (one.key, one.reason) not in before:
                    report.new_failures.append(failure)
            else:
                suffix = os.path.splitext(one.key)[1].lower()
                report.passed_over[suffix] = report.passed_over.get(suffix, 0) + 1
    return report
