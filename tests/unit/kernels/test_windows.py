"""Do words in one field give what a loop over all documents gives, wherever the kernel's windows
begin and end, however many postings are in one, and however high a frequency is?

The kernel begins with a window of 64 documents and goes on with windows of up to 4096; a window
begins where the first of the words is found.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from types import ModuleType

import pytest

from searchkit.index import Snapshot
from searchkit.search import search
from searchkit.tree import And, AndNot, Or, Term
from tests.unit.kernels.test_search import COMPILED, SOURCE, USED, index, with_kernel

WINDOW = 4096
BLOCK = 128
KERNELS = pytest.mark.parametrize("kernel", [USED, SOURCE], ids=["used", "source"])
LIMITS = (1, 10, 50, 1000)

Text = list[str]


def scan(texts: dict[int, Text], words: Text) -> list[tuple[int, str]]:
    """All documents that have any of the words, best first, with the bits of their scores."""
    average = sum(map(len, texts.values())) / len(texts)
    counts = {doc: Counter(text) for doc, text in texts.items()}
    found = []
    df = {word: sum(word in count for count in counts.values()) for word in words}
    idf = {word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for word, n in df.items()}
    for doc, count in counts.items():
        score = 0.0
        for word in words:
            if count[word]:
                normalised = count[word] / (1 - 0.75 + 0.75 * len(texts[doc]) / average)
                score += idf[word] * (normalised / (1.2 + normalised))
        if any(count[word] for word in words):
            found.append((doc, score))
    return [(doc, score.hex()) for doc, score in sorted(found, key=lambda one: (-one[1], one[0]))]


def compare(
    documents: list[Text],
    queries: list[Text],
    limits: tuple[int, ...] = LIMITS,
    deleted: tuple[int, ...] = (),
) -> None:
    live = {doc: text for doc, text in enumerate(documents) if doc not in deleted}
    with Snapshot(index(documents, deleted)) as snapshot:
        for words in queries:
            expected = scan(live, words)
            tree = Or(tuple(Term("t", word) for word in words))
            for limit in limits:
                best = [(doc, score.hex()) for doc, score in search(snapshot, tree, limit).best]
                assert best == expected[:limit], (words, limit)


@KERNELS
@pytest.mark.parametrize("others", [20, 300], ids=["one block", "blocks"])
def test_frequencies_that_a_window_cannot_hold(kernel: ModuleType, others: int) -> None:
    """What a window keeps of a frequency ends at 65,535; higher ones are looked up."""
    heavy = (65_534, 65_535, 65_536, 70_000) if COMPILED else (65_535, 65_540)
    documents = [["a"] * (n % 3) + ["b"] * (n % 2) + ["c"] for n in range(others)]
    for place, frequency in enumerate(heavy):
        documents.insert(7 + 5 * place, ["a"] * frequency + ["b"] * (place % 3))
    documents.append(["b"] * heavy[-1] + ["a"] * heavy[0])
    with with_kernel(kernel):
        compare(documents, [["a", "b"], ["b", "a", "c"], ["a", "c"], ["a"]], (1, 3, 10, 500))


@KERNELS
def test_two_frequencies_that_differ_above_what_a_window_holds(kernel: ModuleType) -> None:
    """The longest text of which more are the word is the better one by little."""
    documents = [["a"] * 65_536 + ["x"] * 64, ["a"] * 65_600, ["b", "c"], *[["c"]] * 4]
    with with_kernel(kernel):
        compare(documents, [["a", "b"], ["b", "a"]], (1, 2, 10))


@pytest.mark.parametrize("words", [2, 3, 6])
def test_more_postings_in_a_window_than_it_has_documents(words: int) -> None:
    """Every document has every word: each window is full for each of them."""
    chance = random.Random(words)
    names = [f"w{number}" for number in range(words)]
    documents = [
        [name for name in names for _ in range(chance.choice((1, 1, 2, 9)))] + ["x"] * (n % 7)
        for n in range(3 * WINDOW if COMPILED else WINDOW + 200)
    ]
    compare(documents, [names, names[::-1]], (1, 10, 5000))


@pytest.mark.parametrize("gap", [WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW + 5])
def test_windows_without_postings(gap: int) -> None:
    """Of all words, and of some."""
    some: list[Text] = [["a", "b"], ["a"], ["b", "c"], ["a", "a", "b"]] * 50
    nothing: list[Text] = [["x"]] * gap
    documents = [*some, *nothing, *some, *[["a"]] * gap, *some, *nothing, ["c"]]
    compare(documents, [["a", "b"], ["b", "c"], ["a", "b", "c"]], (1, 10, 5000))


def test_one_posting_here_and_there() -> None:
    """Short lists whose postings stand at the first and the last documents of windows."""
    documents: list[Text] = [["x"] for _ in range(4 * WINDOW)]
    for at in (0, 63, 64, 64 + WINDOW - 1, 64 + WINDOW, 2 * WINDOW - 1, 2 * WINDOW, -1):
        documents[at] = ["a", "b"]
        documents[at - 1] = [*documents[at - 1], "b", "b"]
    for tail in (0, 1, 64):
        compare(documents[: len(documents) - tail], [["a", "b"], ["b", "a"]], (1, 3, 20))


@pytest.mark.parametrize("missing", [0, 1, 63, 64, 65, BLOCK - 1, BLOCK])
def test_blocks_that_end_where_windows_do(missing: int) -> None:
    """The second window goes to document 64 + 4096. Of a word that 64 of these do not have, a block
    ends with it; the neighbours of that number have it end next to it.
    """
    size = (64 + 2 * WINDOW) if COMPILED else (64 + WINDOW + 300)
    chance = random.Random(missing)
    without = set(chance.sample(range(1, 64 + WINDOW), missing))
    documents = [
        ["b"] * (n % 3 == 0) + ["a"] * (0 if n in without else chance.choice((1, 1, 2, 5)))
        for n in range(size)
    ]
    # What is best stands at both sides of where the window ends.
    for at in (64 + WINDOW - 1, 64 + WINDOW):
        documents[at] = ["a", "b"] * 6
    compare(documents, [["a", "b"], ["b", "a"]], (1, 2, 10, 200), (5, 64 + WINDOW + 7))


def test_windows_with_filters() -> None:
    """What a clause leaves out comes in nowhere, though windows are full of it."""
    documents = [["a", "b"] * (1 + n % 4) + ["x"] * (n % 5 == 0) for n in range(2 * WINDOW)]
    tree = Or((Term("t", "a"), Term("t", "b")))
    ranked = scan(dict(enumerate(documents)), ["a", "b"])
    with Snapshot(index(documents)) as snapshot:
        for limit in (1, 10, 5000):
            best = search(snapshot, AndNot(tree, Term("t", "x")), limit).best
            expected = [one for one in ranked if one[0] % 5][:limit]
            assert [(doc, score.hex()) for doc, score in best] == expected
            every = search(snapshot, And((tree, Term("t", "x"))), limit).best
            assert all(doc % 5 == 0 for doc, _ in every)
