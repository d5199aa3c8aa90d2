"""How does a request to end reach a run that has things to put away?"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Inside, SIGTERM raises ``SystemExit`` with 143, the exit code that shells expect of it, so
    that worker processes are ended and the lock is given back.
    """

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
