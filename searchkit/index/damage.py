"""What does Whoosh raise when an index is damaged or cannot be written?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searchkit.errors import IndexCorruptError, SearchkitError, StorageError


@contextmanager
def translated(directory: Path) -> Iterator[None]:
    """Turn what Whoosh raises inside into ``StorageError``s about the index in ``directory``.

    Whoosh checks nothing that it reads, so damaged bytes end in whatever exception they cause.
    """
    try:
        yield
    except SearchkitError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(
            f"the index at {directory} cannot be read or written: {reason}; "
            "mend that, then try again",
            directory,
        ) from error
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        raise IndexCorruptError(directory, detail) from error
