"""How does a hit read, for people and as a line?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from searchkit.cli.places import place_of, shown
from searchkit.cli.terminal import BOLD, DIM, PATH, WARNING, marked, printable, styled, wrapped
from searchkit.collection import Hit, State

if TYPE_CHECKING:
    from searchkit.collection import Explanation, Facet

_MOST_SIMILAR = 3
"""So many files of similar passages are named."""


def facet_line(facet: Facet) -> str:
    """Such as "type: html (120), pdf (12), and 2 more"."""
    values = [f"{printable(str(one.value))} ({one.documents:,})" for one in facet.values]
    if facet.others:
        values.append(f"and {facet.others:,} more")
    return f"{facet.field}: {', '.join(values) or 'none'}"


def place_in(hit: Hit, root: Path) -> str:
    return place_of(shown(root / hit.passage.key), hit.line, hit.place)


STATES = {
    State.FRESH: "",
    State.CHANGED: "changed since it was indexed",
    State.GONE: "gone since it was indexed",
}


def _where(hit: Hit, root: Path, colour: bool) -> str:
    """The place of a hit, its anchor, and what has become of its file, for people."""
    parts = [styled(printable(place_in(hit, root)), PATH, colour)]
    if hit.line and hit.place:
        parts.append(styled(printable(hit.place), DIM, colour))
    if STATES[hit.state]:
        parts.append(styled(f"({STATES[hit.state]})", WARNING, colour))
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
    return " › ".join(marked(heading, spans, colour) for heading, spans in hit.headings)


def _labels(hit: Hit, colour: bool) -> str:
    """Such as "tags: **housing**, rent"."""
    pairs = zip(hit.passage.labels, hit.label_highlights, strict=True)
    return "tags: " + ", ".join(marked(label, spans, colour) for label, spans in pairs)


def hit_paragraph(
    hit: Hit, root: Path, colour: bool, columns: int | None, *, has_title: bool = True
) -> str:
    """A hit for people; lines are wrapped only where there are ``columns``, on a terminal. Without
    its title it is a further passage of the document above.
    """
    number = f"{hit.rank}."
    indent = " " * (len(number) + 1)
    title = marked(hit.passage.title, hit.title_highlights, colour, BOLD)
    why_here = printable(hit.sort_value) or f"{hit.score:.3f}"
    lines = [f"{title}  {styled(why_here, DIM, colour)}"] if has_title else []
    if hit.headings:
        lines.append(_headings(hit, colour))
    where = _where(hit, root, colour)
    lines.append(where)
    lines.append(_fragments(hit, colour))
    if any(hit.label_highlights):
        lines.append(_labels(hit, colour))
    if hit.similar:
        lines.append(styled(printable(similar_line(hit, root)), DIM, colour))
    if columns:
        # A path stays whole, to be copied.
        lines = [wrapped(line, indent, columns, breaks_words=line is not where) for line in lines]
    else:
        lines = [indent + line for line in lines]
    if has_title:
        lines[0] = number + lines[0][len(number) :]
    return "\n".join([*lines, ""])


def similar_line(hit: Hit, root: Path) -> str:
    """Such as "+2 similar: notes/a.md, notes/b.md"."""
    paths = list(dict.fromkeys(shown(root / place.key) for place in hit.similar))
    more = f", and {len(paths) - _MOST_SIMILAR} more" if len(paths) > _MOST_SIMILAR else ""
    return f"+{len(hit.similar):,} similar: {', '.join(paths[:_MOST_SIMILAR])}{more}"


def as_tree(part: Explanation, columns: int | None, indent: str = "   ") -> Iterator[str]:
    """A line for each part of an explanation, below what it is part of."""
    value = f"{part.value:.3f}" if part.matched else "no match:"
    line = f"{value} {printable(part.description)}"
    yield wrapped(line, indent, columns, hanging="    ") if columns else indent + line
    # What it would be worth, did it match, explains nothing.
    for detail in part.details if part.matched else ():
        yield from as_tree(detail, columns, indent + "  ")


def hit_line(hit: Hit, root: Path, colour: bool) -> str:
    path = shown(root / hit.passage.key)
    return "\t".join(
        [
            str(hit.rank),
            f"{hit.score:.3f}",
            printable(f"{path}:{hit.line}" if hit.line else path),
            marked(hit.passage.title, hit.title_highlights, colour),
            _headings(hit, colour),
            _fragments(hit, colour),
            hit.state.value,
            printable(hit.place),
            printable(similar_line(hit, root)) if hit.similar else "",
            printable(hit.sort_value),
        ]
    )
