"""Whoosh's own engine, as the installed package has it."""

from __future__ import annotations

from pathlib import Path

from whoosh import __version__
from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import FuzzyTermPlugin, OrGroup, QueryParser

from benchmarks.engine import RANKED, Engine, K, sync_files
from benchmarks.passages import Feed
from benchmarks.queries import PATTERN_CLASSES, PHRASE_CLASSES, Query


class Peer(Engine):
    stemming = "Whoosh's StemmingAnalyzer, without its stop words"
    remarks = "pure Python"
    classes = (*RANKED, *PATTERN_CLASSES)

    def version(self) -> str:
        return ".".join(map(str, __version__))

    def build(self, folder: Path, passages: Feed) -> None:
        words = StemmingAnalyzer(stoplist=None, minsize=1)
        schema = Schema(key=ID(stored=True), text=TEXT(analyzer=words, stored=True))
        writer = create_in(str(folder), schema).writer(limitmb=256)
        for key, text in passages:
            writer.add_document(key=key, text=text)
        writer.commit(optimize=True)
        sync_files(folder)

    def open(self, folder: Path) -> None:
        self._index = open_dir(str(folder))
        self._searcher = self._index.searcher()
        self._parser = QueryParser("text", self._index.schema, group=OrGroup)
        self._parser.add_plugin(FuzzyTermPlugin())

    def segments(self) -> int | None:
        return len(self._index._segments())

    def write(self, name: str, query: Query) -> str:
        if name == "and-2":
            return " AND ".join(query)
        if name == "fuzzy":
            return query[0] + "~1"
        words = " ".join(query)
        return f'"{words}"' if name in PHRASE_CLASSES else words

    def search(self, name: str, text: str) -> list[str]:
        found = self._searcher.search(self._parser.parse(text), limit=K)
        return [hit["key"] for hit in found]
