"""What may one file take?"""

from __future__ import annotations

from searchkit.record import Record


class Limits(Record):
    """Past these a file is skipped and named.

    ``file_seconds`` is how long a reader may work on one file, ``file_bytes`` how long a file may
    be, ``memory_bytes`` what a worker process may take (where the system can be told so: not on
    Windows and macOS). How far a packed file may expand is ``Options.most_expanded_bytes``.
    """

    file_seconds: float = 60.0
    file_bytes: int = 256 << 20
    memory_bytes: int = 2 << 30
