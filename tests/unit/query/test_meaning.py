"""Do well-formed queries mean what the language's rules say?

An oracle: random syntax trees are printed as queries, and evaluated by the rules directly, over a
universe of passages with every combination of six words. So the truth tables must be the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.query import parse
from searchkit.tree import And, AndNot, Every, Node, Or, WordGroup

ANALYZER = open_analyzer("english")
WORDS = "abcdef"
UNIVERSE = frozenset(range(2 ** len(WORDS)))


def with_word(word: str) -> frozenset[int]:
    return frozenset(passage for passage in UNIVERSE if passage >> WORDS.index(word) & 1)


@dataclass
class Unary:
    """A word or a bracketed list, after so many NOTs."""

    nots: int
    operand: str | list[list[Unary]]


Listing = list[list[Unary]]
"""A list of chains; the members of a chain are joined by AND."""


def listings() -> st.SearchStrategy[Listing]:
    def around(inner: st.SearchStrategy[str | Listing]) -> st.SearchStrategy[Listing]:
        nots = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
        unary = st.builds(Unary, nots, st.one_of(st.sampled_from(WORDS), inner))
        return st.lists(st.lists(unary, min_size=1, max_size=3), min_size=1, max_size=4)

    return st.recursive(around(st.sampled_from(WORDS)), around, max_leaves=8)


def printed(listing: Listing, joints: list[str]) -> str:
    """The query; between the chains stand ``joints`` in turn."""

    def unary(item: Unary) -> str:
        operand = item.operand
        typed = operand if isinstance(operand, str) else f"({printed(operand, joints)})"
        return "NOT " * item.nots + typed

    text = ""
    for i, chain in enumerate(listing):
        text += (joints[i % len(joints)] if i else "") + " AND ".join(map(unary, chain))
    return text


def meant(listing: Listing) -> frozenset[int]:
    def operand(item: Unary) -> frozenset[int]:
        return with_word(item.operand) if isinstance(item.operand, str) else meant(item.operand)

    wanted: list[frozenset[int]] = []
    unwanted: frozenset[int] = frozenset()
    for chain in listing:
        if len(chain) == 1 and chain[0].nots % 2:
            unwanted |= operand(chain[0])
        else:
            sets = [UNIVERSE - operand(item) if item.nots % 2 else operand(item) for item in chain]
            wanted.append(reduce(frozenset.intersection, sets))
    return (frozenset[int]().union(*wanted) if wanted else UNIVERSE) - unwanted


def matched(node: Node) -> frozenset[int]:
    match node:
        case WordGroup(((_, term, _), *_)):
            return with_word(term)
        case And(children):
            return reduce(frozenset.intersection, map(matched, children))
        case Or(children):
            return frozenset[int]().union(*map(matched, children))
        case AndNot(wanted, unwanted):
            return matched(wanted) - matched(unwanted)
        case Every():
            return UNIVERSE
    raise AssertionError(node)


@given(listings(), st.lists(st.sampled_from([" ", " OR "]), min_size=1, max_size=5))
def test_queries_mean_what_the_rules_say(listing: Listing, joints: list[str]) -> None:
    query = parse(printed(listing, joints), ANALYZER)
    assert query.notices == ()
    assert matched(query.tree) == meant(listing)
