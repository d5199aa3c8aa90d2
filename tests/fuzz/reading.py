"""A worker: reads files with damage, indexes what comes of them, and searches and prints that.

On its standard input, a line each: "read READER SEED COUNT", so many inputs from that seed on (a
seed tells the sample too), and "search". It answers a line for each input or search: milliseconds,
megabytes (of the process, at most until then), and "text CHARS", "reason WHY", or "error WHAT"
where anything but ``UnreadableError`` came of it or what was read is not sound.
"""

from __future__ import annotations

import contextlib
import io
import json
import marshal
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from searchkit.cli import query
from searchkit.document import BlockKind, Document
from searchkit.document_records import DocumentRecord
from searchkit.index.writer import Writer
from searchkit.metadata import checked
from searchkit.passage_index import passage_writer, put
from searchkit.readers import Source, read
from searchkit.readers.contract import Options, UnreadableError
from searchkit.reading import files
from tests.fuzz.mutate import mutated
from tests.fuzz.samples import samples

MEMORY_BYTES = 1 << 30
"""Of address space beyond what the process has when it begins."""

OPTIONS = Options(most_expanded_bytes=32 << 20)
FIELDS = checked(
    {"x": "number", "y": "number", "a": "date", "b": "keyword", "from": "text", "big": "number"}
)
QUESTIONS = ("the words of it a", "date:>=0001 AND NOT date:2024", "x:>0 OR y:<=0 OR big:>1 b:*")


def unsound(document: Document, key: str) -> str:
    text = document.text
    before = 0
    for block in document.blocks:
        if not before <= block.start < block.end <= len(text):
            return "blocks overlap"
        if text[block.start].isspace() or text[block.end - 1].isspace():
            return "a block begins or ends with white space"
        if (block.level > 0) != (block.kind is BlockKind.HEADING):
            return "a level without a heading"
        before = block.end
    for pairs in (document.places, document.lines):
        offsets = [offset for offset, _ in pairs]
        if offsets != sorted(set(offsets)):
            return "places or lines out of order"
    if document.lines and document.lines[0][0] != 0:
        return "no line at the beginning"
    if not document.title.strip() or "\n" in document.title:
        return "a title that is none"
    if document.key != key and not document.key.startswith(f"{key}/"):
        return "a key beside the file's"
    said = [document.key, text, document.title, *document.authors, *document.tags]
    said += [document.published, document.language]
    for name, value in document.fields.items():
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str | int | float | bool) for one in values):
            return f"a field {name} that is of no kind"
        said += [name, *map(str, values)]
    "".join(said).encode("utf-8")
    return "a NUL" if "\0" in text else ""


class Work:
    """An index in a folder of its own, and what is put into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._samples = samples()
        self._writer: Writer | None = None

    def read(self, reader: str, seed: int) -> str:
        some = self._samples[reader]
        sample = some[seed % len(some)]
        other = some[seed // len(some) % len(some)].data
        source = Source(mutated(sample.data, seed, other), sample.name, 0.0, OPTIONS)
        chars = 0
        try:
            for document in read(source):
                if wrong := unsound(document, source.key):
                    return f"error {wrong}"
                self._put(document)
                chars += len(document.text)
        except UnreadableError as error:
            reason = str(error)
            return "error a reason of several lines" if "\n" in reason else f"reason {reason}"
        except BaseException as error:
            return f"error {type(error).__name__}: {error}".replace("\n", " ")
        for key, reason in source.failures:
            if "please report" in reason or "\n" in reason or not key.startswith(source.key):
                return f"error within: {key!r}: {reason!r}"
        return f"text {chars}"

    def _put(self, document: Document) -> None:
        """As a worker and its parent do: what cannot be sent cannot be indexed."""
        message = files._document_message(0, document)
        received = files.document_of(marshal.loads(marshal.dumps(message)))
        if self._writer is None:
            self._writer = passage_writer(self._folder / ".searchkit", FIELDS)
        said, passages, language = received
        record = DocumentRecord(document.key, 1, 1, b"d", 1, len(passages), document.key)
        put(self._writer, said, passages, record, language=language)

    def search(self) -> str:
        """Commit, ask, and begin anew: what is asked is all that was read since."""
        if self._writer is None:
            return "text 0"
        try:
            self._writer.commit()
            self._writer = None
            printed = 0
            for question in QUESTIONS:
                written = self._ask(question, "--json")
                json.loads(written, parse_constant=lambda name: 1 / 0)
                written.encode("utf-8")
                self._ask(question, "--plain").encode("utf-8")
                printed += len(written)
            if not printed:
                return "error nothing was found"
        except BaseException as error:
            return f"error {type(error).__name__}: {error}".replace("\n", " ")
        finally:
            shutil.rmtree(self._folder / ".searchkit", ignore_errors=True)
        return f"text {printed}"

    def _ask(self, question: str, form: str) -> str:
        arguments = [question, "-n", "300", form, "--index", str(self._folder)]
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            query.command.main(arguments, standalone_mode=False)
        return out.getvalue()


def megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Work(Path(folder))
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        print("ready", flush=True)
        for line in sys.stdin:
            match line.split():
                case ["read", reader, first, count]:
                    for seed in range(int(first), int(first) + int(count)):
                        say(work.read, reader, seed)
                case _:
                    say(work.search)


def say(act: Callable[..., str], *arguments: object) -> None:
    began = time.process_time()
    answer = act(*arguments)
    milliseconds = round(1000 * (time.process_time() - began))
    print(milliseconds, megabytes(), answer, flush=True)


if __name__ == "__main__":
    main()
