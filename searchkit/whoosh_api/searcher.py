"""How does a Whoosh application search?

:meth:`SearchkitSearcher.collector` gives collectors that let the engine answer where
``translate.py`` has a word for the query and the weighting is Whoosh's BM25F. Sorting, facets,
collapsing, matched terms and wrapped collectors of the application's own see matches one by one, so
Whoosh's matchers run for them over our postings; so they do for everything else. No block
qualities are used there, since Whoosh loses hits by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import collectors
from whoosh.query import Query
from whoosh.searching import Searcher

from searchkit.search import all_matches, search
from searchkit.tree import Node
from searchkit.whoosh_api.reader import SearchkitReader
from searchkit.whoosh_api.translate import scoring_of, translate


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
            made = collectors.UnsortedCollector()
        elif sortedby:
            made = collectors.SortingCollector(sortedby, limit=limit, reverse=reverse)
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
            yield from super().docs_for_query(q, for_deletion)
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
    """Lets the engine answer, for a collector of Whoosh's that it is mixed in with."""

    top_searcher: Any
    q: Query
    context: Any

    def prepare(self, top_searcher: Any, q: Query, context: Any) -> None:
        super().prepare(top_searcher, q, context)  # type: ignore[misc]
        self.node: Node | None = None

    def run(self) -> None:
        searcher = self.top_searcher
        scoring = scoring_of(self.context.weighting)
        if scoring is not None and isinstance(searcher, SearchkitSearcher):
            self.node = searcher.translated(self.q)
        if self.node is None:
            super().run()  # type: ignore[misc]
            return
        try:
            self.answer(self.node, scoring)
        finally:
            self.finish()

    def answer(self, node: Node, scoring: Any) -> None:
        """Collect what the engine finds."""
        raise NotImplementedError

    def finish(self) -> None:
        super().finish()  # type: ignore[misc]


class BestCollector(_Native, collectors.TopCollector):
    """The best ``limit`` matches, as many as there are counted only when somebody asks."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit, usequality=False)
        self.node = None

    def answer(self, node: Node, scoring: Any) -> None:
        self.scoring = scoring
        found = search(self.top_searcher.ixreader.snapshot, node, self.limit, scoring=scoring)
        self.items = [(score, -docnum) for docnum, score in found.best]

    def computes_count(self) -> bool:
        return self.node is None

    def all_ids(self) -> Iterable[int]:
        if self.node is None:
            return super().all_ids()
        return all_matches(self.top_searcher.ixreader.snapshot, self.node, self.scoring).docs

    def count(self) -> int:
        if self.node is None:
            return self.total
        return len(self.all_ids())  # type: ignore[arg-type]


class AllCollector(_Native, collectors.UnlimitedCollector):
    """Every match."""

    def answer(self, node: Node, scoring: Any) -> None:
        found = all_matches(self.top_searcher.ixreader.snapshot, node, scoring)
        self.items = list(zip(found.values, found.docs, strict=True))
        self.docset = set(found.docs)
