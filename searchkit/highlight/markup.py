"""Which characters of Markdown and reStructuredText are only markup?

No parser: what is not recognised is shown as it stands, which is no harm. Every expression is
bounded or possessive, so that no text takes more than linear time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from searchkit.highlight.excerpt import MARKUP, Edit
from searchkit.highlight.match import Span

_M = re.MULTILINE
_FENCE = re.compile(r"^[ \t>]*+(?:`{3,}+|~{3,}+)[ \t]*+(?P<info>[^\n`]*+)$", _M)
_CODE_SPAN = re.compile(r"(?<!`)(`{1,3}+)(?!`)(?P<kept>[^`]{1,300}+)\1(?!`)")
_LITERAL = re.compile(r"``(?P<kept>(?:[^`]|`(?!`)){1,300}+)``")

_BREAK = r"\n(?![ \t]{0,99}\n)"
"""The end of a line within a paragraph."""

# What is left out but for the group ``kept``, in the order in which they are sought.
_MARKDOWN = [
    re.compile(expression, _M)
    for expression in (
        r"<!--(?:[^-]|-(?!->)){0,2000}+-->",
        r"^ {0,3}\[(?!\^)[^\[\]\n]{1,200}+\]:[ \t]*+\S++[^\n]*+$",
        r"^ {0,3}(?:=++|-{2,}+|(?:\*[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)[ \t]*+$",
        r"^(?: {0,3}>[ \t]?)++",
        r"^ {0,3}#{1,6}[ \t]++(?P<kept>(?:[^ \t\n]++|[ \t]++(?!#*+[ \t]*+$))*+)"
        r"(?:[ \t]++#++)?[ \t]*+$",
        r"!\[(?P<kept>[^\[\]]{0,300}+)\]\((?:[^()\n]|\([^()\n]{0,300}+\)){0,500}+\)",
        r"(?<!!)\[(?P<kept>(?:[^\[\]]|!?\[[^\[\]]{0,300}+\]){1,300}+)\]"
        r"(?:\((?:[^()\n]|\([^()\n]{0,300}+\)){0,500}+\)|\[[^\[\]\n]{0,200}+\])",
        r"\[\[(?:[^\[\]|\n]{1,200}+\|)?+(?P<kept>[^\[\]|\n]{1,200}+)\]\]",
        r"<(?P<kept>(?:https?://|mailto:)[^<>\s]{1,500}+|[^<>\s@]{1,200}+@[^<>\s]{1,200}+)>",
        r"(?<!\\)</?[a-zA-Z][^<>]{0,300}+>",
        rf"(?<![*\\])\*{{3}}(?![*\s])(?P<kept>(?:[^\n*]|{_BREAK}){{1,300}}?)(?<!\s)\*{{3}}",
        rf"(?<![*\\])\*\*(?![*\s])(?P<kept>(?:[^\n*]|\*(?!\*)|{_BREAK}){{1,300}}?)(?<!\s)\*\*",
        rf"(?<![*\\])\*(?![*\s])(?P<kept>(?:[^\n*]|\*\*|{_BREAK}){{1,300}}?)(?<!\s)\*(?!\*)",
        rf"(?<![\w\\])__(?![_\s]|\w+__)(?P<kept>(?:[^\n_]|_(?!_)|{_BREAK}){{1,300}}?)(?<!\s)__(?!\w)",
        rf"(?<![\w\\])_(?![_\s])(?P<kept>(?:[^\n]|{_BREAK}){{1,300}}?)(?<!\s)_(?!\w)",
        r"[ \t]++\{:?[ \t]*+[#.][\w:.# -]{0,100}+\}[ \t]*+$",
        r"~~(?P<kept>[^~\n]{1,300}+)~~",
        r"\\(?P<kept>[!-/:-@\[-`{-~])",
    )
]
_DIRECTIVE = r"[\w+-]{1,40}+(?::[\w+-]{1,40}+)?+"
_FOR_MACHINES = "code-block|code|sourcecode|highlight|image|figure|include|literalinclude|only|raw"
"""Directives whose arguments say nothing to people."""
_OPTIONS = r"(?:\n[ \t]++:[\w-]{1,40}+:(?:[ \t][^\n]*+)?+$)*+"
_VERSIONS = re.compile(r"^[ \t]*+\.\. (versionadded|versionchanged|deprecated)::[ \t]++(?=\S)", _M)
_SAID_OF_VERSIONS = {
    "versionadded": "Added in ",
    "versionchanged": "Changed in ",
    "deprecated": "Deprecated since ",
}
_RST = [
    re.compile(expression, _M)
    for expression in (
        r"^([=\-~^\"'#*+.`:_])\1{2,}+[ \t]*+$",
        r"^[ \t]*+\.\. \|[^|\n]{1,100}+\|[ \t]++[\w-]{1,40}+::[^\n]*+$",
        r"^\.\. _[^\n:]{1,200}+:(?:[ \t][^\n]*+)?$",
        rf"^[ \t]*+\.\. (?:(?:{_FOR_MACHINES})::[^\n]*+|{_DIRECTIVE}::[ \t]*+$){_OPTIONS}\s*+",
        rf"^[ \t]*+\.\. {_DIRECTIVE}::[ \t]++(?P<kept>[^\n]++){_OPTIONS}",
        r":(?:[\w+-]{1,40}+:){1,3}+`[~!]?(?P<kept>[^`<\n]{1,300}?)\s{0,3}<[^`<>]{1,300}+>`",
        r":(?:[\w+-]{1,40}+:){1,3}+`[~!]?(?P<kept>[^`\n]{1,300}+)`",
        r"`(?P<kept>[^`<]{1,300}?)(?:\s{0,3}<[^`<>]{1,300}+>)?`__?(?!\w)",
        r"(?<![\w`])`(?P<kept>[^`\n]{1,300}+)`(?![\w`])",
        r"(?<![*\\\w])\*\*(?![*\s])(?P<kept>[^*\n]{1,300}+)(?<!\s)\*\*(?!\w)",
        r"(?<![*\\\w])\*(?![*\s])(?P<kept>[^*\n]{1,300}+)(?<!\s)\*(?!\w)",
        r"::$",
    )
]
_BULLET = re.compile(r"^[ \t]*+[-*+][ \t]++(?=\S)", _M)
_TABLE_RULE = re.compile(
    r"^[ \t]*+\|?+(?:[ \t]*+:?-++:?[ \t]*+\|)++(?:[ \t]*+:?-++:?[ \t]*+)?$", _M
)
_TABLE_ROW = re.compile(r"^[ \t]*+\|(?P<kept>[^\n]*)\|[ \t]*$", _M)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}+|#[xX][0-9a-fA-F]{1,6}+|[a-zA-Z][a-zA-Z0-9]{1,31}+);")
_MARK = re.compile(r"[\[\]`*_<>&\\~{|]")
_LETTER = re.compile(r"\w")


def plain(line: str, media_type: str) -> str:
    """A heading or title as it reads: ``line`` without markup if the format has any."""
    if media_type not in MARKUP or not _MARK.search(line):
        return line
    shown: list[str] = []
    at = 0
    for start, end, instead in sorted(markup(line, media_type, ())):
        shown += line[at:start], instead
        at = end
    said = "".join((*shown, line[at:])).strip()
    # A name that is nothing but signs is no markup.
    return said if any(map(str.isalnum, said)) else line


def markup(text: str, media_type: str, spans: Sequence[Span]) -> list[Edit]:
    """What to leave out of ``text``, or show otherwise, in no order and apart; nothing that has a
    word in it which one of ``spans`` (in order, apart) marks.
    """
    page = _Page(text, spans)
    if media_type == "text/markdown":
        page.set_code_apart()
        page.leave_out(_CODE_SPAN, verbatim=True)
        page.show_tables()
        for expression in _MARKDOWN:
            page.leave_out(expression)
        for found in _ENTITY.finditer(text):
            page.edit([Edit(*found.span(), html.unescape(found[0]))])
    else:
        page.leave_out(_LITERAL, verbatim=True)
        for found in _VERSIONS.finditer(text):
            page.edit([Edit(*found.span(), _SAID_OF_VERSIONS[found[1]])])
        for expression in _RST:
            page.leave_out(expression)
    for found in _BULLET.finditer(text):
        page.edit([Edit(*found.span(), "• ")])
    return page.edits


class _Page:
    """A text and what was found in it so far."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self.edits: list[Edit] = []
        self._text = text
        self._is_taken = bytearray(len(text))
        self._is_marked = bytearray(len(text))
        for start, end in spans:
            self._is_marked[start:end] = b"\1" * (end - start)

    def edit(self, edits: Iterable[Edit]) -> bool:
        """Make all of ``edits``, or none if one of them is in the way of something."""
        edits = [one for one in edits if one.start < one.end]
        for start, end, _ in edits:
            if any(self._is_taken[start:end]):
                return False
            if any(self._is_marked[start:end]) and _LETTER.search(self._text, start, end):
                return False
        for one in edits:
            self._take(one.start, one.end)
        self.edits += edits
        return True

    def leave_out(self, expression: re.Pattern[str], *, verbatim: bool = False) -> None:
        """What ``expression`` finds, but for what it keeps, in which nothing is changed any more if
        that is ``verbatim``.
        """
        has_kept = "kept" in expression.groupindex
        for found in expression.finditer(self._text):
            start, end = found.span()
            first, last = found.span("kept") if has_kept else (end, end)
            if self.edit([Edit(start, first), Edit(last, end)]) and verbatim:
                self._take(first, last)

    def set_code_apart(self) -> None:
        """Leave out the fences around code, and let the code be."""
        fences = list(_FENCE.finditer(self._text))
        # The passage may begin or end within code.
        begins_within = len(fences) % 2 == 1 and not fences[0]["info"].strip()
        code_from = 0 if begins_within else None
        for fence in fences:
            self.edit([Edit(*fence.span())])
            if code_from is None:
                code_from = fence.end()
            else:
                self._take(code_from, fence.start())
                code_from = None
        if code_from is not None:
            self._take(code_from, len(self._text))

    def show_tables(self) -> None:
        """Cells with a stroke between them, and a semicolon between rows."""
        for found in _TABLE_RULE.finditer(self._text):
            self.edit([Edit(*found.span())])
        for found in _TABLE_ROW.finditer(self._text):
            first, last = found.span("kept")
            if self.edit([Edit(found.start(), first)]):
                is_last = not self._text.startswith("|", found.end() + 1)
                while last > first and self._text[last - 1] in " \t":
                    last -= 1
                self.edit([Edit(last, found.end(), "" if is_last else ";")])

    def _take(self, start: int, end: int) -> None:
        self._is_taken[start:end] = b"\1" * (end - start)
