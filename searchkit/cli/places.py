"""Which index does a command mean, and how are places shown?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from searchkit.collection import Collection, Project, find, find_project, open
from searchkit.errors import IndexNotFoundError, UsageError

index_option = click.option(
    "--index",
    "index",
    metavar="DIR",
    envvar="SEARCHKIT_INDEX",
    help="The index's folder, or the folder that holds it. Default: .searchkit "
    "in the current folder, or, where it is only read, in the nearest one above.",
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


def project_of(paths: tuple[Path, ...]) -> Project:
    """The project at the current folder, with ``paths`` for its sources if there are any.

    Raises ``UsageError`` for a configuration that cannot be understood, or names what is not there.
    """
    project = find_project(Path.cwd())
    if paths:
        return Project(project.index, paths, project.config)
    for source in project.sources:
        if project.config is not None and not os.path.lexists(source):
            file = shown(project.config.file)
            raise UsageError(f"{file}: there is no source {shown(source)}")
    return project


def key_of(path: str, collection: Collection) -> str:
    """The key that the file at ``path`` has, as a user in the current folder writes it."""
    absolute = os.path.abspath(path)
    folder, name = os.path.split(absolute)
    file = Path(os.path.realpath(folder)) / name
    root = collection.index.parent
    return (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()


def place_of(path: str, line: int, place: str) -> str:
    """Where a passage begins, as it is shown: "notes.txt:8", "report.pdf, page 3"."""
    if line:
        return f"{path}:{line}"
    return f"{path}, {place}" if place else path


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
