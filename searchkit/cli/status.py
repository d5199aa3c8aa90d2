"""``searchkit status``: tell what the index holds and where it lies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from searchkit.cli.places import collection_to_read, index_option, shown
from searchkit.cli.terminal import printable

if TYPE_CHECKING:
    from searchkit.collection import Status

SCHEMA = "searchkit.status/1"
"""Names the layout of the JSON output; the number grows when a field changes its meaning."""


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(as_json: bool, index: str | None) -> int:
    """Tell what the index holds, what it takes, and where it lies.

    Exit code: 0 done, 2 wrong usage, 3 no usable index.
    """
    with collection_to_read(index) as collection:
        status = collection.status()
    if as_json:
        # JSON in ASCII is safe to print, but for one character.
        click.echo(json.dumps(_as_json(status)).replace("\x7f", "\\u007f"))
    else:
        for name, value in _as_lines(status):
            click.echo(f"{name:<18}{printable(value)}")
        for path, reason in status.skipped:
            click.echo(f"  {printable(shown(path))}: {printable(reason)}")
    return 0


def _as_lines(status: Status) -> list[tuple[str, str]]:
    return [
        ("documents", f"{status.documents:,}"),
        ("passages", f"{status.passages:,}"),
        ("deleted passages", f"{status.deleted_passages:,}"),
        ("segments", f"{status.segments:,}"),
        ("bytes on disk", f"{status.size_bytes:,}"),
        ("format", str(status.format)),
        ("generation", f"{status.generation:,}"),
        ("index", shown(status.index)),
        ("kernels", "compiled" if status.kernels_compiled else "not compiled: slow"),
        *([("dictionary", status.dictionary)] if status.dictionary else []),
        *([("skipped", f"{len(status.skipped):,}")] if status.skipped else []),
    ]


def _as_json(status: Status) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "index": str(status.index),
        "documents": status.documents,
        "passages": status.passages,
        "deleted_passages": status.deleted_passages,
        "segments": status.segments,
        "size_bytes": status.size_bytes,
        "format": status.format,
        "generation": status.generation,
        "kernels_compiled": status.kernels_compiled,
        "dictionary": status.dictionary,
        "skipped": [{"path": path, "reason": reason} for path, reason in status.skipped],
    }
