"""What is committed?

An index lives in one directory, in generations. A :class:`Writer` makes the next one, all or
nothing; a :class:`Snapshot` sees one, whole.
"""

from typing import TYPE_CHECKING

from searchkit.index.manifest import is_begun, is_index
from searchkit.index.snapshot import FieldStatistics, Snapshot

if TYPE_CHECKING:
    from searchkit.index.writer import Writer

__all__ = ["FieldStatistics", "Snapshot", "Writer", "is_begun", "is_index"]


def __getattr__(name: str) -> object:
    # Late: whoever only searches does not wait for what writes.
    if name == "Writer":
        from searchkit.index.writer import Writer

        return Writer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
