"""Which files are there, and under which keys?

A document's key is its file's path relative to the folder that holds the index, with ``/``;
absolute where the file lies outside of that folder. So keys do not collide.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from searchkit.choice import Choice, chosen, is_read_as_text
from searchkit.config import SETTINGS_FILE
from searchkit.errors import UsageError
from searchkit.file_time import modified_ns
from searchkit.ignored import NAMES, Chain, Patterns, above, extended, is_ignored
from searchkit.readers.formats import format_of

FOUND, NAMED = range(2)
"""Where a file comes from: found in a folder, or named itself."""


class File(NamedTuple):
    """A file as a walk saw it. ``as_text``: it is of no known kind, and wanted all the same."""

    path: str
    size_bytes: int
    modified_ns: int
    origin: int = FOUND
    is_link: bool = False
    as_text: bool = False


@dataclass(slots=True)
class Walk:
    """What lies below some paths.

    ``asked`` are the keys of those paths. ``files`` maps keys to files, in the order of the walk.
    ``failures`` are pairs (key, reason) of what could not be looked at. ``unseen`` are the keys of
    folders that could not be listed: of what lies below them, nothing is known. ``passed_over``
    counts the files of kinds that no reader knows, by suffix.
    """

    asked: list[str] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


def walk(
    paths: Sequence[Path],
    root: Path,
    index: Path,
    choice: Choice = Choice(),  # noqa: B008 - it never changes
    *,
    may_lack: bool = False,
    only: Sequence[Path] | None = None,
) -> Walk:
    """Find the files at and below ``paths``; ``root`` is the folder that keys are relative to.

    Both ``root`` and ``index`` are resolved. A folder is searched for files that a reader knows
    and ``choice`` wants; hidden files and folders are left out, and what ignore files leave out,
    and ``index``. Links to folders are not followed, nor links to files outside of the folder. A
    file that is named itself is taken in any case.

    With ``only``, absolute paths, nothing else is looked at: of each it is found what the walk
    would have found there and below. Then ``paths`` need not exist.

    Raises ``UsageError`` if one of ``paths`` does not exist, or, with ``may_lack``, reports it.
    """
    found = Walk()
    search = _Search(found, str(root), str(index), choice)
    if only is not None:
        search.some(paths, only)
        return found
    for path in paths:
        if not may_lack and not os.path.lexists(path):
            raise UsageError(
                f"there is no file or folder {path} (to remove from the index what has gone, "
                "index the folder above it)"
            )
    for path in paths:
        if os.path.isdir(path):
            search.folder(os.path.realpath(path))
        else:
            search.named(path)
    return found


def key_of(path: Path, root: Path) -> str:
    """The key of the document at the absolute ``path``."""
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.as_posix()


def is_below_any(key: str, folders: Collection[str]) -> bool:
    """Whether ``key`` is one of ``folders``, a set of keys, or that of something below one."""
    if key in folders or ("/" if os.path.isabs(key) else ".") in folders:
        return True
    while (slash := key.rfind("/")) > 0:
        key = key[:slash]
        if key in folders:
            return True
    return False


class _Search:
    """Adds to ``found``. Paths are strings, and each file's state is asked for once: a folder may
    hold a hundred thousand files, and most runs find that nothing has changed.
    """

    def __init__(self, found: Walk, root: str, index: str, choice: Choice) -> None:
        self._found = found
        self._root = root
        self._index = index
        self._choice = choice
        self._real_parents: dict[Path, str] = {}
        self._can_read: dict[str, bool] = {}

    def named(self, path: Path) -> None:
        """Take in a file that was named. A link is indexed under its own name."""
        real = self._real(path)
        key = self._key(real)
        self._found.asked.append(key)
        if not self._has_utf8_name(real, key):
            return
        try:
            status = os.stat(real)
            is_link = os.path.islink(real)
        except OSError as error:
            self._found.failures.append((key, error.strerror or str(error)))
            return
        as_text = is_read_as_text(real, self._root, self._choice)
        self._take(key, real, status, NAMED, is_link=is_link, as_text=as_text)

    def _real(self, path: Path) -> str:
        parent = self._real_parents.get(path.parent)
        if parent is None:
            parent = self._real_parents[path.parent] = os.path.realpath(path.parent)
        return os.path.join(parent, path.name)

    def folder(self, top: str) -> None:
        """Take in what is wanted below the folder ``top``, a real path."""
        scope, prefix, chain = self._scope(top)
        self._found.asked.append(scope.key)
        self._below(scope, [(scope.base, prefix, chain)])

    def some(self, tops: Sequence[Path], paths: Sequence[Path]) -> None:
        """Take in what a walk of ``tops`` would find at and below each of ``paths``."""
        folders = [os.path.realpath(top) for top in tops if os.path.isdir(top)]
        files = [top for top in tops if not os.path.isdir(top)]
        for path in map(str, paths):
            for file in files:
                if os.path.lexists(file) and _is_below(self._real(file), path):
                    self.named(file)
                elif self._real(file) == path:
                    self._found.asked.append(self._key(path))
            for top in folders:
                if _is_below(top, path):
                    self.folder(top)
                elif _is_below(path, top):
                    self._found.asked.append(self._key(path))
                    self._within(top, path)

    def _within(self, top: str, path: str) -> None:
        """Take in what is wanted at and below ``path``, which lies below the folder ``top``."""
        scope, prefix, chain = self._scope(top)
        here = scope.base
        *folders, name = path[len(here) :].split(os.sep)
        for folder in folders:
            chain = extended(chain, here, _hidden_in(here))
            if not self._enters(scope, _Entry(here + folder), here + folder, chain):
                return
            here, prefix = f"{here}{folder}{os.sep}", f"{prefix}{folder}/"
        chain = extended(chain, here, _hidden_in(here))
        self._below(scope, self._taken(scope, [_Entry(here + name)], here, prefix, chain))

    def _scope(self, top: str) -> tuple[_Scope, str, Chain]:
        """What holds below ``top``; what keys there begin with; what ignore files above it say."""
        top_key = self._key(top)
        base = top.rstrip(os.sep) + os.sep
        # What is configured is said of the folder that holds the index; elsewhere of this one.
        at = self._root.rstrip(os.sep) + os.sep
        at = at if base.startswith(at) else base
        scope = _Scope(
            top_key, base, chosen(at, self._choice.include), chosen(at, self._choice.exclude)
        )
        prefix = "" if top_key == "." else top_key.rstrip("/") + "/"
        return scope, prefix, above(top, self._root)

    def _below(self, scope: _Scope, waiting: list[tuple[str, str, Chain]]) -> None:
        """Take in what is wanted below the folders that are ``waiting``, each with what keys in it
        begin with, and what ignore files say from above.
        """
        while waiting:
            here, prefix, chain = waiting.pop()
            try:
                with os.scandir(here) as entries:
                    listed = sorted(entries, key=_name)
            except OSError as error:
                key = prefix.rstrip("/") or scope.key
                self._found.failures.append((key, error.strerror or str(error)))
                self._found.unseen.append(key)
                continue
            hidden = [entry.name for entry in listed if entry.name[0] == "."]
            if hidden and (".git" in hidden or any(name in hidden for name in NAMES)):
                chain = extended(chain, here, hidden)
            waiting += reversed(self._taken(scope, listed, here, prefix, chain))

    def _taken(
        self,
        scope: _Scope,
        listed: Iterable[os.DirEntry[str] | _Entry],
        here: str,
        prefix: str,
        chain: Chain,
    ) -> list[tuple[str, str, Chain]]:
        """Take in the files that are wanted of what lies in the folder ``here``; the folders that
        are to be searched, as ``_below`` takes them.
        """
        include, exclude = scope.include, scope.exclude
        folders = []
        for entry in listed:
            name = entry.name
            if name[0] == ".":
                continue
            path = here + name
            if entry.is_dir(follow_symlinks=False):
                if self._enters(scope, entry, path, chain):
                    folders.append((path + os.sep, f"{prefix}{name}/", chain))
                continue
            known = self._is_known(name)
            if include and not include.says(path, False):
                continue
            if not known and not include:
                if name != SETTINGS_FILE and not (entry.is_symlink() and os.path.isdir(path)):
                    self._found.passed_over[_suffix(name)] += 1
                continue
            if (exclude and exclude.says(path, False)) or (
                chain and is_ignored(chain, path, False)
            ):
                continue
            self._entry(entry, path, prefix + name, scope.base, as_text=not known)
        return folders

    def _enters(
        self, scope: _Scope, entry: os.DirEntry[str] | _Entry, path: str, chain: Chain
    ) -> bool:
        """Whether a walk searches what stands at ``path``."""
        return (
            entry.name[0] != "."
            and entry.is_dir(follow_symlinks=False)
            and path != self._index
            and not (scope.exclude and scope.exclude.says(path, True))
            and not (chain and is_ignored(chain, path, True))
        )

    def _entry(
        self, entry: os.DirEntry[str] | _Entry, path: str, key: str, base: str, *, as_text: bool
    ) -> None:
        try:
            is_link = entry.is_symlink()
            if is_link:
                if not os.path.realpath(path).startswith(base) or entry.is_dir():
                    return
                status = os.stat(path)
            else:
                status = entry.stat(follow_symlinks=False)
        except OSError:  # It has just gone, or leads nowhere.
            return
        if path.isascii() or self._has_utf8_name(path, key):
            self._take(key, path, status, FOUND, is_link=is_link, as_text=as_text)

    def _take(
        self,
        key: str,
        path: str,
        status: os.stat_result,
        origin: int,
        *,
        is_link: bool,
        as_text: bool,
    ) -> None:
        if not stat.S_ISREG(status.st_mode):
            # Opening a pipe would wait for its other end.
            self._found.failures.append((key, "it is not a regular file"))
            return
        before = self._found.files.get(key)
        if before is None or origin > before.origin:
            self._found.files[key] = File(
                path, status.st_size, modified_ns(status), origin, is_link, as_text
            )

    def _is_known(self, name: str) -> bool:
        """Whether a reader knows files of this name: asked once for each kind of name, and for each
        name without suffix.
        """
        parts = name.rsplit(".", 2)
        kind = ".".join(parts[1:]) if len(parts) > 1 else f"/{name}"
        known = self._can_read.get(kind)
        if known is None:
            known = format_of(name) is not None
            if len(self._can_read) < 10_000:
                self._can_read[kind] = known
        return known

    def _key(self, path: str) -> str:
        root = self._root.rstrip(os.sep) + os.sep
        if path == self._root:
            return "."
        inner = path[len(root) :] if path.startswith(root) else path
        return inner.replace(os.sep, "/") if os.sep != "/" else inner

    def _has_utf8_name(self, path: str, key: str) -> bool:
        try:
            path.encode()
        except UnicodeEncodeError:
            self._found.failures.append((key, "its name is not valid UTF-8; rename it"))
            return False
        return True


class _Scope(NamedTuple):
    """What holds for all that lies below a folder that was given: its key, its path with a
    separator at the end, and what is wanted there.
    """

    key: str
    base: str
    include: Patterns | None
    exclude: Patterns | None


class _Entry:
    """As ``os.DirEntry``, of one path alone: a folder may be long, and one file of it wanted."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.name = os.path.basename(path)

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return os.path.isdir(self._path) and (follow_symlinks or not self.is_symlink())

    def is_symlink(self) -> bool:
        return os.path.islink(self._path)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return os.stat(self._path, follow_symlinks=follow_symlinks)


def _hidden_in(folder: str) -> list[str]:
    """Which of the hidden names that matter there are in ``folder``."""
    return [name for name in (".git", *NAMES) if os.path.lexists(folder + name)]


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()
