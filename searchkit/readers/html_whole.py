"""What does a piece of HTML show, all of it?

For mail and for rows, which are no pages with navigation around an article: nothing is left out but
what is not shown.
"""

from __future__ import annotations

import re

from searchkit.document import Block, BlockKind
from searchkit.readers.html_blocks import write
from searchkit.readers.html_boxes import gather
from searchkit.readers.html_lines import mark_lines
from searchkit.readers.html_tree import parse
from searchkit.readers.titles import one_line

_TAG = re.compile(r"<[^<>]*+>")


def whole_page(html: str) -> tuple[str, tuple[Block, ...], tuple[tuple[int, int], ...]]:
    """The text, the blocks and the lines (counted in ``html``) of all that ``html`` shows.

    What cannot be parsed is read without what stands in angle brackets.
    """
    try:
        written = write(gather(parse(mark_lines(html)).body).runs)
    except (ValueError, AssertionError):
        text = one_line(_TAG.sub(" ", html))
        return text, (Block(BlockKind.PARAGRAPH, 0, len(text)),) if text else (), ((0, 1),)
    return written.text, tuple(written.blocks), tuple(written.lines) or ((0, 1),)
