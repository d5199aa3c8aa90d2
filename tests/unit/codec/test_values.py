"""Stored values come back as they were, types included; other bytes are refused, not obeyed."""

from __future__ import annotations

import contextlib
import math
import random
from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.codec import CorruptError
from searchkit.codec.values import MAX_DEPTH, decode_values, encode_values

TEXT = st.text(st.characters())  # surrogates included
OFFSETS = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | TEXT
    | st.binary()
    | st.dates()
    | st.times(timezones=st.none() | OFFSETS)
    | st.datetimes(timezones=st.none() | OFFSETS)
    | st.timedeltas()
    | st.decimals()
)
NAMES = TEXT | st.sampled_from(["tuple", "dict", "int", "float", "bytes", "decimal", ""])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(NAMES, inner, max_size=4)
    ),
    max_leaves=12,
)
PASSAGE = {
    "key": "a/b.md",
    "ordinal": 3,
    "title": "How to",
    "headings": ("Install", "Linux"),
    "start": 12,
    "end": 30,
    "gap": "\n\n",
    "text": 'Bär \ud800\udc00 \U00010000 \x00\x7f"\\',
    "modified": 1700000000.25,
}


def exact(value: Any) -> Any:
    """A value that equals another's only if nothing of the two differs."""
    match value:
        case list() | tuple():
            return type(value), [exact(item) for item in value]
        case dict():
            return dict, [(name, exact(item)) for name, item in value.items()]
        case float():
            return float, "nan" if math.isnan(value) else value.hex()
        case Decimal():
            return Decimal, value.as_tuple()
        case datetime() | time():
            return type(value), value.isoformat(), value.fold
    return type(value), value


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_round_trip(values: dict[str, Any]) -> None:
    assert exact(decode_values(encode_values(values))) == exact(values)


@pytest.mark.parametrize(
    "value",
    [
        PASSAGE["text"],
        "\ud83d\ude00",
        -0.0,
        math.inf,
        -math.inf,
        math.nan,
        5e-324,
        2**63 - 1,
        2**63,
        -(2**63),
        -(2**63) - 1,
        10**5000,
        -(16**100_000),
        True,
        1,
        {"tuple": [1]},
        {"": {"dict": {}}},
        [],
        (),
        {},
        bytes(range(256)),
        Decimal("-0.00"),
        Decimal("sNaN123"),
        Decimal("-Infinity"),
        Decimal("1E+999999999"),
        datetime(2024, 10, 27, 2, 30, fold=1),
        time(2, 30, fold=1, tzinfo=UTC),
        time(2, tzinfo=timezone(timedelta(microseconds=1))),
        datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=23, microseconds=-1))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=-5, microseconds=7))),
        datetime.max,
        date.min,
        timedelta.min,
        timedelta.max,
    ],
    ids=lambda value: f"{type(value).__name__}",
)
def test_hard_values_come_back(value: Any) -> None:
    for wrapped in ({"v": value}, {"v": [value, (value,), {"w": value}]}):
        assert exact(decode_values(encode_values(wrapped))) == exact(wrapped)
    assert decode_values(memoryview(encode_values({}))) == {}


class Colour(IntEnum):
    RED = 1


class Path(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [object(), {1}, bytearray(b""), Colour.RED, Path("x"), OrderedDict(), 1j, {1: 2}, range(3)],
    ids=lambda value: type(value).__name__,
)
def test_other_types_are_named_with_their_field(value: object) -> None:
    for wrapped in (value, [value], {"x": (value,)}):
        with pytest.raises(TypeError, match="field 'colour'"):
            encode_values({"title": "t", "colour": wrapped})


def test_names_must_be_strings() -> None:
    for name in (1, None, Path("x")):
        with pytest.raises(TypeError, match="name"):
            encode_values({name: 1})  # type: ignore[dict-item]


def nested(levels: int) -> Any:
    value: Any = "x"
    for level in range(levels):
        value = [[value], (value,), {"w": value}][level % 3]
    return value


def test_depth_is_bounded() -> None:
    deepest = {"v": nested(MAX_DEPTH)}
    assert decode_values(encode_values(deepest)) == deepest
    circle: list[object] = []
    circle.append(circle)
    for value in (nested(MAX_DEPTH + 1), nested(100_000), circle):
        with pytest.raises(ValueError, match="field 'v': nested deeper"):
            encode_values({"v": value})


def test_a_zone_without_an_offset_is_refused() -> None:
    class Nowhere(tzinfo):
        def utcoffset(self, when: datetime | None) -> None:
            return None

        tzname = dst = utcoffset

    for value in (time(1, tzinfo=Nowhere()), datetime(2024, 1, 1, tzinfo=Nowhere())):
        with pytest.raises(ValueError, match="field 'when'"):
            encode_values({"when": value})


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"{}",
        b"1",
        b'"a"',
        b"null",
        b"[]",
        b'["a"]',
        b'["a",1]',
        b"[[1],2]",
        b'[["a"]]',
        b'[["a"],1,2]',
        b'[["a"],1]x',
        b'[["a"],1] ',
        b' [["a"],1]',
        b'[["a","a"],1,2]',
        b'[{"tuple":["a"]},1]',
        b'[[["a"]],1]',
        b'[["a"],NaN]',
        b'[["a"],-Infinity]',
        b'[["a"],{}]',
        b'[["a"],{"tuple":[],"list":[]}]',
        b'[["a"],{"tuple":[],"tuple":[]}]',
        b'[["a"],{"tuple":"abc"}]',
        b'[["a"],{"dict":[]}]',
        b'[["a"],{"dict":[1,2]}]',
        b'[["a"],{"dict":[[1],2]}]',
        b'[["a"],{"dict":[["x"]]}]',
        b'[["a"],{"dict":[["x","x"],1,2]}]',
        b'[["a"],{"int":5}]',
        b'[["a"],{"int":"xyz"}]',
        b'[["a"],{"bytes":"a"}]',
        b'[["a"],{"bytes":"\xc3\xa4"}]',
        b'[["a"],{"decimal":"1E+99999999999999999999999"}]',
        b'[["a"],{"decimal":"abc"}]',
        b'[["a"],{"date":"2023-02-29"}]',
        b'[["a"],{"datetime":"2024-01-01T00:00:00"}]',
        b'[["a"],{"datetime":["2024-01-01T00:00:00",0]}]',
        b'[["a"],{"datetime":["2024-01-01T00:00:00",2,null]}]',
        b'[["a"],{"datetime":["2024-01-01T00:00:00",0.0,null]}]',
        b'[["a"],{"datetime":["2024-01-01T00:00:00+01:00",0,null]}]',
        b'[["a"],{"datetime":["2024-01-01T00:00:00",0,86400000000]}]',
        b'[["a"],{"time":["00:00",0,1' + b"0" * 100 + b"]}]",
        b'[["a"],{"time":[null,0,null]}]',
        b'[["a"],{"timedelta":[1]}]',
        b'[["a"],{"timedelta":[1e400,0,0]}]',
        b'[["a"],{"timedelta":[999999999999,0,0]}]',
        b'[["a"],{"object":"os.system"}]',
        b'[["a"],"\xff"]',
        b'[["a"],"\n"]',
        b'[["a"],' + b"9" * 5000 + b"]",
        b"[" * 100_000,
        b'[["a"],' + b'{"tuple":[' * 100_000,
    ],
    ids=lambda record: repr(record[:40]),
)
def test_what_is_no_record_is_corrupt(record: bytes) -> None:
    with pytest.raises(CorruptError):
        decode_values(record)


@given(st.binary())
def test_random_bytes(record: bytes) -> None:
    with contextlib.suppress(CorruptError):
        assert isinstance(decode_values(record), dict)


def test_truncated_records_are_corrupt() -> None:
    record = encode_values(PASSAGE | {"deep": {"a": [1.5, (b"x", Decimal(1))]}})
    for end in range(len(record)):
        with pytest.raises(CorruptError):
            decode_values(record[:end])


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=3), st.randoms())
def test_flipped_bits_give_values_or_corrupt(values: dict[str, Any], chance: random.Random) -> None:
    record = bytearray(encode_values(values))
    record[chance.randrange(len(record))] ^= 1 << chance.randrange(8)
    with contextlib.suppress(CorruptError):
        assert isinstance(decode_values(bytes(record)), dict)
