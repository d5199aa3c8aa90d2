"""What is one answer?

A document is cut at its headings, then, inside each section, at the ends of paragraphs and
sentences into passages of about ``TARGET_WORDS``. Three steps: blocks become pieces, which are
never cut; pieces are gathered in sections, of which the tiny ones join; each section is cut where
that costs least.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from searchkit.analysis.words import WORD
from searchkit.document import Block, BlockKind, Document, Passage
from searchkit.sentences import sentences

TARGET_WORDS = 120
MAX_WORDS = 180
MAX_CODE_WORDS = 3 * TARGET_WORDS

# A section below this is no answer by itself, and joins its neighbours of the same kind.
_TINY_WORDS = 25
# Below this even a section whose neighbours are of a proper size is joined to the one above.
_SILLY_WORDS = 8
# A text before the first heading below this is a byline, a source or a date.
_LEAD_IN_WORDS = 25
# A paragraph up to this without a full stop is a label of what follows: "Note", "Example".
_MAX_LABEL_CHARS = 20
# What lies between sections may be long markup, such as a comment, which would come along.
_MAX_JOINED_CHARS = 10 * TARGET_WORDS
# Sentences and list items below this are not looked at one by one: that bounds the work.
_MIN_PIECE_WORDS = 8

# What a cut costs, against the square of a passage's distance from the target, measured in
# halves of the target.
_CUT_INSIDE = 0.6
_CUT_ITEMS = 0.3
_CUT_BEFORE_TERM = -0.9
_CUT_AFTER_LEAD = 4.0
_CUT_AFTER_TERM = 30.0

_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
# Thai, Lao, Burmese, Khmer, kana, Han, and the two blocks of rarer Han: no spaces between words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}\U00020000-\U0003ffff]+")
_CHARS_PER_WORD = 2
_PLACE = re.compile(rf"[{_UNSPACED}\U00020000-\U0003ffff]|{WORD.pattern}")
_CLAUSE_END = ",;:，、；："


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never cut: a sentence, a list item, a row, a term, a bounded run of code.

    ``cut_after`` is what a cut after it costs.
    """

    start: int
    end: int
    words: int
    cut_after: float
    is_roomy: bool = False
    """Whether a passage that holds it may be as long as code may."""


@dataclass(slots=True)
class _Section:
    """A heading, the headings down to it, and the text below.

    At a document's beginning and right below its title there is no heading.
    """

    heading: Block | None
    path: tuple[str, ...]
    pieces: list[_Piece] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(piece.words for piece in self.pieces)


def cut(document: Document) -> list[Passage]:
    """The passages of a document, in order and apart from each other.

    Every word that is in a block but in no heading lies in one; each heading is in the path or
    the text of one. A document without text has none.
    """
    passages: list[Passage] = []
    for section in _join_tiny(_sections(document)):
        for start, end in _cut_section(section.pieces):
            passages.append(
                Passage(
                    key=document.key,
                    ordinal=len(passages),
                    title=document.title,
                    headings=section.path,
                    start=start,
                    end=end,
                    line=document.line(start),
                    text=document.text[start:end],
                    modified=document.modified,
                )
            )
    return passages


def count_words(text: str) -> int:
    """How many words ``text`` has; of scripts without spaces, two characters count as one."""
    if text.isascii():
        return len(_ASCII_WORD.findall(text))
    unspaced = sum(len(run) for run in _UNSPACED_RUN.findall(text))
    if not unspaced:
        return len(WORD.findall(text))
    return len(WORD.findall(_UNSPACED_RUN.sub(" ", text))) + -(-unspaced // _CHARS_PER_WORD)


def _sections(document: Document) -> list[_Section]:
    """The document's sections that have text, or a heading that no section below repeats."""
    text = document.text
    title = _title_heading(document)
    above: list[tuple[int, str]] = []
    sections = [_Section(None, ())]
    body: list[Block] = []
    for block in document.blocks:
        if block.kind is not BlockKind.HEADING:
            body.append(block)
            continue
        sections[-1].pieces = _pieces(text, body)
        body = []
        while above and above[-1][0] >= block.level:
            above.pop()
        if block is not title:
            above.append((block.level, " ".join(text[block.start : block.end].split())))
        path = tuple(name for _, name in above)
        sections.append(_Section(None if block is title else block, path))
    sections[-1].pieces = _pieces(text, body)
    kept: list[_Section] = []
    for section, below in zip(sections, [*sections[1:], None], strict=True):
        depth = len(section.path)
        is_repeated = (
            below is not None and len(below.path) > depth and below.path[:depth] == section.path
        )
        if section.pieces:
            kept.append(section)
        elif section.heading is not None and not is_repeated:
            kept.append(_Section(section.heading, section.path, [_heading_piece(text, section)]))
    if not kept and title is not None:
        kept.append(_Section(None, (), [_Piece(title.start, title.end, 0, 0.0)]))
    return kept


def _heading_piece(text: str, section: _Section) -> _Piece:
    block = section.heading
    assert block is not None
    return _Piece(block.start, block.end, count_words(text[block.start : block.end]), 0.0)


def _title_heading(document: Document) -> Block | None:
    """The first heading that says what the document's title says."""
    title = WORD.findall(document.title.casefold())
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            heading = document.text[block.start : block.end]
            if WORD.findall(heading.casefold()) == title or heading.strip() == document.title:
                return block
    return None


def _pieces(text: str, blocks: Sequence[Block]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for at, block in enumerate(blocks):
        below = blocks[at + 1] if at + 1 < len(blocks) else None
        after = _cut_after(text, block, below)
        if block.kind in (BlockKind.CODE, BlockKind.TERM):
            spans = _code_spans(text, block.start, block.end)
        elif block.kind is BlockKind.ROW:
            spans = _bounded(text, [(block.start, block.end)])
        else:
            spans = _bounded(text, sentences(text, block.start, block.end))
        is_roomy = block.kind in (BlockKind.CODE, BlockKind.TERM)
        for start, end in spans:
            is_last = end == spans[-1][1]
            words = count_words(text[start:end])
            pieces.append(_Piece(start, end, words, after if is_last else _CUT_INSIDE, is_roomy))
    return _join_small(pieces)


def _cut_after(text: str, block: Block, below: Block | None) -> float:
    """What it costs to cut between two neighbouring blocks."""
    if block.kind is BlockKind.TERM:
        return _CUT_AFTER_TERM
    if below is None:
        return 0.0
    if below.kind is BlockKind.TERM:
        return _CUT_BEFORE_TERM
    said = text[block.start : block.end]
    if said.endswith((":", "：")) and block.kind is not BlockKind.CODE:
        return _CUT_AFTER_LEAD
    if block.kind is BlockKind.PARAGRAPH and len(said) <= _MAX_LABEL_CHARS and said[-1].isalpha():
        return _CUT_AFTER_LEAD
    if block.kind is below.kind and block.kind in (BlockKind.ITEM, BlockKind.ROW):
        return _CUT_ITEMS
    return 0.0


def _join_small(pieces: list[_Piece]) -> list[_Piece]:
    """Join neighbours of few words, so that a passage consists of a bounded number of pieces."""
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and _are_small(last, piece):
            joined[-1] = _Piece(
                last.start,
                piece.end,
                last.words + piece.words,
                piece.cut_after,
                last.is_roomy or piece.is_roomy,
            )
        else:
            joined.append(piece)
    return joined


def _are_small(last: _Piece, piece: _Piece) -> bool:
    if last.words + piece.words > 3 * _MIN_PIECE_WORDS or last.cut_after < 0:
        return False
    if last.cut_after > 0:
        return min(last.words, piece.words) < _MIN_PIECE_WORDS
    # Between paragraphs, where to cut is best, and what leads to the next stays with that.
    leads = piece.cut_after >= _CUT_AFTER_LEAD
    return max(last.words, piece.words) < _MIN_PIECE_WORDS and not leads


def _bounded(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """``spans`` with those cut that are longer than any passage may be."""
    bounded: list[tuple[int, int]] = []
    for start, end in spans:
        # Each word takes a character and a separator, save in scripts without spaces.
        if end - start > MAX_WORDS and count_words(text[start:end]) > MAX_WORDS:
            bounded += _cut_sentence(text, start, end)
        else:
            bounded.append((start, end))
    return bounded


def _cut_sentence(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of an overlong sentence: cut after a clause, else at a space, else between words."""
    words = 0.0
    clause = space = 0
    for found in _PLACE.finditer(text, start, end):
        at = found.start()
        if words >= TARGET_WORDS / 2 and text[at - 1].isspace():
            space = at
        if words >= TARGET_WORDS / 2 and text[start:at].rstrip()[-1:] in _CLAUSE_END:
            clause = at
        if words >= TARGET_WORDS:
            stop = clause or space or at
            yield start, start + len(text[start:stop].rstrip())
            start = stop
            words = count_words(text[stop:at])
            clause = space = 0
        words += 1 / _CHARS_PER_WORD if _UNSPACED_RUN.fullmatch(found[0]) else 1
    yield start, end


def _code_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A piece of code whole, or, beyond the bound, cut at line ends, blank lines preferred."""
    if count_words(text[start:end]) <= MAX_CODE_WORDS:
        return [(start, end)]
    spans: list[tuple[int, int]] = []
    first = start
    blank = 0
    words = words_at_blank = 0
    at = start
    while at < end:
        stop = text.find("\n", at, end) + 1 or end
        line_words = count_words(text[at:stop])
        if words and words + line_words > TARGET_WORDS:
            turn = blank if 2 * words_at_blank > TARGET_WORDS else at
            spans += _trimmed(text, first, turn)
            first = turn
            words = words - words_at_blank if turn == blank else 0
            blank = words_at_blank = 0
        if line_words > MAX_CODE_WORDS:
            spans += _cut_sentence(text, first, stop)
            first, words = stop, 0
        else:
            words += line_words
        if text[at:stop].isspace():
            blank, words_at_blank = stop, words
        at = stop
    spans += _trimmed(text, first, end)
    return spans


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The span without the white space around it, if anything is left."""
    run = text[start:end]
    start += len(run) - len(run.lstrip())
    end = start + len(run.strip())
    return [(start, end)] if start < end else []


def _join_tiny(sections: list[_Section]) -> list[_Section]:
    """Join the sections that are no answer by themselves.

    A byline before the first heading joins what is below it. Tiny sections under the same heading
    join each other, their headings then being part of the text; what is tinier still joins the
    section above.
    """
    if len(sections) > 1 and sections[0].heading is None:
        lead = sections[0]
        if lead.words < _LEAD_IN_WORDS:
            sections = sections[1:]
            first = sections[0]
            sections[0] = _Section(None, first.path, [*_bound(lead.pieces), *first.pieces])
    joined: list[_Section] = []
    is_group = False
    for section in sections:
        last = joined[-1] if joined else None
        if last is None or section.heading is None:
            joined.append(section)
            is_group = False
            continue
        outer = section.path[:-1]
        words = last.words + section.words
        if (
            section.words < _TINY_WORDS
            and words <= TARGET_WORDS
            and section.pieces[-1].end - last.pieces[0].start <= _MAX_JOINED_CHARS
            and (last.path == outer if is_group else _is_tiny_sibling(last, outer))
        ):
            if not is_group:
                joined[-1] = _Section(last.heading, outer, _with_heading(last))
            joined[-1].pieces += _with_heading(section)
            is_group = True
        elif (
            section.words < _SILLY_WORDS
            and words <= MAX_WORDS
            and section.pieces[-1].end - last.pieces[-1].end <= _MAX_JOINED_CHARS
            and outer in (last.path, last.path[:-1])
        ):
            joined[-1].pieces = [*_bound(last.pieces), *_with_heading(section)]
        else:
            joined.append(section)
            is_group = False
    return joined


def _is_tiny_sibling(section: _Section, outer: tuple[str, ...]) -> bool:
    return (
        section.heading is not None and section.words < _TINY_WORDS and section.path[:-1] == outer
    )


def _with_heading(section: _Section) -> list[_Piece]:
    """The section's pieces with its heading before them, from which they are not cut."""
    heading = section.heading
    assert heading is not None
    if section.pieces[0].start <= heading.start:
        return section.pieces
    first = section.pieces[0]
    return [
        _Piece(heading.start, first.end, first.words, first.cut_after, first.is_roomy),
        *section.pieces[1:],
    ]


def _bound(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces with no cut after the last."""
    last = pieces[-1]
    return [
        *pieces[:-1],
        _Piece(last.start, last.end, last.words, _CUT_AFTER_TERM, last.is_roomy),
    ]


def _cut_section(pieces: list[_Piece]) -> list[tuple[int, int]]:
    """The spans of the passages into which the pieces of one section are best gathered.

    ``best[n]`` is the least cost of cutting the first ``n`` pieces, ``begins[n]`` where the last
    passage of that cutting begins. Each is found from the ones before.
    """
    best = [0.0]
    begins = [0]
    for stop in range(1, len(pieces) + 1):
        words = 0
        is_roomy = False
        least, least_begin = float("inf"), stop - 1
        for begin in range(stop - 1, -1, -1):
            words += pieces[begin].words
            is_roomy = is_roomy or pieces[begin].is_roomy
            if begin < stop - 1 and words > (MAX_CODE_WORDS if is_roomy else MAX_WORDS):
                break
            distance = 2 * (words - TARGET_WORDS) / TARGET_WORDS
            cost = best[begin] + distance * distance + (pieces[begin - 1].cut_after if begin else 0)
            if cost < least:
                least, least_begin = cost, begin
        best.append(least)
        begins.append(least_begin)
    spans: list[tuple[int, int]] = []
    stop = len(pieces)
    while stop:
        begin = begins[stop]
        spans.append((pieces[begin].start, pieces[stop - 1].end))
        stop = begin
    return spans[::-1]
