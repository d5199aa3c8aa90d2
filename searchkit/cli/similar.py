"""``searchkit similar``: print the passages most like one."""

from __future__ import annotations

import re

import click

from searchkit.cli.places import collection_to_read, index_option, key_of
from searchkit.cli.query import (
    after_option,
    documents_option,
    fold_option,
    html_option,
    per_document_option,
    print_answer,
)
from searchkit.collection import Collection
from searchkit.errors import DocumentNotFoundError

_NUMBERED = re.compile("(.+)[:#]([0-9]{1,9})", re.DOTALL)


@click.command("similar")
@click.argument("place", metavar="KEY[:ORDINAL]")
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
    fold: bool,
    form: str | None,
    colour: bool | None,
    index: str | None,
) -> int:
    """Print the passages most like one of other documents, by its most telling words.

    KEY is a path or key as query prints it; ORDINAL the number of a passage in it, from 0, which is
    the one if none is said.

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
    """The passage that is meant. A key may itself end in a colon and a number.

    Raises ``DocumentNotFoundError``.
    """
    numbered = _NUMBERED.fullmatch(place)
    for name, ordinal in [(place, 0)] + ([(numbered[1], int(numbered[2]))] if numbered else []):
        for key in (key_of(name, collection), name):
            if key in collection:
                return key, ordinal
    name = numbered[1] if numbered else place
    raise DocumentNotFoundError(name, nearest=collection.nearest(name))
