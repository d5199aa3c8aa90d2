"""Where do the files lie, and what may be relied on there?

:class:`Directory` is the contract: named files that are written once, synced, renamed whole, and
mapped for reading. :class:`DiskDirectory` and :class:`MemoryDirectory` keep it; what one operating
system does differently stays in this folder. ``envelope`` gives each file a head, checksummed
sections and a foot. Nothing here knows what the files mean.
"""

from searchkit.storage.directory import Directory, Lock, Output
from searchkit.storage.disk import DiskDirectory
from searchkit.storage.envelope import SectionReader, SectionWriter
from searchkit.storage.memory import MemoryDirectory

__all__ = [
    "Directory",
    "DiskDirectory",
    "Lock",
    "MemoryDirectory",
    "Output",
    "SectionReader",
    "SectionWriter",
]
