"""``query --html``: a page reads as it was meant, whatever documents, names and queries say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

import searchkit
from searchkit.cli.command import cli
from tests.documents.pdf import lines, pdf

HOSTILE = (
    '<script>alert(1)</script> "otter" \' & <!-- </mark> --> ]]> \u202e\u2066 &lt;b&gt; `${x}`'
)
NAME = 'evil"><img src=x onerror=alert(1)>&amp; otter.txt'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    (folder / NAME).write_text(f"# {HOSTILE}\n\nAn otter {HOSTILE} swims.\n\x1b[31m\x07", "utf-8")
    (folder / "otter.md").write_text(
        "# Otters\n\n## In **rivers**\n\nAn otter is [a mammal](https://example.org). It swims.\n"
    )
    (folder / "arabic.txt").write_text("تعيش otter في النهر.\n", "utf-8")
    (folder / "page.html").write_text(
        "<h1 id='x\"y'>Otter</h1><p>The otter of this page lives on, and swims.</p>"
    )
    with searchkit.open(folder) as collection:
        collection.sync(folder)
    return folder


def asked(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        cli, ["query", "--html", "--index", str(folder), *arguments], standalone_mode=False
    )


def page(folder: Path, *arguments: str) -> BeautifulSoup:
    done = asked(folder, *arguments)
    assert done.return_value in (0, 1), done.output
    return parsed(done.stdout)


ALLOWED = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"},
    "style": set(), "title": set(), "body": set(), "h1": {"dir"}, "h2": {"dir"},
    "p": {"class", "dir"}, "ol": set(), "li": {"value"}, "bdi": set(), "a": {"href"},
    "span": {"class"}, "mark": set(), "details": set(), "summary": set(),
    "div": {"class", "dir"}, "pre": set(),
}  # fmt: skip


UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def parsed(text: str) -> BeautifulSoup:
    """The page, which has no element and no attribute but those of ours, all closed."""
    assert text.startswith("<!DOCTYPE html>\n")
    # It is well formed, so that no parser reads it otherwise than another.
    xml = re.sub(r"(<meta [^>]*)>", r"\1/>", text.removeprefix("<!DOCTYPE html>\n"))
    etree.fromstring(xml.encode())
    soup = BeautifulSoup(text, "lxml")
    for element in soup.find_all(True):
        assert set(element.attrs) <= ALLOWED[element.name], element
    for link in soup.find_all("a"):
        assert link["href"].startswith("file:///")
    assert not UNSAFE.search(text)
    return soup


def test_a_page_shows_what_matched(folder: Path) -> None:
    soup = page(folder, "otter", "rivers")
    (item,) = [one for one in soup.find_all("li") if "otter.md" in one.text]
    assert item.find("p", "fragments").text == "An otter is a mammal. It swims."
    assert [one.text for one in item.find("p", "headings").find_all("mark")] == ["rivers"]
    assert item.find("div", "passage").text.strip().endswith("It swims.")
    assert [one.text for one in item.find("p", "fragments").find_all("mark")] == ["otter"]
    assert soup.h1.text == soup.title.text == "otter rivers"
    assert item["value"] == "1"


def test_hostile_documents_names_and_queries_are_only_text(folder: Path) -> None:
    soup = page(folder, "otter", HOSTILE)
    (item,) = [one for one in soup.find_all("li") if "evil" in one.text]
    assert 'alert(1)</script> "otter"' in item.find("p", "fragments").text
    assert NAME in item.find("p", "place").text
    assert "<script>" in soup.h1.text
    assert not soup.find("script") and not soup.find("img")
    assert "\\u202e" in item.text and "\u202e" not in item.text


def test_links_lead_to_files_and_their_anchors(folder: Path) -> None:
    links = {link.text: link["href"] for link in page(folder, "otter").find_all("a")}
    (address,) = [href for text, href in links.items() if "page.html" in text]
    assert address.endswith("/page.html#x%22y")
    (evil,) = [href for text, href in links.items() if "evil" in text]
    assert not set('"<> ') & set(evil)


def test_links_lead_to_the_page_of_a_pdf_and_tags_are_shown(tmp_path: Path) -> None:
    pages = [lines("An otter swims."), lines("A newt sits."), lines("A toad eats.")]
    (tmp_path / "animals.pdf").write_bytes(pdf(pages))
    (tmp_path / "tagged.md").write_text("---\ntags: [<toads>, newts]\n---\nNothing else.\n")
    with searchkit.open(tmp_path) as collection:
        collection.sync(tmp_path)
    soup = page(tmp_path, "toad")
    (link,) = [one for one in soup.find_all("a") if "animals" in one.text]
    assert link["href"].endswith("/animals.pdf#page=3") and link.text.endswith(", page 3")
    tags = soup.find("p", "labels")
    assert tags.text == "tags: <toads>, newts" and tags.mark.text == "toads"


def test_a_page_without_hits_and_one_with_scores(folder: Path) -> None:
    done = asked(folder, "nosuchword")
    assert done.return_value == 1
    assert "nosuchword" in parsed(done.stdout).find("p", "notice").text
    assert "idf" in page(folder, "otter", "--explain").find("pre").text
    assert page(folder, "otter", "--facet", "type").find("p", "facet").text.startswith("type: ")


def test_colour_does_not_go_with_a_page(folder: Path) -> None:
    assert isinstance(asked(folder, "otter", "--color").exception, click.UsageError)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(str.strip))
def test_any_query(folder: Path, query: str) -> None:
    soup = page(folder, "--", f"otter {query}")
    assert soup.find("ol") is not None


def test_any_encoding_of_the_output(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "searchkit", "query", "النهر", "--html"],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    assert "النهر" in BeautifulSoup(done.stdout, "lxml").find("p", "fragments").text
