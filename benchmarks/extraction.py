"""How well, and at what price, is the text of a page found?

``python -m benchmarks.extraction`` scores searchkit and, where it is installed, trafilatura on
pages whose text a person marked, in one run, and compares the time of reading documentation with
that of a loop of ``BeautifulSoup(page, "lxml").get_text()``.

The score is that of scrapinghub's article-extraction-benchmark: shingles of four ``\\w+`` tokens,
counted; precision and recall of a page from those in common; both averaged over the pages; F1 of
the two means.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from time import process_time

from benchmarks.__main__ import DATA

ARTICLES = DATA / "html" / "articles"
DOCUMENTATION = DATA / "html" / "python-docs"
SHINGLE = 4
_TOKEN = re.compile(r"\w+")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four tokens of ``text``, with how often each occurs."""
    tokens = _TOKEN.findall(text)
    if not tokens:
        return Counter()
    count = max(1, len(tokens) - SHINGLE + 1)
    return Counter(tuple(tokens[at : at + SHINGLE]) for at in range(count))


def score(pairs: Iterable[tuple[str, str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs (text found, text marked)."""
    precisions, recalls = [], []
    for found, marked in pairs:
        ours, theirs = shingles(found), shingles(marked)
        common = (ours & theirs).total()
        precisions.append(common / ours.total() if ours else float(not theirs))
        recalls.append(common / theirs.total() if theirs else 1.0)
    precision = sum(precisions) / len(precisions)
    recall = sum(recalls) / len(recalls)
    return precision, recall, 2 * precision * recall / (precision + recall)


def marked_pages() -> list[tuple[bytes, str]]:
    """The pages with the text that a person marked in each."""
    truth = json.loads((ARTICLES / "ground-truth.json").read_text(encoding="utf-8"))
    pages = ARTICLES / "pages"
    return [
        (path.read_bytes(), said["articleBody"])
        for name, said in sorted(truth.items())
        if (path := pages / f"{name}.html").exists()
    ]


def searchkit_text(page: bytes) -> str:
    from searchkit.readers import read_document

    return read_document(page, "page.html", 0.0).text


def trafilatura_text(page: bytes) -> str:
    import trafilatura

    return trafilatura.extract(page.decode("utf-8", "replace")) or ""


def plain_text(page: bytes) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(page, "lxml").get_text()


def _seconds(read: Callable[[bytes], str], pages: list[bytes]) -> float:
    started = process_time()
    for page in pages:
        read(page)
    return process_time() - started


def main() -> int:
    if not ARTICLES.exists():
        print(f"there are no pages to read: {ARTICLES} is not there", file=sys.stderr)
        return 1
    readers: dict[str, Callable[[bytes], str]] = {"searchkit": searchkit_text}
    try:
        trafilatura_text(b"<p>text")
        readers["trafilatura"] = trafilatura_text
    except ImportError as error:
        print(f"trafilatura is left out: {error}", file=sys.stderr)
    readers["get_text"] = plain_text
    pages = marked_pages()
    print(f"{len(pages)} articles    precision  recall     F1     ms a page")
    for name, read in readers.items():
        started = process_time()
        found = [read(page) for page, _ in pages]
        took = (process_time() - started) / len(pages)
        figures = score(zip(found, (marked for _, marked in pages), strict=True))
        print(
            f"{name:14} " + "".join(f"{figure:10.4f}" for figure in figures), f"{took * 1e3:9.1f}"
        )
    documentation = [path.read_bytes() for path in sorted(DOCUMENTATION.glob("*.html"))[::4]]
    least = {name: float("inf") for name in readers}
    for _ in range(3):
        for name, read in readers.items():
            least[name] = min(least[name], _seconds(read, documentation))
    print(f"{len(documentation)} pages of documentation, time against get_text")
    for name, took in least.items():
        print(f"{name:14} {took / least['get_text']:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
