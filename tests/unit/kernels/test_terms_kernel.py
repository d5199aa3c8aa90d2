"""The kernels of the dictionary, where their callers cannot reach."""

from __future__ import annotations

from array import array

from searchkit.kernels import terms as kernel


def encode(count: int, room: int) -> int:
    text = b"".join(b"%04d" % i for i in range(count))
    ends = array("I", range(4, 4 * count + 1, 4))
    ones, longs = array("I", [1] * count), array("Q", [1] * count)
    blocks = -(-count // 32)
    table = array("Q", bytes(24 * (blocks + 1)))
    longest = array("I", [0])
    return kernel.encode_blocks(  # type: ignore[no-any-return]
        text, ends, ones, longs, longs, longs, 0, bytearray(room), table, longest
    )


def test_encode_stops_before_a_block_that_may_not_fit() -> None:
    worst = 32 * (4 + 48)
    assert encode(100, worst - 1) == 0
    assert encode(100, worst) == 32
    assert encode(100, 10 * worst) == 100


def test_table() -> None:
    def check(*numbers: int) -> bool:
        return bool(kernel.check_table(array("Q", numbers), 9, 5, 3))

    assert check(0, 4, 9, 0, 0, 5, 0, 3, 3)
    assert not check(1, 4, 9, 0, 0, 5, 0, 3, 3)
    assert not check(0, 10, 9, 0, 0, 5, 0, 3, 3)
    assert not check(0, 4, 9, 0, 6, 5, 0, 3, 3)
    assert not check(0, 4, 9, 0, 0, 4, 0, 3, 3)
    assert not check(0, 4, 9, 0, 0, 5, 0, 3, 2**63)
