"""How do Whoosh's tests get our index? (a pytest plugin, loaded by ``run.py``)

Whoosh's storages and its functions that make and open an index are replaced before the tests are
imported. A file storage has its indexes in its folder; a storage in memory in engine directories of
its own. Each test's report says whether it made an index, wrote to it and read it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import whoosh.index
import whoosh.sorting
from whoosh.filedb.filestore import FileStorage, RamStorage, Storage
from whoosh.index import EmptyIndexError, FileIndex

from searchkit.storage import Directory, DiskDirectory, MemoryDirectory
from searchkit.whoosh_api import SearchkitIndex, add_sortable, create_in, exists_in, open_dir
from searchkit.whoosh_api.index import MAIN, index_path

STOCK = os.environ.get("SEARCHKIT_WHOOSH_STOCK") == "1"
"""Leave Whoosh as it is, to see what the suite does by itself."""

_seen: set[str] = set()


def _directory(storage: Storage, indexname: str | None, *, make: bool) -> Directory:
    if isinstance(storage, FileStorage):
        path = index_path(storage.folder, indexname)
        return DiskDirectory.make(path) if make else DiskDirectory(path)
    assert isinstance(storage, RamStorage)
    directories = storage.__dict__.setdefault("searchkit_directories", {})
    if make:
        directories.setdefault(indexname or MAIN, MemoryDirectory())
    if (indexname or MAIN) not in directories:
        raise EmptyIndexError(f"no index {indexname!r} in memory")
    return directories[indexname or MAIN]


_stock_create_index = Storage.create_index


def _create_index(self: Storage, schema: Any, indexname: str = MAIN, indexclass: Any = None) -> Any:
    if sys._getframe(1).f_globals["__name__"].startswith("whoosh.codec"):
        # A buffer that Whoosh makes for itself (BufferedWriter).
        return _stock_create_index(self, schema, indexname, indexclass)
    return SearchkitIndex.create(_directory(self, indexname, make=True), schema, indexname)


def _open_index(
    self: Storage, indexname: str = MAIN, schema: Any = None, indexclass: Any = None
) -> SearchkitIndex:
    return SearchkitIndex(_directory(self, indexname, make=False), schema, indexname)


def _index_exists(self: Storage, indexname: str | None = None) -> bool:
    try:
        _open_index(self, indexname or MAIN)
    except EmptyIndexError:
        return False
    return True


def _noting(cls: type, name: str, note: str) -> None:
    method = getattr(cls, name)

    def noted(self: Any, *args: Any, **kwargs: Any) -> Any:
        _seen.add(note)
        return method(self, *args, **kwargs)

    setattr(cls, name, noted)


def pytest_configure(config: pytest.Config) -> None:
    """Route, before any test is imported."""
    if STOCK:
        for name in ("reader", "searcher"):
            _noting(FileIndex, name, "read")
        _noting(FileIndex, "writer", "written")
        return
    Storage.create_index = _create_index
    Storage.open_index = _open_index
    Storage.index_exists = _index_exists
    whoosh.index.create_in = create_in
    whoosh.index.open_dir = open_dir
    whoosh.index.exists_in = exists_in
    whoosh.sorting.add_sortable = add_sortable
    # Private names by which tests ask how many segments there are and what the schema is.
    SearchkitIndex._segments = lambda self: self._refreshed().segments  # type: ignore[attr-defined]
    SearchkitIndex._current_schema = lambda self: self.schema  # type: ignore[attr-defined]
    for name in ("reader", "searcher"):
        _noting(SearchkitIndex, name, "read")
    _noting(SearchkitIndex, "writer", "written")


@pytest.fixture(autouse=True)
def _notes(record_property: Any) -> Iterator[None]:
    _seen.clear()
    yield
    record_property("index", " ".join(sorted(_seen)))


class Tally:
    """What each test did and how it ended."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.applicable: set[str] = set()
        self.messages: dict[str, str] = {}

    def take(self, report: pytest.TestReport) -> None:
        name = Path(report.nodeid.split("::")[0]).name + "::" + report.nodeid.split("::", 1)[1]
        if report.when == "call" or report.failed:
            self.outcomes[name] = report.outcome
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.messages[name] = (crash.message if crash else str(report.longrepr)).split("\n")[0]
        if dict(report.user_properties).get("index", "").split() == ["read", "written"]:
            self.applicable.add(name)


tally = Tally()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the outcome."""
    tally.take(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was found where the runner looks for it."""
    out = os.environ.get("SEARCHKIT_WHOOSH_OUTCOMES")
    if out:
        lines = [
            "\t".join(
                [
                    name,
                    outcome,
                    "index" if name in tally.applicable else "-",
                    tally.messages.get(name, ""),
                ]
            )
            for name, outcome in tally.outcomes.items()
        ]
        Path(out).write_text("\n".join(lines), encoding="utf-8")
