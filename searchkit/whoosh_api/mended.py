"""How do Whoosh's matchers answer rightly?

Where the engine does not answer itself, Whoosh's matchers run over our postings. They lose hits
when they skip by block qualities, so ours offer none (``postings.py``). Three are wrong without
them, too; :func:`mended` puts right ones into a query:

- ``AndNotMatcher`` looks at the unwanted documents only if both sides begin with the same one;
- ``AndMaybeMatcher`` leaves its second side behind when the first skips too far;
- ``DisjunctionMaxMatcher`` takes the best score of both though they stand at different documents.
"""

from __future__ import annotations

import copy
from typing import Any

from whoosh import matching, query


class _RightAndNotMatcher(matching.AndNotMatcher):
    """What the first matches and the second does not."""

    def _find_first(self) -> None:
        if self.a.is_active() and self.b.is_active():
            self._find_next()

    def _find_next(self) -> bool:
        if not self.a.is_active():
            return False
        return super()._find_next() or False

    def skip_to(self, id: int) -> None:
        if self.a.is_active() and id <= self.a.id():
            return
        super().skip_to(id)


class _RightAndNot(query.AndNot):
    """An ``AndNot`` with that matcher."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        wanted = self.a.matcher(searcher, context)
        return _RightAndNotMatcher(wanted, self.b.matcher(searcher, searcher.boolean_context()))


class _RightDisjunctionMaxMatcher(matching.DisjunctionMaxMatcher):
    """What either matches, with the better score where both do."""

    def score(self) -> float:
        a, b = self.a, self.b
        if not a.is_active() or (b.is_active() and b.id() < a.id()):
            return b.score()
        if not b.is_active() or a.id() < b.id():
            return a.score()
        return max(a.score(), b.score())


class _RightDisjunctionMax(query.DisjunctionMax):
    """A ``DisjunctionMax`` with that matcher."""

    def _matcher(self, subs: Any, searcher: Any, context: Any) -> Any:
        return self._tree_matcher(subs, _RightDisjunctionMaxMatcher, searcher, context, None)


class _RightAndMaybeMatcher(matching.AndMaybeMatcher):
    """What the first matches, with the score of the second added where that matches, too."""

    def skip_to(self, id: int) -> None:
        if not self.a.is_active():
            raise matching.ReadTooFar
        self.a.skip_to(id)
        if self.a.is_active() and self.b.is_active() and self.b.id() < self.a.id():
            self.b.skip_to(self.a.id())


class _RightAndMaybe(query.AndMaybe):
    """An ``AndMaybe`` with that matcher."""

    matcherclass = _RightAndMaybeMatcher


def mended(asked: query.Query) -> query.Query:
    """``asked``, with right matchers for what is known to be wrong; the same if there is none."""
    match asked:
        case query.BinaryQuery():
            a, b = mended(asked.a), mended(asked.b)
            if type(asked) is query.AndNot:
                return _RightAndNot(a, b)
            if type(asked) is query.AndMaybe:
                return _RightAndMaybe(a, b)
            if a is asked.a and b is asked.b:
                return asked
            return _with(asked, a=a, b=b, subqueries=(a, b))
        case query.CompoundQuery():
            children = [mended(one) for one in asked.subqueries]
            if type(asked) is query.DisjunctionMax:
                return _RightDisjunctionMax(children, asked.boost, asked.tiebreak)
            if all(new is old for new, old in zip(children, asked.subqueries, strict=True)):
                return asked
            return _with(asked, subqueries=children)
        case query.WrappingQuery():
            child = mended(asked.child)
            return asked if child is asked.child else _with(asked, child=child)
        case query.Not():
            child = mended(asked.query)
            return asked if child is asked.query else _with(asked, query=child)
    return asked


def _with(asked: query.Query, **parts: Any) -> query.Query:
    twin = copy.copy(asked)
    twin.__dict__.update(parts)
    return twin
