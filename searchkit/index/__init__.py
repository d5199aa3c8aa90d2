"""What is committed?

An index lives in one directory. A :class:`Writer` changes it, all or nothing; a
:class:`Snapshot` sees it as it was when it was opened. Nothing above this folder knows how it is
stored: today in a Whoosh index.
"""

from searchkit.index.manifest import Manifest, is_index
from searchkit.index.record import DocumentRecord
from searchkit.index.snapshot import Snapshot
from searchkit.index.writer import Writer

__all__ = ["DocumentRecord", "Manifest", "Snapshot", "Writer", "is_index"]
