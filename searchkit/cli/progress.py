"""How far is it? A line on stderr, on a terminal only."""

from __future__ import annotations

import os
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
_LONGEST_BAR, _SHORTEST_BAR = 24, 6
_BLOCKS, _ASCII = "█░", "#."


class ProgressBar:
    """A context manager that draws what it is called with, and takes it away at the end."""

    def __init__(self) -> None:
        # A dumb terminal cannot take away what has been drawn.
        is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._is_shown = is_terminal and os.environ.get("TERM") != "dumb"
        self._marks = _marks() if self._is_shown else _ASCII
        self._began = time.monotonic()
        self._next = self._began + _FIRST_SECONDS
        self._has_drawn = False

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if self._is_shown and now >= self._next:
            self._next = now + _EACH_SECONDS
            columns = shutil.get_terminal_size().columns
            self._has_drawn = True
            # The last column stays free: some terminals go to the next line after it.
            drawn = line(progress, now - self._began, columns - 1, self._marks)
            self._write(f"\r{drawn}\x1b[K")

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

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()


def _marks() -> str:
    try:
        _BLOCKS.encode(sys.stderr.encoding or "ascii")
    except (UnicodeError, LookupError):
        return _ASCII
    return _BLOCKS


def line(progress: Progress, seconds: float, columns: int, marks: str = _BLOCKS) -> str:
    """The line for ``progress`` after so many seconds, at most ``columns`` long: what there is no
    room for is left out whole. ``marks`` draw what is done and what is not.
    """
    files, total = progress.files, progress.files_total
    # By bytes, which tell better how long it takes; a file without any counts for something.
    done = progress.size_bytes + 1000 * files
    share = min(1.0, done / max(1, progress.size_bytes_total + 1000 * total))
    percent = f"{share:4.0%}"
    counted = f"{files:,} of {total:,} files"
    speed = f"{progress.size_bytes / 1e6 / max(seconds, 1e-9):.1f} MB/s"
    left = [f"{_clock(seconds / share - seconds)} left"] if share and seconds > 1 else []
    text = ""
    for parts in ([counted, speed, *left], [counted, *left], left, []):
        text = "  ".join([percent, *parts])
        if len(text) + 1 + _SHORTEST_BAR <= columns:
            break
    room = min(_LONGEST_BAR, columns - len(text) - 1)
    if room < _SHORTEST_BAR:
        return text[: max(0, columns)]
    full = int(share * room)
    return f"{marks[0] * full}{marks[1] * (room - full)} {text}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
