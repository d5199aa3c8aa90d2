"""``searchkit verify``: tell which citations still hold."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from searchkit.cli.places import collection_to_read, index_option
from searchkit.cli.terminal import complain, in_json, printable
from searchkit.collection import State, citation

if TYPE_CHECKING:
    from searchkit.collection import Citation, Finding

SCHEMA = "searchkit.verdict/1"
"""Names the layout of the JSON output; the number grows when a field changes its meaning."""

_LONGEST_LINE_BYTES = 16 << 20

_MOST_LOOKED_FOR = 3
"""Documents that are missing, for which others of that name are looked for: each takes a while."""


@click.command("verify")
@click.option("--jsonl", "as_json", is_flag=True, help="Print one JSON document a citation.")
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(as_json: bool, index: str | None) -> int:
    """Tell which citations still hold, one on each line of standard input.

    A citation is a JSON object with key, start, end and text_hash, such as a hit that
    query --jsonl prints, or a whole answer of query --json.

    Exit code: 0 all hold, 1 some do not, 2 wrong usage, 3 no usable index.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError("citations come from standard input, such as query --jsonl prints")
    held = stale = seen = number = 0
    missing: dict[str, None] = {}

    def cited() -> Iterator[Citation]:
        nonlocal seen, number
        for number, line in _lines(sys.stdin.buffer):
            try:
                values = _objects(line)
            except ValueError as error:
                seen += 1
                complain(f"line {number:,}: {error}")
                continue
            for value in values:
                seen += 1
                try:
                    yield citation(value)
                except ValueError as error:
                    complain(f"line {number:,}: {error}")

    with collection_to_read(index) as collection:
        for finding in collection.verify(cited()):
            held += finding.holds
            stale += finding.state not in (State.FRESH, None)
            if finding.state is None:
                missing[finding.citation.key] = None
            if as_json:
                click.echo(in_json({"schema": SCHEMA, "input_line": number, **_as_json(finding)}))
            else:
                click.echo(printable(_as_line(finding)))
        for key in list(missing)[:_MOST_LOOKED_FOR]:
            name = os.path.basename(key)
            near = [one for one in collection.nearest(key) if os.path.basename(one) == name]
            if near:
                complain(f"there is no document {key}; it may be {' or '.join(near)} now")
    if stale:
        files = "the file of one" if stale == 1 else f"the files of {stale:,}"
        complain(f"{files} changed since it was indexed: run searchkit index, and verify again")
    if seen:
        complain(f"{held:,} of {seen:,} citations hold")
    else:
        complain("there are no citations on standard input")
    return 0 if held == seen else 1


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, with their numbers; None for one that is too long."""
    number = 0
    while line := file.readline(_LONGEST_LINE_BYTES):
        number += 1
        if len(line) == _LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            while len(line) == _LONGEST_LINE_BYTES and not line.endswith(b"\n"):
                line = file.readline(_LONGEST_LINE_BYTES)
            yield number, None
        elif line.strip():
            yield number, line


def _objects(line: bytes | None) -> list[dict[str, Any]]:
    """The JSON object in ``line``, or the hits if it is an answer. Raises ``ValueError`` if it is
    neither.
    """
    if line is None:
        raise ValueError(f"it is longer than {_LONGEST_LINE_BYTES >> 20} MB")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(value, dict):
        raise ValueError("it is no JSON object")
    hits = value.get("hits")
    if isinstance(hits, list) and all(isinstance(hit, dict) for hit in hits):
        return hits
    return [value]


_STATES = {
    State.FRESH: "",
    State.CHANGED: ", but its file has changed since it was indexed",
    State.GONE: ", but its file has gone since it was indexed",
}


def _as_line(finding: Finding) -> str:
    cited = finding.citation
    moved = "" if finding.verdict.value != "moved" else f" to {finding.start}-{finding.end}"
    state = "" if finding.state is None else _STATES[finding.state]
    return f"{cited.key} {cited.start}-{cited.end}: {finding.verdict.value}{moved}{state}"


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.citation.key,
        "start": finding.citation.start,
        "end": finding.citation.end,
        "holds": finding.holds,
        "verdict": finding.verdict.value,
        "state": None if finding.state is None else finding.state.value,
        "found_start": finding.start,
        "found_end": finding.end,
    }
