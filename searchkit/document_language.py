"""By which language is a document analysed, and how does an index tell?"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from searchkit.analysis.languages import primary
from searchkit.index import Snapshot

ANALYSED = "_language"
"""The field that tells by which language each passage was analysed."""

UNKNOWN = "und"

_MOST = 1_000
"""Languages; a damaged index may have any number of terms there."""


def language_stored(language: str, stated: str) -> dict[str, object]:
    """What is kept of a document's language: what it says of it is what is shown."""
    if language == primary(stated):
        return {}
    return {"analysed": language} if stated else {"language": language}


def analysed(stored: Mapping[str, object], shown: str) -> str | None:
    """The language by which a passage was analysed; None if that was not kept."""
    language = stored.get("analysed")
    if isinstance(language, str):
        return language
    return primary(shown) or None


def languages(snapshot: Snapshot) -> list[tuple[str, int]]:
    """The languages by which passages were analysed, "" for unknown, and of how many."""
    if ANALYSED not in snapshot.schema.fields:
        return []
    terms = islice(snapshot.field(ANALYSED).terms(), _MOST)
    found = [(term.decode("utf-8", "replace"), count) for term, count in terms]
    return [("" if language == UNKNOWN else language, count) for language, count in found]


def language(snapshot: Snapshot, docnum: int) -> str:
    """The language by which a passage was analysed, or ""."""
    stored: Any = snapshot.stored(docnum)
    shown = stored.get("language", "")
    return analysed(stored, shown if isinstance(shown, str) else "") or ""
