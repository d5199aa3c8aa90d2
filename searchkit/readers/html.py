"""What does a web page say?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag

from searchkit.document import Document
from searchkit.readers.contract import Source
from searchkit.readers.decode import NotTextError, decode_html
from searchkit.readers.html_blocks import write
from searchkit.readers.html_boxes import gather
from searchkit.readers.html_content import find_content
from searchkit.readers.html_lines import mark_lines
from searchkit.readers.html_tree import parse
from searchkit.readers.titles import one_line, title_from_key

_XML_DECLARATION = re.compile(r"\s*<\?xml\b[^<>]*>")
_SEPARATOR = re.compile(r"\s+[-–—·]+\s+|\s*[|»]\s*|:\s+")
_PERMALINK_SIGN = re.compile(r"\s*[¶§#🔗]+$")
_NOT_WORD = re.compile(r"[\W_]+")


def read_html(source: Source) -> Iterator[Document]:
    """Read a page of HTML or XHTML; raises ``NotTextError`` when the bytes are no text."""
    html = decode_html(source.data)
    # The text is decoded already; what the declaration says of bytes would only mislead lxml.
    if declaration := _XML_DECLARATION.match(html):
        html = "\n" * html.count("\n", 0, declaration.end()) + html[declaration.end() :]
    marked = mark_lines(html)
    try:
        soup, scripts = parse(marked)
        page = gather(soup.body or soup)
        if not page.runs:
            page = gather(parse(marked, everything=True)[0])
    except (ValueError, AssertionError) as error:
        raise NotTextError(f"cannot be parsed as HTML ({one_line(str(error))})") from None
    root, runs = find_content(page)
    written = write(runs)
    yield Document(
        key=source.key,
        title=_title(soup) or title_from_key(source.key),
        text=written.text,
        blocks=tuple(written.blocks),
        lines=tuple(written.lines) or ((0, 1),),
        places=tuple(written.places),
        modified=source.modified,
        media_type="text/html",
    )


def _title(soup: BeautifulSoup) -> str:
    """The page's name without the site's, "" where it has none."""
    declared = soup.find(_is_page_title)
    full = _text(declared) if isinstance(declared, Tag) else ""
    headings = [text for tag in soup.find_all("h1", limit=3) if (text := _text(tag))]
    if not full:
        return headings[0] if headings else ""
    plain = _plain(full)
    for heading in headings:
        # The heading is the title's beginning: what follows is the site's or the book's name.
        if _plain(heading) and f"{plain} ".startswith(f"{_plain(heading)} "):
            return heading
    parts = _SEPARATOR.split(full)
    for part in parts:
        for heading in headings:
            if len(_plain(part)) > 3 and _plain(part) == _plain(heading):
                return heading
    return full


def _is_page_title(tag: Tag) -> bool:
    """Drawings have titles too."""
    return tag.name == "title" and tag.find_parent("svg") is None


def _text(tag: Tag) -> str:
    return _PERMALINK_SIGN.sub("", one_line(tag.get_text()))


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", text).strip().casefold()
