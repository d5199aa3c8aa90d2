"""The walk by leaps against a look at each term, over terms of any bytes, compiled and not."""

from __future__ import annotations

from array import array
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searchkit.kernels.walk_fuzzy
from searchkit.codec import CorruptError
from tests.unit.codec.test_terms import build, decoded, edits, encode, names, open_terms, words
from tests.unit.kernels.source import load_source
from tests.unit.kernels.test_walk_wildcard import pieces

USED = searchkit.kernels.walk_fuzzy
KERNELS = [
    pytest.param(load_source("walk_fuzzy"), id="source"),
    pytest.param(USED, id="used"),
]

# Sequences that break UTF-8 in every way, surrogates, and the ends of what one to four bytes hold.
edges = st.sampled_from(
    [point.encode("utf-8", "surrogatepass") for point in "\0\x7f\x80\u07ff\u0800\ud800\udfff\uffff"]
    + ["\U00010000".encode(), "\U0010ffff".encode(), b"\xf4\x90\x80\x80", b"\xc0\x80", b"\xc1"]
    + [b"\xe0\x80\x80", b"\xf0\x80\x80\x80", b"\xf8\x80\x80\x80\x80"]
)
terms_strategy = st.sets(st.lists(pieces | edges, max_size=6).map(b"".join), max_size=80)
letters = st.text("abéè語🎈\0\x7f\uffff\U0010ffff\ud800", max_size=6)


@pytest.mark.parametrize("kernel", KERNELS)
@settings(max_examples=400, deadline=None)
@given(
    chosen=terms_strategy,
    word=letters,
    distance=st.integers(0, 3) | st.integers(0, 64),
    prefix=st.integers(-1, 3),
    transpositions=st.booleans(),
)
def test_any_terms(
    kernel: ModuleType,
    chosen: set[bytes],
    word: str,
    distance: int,
    prefix: int,
    transpositions: bool,
) -> None:
    check(kernel, chosen, word, distance, prefix, transpositions)


@pytest.mark.parametrize("kernel", KERNELS)
@settings(max_examples=150, deadline=None)
@given(
    texts=st.sets(st.text("abéèß語🎈", min_size=1, max_size=6), min_size=100, max_size=600),
    word=st.text("abéèß語🎈", max_size=7),
    distance=st.integers(0, 3),
    prefix=st.integers(0, 2),
    transpositions=st.booleans(),
)
def test_many_near_neighbours(
    kernel: ModuleType,
    texts: set[str],
    word: str,
    distance: int,
    prefix: int,
    transpositions: bool,
) -> None:
    check(kernel, {text.encode() for text in texts}, word, distance, prefix, transpositions)


def check(
    kernel: ModuleType,
    chosen: set[bytes],
    word: str,
    distance: int,
    prefix: int,
    transpositions: bool,
) -> None:
    twin = {term: (n, 2 * n, b"p" * (n % 3), b"q" * (n % 2)) for n, term in enumerate(chosen)}
    kept = word[: max(prefix, 0)]
    expected = [
        term
        for text, term in decoded(twin).items()
        if text.startswith(kept) and edits(word, text, transpositions) <= distance
    ]
    terms = build(twin)
    entries = dict(terms)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(USED, "walk_fuzzy", kernel.walk_fuzzy)
        found = list(terms.fuzzy(word, distance, prefix, transpositions))
    assert names(found) == sorted(expected)
    assert all(entry == entries[term] for term, entry in found)


def test_what_cannot_be_near_is_not_touched() -> None:
    stems = [a + b + c for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"]
    sections = encode(words(*[stem + str(n) for stem in stems for n in range(32)]))
    terms = open_terms(*sections)
    assert b"fij31" in names(terms.fuzzy("fij31", 1, 2))
    assert sum(terms._seen) <= 12
    terms = open_terms(*sections)
    assert b"fij31" in names(terms.fuzzy("fij31", 1))
    assert sum(terms._seen) <= 70 < len(stems)
    # Damage elsewhere does not matter; where the walk goes, it is found.
    section = bytearray(sections[0])
    section[10] ^= 1
    terms = open_terms(bytes(section), *sections[1:])
    assert b"fij31" in names(terms.fuzzy("fij31", 1, 2))
    with pytest.raises(CorruptError):
        list(terms.fuzzy("aaa0", 1))


def test_arrays_that_do_not_fit_are_refused() -> None:
    section, index, _, _ = encode(words("a", "ab", "b"))
    table = memoryview(index)[16 : 16 + 24 * 2].cast("Q")

    def walk(**changes: object) -> int:
        sound = {
            "section": section, "table": table, "seen": bytearray(b"\1"), "terms": 3, "skip": 0,
            "word": array("I", [97]), "distance": 1, "transpositions": True,
            "place": array("q", [0] * 4), "here": bytearray(16), "starts": array("I", [0] * 4),
            "points": array("I", [0] * 4), "leasts": bytearray(4),
            "rows": bytearray(b"\2\0\1" + bytes(9)), "text": bytearray(9),
            "found": array("Q", [0] * 24),
        }  # fmt: skip
        arguments = {**sound, **changes}.values()
        return USED.walk_fuzzy(*arguments)  # type: ignore[no-any-return]

    assert walk() == -1
    assert walk(text=bytearray(2)) == walk(found=array("Q", [0] * 23)) == -2
    for changes in (
        {"table": table[:5]}, {"seen": b""}, {"skip": -1}, {"skip": 1}, {"distance": -1},
        {"distance": 201}, {"distance": 2}, {"word": array("I", [97, 98])},
        {"place": array("q", [0] * 3)}, {"place": array("q", [-1, 0, 0, 0])},
        {"place": array("q", [17, 0, 0, 0])}, {"place": array("q", [0, 4, 0, 0])},
        {"place": array("q", [0, -1, 0, 0])}, {"place": array("q", [0, 0, -1, 0])},
        {"here": bytearray(15)}, {"starts": array("I", [0] * 3)}, {"points": array("I", [0] * 3)},
        {"leasts": bytearray(3)}, {"rows": bytearray(11)},
    ):  # fmt: skip
        assert walk(**changes) == -4, changes
