"""Which index does a command mean, and how are places shown?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from searchkit.collection import Collection, find, find_project, open
from searchkit.errors import IndexNotFoundError

index_option = click.option(
    "--index",
    "index",
    metavar="DIR",
    envvar="SEARCHKIT_INDEX",
    help="The index's folder, or the folder that holds it. Default: .searchkit, "
    "found as git finds its repository.",
)


def collection_to_read(index: str | None) -> Collection:
    """The collection that ``--index`` names, else the nearest one at or above the current folder.

    Raises ``IndexNotFoundError``.
    """
    return find() if index is None else _named(index)


def collection_to_write(index: str | None) -> Collection:
    """The collection that ``--index`` names, else that of the project at the current folder.

    Raises ``UsageError`` for a configuration that cannot be understood.
    """
    return Collection(find_project(Path.cwd()).index) if index is None else _named(index)


def index_above(collection: Collection) -> Path | None:
    """The index that was used so far in the folder of a collection that has none yet, if any."""
    if collection.exists():
        return None
    try:
        return find(collection.index.parent).index
    except IndexNotFoundError:
        return None


def _named(index: str) -> Collection:
    return open(index) if os.path.isdir(index) else Collection(index)


def shown(path: str | Path) -> str:
    """``path`` as a user in the current folder would write it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # Another drive, on Windows.
        return str(path)
    return str(path) if relative.startswith(os.path.join("..", "..")) else relative
