"""Which words of a passage made it match?

The query tree is matched against the passage once more, so that a phrase gives one span, a stem
the word it stands for, and a clause that does not hold for this passage nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from searchkit.analysis import Token
from searchkit.tree import And, AndNot, Every, FieldGroup, Node, Or, Phrase, Term, leaves

Span = tuple[int, int]
"""Start and end in code points, half open."""

Texts = Mapping[str, Sequence[Sequence[Token]]]
"""For each field its texts (a passage has several headings), each as its tokens in order."""

_Found = list[tuple[str, int, Span]]
"""Field, number of the text within the field, span."""


def matched_spans(
    tree: Node, texts: Texts, unmarked: Collection[str] = ()
) -> dict[str, list[list[Span]]]:
    """For each field and each of its texts, what matched: in order, without overlaps.

    Terms in ``unmarked`` (the words that every text is full of) give no spans of their own, unless
    the query has no others; in a phrase they stay.
    """
    if all(not isinstance(leaf, Phrase) and leaf.term in unmarked for leaf in leaves(tree)):
        unmarked = ()
    found = _match(tree, texts, unmarked) or []
    return {
        field: [
            merge_spans(span for name, at, span in found if name == field and at == number)
            for number in range(len(tokens))
        ]
        for field, tokens in texts.items()
    }


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """The union of ``spans``, in order; spans that only touch stay apart."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _match(node: Node, texts: Texts, unmarked: Collection[str]) -> _Found | None:
    """What made ``node`` match, or None if it does not."""
    match node:
        case Term(field, term):
            found = _phrase((field,), (term,), texts)
            return [] if found and term in unmarked else found
        case FieldGroup(term, weights):
            found = _phrase([field for field, _ in weights], (term,), texts)
            return [] if found and term in unmarked else found
        case Phrase(field, terms):
            return _phrase((field,), terms, texts)
        case Or(children):
            some = [_match(child, texts, unmarked) for child in children]
            held = [part for part in some if part is not None]
            return [span for part in held for span in part] if held else None
        case And(children):
            parts = [_match(child, texts, unmarked) for child in children]
            every = [part for part in parts if part is not None]
            return [span for part in every for span in part] if len(every) == len(parts) else None
        case AndNot(wanted, unwanted):
            if _match(unwanted, texts, unmarked) is not None:
                return None
            return _match(wanted, texts, unmarked)
        case Every():
            return []


def _phrase(fields: Iterable[str], terms: tuple[str, ...], texts: Texts) -> _Found | None:
    found: _Found = []
    for field in fields:
        for number, tokens in enumerate(texts.get(field, ())):
            for at, token in enumerate(tokens):
                if token.term == terms[0]:
                    run = tokens[at : at + len(terms)]
                    if tuple(one.term for one in run) == terms:
                        found.append((field, number, (token.start, run[-1].end)))
    return found or None
