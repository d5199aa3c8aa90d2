"""When was a file changed last?"""

from __future__ import annotations

import os

_LAST_NS = (1 << 63) - 1


def modified_ns(status: os.stat_result) -> int:
    """In nanoseconds since the epoch, as far as 64 bits hold them: file systems, and archives that
    are unpacked there, know times beyond April 2262.
    """
    return max(-_LAST_NS, min(status.st_mtime_ns, _LAST_NS))
