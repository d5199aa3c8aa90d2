"""Which part of a document stands on these lines?"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from searchkit.document import text_hash
from searchkit.index import Snapshot
from searchkit.index.damage import reading
from searchkit.passage_index import passage, text_of
from searchkit.passage_parts import lines_stored


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a document's extracted text: ``text`` is what ``start`` and ``end`` cut out of it,
    and begins on ``line`` of the source, from 1, or 0 where that has no lines.
    """

    key: str
    start: int
    end: int
    line: int
    text: str

    @property
    def text_hash(self) -> str:
        """The SHA-256 of ``text`` in UTF-8, in hexadecimal: a citation can be verified by it."""
        return text_hash(self.text)


def on_lines(snapshot: Snapshot, key: str, line: int, count: int | None) -> Part | None:
    """What stands on ``count`` lines from ``line`` on, or on all from there; None if there is no
    such document, or it ends before that line.

    They are lines of the source where the text is the source's own, as of plain text. Else, as of
    a web page, the index knows only on which line each paragraph begins, and the part consists of
    whole ones: from that which begins on ``line``, or else stands there, to before the first one
    that begins after all of them. Where the source has no lines, those of the text are counted,
    from 1.
    """
    document = _Document(snapshot, key)
    if not document.lines:
        return None
    if document.has_all_lines:
        return _on_own_lines(document, line, count)
    return _on_lines_of_paragraphs(document, line, count)


def at_place(snapshot: Snapshot, key: str, place: str) -> Part | None:
    """What stands at a place of a document ("page 3", "#anchor"), up to the next one; None if it
    has no such place. Of several ("page 3–4") it is the first.
    """
    every: list[tuple[int, str, int]] = []
    for docnum in snapshot.docnums(key):
        one = passage(snapshot, docnum)
        every.append((one.start, one.place, one.line))
        every += ((one.start + at, name, one.line_at(at)) for at, name in one.places)
    at = next((n for n, (_, name, _) in enumerate(every) if name == place), None)
    if at is None and (several := _SEVERAL.fullmatch(place)):
        first = several[1]
        at = next((n for n, (_, name, _) in enumerate(every) if _is_counted(name, first)), None)
    if at is None:
        return None
    start, place, line = every[at]
    text = text_of(snapshot, key) or ""
    ends = (begin for begin, name, _ in every[at:] if name != place)
    end = next(ends, len(text))
    found = text[start:end].rstrip()
    return Part(key, start, start + len(found), line, found)


_SEVERAL = re.compile(r"([^\W\d]+ \d{1,9})–\d{1,9}")


def _is_counted(place: str, number: str) -> bool:
    """Whether a place is that of the kind and number "chapter 1", by whatever name it has too."""
    return place == number or place.startswith(f"{number}:")


class _Document:
    """The text of a document, and pairs of an offset and the line of the source that begins there:
    of each passage, and as far as the index knows them of what stands in it.
    """

    def __init__(self, snapshot: Snapshot, key: str) -> None:
        self.key = key
        self.lines: list[tuple[int, int]] = []
        stored = [snapshot.stored(docnum) for docnum in snapshot.docnums(key)]
        pieces: list[str] = []
        length = 0
        for one in stored:
            gap, text, tail = (str(one.get(name, "")) for name in ("gap", "text", "tail"))
            line = one.get("line")
            start = length + len(gap)
            self.lines.append((start, line if isinstance(line, int) else 0))
            with reading(snapshot.path):
                self.lines += ((start + offset, there) for offset, there in lines_stored(one))
            pieces += gap, text, tail
            length += len(gap) + len(text) + len(tail)
        self.text = "".join(pieces)
        has_lines = any(line for _, line in self.lines)
        self.has_all_lines = not has_lines or (
            bool(stored) and stored[0].get("has_all_lines") is True
        )
        self.first_line = self.lines[0][1] if self.lines else 0
        if has_lines and self.has_all_lines:
            self.first_line -= self.text.count("\n", 0, self.lines[0][0])

    def part(self, start: int, end: int, line: int) -> Part:
        return Part(self.key, start, end, line, self.text[start:end])


def _on_own_lines(document: _Document, line: int, count: int | None) -> Part | None:
    # The first lines may be missing: they held what is no text, such as metadata.
    before = line - (document.first_line or 1)
    if count is not None and before < 0:
        count = max(count + before, 0)
    start = _after_lines(document.text, 0, before)
    if start is None or (start == len(document.text) and before > 0):
        return None
    end = None if count is None else _after_lines(document.text, start, count)
    at = max(line, document.first_line) if document.first_line else 0
    return document.part(start, len(document.text) if end is None else end, at)


def _after_lines(text: str, start: int, count: int) -> int | None:
    """The offset after ``count`` line ends from ``start`` on, None if there are fewer."""
    for _ in range(count):
        start = text.find("\n", start) + 1
        if not start:
            return None
    return start


def _on_lines_of_paragraphs(document: _Document, line: int, count: int | None) -> Part:
    lines = [at for _, at in document.lines]
    stands = max(bisect_right(lines, line) - 1, 0)
    first = bisect_left(lines, lines[stands])
    start, at = document.lines[first]
    if line == 1 or line < at:
        start = 0  # Its name, which stands before the first paragraph, too.
    end = len(document.text)
    if count is not None:
        after = max(bisect_left(lines, line + count), first + 1)
        if after < len(lines):
            end = document.lines[after][0]
    return document.part(start, end, at)
