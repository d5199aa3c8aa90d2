"""What is never cut?

A document's blocks become pieces: sentences, list items, rows, runs of code, each with what it
costs to cut after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from searchkit.document import Block, BlockKind
from searchkit.passages.words import CHARS_PER_WORD, PLACE, UNSPACED_RUN, count_words
from searchkit.sentences import sentences

TARGET_WORDS = 120
MAX_WORDS = 180
MAX_CODE_WORDS = 3 * TARGET_WORDS
# A paragraph up to this without a full stop is a label of what follows: "Note", "Example".
_MAX_LABEL_CHARS = 20
# Sentences and list items below this are not looked at one by one: that bounds the work.
_MIN_PIECE_WORDS = 8

# What a cut costs, against the square of a passage's distance from the target, measured in
# halves of the target.
_CUT_INSIDE = 0.6
_CUT_ITEMS = 0.3
_CUT_BEFORE_TERM = -0.9
_CUT_AFTER_LEAD = 4.0
CUT_AFTER_TERM = 30.0

_CLAUSE_END = ",;:，、；："


class Piece(NamedTuple):
    """What is never cut: a sentence, a list item, a row, a term, a bounded run of code.

    ``cut_after`` is what a cut after it costs.
    """

    start: int
    end: int
    words: int
    cut_after: float
    is_roomy: bool = False
    """Whether a passage that holds it may be as long as code may."""


def pieces_of(text: str, blocks: Sequence[Block]) -> list[Piece]:
    pieces: list[Piece] = []
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
            pieces.append(Piece(start, end, words, after if is_last else _CUT_INSIDE, is_roomy))
    return _join_small(pieces)


def _cut_after(text: str, block: Block, below: Block | None) -> float:
    """What it costs to cut between two neighbouring blocks."""
    if block.kind is BlockKind.TERM:
        return CUT_AFTER_TERM
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


def _join_small(pieces: list[Piece]) -> list[Piece]:
    """Join neighbours of few words, so that a passage consists of a bounded number of pieces."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and _are_small(last, piece):
            joined[-1] = Piece(
                last.start,
                piece.end,
                last.words + piece.words,
                piece.cut_after,
                last.is_roomy or piece.is_roomy,
            )
        else:
            joined.append(piece)
    return joined


def _are_small(last: Piece, piece: Piece) -> bool:
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
    for found in PLACE.finditer(text, start, end):
        at = found.start()
        if words >= TARGET_WORDS / 2 and text[at - 1].isspace():
            space = at
        if words >= TARGET_WORDS / 2 and text[start:at].rstrip()[-1:] in _CLAUSE_END:
            clause = at
        if words >= TARGET_WORDS:
            stop = clause or space or at
            yield from _trimmed(text, start, stop)
            start = stop
            words = count_words(text[stop:at])
            clause = space = 0
        words += 1 / CHARS_PER_WORD if UNSPACED_RUN.fullmatch(found[0]) else 1
    yield from _trimmed(text, start, end)


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
