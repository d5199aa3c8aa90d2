"""Which words of a passage made it match?

The query tree is matched against the passage once more, so that a phrase gives one span, a stem
the word it stands for, and a clause that does not hold for this passage nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from searchkit.analysis import Token
from searchkit.highlight.fits import fits
from searchkit.highlight.words import Words
from searchkit.schema import form_field, word_field
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
    Expanding,
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

NO_TEXTS: Texts = MappingProxyType({})


class Match(NamedTuple):
    """Matched text (code points, half open), and the leaves of the query that matched there: a bit
    for each, by its number among :func:`searchkit.tree.leaves`.
    """

    start: int
    end: int
    leaves: int


_Found = list[tuple[str, int, Match]]
"""Field, number of the text within the field, match."""


class Matcher:
    """Finds what one query matches in passages.

    Terms in ``unmarked`` (the words that every text is full of) give no matches of their own,
    unless the query has no others; in a phrase they stay. So it is with a Han character of a pair
    that the query has too: by itself it is mostly another word.
    """

    def __init__(self, tree: Node, unmarked: Collection[str] = ()) -> None:
        self._tree = tree
        bits: dict[Node, int] = {}
        for leaf in leaves(tree):
            bits.setdefault(leaf, 1 << len(bits))
        self._bits = bits
        unmarked = {*unmarked, *_within_pairs(bits)}
        is_all = all(_is_unmarked(leaf, unmarked) for leaf in bits)
        self._unmarked: Collection[str] = () if is_all else unmarked
        self._fits: dict[Expanding, _Remembered] = {}

    def matches(self, texts: Texts, forms: Texts = NO_TEXTS) -> dict[str, list[list[Match]]]:
        """For each field and each of its texts, what matched: in order, without overlaps.

        ``forms`` are the other forms of words in each of ``texts``, as far as they are known.
        """
        found = self._match(self._tree, _Passage(texts, forms), True) or []
        parts: dict[tuple[str, int], list[Match]] = {}
        for field, number, match in found:
            parts.setdefault((field, number), []).append(match)
        return {
            field: [merged(parts.get((field, number), ())) for number in range(len(tokens))]
            for field, tokens in texts.items()
        }

    def _match(self, node: Node, passage: _Passage, holds: bool) -> _Found | None:
        """What made ``node`` match, or None if it does not.

        What is not in the texts (metadata) cannot be looked at. The document matched, so it is
        taken as it must be for that: as matching if ``holds``, and within what is unwanted as not.
        """
        match node:
            case Every():
                return []
            case NumberRange():
                return [] if holds else None
            case WordGroup(members):
                return self._group(node, members, passage, holds)
            case (
                Term(field)
                | Phrase(field)
                | Prefix(field)
                | Wildcard(field)
                | Regex(field)
                | Fuzzy(field)
                | TermRange(field)
            ) if not passage.has(field):
                return [] if holds else None
            case Term(field, term):
                return self._group(node, ((field, term, 1.0),), passage, holds)
            case Phrase(field, terms, slop):
                bit = self._bits.get(node, 0)
                return [
                    (words.field, words.number, Match(start, end, bit))
                    for words in passage.texts(field)
                    for start, end in words.rows(terms, slop)
                ] or None
            case Or(children) | DisjunctionMax(children):
                some = [self._match(child, passage, holds) for child in children]
                held = [part for part in some if part is not None]
                return [span for part in held for span in part] if held else None
            case And(children):
                parts = [self._match(child, passage, holds) for child in children]
                every = [part for part in parts if part is not None]
                if not parts or len(every) < len(parts):
                    return None
                return [span for part in every for span in part]
            case Require(one, other):
                return self._match(And((one, other)), passage, holds)
            case AndMaybe(required, optional):
                there = self._match(required, passage, holds)
                if there is None:
                    return None
                return there + (self._match(optional, passage, holds) or [])
            case AndNot(wanted, unwanted):
                if self._match(unwanted, passage, not holds) is not None:
                    return None
                return self._match(wanted, passage, holds)
            case ConstantScore(child) | Boost(child):
                return self._match(child, passage, holds)
            case _:
                return self._expanded(node, passage)

    def _group(
        self,
        node: Term | WordGroup,
        members: Sequence[tuple[str, str, float]],
        passage: _Passage,
        holds: bool,
    ) -> _Found | None:
        """What any of the terms of one word matched."""
        bit = self._bits.get(node, 0)
        found: _Found = []
        is_known = True
        for field, term, _ in members:
            is_known = is_known and passage.has(field)
            for words in passage.texts(field):
                found += (
                    (words.field, words.number, Match(token.start, token.end, bit))
                    for token in words.tokens_of(term)
                )
        if not found:
            return None if is_known or not holds else []
        return [] if _is_unmarked(node, self._unmarked) else found

    def _expanded(self, node: Expanding, passage: _Passage) -> _Found | None:
        """What the terms that ``node`` stands for matched."""
        if node not in self._fits:
            self._fits[node] = _Remembered(fits(node))
        is_meant = self._fits[node]
        bit = self._bits.get(node, 0)
        return [
            (words.field, words.number, Match(token.start, token.end, bit))
            for words in passage.texts(node.field)
            for word in words.distinct
            if is_meant[word]
            for token in words.tokens_of(word)
        ] or None


class _Remembered(dict[str, bool]):
    """What a predicate says of words: the passages of an answer share most of theirs."""

    def __init__(self, predicate: Callable[[str], bool]) -> None:
        super().__init__()
        self._predicate = predicate

    def __missing__(self, word: str) -> bool:
        self[word] = found = self._predicate(word)
        return found


class _Passage:
    """The texts of a passage, each looked through when it is first asked for."""

    def __init__(self, texts: Texts, forms: Texts) -> None:
        self._tokens = {name: [(name, texts[name], False)] for name in texts}
        for name in texts:
            self._tokens[word_field(name)] = [(name, texts[name], True)]
        for name in forms:
            self._tokens[form_field(name)] = [(name, forms[name], False)]
        self._words: dict[str, list[Words]] = {}

    def has(self, field: str) -> bool:
        return field in self._tokens

    def texts(self, field: str) -> list[Words]:
        if field not in self._words:
            self._words[field] = [
                Words(name, number, tokens, as_written=as_written)
                for name, texts, as_written in self._tokens.get(field, ())
                for number, tokens in enumerate(texts)
            ]
        return self._words[field]


def _is_unmarked(leaf: Node, unmarked: Collection[str]) -> bool:
    match leaf:
        case Term(_, term):
            return term in unmarked
        case WordGroup(members):
            return all(term in unmarked for _, term, _ in members)
        case _:
            return False


def _within_pairs(leaves: Iterable[Node]) -> set[str]:
    """The characters of the pairs that stand for words in scripts without spaces."""
    terms: set[str] = set()
    for leaf in leaves:
        match leaf:
            case Term(_, term):
                terms.add(term)
            case WordGroup(members):
                terms.update(term for _, term, _ in members)
            case Phrase(_, several):
                terms.update(several)
    return {char for term in terms if len(term) == 2 and term[0] > "\u2e80" for char in term}


def merged(matches: Iterable[Match]) -> list[Match]:
    """The union of ``matches``, in order; what only touches stays apart."""
    union: list[Match] = []
    for match in sorted(matches):
        if union and match.start < union[-1].end:
            start, end, bits = union[-1]
            union[-1] = Match(start, max(end, match.end), bits | match.leaves)
        else:
            union.append(match)
    return union
