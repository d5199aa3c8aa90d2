"""What does a piece of HTML show, all of it?

For mail and for rows, which are no pages with navigation around an article: nothing is left out but
what is not shown.
"""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

from searchkit.document import Block, BlockKind
from searchkit.readers.html_blocks import extract_blocks
from searchkit.readers.html_content import whole_content
from searchkit.readers.html_lines import mark_lines
from searchkit.readers.titles import one_line

_TAG = re.compile(r"<[^<>]*+>")


def whole_page(html: str) -> tuple[str, tuple[Block, ...], tuple[tuple[int, int], ...]]:
    """The text, the blocks and the lines (counted in ``html``) of all that ``html`` shows.

    What cannot be parsed is read without what stands in angle brackets.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        try:
            soup = BeautifulSoup(mark_lines(html), "lxml", multi_valued_attributes=None)
        except (ValueError, AssertionError):
            text = one_line(_TAG.sub(" ", html))
            return text, (Block(BlockKind.PARAGRAPH, 0, len(text)),) if text else (), ((0, 1),)
    return extract_blocks(whole_content(soup))
