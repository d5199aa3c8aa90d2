"""How does a Whoosh application search?

:meth:`SearchkitSearcher.collector` gives collectors that let the engine answer where
``translate.py`` has a word for the query and the weighting is Whoosh's BM25F; a collector around
them (facets, filters, collapsing, one of the application's own) steps through what it found. For
the rest, and for who asks what matched (``terms=True``), Whoosh's matchers run over our postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import collectors
from whoosh.formats import Existence
from whoosh.query import Query
from whoosh.searching import Searcher

from searchkit.search import Scored, all_matches, search
from searchkit.tree import Node
from searchkit.whoosh_api.mended import mended
from searchkit.whoosh_api.postings import PostingsMatcher
from searchkit.whoosh_api.reader import SearchkitReader
from searchkit.whoosh_api.translate import WhooshBM25, scoring_of, translate


class SearchkitSearcher(Searcher):
    """A ``whoosh.searching.Searcher`` over our reader."""

    ixreader: SearchkitReader

    def collector(
        self,
        limit: int | None = 10,
        sortedby: Any = None,
        reverse: bool = False,
        groupedby: Any = None,
        collapse: Any = None,
        collapse_limit: int = 1,
        collapse_order: Any = None,
        optimize: bool = True,
        filter: Any = None,
        mask: Any = None,
        terms: bool = False,
        maptype: Any = None,
        scored: bool = True,
    ) -> collectors.Collector:
        """As Whoosh's; ``optimize`` means nothing: results are the same with and without."""
        if limit is not None and limit < 1:
            raise ValueError("limit must be >= 1")
        made: collectors.Collector
        if not scored and not sortedby:
            made = UnsortedCollector()
        elif sortedby:
            made = SortedCollector(sortedby, limit=limit, reverse=reverse)
        elif groupedby or reverse or not limit or limit >= self.doc_count():
            made = AllCollector(reverse=reverse)
        else:
            made = BestCollector(limit)
        if groupedby:
            made = collectors.FacetCollector(made, groupedby, maptype=maptype)
        if terms:
            made = collectors.TermsCollector(made)
        if collapse:
            made = collectors.CollapseCollector(
                made, collapse, limit=collapse_limit, order=collapse_order
            )
        if filter or mask:
            made = collectors.FilterCollector(made, filter, mask)
        return made

    def translated(self, asked: Query, *, scored: bool = True) -> Node | None:
        """The engine's tree for a query; None if the engine is not to answer it."""
        reader = self.ixreader
        if not isinstance(reader, SearchkitReader) or reader.has_pending_deletions():
            return None
        return translate(asked, reader, scored=scored)

    def docs_for_query(self, q: Query, for_deletion: bool = False) -> Iterator[int]:
        node = self.translated(q, scored=False)
        if node is None:
            yield from super().docs_for_query(mended(q), for_deletion)
        else:
            yield from all_matches(self.ixreader.snapshot, node).docs

    # Statistics of live documents, as the engine has them

    def avg_field_length(self, fieldname: str, default: Any = None) -> Any:
        if not self.schema[fieldname].scorable:
            return default
        return self.field_length(fieldname) / (self.doc_count() or 1)

    def idf(self, fieldname: str, text: Any) -> float:
        term = (fieldname, text)
        if term not in self._idf_cache:
            self._idf_cache[term] = self.weighting.idf(_LiveCounts(self), fieldname, text)
        return self._idf_cache[term]


class _LiveCounts:
    """A searcher to ask for an idf, which takes the live documents for all there are."""

    def __init__(self, searcher: SearchkitSearcher) -> None:
        self._searcher = searcher

    def get_parent(self) -> _LiveCounts:
        return self

    def doc_count_all(self) -> int:
        return self._searcher.doc_count()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._searcher, name)


class _Native:
    """Lets the engine answer, for a collector of Whoosh's that it is mixed in with.

    A collector that wants to know what matched in each document (``needs_current``: matched terms,
    spans) gets Whoosh's matchers.
    """

    top_searcher: Any
    q: Query
    context: Any
    node: Node | None = None
    scoring: WhooshBM25 | None = None

    def prepare(self, top_searcher: Any, q: Query, context: Any) -> None:
        super().prepare(top_searcher, q, context)  # type: ignore[misc]
        self.node = self.scoring = None
        context = self.context
        if context.needs_current or not isinstance(top_searcher, SearchkitSearcher):
            return
        self.scoring = scoring_of(context.weighting)
        if self.scoring or context.weighting is None:
            self.node = top_searcher.translated(q, scored=context.weighting is not None)

    def set_subsearcher(self, subsearcher: Any, offset: int) -> None:
        asked = self.q
        self.q = _Answered(self) if self.node is not None else mended(asked)
        try:
            super().set_subsearcher(subsearcher, offset)  # type: ignore[misc]
        finally:
            self.q = asked

    def matches_of(self) -> Scored:
        """Every match that the engine finds."""
        assert self.node is not None
        return all_matches(self.top_searcher.ixreader.snapshot, self.node, self.scoring)


class _Answered:
    """A query that stands for what the engine finds for a collector's."""

    def __init__(self, collector: _Native) -> None:
        self._collector = collector

    def matcher(self, searcher: Any, context: Any = None) -> PostingsMatcher:
        found = self._collector.matches_of()
        return PostingsMatcher(found.docs, found.values, lambda at: None, _NO_FORMAT)


_NO_FORMAT = Existence()


class SortedCollector(_Native, collectors.SortingCollector):
    """Matches in the order of a facet."""


class UnsortedCollector(_Native, collectors.UnsortedCollector):
    """Every match, not scored."""


class BestCollector(_Native, collectors.TopCollector):
    """The best ``limit`` matches, as many as there are counted only when somebody asks."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit, usequality=False, replace=0)
        self._is_short = False

    def run(self) -> None:
        self._is_short = self.node is not None
        if self.node is None:
            super().run()
            return
        try:
            snapshot = self.top_searcher.ixreader.snapshot
            found = search(snapshot, self.node, self.limit, scoring=self.scoring)
            self.items = [(score, -docnum) for docnum, score in found.best]
        finally:
            self.finish()

    def computes_count(self) -> bool:
        return not self._is_short

    def all_ids(self) -> Iterable[int]:
        return self.matches_of().docs if self.node is not None else super().all_ids()

    def count(self) -> int:
        return len(self.matches_of().docs) if self._is_short else self.total


class AllCollector(_Native, collectors.UnlimitedCollector):
    """Every match, best first."""

    def run(self) -> None:
        if self.node is None:
            super().run()
            return
        try:
            found = self.matches_of()
            self.items = list(zip(found.values, found.docs, strict=True))
            self.docset = set(found.docs)
        finally:
            self.finish()
