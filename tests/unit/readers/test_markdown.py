"""Titles and blocks of Markdown."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.document import BlockKind, Document
from searchkit.readers import read_document


def read(text: str) -> Document:
    return read_document(text.encode(), "docs/guide.md", 0.0)


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind is kind]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: 'From front matter'\ntags: [a]\n---\n# Heading\n\ntext", "From front matter"),
        ("---\nauthor: me\n---\n# Heading\n\ntext", "Heading"),
        ("text first.\n\n## `Code` and *stress* ##\n", "Code and stress"),
        ("# Top `code` *title* with [link](http://x.y) {#custom-id}\n", "Top code title with link"),
        ("# The \\<server.org> of child\\_process\n", "The <server.org> of child_process"),
        ("# snake_case and 5 * 3\n\ntext", "snake_case and 5 * 3"),
        ("Setext title\n============\n\ntext", "Setext title"),
        ("A first line\n\nand the text.", "A first line"),
        ("One sentence.\n\nAnother sentence.", "guide"),
        ("# [Linked](http://x.org) \n\ntext", "Linked"),
        ("# Name [![Build](a.svg)](b)\n\ntext", "Name"),
        ("---\n\nA rule, no front matter.\n\n---\n", "guide"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert read(text).title == title


def test_front_matter_is_markup_and_lines_account_for_it() -> None:
    document = read("---\ntitle: T\n---\n\nThe text.")
    assert texts(document, BlockKind.PARAGRAPH) == ["The text."]
    assert document.line(document.text.index("The")) == 5


def test_headings_and_their_levels() -> None:
    document = read("# A #\n\n### C# ###\n\nB b\nb\n---\n\ntext\n\n####### none\n#none\n")
    headings = [
        (document.text[b.start : b.end], b.level)
        for b in document.blocks
        if b.kind is BlockKind.HEADING
    ]
    assert headings == [("A", 1), ("C#", 3), ("B b\nb", 2)]


def test_fenced_code_is_one_block_and_holds_no_headings() -> None:
    code = "```python\n# no heading\n\n- no item\n~~~\n```"
    document = read(f"# T\n\nIntro:\n{code}\nAfter.\n\n~~~\nopen to the end\n# x")
    assert texts(document, BlockKind.CODE) == [code, "~~~\nopen to the end\n# x"]
    assert texts(document, BlockKind.HEADING) == ["T"]
    assert texts(document, BlockKind.PARAGRAPH) == ["Intro:", "After."]


def test_indented_lines_are_code_but_not_inside_a_list() -> None:
    document = read(
        "Text.\n\n    code 1\n\n    code 2\n\nText.\n\n- item\n\n      more of the item\n"
    )
    assert texts(document, BlockKind.CODE) == ["code 1\n\n    code 2"]
    assert texts(document, BlockKind.ITEM) == ["- item", "more of the item"]


def test_items_rows_and_quotes() -> None:
    document = read(
        "Lead:\n- one\n  goes on\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n> on\n"
    )
    assert texts(document, BlockKind.ITEM) == ["- one\n  goes on", "- two"]
    assert texts(document, BlockKind.ROW) == ["| a | b |", "| 1 | 2 |"]
    assert texts(document, BlockKind.PARAGRAPH) == ["Lead:", "> quoted\n> on"]


def test_what_shows_nothing_is_no_block() -> None:
    document = read(
        "<p align=center>\n\n<!-- a\n# comment -->\n\n[![Build](a)](b) ![c](d)\n\n[ref]: http://x.org\n"
        "\n***\n\nText.\n"
    )
    assert [document.text[b.start : b.end] for b in document.blocks] == ["Text."]


FRONT_MATTER = [
    *(
        "title: T\n",
        "tags: [a, b]\n",
        "- x\n",
        "  y\n",
        "description: words\n",
        "date: 2024-05-01\n",
    ),
    *("a: &a [1]\n", "b: *a\n", "c: {d: e}\n", "\n", "# c\n", "title = 'T'\n", "[x]\n", "n = 1\n"),
    *(
        "---\n",
        "+++\n",
        "...\n",
        "text: |\n",
        "# Heading\n",
        "Prose.\n",
        "!!python/name:os.system x\n",
    ),
]


@given(st.sampled_from(["---\n", "+++\n"]), st.lists(st.sampled_from(FRONT_MATTER), max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_front_matter_leaves_the_text_as_it_is(mark: str, lines: list[str]) -> None:
    text = mark + "".join(lines) + mark + "\nThe end.\n"
    document = read(text)
    assert document.text == text
    before = 0
    for block in document.blocks:
        assert before <= block.start < block.end <= len(text)
        before = block.end
    assert document.text[document.blocks[-1].start :].rstrip().endswith("The end.")


def test_aliases_that_stand_for_gigabytes_are_not_followed() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 20))
    document = read(f"---\ntitle: T\nl0: &l0 [x]\n{levels}---\n\nThe text.")
    assert document.title == "T" and document.fields == {"l0": ["x"]}


def test_very_long_front_matter_gives_its_title() -> None:
    document = read("---\ntitle: T\n" + "a: b\n" * 20_000 + "---\n\nThe text.")
    assert document.title == "T" and not document.fields
    assert texts(document, BlockKind.PARAGRAPH) == ["The text."]


@pytest.mark.parametrize("title", ["Plan: phase one", "@home", "*star", "`code`", "- dash", '"odd'])
def test_what_should_have_been_quoted_costs_no_other_entry(title: str) -> None:
    document = read(
        f"---\ntitle: {title}\ndate: 2024-02-03 # a day\nauthors: [{{name: Bob}}, 'Carl']\n"
        "tags:\n  - alpha\n  - @beta\ncount: 3\nmore:\n  project: a: b\n---\nThe text.\n"
    )
    assert document.title == title.removeprefix('"')
    assert document.published == "2024-02-03"
    assert set(document.authors) == {"Bob", "Carl"}
    assert document.tags == ("alpha", "@beta")
    assert document.fields["count"] == 3 and document.fields["more.project"] == "a: b"


def test_broken_toml_is_read_by_its_entries() -> None:
    document = read(
        "+++\ntitle = \"Never closed\ndate = 2024-02-03\ntags = ['a',\n  'b']\n"
        '[extra]\nproject = "x"\n[other]\na = 1\n[extra]\ncount = 2\n+++\nThe text.\n'
    )
    assert document.title == "Never closed" and document.published == "2024-02-03"
    assert document.tags == ("a", "b") and document.fields["extra.project"] == "x"
    assert document.fields["extra.count"] == 2


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: T\ntaxonomies:\n  tags: [red, blue]\n  categories:\n    - tea\n---\n",
        "+++\ntitle = 'T'\n[taxonomies]\ntags = ['red', 'blue']\ncategories = ['tea']\n+++\n",
    ],
)
def test_taxonomies_are_tags(front: str) -> None:
    document = read(front + "The text.\n")
    assert document.tags == ("red", "blue", "tea")
    assert texts(document, BlockKind.LABEL) == ["red", "blue", "tea"]


def test_a_description_below_taxonomies_is_whole() -> None:
    document = read("---\ntaxonomies:\n  description: d1\n    d2\n  tags: [red]\n---\nThe text.\n")
    assert texts(document, BlockKind.ABOUT) == ["d1\n    d2"]
    document = read("---\ntaxonomies:\n  lead: |\n    d1\n    d2 \n  \n  tags: [red]\n---\nText.\n")
    assert texts(document, BlockKind.ABOUT) == ["d1\n    d2"]
    assert texts(document, BlockKind.LABEL) == ["red"]


def test_comments_that_share_an_end_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text = "<!-- a\n" * count + "--> b\n"
        start = time.process_time()
        read(text)
        return time.process_time() - start

    assert any(seconds(16_000) < 12 * max(seconds(4_000), 0.05) for _ in range(3))
