"""bm25s, which scores every passage of each term when it indexes. No phrases, no AND."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import bm25s
import numpy
import Stemmer

from benchmarks.engine import K1, B, Engine, K, bytes_of, sync_files
from benchmarks.passages import Feed
from benchmarks.queries import Query

ANY_WORD = r"(?u)\b\w+\b"
"""The package's own pattern leaves out words of one letter."""


class Peer(Engine):
    stemming = "Snowball English (PyStemmer)"
    remarks = "no positions; the index is read into memory; numpy does the work"
    classes = ("term", "or-2", "or-3", "or-5", "questions")

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english")

    def version(self) -> str:
        return version("bm25s")

    def build(self, folder: Path, passages: Feed) -> None:
        keys, texts = zip(*passages, strict=True)
        tokens = bm25s.tokenize(
            list(texts),
            token_pattern=ANY_WORD,
            stopwords=None,
            stemmer=self._stemmer,
            show_progress=False,
        )
        index = bm25s.BM25(k1=K1, b=B)
        index.index(tokens, show_progress=False)
        stored = [{"key": key, "text": text} for key, text in zip(keys, texts, strict=True)]
        index.save(folder, corpus=stored, show_progress=False)
        sync_files(folder)

    def open(self, folder: Path) -> None:
        self._index = bm25s.BM25.load(folder, load_corpus=False)
        with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
            self._keys = numpy.array([json.loads(line)["key"] for line in lines])

    def write(self, name: str, query: Query) -> str:
        return " ".join(query)

    def search(self, name: str, text: str) -> list[str]:
        tokens = bm25s.tokenize(
            [text],
            token_pattern=ANY_WORD,
            stopwords=None,
            stemmer=self._stemmer,
            return_ids=False,
            show_progress=False,
        )
        best, scores = self._index.retrieve(tokens, k=K, show_progress=False)
        return list(self._keys[best[0][scores[0] > 0]])

    def without_text(self, folder: Path) -> int | None:
        stored = sum(path.stat().st_size for path in folder.glob("corpus.*"))
        return bytes_of(folder) - stored
