"""What becomes of a segment until the next commit?"""

from __future__ import annotations

from dataclasses import dataclass, field

from searchkit.index.segment import SegmentReader


@dataclass(slots=True)
class PendingSegment:
    """A segment of the generation to be, and which of its documents are deleted by then."""

    reader: SegmentReader
    deleted: set[int] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    """Fields and columns that have left the schema since it was written."""

    @property
    def live_docs(self) -> int:
        return self.reader.live_docs - len(self.deleted)

    def settled(self, base: int) -> SegmentReader:
        """The segment with all its deletions."""
        reader = self.reader
        return SegmentReader(
            reader.data,
            reader.info,
            reader.deletions.with_deleted(self.deleted) if self.deleted else reader.deletions,
            reader.schema,
            reader.path,
            base,
        )
