"""What becomes of a writer when the system, or the format, refuses what it writes?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from searchkit.codec import LimitError
from searchkit.errors import StorageError


class all_or:
    """Calls ``cancel`` after an error, because what was being done is half done.

    What the system or the format refuses becomes ``StorageError`` about the index at ``path``. A
    class, because a writer enters it for each document, and a generator costs a microsecond more.
    """

    __slots__ = ("_cancel", "_path")

    def __init__(self, cancel: Callable[[], None], path: Path) -> None:
        self._cancel = cancel
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            return
        self._cancel()
        if isinstance(error, OSError):
            raise refused("write", self._path, error) from error
        if isinstance(error, LimitError):
            said = f"cannot write the index at {self._path}: {error}"
            raise StorageError(said, self._path) from error


def refused(act: str, path: Path, error: OSError) -> StorageError:
    """The error for what the system refused."""
    reason = error.strerror or str(error)
    return StorageError(
        f"cannot {act} the index at {path}: {reason}; mend that, then try again", path
    )
