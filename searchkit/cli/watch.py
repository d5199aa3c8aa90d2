"""``searchkit watch``: keep the index in step with folders as they change."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from searchkit.cli.places import collection_to_write, index_option, project_of
from searchkit.cli.settings import settings_of
from searchkit.cli.skipped import say_skipped
from searchkit.cli.terminal import complain, printable

if TYPE_CHECKING:
    from searchkit.collection import SyncReport


@click.command("watch")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(paths: tuple[Path, ...], index: str | None) -> int:
    """Index PATHS, files and folders, and bring the index in step whenever one of them changes.

    Without PATHS it takes what index takes without. Ends with Ctrl-C.

    Exit code: 0 ended by SIGTERM, 2 wrong usage, 3 no usable index, 130 ended by Ctrl-C.
    """
    stop = Event()

    def end(*_: object) -> None:
        stop.set()
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    skipped: dict[str, str] = {}
    waits_for = ""
    is_ready = False

    def waits(error: Exception) -> None:
        nonlocal waits_for
        said = f"{error}; watching goes on"
        if said != waits_for:
            waits_for = said
            complain(said)

    project = project_of(paths)
    settings = settings_of(project)
    settings["are_sources"] = not paths
    try:
        with collection_to_write(index) as collection:
            for report in collection.watch(project.sources, stop, waits, **settings):
                waits_for = ""
                say_skipped([one for one in report.failures if skipped.get(one[0]) != one[1]])
                skipped.update(report.failures)
                for note in report.notes:
                    complain(f"note: {note}")
                line = _changes(report)
                if not is_ready:
                    # Else nobody knows when it is worth changing something.
                    is_ready = True
                    line = f"{report.documents:,} in the index ({line or 'in step'}), watching"
                if line:
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
        (report.renamed, "renamed"),
        (report.removed, "removed"),
    )
    return ", ".join(f"{count:,} {what}" for count, what in counts if count)
