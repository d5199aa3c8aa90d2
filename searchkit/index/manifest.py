"""Which index is this, and can this version read it?

``searchkit.json`` in the index's directory: ``{"format": int, "id": str, "analyzer": str}``. It
comes with the first commit: before that there is no index.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from searchkit.analysis import is_analyzer
from searchkit.errors import (
    IndexCorruptError,
    IndexNotFoundError,
    IndexTooNewError,
    IndexTooOldError,
    StorageError,
)

FORMAT = 1
OLDEST_READABLE_FORMAT = 1

_FILE = "searchkit.json"


def is_index(directory: Path) -> bool:
    """Whether ``directory`` holds an index, of whatever format and in whatever state."""
    return os.path.isfile(directory / _FILE)


@dataclass(frozen=True, slots=True)
class Manifest:
    """``format`` is the version of the files' layout, ``id`` tells this index from one made anew in
    its place, ``analyzer`` is the name of the analyzer.
    """

    format: int
    id: str
    analyzer: str

    @classmethod
    def new(cls, analyzer: str) -> Manifest:
        """The manifest of an index to be made."""
        return cls(format=FORMAT, id=secrets.token_hex(16), analyzer=analyzer)

    @classmethod
    def read(cls, directory: Path) -> Manifest:
        """The manifest of the index in ``directory``.

        Raises ``IndexNotFoundError``, ``IndexCorruptError``, ``IndexTooOldError`` or
        ``IndexTooNewError``.
        """
        try:
            read = json.loads((directory / _FILE).read_bytes())
            manifest = cls(format=read["format"], id=read["id"], analyzer=read["analyzer"])
        except (FileNotFoundError, NotADirectoryError):
            raise IndexNotFoundError(directory) from None
        except OSError as error:
            raise StorageError(
                f"{directory / _FILE} cannot be read: {error.strerror or error}", directory
            ) from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise IndexCorruptError(directory, f"{_FILE} cannot be read: {error}") from error
        if not isinstance(manifest.format, int):
            raise IndexCorruptError(directory, f"{_FILE} names no format")
        if manifest.format < OLDEST_READABLE_FORMAT:
            raise IndexTooOldError(directory, manifest.format, OLDEST_READABLE_FORMAT)
        if manifest.format > FORMAT:
            raise IndexTooNewError(directory, manifest.format, FORMAT)
        if not isinstance(manifest.id, str) or not is_analyzer(manifest.analyzer):
            raise IndexCorruptError(directory, f"{_FILE} names no analyzer that there is")
        return manifest

    def write(self, directory: Path) -> None:
        """Put the manifest into ``directory``. Raises ``OSError``."""
        text = json.dumps({"format": self.format, "id": self.id, "analyzer": self.analyzer}) + "\n"
        temporary = directory / f"{_FILE}.new"
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(directory / _FILE)
