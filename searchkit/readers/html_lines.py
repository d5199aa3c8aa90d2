"""On which line of the file does each element begin?

bs4 over lxml does not know. So each start tag of a block gets an attribute with its line before
the page is parsed.
"""

from __future__ import annotations

import re


def words(listed: str) -> frozenset[str]:
    """The words of a list that is long and easier to read without quotes and commas."""
    return frozenset(listed.split())


LINE_ATTRIBUTE = "data-searchkit-line"

BLOCK_TAGS = words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main "
    "menu nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
"""Elements that begin and end a run of text, as a browser shows them."""

_RAW_TAGS = words("script style textarea title xmp iframe noembed noframes")
_OPENING = re.compile(r"<(?:(!--)|([a-zA-Z][a-zA-Z0-9]*+)(?=[\s/>]))")
# A quote inside a tag only delimits a value when it follows the equals sign.
_IN_TAG = re.compile(r"=\s*+([\"'])|>")


def mark_lines(html: str) -> str:
    """``html`` with the line, from 1, in an attribute of each block's start tag.

    Takes time linear in the length: whatever is searched for once in vain is not searched for
    again.
    """
    pieces: list[str] = []
    vain: set[str] = set()
    copied = counted = at = 0
    line = 1

    def find(what: str, start: int) -> int:
        found = -1 if what in vain else html.find(what, start)
        if found < 0:
            vain.add(what)
        return found

    while opening := _OPENING.search(html, at):
        at = opening.end()
        if opening[1]:
            closing = find("-->", at)
            at = closing + 3 if closing >= 0 else at
            continue
        name = opening[2].lower()
        if name in BLOCK_TAGS:
            line += html.count("\n", counted, at)
            counted = at
            pieces += html[copied:at], f' {LINE_ATTRIBUTE}="{line}"'
            copied = at
        while inside := _IN_TAG.search(html, at):
            at = inside.end()
            if inside[1] is None:
                break
            closing = find(inside[1], at)
            if closing < 0:
                break
            at = closing + 1
        else:
            break
        if name in _RAW_TAGS and name not in vain:
            end = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
            if end is None:
                vain.add(name)
            else:
                at = end.end()
    pieces.append(html[copied:])
    return "".join(pieces)
