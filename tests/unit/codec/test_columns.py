"""Columns come back by docnum and sort like their values; what cannot be a column is refused."""

from __future__ import annotations

import contextlib
import math
import random
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.codec import CorruptError
from searchkit.codec.columns import (
    BytesColumn,
    Column,
    Kind,
    encode_column,
    merge_columns,
    open_column,
)

OF_KIND: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.INT: st.integers(-(2**63), 2**63 - 1),
    Kind.FLOAT: st.floats(),
    Kind.BOOL: st.booleans(),
    Kind.BYTES: st.binary(max_size=3),
}
LIVE = st.none() | st.sets(st.integers(0, 29)).map(sorted)
KINDS = pytest.mark.parametrize("kind", list(Kind))


def values_of(kind: Kind) -> st.SearchStrategy[list[Any]]:
    return st.lists(OF_KIND[kind], max_size=30) | st.lists(st.none() | OF_KIND[kind], max_size=30)


def read(section: bytes) -> Column:
    return open_column(memoryview(section))


def exact(values: list[Any]) -> list[Any]:
    return [struct.pack("<d", v) if type(v) is float else (type(v), v) for v in values]


@KINDS
@given(data=st.data())
def test_round_trip(kind: Kind, data: st.DataObject) -> None:
    values = data.draw(values_of(kind))
    column = read(encode_column(kind, iter(values)))
    assert column.kind is kind
    assert len(column) == len(values)
    assert column.missing == values.count(None)
    assert exact([column.value(docnum) for docnum in range(len(values))]) == exact(values)
    assert exact(list(column.values())) == exact(values)
    # Whatever is missing or NaN has no key; all else sorts by its key as by itself.
    keyed = {docnum: column.sort_key(docnum) for docnum in range(len(values))}
    has_order = [at for at, v in enumerate(values) if v is not None and v == v]
    assert [at for at, key in keyed.items() if key is not None] == has_order
    assert sorted(has_order, key=lambda at: keyed[at] or 0) == sorted(
        has_order, key=values.__getitem__
    )
    if isinstance(column, BytesColumn):
        table = [column.distinct_value(n) for n in range(1, column.distinct + 1)]
        assert table == sorted(set(values) - {None})


@KINDS
@given(data=st.data())
def test_merge_joins_segments(kind: Kind, data: st.DataObject) -> None:
    expected: list[Any] = []
    segments: list[tuple[Column | None, list[int] | None]] = []
    for _ in range(data.draw(st.integers(0, 4))):
        values, live = data.draw(values_of(kind)), data.draw(LIVE)
        live = live and [docnum for docnum in live if docnum < len(values)]
        if live is None or data.draw(st.booleans()):
            segments.append((read(encode_column(kind, values)), live))
            expected += values if live is None else [values[at] for at in live]
        else:
            segments.append((None, live))
            expected += [None] * len(live)
    assert merge_columns(kind, segments) == encode_column(kind, expected)


def test_merge_says_what_it_cannot_do() -> None:
    flags = read(encode_column(Kind.BOOL, [True]))
    for kind, segment in ((Kind.INT, (None, None)), (Kind.INT, (flags, None))):
        with pytest.raises(ValueError):
            merge_columns(kind, [segment])
    with pytest.raises(IndexError):
        merge_columns(Kind.BOOL, [(flags, [1])])


@pytest.mark.parametrize("documents", [0, 1, 7, 8, 9, 63, 64, 65])
@KINDS
def test_sizes_at_the_edges_of_bytes_and_words(kind: Kind, documents: int) -> None:
    some: dict[Kind, list[Any]] = {
        Kind.INT: [1, -5, None],
        Kind.FLOAT: [0.5, -0.0, None, math.inf],
        Kind.BOOL: [True, False, None],
        Kind.BYTES: [b"", b"b", None, b"a"],
    }
    values = [some[kind][n % len(some[kind])] for n in range(documents)]
    section = encode_column(kind, values)
    assert len(section) % 8 == 0
    assert exact(list(read(section).values())) == exact(values)


@pytest.mark.parametrize(
    ("distinct", "code"), [(255, "B"), (256, "H"), (65_535, "H"), (65_536, "I")]
)
def test_ordinals_are_as_wide_as_they_must_be(distinct: int, code: str) -> None:
    values = [struct.pack(">I", n) for n in range(distinct)]
    random.Random(1).shuffle(values)
    column = read(encode_column(Kind.BYTES, [*values, None]))
    assert column.data.format == code
    assert list(column.values()) == [*values, None]


def test_values_of_another_kind_are_refused() -> None:
    wrong: list[tuple[Kind, Any]] = [
        (Kind.INT, 1.0),
        (Kind.INT, "1"),
        (Kind.FLOAT, "1"),
        (Kind.BOOL, 1),
        (Kind.BYTES, "text"),
        (Kind.BYTES, 1),
    ]
    for kind, value in wrong:
        with pytest.raises(TypeError):
            encode_column(kind, [None, value])
    for kind, value in ((Kind.INT, 2**63), (Kind.INT, -(2**63) - 1), (Kind.FLOAT, 10**400)):
        with pytest.raises(ValueError):
            encode_column(kind, [value])


@KINDS
def test_docnums_outside_are_index_errors(kind: Kind) -> None:
    for values in ([None, None], []):
        column = read(encode_column(kind, values))
        for docnum in (-1, 2):
            with pytest.raises(IndexError):
                column.value(docnum)
            with pytest.raises(IndexError):
                column.sort_key(docnum)


# Damage


def drain(section: bytes) -> None:
    column = read(section)
    for docnum in range(len(column)):
        column.sort_key(docnum)
    list(column.values())
    merge_columns(column.kind, [(column, None)])


def sections() -> list[bytes]:
    values: dict[Kind, list[Any]] = {
        Kind.INT: [1, None, 3],
        Kind.FLOAT: [1.5, None],
        Kind.BOOL: [True, None, False],
        Kind.BYTES: [b"one", None, b"two", b"one", b"three"],
    }
    return [encode_column(kind, some) for kind, some in values.items()]


@pytest.mark.parametrize("section", sections(), ids=[kind.name for kind in Kind])
def test_damage_is_corrupt_or_another_value(section: bytes) -> None:
    for end in range(len(section)):
        with pytest.raises(CorruptError):
            read(section[:end])
    with pytest.raises(CorruptError):
        read(section + bytes(8))
    for bit in range(len(section) * 8):
        damaged = bytearray(section)
        damaged[bit >> 3] ^= 1 << (bit & 7)
        with contextlib.suppress(CorruptError):
            drain(bytes(damaged))


def header(kind: bytes, documents: int, missing: int, distinct: int, table: int) -> bytes:
    return struct.pack("<4sIIIQ", kind, documents, missing, distinct, table)


@pytest.mark.parametrize(
    "section",
    [
        b"",
        header(b"text", 0, 0, 0, 0),
        header(b"int ", 1, 2, 0, 0) + bytes(16),
        header(b"int ", 1, 0, 1, 0) + bytes(8),
        header(b"flag", 1, 0, 0, 1) + bytes(8),
        header(b"int ", 2**32 - 1, 0, 0, 0) + bytes(8),
        header(b"byte", 0, 0, 1, 0) + bytes(8),
        header(b"byte", 1, 0, 1, 1) + b"\2" + bytes(7) + struct.pack("<II", 0, 1) + b"x" + bytes(7),
        header(b"byte", 1, 0, 1, 1) + b"\1" + bytes(7) + struct.pack("<II", 1, 1) + b"x" + bytes(7),
        header(b"byte", 1, 0, 1, 1) + b"\1" + bytes(7) + struct.pack("<II", 0, 2) + b"x" + bytes(7),
        header(b"byte", 1, 0, 1, 2**64 - 1) + b"\1" + bytes(7) + struct.pack("<QQ", 0, 2**64 - 1),
    ],
)
def test_what_no_writer_makes_is_corrupt(section: bytes) -> None:
    with pytest.raises(CorruptError):
        drain(section)


@given(
    st.sampled_from([b"int ", b"real", b"flag", b"byte"]),
    st.integers(0, 9),
    st.integers(0, 9),
    st.binary(max_size=80),
)
def test_random_bytes(kind: Kind, documents: int, missing: int, body: bytes) -> None:
    for distinct, table in ((0, 0), (1, 3), (2, 5)):
        with contextlib.suppress(CorruptError):
            drain(header(kind, documents, missing, distinct, table) + body)
