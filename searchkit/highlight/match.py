"""Which words of a passage made it match?

The query tree is matched against the passage once more, so that a phrase gives one span, a stem
the word it stands for, and a clause that does not hold for this passage nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from searchkit.analysis import Token
from searchkit.highlight.fits import fits
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
    Fuzzy,
    Node,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    Regex,
    Require,
    Term,
    TermRange,
    Wildcard,
    WordGroup,
    leaves,
)

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
    if all(_is_unmarked(leaf, unmarked) for leaf in leaves(tree)):
        unmarked = ()
    found = _match(tree, texts, unmarked, True) or []
    return {
        field: [
            merge_spans(span for name, at, span in found if name == field and at == number)
            for number in range(len(tokens))
        ]
        for field, tokens in texts.items()
    }


def _is_unmarked(leaf: Node, unmarked: Collection[str]) -> bool:
    match leaf:
        case Term(_, term):
            return term in unmarked
        case WordGroup(members):
            return all(term in unmarked for _, term, _ in members)
        case _:
            return False


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """The union of ``spans``, in order; spans that only touch stay apart."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _match(node: Node, texts: Texts, unmarked: Collection[str], holds: bool) -> _Found | None:
    """What made ``node`` match, or None if it does not.

    What is not in the texts (metadata) cannot be looked at. The document matched, so it is taken as
    it must be for that: as matching if ``holds``, and within what is unwanted as not.
    """
    match node:
        case Every():
            return []
        case NumberRange():
            return [] if holds else None
        case (
            Term(field)
            | Phrase(field)
            | Prefix(field)
            | Wildcard(field)
            | Regex(field)
            | Fuzzy(field)
            | TermRange(field)
        ) if field not in texts:
            return [] if holds else None
        case Term(field, term):
            found = _phrase((field,), (term,), texts)
            return [] if found and term in unmarked else found
        case WordGroup(members):
            parts = [_phrase((field,), (term,), texts) for field, term, _ in members]
            held = [part for part in parts if part is not None]
            if not held or _is_unmarked(node, unmarked):
                return [] if held else None
            return [span for part in held for span in part]
        case Phrase(field, terms, 1):
            return _phrase((field,), terms, texts)
        case Phrase(field, terms, slop):
            return _loose_phrase(field, terms, slop, texts)
        case Or(children) | DisjunctionMax(children):
            some = [_match(child, texts, unmarked, holds) for child in children]
            held = [part for part in some if part is not None]
            return [span for part in held for span in part] if held else None
        case And(children):
            parts = [_match(child, texts, unmarked, holds) for child in children]
            every = [part for part in parts if part is not None]
            return [span for part in every for span in part] if len(every) == len(parts) else None
        case Require(one, other):
            return _match(And((one, other)), texts, unmarked, holds)
        case AndMaybe(required, optional):
            there = _match(required, texts, unmarked, holds)
            if there is None:
                return None
            return there + (_match(optional, texts, unmarked, holds) or [])
        case AndNot(wanted, unwanted):
            if _match(unwanted, texts, unmarked, not holds) is not None:
                return None
            return _match(wanted, texts, unmarked, holds)
        case ConstantScore(child) | Boost(child):
            return _match(child, texts, unmarked, holds)
        case _:
            is_meant = fits(node)
            return [
                (node.field, number, (token.start, token.end))
                for number, tokens in enumerate(texts.get(node.field, ()))
                for token in tokens
                if is_meant(token.term)
            ] or None


def _loose_phrase(field: str, terms: tuple[str, ...], slop: int, texts: Texts) -> _Found | None:
    """A phrase with words in between marks its words, not these."""
    found: _Found = []
    for number, tokens in enumerate(texts.get(field, ())):
        for at, token in enumerate(tokens):
            row = _row(tokens, at, terms, slop) if token.term == terms[0] else None
            found += [(field, number, (one.start, one.end)) for one in row or ()]
    return found or None


def _row(tokens: Sequence[Token], at: int, terms: tuple[str, ...], slop: int) -> list[Token] | None:
    """The first row of ``terms`` that begins with the token ``at``."""
    if len(terms) == 1:
        return [tokens[at]]
    for after in range(at + 1, min(at + slop + 1, len(tokens))):
        if tokens[after].term == terms[1]:
            rest = _row(tokens, after, terms[1:], slop)
            if rest is not None:
                return [tokens[at], *rest]
    return None


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
