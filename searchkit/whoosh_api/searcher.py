"""How does a Whoosh application search?"""

from __future__ import annotations

from whoosh.searching import Searcher


class SearchkitSearcher(Searcher):
    """A ``whoosh.searching.Searcher`` over our reader."""
