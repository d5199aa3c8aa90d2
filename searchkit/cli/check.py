"""``searchkit check``: verify every byte of the index."""

from __future__ import annotations

import os
import sys
import time

import click

from searchkit.cli.places import collection_to_read, index_option, shown
from searchkit.cli.terminal import complain, printable
from searchkit.errors import IndexCorruptError


@click.command("check")
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(index: str | None) -> int:
    """Read the whole index, and say what is damaged.

    Every checksum is verified, and everything that refers to something else is compared with it.
    Changes nothing; others may search and write meanwhile.

    Exit code: 0 sound, 2 wrong usage, 3 damaged, or no usable index.
    """
    began = time.monotonic()
    with collection_to_read(index) as collection:
        if sys.stderr is not None and sys.stderr.isatty():
            # It may take half a minute for each gigabyte.
            size = sum(entry.stat().st_size for entry in os.scandir(collection.index))
            click.echo(f"checking {size / 1e6:,.1f} MB …", err=True)
        problems = 0
        for problem in collection.check():
            complain(problem)
            problems += 1
        if problems:
            raise IndexCorruptError(collection.index, _count(problems, "problem"))
        status = collection.status()
    held = f"{_count(status.documents, 'document')}, {_count(status.passages, 'passage')}"
    seconds = time.monotonic() - began
    click.echo(printable(f"sound: {held}, {seconds:.1f} seconds, index in {shown(status.index)}"))
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
