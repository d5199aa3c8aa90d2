"""How a query was understood, for people and in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from searchkit.cli.terminal import printable
from searchkit.collection import Answer

if TYPE_CHECKING:
    from searchkit.collection import Understood


def suggestion_line(answer: Answer) -> str:
    """The command that may have been meant."""
    # Late: few queries have one.
    from shlex import quote

    return f"did you mean: searchkit query {printable(quote(answer.suggestion or ''))}"


def as_line(clause: Understood) -> str:
    """Such as "conscr* (pattern, optional): conscription 12, conscript 4"."""
    field = f"{clause.field}:" if clause.field else ""
    about = ", ".join(dict.fromkeys((clause.kind, clause.role)))
    if clause.kind == "range":
        low, high = (
            f"{'' if one is None or name not in clause.excludes else 'but not '}{one or 'any'}"
            for name, one in (("low", clause.low), ("high", clause.high))
        )
        said = f"{low} to {high}"
    else:
        terms = [f"{one.term} {one.passages:,}" for one in clause.terms]
        if clause.more:
            terms.append(f"and {clause.more:,} more")
        said = ", ".join(terms) or "nothing"
    return printable(f"{field}{clause.text} ({about}): {said}")


def as_json(clause: Understood) -> dict[str, Any]:
    """All that is known of a clause."""
    return {
        "text": clause.text,
        "start": clause.start,
        "end": clause.end,
        "field": clause.field,
        "role": clause.role,
        "kind": clause.kind,
        "terms": [{"term": one.term, "passages": one.passages} for one in clause.terms],
        "more": clause.more,
        "low": clause.low,
        "high": clause.high,
        "excludes": list(clause.excludes),
    }
