"""What is there to do?

Nothing is opened here but the index: a file whose size and time are those of its record has not
changed. Only for one that was young when it was read they do not tell, since it may have changed
once more in the same tick of the file system's clock.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from searchkit import __version__
from searchkit.choice import Choice, is_read_as_text, is_wanted
from searchkit.document_records import (
    GIVEN,
    RACY_NS,
    FileState,
    count_documents,
    file_states,
)
from searchkit.file_time import modified_ns
from searchkit.index import Snapshot
from searchkit.readers.contract import Options
from searchkit.readers.formats import format_of
from searchkit.reading.limits import Limits
from searchkit.record import Record
from searchkit.report import Progress, SyncReport
from searchkit.sync_notes import Skipped, SyncNotes, fitting, read_notes
from searchkit.walk import NAMED, File, Walk, is_below_any

_MOST_LOOKED_UP = 1000
"""For more paths than that, looking at all documents takes no longer."""

_MISSING = re.compile(r"needs ([\w.]+), which this installs")

_WITHOUT_ROWS = ("text", "markdown", "html", "rst", "pdf", "docx", "odt", "epub", "pptx", "rtf")
"""Formats that no option changes the reading of."""


class Request(Record):
    """What a sync is asked for, but for its paths.

    ``only`` are paths: of what those of the sync hold, nothing else is looked at. ``jobs`` as in
    ``reading.read_files``. ``may_lack``: a path that does not exist is reported, and no error.
    ``are_sources``: the paths are those that are configured; what lies below earlier ones
    and below none of these leaves the index. ``given`` are documents that are no files: pairs of a
    name, which is their key, and their bytes. ``progress`` is told now and then. ``fields`` are the
    fields of metadata that the index shall have, None for those that it has; so is ``dictionary``
    the one whose words it shall have.
    """

    choice: Choice = Choice()
    options: Options = Options()
    limits: Limits = Limits()
    jobs: int | None = None
    may_lack: bool = False
    are_sources: bool = False
    given: tuple[tuple[str, bytes], ...] = ()
    progress: Callable[[Progress], object] | None = None
    fields: Mapping[str, str] | None = None
    dictionary: str | None = None
    only: tuple[Path, ...] | None = None


@dataclass(slots=True)
class Plan:
    """What is to do, and what is known.

    ``files`` are those that concern this run, by key, ``states`` what the index has of any. To
    do: ``to_read``, keys of files whose bytes have to be looked at; ``leaving``, keys of files that
    are there but wanted no more; ``gone``, keys of those that are not there. ``skipped`` is what
    the index is to say of them, by the key of the file; ``notes`` are what it says.
    """

    found: Walk
    files: dict[str, File]
    states: dict[str, FileState]
    notes: SyncNotes
    generation: int
    to_read: list[str] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    skipped: dict[str, list[Skipped]] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    report: SyncReport = field(default_factory=SyncReport)

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to do."""
        return bool(
            not self.generation
            or self.to_read
            or self.leaving
            or self.gone
            or self.sources != self.notes.sources
            or self.all_skipped() != self.notes.skipped
        )

    def all_skipped(self) -> tuple[Skipped, ...]:
        """Everything in ``skipped``, in an order of its own, as far as notes hold it."""
        every = [one for some in self.skipped.values() for one in some]
        return fitting(sorted(every, key=lambda one: one.key))


def plan(snapshot: Snapshot | None, found: Walk, root: Path, request: Request) -> Plan:
    """What is to do so that the index in ``snapshot``, if any, is in step with ``found``."""
    states = {}
    if snapshot is not None:
        is_narrow = request.only is not None and not request.given
        states = file_states(snapshot, _narrow(found.asked) if is_narrow else None)
    notes = SyncNotes() if snapshot is None else read_notes(snapshot)
    planned = Plan(
        found, dict(found.files), states, notes, 0 if snapshot is None else snapshot.generation
    )
    asked = set(found.asked)
    planned.sources = notes.sources
    if request.are_sources:
        planned.sources = tuple(dict.fromkeys(found.asked))
        asked.update(notes.sources)
    for name, data in request.given:
        planned.files[name] = File("", len(data), 0, GIVEN)
    _meet_the_others(planned, asked, root, request)
    _compare(planned, asked, request)
    report = planned.report
    if planned.leaving and planned.sources != notes.sources:
        outside = [key for key in planned.leaving if not is_below_any(key, set(found.asked))]
        files = sum(len(planned.states[key].keys) for key in outside)
        if outside:
            now, before = (", ".join(map(_named, one)) for one in (found.asked, notes.sources))
            report.notes.append(
                f"{files:,} document{'' if files == 1 else 's'} left the index, though the files "
                f"are still there: what is indexed is {now} now, and was {before}"
            )
    report.documents = 0 if snapshot is None else count_documents(snapshot)
    report.passages = 0 if snapshot is None else snapshot.live_docs
    return planned


def _named(source: str) -> str:
    return "this folder" if source == "." else source


def _narrow(asked: list[str]) -> set[str] | None:
    """``asked`` as keys below which documents can be looked up one by one; None if it is all."""
    keys = set(asked)
    return None if keys & {".", "/"} or len(keys) > _MOST_LOOKED_UP else keys


_AS_TEXT = 1


def read_as(key: str, file: File, options: Options) -> int:
    """A number for how the file ``key`` is read: for those of ``options`` that matter to it, and
    whether it is taken for text.
    """
    if file.as_text:
        return _AS_TEXT
    chosen = (options.text_field, options.title_field, options.key_field)
    if not any(chosen):
        return 0
    format = format_of(key)
    if format is not None and format.name in _WITHOUT_ROWS:
        return 0
    import zlib

    return zlib.crc32("\0".join(chosen).encode("utf-8", "surrogatepass")) & 0x7FFFFFFF


def limits_of(request: Request) -> tuple[float, ...]:
    """The limits, as they stand in notes."""
    limits, options = request.limits, request.options
    return (
        limits.file_seconds,
        limits.file_bytes,
        limits.memory_bytes,
        options.most_expanded_bytes,
        options.deepest,
    )


def _meet_the_others(planned: Plan, asked: set[str], root: Path, request: Request) -> None:
    """Of what the index has of the paths that were asked for, and the walk did not meet: what has
    gone, what stays because it was named once, and what is not wanted any more.
    """
    met, unseen = planned.files, set(planned.found.unseen)
    for key, state in planned.states.items():
        if key in met or state.origin == GIVEN or not _concerns(key, asked, unseen):
            continue
        path = os.path.join(root, key)
        status = _status(path)
        if status is None:
            planned.gone.append(key)
        elif isinstance(status, OSError):
            continue  # Names that the locale cannot write have not gone for that.
        elif state.origin == NAMED and is_wanted(path, root, request.choice):
            as_text = is_read_as_text(path, str(root), request.choice)
            planned.files[key] = File(
                path, status.st_size, modified_ns(status), NAMED, as_text=as_text
            )
        else:
            planned.leaving.append(key)


def _status(path: str) -> os.stat_result | OSError | None:
    """The state of the file that a document was read from; None if it is no more: a folder or a
    link that now stands in its place is another thing, and may lead out of where a walk may go.
    """
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return error
    except UnicodeError as error:
        return OSError(str(error))
    if not stat.S_ISREG(status.st_mode) or os.path.realpath(path) != path:
        return None
    return status


def _concerns(key: str, asked: set[str], unseen: set[str]) -> bool:
    """Whether the walk would have met ``key``, were its file there and wanted."""
    return is_below_any(key, asked) and not is_below_any(key, unseen)


def _compare(planned: Plan, asked: set[str], request: Request) -> None:
    """Find what is to be read, and what is still skipped."""
    notes, skipped = planned.notes, planned.skipped
    noted: dict[str, list[Skipped]] = {}
    for one in notes.skipped:
        noted.setdefault(one.file_key, []).append(one)
    anew = (notes.version, notes.limits) != (__version__, limits_of(request))
    options = request.options
    is_special = bool(options.text_field or options.title_field or options.key_field)
    states, to_read = planned.states, planned.to_read
    unchanged = 0
    for key, file in planned.files.items():
        state = states.get(key)
        some = noted.get(key)
        if (
            state is not None
            and state.size_bytes == file.size_bytes
            and state.modified_ns == file.modified_ns
            and state.indexed_ns - state.modified_ns > RACY_NS
            and state.origin >= file.origin
            and state.read_as == (read_as(key, file, options) if is_special or file.as_text else 0)
            and file.origin != GIVEN
        ):
            if some is None or not (anew or _may_be_mended(some)):
                unchanged += len(state.keys)
                if some is not None:
                    skipped[key] = some
                continue
        elif some is not None and not anew and _is_still_skipped(some, key, file, options):
            skipped[key] = some
            continue
        to_read.append(key)
        if some is not None:
            skipped[key] = some
    planned.report.unchanged = unchanged
    for key, reason in planned.found.failures:
        skipped[key] = [Skipped(key, key, reason)]
    met, unseen = planned.files, set(planned.found.unseen)
    for key, some in noted.items():
        if key not in met and key not in skipped and not _concerns(key, asked, unseen):
            skipped[key] = some


def _is_still_skipped(some: list[Skipped], key: str, file: File, options: Options) -> bool:
    """Whether the file was skipped as it is now, for a reason that still holds."""
    wanted = read_as(key, file, options)
    return not _may_be_mended(some) and all(
        one.size_bytes == file.size_bytes
        and one.modified_ns == file.modified_ns
        and one.indexed_ns - one.modified_ns > RACY_NS
        and one.read_as == wanted
        for one in some
    )


def _may_be_mended(some: list[Skipped]) -> bool:
    """Whether the reason may have gone though the file is the same: what is missing may have been
    installed, a right may have been given.
    """
    for one in some:
        missing = _MISSING.search(one.reason)
        if one.size_bytes < 0 or (missing and _is_installed(missing[1])):
            return True
    return False


@cache
def _is_installed(module: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(module.partition(".")[0]) is not None
    except (ImportError, ValueError):
        return False
