"""``searchkit index``: bring the index in step with files and folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchkit.cli.places import (
    collection_to_write,
    index_above,
    index_option,
    project_of,
    shown,
)
from searchkit.cli.terminal import complain, printable

if TYPE_CHECKING:
    from searchkit.collection import SyncReport


@click.command("index")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(paths: tuple[Path, ...], index: str | None) -> int:
    """Index PATHS: text, Markdown and HTML files, and folders of them.

    Run it again to bring the index in step: new and changed files are indexed, files that have
    gone are removed, all others are left alone. Without PATHS it takes the sources of the nearest
    searchkit.toml or pyproject.toml, else the folder seeds if there is one, else the current
    folder.

    Exit code: 0 done, 1 some files were skipped, 2 wrong usage, 3 no usable index.
    """
    project = project_of(paths)
    with collection_to_write(index) as collection:
        above = None if index is not None else index_above(collection)
        if above is not None:
            complain(f"note: this makes an index of its own; that at {shown(above)} stays as it is")
        report = collection.sync(project.sources, fields=project.fields)
        for note in report.notes:
            complain(f"note: {note}")
        for path, reason in report.failures:
            complain(f"skipped {shown(path)}: {reason}")
        if report.passed_over:
            kinds = ", ".join(sorted(suffix or "no suffix" for suffix in report.passed_over))
            passed_over = _count(sum(report.passed_over.values()), "file")
            complain(f"note: {passed_over} of other kinds left out ({kinds})")
        click.echo(printable(_summary(report, shown(collection.index))))
    return 1 if report.failures else 0


def _summary(report: SyncReport, index: str) -> str:
    changes = [
        f"{count:,} {what}"
        for count, what in (
            (report.added, "added"),
            (report.changed, "changed"),
            (report.removed, "removed"),
            (len(report.failures), "skipped"),
        )
        if count
    ]
    return (
        f"{_count(report.documents, 'document')} ({', '.join(changes) or 'nothing changed'}), "
        f"{_count(report.passages, 'passage')}, {report.seconds:.1f} seconds, index in {index}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
