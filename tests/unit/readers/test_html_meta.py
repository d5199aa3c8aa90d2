"""What pages state of themselves, their dates, and that nothing in them makes a reader fail."""

from __future__ import annotations

import json
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.document import Document
from searchkit.readers import read_document
from searchkit.readers.html_dates import stated_date, written_date
from searchkit.readers.html_meta import clean_authors, language_tag, read_meta
from searchkit.readers.titles import page_title

LONG = "This paragraph is what the reader of the page came for, and it says a few things. " * 3


def read(page: str) -> Document:
    return read_document(page.encode(), "site/page.html", 0.0)


def with_json_ld(value: object) -> Document:
    text = value if isinstance(value, str) else json.dumps(value)
    return read(f'<script type="application/ld+json">{text}</script><p>{LONG}</p>')


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2019-11-18", "2019-11-18"),
        ("2019-11-18T13:20:15Z", "2019-11-18T13:20:15+00:00"),
        ("2019-11-18 13:20:15", "2019-11-18T13:20:15"),
        ("2019-11-18T13:20:15.123+01", "2019-11-18T13:20:15+01:00"),
        ("Mon, 18 Nov 2019 13:20:15 +0100", "2019-11-18T13:20:15+01:00"),
        ("20191118", "2019-11-18"),
        ("1574082015", "2019-11-18T13:00:15+00:00"),
        ("1574082015000", "2019-11-18T13:00:15+00:00"),
        ("November 18, 2019", "2019-11-18"),
        ("0001-01-01", ""),
        ("2019-13-45", ""),
        ("99999999", ""),
        ("٢٠١٩-١١-١٨", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_stated_dates(value: str, date: str) -> None:
    assert stated_date(value) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Published 11:11 PM EST Nov. 19th, 2019", "2019-11-19"),
        ("Updated Nov 20, 2019. Published Nov 19, 2019", "2019-11-19"),
        ("Updated Nov 20, 2019", "2019-11-20"),
        ("am 3. März 2022 von Eva", "2022-03-03"),
        ("11 октября 2018", "2018-10-11"),
        ("5 de mayo de 2020", "2020-05-05"),
        ("2018年8月25日", "2018-08-25"),
        ("13.06.2014", "2014-06-13"),
        ("13/06/2014", "2014-06-13"),
        ("03/04/2020", ""),
        ("© 2025", ""),
        ("31 February 2020", ""),
    ],
)
def test_written_dates(text: str, date: str) -> None:
    assert written_date(text) == date


@pytest.mark.parametrize(
    "value",
    [
        {"@type": "NewsArticle", "datePublished": "2024-03-02", "author": "Ann"},
        [{"@type": ["Thing", "BlogPosting"], "datePublished": ["2024-03-02"], "author": ["Ann"]}],
        {"@graph": [{"@type": "Article", "datePublished": "2024-03-02",
                     "author": {"name": "Ann"}}]},
        {"@graph": [{"@type": "Article", "datePublished": "2024-03-02", "author": [{"@id": "#a"}]},
                    {"@type": ["Person"], "@id": "#a", "name": "Ann"}]},
        {"@type": "WebPage", "mainEntity": {"@type": "Article", "datePublished": "2024-03-02",
                                            "author": [{"name": ["Ann"]}]}},
        '<!-- {"@type": "Article", "datePublished": "2024-03-02", "author": "By Ann",} -->',
        '{"@type": "Article", "description": "two\nlines", "datePublished": "2024-03-02",'
        '"author": "Ann"};',
    ],
)  # fmt: skip
def test_json_ld_of_all_shapes(value: object) -> None:
    document = with_json_ld(value)
    assert (document.published, document.authors) == ("2024-03-02", ("Ann",))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100_000, '{"a":' * 100_000, "null", "1" * 10_000, '{"@type": {"@type": []}}',
     '{"@type": "Article", "author": {"name": {"name": 1}}, "datePublished": 7, "headline": null}'],
)  # fmt: skip
def test_broken_json_ld_is_passed_over(text: str) -> None:
    assert with_json_ld(text).text == LONG.strip()


def test_half_characters_in_json_ld_are_replaced() -> None:
    article = {
        "@type": "Article",
        "headline": "A \ud800 B",
        "author": {"name": "Ann \udfff"},
        "keywords": "k\ud800",
    }
    found = with_json_ld(article)
    said = [found.title, *found.authors, *found.tags]
    assert len(said) == 3
    "".join(said).encode()


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2024-03-02">', "2024-03-02"),
        ('<meta name="DC.Date" content="2024-03-02">', "2024-03-02"),
        ('<meta name="citation_publication_date" content="2024/03/02">', "2024-03-02"),
        ('<meta itemprop="datePublished" content="2024-03-02">', "2024-03-02"),
        ('<h1>T</h1><time datetime="2024-03-02">x</time>', "2024-03-02"),
        ("<h1>T</h1><p>March 2, 2024</p>", "2024-03-02"),
        ('<meta name="date" content="never">', ""),
        ("<footer>© 2024</footer>", ""),
    ],
)
def test_where_a_date_is_found(head: str, published: str) -> None:
    assert read(f"{head}<p>{LONG}</p>").published == published


def test_keywords_are_keywords() -> None:
    tags = ["cats, dogs; no", "x:y", "cats", "a sentence that is much too long to be a keyword"]
    metas = [{"name": "keywords", "content": "cats, dogs, 2024, a_b"}]
    metas += [{"property": "article:tag", "content": tag} for tag in tags]
    assert read_meta(metas, [], "").tags == ("cats", "dogs", "cats, dogs", "no")


def test_languages_and_names() -> None:
    assert [language_tag(said) for said in ("en", "en_us", "zh-hans-CN", "English", "")] == [
        "en", "en-US", "zh-Hans-CN", "", "",
    ]  # fmt: skip
    said = ["By Jane Roe and Sam Hill", "jane roe", "https://x.example/jane", "Doe, M.D."]
    assert clean_authors(said) == ("Jane Roe", "Sam Hill", "Doe, M.D.")
    said = ["TOM ROE, AP Auto Writer", "Sam Hill, CNN Editor-at-large", "humans.txt", "Space.com"]
    assert clean_authors(said) == ("TOM ROE", "Sam Hill", "Space.com")


@pytest.mark.parametrize(
    ("declared", "stated", "headings", "sites", "title"),
    [
        ("Cats | Site", [], ["Site", "Cats"], ["Site"], "Cats"),
        ("Cats - WSJ", ["Cats - WSJ"], [], ["wsj"], "Cats"),
        ("Other", ["Cats at home today"], ["The cats at home today"], [], "The cats at home today"),
        ("", [], [], [], ""),
    ],
)
def test_titles(
    declared: str, stated: list[str], headings: list[str], sites: list[str], title: str
) -> None:
    assert page_title(declared, stated, headings, sites) == title


def test_articles_are_trimmed_and_documentation_is_not() -> None:
    body = f"<h1>T</h1><p>By Ann</p><p>{LONG}</p><figure><figcaption>C</figcaption></figure>"
    article = '<meta property="og:type" content="article">'
    assert read(article + body).text == LONG.strip()
    sphinx = '<meta name="generator" content="Sphinx">'
    assert read(article + sphinx + body).text == f"T\n\nBy Ann\n\n{LONG.strip()}\n\nC"


def test_a_few_nuls_are_passed_over() -> None:
    assert read(f"<p>{LONG}" + "\0" + LONG * 20).text.startswith(LONG.strip())


PIECES = st.sampled_from(
    ["<div>", "</div>", "<p>", "<p hidden>", "</p>", "<table>", "<tr>", "<td>", "</table>",
     "<pre>", "</pre>", "<a href=x>", "</a>", "<h1 id=a>", "</h1>", "<ul>", "<li>", "<br>",
     "<article>",
     "<script type=application/ld+json>", "</script>", "<title>", "</title>", "<nav>", "</nav>",
     "<meta property=og:type content=article>", "<meta name=date content=x>", "<svg>", "</svg>",
     "<figure class=share>", "<time datetime=2024>", "text. ", LONG, "{", "\n", "<", "&", "'",
     "<!--"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_soup_gives_a_document_whose_blocks_are_in_order(soup: list[str]) -> None:
    document = read("".join(soup))
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        assert not document.text[end : block.start].strip()
        end = block.end
    assert not document.text[end:].strip()
    assert list(document.places) == sorted(document.places, key=lambda place: place[0])
    assert document.title


@pytest.mark.parametrize(
    "opening",
    [
        "<div>",
        "<span id=a>",
        "<table><tr><td>",
        "<ul><li>",
        "<article class=hentry>",
        "<a id=x><b>",
    ],
)
def test_deep_nesting_takes_linear_time(opening: str) -> None:
    def seconds(count: int) -> float:
        started = process_time()
        assert LONG.strip() in read(opening * count + f"<p>{LONG}").text
        return process_time() - started

    # What is quadratic is so each time; a busy machine is not.
    assert any(seconds(20_000) < 12 * max(seconds(5_000), 0.05) for _ in range(3))


def test_many_attributes() -> None:
    attributes = " ".join(f"a{number}=1" for number in range(100_000))
    assert read(f"<p {attributes}>{LONG}").text == LONG.strip()
