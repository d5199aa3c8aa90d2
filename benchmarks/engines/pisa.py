"""PISA, through the compiled module inside the package ``pyterrier_pisa``.

The package itself is not imported, because it brings half of an experiment platform along; the
module in it needs ``libtbb.so.2``, which the package ``tbb`` (2020.3.254) carries where the
system has none.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import PackageNotFoundError, files, version
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from benchmarks.engine import K1, B, Engine, K, bytes_of, sync_files
from benchmarks.passages import Feed
from benchmarks.queries import Query

STEMMER = "porter2"
ENCODING = "block_simdbp"
ALGORITHMS = {
    "and-2": ("block_max_ranked_and", "ranked_and"),
    "term": ("ranked_or", "maxscore", "block_max_wand", "block_max_maxscore"),
}
UNION = ("maxscore", "block_max_wand", "block_max_maxscore", "wand")
TRIALS = 60
TEXTS = "stored.texts"


def _loaded() -> Any:
    package = find_spec("pyterrier_pisa")
    if package is None or not package.submodule_search_locations:
        raise ImportError("pyterrier_pisa is not installed")
    _load_tbb()
    for suffix in EXTENSION_SUFFIXES:
        path = Path(package.submodule_search_locations[0], f"_pisathon{suffix}")
        if path.exists():
            spec = spec_from_file_location("_pisathon", path)
            assert spec is not None and spec.loader is not None
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise ImportError("pyterrier_pisa has no module for this Python")


def _load_tbb() -> None:
    """Load the library ahead of what needs it: the linker then finds it by its name."""
    try:
        found = [path for path in files("tbb") or () if path.name == "libtbb.so.2"]
    except PackageNotFoundError:
        return  # perhaps the system has it
    for path in found:
        ctypes.CDLL(str(path.locate()), mode=ctypes.RTLD_GLOBAL)


pisa = _loaded()


class Peer(Engine):
    stemming = "Porter 2 (its own)"
    remarks = (
        "no positions; text stored beside it by the benchmark; all of a query is one call into"
        " C++; asked with its fastest algorithm for each class"
    )
    classes = ("term", "and-2", "or-2", "or-3", "or-5", "questions")

    def __init__(self) -> None:
        self._algorithm: dict[str, str] = {}
        self._numbers, self._ranks = (ctypes.c_int32 * K)(), (ctypes.c_int32 * K)()
        self._scores = (ctypes.c_float * K)()

    def version(self) -> str:
        return version("pyterrier_pisa")

    def build(self, folder: Path, passages: Feed) -> None:
        source = folder / "source"
        with source.open("w", encoding="utf-8") as lines, (folder / TEXTS).open("wb") as texts:
            for key, text in passages:
                texts.write(text.encode() + b"\n")
                # Its input is a file; one that would lie there already is nobody's work.
                with passages.off_the_clock():
                    lines.write(f"{key} {text}\n")
        # On one CPU it has no thread but this, which would wait for ever to hand on a third batch.
        batch = len(passages) // 2 + 1
        pisa.index(str(source), str(folder), STEMMER, batch, 1)
        self.open(folder)
        for path in folder.iterdir():
            if path.name not in (TEXTS, "fwd.termlex", "fwd.doclex") and (
                not path.name.startswith("bm25.")
            ):
                path.unlink()
        sync_files(folder)

    def open(self, folder: Path) -> None:
        self._context = pisa.RetrievalContext()
        pisa.prepare_index(
            self._context, str(folder), ENCODING, "bm25", STEMMER, bm25_k1=K1, bm25_b=B
        )

    def write(self, name: str, query: Query) -> str:
        return " ".join(query)

    def tune(self, name: str, texts: Sequence[str]) -> str:
        seconds = {}
        for algorithm in ALGORITHMS.get(name, UNION):
            self._algorithm[name] = algorithm
            runs = [sum(self.measure(name, texts[:TRIALS], 60)[0]) for _ in range(3)]
            seconds[algorithm] = min(runs)
        self._algorithm[name] = min(seconds, key=seconds.__getitem__)
        return self._algorithm[name]

    def search(self, name: str, text: str) -> list[str]:
        keys = (ctypes.py_object * K)()
        count = pisa.retrieve(
            self._context,
            self._algorithm.get(name, ALGORITHMS.get(name, UNION)[0]),
            [(0, text)],
            k=K,
            threads=1,
            result_qidxs=self._numbers,
            result_docnos=keys,
            result_ranks=self._ranks,
            result_scores=self._scores,
        )
        return list(keys[:count])  # type: ignore[arg-type]  # they are strings

    def measure(
        self, name: str, texts: Sequence[str], budget_seconds: float
    ) -> tuple[list[int], list[list[str]]]:
        times, found = super().measure(name, texts, budget_seconds)
        # The arrays of ``search`` held a reference to each key that they knew nothing of.
        for keys in found:
            for key in keys:
                ctypes.pythonapi.Py_DecRef(ctypes.py_object(key))
        return times, found

    def without_text(self, folder: Path) -> int | None:
        return bytes_of(folder) - (folder / TEXTS).stat().st_size
