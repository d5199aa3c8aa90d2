"""``searchkit get``: print the text of a document, of some of its lines, or of a passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from searchkit.cli.places import collection_to_read, index_option, key_of
from searchkit.cli.terminal import in_json, printable_lines
from searchkit.collection import Collection
from searchkit.errors import DocumentNotFoundError, UsageError

if TYPE_CHECKING:
    from searchkit.collection import Part, Passage

SCHEMA = "searchkit.text/1"
"""Names the layout of the JSON output; the number grows when a field changes its meaning."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an argument: a document, by its path or key, and what of it."""

    name: str
    line: int | None = None
    count: int | None = None
    ordinal: int | None = None
    place: str = ""


_NUMBER = "0*[1-9][0-9]{0,8}"
_NUMBERED = re.compile(f"(.+):({_NUMBER})", re.DOTALL)
_PLACE = re.compile("(.+), ((?:page|slide|chapter) [0-9].*)", re.DOTALL)
_ANCHOR = re.compile("(.+) (#[^ ]+)", re.DOTALL)
_PASSAGE = re.compile("(.+)#([0-9]{1,9})", re.DOTALL)


def readings(argument: str) -> Iterator[Reading]:
    """The ways to read KEY[:LINE[:COUNT]], KEY#ORDINAL, or "KEY, page 3" and "KEY:LINE #anchor" as
    query prints them, that with the longest key first: a key may itself have all of these in it.
    """
    found = [Reading(argument), *_on_lines(argument)]
    if place := _PLACE.fullmatch(argument):
        found.append(Reading(place[1], place=place[2]))
    if anchor := _ANCHOR.fullmatch(argument):
        # A line before it says more than the anchor.
        found += [Reading(anchor[1], place=anchor[2]), *_on_lines(anchor[1])]
    if passage := _PASSAGE.fullmatch(argument):
        found.append(Reading(passage[1], ordinal=int(passage[2])))
    yield from sorted(found, key=lambda reading: len(reading.name), reverse=True)


def _on_lines(argument: str) -> Iterator[Reading]:
    if line := _NUMBERED.fullmatch(argument):
        yield Reading(line[1], line=int(line[2]))
        if lines := _NUMBERED.fullmatch(line[1]):
            yield Reading(lines[1], line=int(lines[2]), count=int(line[2]))


@click.command("get")
@click.argument("place", metavar="KEY[:LINE[:COUNT]]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(place: str, as_json: bool, index: str | None) -> int:
    """Print the text of a document, as it is in the index.

    KEY is a path or key as query prints it. With :LINE, the text from that line on; with
    :LINE:COUNT, so many lines; KEY#ORDINAL is one passage, counted from 0; "KEY, page 3" one page.

    Exit code: 0 done, 2 wrong usage, or no such document, line or passage, 3 no usable index.
    """
    with collection_to_read(index) as collection:
        key, reading = found_document(collection, place)
        fields = _fields(collection, key, reading)
    if as_json:
        click.echo(in_json({"schema": SCHEMA, **fields}))
    else:
        text = printable_lines(fields["text"])
        click.echo(text, nl=not text.endswith("\n"))
    return 0


def found_document(collection: Collection, place: str) -> tuple[str, Reading]:
    """The document that is meant by KEY[:LINE[:COUNT]] or KEY#ORDINAL, and what of it.

    Raises ``DocumentNotFoundError``.
    """
    name = place
    for reading in readings(place):
        name = reading.name
        for key in (key_of(name, collection), name):
            if key in collection:
                return key, reading
    folder = f"{key_of(name, collection)}/"
    inside = list(filter(lambda key: key.startswith(folder), collection.keys()))
    if inside:
        raise UsageError(
            f"{name} is no document, but {len(inside):,} lie in it, such as {inside[0]}"
        )
    raise DocumentNotFoundError(name, nearest=collection.nearest(name))


def _fields(collection: Collection, key: str, reading: Reading) -> dict[str, Any]:
    """What to print, as JSON."""
    found: Part | Passage
    if reading.ordinal is not None:
        found = collection.get(key, reading.ordinal)
    else:
        found = collection.part(key, reading.line or 1, reading.count, place=reading.place)
    return {
        "key": key,
        "path": str(collection.index.parent / key),
        "line": found.line,
        "start": found.start,
        "end": found.end,
        "state": collection.state(key).value,
        "text": found.text,
        "text_hash": found.text_hash,
    }
