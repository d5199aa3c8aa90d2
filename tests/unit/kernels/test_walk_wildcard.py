"""The walk for a pattern against a look at each term, over terms of any bytes, compiled and not."""

from __future__ import annotations

import re
from array import array
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searchkit.kernels.walk_wildcard
from searchkit.codec import CorruptError
from tests.unit.codec.test_terms import build, decoded, encode, names, open_terms, words
from tests.unit.kernels.source import load_source

USED = searchkit.kernels.walk_wildcard
KERNELS = [
    pytest.param(load_source("walk_wildcard"), id="source"),
    pytest.param(USED, id="used"),
]

# Sequences that break UTF-8 in every way lie between sound ones and share beginnings with them.
pieces = st.sampled_from([b"a", b"b", "é".encode(), "è".encode(), "語".encode(), "🎈".encode(),
    b"\xc3", b"\xe8", b"\xe8\xaa", b"\xf0\x9f", b"\xa9", b"\x80", b"\xff", b"\0"])  # fmt: skip
terms_strategy = st.sets(st.lists(pieces, max_size=6).map(b"".join), max_size=150)


@pytest.mark.parametrize("kernel", KERNELS)
@settings(max_examples=400, deadline=None)
@given(terms_strategy, st.text("ab**??éè語🎈\ud800", max_size=6))
def test_any_terms(kernel: ModuleType, chosen: set[bytes], pattern: str) -> None:
    twin = {term: (n, 2 * n, b"p" * (n % 3), b"q" * (n % 2)) for n, term in enumerate(chosen)}
    translated = "".join({"*": ".*", "?": "."}.get(c) or re.escape(c) for c in pattern)
    matches = re.compile(translated, re.DOTALL).fullmatch
    terms = build(twin)
    entries = dict(terms)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(USED, "walk_wildcard", kernel.walk_wildcard)
        found = list(terms.wildcard(pattern))
    assert names(found) == sorted(term for text, term in decoded(twin).items() if matches(text))
    assert all(entry == entries[term] for term, entry in found)


def test_damage_on_the_way_is_found() -> None:
    sections = encode(words(*[f"{n:04}" for n in range(1000)]))
    for at in (10, len(sections[0]) // 2, len(sections[0]) - 1):
        section = bytearray(sections[0])
        section[at] ^= 1
        with pytest.raises(CorruptError):
            list(open_terms(bytes(section), *sections[1:]).wildcard("*7"))


def test_arrays_that_do_not_fit_are_refused() -> None:
    section, index, _, _ = encode(words("a", "ab", "b"))
    table = memoryview(index)[16 : 16 + 24 * 2].cast("Q")

    def walk(**changes: object) -> int:
        sound = {
            "section": section, "table": table, "seen": bytearray(b"\1"), "terms": 3,
            "skip": 0, "moves": array("Q", bytes(8 * 512)), "accept": 1, "last": -1,
            "place": array("q", [0, 3, 0]), "here": bytearray(2), "states": array("Q", [0] * 3),
            "text": bytearray(4), "found": array("Q", [0] * 24),
        }  # fmt: skip
        arguments = {**sound, **changes}.values()
        return USED.walk_wildcard(*arguments)  # type: ignore[no-any-return]

    star = array("Q", [0] * 256 + [1] * 256)
    assert walk() == -1
    assert walk(moves=star) == -1
    assert walk(moves=star, seen=b"\0") == 0
    assert walk(moves=star, text=bytearray(3)) == walk(moves=star, found=star[:23]) == -2
    assert walk(here=bytearray(1)) == walk(states=array("Q", [0] * 2)) == -3
    for changes in (
        {"table": table[:5]}, {"seen": b""}, {"terms": 33}, {"skip": -1}, {"skip": 3},
        {"place": array("q", [0, 4, 0])},
        {"moves": star[:511]}, {"place": array("q", [-1, 3, 0])}, {"place": array("q", [0, 3])},
    ):  # fmt: skip
        assert walk(**changes) == -4, changes
