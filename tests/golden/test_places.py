"""Whoever opens what a hit cites, does he find there what is shown?

Of every fragment: each of its words is on the page cited of a PDF, the anchor is the nearest one at
or before its beginning, and its first word stands on the line cited. Where the files are not at
hand that this is tried on, it is skipped; this project's own documents always are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchkit.collection import Collection, Hit
from searchkit.highlight import Fragment
from searchkit.readers import read_document

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
DATA = PROJECT.parent / "shared" / "data"
WORD = re.compile(r"[^\W\d_]{4,}")
QUERIES = 40
"""Of each document."""

NO_WORDS_OF_PAGES = {"pdf.js__test__pdfs__issue16021.pdf", "pdf.js__test__pdfs__bug1250079.pdf"}
"""PDFium alone does not say what these show; the reader mends them first."""


def fragments(collection: Collection, key: str) -> Iterator[tuple[Hit, Fragment]]:
    """What is shown of a document for pairs of its words."""
    pairs = []
    for ordinal in range(collection.document(key).passages):
        words = WORD.findall(collection.get(key, ordinal).text)
        pairs += [f"{words[at]} {words[(at + 5) % len(words)]}" for at in range(0, len(words), 17)]
    for pair in pairs[:: -(-len(pairs) // QUERIES) or 1]:
        for hit in collection.search(pair).hits:
            if hit.passage.key == key:
                yield from ((hit, fragment) for fragment in hit.fragments)


def shown(hit: Hit, fragment: Fragment) -> str:
    return hit.passage.text[fragment.start : fragment.end]


def letters(text: str) -> str:
    return "".join(filter(str.isalpha, text)).casefold()


def pages_of(path: Path) -> list[str]:
    pypdfium2 = pytest.importorskip("pypdfium2")
    file = pypdfium2.PdfDocument(path)
    file.init_forms()
    pages = []
    for number in range(len(file)):
        page = file[number]
        pypdfium2.raw.FPDFPage_Flatten(page.raw, pypdfium2.raw.FLAT_NORMALDISPLAY)
        page.close()
        page = file[number]
        text = page.get_textpage()
        pages.append(letters(text.get_text_range()))
        text.close()
        page.close()
    file.close()
    return pages


def test_the_words_shown_of_a_pdf_are_on_the_page_cited(tmp_path: Path) -> None:
    files = [
        path
        for path in (DATA / "formats" / "pdf").glob("*.pdf")
        if path.name not in NO_WORDS_OF_PAGES
    ]
    if not files:
        pytest.skip("the PDFs are not at hand")
    count = 0
    with Collection(tmp_path / "index") as collection:
        collection.sync(files)
        for key in sorted(collection.keys()):
            pages = pages_of(Path(key))
            for hit, fragment in fragments(collection, key):
                place = hit.passage.place_of(fragment.start, fragment.end)
                cited = re.fullmatch(r"page (\d+)(?:–(\d+))?", place)
                assert cited, (key, place)
                first, last = int(cited[1]), int(cited[2] or cited[1])
                said = "".join(pages[first - 1 : last])
                for word in WORD.findall(shown(hit, fragment)):
                    assert letters(word) in said, (key, place, word)
                count += 1
    assert count > 200


def test_anchor_and_line_of_a_page_are_those_at_which_the_fragment_begins(tmp_path: Path) -> None:
    files = sorted((DATA / "html" / "python-docs").glob("*.html"))[::24]
    if not files:
        pytest.skip("the pages are not at hand")
    count = 0
    with Collection(tmp_path / "index") as collection:
        collection.sync(files)
        for key in sorted(collection.keys()):
            document = read_document(Path(key).read_bytes(), key, 0.0)
            for hit, fragment in fragments(collection, key):
                at = hit.passage.start + fragment.start
                assert hit.passage.place_of(fragment.start, fragment.end) == document.place(at)
                assert hit.passage.line_at(fragment.start) == document.line(at)
                count += 1
    assert count > 500


def test_the_first_word_shown_of_a_text_stands_on_the_line_cited(tmp_path: Path) -> None:
    count = 0
    with Collection(tmp_path / "index") as collection:
        collection.sync(
            [PROJECT / "docs", PROJECT / "README.md", PROJECT / "seeds", HERE / "documents"]
        )
        for key in sorted(collection.keys()):
            if key.endswith((".md", ".txt")):
                path = Path(key)
                source = path.read_text(encoding="utf-8").split("\n")
                for hit, fragment in fragments(collection, key):
                    line = source[hit.passage.line_at(fragment.start) - 1]
                    assert shown(hit, fragment).split("\n")[0] in line
                    count += 1
    assert count > 500
