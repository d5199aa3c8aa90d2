"""Full-text search for your own documents: ranked, highlighted, citable passages.

import searchkit

with searchkit.open("notes") as notes:
    notes.sync(["notes"])
    for hit in notes.search("conscription age").hits:
        print(hit.score, hit.passage.key, hit.passage.line)
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searchkit.collection import Answer, Collection, Hit, SyncReport, find, open
    from searchkit.document import Document, Passage

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Collection",
    "Document",
    "Hit",
    "Passage",
    "SyncReport",
    "find",
    "open",
]


def __getattr__(name: str) -> object:
    # Late, because every command and every module of the package imports this one first.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "document" if name in ("Document", "Passage") else "collection"
    return getattr(import_module(f"searchkit.{home}"), name)
