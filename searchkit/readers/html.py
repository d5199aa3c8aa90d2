"""What does a web page say?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.document import BlockKind, Document
from searchkit.readers.contract import Source
from searchkit.readers.decode import NotTextError, decode_html
from searchkit.readers.html_article import (
    is_marked_article,
    mark_article_furniture,
    trim,
    visible_date,
)
from searchkit.readers.html_blocks import write
from searchkit.readers.html_boxes import Page, Run, gather
from searchkit.readers.html_content import content_runs, find_content
from searchkit.readers.html_lines import mark_lines
from searchkit.readers.html_meta import read_meta
from searchkit.readers.html_tree import parse
from searchkit.readers.titles import one_line, page_title, title_from_key

_XML_DECLARATION = re.compile(r"\s*<\?xml\b[^<>]*>")
_MOST_HEADINGS = 20


def read_html(source: Source) -> Iterator[Document]:
    """Read a page of HTML or XHTML; raises ``NotTextError`` when the bytes are no text."""
    html = decode_html(source.data)
    # The text is decoded already; what the declaration says of bytes would only mislead lxml.
    if declaration := _XML_DECLARATION.match(html):
        html = "\n" * html.count("\n", 0, declaration.end()) + html[declaration.end() :]
    html = mark_lines(html)
    try:
        parsed = parse(html)
        page = gather(parsed.body)
        if not page.runs:
            page = gather(parse(html, everything=True).body)
    except (ValueError, AssertionError) as error:
        raise NotTextError(f"cannot be parsed as HTML ({one_line(str(error))})") from None
    meta = read_meta(parsed.metas, parsed.scripts, parsed.language)
    root = find_content(page)
    runs = content_runs(page, root)
    is_article = not meta.is_documentation and (meta.is_article or is_marked_article(page))
    headings = _headings(page, runs)
    highest = list(dict.fromkeys(run.text for run in runs if run.level == 1))
    sole = highest[0] if is_article and len(highest) == 1 else ""
    title = page_title(parsed.title, meta.titles, headings, meta.site, sole=sole)
    published = meta.published
    if not published and not meta.is_documentation:
        published = visible_date(page, runs, title)
    if is_article:
        mark_article_furniture(page, root)
        runs = trim(content_runs(page, root), title)
    written = write(runs)
    yield Document(
        key=source.key,
        title=title or title_from_key(source.key),
        text=written.text,
        blocks=tuple(written.blocks),
        lines=tuple(written.lines) or ((0, 1),),
        places=tuple(written.places),
        modified=source.modified,
        media_type="text/html",
        authors=meta.authors,
        published=published,
        language=meta.language,
        tags=meta.tags,
        fields={"description": meta.description} if meta.description else {},
    )


def _headings(page: Page, runs: list[Run]) -> list[str]:
    """What may be the title: headings of the content, then all, the highest first."""
    inside = [run for run in runs if run.kind is BlockKind.HEADING and run.level <= 2]
    every = [run for run in page.runs if run.kind is BlockKind.HEADING and run.level <= 2]
    inside.sort(key=lambda run: run.level)
    return [run.text for run in (*inside[:_MOST_HEADINGS], *every[:_MOST_HEADINGS])]
