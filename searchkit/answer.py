"""What does a search give back?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from searchkit.analysis import Analyzer
from searchkit.analysis.forms import form_tokens
from searchkit.document import Passage
from searchkit.document_language import language
from searchkit.document_records import DocumentRecord, record_of
from searchkit.freshness import Files, State
from searchkit.highlight import (
    Excerpt,
    Fragment,
    Match,
    Matcher,
    Span,
    best_fragments,
    excerpts,
)
from searchkit.index import Snapshot
from searchkit.passage_index import passage
from searchkit.query import Notice, Query
from searchkit.record import Record
from searchkit.schema import HEADINGS, TEXT, TITLE
from searchkit.shown import Shown
from searchkit.tree import Node
from searchkit.understood import Understood

if TYPE_CHECKING:
    from searchkit.facets import Facet


class Place(Record):
    """Which passage it is: the ``ordinal``-th, from 0, of the document ``key``."""

    key: str
    ordinal: int


class MarkedText(NamedTuple):
    """A text, and what matched in it."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a query.

    ``rank`` counts from 1. ``highlights`` are what matched in ``passage.text``,
    ``title_highlights`` in ``passage.title``, ``heading_highlights`` in each of
    ``passage.headings``, ``label_highlights`` in each of ``passage.labels``: code points, half
    open, in order and apart; ``passage.start`` added to those of the text gives offsets into the
    document. ``fragment`` is the part of ``passage.text`` that shows best why it matched;
    ``fragments`` are one to three, in order, that together show all of the query's words they can,
    ``fragment`` among them. ``headings`` are those above ``fragment``, outermost first, of which
    there may be more than above the whole passage. ``state`` tells what has become of its file.
    ``similar`` are the passages that say the same and stand behind it, best first.
    ``sort_value`` is the value of the field that the answer is sorted by, "" if it has none.
    """

    rank: int
    score: float
    passage: Passage
    highlights: tuple[Span, ...]
    title_highlights: tuple[Span, ...]
    heading_highlights: tuple[tuple[Span, ...], ...]
    label_highlights: tuple[tuple[Span, ...], ...]
    headings: tuple[MarkedText, ...]
    fragment: Fragment
    fragments: tuple[Fragment, ...]
    similar: tuple[Place, ...]
    sort_value: str
    _record: DocumentRecord | None = field(repr=False, compare=False)
    _files: Files = field(repr=False, compare=False)

    @property
    def state(self) -> State:
        """Whether the passage's file has changed or gone since it was indexed, as it is when an
        answer's first hit from that file is asked. What came from no file is fresh.
        """
        return State.FRESH if self._record is None else self._files.state(self._record)

    @property
    def line(self) -> int:
        """The line of the source, from 1, on which ``fragment`` begins; 0 if it has no lines."""
        return self.passage.line_at(self.fragment.start)

    @property
    def place(self) -> str:
        """The page, anchor or the like of ``fragment``, or "": see ``Passage.place_of``."""
        return self.passage.place_of(self.fragment.start, self.fragment.end)

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """``fragments`` as people read them: each in one line, without the marks of Markdown and
        reStructuredText, and with the spans that matched in that.
        """
        passage = self.passage
        return tuple(excerpts(passage.text, passage.media_type, self.fragments, self.highlights))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search gives: how the query was understood, how many passages match (``total``), and
    the hits asked for, best first. ``notices`` say what in the query was not understood, and which
    of its words occur nowhere. ``facets`` are the counts asked for. ``understood`` has each clause
    of the query with the terms it became, and ``suggestion`` is the query with likelier words in
    place of those that occur nowhere or hardly anywhere, or None. ``next`` is the cursor of the
    page that follows, None if nothing does.
    """

    query: Query
    notices: tuple[Notice, ...]
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...] = ()
    understood: tuple[Understood, ...] = ()
    suggestion: str | None = None
    next: str | None = None


def make_hits(
    snapshot: Snapshot,
    best: Iterable[Shown],
    tree: Node,
    analyzer: Analyzer,
    unmarked: Collection[str],
    files: Files,
    sort: str = "",
) -> Iterator[Hit]:
    """The hits for passages that ``tree`` matches, in the order of the field ``sort`` if it is
    said. The terms in ``unmarked`` are those that every text is full of.
    """
    records: dict[str, DocumentRecord | None] = {}
    matcher = Matcher(tree, unmarked)
    for one in best:
        found = one.passage or passage(snapshot, one.docnum)
        if found.key not in records:
            records[found.key] = record_of(snapshot, found.key)
        similar = tuple(_place(snapshot, docnum) for docnum in one.similar)
        matches = _matches(matcher, found, analyzer, language(snapshot, one.docnum))
        value = _sort_value(snapshot, sort, one.docnum) if sort else ""
        yield _hit(one, found, similar, value, matches, records[found.key], files)


def _sort_value(snapshot: Snapshot, sort: str, docnum: int) -> str:
    # Late: most searches go by score.
    from searchkit.sorting import value_shown

    return value_shown(snapshot, sort, docnum)


def _place(snapshot: Snapshot, docnum: int) -> Place:
    found = passage(snapshot, docnum)
    return Place(found.key, found.ordinal)


def _matches(
    matcher: Matcher, passage: Passage, analyzer: Analyzer, language: str
) -> dict[str, list[list[Match]]]:
    texts = {TEXT: [passage.text], TITLE: [passage.title], HEADINGS: passage.headings_found}
    return matcher.matches(
        {name: [analyzer.tokens(text, language) for text in texts[name]] for name in texts},
        {name: [form_tokens(analyzer, text, language) for text in texts[name]] for name in texts},
    )


def _hit(
    shown: Shown,
    passage: Passage,
    similar: tuple[Place, ...],
    sort_value: str,
    matches: dict[str, list[list[Match]]],
    record: DocumentRecord | None,
    files: Files,
) -> Hit:
    spans = dict(zip(passage.headings_found, map(_spans, matches[HEADINGS]), strict=True))
    fragments = _fragments(passage, matches[TEXT][0], spans)
    return Hit(
        rank=shown.rank,
        score=shown.score,
        passage=passage,
        highlights=_spans(matches[TEXT][0]),
        title_highlights=_spans(matches[TITLE][0]),
        heading_highlights=tuple(spans[heading] for heading in passage.headings),
        label_highlights=tuple(spans[label] for label in passage.labels),
        headings=tuple(
            MarkedText(heading, spans[heading])
            for heading in passage.headings_at(fragments[0].start)
        ),
        fragment=fragments[0],
        fragments=tuple(sorted(fragments, key=lambda fragment: fragment.start)),
        similar=similar,
        sort_value=sort_value,
        _record=record,
        _files=files,
    )


def _fragments(
    passage: Passage, matches: Sequence[Match], spans: Mapping[str, tuple[Span, ...]]
) -> list[Fragment]:
    """The fragments of a passage, the best one first; ``spans`` are what matched in its headings.

    None reaches into another section or place, unless a sentence does, so that what is cited is
    where it begins. Where nothing matched in the text, it is the beginning below a heading that
    matched.
    """
    borders = sorted({offset for offset, _ in (*passage.places, *passage.sections) if offset})
    if not matches:
        for start, path in passage.sections:
            if any(spans[heading] for heading in path):
                below = [border - start for border in borders if border > start]
                (one,) = best_fragments(passage.text[start:], (), borders=below)
                begin, end = start + one.start, start + one.end
                return [
                    _below_heading(passage, Fragment(begin, end, (), one.cut_before, one.cut_after))
                ]
    fragments = best_fragments(passage.text, matches, borders=borders)
    if passage.sections:
        fragments = [_below_heading(passage, one) for one in fragments]
    return fragments


# Marks that close a heading, the end of its line, and the line that may stand under it.
_ADORNMENT = re.compile(r"[^\S\n]*(?:([^\w\s])\1*+[^\S\n]*)?\n\s*(?:([^\w\s])\2*+[^\S\n]*\n\s*)?")


def _below_heading(passage: Passage, fragment: Fragment) -> Fragment:
    """A fragment without the heading that it begins with, if nothing matched in that: it is shown
    above the fragment. Where a sentence begins with the heading's words they are its own.
    """
    if all(offset != fragment.start for offset, _ in passage.sections):
        return fragment
    path = passage.headings_at(fragment.start)
    if not path or not passage.text.startswith(path[-1], fragment.start):
        return fragment
    end = fragment.start + len(path[-1])
    below = _ADORNMENT.match(passage.text, end, fragment.end)
    if below is None or any(start < end for start, _ in fragment.spans):
        return fragment
    if below.end() == fragment.end:
        return fragment
    return Fragment(below.end(), fragment.end, fragment.spans, False, fragment.cut_after)


def _spans(matches: Iterable[Match]) -> tuple[Span, ...]:
    return tuple((match.start, match.end) for match in matches)
