"""Does the engine answer Whoosh's queries as Whoosh's matchers do over our postings?

Those are the oracle where Whoosh has no fault that is known (``mended.py``), for ids and scores.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
import whoosh
from whoosh import analysis, fields, query

from searchkit.storage import MemoryDirectory
from searchkit.whoosh_api import SearchkitIndex, SearchkitSearcher

WORDS = "alfa bravo charlie delta echo foxtrot golf hotel india juliet".split()
QUERIES = 150


class Stepping(SearchkitSearcher):
    """Has no answers of the engine's."""

    def translated(self, asked: query.Query, *, scored: bool = True) -> None:
        return None


def made(rng: random.Random) -> SearchkitIndex:
    text = fields.TEXT(analyzer=analysis.RegexTokenizer())
    schema = fields.Schema(
        id=fields.ID(unique=True), a=text, b=text, n=fields.NUMERIC, k=fields.KEYWORD(scorable=True)
    )
    ix = SearchkitIndex.create(MemoryDirectory(), schema)
    for segment in range(3):
        with ix.writer() as writer:
            for number in range(rng.randint(5, 30)):
                given: dict[str, Any] = {"id": f"{segment}-{number}", "n": rng.randrange(60)}
                given["a"] = " ".join(rng.choices(WORDS, k=rng.randint(1, 8)))
                if rng.random() < 0.7:
                    given["b"] = " ".join(rng.choices(WORDS, k=rng.randint(1, 15)))
                    given["k"] = rng.choice(WORDS)
                writer.add_document(**given)
    with ix.writer() as writer:
        for segment in range(3):
            writer.delete_by_term("id", f"{segment}-2")
    return ix


def leaf(rng: random.Random) -> query.Query:
    name, word, boost = rng.choice("ab"), rng.choice(WORDS), rng.choice([1.0, 2.0])
    low = rng.randrange(50)
    return rng.choice(
        [
            query.Term(name, word, boost=boost),
            query.Term(name, word),
            query.Term("k", word),
            query.Term("unknown", word),
            query.Phrase(name, rng.choices(WORDS, k=2), slop=rng.choice([1, 2]), boost=boost),
            query.Every(rng.choice([None, name])),
            query.ConstantScoreQuery(query.Prefix(name, word[:1]), boost),
            query.ConstantScoreQuery(query.Wildcard(name, "?o*"), boost),
            query.ConstantScoreQuery(query.FuzzyTerm(name, "bravi", maxdist=2), boost),
            query.ConstantScoreQuery(query.TermRange(name, "c", "g"), boost),
            query.NumericRange("n", low, low + rng.randrange(20)),
            query.NullQuery,
        ]
    )


def grown(rng: random.Random, depth: int = 0) -> query.Query:
    if depth > 2 or rng.random() < 0.3:
        return leaf(rng)
    some = [grown(rng, depth + 1) for _ in range(rng.randint(2, 3))]
    return rng.choice(
        [
            query.And(some),
            query.Or(some),
            query.And([some[0], query.Not(some[1])]),
            query.AndNot(some[0], some[1]),
            query.AndMaybe(some[0], some[1]),
            query.Require(some[0], some[1]),
            query.DisjunctionMax(some),
        ]
    )


@pytest.mark.skipif(whoosh.__version__ < (2, 7, 5), reason="its matchers have more faults")
@pytest.mark.parametrize("seed", range(4))
def test_engine_equals_matchers(seed: int) -> None:
    rng = random.Random(seed)
    ix = made(rng)
    engine, stepping = ix.searcher(), Stepping(ix.reader(), fromindex=ix)
    answered = 0
    for _ in range(QUERIES):
        asked = grown(rng)
        answered += engine.translated(asked) is not None
        want = dict(stepping.search(asked, limit=None).items())
        found = engine.search(asked, limit=None)
        assert dict(found.items()) == pytest.approx(want), asked
        best = engine.search(asked, limit=5)
        assert [score for score, _ in best.top_n] == pytest.approx(
            sorted(want.values(), reverse=True)[:5]
        ), asked
        assert len(best) == len(want), asked
        assert set(engine.docs_for_query(asked)) == want.keys(), asked
    assert answered > QUERIES // 2
