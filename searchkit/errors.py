"""What can go wrong, and who mends it?

    SearchkitError
      UsageError              the caller mends it; exit code 2
        QuerySyntaxError
        UnknownFieldError
        SchemaMismatchError
        UnreadableDocumentError
        DocumentNotFoundError
      StorageError            the operator mends it; exit code 3
        IndexNotFoundError
        IndexLockedError
        IndexCorruptError
        IndexTooOldError
        IndexTooNewError

Each message says what happened, where, and what to do next. Bugs stay ``ValueError`` and
``AssertionError``.
"""

from __future__ import annotations

from pathlib import Path


class SearchkitError(Exception):
    """Base of all errors that searchkit raises on purpose."""

    exit_code = 1


class UsageError(SearchkitError):
    """The caller asked for something that cannot be done as asked."""

    exit_code = 2


class QuerySyntaxError(UsageError):
    """A query cannot be understood as typed.

    ``position`` is the offset into the query, in code points, of what was not understood.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class UnknownFieldError(UsageError):
    """A query names a field that the collection does not have."""

    def __init__(self, field: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"there is no field {field!r}; the fields are {', '.join(known)}; more can be declared "
            "under [fields] in searchkit.toml"
        )
        self.field = field
        self.known = known


class SchemaMismatchError(UsageError):
    """An index has another schema than the one it was opened with. ``path`` is its directory."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"the index at {path} has other fields than those asked for; use the schema that it "
            "has, or make a new index"
        )
        self.path = path


class UnreadableDocumentError(UsageError):
    """A file gives no text. ``reason`` is one line, without the file's name."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class DocumentNotFoundError(UsageError, KeyError):
    """The index has no such document, or that has no such passage or line.

    ``key`` is the document's. ``nearest`` are keys that may be meant.
    """

    def __init__(self, key: str, missing: str = "document", nearest: tuple[str, ...] = ()) -> None:
        name = key or '""'
        place = f" in {name}" if missing != "document" else f" {name} in the index"
        meant = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        super().__init__(f"there is no {missing}{place}{meant}")
        self.key = key
        self.nearest = nearest

    # A KeyError would show its message in quotes.
    __str__ = Exception.__str__


class StorageError(SearchkitError):
    """The index cannot be used as it is. ``path`` is the index's directory."""

    exit_code = 3

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


class IndexNotFoundError(StorageError):
    """There is no index where it was looked for: at ``path``, or ``where`` else."""

    def __init__(self, path: Path, where: str = "at") -> None:
        named = "" if where != "at" or path.name == ".searchkit" else f" --index {path}"
        super().__init__(
            f"there is no index {where} {path}; make one with: searchkit index{named}", path
        )


class IndexLockedError(StorageError):
    """Another process is writing to the index. ``holder`` says which, if it is known."""

    def __init__(self, path: Path, holder: str | None = None) -> None:
        named = f" ({holder})" if holder else ""
        super().__init__(
            f"another process is writing to the index at {path}{named}; "
            "wait for it, then try again",
            path,
        )
        self.holder = holder


class IndexCorruptError(StorageError):
    """The index's files are damaged. ``detail`` says what is wrong."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            f"the index at {path} is damaged ({detail}); remove that folder, "
            "then make it anew with: searchkit index",
            path,
        )
        self.detail = detail


class IndexTooOldError(StorageError):
    """The index was written in a format that this version reads no more."""

    def __init__(self, path: Path, found: int, oldest: int) -> None:
        super().__init__(
            f"the index at {path} has format {found}, and this version reads {oldest} and later; "
            "remove that folder, then make it anew with: searchkit index",
            path,
        )
        self.found = found
        self.oldest = oldest


class IndexTooNewError(StorageError):
    """The index was written by a later version of searchkit."""

    def __init__(self, path: Path, found: int, newest: int) -> None:
        super().__init__(
            f"the index at {path} has format {found}, and this version reads up to {newest}; "
            "install a later searchkit",
            path,
        )
        self.found = found
        self.newest = newest
