"""``searchkit similar``: print the passages most like one."""

from __future__ import annotations

import click

from searchkit.cli.get import found_document
from searchkit.cli.places import collection_to_read, index_option
from searchkit.cli.query import (
    after_option,
    documents_option,
    fold_option,
    html_option,
    per_document_option,
    print_answer,
)
from searchkit.collection import Collection


@click.command("similar")
@click.argument("place", metavar="KEY[:LINE]")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many passages to print.",
)
@after_option
@per_document_option
@documents_option
@fold_option
@click.option("--json", "form", flag_value="json", help="Print one JSON document.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print one JSON document a passage.")
@click.option(
    "--plain", "form", flag_value="plain", help="Print one line a passage, as query --plain does."
)
@html_option
@click.option("--color/--no-color", "colour", default=None, help="Colour, or none.")
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(
    place: str,
    limit: int,
    after: str,
    per_document: int | None,
    documents: bool,
    fold: bool | None,
    form: str | None,
    colour: bool | None,
    index: str | None,
) -> int:
    """Print the passages most like one of other documents, by its most telling words.

    KEY:LINE is a place as query prints it, and means the passage that stands on that line; KEY
    alone the first one. KEY#ORDINAL is a passage by its number in the document, counted from 0.

    Exit code: 0 with passages, 1 without, 2 wrong usage, or no such passage, 3 no usable index.
    """
    if colour and form in ("json", "jsonl", "html"):
        raise click.UsageError(f"--color does not go with --{form}")
    with collection_to_read(index) as collection:
        key, ordinal = _found(collection, place)
        answer = collection.similar(
            key,
            ordinal,
            limit=limit,
            after=after,
            per_document=per_document or 0,
            documents=documents,
            fold=fold,
        )
        root = collection.index.parent
        return print_answer(answer, [], limit, 0, root, form, colour, documents)


def _found(collection: Collection, place: str) -> tuple[str, int]:
    """The passage that is meant.

    Raises ``DocumentNotFoundError``.
    """
    key, reading = found_document(collection, place)
    if reading.count is not None:
        raise click.UsageError(f"a passage stands on one line: {reading.name}:{reading.line}")
    if reading.line is None and not reading.place:
        return key, reading.ordinal or 0
    start = collection.part(key, reading.line or 1, 1, place=reading.place).start
    last = collection.document(key).passages - 1
    # What follows the last passage of a document belongs to none.
    ordinals = (one for one in range(last) if collection.get(key, one).end > start)
    return key, next(ordinals, last)
