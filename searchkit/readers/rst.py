"""What does a reStructuredText file say?

``Document.text`` is the file's own text; the blocks tell what is what. Headings are lines with
adornments, whose styles rank in the order in which they first appear; of directives, those that
hold code give code, those that hold text give it, and the others are markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.document import Block, BlockKind, Document
from searchkit.readers.contract import Source
from searchkit.readers.decode import decode_text
from searchkit.readers.fields import described
from searchkit.readers.front_matter import said
from searchkit.readers.lines import ITEM, Line, block, line_starts, split_lines
from searchkit.readers.titles import one_line, title_from_key

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*[ \t]*")
_DIRECTIVE = re.compile(r"[ \t]*\.\.[ \t]+(?:\|[^|]+\|[ \t]+)?([\w:.+-]+?)::(?:[ \t]+(.*))?$")
_EXPLICIT = re.compile(r"[ \t]*\.\.(?:[ \t]|$)")
_NOTE = re.compile(r"[ \t]*\.\.[ \t]+\[[^\]]+\][ \t]+(?=\S)")
_FIELD = re.compile(r"[ \t]*:(?![: ])((?:[^:\\]|\\.|:(?! |$|`))++):(?:[ \t]+|$)")
_OPTION = re.compile(r"[ \t]*:[\w-]+:")
_GRID_RULE = re.compile(r"[ \t]*\+(?:[-=]+\+)+[ \t]*")
_SIMPLE_RULE = re.compile(r"[ \t]*=+(?:[ \t]+=+)+[ \t]*")
_AUTO_ITEM = re.compile(r"[ \t]*(?:#[.)]|\(?(?:\d+|[a-zA-Z]|[ivxlcIVXLC]+)\))[ \t]+(?=\S)")
_ROLE = re.compile(r":[\w:.+-]+:`([^`<]+?)(?:\s*<[^`>]*>)?`|`([^`<]+?)\s*<[^`>]*>`_{1,2}")
_MARKS = re.compile(r"``|\*\*?|`_{0,2}|(?<=\w)_{1,2}(?!\w)|\|")

_CODE = frozenset(
    "code code-block sourcecode parsed-literal math doctest testcode testoutput productionlist "
    "prompt ipython highlight-block graphviz digraph".split()
)
# What is in them is for programs, or is text of somewhere else.
_NO_TEXT = frozenset(
    "toctree raw include literalinclude contents image role default-role index highlight "
    "currentmodule module default-domain meta sectnum section-numbering target-notes header footer "
    "unicode replace date autosummary automodule autoclass autofunction automethod tabularcolumns "
    "only-html plot".split()
)
# Their argument is the name of what they explain.
_SIGNED = frozenset("function class method attribute exception data describe option envvar".split())
_SAID = (BlockKind.ABOUT, BlockKind.LABEL)
_MOST_LEVELS = 6
_DEEPEST = 20
_LONGEST_TITLE_CHARS = 300


def read_rst(source: Source) -> Iterator[Document]:
    """Read a reStructuredText file; raises ``NotTextError`` when the bytes are no text."""
    text = decode_text(source.data)
    lines = split_lines(text)
    scanner = _Scanner(lines)
    scanner.scan(0, len(lines))
    blocks = scanner.blocks
    title = next(
        (
            _plain(text[found.start : found.end])
            for found in blocks
            if found.kind is BlockKind.HEADING
        ),
        "",
    )
    about = described(dict(scanner.fields))
    yield Document(
        key=source.key,
        title=title or title_from_key(source.key),
        text=text,
        blocks=tuple(blocks),
        lines=line_starts(lines),
        modified=source.modified,
        media_type="text/x-rst",
        authors=about.authors,
        published=about.published,
        language=about.language,
        tags=about.tags,
        fields=about.fields,
    )


def _plain(title: str) -> str:
    """A title without inline markup."""
    return one_line(_MARKS.sub("", _ROLE.sub(lambda found: found[1] or found[2], title)))


class _Scanner:
    """Reads lines one after the other; ``fields`` are those of the list at the top."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._styles: list[tuple[str, bool]] = []
        self._depth = 0
        self.blocks: list[Block] = []
        self.fields: dict[str, str] = {}

    def scan(self, at: int, end: int) -> None:
        """Read the lines from ``at`` to ``end`` (exclusive)."""
        while at < end:
            if self._lines[at].is_blank:
                at += 1
                continue
            at = (
                self._heading(at, end)
                or self._explicit(at, end)
                or self._doctest(at, end)
                or self._table(at, end)
                or self._field(at, end)
                or self._paragraph(at, end)
            )

    def _heading(self, at: int, end: int) -> int:
        """Where the lines go on after a heading that begins here; 0 if none does."""
        title = self._lines[at].text.rstrip()
        over = _rule(title)
        if over:
            # A title between two rules; a rule between blank lines parts what is above and below.
            if at + 2 < end and _rule(self._lines[at + 2].text) == over:
                line = self._lines[at + 1]
                if not line.is_blank and not _rule(line.text):
                    self._add_heading(at + 1, (over, True))
                    return at + 3
            # Anything that is one character all through is no text.
            return at + 1 if len(title) >= 4 and not _is_table_rule(title) else 0
        if title[:1].isspace() or at + 1 >= end or len(title) > _LONGEST_TITLE_CHARS:
            return 0
        under_line = self._lines[at + 1].text.rstrip()
        under = _rule(under_line)
        # Docutils warns of a rule that is shorter than the title, and takes it from 4 on.
        if not under or len(under_line) < min(len(title), 4):
            return 0
        self._add_heading(at, (under, False))
        return at + 2

    def _add_heading(self, at: int, style: tuple[str, bool]) -> None:
        if style not in self._styles:
            self._styles.append(style)
        level = min(self._styles.index(style) + 1, _MOST_LEVELS)
        self.blocks.append(block(BlockKind.HEADING, self._lines, at, at + 1, level))

    def _explicit(self, at: int, end: int) -> int:
        """Directives, comments, targets, footnotes: what begins with two full stops."""
        line = self._lines[at]
        if not _EXPLICIT.match(line.text):
            return 0
        stop = self._indented_end(at + 1, end, _indent(line.text) + 1)
        if note := _NOTE.match(line.text):
            self._add(BlockKind.PARAGRAPH, at, stop, note.end())
            return stop
        directive = _DIRECTIVE.match(line.text)
        if directive is None:
            # A comment, a target of links, a substitution.
            return stop
        name = directive[1].rpartition(":")[2].lower()
        body = at + 1
        while body < stop and _OPTION.match(self._lines[body].text):
            body += 1
        if name in _CODE:
            self._add(BlockKind.CODE, body, stop)
        elif name not in _NO_TEXT:
            if directive[2] and (":" in directive[1] or name in _SIGNED):
                self._add(BlockKind.TERM, at, at + 1, directive.start(2))
            elif directive[2]:
                # A version, the title of a warning, or its text, which may go on below.
                text_end = body
                while body == at + 1 and text_end < stop and not self._lines[text_end].is_blank:
                    text_end += 1
                self._add(
                    BlockKind.PARAGRAPH,
                    at,
                    text_end if body == at + 1 else at + 1,
                    directive.start(2),
                )
                body = text_end
            if self._depth < _DEEPEST:
                self._depth += 1
                self.scan(body, stop)
                self._depth -= 1
        return stop

    def _doctest(self, at: int, end: int) -> int:
        if not self._lines[at].text.lstrip().startswith(">>> "):
            return 0
        stop = at
        while stop < end and not self._lines[stop].is_blank:
            stop += 1
        self._add(BlockKind.CODE, at, stop)
        return stop

    def _table(self, at: int, end: int) -> int:
        text = self._lines[at].text
        if not _is_table_rule(text):
            return 0
        is_grid = bool(_GRID_RULE.fullmatch(text))
        rules = 0
        while at < end:
            line = self._lines[at].text
            if _is_table_rule(line):
                rules += 1
                if not is_grid and (at + 1 == end or self._lines[at + 1].is_blank) and rules > 1:
                    return at + 1
            elif self._lines[at].is_blank:
                if is_grid:
                    return at
            elif is_grid and not line.lstrip().startswith("|"):
                return at
            elif not is_grid and set(line) <= set("- \t"):
                pass
            else:
                self._add(BlockKind.ROW, at, at + 1)
            at += 1
        return at

    def _field(self, at: int, end: int) -> int:
        found = _FIELD.match(self._lines[at].text)
        if found is None:
            return 0
        stop = self._indented_end(at + 1, end, _indent(self._lines[at].text) + 1)
        lines = self._lines[at:stop]
        value = one_line(
            " ".join([lines[0].text[found.end() :], *(line.text for line in lines[1:])])
        )
        above = [known.kind for known in self.blocks if known.kind not in _SAID]
        if above in ([], [BlockKind.HEADING]):
            # The bibliography of the document.
            name = one_line(found[1]).lower()
            self.fields.setdefault(name, value)
            self.blocks += said(name, lines, found.end())
        elif value:
            self._add(BlockKind.ITEM, at, stop)
        return stop

    def _paragraph(self, at: int, end: int) -> int:
        """A paragraph or list item, with the literal block that it announces."""
        lines = self._lines
        first = lines[at]
        is_item = bool(ITEM.match(first.text) or _AUTO_ITEM.match(first.text))
        indent = _indent(first.text)
        stop = at + 1
        while stop < end and not lines[stop].is_blank:
            text = lines[stop].text
            if _indent(text) < indent:
                break
            if (ITEM.match(text) or _AUTO_ITEM.match(text)) and is_item:
                break
            if _EXPLICIT.match(text) and lines[stop - 1].is_blank:
                break
            if _indent(text) > indent and stop == at + 1 and not is_item:
                # A term, whose explanation is indented below.
                self._add(BlockKind.TERM, at, stop)
                return stop
            if not is_item and _rule(text) and stop > at + 1:
                break
            stop += 1
        announces = lines[stop - 1].text.rstrip().endswith("::")
        # Alone, the sign that announces a literal block is markup.
        if stop > at + 1 or first.text.strip() != "::":
            self._add(BlockKind.ITEM if is_item else BlockKind.PARAGRAPH, at, stop)
        if announces:
            code = self._indented_end(stop, end, indent + 1)
            if code > stop:
                self._add(BlockKind.CODE, stop, code)
                return code
        return stop

    def _indented_end(self, at: int, end: int, indent: int) -> int:
        """Where the lines end that are indented so far, blank ones between them included."""
        last = at
        while at < end:
            if not self._lines[at].is_blank:
                if _indent(self._lines[at].text) < indent:
                    break
                last = at + 1
            at += 1
        return last

    def _add(self, kind: BlockKind, first: int, end: int, column: int = 0) -> None:
        """Add lines ``first`` to ``end`` as a block, without blank ones around them, from
        ``column`` of the first on.
        """
        while first < end and not self._lines[first].text[column:].strip():
            first, column = first + 1, 0
        while end > first and self._lines[end - 1].is_blank:
            end -= 1
        if first < end:
            self.blocks.append(block(kind, self._lines, first, end, column=column))


def _rule(text: str) -> str:
    """The character of which all of this line is made, if it may adorn a heading; else ""."""
    found = _ADORNMENT.fullmatch(text) if len(text.rstrip()) > 1 else None
    return found[1] if found else ""


def _is_table_rule(text: str) -> bool:
    return bool(_GRID_RULE.fullmatch(text) or _SIMPLE_RULE.fullmatch(text))


def _indent(text: str) -> int:
    expanded = text.expandtabs()
    return len(expanded) - len(expanded.lstrip())
