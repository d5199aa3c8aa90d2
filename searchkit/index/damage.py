"""How do damaged bytes become an error that says which index?"""

from __future__ import annotations

from pathlib import Path

from searchkit.codec import CorruptError
from searchkit.errors import IndexCorruptError


class reading:
    """Turns ``CorruptError``s into ``IndexCorruptError``s about the index at ``path``."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if isinstance(error, CorruptError):
            raise IndexCorruptError(self._path, str(error)) from error
