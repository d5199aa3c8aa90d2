"""Which documents, in what order?

:func:`search` answers a query tree with the best documents. Exactness: the number of documents,
document frequencies and lengths count live documents only, so that a ranking does not depend on the
history of commits; a score is the sum of its clauses' contributions in their order, whichever road
it comes by; of equal scores the lower docnum wins.
"""

from searchkit.search.bm25 import BM25
from searchkit.search.collect import Ranking, all_matches, search
from searchkit.search.sets import Scored

__all__ = ["BM25", "Ranking", "Scored", "all_matches", "search"]
