"""Which index is this, and can this version read it?

``searchkit.json`` in the index's directory: ``{"format": int, "analyzer": str}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from searchkit.errors import (
    IndexCorruptError,
    IndexNotFoundError,
    IndexTooNewError,
    IndexTooOldError,
)

FORMAT = 1
OLDEST_READABLE_FORMAT = 1

_FILE = "searchkit.json"


def is_index(directory: Path) -> bool:
    """Whether ``directory`` holds an index, of whatever format and in whatever state."""
    return (directory / _FILE).is_file()


@dataclass(frozen=True, slots=True)
class Manifest:
    """``format`` is the version of the files' layout, ``analyzer`` the name of the analyzer."""

    format: int
    analyzer: str

    @classmethod
    def read(cls, directory: Path) -> Manifest:
        """The manifest of the index in ``directory``.

        Raises ``IndexNotFoundError``, ``IndexCorruptError``, ``IndexTooOldError`` or
        ``IndexTooNewError``.
        """
        try:
            read = json.loads((directory / _FILE).read_bytes())
            manifest = cls(format=read["format"], analyzer=read["analyzer"])
        except (FileNotFoundError, NotADirectoryError):
            raise IndexNotFoundError(directory) from None
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise IndexCorruptError(directory, f"{_FILE} cannot be read: {error}") from error
        if not isinstance(manifest.format, int) or not isinstance(manifest.analyzer, str):
            raise IndexCorruptError(directory, f"{_FILE} holds values of the wrong kind")
        if manifest.format < OLDEST_READABLE_FORMAT:
            raise IndexTooOldError(directory, manifest.format, OLDEST_READABLE_FORMAT)
        if manifest.format > FORMAT:
            raise IndexTooNewError(directory, manifest.format, FORMAT)
        return manifest

    def write(self, directory: Path) -> None:
        """Put the manifest into ``directory``. Raises ``OSError``."""
        text = json.dumps({"format": self.format, "analyzer": self.analyzer}) + "\n"
        (directory / _FILE).write_text(text, encoding="utf-8")
