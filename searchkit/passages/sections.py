"""Which pieces belong together under one heading?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from searchkit.analysis.words import RUN
from searchkit.document import Block, BlockKind, Document
from searchkit.passages.pieces import CUT_AFTER_TERM, MAX_WORDS, TARGET_WORDS, Piece, pieces_of
from searchkit.passages.words import count_words

# A section below this is no answer by itself, and joins its neighbours of the same kind.
_TINY_WORDS = 25
# Below this even a section whose neighbours are of a proper size is joined to the one above.
_SILLY_WORDS = 8
# A text before the first heading below this is a byline, a source or a date.
_LEAD_IN_WORDS = 25
MAX_HEADING_CHARS = 300
# What lies between sections may be long markup, such as a comment, which would come along.
_MAX_JOINED_CHARS = 10 * TARGET_WORDS


_SAID = (BlockKind.ABOUT, BlockKind.LABEL)

Path = tuple[str, ...]
"""The headings down to a text, outermost first."""

Paths = tuple[tuple[int, Path], ...]
"""Pairs of an offset and the path from there on."""


@dataclass(slots=True)
class Section:
    """A heading, the headings down to it, and the text below.

    At a document's beginning and right below its title there is no heading. Of one that others have
    joined, ``joined`` are pairs (where it begins, its path) of all of them, in order, and ``path``
    is that by which further ones join. One that is ``alone`` joins no other.
    """

    heading: Block | None
    path: Path
    pieces: list[Piece] = field(default_factory=list)
    joined: list[tuple[int, Path]] = field(default_factory=list)
    alone: bool = False

    @property
    def words(self) -> int:
        return sum(piece.words for piece in self.pieces)

    @property
    def start(self) -> int:
        first = self.pieces[0].start
        return first if self.heading is None else min(self.heading.start, first)

    @property
    def parts(self) -> list[tuple[int, Path]]:
        """Where each of the sections that it consists of begins, and its path."""
        return self.joined or [(self.start, self.path)]

    def headings(self, start: int, end: int) -> tuple[Path, Paths]:
        """The path above all of its text from ``start`` to ``end``, and, where that is not the one
        above each part of it, the paths from which offset on, counted from ``start``.
        """
        if not self.joined:
            return self.path, ()
        paths: list[tuple[int, Path]] = []
        for at, path in self.joined:
            if at <= start:
                paths = [(0, path)]
            elif at < end and path != paths[-1][1]:
                paths.append((at - start, path))
        every = zip(*(path for _, path in paths), strict=False)
        common = tuple(names[0] for names in takewhile(lambda names: len(set(names)) == 1, every))
        return common, tuple(paths) if len(paths) > 1 else ()


def shortened(heading: str) -> str:
    """A heading in one line, cut where it is too long to be one."""
    line = " ".join(heading.split())
    return line if len(line) <= MAX_HEADING_CHARS else line[: MAX_HEADING_CHARS - 1] + "…"


def _name(document: Document, heading: Block) -> str:
    """What a heading says, without markup."""
    # Late: compiling its expressions takes milliseconds, and a search cuts nothing.
    from searchkit.highlight.markup import plain

    return plain(document.text[heading.start : heading.end], document.media_type)


def _names(heading: str) -> bool:
    """Whether a heading says anything: a line of dashes is no name of what follows."""
    return any(map(str.isalnum, heading))


def sections_of(document: Document) -> list[Section]:
    """The document's sections that have text, or a heading that no section below repeats."""
    text = document.text
    title = _title_heading(document)
    above: list[tuple[int, str]] = []
    above_text = list(takewhile(lambda one: one is title or one.kind in _SAID, document.blocks))
    about = [block for block in above_text if block.kind is BlockKind.ABOUT]
    sections = [Section(None, ())]
    body: list[Block] = []
    for at, block in enumerate(document.blocks):
        is_about = block.kind is BlockKind.ABOUT and at < len(above_text)
        if block.kind is BlockKind.LABEL or is_about:
            continue
        if block.kind is not BlockKind.HEADING or not _names(text[block.start : block.end]):
            body.append(block)
            continue
        sections[-1].pieces = pieces_of(text, body)
        # What is too long for a path is text too, so that all its words are found.
        body = [block] if block.end - block.start > MAX_HEADING_CHARS else []
        while above and above[-1][0] >= block.level:
            above.pop()
        if block is not title:
            above.append((block.level, shortened(_name(document, block))))
        path = tuple(name for _, name in above)
        sections.append(Section(None if block is title else block, path))
    sections[-1].pieces = pieces_of(text, body)
    kept = [Section(None, (), pieces_of(text, [block]), alone=True) for block in about]
    for section, below in zip(sections, [*sections[1:], None], strict=True):
        depth = len(section.path)
        is_repeated = (
            below is not None and len(below.path) > depth and below.path[:depth] == section.path
        )
        if section.pieces:
            kept.append(section)
        elif section.heading is not None and not is_repeated:
            kept.append(Section(section.heading, section.path, [_heading_piece(text, section)]))
    if not kept:
        # A title, or a tag, is all that there is.
        labels = [block for block in document.blocks if block.kind is BlockKind.LABEL]
        for block in [title] if title is not None else labels[:1]:
            return [Section(None, (), [Piece(block.start, block.end, 0, 0.0)])]
    return kept


def body_below_title(document: Document) -> Sequence[Block]:
    """The blocks of a document, without the heading that is its title if they begin with it."""
    blocks = document.blocks
    if not blocks or blocks[0].kind is not BlockKind.HEADING:
        return blocks
    first = blocks[0]
    is_title = _title_heading(document) is first and first.end - first.start <= MAX_HEADING_CHARS
    return blocks[1:] if is_title else blocks


def _heading_piece(text: str, section: Section) -> Piece:
    block = section.heading
    assert block is not None
    return Piece(block.start, block.end, count_words(text[block.start : block.end]), 0.0)


def _title_heading(document: Document) -> Block | None:
    """The first heading that says what the document's title says."""
    title = RUN.findall(document.title.casefold())
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            heading = document.text[block.start : block.end]
            names = (heading, _name(document, block))
            if heading.strip() == document.title or any(
                RUN.findall(name.casefold()) == title for name in names
            ):
                return block
    return None


def join_tiny(sections: list[Section]) -> list[Section]:
    """Join the sections that are no answer by themselves.

    A byline before the first heading joins what is below it. Tiny sections under the same heading
    join each other, their headings then being part of the text; what is tinier still joins the
    section above.
    """
    about = [section for section in sections if section.alone]
    sections = sections[len(about) :]
    if len(sections) > 1 and sections[0].heading is None:
        lead = sections[0]
        if lead.words < _LEAD_IN_WORDS:
            sections = sections[1:]
            first = sections[0]
            sections[0] = Section(
                None,
                first.path,
                [*lead.pieces[:-1], _bound(lead.pieces[-1]), *first.pieces],
                [*lead.parts, *first.parts],
            )
    joined: list[Section] = []
    is_group = False
    # Of the last of ``joined``, which any number of sections without words may have joined.
    last_words = 0
    for section in sections:
        last = joined[-1] if joined else None
        words = section.words
        if last is None or section.heading is None:
            joined.append(section)
            is_group, last_words = False, words
            continue
        outer = section.path[:-1]
        both = last_words + words
        if (
            words < _TINY_WORDS
            and both <= TARGET_WORDS
            and section.pieces[-1].end - last.pieces[0].start <= _MAX_JOINED_CHARS
            and (last.path == outer if is_group else _is_sibling(last, outer, last_words))
        ):
            if not is_group:
                joined[-1] = Section(last.heading, outer, _with_heading(last), last.parts)
            joined[-1].pieces += _with_heading(section)
            joined[-1].joined += section.parts
            is_group, last_words = True, both
        elif (
            words < _SILLY_WORDS
            and both <= MAX_WORDS
            and section.pieces[-1].end - last.pieces[-1].end <= _MAX_JOINED_CHARS
            and outer in (last.path, last.path[:-1])
        ):
            last.joined = last.parts
            last.joined += section.parts
            last.pieces[-1] = _bound(last.pieces[-1])
            last.pieces += _with_heading(section)
            last_words = both
        else:
            joined.append(section)
            is_group, last_words = False, words
    return about + joined


def _is_sibling(section: Section, outer: Path, words: int) -> bool:
    """Whether ``section``, of so many words, is a tiny one under the same headings."""
    return section.heading is not None and words < _TINY_WORDS and section.path[:-1] == outer


def _with_heading(section: Section) -> list[Piece]:
    """The section's pieces with its heading before them, from which they are not cut."""
    heading = section.heading
    assert heading is not None
    if section.pieces[0].start <= heading.start:
        return section.pieces
    first = section.pieces[0]
    return [
        Piece(heading.start, first.end, first.words, first.cut_after, first.is_roomy),
        *section.pieces[1:],
    ]


def _bound(piece: Piece) -> Piece:
    """The piece with no cut after it."""
    return piece._replace(cut_after=CUT_AFTER_TERM)
