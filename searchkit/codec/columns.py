"""What is the value of each document to sort, group and filter by?

Section "column:C"; each part begins at a multiple of 8, filled up with zeros:

    kind        4 bytes     b"int " | b"real" | b"flag" | b"byte"
    documents   u32
    missing     u32         how many documents have no value
    distinct    u32         how many distinct values the table of a "byte" column holds, else 0
    table       u64         bytes of that table, else 0
    present     a bit for each document (document d: bit d & 7 of byte d >> 3), whether it has a
                value; left out if none is missing, and in a "byte" column
    data        "int " i64, "real" f64, "flag" a bit for each document as above (0 where missing);
                "byte" an ordinal: 0 for missing, n for the n-th distinct value in order of bytes;
                u8, u16 or u32 by the number of distinct values
    offsets     "byte": u32 (u64 from 4 GiB on) x (distinct + 1), where each value begins among
                the values; last the bytes of the table
    values      "byte": the distinct values, sorted, one after the other

Little-endian. Ordinals compare like their values, within one segment.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, Literal

from searchkit.codec import CorruptError
from searchkit.schema import Kind

_HEADER = struct.Struct("<4sIIIQ")

Value = int | float | bool | bytes


_TAGS = {Kind.INT: b"int ", Kind.FLOAT: b"real", Kind.BOOL: b"flag", Kind.BYTES: b"byte"}
_KINDS = {tag: kind for kind, tag in _TAGS.items()}


def encode_column(kind: Kind, values: Iterable[Value | None]) -> bytes:
    """The section of ``values``, one for each docnum, None where there is none.

    Raises ``TypeError`` for values of another kind, ``ValueError`` for an int outside 64 bits.
    """
    listed: list[Any] = list(values)
    missing = sum([value is None for value in listed])
    present = _bits([value is not None for value in listed]) if missing else b""
    match kind:
        case Kind.BYTES:
            table = sorted(set(listed) - {None})
            ordinals = {None: 0} | {value: n for n, value in enumerate(table, 1)}
            return _bytes_section(list(map(ordinals.__getitem__, listed)), table)
        case Kind.BOOL:
            if not set(map(type, listed)) <= {bool, type(None)}:
                raise TypeError("a column of bools takes only bools")
            data = _bits([value is True for value in listed])
        case Kind.INT | Kind.FLOAT:
            code = "q" if kind is Kind.INT else "d"
            try:
                data = array(code, [0 if v is None else v for v in listed]).tobytes()
            except OverflowError as error:
                raise ValueError(f"a value is not of 64 bits: {error}") from error
    return _section(kind, len(listed), missing, 0, 0, [present, data])


class Column(ABC):
    """Reads a section "column:C"; ``open_column`` makes the right one.

    ``data`` is a view of the section's data, for kernels: its format is "q", "d", "B" (bits) or
    "B", "H", "I" (ordinals). ``present`` is the bits of what has a value, or None: all, or see 0
    among the ordinals.
    """

    def __init__(self, kind: Kind, documents: int, missing: int) -> None:
        self.kind = kind
        self.missing = missing
        self.present: memoryview | None = None
        self.data: memoryview[int] | memoryview[float]
        self._length = documents

    def __len__(self) -> int:
        """The number of documents."""
        return self._length

    @abstractmethod
    def value(self, docnum: int) -> Value | None:
        """The document's value, or None. Raises ``IndexError`` and ``CorruptError``."""

    @abstractmethod
    def sort_key(self, docnum: int) -> int | float | None:
        """What compares like the document's value within the segment; None where there is no
        value, and for NaN, which has no place in an order. Raises as ``value`` does."""

    def values(self, live: Iterable[int] | None = None) -> Iterator[Value | None]:
        """All values, or those of the docnums ``live``, in order. Raises as ``value`` does."""
        return map(self.value, range(self._length) if live is None else live)

    def _has(self, docnum: int) -> bool:
        if not 0 <= docnum < self._length:
            raise IndexError(f"no document {docnum} among {self._length}")
        present = self.present
        return present is None or bool(present[docnum >> 3] >> (docnum & 7) & 1)


class NumberColumn(Column):
    """Integers or floats."""

    def __init__(self, kind: Kind, documents: int, missing: int, section: memoryview) -> None:
        super().__init__(kind, documents, missing)
        sizes = [_bit_bytes(documents) if missing else 0, 8 * documents]
        present, data = _parts(section, sizes)
        self.present = present if missing else None
        self.data = data.cast("q" if kind is Kind.INT else "d")

    def value(self, docnum: int) -> int | float | None:
        return self.data[docnum] if self._has(docnum) else None

    def sort_key(self, docnum: int) -> int | float | None:
        value = self.value(docnum)
        return value if value == value else None


class FlagColumn(Column):
    """Bools."""

    data: memoryview[int]

    def __init__(self, documents: int, missing: int, section: memoryview) -> None:
        super().__init__(Kind.BOOL, documents, missing)
        bits = _bit_bytes(documents)
        present, self.data = _parts(section, [bits if missing else 0, bits])
        self.present = present if missing else None

    def value(self, docnum: int) -> bool | None:
        return bool(self.data[docnum >> 3] >> (docnum & 7) & 1) if self._has(docnum) else None

    def sort_key(self, docnum: int) -> int | None:
        return self.value(docnum)


class BytesColumn(Column):
    """Bytes, by ordinals into a table of the ``distinct`` values.

    Nobody has compared ``data`` with ``distinct``: a kernel must, before it indexes by ordinal.
    """

    data: memoryview[int]

    def __init__(
        self, documents: int, missing: int, distinct: int, table_bytes: int, section: memoryview
    ) -> None:
        super().__init__(Kind.BYTES, documents, missing)
        self.distinct = distinct
        code, offset_code = _ordinal_code(distinct), _offset_code(table_bytes)
        offset_bytes = array(offset_code).itemsize * (distinct + 1)
        sizes = [array(code).itemsize * documents, offset_bytes, table_bytes]
        data, offsets, self._table = _parts(section, sizes)
        self.data = data.cast(code)
        self._offsets = offsets.cast(offset_code)
        if self._offsets[0] or self._offsets[distinct] != table_bytes:
            raise CorruptError("the offsets of a column do not span its table")

    def value(self, docnum: int) -> bytes | None:
        ordinal = self.sort_key(docnum)
        return None if ordinal is None else self.distinct_value(ordinal)

    def sort_key(self, docnum: int) -> int | None:
        """The document's ordinal, from 1, or None. Raises as ``value`` does."""
        if not 0 <= docnum < self._length:
            raise IndexError(f"no document {docnum} among {self._length}")
        ordinal = self.data[docnum]
        if ordinal > self.distinct:
            raise CorruptError(f"a column has ordinal {ordinal} of {self.distinct}")
        return ordinal or None

    def distinct_value(self, ordinal: int) -> bytes:
        """The value with an ordinal, from 1. Raises ``IndexError`` and ``CorruptError``."""
        if not 1 <= ordinal <= self.distinct:
            raise IndexError(f"no ordinal {ordinal} among {self.distinct}")
        start, end = self._offsets[ordinal - 1], self._offsets[ordinal]
        if not start <= end <= len(self._table):
            raise CorruptError(f"value {ordinal} of a column lies at {start} to {end}")
        return self._table[start:end].tobytes()


def open_column(section: memoryview) -> NumberColumn | FlagColumn | BytesColumn:
    """The column in a section. Raises ``CorruptError``."""
    if len(section) < _HEADER.size:
        raise CorruptError(f"a column has {len(section)} bytes")
    name, documents, missing, distinct, table_bytes = _HEADER.unpack_from(section)
    kind = _KINDS.get(name)
    if kind is None:
        raise CorruptError(f"a column of unknown kind {name!r}")
    if missing > documents or (distinct > documents - missing):
        raise CorruptError(f"{documents} documents, {missing} missing, {distinct} distinct")
    if kind is Kind.BYTES:
        return BytesColumn(documents, missing, distinct, table_bytes, section)
    if distinct or table_bytes:
        raise CorruptError(f"a column of kind {kind.name} with a table")
    if kind is Kind.BOOL:
        return FlagColumn(documents, missing, section)
    return NumberColumn(kind, documents, missing, section)


def merge_columns(
    kind: Kind, segments: Sequence[tuple[Column | None, Sequence[int] | None]]
) -> bytes:
    """The section of the documents of several segments, one segment after the other.

    Each comes with its live docnums, ascending, or None if all live; one without the column has
    None for it, and must come with docnums. Distinct values that no live document has go.
    Raises ``IndexError`` and ``CorruptError``, and ``ValueError`` for a column of another kind.
    """
    for column, live in segments:
        if column is None and live is None:
            raise ValueError("a segment without the column needs its docnums")
        if column is not None and column.kind is not kind:
            raise ValueError(f"a column of kind {column.kind.name} among {kind.name}")
    if kind is Kind.BYTES:
        return _merge_bytes(segments)
    return encode_column(
        kind,
        chain.from_iterable(
            [None] * len(live or ()) if column is None else column.values(live)
            for column, live in segments
        ),
    )


def _merge_bytes(segments: Sequence[tuple[Column | None, Sequence[int] | None]]) -> bytes:
    """Compares each distinct value, not each document's."""
    runs: list[list[int]] = []
    tables: list[dict[int, bytes]] = []
    for column, live in segments:
        docnums = (range(len(column)) if column else ()) if live is None else live
        if isinstance(column, BytesColumn):
            run = [column.sort_key(docnum) or 0 for docnum in docnums]
            tables.append({n: column.distinct_value(n) for n in set(run) - {0}})
        else:
            run = [0] * len(docnums)
            tables.append({})
        runs.append(run)
    merged = sorted(set(chain.from_iterable(table.values() for table in tables)))
    ordinals = {value: n for n, value in enumerate(merged, 1)}
    result: list[int] = []
    for run, table in zip(runs, tables, strict=True):
        renumbered = {0: 0} | {n: ordinals[value] for n, value in table.items()}
        result += map(renumbered.__getitem__, run)
    return _bytes_section(result, merged)


def _bytes_section(ordinals: list[int], table: list[bytes]) -> bytes:
    values = b"".join(table)  # TypeError for other than bytes
    offsets = array(_offset_code(len(values)), chain([0], accumulate(map(len, table))))
    data = array(_ordinal_code(len(table)), ordinals)
    missing = ordinals.count(0)
    parts = [data.tobytes(), offsets.tobytes(), values]
    return _section(Kind.BYTES, len(ordinals), missing, len(table), len(values), parts)


def _section(
    kind: Kind, documents: int, missing: int, distinct: int, table_bytes: int, parts: list[bytes]
) -> bytes:
    header = _HEADER.pack(_TAGS[kind], documents, missing, distinct, table_bytes)
    padded = [part + bytes(-len(part) % 8) for part in parts]
    return b"".join([header, *padded])


def _parts(section: memoryview, sizes: list[int]) -> list[memoryview]:
    """The parts after the header, of these sizes in bytes, which must fill the section."""
    at = _HEADER.size
    parts = []
    for size in sizes:
        parts.append(section[at : at + size])
        at += size + -size % 8
    if at != len(section):
        raise CorruptError(f"a column has {len(section)} bytes where {at} belong")
    return parts


def _bits(flags: list[bool]) -> bytes:
    bits = bytearray(_bit_bytes(len(flags)))
    for at, flag in enumerate(flags):
        if flag:
            bits[at >> 3] |= 1 << (at & 7)
    return bytes(bits)


def _bit_bytes(documents: int) -> int:
    return (documents + 7) // 8


def _ordinal_code(distinct: int) -> Literal["B", "H", "I"]:
    return "B" if distinct < 2**8 else "H" if distinct < 2**16 else "I"


def _offset_code(table_bytes: int) -> Literal["I", "Q"]:
    return "I" if table_bytes < 2**32 else "Q"
