"""Damaged and forged dictionaries: ``CorruptError``, or an answer; nothing worse, and soon."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.codec import CorruptError
from searchkit.codec.terms import Terms
from tests.unit.codec.test_terms import encode, open_terms, words

TEXTS = [f"{stem}{n}" for stem in ("a", "alpha", "été", "語" * 8) for n in range(20)]
SOUND = encode(words(*TEXTS))
BLOCKS = 3
TABLE = 16
CHECKSUMS = TABLE + 24 * (BLOCKS + 1)

ACTS: list[Callable[[Terms], object]] = [
    lambda terms: terms.lookup(b"alpha7"),
    lambda terms: terms.lookup(b""),
    lambda terms: terms.lookup(b"\xff" * 100),
    lambda terms: list(terms),
    lambda terms: [(terms.postings(e), terms.positions(e)) for _, e in terms],
    lambda terms: list(terms.prefix(b"al")),
    lambda terms: list(terms.range(b"a1", "語".encode())),
    lambda terms: list(terms.wildcard("*a?7")),
    lambda terms: list(terms.wildcard("al*")),
    lambda terms: list(terms.fuzzy("alhpa7", 2)),
    lambda terms: list(terms.fuzzy("été", 2, 1)),
    lambda terms: list(terms.regex("a.*7")),
    lambda terms: terms.columns(),
    lambda terms: list(terms.problems()),
]


def try_all(*sections: bytes) -> int:
    """How many acts found damage."""
    damaged = 0
    for act in ACTS:
        try:
            act(open_terms(*sections))
        except CorruptError:
            damaged += 1
    return damaged


def sealed(section: bytes, index: bytes) -> bytes:
    """The index with checksums that fit ``section``, as a forger would write them."""
    changed = bytearray(index)
    table = memoryview(index)[TABLE:CHECKSUMS].cast("Q")
    for block in range(BLOCKS):
        crc = crc32(section[table[block] : table[block + 1]])
        at = CHECKSUMS + 12 * block
        changed[at : at + 4] = crc.to_bytes(4, "little")
    return bytes(changed)


def test_sound() -> None:
    assert try_all(*SOUND) == 0
    assert sealed(SOUND[0], SOUND[1]) == SOUND[1]


def test_flipped_bits_with_the_checksum_made_to_fit() -> None:
    chance = random.Random(1)
    for _ in range(600):
        section = bytearray(SOUND[0])
        for _ in range(chance.choice((1, 1, 2, 5))):
            section[chance.randrange(len(section))] ^= 1 << chance.randrange(8)
        try_all(bytes(section), sealed(bytes(section), SOUND[1]), *SOUND[2:])


def test_bytes_set_to_extremes_with_the_checksum_made_to_fit() -> None:
    for at in range(len(SOUND[0])):
        for value in (0, 0x7F, 0x80, 0xF0, 0xFF):
            section = bytearray(SOUND[0])
            section[at : at + 3] = bytes([value]) * len(section[at : at + 3])
            terms = (bytes(section), sealed(bytes(section), SOUND[1]), *SOUND[2:])
            for act in (ACTS[0], ACTS[2], ACTS[9], ACTS[12]):
                with suppress(CorruptError):
                    act(open_terms(*terms))


@settings(max_examples=200)
@given(st.binary(max_size=300), st.integers(0, 2**32))
def test_random_sections(data: bytes, seed: int) -> None:
    # Random bytes under an index that gives them three blocks and sound checksums.
    cuts = sorted(random.Random(seed).choices(range(len(data) + 1), k=BLOCKS - 1))
    index = bytearray(SOUND[1])
    for i, offset in enumerate([0, *cuts, len(data)]):
        index[TABLE + 8 * i : TABLE + 8 * i + 8] = offset.to_bytes(8, "little")
    try_all(data, sealed(data, bytes(index)), *SOUND[2:])


@given(st.binary(max_size=400))
def test_random_index(index: bytes) -> None:
    assert try_all(SOUND[0], index, *SOUND[2:]) == len(ACTS)


def test_changed_index() -> None:
    for at in range(CHECKSUMS):
        for value in (0, 1, 0x7F, 0x80, 0xFF):
            index = bytearray(SOUND[1])
            index[at] = value
            try_all(SOUND[0], bytes(index), *SOUND[2:])


def test_truncation() -> None:
    for which in range(4):
        for size in range(0, len(SOUND[which]), 7):
            sections = list(SOUND)
            sections[which] = sections[which][:size]
            assert try_all(*sections) == len(ACTS)
            sections[which] = SOUND[which] + b"\0" * (size + 1)
            assert try_all(*sections) == len(ACTS)


@pytest.mark.parametrize("count", [1, 2**31, 2**32, 2**40, 2**63, 2**64 - 1])
def test_absurd_counts(count: int) -> None:
    index = count.to_bytes(8, "little") + SOUND[1][8:]
    assert try_all(SOUND[0], index, *SOUND[2:]) == len(ACTS)


def test_a_few_bytes_do_not_stand_for_many_terms() -> None:
    # A sparse file could hold an index of any length; its terms would need memory.
    count = 32 * 1000
    index = count.to_bytes(8, "little") + SOUND[1][8:16] + bytes(24 * 1001 + 12 * 1000)
    with pytest.raises(CorruptError, match="cannot lie in"):
        open_terms(SOUND[0], index, b"", b"")


@pytest.mark.parametrize("longest", [0, 1, 5, 65_535, 65_536, 2**32 - 1])
def test_absurd_longest_term(longest: int) -> None:
    index = SOUND[1][:8] + longest.to_bytes(4, "little") + SOUND[1][12:]
    damaged = try_all(SOUND[0], index, *SOUND[2:])
    assert damaged == 0 if longest == 65_535 else damaged


def test_terms_out_of_order_across_blocks() -> None:
    whole = encode(words(*TEXTS[:64]))
    middle = int.from_bytes(whole[1][TABLE + 8 : TABLE + 16], "little")
    swapped = whole[0][middle:] + whole[0][:middle]
    index = bytearray(whole[1])
    index[TABLE + 8 : TABLE + 16] = (len(swapped) - middle).to_bytes(8, "little")
    at = TABLE + 24 * 3
    crcs = (crc32(swapped[: len(swapped) - middle]), crc32(swapped[len(swapped) - middle :]))
    for block, crc in enumerate(crcs):
        index[at + 12 * block : at + 12 * block + 4] = crc.to_bytes(4, "little")
    with pytest.raises(CorruptError):
        open_terms(swapped, bytes(index), *whole[2:]).columns()


def forged(names: bytes, numbers: bytes, count: int = 2, run: int = 2) -> Terms:
    """One block of these bytes, with everything around it as it should be."""
    section = len(names).to_bytes(4, "little") + names + numbers
    table = (0, len(section), 0, run, 0, 0)
    index = (
        count.to_bytes(8, "little")
        + b"\x09\0\0\0\x20\0\0\0"
        + b"".join(number.to_bytes(8, "little") for number in table)
        + b"".join(crc32(data).to_bytes(4, "little") for data in (section, b"p" * run, b""))
    )
    return open_terms(section, index, b"p" * run, b"")


ONE = b"\1\0\1\0"  # df 1, cf 1, one byte of postings, none of positions


@pytest.mark.parametrize(
    ("names", "numbers", "run"),
    [
        (b"\x02ab\x11a", ONE * 2, 2),  # aa after ab
        (b"\x02ab\x11b", ONE * 2, 2),  # ab after ab
        (b"\x02ab\x20", ONE * 2, 2),  # ab after ab, sharing all of it
        (b"\x02ab\x31c", ONE * 2, 2),  # shares more than there is
        (b"\x12ab\x11c", ONE * 2, 2),  # the first shares
        (b"\x02ab\x11cx", ONE * 2, 2),  # names left over
        (b"\x02ab\x11c", ONE * 2 + b"\0", 2),  # numbers left over
        (b"\x02ab\x11c", ONE * 2, 3),  # the lists leave a gap
        (b"\x02ab\x11c", ONE * 2, 1),  # the lists pass their run
        (b"\x02ab\x11c", ONE + b"\1\0\1", 2),  # a number is missing
        (b"\x02ab\x11c", ONE + b"\x80\x80\x80\x80\x10\0\1\0", 2),  # df 2**32
        (b"\x02ab\x11c", ONE + b"\1" + b"\x80" * 9 + b"\1\1\0", 2),  # ten bytes of a number
        (b"\x02ab\x1f\x80", ONE * 2, 2),  # a length without end
        (b"\x02ab\x1f\0cccccccccccccc", ONE * 2, 2),  # 15 bytes said, 14 there
        (b"\x02ab\x18cccccccc" + b"d", ONE * 2, 2),
        (b"\x02ab\x19ccccccccc", ONE * 2, 2),  # longer than the longest
    ],
)
def test_forged_blocks(names: bytes, numbers: bytes, run: int) -> None:
    for act in (ACTS[0], ACTS[3], ACTS[7], ACTS[12]):
        with pytest.raises(CorruptError):
            act(forged(names, numbers, run=run))


def test_what_the_forged_blocks_are_made_from_is_sound() -> None:
    assert [term for term, _ in forged(b"\x02ab\x11c", ONE * 2)] == [b"ab", b"ac"]
