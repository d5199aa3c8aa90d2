"""What did a sync do?"""

from __future__ import annotations

from dataclasses import dataclass, field

from searchkit.record import Record


class Progress(Record):
    """How far a sync is: files read of those that are to be, and their bytes."""

    files: int
    files_total: int
    size_bytes: int
    size_bytes_total: int


@dataclass(slots=True)
class SyncReport:
    """What a sync did.

    ``added``, ``changed``, ``removed``, ``renamed`` and ``unchanged`` count documents;
    ``documents`` and ``passages`` are what the index then holds. ``failures`` are pairs (path,
    reason) of what cannot be read, whether it was tried again or has not changed since; what the
    index had of it stays. ``new_failures`` are those that no earlier sync had. ``passed_over``
    counts the files in folders that are of no kind that can be read, by suffix. ``notes`` are what
    else there is to say, sentences without a full stop. ``seconds`` is how long it took.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    renamed: int = 0
    unchanged: int = 0
    documents: int = 0
    passages: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    new_failures: list[tuple[str, str]] = field(default_factory=list)
    passed_over: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
