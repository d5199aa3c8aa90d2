"""What is committed?

An index lives in one directory, in generations. A :class:`Writer` makes the next one, all or
nothing; a :class:`Snapshot` sees one, whole.
"""

from searchkit.index.manifest import is_index
from searchkit.index.snapshot import FieldStatistics, Snapshot
from searchkit.index.writer import Writer

__all__ = ["FieldStatistics", "Snapshot", "Writer", "is_index"]
