"""The slow, obvious twin of the default ranking: what ``docs/ranking.md`` says, passage by passage.

It uses none of the product's search.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from searchkit.tree import And, Node, Or, Term, WordGroup
from tests.oracle.scan import K1, B, Passage, idf, rarity, scan

CANDIDATES = 25
WHOLE_B = 0.5
WHOLE = 1.0
NEAR = 0.5
EXACT = 0.1
RARITY = 1.3


def rank(
    passages: Sequence[Passage],
    keys: Sequence[str],
    tree: Node,
    stop_terms: Collection[str],
    title: str,
    written: Mapping[str, Sequence[str]],
) -> list[tuple[int, float]]:
    """All passages that match, best first, each with its score. Those of one key, which are
    neighbours, are one document.
    """
    with rarity(RARITY):
        return _rank(passages, keys, tree, stop_terms, title, written)


def _rank(
    passages: Sequence[Passage],
    keys: Sequence[str],
    tree: Node,
    stop_terms: Collection[str],
    title: str,
    written: Mapping[str, Sequence[str]],
) -> list[tuple[int, float]]:
    def is_stop(word: WordGroup) -> bool:
        return all(term in stop_terms for _, term, _ in word.members)

    scores = scan(passages, tree)
    order = sorted(scores, key=lambda number: (-scores[number], number))
    best = {number: scores[number] for number in order[:CANDIDATES]}
    words = words_of(tree)
    words = [word for word in words if not is_stop(word)] or words
    words = [word for word in words if any(has(one, word) for one in passages)]
    words = list({in_index(passages, word): word for word in reversed(words)}.values())[::-1]
    titled = {
        keys[number]: number
        for number in reversed(order)
        if title and " ".join(passages[number]["title"]) == title
    }
    best |= {number: scores[number] for number in titled.values()}
    for number in best:
        document = [one for one, key in zip(passages, keys, strict=True) if key == keys[number]]
        best[number] += WHOLE * whole(passages, document, words)
        best[number] += NEAR * nearness(passages, passages[number], words)
        best[number] += EXACT * exactness(passages, passages[number], words, written)
    most = max(best.values(), default=0.0)
    for document in titled:
        numbers = [number for number in best if keys[number] == document]
        best[min(numbers, key=lambda number: (-round(best[number], 9), number))] += most
    reranked = sorted(best, key=lambda number: (-best[number], number))
    return [(number, best[number]) for number in reranked] + [
        (number, scores[number]) for number in order if number not in best
    ]


def words_of(tree: Node) -> list[WordGroup]:
    match tree:
        case Term(field, term):
            return [WordGroup(((field, term, 1.0),))]
        case WordGroup():
            return [tree]
        case And(children) | Or(children):
            found = [word for child in children for word in words_of(child)]
            return list({word.members: word for word in reversed(found)}.values())[::-1]
    raise AssertionError(tree)


def in_text(word: WordGroup) -> list[tuple[str, float]]:
    return [(term, weight) for field, term, weight in word.members if field == "text"]


def has(passage: Passage, word: WordGroup) -> bool:
    return any(term in passage["text"] for term, _ in in_text(word))


def in_index(passages: Sequence[Passage], word: WordGroup) -> tuple[str, ...]:
    return tuple(term for term, _ in in_text(word) if has_term(passages, term))


def worth(passages: Sequence[Passage], word: WordGroup) -> float:
    return idf(passages, [(field, term) for field, term, _ in word.members]) * word.factor


def average(passages: Sequence[Passage]) -> float:
    return sum(len(passage["text"]) for passage in passages) / len(passages)


def whole(
    passages: Sequence[Passage], document: Sequence[Passage], words: Sequence[WordGroup]
) -> float:
    terms = [term for passage in document for term in passage["text"]]
    norm = 1 - WHOLE_B + WHOLE_B * len(terms) / (average(passages) or 1.0)
    total = 0.0
    for word in words:
        tf = sum(weight * terms.count(term) for term, weight in in_text(word)) / norm
        total += worth(passages, word) * tf / (K1 + tf)
    return total


def nearness(passages: Sequence[Passage], passage: Passage, near: Sequence[WordGroup]) -> float:
    if len(near) < 2:
        return 0.0
    places = [
        (place, number)
        for place, term in enumerate(passage["text"])
        for number, word in enumerate(near)
        for mine, _ in in_text(word)
        if mine == term
    ]
    gains = [0.0] * len(near)
    for (place, one), (other_place, other) in pairwise(places):
        if one != other and place != other_place:
            distance = other_place - place
            gains[one] += worth(passages, near[other]) / distance**2
            gains[other] += worth(passages, near[one]) / distance**2
    norm = 1 - B + B * len(passage["text"]) / (average(passages) or 1.0)
    return sum(
        min(1.0, worth(passages, word)) * gain / (gain + K1 * norm)
        for word, gain in zip(near, gains, strict=True)
        if gain
    )


def exactness(
    passages: Sequence[Passage],
    passage: Passage,
    words: Sequence[WordGroup],
    written: Mapping[str, Sequence[str]],
) -> float:
    total = 0.0
    for word in words:
        forms = {
            form
            for term, _ in in_text(word)
            if has_term(passages, term)
            for form in written.get(term, ())
        }
        tf = sum(passage["word:text"].count(form) for form in forms)
        own = max(worth(passages, word), idf(passages, [("word:text", form) for form in forms]))
        total += own * tf / (K1 + tf)
    return total


def has_term(passages: Sequence[Passage], term: str) -> bool:
    return any(term in passage["text"] for passage in passages)
