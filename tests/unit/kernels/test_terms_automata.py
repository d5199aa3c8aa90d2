"""The scan against one term at a time, over terms of any bytes and any first term."""

from __future__ import annotations

from array import array

from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.codec.term_matching import Wildcard
from searchkit.kernels import automata

# Sequences that break UTF-8 in every way lie between sound ones and share beginnings with them.
pieces = st.sampled_from([b"a", b"b", "é".encode(), "è".encode(), "語".encode(), "🎈".encode(),
    b"\xc3", b"\xe8", b"\xe8\xaa", b"\xf0\x9f", b"\xa9", b"\x80", b"\xff", b"\0"])  # fmt: skip
terms_strategy = st.sets(st.lists(pieces, max_size=6).map(b"".join), min_size=1, max_size=80)


def flat(terms: list[bytes]) -> tuple[bytearray, array[int], array[int]]:
    text, ends, shares = bytearray(), array("I"), array("I")
    before = b""
    for term in terms:
        shared = 0
        while shared < min(len(before), len(term)) and before[shared] == term[shared]:
            shared += 1
        text += term
        ends.append(len(text))
        shares.append(shared)
        before = term
    return text, ends, shares


@settings(max_examples=500)
@given(terms_strategy, st.text("ab*?éè語🎈", max_size=5), st.data())
def test_wildcard_is_not_led_astray(chosen: set[bytes], pattern: str, data: st.DataObject) -> None:
    prefix = Wildcard(pattern, 40).prefix
    terms = sorted(prefix + term for term in chosen)
    first = data.draw(st.integers(0, len(terms)))
    found = Wildcard(pattern, 40).choose(*flat(terms), first, len(terms))
    alone = [
        number
        for number in range(first, len(terms))
        if len(Wildcard(pattern, 40).choose(*flat([terms[number]]), 0, 1))
    ]
    assert list(found) == alone


def test_arrays_that_do_not_fit_are_refused() -> None:
    text, ends, shares = flat([b"a", b"ab", b"b"])
    moves, states, out = array("Q", bytes(8 * 512)), array("Q", [0] * 3), array("I", [0] * 3)

    def wildcard(**changes: object) -> int:
        sound = {
            "text": text, "ends": ends, "shares": shares, "first": 0, "last": 3, "skip": 0,
            "moves": moves, "accept": 1, "states": states, "chosen": out,
        }  # fmt: skip
        return automata.scan_wildcard(*{**sound, **changes}.values())  # type: ignore[no-any-return]

    assert wildcard() == 0
    for changes in (
        {"text": bytearray(3)}, {"ends": array("I", [1, 3])}, {"ends": array("I", [2, 1, 4])},
        {"shares": array("I", [0])}, {"first": -1}, {"last": 4}, {"skip": -1}, {"skip": 2},
        {"moves": array("Q", [0])}, {"states": array("Q", [0])}, {"chosen": array("I", [0])},
    ):  # fmt: skip
        assert wildcard(**changes) == -1, changes
