"""What terms of the index does each word of a query tree stand for?

A tree is made of words as they are written; here they become the terms that the languages of the
index make of them. Patterns and prefixes stay: they are looked for among words as written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cached_property

from searchkit.analysis.asked import SYNONYM_WEIGHT, IndexAnalyzer
from searchkit.analysis.languages import folded
from searchkit.analysis.unspaced import is_single
from searchkit.query.asked import Clause, Word
from searchkit.query.clauses import all_of, any_of
from searchkit.schema import form_field
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Node,
    Or,
    Phrase,
    Prefix,
    Require,
    Term,
    WordGroup,
)

FORM_WEIGHT = 0.1
"""The field has no lengths, so that what stands there counts like in a text without any, four times
as much as in one of average length; and another form is a weaker sign than the word itself."""

ACCENTED_WEIGHT = 0.1
"""What a word adds that has the accents as they were typed, in a field without lengths, too."""

MOST_ENDS = 1_000
"""Of a phrase that ends in a single character: words of two that begin with it."""

Beginning = Callable[[str, str], Sequence[str]]


class Expansion:
    """``fields`` are those whose texts go by their language, ``as_written`` the one that has words
    as they are written, if there is one. ``beginning`` gives the terms of a field that begin with a
    character, all that the index has.
    """

    def __init__(
        self,
        analyzer: IndexAnalyzer,
        fields: Collection[str],
        as_written: str = "",
        beginning: Beginning | None = None,
    ) -> None:
        self._analyzer = analyzer
        self._fields = fields
        self._as_written = as_written
        self._beginning = beginning
        # What is told of a clause is what was typed.
        self._told = self if beginning is None else Expansion(analyzer, fields, as_written)

    @cached_property
    def _excluding(self) -> Expansion:
        """For what is not wanted, whose synonyms may be: ``television -telly``."""
        bare = self._analyzer.without_synonyms()
        if bare is self._analyzer:
            return self
        return Expansion(bare, self._fields, self._as_written, self._beginning)

    def word(self, word: Word) -> Word:
        """``word`` with its terms."""
        if word.field is not None and word.field not in self._fields:
            return word
        terms = [term for one in word.terms for term, _ in self._analyzer.terms_of(one)]
        return replace(word, terms=tuple(dict.fromkeys(terms)), written=word.terms)

    def clause(self, clause: Clause) -> Clause:
        """``clause`` with what it becomes."""
        return replace(clause, node=self._told.tree(clause.node))

    def tree(self, node: Node) -> Node:
        """``node`` with terms in the place of words."""
        match node:
            case WordGroup(members) if not self._is_analysed(members):
                return node
            case WordGroup(members, factor):
                group = WordGroup(self._members(members), factor)
                fields = [field for field, _, _ in members]
                return self._with_synonyms(group, fields, (members[0][1],))
            case Term(field, word) if field in self._fields:
                group = WordGroup(self._members(((field, word, 1.0),)))
                is_term = len(group.members) == 1
                node = Term(field, group.members[0][1]) if is_term else group
                return self._with_synonyms(node, [field], (word,))
            case Phrase(field, words, slop) if field in self._fields:
                phrases = self._analyzer.phrases_of(words)
                if self._beginning is not None and is_single(words[-1]):
                    return any_of(self._open_phrase(field, terms, slop) for terms in phrases)
                node = any_of([Phrase(field, terms, slop) for terms in phrases])
                return self._with_synonyms(node, [field], words)
            case Or(children):
                running = [same for _, _, same in self._running(children)]
                return any_of(_merged([*map(self.tree, children), *running]))
            case And(children):
                return all_of(_merged(self._each(children))) if children else node
            case DisjunctionMax(children, tie):
                return DisjunctionMax(tuple(map(self.tree, children)), tie)
            case AndNot(wanted, unwanted):
                return AndNot(self.tree(wanted), self._excluding.tree(unwanted))
            case AndMaybe(required, optional):
                return AndMaybe(self.tree(required), self.tree(optional))
            case Require(scored, required):
                return Require(self.tree(scored), self.tree(required))
            case ConstantScore(child, score):
                return ConstantScore(self.tree(child), score)
            case Boost(child, factor):
                return Boost(self.tree(child), factor)
            case _:
                return node

    def _open_phrase(self, field: str, terms: tuple[str, ...], slop: int) -> Node:
        """A phrase whose last word is a single character, which in a text may be the first of two:
        of words that begin so, each is looked for there, or, if they are too many, any of them
        anywhere.
        """
        *before, last = terms
        assert self._beginning is not None
        ends = self._beginning(field, last)
        if len(ends) <= MOST_ENDS:
            found = dict.fromkeys((last, *ends))
            return any_of(Phrase(field, (*before, end), slop) for end in found)
        head = Phrase(field, tuple(before), slop) if len(before) > 1 else Term(field, before[0])
        return And((head, Prefix(field, last)))

    def _is_analysed(self, members: tuple[tuple[str, str, float], ...]) -> bool:
        """Whether some of these words go by language: those of a dictionary do not."""
        return any(field in self._fields for field, _, _ in members)

    def _with_synonyms(self, node: Node, fields: Sequence[str], words: tuple[str, ...]) -> Node:
        """``node``, or what is the same as ``words`` in one of ``fields``; what is a single word
        for a single one is among its terms already.
        """
        others = [
            other
            for other in self._analyzer.synonyms_of(words)
            if len(words) > 1 or len(other) > 1 or is_single(other[0])
        ]
        return any_of([node, *(self._synonym(other, fields) for other in others)])

    def _synonym(self, words: tuple[str, ...], fields: Sequence[str]) -> Node:
        nodes: list[Node] = []
        forms = [form_field(field) for field in fields if form_field(field) in self._fields]
        for terms in self._analyzer.phrases_of(words):
            if len(terms) > 1:
                nodes += [Phrase(field, terms) for field in fields]
                continue
            nodes.append(WordGroup(tuple((field, terms[0], 1.0) for field in (*fields, *forms))))
            if is_single(words[0]):
                nodes += [Prefix(field, words[0]) for field in fields]
        return Boost(any_of(nodes), SYNONYM_WEIGHT)

    def _each(self, children: Sequence[Node]) -> list[Node]:
        """All of ``children``, those in a row that have synonyms as a choice between them and
        those.
        """
        longest: dict[int, int] = {}
        same: dict[tuple[int, int], list[Node]] = {}
        for start, stop, synonym in self._running(children):
            longest[start] = stop
            same.setdefault((start, stop), []).append(synonym)
        found: list[Node] = []
        at = 0
        while at < len(children):
            stop = longest.get(at, at + 1)
            own = all_of(map(self.tree, children[at:stop]))
            found.append(any_of([own, *same.get((at, stop), ())]))
            at = stop
        return found

    def _running(self, children: Sequence[Node]) -> list[tuple[int, int, Node]]:
        """The synonyms of words that stand next to each other in a list: from which on, up to
        which, and what is the same; of those from one word on the longest are last.
        """
        longest = self._analyzer.longest_synonym
        if longest < 2:
            return []
        words = [self._word_of(child) for child in children]
        found: list[tuple[int, int, Node]] = []
        for start, (word, fields) in enumerate(words):
            if not word or not self._analyzer.begins_synonym(word):
                continue
            run = [word]
            for stop in range(start + 2, min(start + longest, len(words)) + 1):
                following, its_fields = words[stop - 1]
                if not following or its_fields != fields:
                    break
                run.append(following)
                found += [
                    (start, stop, self._synonym(other, fields))
                    for other in self._analyzer.synonyms_of(run)
                ]
        return found

    def _word_of(self, node: Node) -> tuple[str, list[str]]:
        """The word that a node of a list is, and its fields; "" for something else."""
        match node:
            case Boost(child):
                return self._word_of(child)
            case WordGroup(members) if self._is_analysed(members):
                return members[0][1], [field for field, _, _ in members]
            case Term(field, word) if field in self._fields:
                return word, [field]
            case _:
                return "", []

    def _members(
        self, members: tuple[tuple[str, str, float], ...]
    ) -> tuple[tuple[str, str, float], ...]:
        found: dict[tuple[str, str], float] = {}
        forms = [(form_field(field), word, FORM_WEIGHT * weight) for field, word, weight in members]
        members = (*members, *(one for one in forms if one[0] in self._fields))
        if len({word for _, word, _ in members}) == 1 < len(members):
            word = members[0][1]
            if self._as_written and not word.isascii() and folded(word) != word:
                members = (*members, (self._as_written, word, ACCENTED_WEIGHT))
        for field, word, weight in members:
            if field in self._fields:
                for term, share in self._analyzer.terms_of(word):
                    found.setdefault((field, term), weight * share)
            else:
                found.setdefault((field, word), weight)
        return tuple((field, term, weight) for (field, term), weight in found.items())


def _merged(nodes: Sequence[Node]) -> list[Node]:
    """``nodes``, in which words that come to the same in the commonest language are one: "cell" and
    "cells" are not two words for having two stems in another.
    """
    found: list[Node] = []
    places: dict[tuple[object, ...], int] = {}
    for node in nodes:
        if isinstance(node, WordGroup):
            key = (*node.members[0][:2], node.factor, len({field for field, _, _ in node.members}))
            if key in places:
                before = found[places[key]]
                assert isinstance(before, WordGroup)
                members = {(field, term): weight for field, term, weight in node.members}
                members.update({(field, term): weight for field, term, weight in before.members})
                found[places[key]] = WordGroup(
                    tuple((field, term, weight) for (field, term), weight in members.items()),
                    node.factor,
                )
                continue
            places[key] = len(found)
        found.append(node)
    return found
