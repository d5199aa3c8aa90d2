"""Titles, content and blocks of pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.document import BlockKind, Document
from searchkit.readers import read_document

LONG = "This paragraph is what the reader of the page came for, and it says a few things. " * 3


def read(page: str, encoding: str = "utf-8") -> Document:
    return read_document(page.encode(encoding), "site/page.html", 0.0)


def blocks(document: Document) -> list[tuple[BlockKind, str]]:
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Cats</title>", "Cats"),
        ("<h1>Dogs</h1>", "Dogs"),
        ("<title>Cats | The Site</title><h1>Cats</h1>", "Cats"),
        ("<title>Cats - a story</title><h1>Other</h1>", "Cats - a story"),
        (
            "<title>json — JSON encoder — Python 3.x documentation</title>"
            "<h1><code>json</code> — JSON encoder<a class=headerlink href=#>¶</a></h1>",
            "json — JSON encoder",
        ),
        ("<title>The Site: Cats at home</title><h1>Cats at home</h1>", "Cats at home"),
        ("<svg><title>Icon</title></svg>", "page"),
        ("<title> \n </title>", "page"),
        ("<title>Fish &amp; chips\n today</title>", "Fish & chips today"),
    ],
)
def test_title(head: str, title: str) -> None:
    assert read(f"{head}<p>{LONG}</p>").title == title


def test_blocks_of_each_kind() -> None:
    document = read(
        "<h1>T</h1><p>One\n two<br>three</p><ul><li>a<li><p>b</p></ul><pre>\nx = 1\n\n  y</pre>"
        "<dl><dt>f(<em>a</em>, <em>b=1</em>)<a class=headerlink>¶</a></dt>"
        "<dd><p>Does it.</p></dd></dl>"
        "<table><tr><th>k</th><th>v</th></tr><tr><td><p>1</p></td><td>2</td></tr></table>bare"
    )
    assert blocks(document) == [
        (BlockKind.HEADING, "T"),
        (BlockKind.PARAGRAPH, "One two three"),
        (BlockKind.ITEM, "a"),
        (BlockKind.ITEM, "b"),
        (BlockKind.CODE, "x = 1\n\n  y"),
        (BlockKind.TERM, "f(a, b=1)"),
        (BlockKind.PARAGRAPH, "Does it."),
        (BlockKind.ROW, "k | v"),
        (BlockKind.ROW, "1 | 2"),
        (BlockKind.PARAGRAPH, "bare"),
    ]


def test_tables_that_lay_out_a_page_are_no_rows() -> None:
    page = f"<table><tr><td><h2>Head</h2><p>{LONG}</p><table><tr><td>1<td>2</table></table>"
    assert [kind for kind, _ in blocks(read(page))] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.ROW,
    ]


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav>{}</nav>",
        "<div role=navigation>{}</div>",
        "<div class='left sidebar'>{}</div>",
        "<div id=site-footer>{}</div>",
        "<header>{}</header>",
        "<aside>{}</aside>",
        "<p hidden>{}</p>",
        "<p aria-hidden=true>{}</p>",
        "<p style='display: none'>{}</p>",
        "<button>{}</button>",
        "<script>{}</script>",
        "<style>{}</style>",
        "<template>{}</template>",
        "<!-- {} -->",
        "<ul><li><a>{}</a><li><a>b</a><li><a>c</a><li><a>d</a></ul>",
    ],
)
def test_what_stands_around_the_content_is_left_out(furniture: str) -> None:
    page = f"<body><h1>T</h1>{furniture.format('Elsewhere')}<p>{LONG}</p><p>The end.</p>"
    assert "Elsewhere" not in read(page).text
    assert read(page).text.endswith("The end.")


@pytest.mark.parametrize(
    "box",
    [
        "<div class='article-body pagination-first'>{}</div>",
        "<div class='page has-sidebar'>{}</div>",
        "<div class='shared-memory navigator'>{}</div>",
        "<article><header>{}</header></article>",
        "<nav>{}</nav>",
        "<body hidden>{}</body>",
        "<form>{}</form>",
    ],
)
def test_a_page_with_text_is_never_empty(box: str) -> None:
    assert "came for" in read(box.format(f"<p>{LONG}</p>")).text


def test_main_content_is_preferred() -> None:
    page = f"<div><p>{LONG.upper()}</p></div><main><p>{LONG}</p></main>"
    assert read(page).text == LONG.strip()


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="windows-1251">', "windows-1251"),
        ('<meta http-equiv=Content-Type content="text/html; charset=KOI8-R">', "koi8-r"),
        ('<?xml version="1.0" encoding="iso-8859-5"?>', "iso-8859-5"),
        ("", "utf-8"),
        ('<meta charset="hex">', "utf-8"),
        ('<meta charset="utf-8">', "utf-16"),
    ],
)
def test_the_declared_character_set_counts(declared: str, encoding: str) -> None:
    assert read(f"{declared}<p>Привет, мир</p>", encoding).text == "Привет, мир"


def test_lines_are_those_of_the_file() -> None:
    page = (
        "<?xml version='1.0'?>\n<html>\n<!-- <p>\n -->\n<script>\n'<p>'\n</script>\n<p\nclass=a>one"
        "</p>\n<img alt='<p>\n'><p>two\n</p><pre>\nthree\nfour</pre>"
    )
    document = read(page)
    for word, line in [("one", 8), ("two", 11), ("three", 13), ("four", 14)]:
        assert document.line(document.text.index(word)) == line, word


@given(st.lists(st.sampled_from(["<p>", "<div a='", "'>", "</p>", "<!--", "-->", "\n", "<b>"])))
@settings(max_examples=200, deadline=None)
def test_marking_lines_changes_no_text(soup: list[str]) -> None:
    from bs4 import BeautifulSoup

    from searchkit.readers.html_lines import mark_lines

    page = "".join(soup) + "<p>last"
    plain = BeautifulSoup(page, "lxml").get_text()
    assert BeautifulSoup(mark_lines(page), "lxml").get_text() == plain


def test_a_section_about_cookies_is_no_banner() -> None:
    page = """<body><p>Start here, where it all begins.</p>
    <div class="section" id="cookie-objects"><h2>Cookie Objects</h2><p>A morsel has a key.</p></div>
    <section id="comments"><h2><a class="toc-backref" href="#x">Comments</a></h2>
    <p>A comment starts with a hash.</p></section>
    <div id="cookie-banner"><p>We value your privacy.</p></div></body>"""
    document = read(page)
    assert "A morsel has a key." in document.text
    assert "A comment starts with a hash." in document.text
    assert "Comments" in document.text
    assert "privacy" not in document.text
