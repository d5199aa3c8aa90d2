"""``searchkit index``: bring the index in step with files and folders."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from searchkit.cli.numbers import AboveZero
from searchkit.cli.places import (
    collection_to_write,
    index_above,
    index_option,
    project_of,
    shown,
)
from searchkit.cli.progress import ProgressBar
from searchkit.cli.settings import settings_of
from searchkit.cli.sigterm import ended_by_sigterm
from searchkit.cli.skipped import say_skipped
from searchkit.cli.terminal import complain, printable

if TYPE_CHECKING:
    from searchkit.collection import Progress, SyncReport


@click.command("index")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@click.option(
    "--include",
    multiple=True,
    metavar="GLOB",
    help="Take only files that GLOB matches. Repeatable.",
)
@click.option(
    "--exclude", multiple=True, metavar="GLOB", help="Leave out what GLOB matches. Repeatable."
)
@click.option(
    "--files-from",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take PATHS from FILE as well, one a line; - is standard input.",
)
@click.option(
    "-0", "--null", is_flag=True, help="The paths in FILE are separated by NUL characters."
)
@click.option(
    "--name", metavar="NAME", help="What standard input (-) is called. Default: stdin.txt"
)
@click.option("--text-field", metavar="FIELD", help="The field of rows that is their text.")
@click.option("--title-field", metavar="FIELD", help="The field of rows that is their title.")
@click.option("--key-field", metavar="FIELD", help="The field of rows that names them.")
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    metavar="N",
    help="Read in N processes. Default: one a processor; 0: in this one.",
)
@click.option(
    "--max-seconds",
    type=AboveZero(),
    default=60.0,
    metavar="N",
    help="Skip a file that takes longer to read. Default: 60",
)
@click.option(
    "--max-size",
    type=click.IntRange(min=1),
    default=256,
    metavar="MB",
    help="Skip a file that is longer. Default: 256",
)
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(
    paths: tuple[Path, ...],
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    files_from: Path | None,
    null: bool,
    name: str | None,
    text_field: str | None,
    title_field: str | None,
    key_field: str | None,
    jobs: int | None,
    max_seconds: float,
    max_size: int,
    index: str | None,
) -> int:
    """Index PATHS: files, and folders of them; - is standard input.

    Run it again to bring the index in step: new and changed files are indexed, files that have
    gone are removed, all others are left alone. Without PATHS it takes the sources of the nearest
    searchkit.toml or pyproject.toml, else the folder seeds if there is one, else the current
    folder.

    It reads text, Markdown, reStructuredText, HTML, PDF, Word (docx), OpenDocument (odt),
    PowerPoint (pptx), EPUB, RTF, mail (eml, mbox), rows (CSV, TSV, JSON, JSON Lines), these
    compressed (gz, bz2, xz, zst), and archives of them (zip, tar). A file that needs another
    package is skipped with the command that installs it.

    Exit code: 0 done, 1 some files were skipped, 2 wrong usage, 3 no usable index.
    """
    given, named = _given(paths, files_from, null, name, max_size << 20)
    are_sources = not (paths or files_from)
    project = project_of(paths)
    settings = settings_of(project, include, exclude, text_field, title_field, key_field)
    with (
        collection_to_write(index) as collection,
        ended_by_sigterm(),
        _saying_what_stays() as heed,
        ProgressBar() as progress,
    ):

        def tell(done: Progress) -> None:
            heed()
            progress(done)

        above = None if index is not None else index_above(collection)
        if above is not None:
            complain(f"note: this makes an index of its own; that at {shown(above)} stays as it is")
        report = collection.sync(
            project.sources if are_sources else named,
            jobs=jobs,
            progress=tell,
            given=given,
            are_sources=are_sources,
            may_lack=files_from is not None,
            file_seconds=max_seconds,
            file_bytes=max_size << 20,
            **settings,
        )
    for note in report.notes:
        complain(f"note: {note}")
    say_skipped(report.new_failures, len(report.failures) - len(report.new_failures))
    if report.passed_over:
        kinds = ", ".join(sorted(suffix or "no suffix" for suffix in report.passed_over))
        passed_over = _count(sum(report.passed_over.values()), "file")
        complain(f"note: {passed_over} of other kinds left out ({kinds})")
    click.echo(printable(_summary(report, shown(collection.index))))
    return 1 if report.failures else 0


@contextmanager
def _saying_what_stays() -> Iterator[Callable[[], None]]:
    """Says so after Ctrl-C. Yields what raises ``KeyboardInterrupt`` once more if one came and was
    lost: Python drops those that come while it calls back, as when it imports or frees something.
    """
    came = False

    def interrupt(number: int, frame: object) -> None:
        nonlocal came
        came = True
        raise KeyboardInterrupt

    def heed() -> None:
        if came:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
    try:
        yield heed
    except KeyboardInterrupt:
        raise click.Abort(
            "interrupted; what was committed so far stays, and the next run goes on from there"
        ) from None
    finally:
        if before is not None:  # None if it was not Python that set it.
            signal.signal(signal.SIGINT, before)


def _given(
    paths: tuple[Path, ...], files_from: Path | None, null: bool, name: str | None, most: int
) -> tuple[dict[str, bytes], list[Path]]:
    """What standard input holds, if it is one of ``paths``, by its name; and the other paths."""
    named = [path for path in paths if str(path) != "-"]
    given = {}
    if len(named) < len(paths):
        if files_from is not None and str(files_from) == "-":
            raise click.UsageError("standard input cannot be both a document and a list of paths")
        key = name or "stdin.txt"
        if key != os.path.basename(key) or key in (".", ".."):
            raise click.UsageError(f"the name of standard input cannot have folders: {key!r}")
        data = _stdin().read(most + 1)
        if len(data) > most:
            raise click.UsageError(f"standard input is longer than {most >> 20:,} MB")
        given[key] = data
    elif name is not None:
        raise click.UsageError("--name is for standard input: searchkit index - --name NAME")
    if files_from is not None:
        listed = _listed(files_from)
        if not null and b"\0" in listed:
            raise click.UsageError(
                "the list of paths has NUL bytes; if they separate it, add --null"
            )
        lines = listed.split(b"\0") if null else listed.splitlines()
        named += [Path(os.fsdecode(line)) for line in lines if line]
    elif null:
        raise click.UsageError("--null is for --files-from")
    return given, named


def _listed(file: Path) -> bytes:
    if str(file) == "-":
        return _stdin().read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from None


def _stdin() -> BinaryIO:
    # Who starts it without one, as daemons do, has none.
    if sys.stdin is None:
        raise click.UsageError("there is no standard input")
    return sys.stdin.buffer


def _summary(report: SyncReport, index: str) -> str:
    changes = [
        f"{count:,} {what}"
        for count, what in (
            (report.added, "added"),
            (report.changed, "changed"),
            (report.renamed, "renamed"),
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
