"""SQLite's full-text index, FTS5, through Python's own module."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from benchmarks.engine import Engine, K, bytes_of
from benchmarks.passages import Feed
from benchmarks.queries import PHRASE_CLASSES, Query

if (
    not sqlite3.connect(":memory:")
    .execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
    .fetchone()[0]
):
    raise ImportError("SQLite has no FTS5")


class Peer(Engine):
    stemming = "Porter (the original one)"
    remarks = "all terms of a query are scored before the best are taken"

    def version(self) -> str:
        return sqlite3.sqlite_version

    def build(self, folder: Path, passages: Feed) -> None:
        with sqlite3.connect(folder / "index.db") as database:
            database.execute("PRAGMA synchronous = FULL")
            database.execute(
                "CREATE VIRTUAL TABLE passages"
                " USING fts5(text, key UNINDEXED, tokenize = 'porter unicode61')"
            )
            database.executemany("INSERT INTO passages(key, text) VALUES (?, ?)", iter(passages))
            database.execute("INSERT INTO passages(passages) VALUES ('optimize')")
        database.execute("VACUUM")
        database.close()

    def open(self, folder: Path) -> None:
        # "Immutable" spares a lock for each query.
        address = f"{(folder / 'index.db').absolute().as_uri()}?immutable=1"
        database = sqlite3.connect(address, uri=True)
        database.execute("PRAGMA mmap_size = 4000000000")
        self._execute = database.execute

    def segments(self) -> int | None:
        count = self._execute("SELECT count(DISTINCT segid) FROM passages_idx").fetchone()[0]
        return int(count)

    def write(self, name: str, query: Query) -> str:
        if name in PHRASE_CLASSES:
            return '"' + " ".join(query) + '"'
        return (" AND " if name == "and-2" else " OR ").join(query)

    def search(self, name: str, text: str) -> list[str]:
        rows = self._execute(
            f"SELECT key FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT {K}", (text,)
        )
        return [row[0] for row in rows]

    def without_text(self, folder: Path) -> int | None:
        with sqlite3.connect(folder / "index.db") as database:
            stored = database.execute(
                "SELECT sum(length(CAST(c0 AS BLOB)) + length(CAST(c1 AS BLOB)))"
                " FROM passages_content"
            ).fetchone()[0]
        database.close()
        return bytes_of(folder) - int(stored)
