"""A record does what the frozen dataclass of the same parts does."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from searchkit.record import Record


class Point(Record):
    x: int
    y: int = 0
    name: str = "p"


@dataclass(frozen=True)
class Twin:
    x: int
    y: int = 0
    name: str = "p"


class Other(Record):
    x: int
    y: int = 0
    name: str = "p"


class Empty(Record):
    pass


class Further(Point):
    z: int = 5


CALLS: list[Callable[[Any], Any]] = [
    lambda make: make(1),
    lambda make: make(1, 2),
    lambda make: make(1, 2, "q"),
    lambda make: make(x=1),
    lambda make: make(y=3, x=1),
    lambda make: make(1, name="r"),
    lambda make: make(name="r", x=1, y=2),
]


@pytest.mark.parametrize("call", CALLS)
def test_parts_and_print_are_those_of_a_dataclass(call: Callable[[Any], Any]) -> None:
    ours, theirs = call(Point), call(Twin)
    assert vars(ours) == vars(theirs)
    assert repr(ours) == repr(theirs).replace("Twin", "Point")


def test_equal_and_hash_as_a_dataclass() -> None:
    for one, other in product(CALLS, CALLS):
        assert (one(Point) == other(Point)) is (one(Twin) == other(Twin))
        if one(Point) == other(Point):
            assert hash(one(Point)) == hash(other(Point))
        assert one(Point) != other(Other)
    assert len({call(Point) for call in CALLS} | {call(Other) for call in CALLS}) == 2 * len(
        {call(Twin) for call in CALLS}
    )
    assert Empty() == Empty() and Empty() != Point(1)


@pytest.mark.parametrize(
    "call",
    [
        lambda make: make(),
        lambda make: make(1, 2, "q", 4),
        lambda make: make(1, x=1),
        lambda make: make(1, z=1),
        lambda make: make(y=1),
    ],
)
def test_wrong_arguments_are_type_errors(call: Callable[[Any], Any]) -> None:
    for make in (Twin, Point):
        with pytest.raises(TypeError):
            call(make)


def test_frozen() -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match="Point is frozen: x"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Point is frozen: x"):
        del point.x
    assert point == Point(1)


def test_patterns_and_subclasses() -> None:
    match Further(1, 2, "q", 4):
        case Point(x, y, name):
            assert (x, y, name) == (1, 2, "q")
    match Further(1):
        case Further(x, _, _, z):
            assert (x, z) == (1, 5)
    assert Further(1) != Point(1)


def test_copies_are_equal() -> None:
    point = Point(1, name="a")
    assert copy.copy(point) == copy.deepcopy(point) == pickle.loads(pickle.dumps(point)) == point
