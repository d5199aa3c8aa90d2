"""reStructuredText: offsets, headings, and what is markup."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.document import BlockKind, Document
from searchkit.readers import read_document

PIECES = [
    *("Title\n=====\n", "Sub\n---\n", "====\nTop\n====\n", "words here\n", "  indented\n", "\n"),
    *(".. note:: x\n", ".. code::\n\n", ".. x\n", "a::\n\n", ":f: v\n", "* i\n", ">>> 1\n", "::\n"),
    *(
        "+--+\n| a|\n+--+\n",
        "== ==\na  b\n== ==\n",
        "| l\n",
        "\t\t",
        "..\n",
        ".. [1] n\n",
        "====\n",
    ),
]


def read(text: str) -> Document:
    return read_document(text.encode(), "a.rst", 0.0)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_the_text_is_the_file_and_blocks_are_whole_lines(text: str) -> None:
    document = read(text)
    assert document.text == text
    before = 0
    for block in document.blocks:
        assert before <= block.start < block.end
        assert text[block.end : block.end + 1] in ("", "\n", " ", "\t")
        assert document.line(block.start) == text.count("\n", 0, block.start) + 1
        before = block.end


def test_words_outside_of_markup_are_in_blocks() -> None:
    text = "".join(f"{piece}\n" for piece in ("T\n==\n", "aa\n", "* bb\n  cc\n", "dd\n    ee\n"))
    document = read(text + ".. note:: ff\n   gg\n\n.. tip::\n\n   hh\n\nii::\n\n  jj\n")
    kept = " ".join(document.text[block.start : block.end] for block in document.blocks)
    assert all(letter * 2 in kept for letter in "abcdefghij")


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("A\n==\n\nB\n--\n\nC\n==\n", [1, 2, 1]),
        ("==\nA\n==\n\nB\n==\n\nC\n--\n", [1, 2, 3]),
        ('A\n~~\n\nB\n^^\n\nC\n""\n\nD\n^^\n', [1, 2, 3, 2]),
    ],
)
def test_levels_come_in_the_order_of_styles(text: str, levels: list[int]) -> None:
    headings = [block for block in read(text).blocks if block.kind is BlockKind.HEADING]
    assert [block.level for block in headings] == levels


def test_directives_nest_only_so_deep() -> None:
    text = "".join("  " * depth + ".. note:: x\n\n" for depth in range(400))
    assert read(text + "  " * 400 + "deep").blocks
