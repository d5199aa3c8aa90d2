"""Which terms does a node that stands for many of them mean?"""

from __future__ import annotations

import re
from collections.abc import Callable

from searchkit.tree import Expanding, Fuzzy, Prefix, Regex, TermRange, Wildcard


def fits(node: Expanding) -> Callable[[str], bool]:
    """Whether a term is one of those that ``node`` stands for."""
    match node:
        case Prefix(_, prefix):
            return lambda term: term.startswith(prefix)
        case Wildcard(_, pattern):
            parts = {"*": ".*", "?": "."}
            expression = re.compile(
                "".join(parts.get(char, re.escape(char)) for char in pattern), re.DOTALL
            )
            return lambda term: expression.fullmatch(term) is not None
        case Regex(_, pattern):
            compiled = re.compile(pattern)
            return lambda term: compiled.fullmatch(term) is not None
        case Fuzzy():
            return lambda term: _is_near(term, node)
        case TermRange(_, low, high, includes_low, includes_high):
            return lambda term: (
                (low is None or term > low or (includes_low and term == low))
                and (high is None or term < high or (includes_high and term == high))
            )


def _is_near(term: str, node: Fuzzy) -> bool:
    """Edit distance by rows: Levenshtein's, or with swapped neighbours as one edit (the restricted
    distance of Damerau).
    """
    word = node.word
    if term[: node.prefix] != word[: node.prefix] or abs(len(term) - len(word)) > node.distance:
        return False
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, char in enumerate(term, start=1):
        above, row, earlier = row, [i], before
        for j, other in enumerate(word, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (char != other))
            if (
                node.transpositions
                and i > 1
                and j > 1
                and char == word[j - 2]
                and term[i - 2] == other
            ):
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1] <= node.distance
