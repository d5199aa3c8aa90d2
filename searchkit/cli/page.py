"""How is an answer shown in a browser?

One page that needs nothing else: no script, no link but to the files found. What documents, names
and queries say is text in it, whatever it looks like; a policy in its head forbids all else.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from searchkit.cli.hits import STATES, as_tree, facet_line, place_in, similar_line
from searchkit.cli.terminal import printable_lines
from searchkit.collection import Answer, Hit

if TYPE_CHECKING:
    from searchkit.collection import Explanation

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 0 }
li { margin: 0 0 1.6rem } p { margin: .2rem 0 } h1, h2, p, div { overflow-wrap: anywhere }
.headings, .place, .labels, .similar, .facet, .count { font-size: .85rem; opacity: .8 }
.state { color: #b00020; font-weight: bold }
.passage, pre { white-space: pre-wrap; margin: .4rem 0; padding-inline-start: .8rem;
  border-inline-start: 3px solid #8884 }
summary { cursor: pointer; font-size: .85rem }
mark { background: #ffe27a; color: #000; padding: 0 .1em }
"""

_HEAD = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<style>{_STYLE}</style>
"""


def page_of(
    answer: Answer, explanations: Sequence[Explanation], root: Path, documents: bool = False
) -> str:
    """The page for an answer; ``explanations`` are those of its hits, or none. ``documents`` says
    that these were asked for.
    """
    asked = _text(answer.query.text)
    said = [notice.message for notice in answer.notices]
    if answer.suggestion:
        said.append(f"did you mean: {answer.suggestion}")
    count = "1 passage matches" if answer.total == 1 else f"{answer.total:,} passages match"
    if answer.hits:
        first, last = answer.hits[0].rank, answer.hits[-1].rank
        count = f"passages {first:,} to {last:,} of {answer.total:,}"
        if documents:
            count = f"documents {first:,} to {last:,}, with {answer.total:,} passages in all"
    parts = [
        f"{_HEAD}<title>{asked}</title>\n</head>\n<body>",
        f'<h1 dir="auto">{asked}</h1>',
        *(f'<p class="notice" dir="auto">{_text(one)}</p>' for one in said),
        f'<p class="count">{count}</p>',
        "<ol>",
        *(
            _item(hit, explanation, root)
            for hit, explanation in zip_longest(answer.hits, explanations)
        ),
        "</ol>",
        *(f'<p class="facet" dir="auto">{_text(facet_line(one))}</p>' for one in answer.facets),
        "</body>\n</html>",
    ]
    return "\n".join(parts)


def _item(hit: Hit, explanation: Explanation | None, root: Path) -> str:
    passage = hit.passage
    headings = " › ".join(
        f"<bdi>{_marked(heading, spans)}</bdi>" for heading, spans in hit.headings
    )
    labels = ", ".join(
        f"<bdi>{_marked(label, spans)}</bdi>"
        for label, spans in zip(passage.labels, hit.label_highlights, strict=True)
    )
    state = STATES[hit.state] and f' <span class="state">{STATES[hit.state]}</span>'
    why_here = hit.sort_value or f"{hit.score:.3f}"
    parts = [
        f'<li value="{hit.rank}">',
        f'<h2 dir="auto">{_marked(passage.title, hit.title_highlights)}</h2>',
        f'<p class="headings">{headings}</p>' if headings else "",
        f'<p class="place">{_link(hit, root)}{state} {_text(why_here)}</p>',
        f'<p class="fragments" dir="auto">{_fragments(hit)}</p>',
        f'<p class="labels">tags: {labels}</p>' if any(hit.label_highlights) else "",
        f'<p class="similar">{_text(similar_line(hit, root))}</p>' if hit.similar else "",
        '<details><summary>the whole passage</summary><div class="passage" dir="auto">'
        f"{_marked(passage.text, hit.highlights)}</div></details>",
    ]
    if explanation:
        tree = _text("\n".join(as_tree(explanation, None, "")))
        parts.append(f"<details><summary>its score</summary><pre>{tree}</pre></details>")
    return "\n".join([part for part in parts if part] + ["</li>"])


def _fragments(hit: Hit) -> str:
    shown = hit.excerpts
    before = "… " if shown[0].cut_before else ""
    after = " …" if shown[-1].cut_after else ""
    return before + " … ".join(_marked(one.text, one.spans) for one in shown) + after


def _link(hit: Hit, root: Path) -> str:
    """Where the best fragment stands, and a link to it if that is in a file of its own."""
    place = f"<bdi>{_text(place_in(hit, root))}</bdi>"
    path = root / hit.passage.key
    try:
        if not path.is_file():
            return place
        address = path.as_uri()
    except (OSError, ValueError):
        return place
    kind, where = hit.passage.media_type, hit.place
    if kind == "text/html" and where.startswith("#"):
        address += "#" + quote(where[1:], errors="replace")
    elif kind == "application/pdf" and (page := re.match(r"page (\d+)", where)):
        # Browsers' viewers go there.
        address += f"#page={page[1]}"
    return f'<a href="{_text(address)}">{place}</a>'


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts = []
    at = 0
    for start, end in spans:
        parts.append(f"{_text(text[at:start])}<mark>{_text(text[start:end])}</mark>")
        at = end
    return "".join(parts) + _text(text[at:])


def _text(text: str) -> str:
    """``text`` as text of a page or as a value of an attribute in quotes. What no page may have,
    and what turns the direction of text, is shown as in the terminal.
    """
    return html.escape(printable_lines(text))
