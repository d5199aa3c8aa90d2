"""What is on a page, in order?

One walk over the tree makes a list of boxes (the elements that part a text) and a list of runs
(the texts that they part). Whatever is asked of a page after that is asked of these lists, since
a step in bs4's tree costs ten times one in a list.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4.element import NavigableString, Tag

from searchkit.document import BlockKind
from searchkit.readers.html_lines import BLOCK_TAGS, LINE_ATTRIBUTE, words
from searchkit.readers.html_names import names_furniture, names_permalink

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {
    "li": BlockKind.ITEM,
    "dt": BlockKind.TERM,
    "pre": BlockKind.CODE,
    **dict.fromkeys(_HEADINGS, BlockKind.HEADING),
}
_PROSE = words("p pre blockquote li dd td h1 h2 h3 h4 h5 h6")
_CONTENT_ROLES = frozenset(["main", "article"])
_BETWEEN_CELLS = " | "
# What makes a table one that lays the page out: such cells hold blocks of their own.
_LAYOUT = frozenset([*_HEADINGS, "table", "pre", "article", "main", "section"])
_MAX_ROW_CHARS = 1000
_LONG_RUN_CHARS = 60
_PERMALINKS = frozenset("¶#§🔗")
_MOST_IN_PERMALINK = 16
# Two of these with nothing between part paragraphs on pages that have no <p>.
_LINE_BREAK = "\n"
# An anchor on one of these is one of what is written in it; on others it is often a style's.
_ANCHORED = words("h1 h2 h3 h4 h5 h6 section article dt div a span table li pre figure main")


class Box:
    """An element that begins and ends a run of text.

    ``said`` is its class, ``name_id`` its id. Its runs are those from ``first`` to ``last``. It
    holds so many characters (white space at the ends of runs not counted), of which ``linked``
    are in ``links`` links, and ``prose`` are outside of links in a paragraph, an item or a long
    run; what begins with ``own_`` counts what is in none of the boxes in it. ``has_content``: the
    page's heading, or what is declared to be its content, is in it. ``heads``: a heading is right
    in it. ``out``: it does not belong to what the page says.
    """

    __slots__ = (
        "attributes", "chars", "first", "has_content", "heads", "last", "linked", "links", "name",
        "name_id", "out", "own_chars", "own_linked", "own_links", "own_prose", "parent", "prose",
        "role", "said",
    )  # fmt: skip

    def __init__(self, name: str, attributes: dict[str, str], parent: Box | None, at: int) -> None:
        self.name = name
        self.attributes = attributes
        self.parent = parent
        self.said = attributes.get("class", "") if attributes else ""
        self.name_id = attributes.get("id", "") if attributes else ""
        self.role = attributes.get("role", "") if attributes else ""
        self.first = self.last = at
        self.own_chars = self.own_linked = self.own_links = self.own_prose = 0
        self.chars = self.linked = self.links = self.prose = 0
        self.has_content = name in ("h1", "main", "article") or bool(
            attributes
            and (self.role in _CONTENT_ROLES or "articleBody" in attributes.get("itemprop", ""))
        )
        self.heads = False
        self.out = False


class Run:
    """A text between two boundaries: what becomes a block.

    ``linked`` characters of it are in links; ``anchor`` is the id of its place, "" if it has none
    of its own; ``line`` that of the source on which it begins.
    """

    __slots__ = ("anchor", "box", "kind", "level", "line", "linked", "text")

    def __init__(
        self, kind: BlockKind, level: int, text: str, line: int, linked: int, anchor: str, box: Box
    ) -> None:
        self.kind = kind
        self.level = level
        self.text = text
        self.line = line
        self.linked = linked
        self.anchor = anchor
        self.box = box


@dataclass(slots=True)
class Page:
    """The boxes of a page in the order in which they begin, the first being all of it; its runs;
    and the values of its ``<time datetime>``s with the number of the run in which each stands.
    """

    boxes: list[Box] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    times: list[tuple[str, int]] = field(default_factory=list)


def measure(page: Page) -> None:
    """Add up what boxes hold, without what is out; what is in a box that is out is out too."""
    boxes = page.boxes
    for box in boxes:
        # Boxes come after those that they are in.
        if box.parent is not None and box.parent.out:
            box.out = True
        box.chars, box.linked = box.own_chars, box.own_linked
        box.links, box.prose = box.own_links, box.own_prose
    for box in reversed(boxes):
        outer = box.parent
        if outer is not None and not box.out:
            outer.chars += box.chars
            outer.linked += box.linked
            outer.links += box.links
            outer.prose += box.prose


def inside(page: Page, root: Box) -> list[Box]:
    """The boxes in ``root``, without itself."""
    first = page.boxes.index(root)
    last = first + 1
    found = {id(root)}
    for box in page.boxes[last:]:
        if id(box.parent) not in found:
            break
        found.add(id(box))
        last += 1
    return page.boxes[first + 1 : last]


def gather(root: Tag) -> Page:
    """The boxes and runs of ``root``, the body of a page."""
    return _Gatherer(root).page


class _Gatherer:
    """Walks the tree. Strings wait in ``_buffer`` until a box begins or ends."""

    def __init__(self, root: Tag) -> None:
        self.page = Page()
        self._buffer: list[str] = []
        self._linked = 0
        self._links: list[Tag] = []
        self._line = 1
        self._anchor = ""
        self._in_prose = 0
        self._layouts = 0
        self._code: Tag | None = None
        # Of each open row: how many boxes that lay out were met before it, where its cells begin.
        self._rows: list[tuple[int, list[int]]] = []
        self._box = Box(root.name, dict(root.attrs), None, 0)  # type: ignore[arg-type]
        self.page.boxes.append(self._box)
        self._kinds: list[tuple[BlockKind, int]] = [(BlockKind.PARAGRAPH, 0)]
        self._open: list[bool] = []
        self._walk(root)
        self._flush()
        self._box.last = len(self.page.runs)
        measure(self.page)

    def _walk(self, root: Tag) -> None:
        stack: list[Iterator[object]] = [iter(root.contents)]
        tags: list[Tag] = []
        buffer = self._buffer
        while stack:
            for node in stack[-1]:
                if not isinstance(node, Tag):
                    buffer.append(node)  # type: ignore[arg-type]
                    if self._links:
                        self._linked += len(node.strip())  # type: ignore[attr-defined]
                elif self._enter(node):
                    stack.append(iter(node.contents))
                    tags.append(node)
                    break
            else:
                stack.pop()
                if tags:
                    self._leave(tags.pop())

    def _enter(self, tag: Tag) -> bool:
        """Begin an element; False: nothing in it is of interest."""
        name = tag.name
        attributes: dict[str, str] = tag.attrs  # type: ignore[assignment]
        if name == "br":
            self._break()
            return False
        if name == "a":
            if _is_permalink(tag, attributes):
                return False
            self._links.append(tag)
            self._box.own_links += 1
        if attributes and self._code is None:
            anchor = attributes.get("id") or (attributes.get("name") if name == "a" else None)
            if anchor and name in _ANCHORED:
                self._anchor = anchor
        is_box = self._code is None and (
            name in BLOCK_TAGS
            or (bool(attributes) and names_furniture(attributes.get("class", "")))
        )
        self._open.append(is_box)
        if name == "time" and (stated := attributes.get("datetime")):
            self.page.times.append((stated, len(self.page.runs)))
        if not is_box:
            return True
        self._flush()
        if line := attributes.get(LINE_ATTRIBUTE):
            self._line = int(line) if line.isdecimal() else self._line
        box = Box(name, attributes, self._box, len(self.page.runs))
        self.page.boxes.append(box)
        self._in_prose += name in _PROSE
        if name == "tr":
            self._rows.append((self._layouts, []))
        elif name in ("td", "th") and self._rows:
            self._rows[-1][1].append(len(self.page.runs))
        elif name in _HEADINGS:
            self._box.heads = True
        if name in _LAYOUT:
            self._layouts += 1
        if name == "pre":
            self._code = tag
        self._box = box
        kind = self._kind(name)
        level = _HEADINGS.get(name, self._kinds[-1][1]) if kind is BlockKind.HEADING else 0
        self._kinds.append((kind, level))
        return True

    def _kind(self, name: str) -> BlockKind:
        if name == "p" and self._kinds[-1][0] is not BlockKind.CODE:
            # A paragraph in an item or a term is what it stands in; boxes begin anew.
            return self._kinds[-1][0]
        return _KINDS.get(name, BlockKind.PARAGRAPH)

    def _leave(self, tag: Tag) -> None:
        name = tag.name
        if name == "a" and self._links and self._links[-1] is tag:
            self._links.pop()
        if not self._open.pop():
            return
        self._flush()
        if name == "tr":
            self._end_row()
        if self._code is tag:
            self._code = None
        self._kinds.pop()
        self._in_prose -= name in _PROSE
        box, outer = self._box, self._box.parent
        assert outer is not None
        if self._anchor and self._anchor == box.attributes.get("id"):
            # Nothing is written in it: the place of an advertisement, say.
            self._anchor = ""
        box.last = len(self.page.runs)
        outer.has_content = outer.has_content or box.has_content
        self._box = outer

    def _end_row(self) -> None:
        """Join the runs of a row of data: one that is short, and without structure of its own."""
        layouts, cells = self._rows.pop()
        runs = self.page.runs
        first = self._box.first
        if self._layouts != layouts or first == len(runs):
            return
        chars = 0
        for at in range(first, len(runs)):
            chars += len(runs[at].text)
            if chars > _MAX_ROW_CHARS:
                return
        inside = runs[first:]
        bounds = [first, *cells, len(runs)]
        texts = [
            " ".join(run.text for run in runs[start:end])
            for start, end in itertools.pairwise(bounds)
        ]
        text = _BETWEEN_CELLS.join(text for text in texts if text).strip("| ")
        if not text:
            return
        linked = sum(run.linked for run in inside)
        anchor = next((run.anchor for run in inside if run.anchor), "")
        row = Run(BlockKind.ROW, 0, text, inside[0].line, linked, anchor, self._box)
        runs[first:] = [row]

    def _break(self) -> None:
        buffer = self._buffer
        if self._code is not None:
            buffer.append("\n")
            return
        for piece in reversed(buffer):
            if piece is _LINE_BREAK:
                if not self._rows and self._kinds[-1][0] is BlockKind.PARAGRAPH:
                    self._flush()
                return
            if not piece.isspace():
                break
        buffer.append(_LINE_BREAK)

    def _flush(self) -> None:
        """Make what was gathered a run, if it is anything."""
        if not self._buffer:
            return
        raw = "".join(self._buffer)
        self._buffer.clear()
        linked, self._linked = self._linked, 0
        kind, level = self._kinds[-1]
        line = self._line
        if kind is BlockKind.CODE:
            text = raw.lstrip()
            # The first line keeps no indentation, as a block begins with no white space.
            line += raw.count("\n", 0, len(raw) - len(text))
            text = text.rstrip()
        else:
            text = " ".join(raw.split())
        if not text:
            return
        box = self._box
        chars = len(text)
        linked = min(linked, chars)
        box.own_chars += chars
        box.own_linked += linked
        if self._in_prose or chars >= _LONG_RUN_CHARS:
            box.own_prose += chars - linked
        self.page.runs.append(Run(kind, level, text, line, linked, self._anchor, box))
        self._anchor = ""


def _is_permalink(tag: Tag, attributes: dict[str, str]) -> bool:
    """Whether it is only a sign to click on."""
    contents = tag.contents
    # An element as a string is all that lies in it, at each depth once more.
    if len(contents) == 1 and not isinstance(contents[0], Tag) and str(contents[0]) in _PERMALINKS:
        return True
    said = attributes.get("class", "") if attributes else ""
    if not names_permalink(said):
        return False
    # Some sites wrap the whole heading in such a link.
    return "viewcode" in said or _says_little(tag)


def _says_little(tag: Tag) -> bool:
    chars = 0
    for looked, one in enumerate(tag.descendants):
        if type(one) is NavigableString:
            chars += len(one)
        if chars > 2 or looked > _MOST_IN_PERMALINK:
            return False
    return True
