"""Does a citation still hold?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from searchkit.document import text_hash
from searchkit.document_records import record_of
from searchkit.freshness import Files, State
from searchkit.index import Snapshot
from searchkit.passage_index import text_of

MOST_PLACES = 50_000
MOST_HASHED_BYTES = 64 << 20
"""So many places, and so many bytes at them, are compared with the hash of a text that has moved:
a tenth of a second's work."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document and what stood there: ``text_hash`` is the SHA-256, in hexadecimal, of
    what ``start`` and ``end`` cut out of the extracted text of the document ``key``, in UTF-8.

    ``text`` is that text itself, if it is known; then it is found again however far it has moved.
    Raises ``ValueError`` for what cannot be one.
    """

    key: str
    start: int
    end: int
    text_hash: str
    text: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no text lies from {self.start} to {self.end}")
        if len(self.text_hash) != 64 or self.text_hash.strip("0123456789abcdef"):
            raise ValueError("text_hash is no SHA-256 in hexadecimal (64 digits, lower case)")
        if self.text is not None and text_hash(self.text) != self.text_hash:
            raise ValueError("text_hash is not that of text")
        if self.text is not None and len(self.text) != self.end - self.start:
            raise ValueError(f"text is not as long as from {self.start} to {self.end}")


def citation_of(value: Mapping[str, object]) -> Citation:
    """The citation that a JSON object with key, start, end and text_hash (and text, if it is known)
    stands for. Raises ``ValueError`` if it is none.
    """
    kinds = {"key": str, "start": int, "end": int, "text_hash": str}
    for name, kind in kinds.items():
        if name not in value:
            raise ValueError(f"it has no {name}")
        if type(value[name]) is not kind:
            raise ValueError(f"its {name} is no {'text' if kind is str else 'whole number'}")
    if not isinstance(value.get("text", ""), str):
        raise ValueError("its text is no text")
    return Citation(*(value[name] for name in (*kinds, "text") if name in value))  # type: ignore[arg-type]


class Verdict(Enum):
    """What has become of a citation in the index."""

    HOLDS = "holds"
    MOVED = "moved"
    """The very text stands elsewhere in the document now."""
    CHANGED = "text changed"
    MISSING = "no such document"


@dataclass(frozen=True, slots=True)
class Finding:
    """What has become of a citation, and of the file it cites.

    ``start`` and ``end`` say where in the document the text stands now, if ``verdict`` is that it
    holds or has moved. ``state`` is None if there is no such document.
    """

    citation: Citation
    verdict: Verdict
    state: State | None
    start: int | None = None
    end: int | None = None

    @property
    def holds(self) -> bool:
        """Whether the text stands where it was cited from, and its file has not changed since."""
        return self.verdict is Verdict.HOLDS and self.state is State.FRESH


def verify(snapshot: Snapshot, citations: Iterable[Citation], files: Files) -> Iterator[Finding]:
    """What has become of each citation, in order; each is looked at before the next is taken."""
    # Citations of one document mostly follow each other, and its text lies in many pieces.
    key, text, record = None, None, None
    for citation in citations:
        if citation.key != key:
            key = citation.key
            text, record = text_of(snapshot, key), record_of(snapshot, key)
        if text is None:
            yield Finding(citation, Verdict.MISSING, None)
            continue
        state = State.FRESH if record is None else files.state(record)
        verdict, start = _found(text, citation)
        end = None if start is None else start + citation.end - citation.start
        yield Finding(citation, verdict, state, start, end)


def _found(text: str, citation: Citation) -> tuple[Verdict, int | None]:
    """What has become of a citation in its document's text, and where that stands now."""
    # Beyond the end of the text a slice would be shorter.
    if citation.end <= len(text) and _is_at(text, citation.start, citation):
        return Verdict.HOLDS, citation.start
    start = _moved_to(text, citation)
    return (Verdict.CHANGED, None) if start is None else (Verdict.MOVED, start)


def _is_at(text: str, start: int, citation: Citation) -> bool:
    length = citation.end - citation.start
    return text_hash(text[start : start + length]) == citation.text_hash


def _moved_to(text: str, citation: Citation) -> int | None:
    """Where the cited text stands now: the place nearest to where it stood."""
    last = len(text) - (citation.end - citation.start)
    if last < 0 or citation.start == citation.end:
        return None
    if citation.text is not None:
        return _nearest(text, citation.text, citation.start)
    # A hash cannot be searched for, only compared, place by place.
    each_bytes = 4 * (citation.end - citation.start)
    places = min(MOST_PLACES, MOST_HASHED_BYTES // each_bytes)
    for start, _ in zip(_outwards(min(citation.start, last), last), range(places), strict=False):
        if _is_at(text, start, citation):
            return start
    return None


def _nearest(text: str, wanted: str, start: int) -> int | None:
    before = text.rfind(wanted, 0, start + len(wanted))
    after = text.find(wanted, start)
    found = [at for at in (before, after) if at >= 0]
    return min(found, key=lambda at: abs(at - start), default=None)


def _outwards(start: int, last: int) -> Iterator[int]:
    """The offsets from 0 to ``last``, the nearest to ``start`` first."""
    both = min(start, last - start)
    yield start
    for distance in range(1, both + 1):
        yield start - distance
        yield start + distance
    yield from chain(range(start - both - 1, -1, -1), range(start + both + 1, last + 1))
