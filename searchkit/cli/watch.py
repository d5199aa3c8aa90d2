"""``searchkit watch``: keep the index in step with folders as they change."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from searchkit.cli.places import collection_to_write, index_option, project_of, shown
from searchkit.cli.settings import settings_of
from searchkit.cli.terminal import complain, printable

if TYPE_CHECKING:
    from searchkit.collection import SyncReport
    from searchkit.errors import StorageError


@click.command("watch")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(paths: tuple[Path, ...], index: str | None) -> int:
    """Index the folders PATHS, and bring the index in step whenever something in them changes.

    Takes the same folders as index without PATHS. Ends with Ctrl-C.

    Exit code: 0 ended by SIGTERM, 2 wrong usage, 3 no usable index, 130 ended by Ctrl-C.
    """
    stop = Event()

    def end(*_: object) -> None:
        stop.set()
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    said: set[str] = set()

    def once(message: str) -> None:
        if message not in said:
            said.add(message)
            complain(message)

    def waits(error: StorageError) -> None:
        once(str(error))

    project = project_of(paths)
    try:
        with collection_to_write(index) as collection:
            for report in collection.watch(project.sources, stop, waits, **settings_of(project)):
                for path, reason in report.failures:
                    once(f"skipped {shown(path)}: {reason}")
                if line := _changes(report):
                    click.echo(printable(f"{time.strftime('%H:%M:%S')} {line}"))
    except KeyboardInterrupt:
        if not stop.is_set():
            raise
    return 0


def _changes(report: SyncReport) -> str:
    """What was done, or "" if nothing."""
    counts = (
        (report.added, "added"),
        (report.changed, "changed"),
        (report.removed, "removed"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in counts if count)
