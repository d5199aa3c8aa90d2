"""Full-text search for your own documents: ranked, highlighted, citable passages.

import searchkit

with searchkit.open("notes") as notes:
    notes.sync(["notes"])
    for hit in notes.search("conscription age").hits:
        print(hit.score, hit.passage.key, hit.line)
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searchkit.citations import Citation, Finding, Verdict
    from searchkit.collection import Answer, Collection, DocumentInfo, Hit, find, open
    from searchkit.document import Document, Passage
    from searchkit.errors import (
        DocumentNotFoundError,
        IndexCorruptError,
        IndexLockedError,
        IndexNotFoundError,
        IndexTooNewError,
        IndexTooOldError,
        QuerySyntaxError,
        SchemaMismatchError,
        SearchkitError,
        StorageError,
        UnknownFieldError,
        UnreadableDocumentError,
        UsageError,
    )
    from searchkit.freshness import State
    from searchkit.part import Part
    from searchkit.report import SyncReport
    from searchkit.search.explanation import Explanation

__version__ = "0.1.0"

_HOMES = {
    "citations": ("Citation", "Finding", "Verdict"),
    "freshness": ("State",),
    "part": ("Part",),
    "collection": ("Answer", "Collection", "DocumentInfo", "Hit", "find", "open"),
    "report": ("SyncReport",),
    "search.explain": ("Explanation",),
    "document": ("Document", "Passage"),
    "errors": (
        "DocumentNotFoundError",
        "IndexCorruptError",
        "IndexLockedError",
        "IndexNotFoundError",
        "IndexTooNewError",
        "IndexTooOldError",
        "QuerySyntaxError",
        "SchemaMismatchError",
        "SearchkitError",
        "StorageError",
        "UnknownFieldError",
        "UnreadableDocumentError",
        "UsageError",
    ),
}

__all__ = [
    "Answer",
    "Citation",
    "Collection",
    "Document",
    "DocumentInfo",
    "DocumentNotFoundError",
    "Explanation",
    "Finding",
    "Hit",
    "IndexCorruptError",
    "IndexLockedError",
    "IndexNotFoundError",
    "IndexTooNewError",
    "IndexTooOldError",
    "Part",
    "Passage",
    "QuerySyntaxError",
    "SchemaMismatchError",
    "SearchkitError",
    "State",
    "StorageError",
    "SyncReport",
    "UnknownFieldError",
    "UnreadableDocumentError",
    "UsageError",
    "Verdict",
    "find",
    "open",
]


def __getattr__(name: str) -> object:
    # Late, because every command and every module of the package imports this one first.
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"searchkit.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
