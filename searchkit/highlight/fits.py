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
            return _wildcard(pattern)
        case Regex(_, pattern):
            # Late: few searches have one.
            from searchkit.regular import matcher

            return matcher(pattern)
        case Fuzzy():
            return _near(node)
        case TermRange(_, low, high, includes_low, includes_high):
            return lambda term: (
                (low is None or term > low or (includes_low and term == low))
                and (high is None or term < high or (includes_high and term == high))
            )


def _wildcard(pattern: str) -> Callable[[str], bool]:
    """``*`` stands for any run, ``?`` for one code point.

    What stands between the asterisks is sought from left to right, each at the first place that is
    left: as one expression with ``.*``, a term could take time beyond measure.
    """
    parts = [
        (
            len(part),
            re.compile("".join("." if one == "?" else re.escape(one) for one in part), re.S),
        )
        for part in pattern.split("*")
    ]
    if len(parts) == 1:
        whole = parts[0][1].fullmatch
        return lambda term: whole(term) is not None
    (_, head), *middle, (tail_length, tail) = parts

    def is_meant(term: str) -> bool:
        found = head.match(term)
        for _, part in middle:
            found = found and part.search(term, found.end())
        return (
            found is not None
            and found.end() <= len(term) - tail_length
            and tail.match(term, len(term) - tail_length) is not None
        )

    return is_meant


def _near(node: Fuzzy) -> Callable[[str], bool]:
    word, distance = node.word, node.distance
    head = word[: node.prefix]
    letters = frozenset(word)

    def is_meant(term: str) -> bool:
        # An edit takes away one letter, and brings one, at the most.
        return (
            abs(len(term) - len(word)) <= distance
            and term[: node.prefix] == head
            and len(letters.difference(term)) <= distance
            and _is_near(term, node)
        )

    return is_meant


def _is_near(term: str, node: Fuzzy) -> bool:
    """Edit distance by rows: Levenshtein's, or with swapped neighbours as one edit (the restricted
    distance of Damerau).
    """
    word = node.word
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
        if min(row) > node.distance < min(above):
            return False
    return row[-1] <= node.distance
