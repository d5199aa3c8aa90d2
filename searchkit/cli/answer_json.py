"""How is an answer said in JSON?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from searchkit.cli.understood import as_json
from searchkit.collection import Answer, Hit, Passage

if TYPE_CHECKING:
    from searchkit.collection import Explanation, Fragment

SCHEMA = "searchkit.answer/1"
"""Names the layout of the JSON output; the number grows when a field changes its meaning."""


def answer_as_json(
    answer: Answer, explanations: list[Explanation], limit: int, offset: int, root: Path
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "query": answer.query.text,
        "notices": [
            {"message": notice.message, "start": notice.start, "end": notice.end}
            for notice in answer.notices
        ],
        "understood": list(map(as_json, answer.understood)),
        "suggestion": answer.suggestion,
        "limit": limit,
        "offset": offset,
        "next": answer.next,
        "total": answer.total,
        "facets": {
            facet.field: {
                "values": [
                    {"value": one.value, "documents": one.documents} for one in facet.values
                ],
                "others": facet.others,
            }
            for facet in answer.facets
        },
        "hits": list(hits_as_json(answer, explanations, root)),
    }


def hits_as_json(
    answer: Answer, explanations: list[Explanation], root: Path
) -> Iterator[dict[str, Any]]:
    for hit, explanation in zip_longest(answer.hits, explanations):
        fields = _hit_as_json(hit, root)
        if explanation:
            fields["explanation"] = _explanation_as_json(explanation)
        yield fields


def _explanation_as_json(part: Explanation) -> dict[str, Any]:
    return {
        "value": part.value,
        "matched": part.matched,
        "description": part.description,
        "details": [_explanation_as_json(detail) for detail in part.details],
    }


def _moment(seconds: float) -> str:
    """A time in seconds since the epoch as ISO 8601 says it, in UTC; of those that are beyond its
    years, as archives may have them, the last or first of all.
    """
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        moment = datetime.max if seconds > 0 else datetime.min
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _hit_as_json(hit: Hit, root: Path) -> dict[str, Any]:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "key": passage.key,
        "path": str(root / passage.key),
        "line": passage.line,
        "place": passage.place,
        "title": passage.title,
        "headings": list(passage.headings),
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "modified": _moment(passage.modified),
        "media_type": passage.media_type,
        "authors": list(passage.authors),
        "published": passage.published,
        "language": passage.language,
        "tags": list(passage.tags),
        "state": hit.state.value,
        "text": passage.text,
        "text_hash": passage.text_hash,
        "similar": [{"key": one.key, "ordinal": one.ordinal} for one in hit.similar],
        "sort_value": hit.sort_value,
        "highlights": [list(span) for span in hit.highlights],
        "title_highlights": [list(span) for span in hit.title_highlights],
        "heading_highlights": [[list(span) for span in one] for one in hit.heading_highlights],
        "labels": list(passage.labels),
        "label_highlights": [[list(span) for span in one] for one in hit.label_highlights],
        "document_highlights": _moved(hit.highlights, passage.start),
        "fragment": _fragment_as_json(passage, hit.fragment),
        "fragments": [_fragment_as_json(passage, fragment) for fragment in hit.fragments],
    }


def _fragment_as_json(passage: Passage, fragment: Fragment) -> dict[str, Any]:
    return {
        "text": passage.text[fragment.start : fragment.end],
        "line": passage.line_at(fragment.start),
        "place": passage.place_of(fragment.start, fragment.end),
        "headings": list(passage.headings_at(fragment.start)),
        "start": fragment.start,
        "end": fragment.end,
        "highlights": _moved(fragment.spans, 0),
        "document_start": passage.start + fragment.start,
        "document_end": passage.start + fragment.end,
        "document_highlights": _moved(fragment.spans, passage.start),
    }


def _moved(spans: Iterable[tuple[int, int]], by: int) -> list[list[int]]:
    return [[start + by, end + by] for start, end in spans]
