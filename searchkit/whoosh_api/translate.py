"""What does a Whoosh query mean to the engine?

:func:`translate` gives a tree of ``searchkit.tree`` that matches what Whoosh's own matchers would,
without their faults, and scores as Whoosh's BM25F does; or None where there is no word for the
query, so that Whoosh's matchers have to go through our postings. It takes queries as they are, not
``normalize()``d: Whoosh's searchers do not either, and ``normalize`` makes ``And([Every(), x])``
match everything.

Whoosh's scores (``scoring.BM25F``), which :class:`WhooshBM25` makes the engine compute:

    (ln(N / (n + 1)) + 1) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average))

summed over the terms; N, n and average count live documents. A term of a field without lengths
(ID, NUMERIC, ...) scores its weight, which is its field's boost. A phrase scores the sum of its
words. A ``Not`` adds 1 to what it lets through. Prefix, wildcard, regex, fuzzy and range queries
that are "constant-scored" score their boost; in Whoosh it depends on the size of the index whether
they do.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from typing import Any

from whoosh import query
from whoosh.fields import FieldType
from whoosh.formats import Existence
from whoosh.query.qcore import _NullQuery
from whoosh.scoring import BM25F

from searchkit import tree
from searchkit.search import BM25
from searchkit.whoosh_api.reader import SearchkitReader

_MOST_SLOP = 2**32 - 1
"""No position is further from another."""


class WhooshBM25(BM25):
    """BM25 with Whoosh's idf, and its factor of k1 + 1."""

    def idf(self, df: int, docs: int) -> float:
        """What a term that ``df`` of ``docs`` documents have is worth."""
        return (self.k1 + 1) * (math.log(docs / (df + 1)) + 1) if docs else 0.0


def scoring_of(weighting: Any) -> WhooshBM25 | None:
    """The engine's scoring for a Whoosh weighting; None if it has none."""
    if type(weighting) is BM25F and not weighting._field_B:
        # What makes no sense as a parameter is left to Whoosh's own formula.
        with suppress(ValueError):
            return WhooshBM25(weighting.K1, weighting.B)
    return None


def translate(asked: query.Query, reader: SearchkitReader, *, scored: bool) -> tree.Node | None:
    """The tree for ``asked``, or None; if not ``scored``, its scores mean nothing."""
    try:
        return _Translation(reader, scored).node(asked)
    except _NoWord:
        return None


class _NoWord(Exception):
    """The engine has no word for a query."""


_EVERYTHING = tree.ConstantScore(tree.Every(), 1.0)


class _Translation:
    """One translation; ``scored`` is whether scores matter."""

    def __init__(self, reader: SearchkitReader, scored: bool) -> None:
        self._reader = reader
        self._schema = reader.schema
        self._scored = scored

    def _unscored(self) -> _Translation:
        return _Translation(self._reader, False) if self._scored else self

    def node(self, asked: query.Query) -> tree.Node:
        """Raises ``_NoWord``."""
        translate_one = _TRANSLATIONS.get(type(asked))
        if translate_one is None:
            raise _NoWord
        return translate_one(self, asked)

    # Leaves

    def _field(self, asked: Any) -> FieldType | None:
        """The field a leaf asks; None if the engine has no terms of it, so nothing matches."""
        name = asked.fieldname
        if name not in self._schema or self._reader.statistics(name) is None:
            return None
        return self._schema[name]

    def null(self, asked: Any) -> tree.Node:
        return tree.NOTHING

    def term(self, asked: query.Term) -> tree.Node:
        if asked.minquality:
            raise _NoWord
        field = self._field(asked)
        if field is None:
            return tree.NOTHING
        try:
            text = _text(field.to_bytes(asked.text))
        except ValueError:
            return tree.NOTHING
        return self._term(field, asked.fieldname, text, asked.boost)

    def _term(self, field: FieldType, name: str, text: str, boost: float) -> tree.Node:
        just_there = tree.TermRange(name, text, text)
        if not self._scored:
            return just_there
        field_boost = field.format.field_boost
        if self._reader.has_special_weights(name):
            raise _NoWord
        if field.scorable and field_boost == 1.0:
            return _boosted(tree.Term(name, text), boost)
        if not field.scorable and isinstance(field.format, Existence):
            return tree.ConstantScore(just_there, field_boost * boost)
        raise _NoWord

    def phrase(self, asked: query.Phrase) -> tree.Node:
        field = self._field(asked)
        if field is None:
            return tree.NOTHING
        if not field.format.supports("positions") or not field.scorable:
            raise _NoWord
        try:
            words = [_text(field.to_bytes(word)) for word in asked.words]
        except ValueError:
            return tree.NOTHING
        if not words:
            return tree.NOTHING
        if len(words) == 1:
            return self._term(field, asked.fieldname, words[0], asked.boost)
        row = tree.Phrase(asked.fieldname, tuple(words), min(max(asked.slop, 1), _MOST_SLOP))
        if not self._scored:
            return row
        scores = [self._term(field, asked.fieldname, word, 1.0) for word in words]
        return _boosted(tree.Require(tree.And(tuple(scores)), row), asked.boost)

    def every(self, asked: query.Every) -> tree.Node:
        if asked.fieldname in (None, "", "*"):
            return tree.ConstantScore(tree.Every(), asked.boost)
        if asked.fieldname not in self._schema:
            raise _NoWord
        if self._field(asked) is None:
            return tree.NOTHING
        return tree.ConstantScore(tree.Prefix(asked.fieldname, ""), asked.boost)

    # What stands for many terms

    def prefix(self, asked: query.Prefix) -> tree.Node:
        if asked.text == "":
            return self.every(query.Every(asked.fieldname, boost=asked.boost))
        field = self._expanding(asked)
        node = tree.Prefix(asked.fieldname, _text(field.to_bytes(asked.text)))
        return self._expanded(asked, node)

    def wildcard(self, asked: query.Wildcard) -> tree.Node:
        if asked.text == "*":
            return self.every(query.Every(asked.fieldname, boost=asked.boost))
        field = self._expanding(asked)
        if "[" in asked.text or not _is_text(field):
            raise _NoWord
        return self._expanded(asked, tree.Wildcard(asked.fieldname, asked.text))

    def regex(self, asked: query.Regex) -> tree.Node:
        if asked.text == ".*":
            return self.every(query.Every(asked.fieldname, boost=asked.boost))
        field = self._expanding(asked)
        # Whoosh matches at the beginning of a term, the engine the whole of it.
        pattern = f"(?:{asked.text})(?s:.*)"
        try:
            re.compile(pattern)
        except re.error:
            raise _NoWord from None
        if not _is_text(field):
            raise _NoWord
        return self._expanded(asked, tree.Regex(asked.fieldname, pattern))

    def fuzzy(self, asked: query.FuzzyTerm) -> tree.Node:
        field = self._expanding(asked)
        if field.separate_spelling() or not _is_text(field) or not isinstance(asked.text, str):
            raise _NoWord
        node = tree.Fuzzy(
            asked.fieldname, asked.text, int(asked.maxdist), asked.prefixlength, False
        )
        return self._expanded(asked, node)

    def term_range(self, asked: query.TermRange) -> tree.Node:
        field = self._expanding(asked)
        try:
            low = None if asked.start is None else _text(field.to_bytes(asked.start))
            high = None if asked.end is None else _text(field.to_bytes(asked.end))
        except ValueError:
            return tree.NOTHING
        node = tree.TermRange(asked.fieldname, low, high, not asked.startexcl, not asked.endexcl)
        return self._expanded(asked, node)

    def number_range(self, asked: query.NumericRange) -> tree.Node:
        return self.node(asked._compile_query(self._reader))

    def _expanding(self, asked: Any) -> FieldType:
        field = self._field(asked)
        if field is None:
            raise _NoWord
        return field

    def _expanded(self, asked: Any, node: tree.Expanding) -> tree.Node:
        if asked.constantscore or not self._scored:
            return tree.ConstantScore(node, asked.boost)
        field = self._schema[asked.fieldname]
        terms = sorted({field.to_bytes(word) for word in asked._btexts(self._reader)})
        each = [self._term(field, asked.fieldname, _text(term), 1.0) for term in terms]
        return _boosted(tree.Or(tuple(each)), asked.boost)

    # What is made of others

    def both(self, asked: query.And) -> tree.Node:
        wanted = [self.node(one) for one in asked if not isinstance(one, query.Not)]
        nots = [one for one in asked if isinstance(one, query.Not)]
        if not nots:
            return _boosted(_joined(tree.And, wanted), asked.boost)
        unwanted = _joined(tree.Or, [self._unscored().node(one.query) for one in nots])
        if not wanted:
            every = tree.ConstantScore(tree.Every(), float(len(nots)))
            return _boosted(tree.AndNot(every, unwanted), asked.boost)
        left = tree.AndNot(_joined(tree.And, wanted), unwanted)
        if self._scored:
            return _boosted(
                tree.And((left, tree.ConstantScore(left, float(len(nots))))), asked.boost
            )
        return left

    def either(self, asked: query.Or) -> tree.Node:
        if asked.scale or asked.minmatch:
            raise _NoWord
        return _boosted(_joined(tree.Or, [self.node(one) for one in asked]), asked.boost)

    def best(self, asked: query.DisjunctionMax) -> tree.Node:
        # Whoosh's matcher takes no notice of its tiebreak.
        children = tuple(self.node(one) for one in asked)
        return _boosted(tree.DisjunctionMax(children), asked.boost)

    def negation(self, asked: query.Not) -> tree.Node:
        return tree.AndNot(_EVERYTHING, self._unscored().node(asked.query))

    def and_not(self, asked: query.AndNot) -> tree.Node:
        return tree.AndNot(self.node(asked.a), self._unscored().node(asked.b))

    def and_maybe(self, asked: query.AndMaybe) -> tree.Node:
        if not self._scored:
            return self.node(asked.a)
        return tree.AndMaybe(self.node(asked.a), self.node(asked.b))

    def require(self, asked: query.Require) -> tree.Node:
        return tree.Require(self.node(asked.a), self._unscored().node(asked.b))

    def constant(self, asked: query.ConstantScoreQuery) -> tree.Node:
        return tree.ConstantScore(self._unscored().node(asked.child), asked.score)


_TRANSLATIONS: dict[type, Any] = {
    _NullQuery: _Translation.null,
    query.Term: _Translation.term,
    query.Phrase: _Translation.phrase,
    query.Every: _Translation.every,
    query.Prefix: _Translation.prefix,
    query.Wildcard: _Translation.wildcard,
    query.Regex: _Translation.regex,
    query.FuzzyTerm: _Translation.fuzzy,
    query.TermRange: _Translation.term_range,
    query.NumericRange: _Translation.number_range,
    query.DateRange: _Translation.number_range,
    query.And: _Translation.both,
    query.Or: _Translation.either,
    query.DisjunctionMax: _Translation.best,
    query.Not: _Translation.negation,
    query.AndNot: _Translation.and_not,
    query.AndMaybe: _Translation.and_maybe,
    query.Require: _Translation.require,
    query.ConstantScoreQuery: _Translation.constant,
}


def _text(term: bytes) -> str:
    return term.decode("utf-8", "surrogateescape")


def _is_text(field: FieldType) -> bool:
    return type(field).from_bytes is FieldType.from_bytes


def _boosted(node: tree.Node, boost: float) -> tree.Node:
    return node if boost == 1.0 else tree.Boost(node, boost)


def _joined(kind: Any, nodes: list[tree.Node]) -> tree.Node:
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))
