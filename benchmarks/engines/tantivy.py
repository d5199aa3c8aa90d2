"""tantivy, through its Python package."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import tantivy

from benchmarks.engine import Engine, K, bytes_of, files
from benchmarks.passages import Feed
from benchmarks.queries import PHRASE_CLASSES, Query

HEAP_BYTES = 1_500_000_000
"""Enough for all passages, so that they become one segment: the package cannot ask for a merge."""


class Peer(Engine):
    stemming = "Snowball English (en_stem)"
    remarks = "one indexing thread; field norms of one byte; count=False"

    def version(self) -> str:
        return version("tantivy")

    def build(self, folder: Path, passages: Feed) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
        index = tantivy.Index(builder.build(), path=str(folder))
        writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for key, text in passages:
            writer.add_document(tantivy.Document(key=key, text=text))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._segments = len(json.loads((folder / "meta.json").read_bytes())["segments"])

    def segments(self) -> int | None:
        return self._segments

    def write(self, name: str, query: Query) -> str:
        if name == "and-2":
            return " ".join("+" + word for word in query)
        words = " ".join(query)
        return f'"{words}"' if name in PHRASE_CLASSES else words

    def search(self, name: str, text: str) -> list[str]:
        query = self._index.parse_query(text, ["text"])
        document = self._searcher.doc
        hits = self._searcher.search(query, K, count=False).hits
        return [document(address)["key"][0] for _, address in hits]

    def without_text(self, folder: Path) -> int | None:
        stores = sum(path.stat().st_size for path in files(folder) if path.suffix == ".store")
        return bytes_of(folder) - stores
