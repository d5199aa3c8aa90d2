"""Titles, headings and paragraphs of plain text."""

from __future__ import annotations

import pytest

from searchkit.document import BlockKind, Document
from searchkit.readers import read_document


def read(text: str) -> Document:
    return read_document(text.encode(), "notes/to do.txt", 0.0)


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind is kind]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A title\n\nAnd then the text.", "A title"),
        ("A title\nA line below that is longer than it.", "A title"),
        ("Who is there?\n\nNobody.", "Who is there?"),
        ("Rivals of the Apple...\n\nThere are some.", "Rivals of the Apple..."),
        ("This is a sentence.\n\nAnd more.", "to do"),
        ("Only one line", "to do"),
        ("Some prose that an editor wrapped at\nforty columns, so it is no title.\n", "to do"),
        ("word " * 21 + "\n\nmore", "to do"),
        ("Title\n=====\n\nText.", "Title"),
        ("### Title\n\nText.", "Title"),
        ("\n\n", "to do"),
        ("***\n\nText.", "to do"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert read(text).title == title


def test_underlines_make_headings_whose_level_follows_their_first_use() -> None:
    document = read(
        "Top\n===\n\nA\n---\ntext a.\n\nB\n---\ntext b.\n\nsome text\n\n---\n\nmore text."
    )
    headings = [b for b in document.blocks if b.kind is BlockKind.HEADING]
    assert texts(document, BlockKind.HEADING) == ["Top", "A", "B"]
    assert [b.level for b in headings] == [1, 2, 2]
    assert texts(document, BlockKind.PARAGRAPH)[:2] == ["text a.", "text b."]


def test_a_heading_with_an_overline_leaves_no_rule_behind() -> None:
    document = read("=====\nTitle\n=====\n\nText here.")
    assert document.title == "Title"
    assert texts(document, BlockKind.PARAGRAPH) == ["Text here."]


def test_lines_of_comments_are_no_headings() -> None:
    document = read(
        "Setup notes\n\n# first comment\n# second comment\nrun it\n\n# Heading\n\ntext."
    )
    assert texts(document, BlockKind.HEADING) == ["Setup notes", "Heading"]


def test_wrapped_lines_make_one_paragraph_and_long_lines_one_each() -> None:
    wrapped = read("One line of it,\nanother line of it.\n\nA second paragraph.")
    assert texts(wrapped, BlockKind.PARAGRAPH) == [
        "One line of it,\nanother line of it.",
        "A second paragraph.",
    ]
    first, second = "first " * 60 + ".", "second " * 60 + "."
    assert texts(read(f"{first}\n{second}"), BlockKind.PARAGRAPH) == [first, second]


def test_lines_are_the_files_own() -> None:
    document = read("Title\r\n\r\nfirst\rsecond\n")
    assert document.line(document.text.index("first")) == 3
    assert document.line(document.text.index("second")) == 4
