"""Xapian, through the bindings that distributions package."""

from __future__ import annotations

import shutil
from pathlib import Path

import xapian

from benchmarks.engine import K1, B, Engine, K, bytes_of, sync_files
from benchmarks.passages import Feed
from benchmarks.queries import PHRASE_CLASSES, Query

KEY_SLOT = 0
LONGEST_WORD = 200


class Peer(Engine):
    stemming = "Snowball English"
    remarks = "compacted at the end"

    def version(self) -> str:
        return str(xapian.version_string())

    def build(self, folder: Path, passages: Feed) -> None:
        growing = folder / "growing"
        database = xapian.WritableDatabase(str(growing), xapian.DB_CREATE_OR_OVERWRITE)
        words = xapian.TermGenerator()
        words.set_stemmer(xapian.Stem("english"))
        words.set_stemming_strategy(words.STEM_ALL)
        for key, text in passages:
            document = xapian.Document()
            words.set_document(document)
            words.index_text(text)
            document.set_data(text)
            document.add_value(KEY_SLOT, key)
            database.add_document(document)
        database.commit()
        database.compact(str(folder / "index"))
        database.close()
        shutil.rmtree(growing)
        sync_files(folder)

    def open(self, folder: Path) -> None:
        self._database = xapian.Database(str(folder / "index"))
        self._parser = xapian.QueryParser()
        self._parser.set_stemmer(xapian.Stem("english"))
        self._parser.set_stemming_strategy(self._parser.STEM_ALL)
        self._parser.set_database(self._database)
        self._parser.set_default_op(xapian.Query.OP_OR)
        self._flags = self._parser.FLAG_BOOLEAN | self._parser.FLAG_PHRASE
        self._asked = xapian.Enquire(self._database)
        self._asked.set_weighting_scheme(xapian.BM25Weight(K1, 0, 1, B, 0.0))

    def write(self, name: str, query: Query) -> str:
        if name == "and-2":
            return " AND ".join(query)
        words = " ".join(query)
        return f'"{words}"' if name in PHRASE_CLASSES else words

    def search(self, name: str, text: str) -> list[str]:
        self._asked.set_query(self._parser.parse_query(text, self._flags))
        found = self._asked.get_mset(0, K)
        return [match.document.get_value(KEY_SLOT).decode() for match in found]

    def without_text(self, folder: Path) -> int | None:
        return bytes_of(folder) - (folder / "index" / "docdata.glass").stat().st_size
