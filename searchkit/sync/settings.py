"""What can be asked of a sync?"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from searchkit.analysis.dictionary import checked_dictionary
from searchkit.choice import Choice
from searchkit.errors import UsageError
from searchkit.ignored import is_pattern
from searchkit.metadata import checked
from searchkit.readers.contract import Options
from searchkit.reading.limits import Limits
from searchkit.report import Progress
from searchkit.sync.plan import Request


class Settings(TypedDict, total=False):
    """The settings of ``Collection.sync``; each can be left out.

    ``fields`` are those of front matter and rows that can be searched: the kind of each ("text",
    "keyword", "number" or "date") by its name. If they are others than the index has, all
    documents are put anew; None leaves those that it has. So it is with ``dictionary``, "icu" or ""
    for none, by which words are told in scripts without spaces. ``include`` and ``exclude`` are
    patterns as in ``.gitignore``, relative to the folder that holds the index: with ``include``
    only files that it matches are taken, also such of unknown kinds, as plain text.
    ``text_field``, ``title_field`` and ``key_field`` name fields of rows (JSON, CSV).

    ``jobs`` is the number of processes that read, one a processor if None; with 0 this one reads.
    ``progress`` is called with each file, and with each document of it. A file that takes longer
    than ``file_seconds`` (60) to read, or is longer than ``file_bytes`` (256 MB), is skipped.

    ``given`` are documents that are no files: their bytes by their keys. With ``are_sources`` the
    paths are the configured ones: what lies below those of the last time, but below none of these,
    leaves. With ``may_lack`` a path that does not exist is reported like a file that cannot be
    read. With ``only`` nothing but these paths and what lies below them is looked at, among what
    the paths of the sync hold; they need not exist any more.
    """

    fields: Mapping[str, str] | None
    dictionary: str | None
    include: Sequence[str]
    exclude: Sequence[str]
    text_field: str
    title_field: str
    key_field: str
    jobs: int | None
    progress: Callable[[Progress], object] | None
    file_seconds: float
    file_bytes: int
    given: Mapping[str, bytes]
    are_sources: bool
    may_lack: bool
    only: Sequence[str | os.PathLike[str]] | None


def request_of(settings: Settings) -> Request:
    """The request with these settings.

    Raises ``UsageError`` for fields, patterns, limits and a dictionary that cannot be,
    ``TypeError`` for a setting that there is not.
    """
    unknown = settings.keys() - Settings.__annotations__.keys()
    if unknown:
        raise TypeError(f"there is no setting {min(unknown)!r}")
    fields = settings.get("fields")
    try:
        kinds = None if fields is None else checked(fields)
    except ValueError as error:
        raise UsageError(str(error)) from None
    dictionary = settings.get("dictionary")
    if dictionary is not None:
        checked_dictionary(dictionary)
    limits = Limits()
    file_seconds = settings.get("file_seconds", limits.file_seconds)
    if not isinstance(file_seconds, int | float) or not 0 < file_seconds < math.inf:
        raise UsageError(f"file_seconds must be a number above 0, not {file_seconds}")
    file_bytes = settings.get("file_bytes", limits.file_bytes)
    if type(file_bytes) is not int or file_bytes < 0:
        raise UsageError(f"file_bytes must be a whole number from 0 on, not {file_bytes!r}")
    jobs = settings.get("jobs")
    if jobs is not None and (type(jobs) is not int or jobs < 0):
        raise UsageError(f"jobs must be a whole number from 0 on, or None, not {jobs!r}")
    for name in ("include", "exclude"):
        if isinstance(settings.get(name), str):
            raise UsageError(f"{name} is a list of patterns, not one text")
    only = settings.get("only")
    choice = Choice(tuple(settings.get("include", ())), tuple(settings.get("exclude", ())))
    for line in (*choice.include, *choice.exclude):
        if not is_pattern(line):
            shown = repr(line) if len(line) <= 80 else f"{line[:80]!r}…"
            raise UsageError(
                f"{shown} is no pattern of files: it could match nothing; write one as in "
                ".gitignore, such as '*.log' or 'drafts/'"
            )
    return Request(
        choice=choice,
        options=Options(
            settings.get("text_field", ""),
            settings.get("title_field", ""),
            settings.get("key_field", ""),
        ),
        limits=Limits(
            file_seconds,
            file_bytes,
        ),
        jobs=jobs,
        may_lack=settings.get("may_lack", False),
        are_sources=settings.get("are_sources", False),
        given=tuple(settings.get("given", {}).items()),
        progress=settings.get("progress"),
        fields=kinds,
        dictionary=dictionary,
        only=None if only is None else tuple(map(_absolute, only)),
    )


def _absolute(path: str | os.PathLike[str]) -> Path:
    folder, name = os.path.split(os.path.abspath(path))
    return Path(os.path.realpath(folder), name)
