"""Which passages, in what order?"""

from searchkit.search.bm25 import BM25
from searchkit.search.collect import Ranking, search

__all__ = ["BM25", "Ranking", "search"]
