"""Where does a sentence end?

Rules, made for English first: what a full stop may mean besides the end is listed here. They are
right for other punctuation too (?!… and their Chinese and Japanese forms).
"""

from __future__ import annotations

import re

_OTHER_STOPS = (
    "\u0589\u061d-\u061f\u06d4\u0700-\u0702\u0964\u0965\u104a\u104b\u1362\u1367\u1368\u17d4\u17d5"
    "\u1803\u1809\u203c\u203d\u2047-\u2049\u2e2e\ua4ff"
)
"""Of Armenian, Arabic, Syriac, Indic scripts, Burmese, Ethiopic, Khmer, Mongolian, Lisu, and double
marks: those of Unicode's property Sentence_Terminal that texts of today have."""
_STOP = f".!?…。！？｡．{_OTHER_STOPS}"
_CLOSERS = "\"'”’»›)\\]}」』）】*_`"
_END = re.compile(rf"[{_STOP}]+[{_CLOSERS}]*(?:\[\d{{1,3}}\])*")
_WIDE_STOPS = "。！？｡．"
_OPENERS = "\"'“”‘’«‹([{*_`¿¡-–—"

_LOOK_BACK = 24
_NUMBERED = 8
"""Where a number that begins a sentence has ended."""
_WORD_BEFORE = re.compile(r"[^\s(\[{\"'“‘«/]*$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_NUMBER = re.compile(r"\d{1,3}|[ivxIVX]{1,4}|[a-zA-Z]")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# After these comes what they belong to, never a new sentence.
_BINDING = _words(
    "mr mrs ms mx dr prof st gen sen rep gov lt col sgt capt cpt cmdr rev hon messrs mme mlle fr "
    "vs e.g i.e eg ie cf viz approx al dept est ed eds trans ca ft mt"
)
# These bind a number that follows.
_BEFORE_NUMBER = _words(
    "no nos fig figs eq eqs ch chap sec sect vol vols pp p pt par art op ref refs tab jan feb mar "
    "apr jun jul aug sep sept oct nov dec nr"
)
# These end a sentence only when the next word is one that begins sentences.
_EITHER = _words("inc ltd co corp bros jr sr ph.d m.d b.a m.a esq etc a.m p.m am pm")
_BEGINNERS = _words(
    "a an and as at but by for from he her here his how however i if in it its many most my no not "
    "of on one or our she so some that the their then there these they this those though to we "
    "what when where which while who why with yet you your"
)
_NEXT_WORD = re.compile(r"[^\W_]+")
_LISTED = _BINDING | _BEFORE_NUMBER | _EITHER


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The sentences of ``text[start:end]`` as offsets into ``text``, without white space around.

    Together they hold all that is not white space there.
    """
    if end is None:
        end = len(text)
    spans: list[tuple[int, int]] = []
    begin = start
    for found in _END.finditer(text, start, end):
        stop = found.end()
        if stop < end and _ends_sentence(text, begin, found.start(), stop, end):
            _add(spans, text, begin, stop)
            begin = stop
    _add(spans, text, begin, end)
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _ends_sentence(text: str, begin: int, mark: int, stop: int, end: int) -> bool:
    """Whether the punctuation ``text[mark:stop]`` ends the sentence begun at ``begin``."""
    if text[mark] in _WIDE_STOPS:
        return True
    if not text[stop].isspace():
        return False
    at = stop + 1
    while at < end and text[at].isspace():
        at += 1
    if at == end:
        return True
    ahead = text[at : at + 40].lstrip(_OPENERS)
    if ahead[:1].islower():
        return False
    if text[mark] != "." or text[mark + 1 : mark + 2] == ".":
        return True
    return not _binds(text, begin, mark, ahead)


def _binds(text: str, begin: int, mark: int, ahead: str) -> bool:
    """Whether the full stop at ``mark`` belongs to an abbreviation, an initial or a number."""
    before = text[max(begin, mark - _LOOK_BACK) : mark]
    # The expression tries each place where a word may begin; most are parted by a space.
    word = "" if before[-1:].isspace() else before[before.rfind(" ") + 1 :]
    lower = word.lower()
    if word.isalpha():
        # Neither initials nor, so far into a sentence, the number of an item.
        if len(word) > 1 and mark - begin >= _NUMBERED and lower not in _LISTED:
            return False
    else:
        found = _WORD_BEFORE.search(word)
        word = found[0] if found else ""
        lower = word.lower()
    if lower in _BINDING:
        return True
    if lower in _BEFORE_NUMBER and ahead[:1].isdigit():
        return True
    is_first = mark - begin < _NUMBERED and not text[begin : mark - len(word)].strip()
    if is_first and _NUMBER.fullmatch(word):
        # The number of a list item or a clause.
        return True
    is_initial = len(word) == 1 and word.isupper()
    if is_initial or lower in _EITHER or _INITIALS.fullmatch(word):
        following = _NEXT_WORD.match(ahead)
        return following is not None and following[0].lower() not in _BEGINNERS
    return False
