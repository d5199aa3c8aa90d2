"""What all formats have in common: choosing a reader, decoding, and surviving anything."""

from __future__ import annotations

import codecs
import subprocess
import sys
import time
from pathlib import PurePosixPath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from searchkit.document import BlockKind, Document
from searchkit.errors import UnreadableDocumentError
from searchkit.passages import cut
from searchkit.readers import SUFFIXES, can_read, read_document
from searchkit.readers.titles import title_from_key

MARKUP = [
    *("<p>", "</p>", "<div hidden>", "<li>", "<table><tr><td>", "</td>", "<pre>\n", "</pre>"),
    *("<h1>", "</h1>", "<!--", "-->", "<script>", "</script>", "<dt>", "<dd>", "<br>", "<a href='"),
    *(
        "# ",
        "## ",
        "```",
        "~~~",
        "---",
        "===",
        "| a | b |",
        "- ",
        "1. ",
        "> ",
        "    ",
        "\n",
        "\n\n",
    ),
    *("\r\n", "\r", "&amp;", "&#xD800;", "&#0;", "<main>", "<nav>", "[a]: b", '"', "[![", "%", "é"),
    *("A sentence ends here. ", "Does it? ", "Mr. Smith ", "日本語。", "word ", "\x85", "\u2028"),
]
SOUP = st.lists(st.one_of(st.sampled_from(MARKUP), st.text(max_size=8)), max_size=60).map("".join)
SUFFIX = st.sampled_from(sorted(SUFFIXES))


def read(text: str, suffix: str) -> Document:
    return read_document(text.encode("utf-8", "replace"), "folder/name" + suffix, 7.0)


def assert_sound(document: Document) -> None:
    text = document.text
    assert document.title.strip() and "\n" not in document.title
    assert "\r" not in text and "\0" not in text
    text.encode("utf-8")
    before = 0
    for block in document.blocks:
        assert before <= block.start < block.end <= len(text)
        assert not text[block.start].isspace() and not text[block.end - 1].isspace()
        assert (block.level > 0) == (block.kind is BlockKind.HEADING)
        before = block.end
    offsets = [offset for offset, _ in document.lines]
    assert offsets[:1] in ([0], []) and offsets == sorted(set(offsets))


@given(SOUP, SUFFIX)
@settings(max_examples=400, deadline=None)
def test_any_text_reads_soundly(text: str, suffix: str) -> None:
    try:
        document = read(text, suffix)
    except UnreadableDocumentError:
        return
    assert_sound(document)


@given(st.binary(max_size=300), SUFFIX)
@settings(max_examples=200, deadline=None)
def test_any_bytes_read_soundly_or_are_refused(data: bytes, suffix: str) -> None:
    try:
        document = read_document(data, "name" + suffix, 0.0)
    except UnreadableDocumentError as error:
        assert "\n" not in error.reason
        return
    assert_sound(document)


@given(SOUP)
@settings(max_examples=200, deadline=None)
def test_the_text_of_a_text_file_is_the_file(text: str) -> None:
    try:
        document = read(text, ".txt")
    except UnreadableDocumentError:
        return
    # With NULs, it is as well UTF-16.
    assume("\0" not in text)
    expected = text.encode("utf-8", "replace").decode().removeprefix("\ufeff")
    assert document.text == expected.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("naïve".encode(), "naïve"),
        (codecs.BOM_UTF8 + "naïve".encode(), "naïve"),
        (codecs.BOM_UTF16_LE + "naïve 日本".encode("utf-16-le"), "naïve 日本"),
        (codecs.BOM_UTF16_BE + "naïve".encode("utf-16-be"), "naïve"),
        (b"na\xefve \x93quoted\x94", "naïve “quoted”"),
        (b"one\r\ntwo\rthree", "one\ntwo\nthree"),
    ],
)
def test_encodings_and_line_ends(data: bytes, text: str) -> None:
    assert read_document(data, "a.txt", 0.0).text == text


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\x00", b"\x01\x02\x03\x04\x05\x06"])
def test_binary_files_are_refused_with_a_reason(data: bytes, suffix: str) -> None:
    with pytest.raises(UnreadableDocumentError, match="looks binary"):
        read_document(data, "a" + suffix, 0.0)


def test_an_unknown_suffix_is_refused() -> None:
    with pytest.raises(UnreadableDocumentError, match=r"unknown kind of file \(\.xyz\)"):
        read_document(b"x", "a.xyz", 0.0)
    assert can_read("a/B.HTML") and can_read("notes.md")
    assert not can_read("a.py") and not can_read("md") and not can_read(".txt/none")


def test_text_files_need_no_html_parser() -> None:
    program = (
        "import sys; from searchkit.readers import read_document as r; r(b'a', 'a.md', 0);"
        "r(b'a', 'a.txt', 0); assert not {'bs4', 'lxml'} & set(sys.modules); r(b'a', 'a.html', 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


HOSTILE = {
    "nested boxes": "<div>" * 40_000 + "deep",
    "nested lists": "<ul><li>" * 25_000 + "deep",
    "nested tables": "<table><tr><td>" * 13_000 + "deep",
    "brackets": "<" * 200_000,
    "open paragraphs": "<p>deep" * 28_000,
    "open quotes": '<a b="' * 33_000,
    "open comments": "<!--" * 50_000,
    "open scripts": "<script>" * 25_000,
    "one long line": "deep " * 40_000,
    "one long word": "x" * 200_000,
    "number signs": "#" * 200_000,
    "backticks": "`" * 200_000,
    "fences": "```\n" * 50_000,
    "quotes": '"' * 200_000,
    "full stops": "." * 200_000,
    "brackets and stops": ".)" * 100_000,
    "spaces": " " * 200_000 + "|x",
    "bars": "|" * 200_000,
    "images": "![a](" * 40_000,
    "unspaced": "中" * 200_000,
    "items": "- a\n" * 50_000,
}


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_no_quadratic_time(name: str, suffix: str) -> None:
    # A quadratic pass over 200,000 characters takes minutes; the parse takes a second or two.
    start = time.process_time()
    document = read(HOSTILE[name], suffix)
    cut(document)
    assert time.process_time() - start < 20
    assert_sound(document)
    if suffix == ".html" and "deep" in HOSTILE[name]:
        assert "deep" in document.text


@given(st.lists(st.text("ab.gzGZ", min_size=1, max_size=7), min_size=1, max_size=3))
def test_a_title_from_a_key_is_the_stem_of_its_path(parts: list[str]) -> None:
    assume(not any(set(part) == {"."} or part.endswith(".") for part in parts))
    path = PurePosixPath("/".join(parts))
    assume(path.stem.strip("."))
    stem = PurePosixPath(path.stem).stem if path.suffix.lower() == ".gz" else path.stem
    assert title_from_key("/".join(parts)) == stem
