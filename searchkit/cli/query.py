"""``searchkit query``: print the passages that answer a query."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchkit.cli.places import collection_to_read, index_option, place_of, shown
from searchkit.cli.terminal import (
    BOLD,
    DIM,
    PATH,
    WARNING,
    complain,
    in_json,
    marked,
    printable,
    styled,
    wants_colour,
    wrapped,
)
from searchkit.cli.understood import as_json, as_line, suggestion_line
from searchkit.collection import Answer, Hit, Passage, State

if TYPE_CHECKING:
    from searchkit.collection import Explanation, Facet, Fragment

_FACET_VALUES = 10

_MOST_SIMILAR = 3
"""So many files of similar passages are named."""

_WIDEST = 110
"""In columns: longer lines are hard to read."""

SCHEMA = "searchkit.answer/1"
"""Names the layout of the JSON output; the number grows when a field changes its meaning."""

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
fold_option = click.option(
    "--fold/--no-fold",
    default=True,
    help="Name passages that say the same behind the best of them (which is the default), or print "
    "each.",
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
    type=click.FloatRange(min=0, min_open=True),
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
    help="Print one line a passage: rank, score, path:line, title, headings, fragment, state and "
    "place, with tabs between.",
)
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
    sort: str,
    facets: tuple[str, ...],
    per_document: int | None,
    documents: bool,
    fold: bool,
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
    if colour and form in ("json", "jsonl"):
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
            strict=strict,
            sort=sort,
            facets=counted,
            per_document=per_document or 0,
            documents=documents,
            fold=fold,
            recency=recent or 0.0,
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
    return print_answer(answer, explanations, limit, offset, root, form, colour)


def print_answer(
    answer: Answer,
    explanations: list[Explanation],
    limit: int,
    offset: int,
    root: Path,
    form: str | None,
    colour: bool | None,
) -> int:
    """Print the hits of an answer, and what is said about them. Returns the exit code."""
    if form == "json":
        _print(in_json(_answer_as_json(answer, explanations, limit, offset, root)))
    elif form == "jsonl":
        for fields in _hits_as_json(answer, explanations, root):
            _print(in_json({"schema": SCHEMA, **fields}))
    elif form == "plain":
        for hit in answer.hits:
            _print(_as_line(hit, root, bool(colour)), bool(colour))
    else:
        in_colour = wants_colour(colour)
        columns = _columns() if sys.stdout.isatty() else None
        for hit, explanation in zip_longest(answer.hits, explanations):
            _print(_as_paragraph(hit, root, in_colour, columns), in_colour)
            if explanation:
                shown_tree = _as_tree(explanation, columns)
                _print("\n".join([*shown_tree, ""]))
        for facet in answer.facets:
            line = _facet_line(facet)
            click.echo(wrapped(line, "", columns, hanging="    ") if columns else line)
        if answer.total > len(answer.hits) > 0 and sys.stdout.isatty():
            first, last = answer.hits[0].rank, answer.hits[-1].rank
            more = f"; more with --offset {last}" if last < answer.total else ""
            click.echo(f"passages {first:,} to {last:,} of {answer.total:,}{more}", err=True)
    if not answer.hits:
        if answer.total:
            complain(f"only {answer.total:,} match")
        elif answer.query.words or not answer.notices:
            complain("no passage matches")
        return 1
    return 0


def _asked_facet(typed: str) -> tuple[str, int]:
    name, colon, count = typed.partition(":")
    if colon and not (count.isascii() and count.isdigit() and int(count[:9]) > 0):
        raise click.UsageError(f"--facet {typed}: the count after the field is a number from 1 on")
    return name, int(count[:9]) if colon else _FACET_VALUES


def _facet_line(facet: Facet) -> str:
    """Such as "type: html 120, pdf 12, and 2 more"."""
    values = [f"{printable(str(one.value))} {one.documents:,}" for one in facet.values]
    if facet.others:
        values.append(f"and {facet.others:,} more")
    return f"{facet.field}: {', '.join(values) or 'none'}"


def _columns() -> int:
    # Late: it imports all kinds of compression.
    from shutil import get_terminal_size

    return min(get_terminal_size().columns, _WIDEST)


def _print(text: str, colour: bool = False) -> None:
    click.echo(text, color=colour)


def _place(hit: Hit, root: Path) -> str:
    passage = hit.passage
    return place_of(shown(root / passage.key), passage.line, passage.place)


_STATES = {
    State.FRESH: "",
    State.CHANGED: "changed since it was indexed",
    State.GONE: "gone since it was indexed",
}


def _where(hit: Hit, root: Path, colour: bool) -> str:
    """The place of a hit, its anchor, and what has become of its file, for people."""
    parts = [styled(printable(_place(hit, root)), PATH, colour)]
    if hit.passage.line and hit.passage.place:
        parts.append(styled(printable(hit.passage.place), DIM, colour))
    if _STATES[hit.state]:
        parts.append(styled(f"({_STATES[hit.state]})", WARNING, colour))
    return " ".join(parts)


def _fragments(hit: Hit, colour: bool) -> str:
    """What matched, in one line, with an ellipsis where something was left out of a sentence, or
    between.
    """
    shown = hit.excerpts
    before = "… " if shown[0].cut_before else ""
    after = " …" if shown[-1].cut_after else ""
    return before + " … ".join(marked(one.text, one.spans, colour) for one in shown) + after


def _headings(hit: Hit, colour: bool) -> str:
    pairs = zip(hit.passage.headings, hit.heading_highlights, strict=True)
    return " › ".join(marked(heading, spans, colour) for heading, spans in pairs)


def _as_paragraph(hit: Hit, root: Path, colour: bool, columns: int | None) -> str:
    """A hit for people; lines are wrapped only where there are ``columns``, on a terminal."""
    number = f"{hit.rank}."
    indent = " " * (len(number) + 1)
    title = marked(hit.passage.title, hit.title_highlights, colour, BOLD)
    lines = [f"{title}  {styled(f'{hit.score:.3f}', DIM, colour)}"]
    if hit.passage.headings:
        lines.append(_headings(hit, colour))
    lines.append(_where(hit, root, colour))
    lines.append(_fragments(hit, colour))
    if hit.similar:
        lines.append(styled(printable(_similar(hit, root)), DIM, colour))
    if columns:
        lines = [wrapped(line, indent, columns) for line in lines]
    else:
        lines = [indent + line for line in lines]
    lines[0] = number + lines[0][len(number) :]
    return "\n".join([*lines, ""])


def _similar(hit: Hit, root: Path) -> str:
    """Such as "+2 similar: notes/a.md, notes/b.md"."""
    paths = list(dict.fromkeys(shown(root / place.key) for place in hit.similar))
    more = f", and {len(paths) - _MOST_SIMILAR} more" if len(paths) > _MOST_SIMILAR else ""
    return f"+{len(hit.similar):,} similar: {', '.join(paths[:_MOST_SIMILAR])}{more}"


def _as_tree(part: Explanation, columns: int | None, indent: str = "   ") -> Iterator[str]:
    """A line for each part of an explanation, below what it is part of."""
    value = f"{part.value:.3f}" if part.matched else "no match:"
    line = f"{value} {printable(part.description)}"
    yield wrapped(line, indent, columns, hanging="    ") if columns else indent + line
    # What it would be worth, did it match, explains nothing.
    for detail in part.details if part.matched else ():
        yield from _as_tree(detail, columns, indent + "  ")


def _as_line(hit: Hit, root: Path, colour: bool) -> str:
    path = shown(root / hit.passage.key)
    return "\t".join(
        [
            str(hit.rank),
            f"{hit.score:.3f}",
            printable(f"{path}:{hit.passage.line}" if hit.passage.line else path),
            marked(hit.passage.title, hit.title_highlights, colour),
            _headings(hit, colour),
            _fragments(hit, colour),
            hit.state.value,
            printable(hit.passage.place),
        ]
    )


def _answer_as_json(
    answer: Answer, explanations: list[Explanation], limit: int, offset: int, root: Path
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "query": answer.query.text,
        "notices": [
            {"message": notice.message, "start": notice.start, "end": notice.end}
            for notice in answer.notices
        ],
        "understood": list(map(as_json, answer.understood)),
        "suggestion": answer.suggestion,
        "limit": limit,
        "offset": offset,
        "total": answer.total,
        "facets": {
            facet.field: {
                "values": [
                    {"value": one.value, "documents": one.documents} for one in facet.values
                ],
                "others": facet.others,
            }
            for facet in answer.facets
        },
        "hits": list(_hits_as_json(answer, explanations, root)),
    }


def _hits_as_json(
    answer: Answer, explanations: list[Explanation], root: Path
) -> Iterator[dict[str, Any]]:
    for hit, explanation in zip_longest(answer.hits, explanations):
        fields = _hit_as_json(hit, root)
        if explanation:
            fields["explanation"] = _explanation_as_json(explanation)
        yield fields


def _explanation_as_json(part: Explanation) -> dict[str, Any]:
    return {
        "value": part.value,
        "matched": part.matched,
        "description": part.description,
        "details": [_explanation_as_json(detail) for detail in part.details],
    }


def _hit_as_json(hit: Hit, root: Path) -> dict[str, Any]:
    passage = hit.passage
    modified = datetime.fromtimestamp(passage.modified, UTC)
    return {
        "rank": hit.rank,
        "score": hit.score,
        "key": passage.key,
        "path": str(root / passage.key),
        "line": passage.line,
        "place": passage.place,
        "title": passage.title,
        "headings": list(passage.headings),
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "modified": modified.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "media_type": passage.media_type,
        "authors": list(passage.authors),
        "published": passage.published,
        "language": passage.language,
        "tags": list(passage.tags),
        "state": hit.state.value,
        "text": passage.text,
        "text_hash": passage.text_hash,
        "similar": [{"key": one.key, "ordinal": one.ordinal} for one in hit.similar],
        "highlights": [list(span) for span in hit.highlights],
        "title_highlights": [list(span) for span in hit.title_highlights],
        "heading_highlights": [[list(span) for span in one] for one in hit.heading_highlights],
        "document_highlights": _moved(hit.highlights, passage.start),
        "fragment": _fragment_as_json(passage, hit.fragment),
        "fragments": [_fragment_as_json(passage, fragment) for fragment in hit.fragments],
    }


def _fragment_as_json(passage: Passage, fragment: Fragment) -> dict[str, Any]:
    return {
        "text": passage.text[fragment.start : fragment.end],
        "start": fragment.start,
        "end": fragment.end,
        "highlights": _moved(fragment.spans, 0),
        "document_start": passage.start + fragment.start,
        "document_end": passage.start + fragment.end,
        "document_highlights": _moved(fragment.spans, passage.start),
    }


def _moved(spans: Iterable[tuple[int, int]], by: int) -> list[list[int]]:
    return [[start + by, end + by] for start, end in spans]
