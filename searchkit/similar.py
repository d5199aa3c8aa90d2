"""Which words say what a passage is about?

Those that it has often and others seldom: the best ``WORDS`` by frequency times idf, as Lucene's
"more like this" and many before it choose them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from searchkit.analysis import Analyzer
from searchkit.analysis.forms import document_tokens
from searchkit.document_language import language
from searchkit.index import Snapshot
from searchkit.passage_index import passage
from searchkit.query import DEFAULT_WEIGHTS, Query
from searchkit.schema import KEY, TEXT
from searchkit.search import BM25
from searchkit.search.weighing import times_factor
from searchkit.tree import AndNot, Or, Term, WordGroup, encoded, word_in

WORDS = 25


def query_like(
    snapshot: Snapshot, docnum: int, analyzer: Analyzer, unmarked: Collection[str]
) -> Query:
    """The query that asks for passages like one of the index, none of its own document. The terms
    in ``unmarked`` are those that every text is full of.
    """
    one = passage(snapshot, docnum)
    text = one.text or one.title
    tokens = document_tokens(analyzer, text, language(snapshot, docnum))
    times = Counter(token.term for token in tokens)
    field, bm25 = snapshot.field(TEXT), BM25()
    worth = {
        term: count * bm25.idf(field.df(encoded(term)), snapshot.live_docs)
        for term, count in times.items()
        if term not in unmarked
    }
    best = sorted(worth, key=lambda term: (-worth[term], term))[:WORDS]
    words = [
        WordGroup(word_in(term, DEFAULT_WEIGHTS).members, times_factor(times[term]))
        for term in best
    ]
    return Query("", AndNot(Or(tuple(words)), Term(KEY, one.key)), (), (), ())
