"""How far is it? A line on stderr, on a terminal only."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from searchkit.collection import Progress

_FIRST_SECONDS = 0.5
"""A run that ends sooner shows no bar."""
_EACH_SECONDS = 0.1
_BAR_COLUMNS = 24


class ProgressBar:
    """A context manager that draws what it is called with, and takes it away at the end."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr is not None and sys.stderr.isatty()
        self._began = time.monotonic()
        self._next = self._began + _FIRST_SECONDS
        self._has_drawn = False

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if self._is_shown and now >= self._next:
            self._next = now + _EACH_SECONDS
            self._draw(line(progress, now - self._began))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._has_drawn:
            self._write("\r\x1b[K")

    def _draw(self, text: str) -> None:
        columns = shutil.get_terminal_size().columns
        self._has_drawn = True
        self._write(f"\r{text[: columns - 1]}\x1b[K")

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()


def line(progress: Progress, seconds: float) -> str:
    """The line for ``progress`` after so many seconds."""
    files, total = progress.files, progress.files_total
    # By bytes, which tell better how long it takes; a file without any counts for something.
    done = progress.size_bytes + 1000 * files
    share = min(1.0, done / max(1, progress.size_bytes_total + 1000 * total))
    full = int(share * _BAR_COLUMNS)
    bar = "█" * full + "░" * (_BAR_COLUMNS - full)
    speed = progress.size_bytes / 1e6 / max(seconds, 1e-9)
    parts = [f"{bar} {share:4.0%}", f"{files:,} of {total:,} files", f"{speed:.1f} MB/s"]
    if share and seconds > 1:
        parts.append(f"{_clock(seconds / share - seconds)} left")
    return "  ".join(parts)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
