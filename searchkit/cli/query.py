"""``searchkit query``: print the passages that answer a query."""

from __future__ import annotations

import sys
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchkit.cli.answer_json import SCHEMA, answer_as_json, hits_as_json
from searchkit.cli.hits import as_tree, facet_line, hit_line, hit_paragraph
from searchkit.cli.numbers import AboveZero
from searchkit.cli.places import collection_to_read, index_option
from searchkit.cli.terminal import complain, in_json, wants_colour, wrapped
from searchkit.cli.understood import as_line, suggestion_line
from searchkit.collection import Answer

if TYPE_CHECKING:
    from searchkit.collection import Explanation

_FACET_VALUES = 10

_WIDEST = 110
"""In columns: longer lines are hard to read."""

per_document_option = click.option(
    "--per-document",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="Print at most N passages of a document.",
)
documents_option = click.option(
    "--documents",
    is_flag=True,
    help="Print the best documents, each with its best passages: 3, or as --per-document says.",
)
html_option = click.option(
    "--html", "form", flag_value="html", help="Print one HTML page, for a browser."
)
after_option = click.option(
    "--after",
    default="",
    metavar="CURSOR",
    help="Go on behind the page before, with the cursor that came with it.",
)
fold_option = click.option(
    "--fold/--no-fold",
    default=None,
    help="Name passages that say the same behind the best of them (which is the default, but with "
    "--sort), or print each.",
)


@click.command("query")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many passages to print.",
)
@click.option(
    "--offset",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="How many of the best passages to leave out.",
)
@after_option
@click.option(
    "--sort",
    default="",
    metavar="FIELD",
    help="Order by date, path, title or another field, not by score; -FIELD downwards.",
)
@click.option(
    "--facet",
    "facets",
    multiple=True,
    metavar="FIELD[:COUNT]",
    help="Count the documents that match by the values of a field, such as type or date; may be "
    "given several times.",
)
@per_document_option
@documents_option
@fold_option
@click.option(
    "--recent",
    type=AboveZero(),
    default=None,
    metavar="DAYS",
    help="Let what is new come first, other things equal: what it gains for that halves in so many "
    "days.",
)
@click.option("--json", "form", flag_value="json", help="Print one JSON document.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print one JSON document a passage.")
@click.option(
    "--plain",
    "form",
    flag_value="plain",
    help="Print one line a passage: rank, score, path:line, title, headings, fragment, state, "
    "place, similar ones and the value sorted by, with tabs between.",
)
@html_option
@click.option("--color/--no-color", "colour", default=None, help="Colour, or none.")
@click.option(
    "--strict", is_flag=True, help="Refuse a query that cannot be understood as it was typed."
)
@click.option("--explain", is_flag=True, help="Show below each passage how its score comes about.")
@click.option(
    "--understood",
    is_flag=True,
    help="Say of each part of the query what it stands for, and in how many passages that occurs.",
)
@index_option
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def command(
    words: tuple[str, ...],
    limit: int,
    offset: int,
    after: str,
    sort: str,
    facets: tuple[str, ...],
    per_document: int | None,
    documents: bool,
    fold: bool | None,
    recent: float | None,
    form: str | None,
    colour: bool | None,
    strict: bool,
    explain: bool,
    understood: bool,
    index: str | None,
) -> int:
    """Print the passages that answer WORDS, best first.

    No word is required, but passages with more and rarer ones come first. AND, OR, NOT, +word,
    -word, "quoted phrases", "loose ones"~3, (parentheses), title:word, conscr*, te?t, /colou?r/,
    mispelt~, word^2, date:"last week" and path:notes/*.md work. All of it, with examples:
    docs/query-language.md.

    Exit code: 0 with passages, 1 without, 2 wrong usage, 3 no usable index.
    """
    if explain and form == "plain":
        raise click.UsageError("--explain does not go with --plain")
    if explain and sort:
        raise click.UsageError("--explain does not go with --sort: no score decides the order")
    if recent and sort:
        raise click.UsageError("--recent does not go with --sort: no score decides the order")
    if after and offset:
        raise click.UsageError("--after does not go with --offset")
    if colour and form in ("json", "jsonl", "html"):
        raise click.UsageError(f"--color does not go with --{form}")
    if facets and form in ("plain", "jsonl"):
        raise click.UsageError(f"--facet does not go with --{form}")
    counted = dict(map(_asked_facet, facets))
    explanations: list[Explanation] = []
    with collection_to_read(index) as collection:
        query = " ".join(words)
        answer = collection.search(
            query,
            limit=limit,
            offset=offset,
            after=after,
            strict=strict,
            sort=sort,
            facets=counted,
            per_document=per_document or 0,
            documents=documents,
            recency=recent or 0.0,
            fold=fold,
        )
        root = collection.index.parent
        if explain:
            explanations += (
                collection.explain(
                    query, hit.passage.key, hit.passage.ordinal, recency=recent or 0.0
                )
                for hit in answer.hits
            )
    for notice in answer.notices:
        complain(notice.message)
    if answer.suggestion:
        click.echo(suggestion_line(answer), err=True)
    if understood and form != "json":
        for clause in answer.understood:
            click.echo(as_line(clause), err=True)
    return print_answer(answer, explanations, limit, offset, root, form, colour, documents)


def print_answer(
    answer: Answer,
    explanations: list[Explanation],
    limit: int,
    offset: int,
    root: Path,
    form: str | None,
    colour: bool | None,
    documents: bool,
) -> int:
    """Print the hits of an answer, and what is said about them. Returns the exit code."""
    if form == "json":
        _print(in_json(answer_as_json(answer, explanations, limit, offset, root)))
    elif form == "jsonl":
        for fields in hits_as_json(answer, explanations, root):
            _print(in_json({"schema": SCHEMA, **fields}))
    elif form == "html":
        # Late: few ask for it.
        from searchkit.cli.page import page_of

        page = page_of(answer, explanations, root, documents)
        if sys.stdout.encoding.lower().replace("-", "") != "utf8":
            page = page.encode("ascii", "xmlcharrefreplace").decode()
        _print(page)
    elif form == "plain":
        for hit in answer.hits:
            _print(hit_line(hit, root, bool(colour)), bool(colour))
    else:
        in_colour = wants_colour(colour)
        columns = _columns() if sys.stdout.isatty() else None
        above = None
        for hit, explanation in zip_longest(answer.hits, explanations):
            is_same = documents and above is not None and above.passage.key == hit.passage.key
            _print(hit_paragraph(hit, root, in_colour, columns, has_title=not is_same), in_colour)
            above = hit
            if explanation:
                shown_tree = as_tree(explanation, columns)
                _print("\n".join([*shown_tree, ""]))
        for facet in answer.facets:
            line = facet_line(facet)
            click.echo(wrapped(line, "", columns, hanging="    ") if columns else line)
        if answer.total > len(answer.hits) > 0 and sys.stdout.isatty():
            first, last = answer.hits[0].rank, answer.hits[-1].rank
            what = "documents" if documents else "passages"
            of = (
                f", with {answer.total:,} passages in all" if documents else f" of {answer.total:,}"
            )
            more = f"; more with {_next_page(answer, last)}" if answer.next else ""
            click.echo(f"{what} {first:,} to {last:,}{of}{more}", err=True)
    if not answer.hits:
        if answer.total:
            what = "that match belong to fewer documents" if documents else "match"
            complain(
                f"only {answer.total:,} {'passage' if answer.total == 1 else 'passages'} {what}"
            )
        elif answer.query.words or not answer.notices:
            complain("no passage matches")
        return 1
    return 0


def _next_page(answer: Answer, last: int) -> str:
    """The option for the next page, for people: a cursor is long, and only ``similar``, whose
    answers have no query, has nothing else.
    """
    return f"--offset {last}" if answer.query.text else f"--after {answer.next}"


def _asked_facet(typed: str) -> tuple[str, int]:
    name, colon, count = typed.partition(":")
    if colon and not (count.isascii() and count.isdigit() and int(count[:9]) > 0):
        raise click.UsageError(f"--facet {typed}: the count after the field is a number from 1 on")
    return name, int(count[:9]) if colon else _FACET_VALUES


def _columns() -> int:
    # Late: it imports all kinds of compression.
    from shutil import get_terminal_size

    return min(get_terminal_size().columns, _WIDEST)


def _print(text: str, colour: bool = False) -> None:
    click.echo(text, color=colour)
