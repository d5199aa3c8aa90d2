"""How does a value of a Whoosh column lie in one of the engine's?

    NumericColumn        INT, of "Q" less 2**63, since the engine's are signed; "f", "d": FLOAT
    BitColumn            BOOL
    StructColumn         BYTES, packed as it says
    bytes of any kind    BYTES; Whoosh's compression is left out
    lists, PickleColumn  BYTES, a record of ``codec/values.py``: never a pickle

A document without a value has the column's default.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Any

from whoosh import columns

from searchkit.codec.values import decode_values, encode_values
from searchkit.schema import Kind

_OFFSET = 1 << 63


class ColumnCodec:
    """The values of one column, to and from the engine's. Raises ``TypeError`` for a column class
    that is not Whoosh's."""

    def __init__(self, name: str, column: columns.Column) -> None:
        self.column = column
        self._clamp: tuple[int, int] | None = None
        if isinstance(column, columns.ClampedNumericColumn):
            column = column._child
            self._clamp = _range(column._typecode)
        self._struct: Struct | None = None
        self._offset = 0
        match column:
            case columns.NumericColumn():
                self.kind = Kind.FLOAT if column._typecode in "fd" else Kind.INT
                self._offset = _OFFSET if column._typecode == "Q" else 0
            case columns.BitColumn():
                self.kind = Kind.BOOL
            case columns.StructColumn():
                self.kind = Kind.BYTES
                self._struct = Struct(column._spec)
            case columns.ListColumn() | columns.PickleColumn():
                self.kind = Kind.BYTES
            case (
                columns.VarBytesColumn()
                | columns.FixedBytesColumn()
                | columns.RefBytesColumn()
                | columns.CompressedBytesColumn()
                | columns.CompressedBlockColumn()
            ):
                self.kind = Kind.BYTES
            case _:
                raise TypeError(f"field {name!r}: {type(column).__name__} is no column of Whoosh")
        self._record = isinstance(column, columns.ListColumn | columns.PickleColumn)

    def encode(self, value: Any) -> Any:
        """What the engine keeps of ``value``."""
        if self._clamp:
            value = min(max(value, self._clamp[0]), self._clamp[1])
        if self._struct:
            return self._struct.pack(*value)
        if self._record:
            return encode_values({"": value})
        match self.kind:
            case Kind.BOOL:
                return bool(value)
            case Kind.FLOAT:
                return float(value)
            case Kind.INT:
                return value - self._offset
        if not isinstance(value, bytes):
            raise TypeError(f"a column of bytes takes no {type(value).__name__}: {value!r}")
        return value

    def decode(self, value: Any) -> Any:
        """What was given to :meth:`encode`."""
        if self._struct:
            return self._struct.unpack(value)
        if self._record:
            return decode_values(value)[""]
        return value + self._offset if self._offset else value

    def default(self) -> Any:
        """What a document without a value has."""
        if self._record:
            return [] if isinstance(self.column, columns.ListColumn) else None
        return self.column.default_value()


def _range(typecode: str) -> tuple[int, int]:
    bits = 8 * Struct("!" + typecode).size
    return (0, (1 << bits) - 1) if typecode.isupper() else (-(1 << bits - 1), (1 << bits - 1) - 1)


class ColumnReader(columns.ColumnReader):
    """Whoosh's view of a column of a snapshot; ``value`` gives the engine's value of a docnum."""

    def __init__(self, codec: ColumnCodec, value: Any, documents: int) -> None:
        self._codec = codec
        self._value = value
        self._documents = documents
        self._reverse = False
        self._default = codec.default()

    def __len__(self) -> int:
        return self._documents

    def __getitem__(self, docnum: int) -> Any:
        value = self._value(docnum)
        return self._default if value is None else self._codec.decode(value)

    def __iter__(self) -> Iterator[Any]:
        return (self[docnum] for docnum in range(self._documents))

    def sort_key(self, docnum: int) -> Any:
        key = self[docnum]
        if isinstance(self._codec.column, columns.ListColumn):
            return key[0] if key else b""
        if self._codec.kind is Kind.BOOL:
            return int(key ^ self._reverse)
        return 0 - key if self._reverse else key

    def load(self) -> Any:
        return self

    def set_reverse(self) -> None:
        if not self._codec.column.reversible:
            raise NotImplementedError
        self._reverse = True
