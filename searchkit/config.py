"""What was configured, and where does the index lie?

A project's settings stand in ``searchkit.toml``, or in ``[tool.searchkit]`` of a
``pyproject.toml``, in the current folder or the nearest one above it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from searchkit.analysis.dictionary import checked_dictionary
from searchkit.errors import UsageError
from searchkit.index import is_index
from searchkit.metadata import checked
from searchkit.record import Record

SETTINGS_FILE = "searchkit.toml"

INDEX_FOLDER = ".searchkit"
"""The name of the folder that holds the index, in the folder that it is about."""

_LONGEST_BYTES = 1_000_000

_INSTEAD = "; name it on the command line instead: searchkit index PATH"

SETTINGS = (
    "sources",
    "fields",
    "include",
    "exclude",
    "text_field",
    "title_field",
    "key_field",
    "synonyms",
    "dictionary",
)
"""The names that a configuration may have."""


class Config(Record):
    """The settings of one project: ``sources`` are what to index, absolute, below ``folder``;
    ``fields`` the kinds of the fields of metadata that it adds, by their names; ``include`` and
    ``exclude`` are patterns for files, the next three name fields of rows, and ``synonyms`` is a
    file of them, below ``folder``; ``dictionary`` is the name of one, or "".
    """

    file: Path
    folder: Path
    sources: tuple[Path, ...]
    fields: Mapping[str, str]
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    text_field: str = ""
    title_field: str = ""
    key_field: str = ""
    synonyms: Path | None = None
    dictionary: str = ""


class Project(Record):
    """What indexing is about when nothing is named: where the index lies, and what to index;
    ``config`` are the settings, if there are any.
    """

    index: Path
    sources: tuple[Path, ...]
    config: Config | None = None

    @property
    def fields(self) -> Mapping[str, str] | None:
        """The fields of metadata as configured, or None where there is no configuration."""
        return self.config.fields if self.config else None


def find_project(start: Path) -> Project:
    """The project at ``start``: that of the nearest configuration, else the folder itself.

    Without configured sources, they are the folder's ``seeds`` if it has one, else the folder.

    Raises ``UsageError`` for a configuration that cannot be understood.
    """
    config = find_config(start)
    folder = config.folder if config else Path(os.path.realpath(start))
    sources = config.sources if config else ()
    if not sources:
        seeds = folder / "seeds"
        sources = (seeds if seeds.is_dir() else folder,)
    return Project(folder / INDEX_FOLDER, sources, config)


def find_config(start: Path) -> Config | None:
    """The nearest configuration at or above ``start``, or None.

    Raises ``UsageError`` for one that cannot be understood.
    """
    for folder in _upwards(start):
        for file in (folder / SETTINGS_FILE, folder / "pyproject.toml"):
            if os.path.isfile(file):
                table = _table(file)
                if table is not None:
                    return _config(file, table)
    return None


def find_index(start: Path) -> Path | None:
    """The nearest index folder at or above ``start``, or None."""
    for folder in _upwards(start):
        if is_index(folder / INDEX_FOLDER):
            return folder / INDEX_FOLDER
    return None


def _upwards(start: Path) -> Iterator[Path]:
    start = Path(os.path.realpath(start))
    yield start
    yield from start.parents


def _table(file: Path) -> dict[str, object] | None:
    # Late: whoever only searches reads no configuration.
    import tomllib

    text = _text(file)
    try:
        read = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    if file.name == SETTINGS_FILE:
        return read
    tool = read.get("tool", {})
    table = tool.get("searchkit") if isinstance(tool, dict) else tool
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{file}: [tool.searchkit] must be a table")
    return table


def _text(file: Path) -> str:
    """What is in ``file``. Raises ``UsageError``."""
    try:
        # Opening a pipe would wait for its other end.
        if not os.path.isfile(file):
            raise UsageError(f"{file} cannot be read: it is not a regular file")
        if os.path.getsize(file) > _LONGEST_BYTES:
            raise UsageError(f"{file} is longer than {_LONGEST_BYTES:,} bytes")
        # Some editors begin a file with a byte order mark, which TOML does not know.
        return file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error


def _config(file: Path, table: dict[str, object]) -> Config:
    unknown = sorted(set(table) - set(SETTINGS))
    if unknown:
        raise UsageError(
            f"{file}: unknown setting {unknown[0]!r}; the settings are: {', '.join(SETTINGS)}"
        )
    sources = table.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(one, str) for one in sources):
        raise UsageError(f'{file}: sources must be a list of paths, such as ["notes"]')
    fields = table.get("fields", {})
    if not isinstance(fields, dict):
        raise UsageError(f'{file}: fields must be a table of names, such as year = "number"')
    synonyms = table.get("synonyms", "")
    if not isinstance(synonyms, str):
        raise UsageError(f'{file}: synonyms must be the name of a file, such as "synonyms.txt"')
    dictionary = table.get("dictionary", "")
    if not isinstance(dictionary, str):
        raise UsageError(f'{file}: dictionary must be the name of one, "icu"')
    try:
        checked_dictionary(dictionary)
        kinds = checked(fields)
    except (UsageError, ValueError) as error:
        raise UsageError(f"{file}: {error}") from None
    return Config(
        file,
        file.parent,
        tuple(_source(file, one, _INSTEAD) for one in sources),
        kinds,
        _patterns(file, table, "include"),
        _patterns(file, table, "exclude"),
        _field(file, table, "text_field"),
        _field(file, table, "title_field"),
        _field(file, table, "key_field"),
        _source(file, synonyms) if synonyms else None,
        dictionary,
    )


def synonyms_of(folder: Path) -> tuple[Path | None, str]:
    """The file of synonyms that the configuration in ``folder`` names, and what it holds; no file
    if it names none. Raises ``UsageError``.
    """
    for file in (folder / SETTINGS_FILE, folder / "pyproject.toml"):
        # Parsing TOML takes longer than most searches.
        try:
            if "synonyms" not in _text(file):
                continue
        except UsageError:
            continue
        table = _table(file)
        config = None if table is None else _config(file, table)
        if config is not None:
            if config.synonyms is None:
                return None, ""
            return config.synonyms, _text(config.synonyms)
    return None, ""


def _patterns(file: Path, table: dict[str, object], name: str) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UsageError(f'{file}: {name} must be a list of patterns, such as ["*.log"]')
    return tuple(value)


def _field(file: Path, table: dict[str, object], name: str) -> str:
    value = table.get(name, "")
    if not isinstance(value, str):
        raise UsageError(f'{file}: {name} must be the name of a field, such as "body"')
    return value


def _source(file: Path, source: str, instead: str = "") -> Path:
    # A configuration comes along with a folder somebody else may have made: it must not be able
    # to draw other files of its reader into an index.
    try:
        path = Path(os.path.realpath(file.parent / source))
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {source!r} is not a path: {error}") from error
    if not path.is_relative_to(file.parent):
        raise UsageError(f"{file}: {source!r} lies outside of {file.parent}{instead}")
    return path
