"""How do a document's stored values become bytes?

A record is text (UTF-8, lone surrogates as their three bytes): one JSON array, first the names in
the order of the dict, then their values; after it the long strings, as they are, since quoting one
costs thirty times its encoding.

    [["key","ordinal","headings","modified"],"a.md",3,{"tuple":["Install","Linux"]},1.5]

JSON's strings, numbers, true, false, null and arrays are str, int, float, bool, None and list.
Whatever JSON cannot tell apart is an object with one member, a tag and what it says; objects have
no other use, so that no stored dict can look like a tag:

    raw               code points     a string of the dict itself that stands after the array
    tuple             [value, ...]
    dict              [[name, ...], value, ...]
    int               "-1f"           hexadecimal, outside 64 bits: reading decimals is quadratic
    float             "nan" | "inf" | "-inf"
    bytes             "aGk="          base64
    datetime, time    ["2024-02-29T12:00:00", fold, offset from UTC in microseconds | null]
    date              "2024-02-29"
    timedelta         [days, seconds, microseconds]
    decimal           "1.50"

JSON, because the scanner of the standard library is C: a record is one call, and only tags come
back to Python. Names stand together because records share them: they are quoted once. An aware
datetime keeps its offset, not the name of its zone.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as _quote
from math import isfinite
from types import NoneType
from typing import Any, NoReturn

from searchkit.codec import CorruptError

MAX_DEPTH = 64
"""How deep lists, tuples and dicts may stand in each other."""

_LONG = 64
"""Code points; longer strings of a record stand after its array."""

_STR = frozenset((str,))
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def encode_values(values: Mapping[str, object]) -> bytes:
    """The record of ``values``: None, bool, int, float, str, bytes, list, tuple, dict with str
    keys, datetime, date, time, timedelta and Decimal, in any nesting up to ``MAX_DEPTH``.

    Types are exact, since a subclass would not come back as itself. Raises ``TypeError`` for
    another type and ``ValueError`` for deeper nesting; both name the field.
    """
    # Nearly all values are str or small int, which are spared two calls.
    long: list[str] = []
    parts = [""]
    for name, value in values.items():
        if type(name) is not str:
            raise TypeError(f"the names of fields must be str: {list(values)!r}")
        if type(value) is str:
            if len(value) > _LONG:
                long.append(value)
                parts.append(f'{{"raw":{len(value)}}}')
            else:
                parts.append(_quote(value))
        elif type(value) is int and _SMALLEST <= value <= _LARGEST:
            parts.append(repr(value))
        else:
            parts.append(_encode(value, name, 0))
    parts[0] = _names_of_record(tuple(values))
    return f"[{','.join(parts)}]{''.join(long)}".encode("utf-8", "surrogatepass")


def decode_values(record: bytes | memoryview) -> dict[str, Any]:
    """The values whose record this is. Raises ``CorruptError`` for bytes that are no record."""
    try:
        text = str(record, "utf-8", "surrogatepass")
        members, end = _DECODER.raw_decode(text)
        if type(members) is not list:
            raise ValueError("not an array")
        # Quotes inside strings are escaped, so that this finds tags only.
        long = text.count('{"raw":', 0, end)
        values = _pair(members)
        if long:
            for name, value in values.items():
                if type(value) is _Raw:
                    values[name] = text[end : end + value]
                    end += value
                    long -= 1
        if long or end != len(text):
            raise ValueError("long strings that are not there")
        return values
    except _DAMAGE as error:
        raise CorruptError(f"a record of stored values cannot be read: {error}") from error


def _names(names: Iterable[str]) -> str:
    return f"[{','.join(map(_quote, names))}]"


_names_of_record = lru_cache(256)(_names)
"""Records have the names of a schema; those of a dict inside may be anything, and many."""


def _encode(value: object, field: str, depth: int) -> str:
    encoder = _ENCODERS.get(type(value))
    if encoder is None:
        kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
        raise TypeError(f"field {field!r}: a value of type {kind} cannot be stored")
    return encoder(value, field, depth)


def _int(value: int, field: str, depth: int) -> str:
    return repr(value) if _SMALLEST <= value <= _LARGEST else f'{{"int":"{value:x}"}}'


def _float(value: float, field: str, depth: int) -> str:
    return repr(value) if isfinite(value) else f'{{"float":"{value!r}"}}'


def _list(value: list[object] | tuple[object, ...], field: str, depth: int) -> str:
    if depth >= MAX_DEPTH:
        raise ValueError(f"field {field!r}: nested deeper than {MAX_DEPTH} levels")
    parts = [
        _quote(item) if type(item) is str else _encode(item, field, depth + 1) for item in value
    ]
    return f"[{','.join(parts)}]"


def _tuple(value: tuple[object, ...], field: str, depth: int) -> str:
    return f'{{"tuple":{_list(value, field, depth)}}}'


def _dict(value: dict[str, object], field: str, depth: int) -> str:
    if not _STR.issuperset(map(type, value)):
        raise TypeError(f"field {field!r}: the keys of a stored dict must be str")
    values = _list(tuple(value.values()), field, depth)[1:]
    comma = "," if value else ""
    return f'{{"dict":[{_names(value)}{comma}{values}}}'


def _bytes(value: bytes, field: str, depth: int) -> str:
    return f'{{"bytes":"{binascii.b2a_base64(value, newline=False).decode("ascii")}"}}'


def _datetime(value: datetime | time, field: str, depth: int) -> str:
    offset = value.utcoffset()
    if value.tzinfo is not None and offset is None:
        raise ValueError(f"field {field!r}: the zone of {value!r} gives it no offset from UTC")
    # Beside the time, not in it: fromisoformat loses offsets below a second (CPython 3.11).
    shift = "null" if offset is None else offset // timedelta(microseconds=1)
    local = value.replace(tzinfo=None).isoformat()
    return f'{{"{type(value).__name__}":["{local}",{value.fold},{shift}]}}'


def _timedelta(value: timedelta, field: str, depth: int) -> str:
    return f'{{"timedelta":[{value.days},{value.seconds},{value.microseconds}]}}'


_ENCODERS: dict[type, Callable[[Any, str, int], str]] = {
    type(None): lambda value, field, depth: "null",
    bool: lambda value, field, depth: "true" if value else "false",
    str: lambda value, field, depth: _quote(value),
    int: _int,
    float: _float,
    list: _list,
    tuple: _tuple,
    dict: _dict,
    bytes: _bytes,
    datetime: _datetime,
    time: _datetime,
    date: lambda value, field, depth: f'{{"date":"{value.isoformat()}"}}',
    timedelta: _timedelta,
    Decimal: lambda value, field, depth: f'{{"decimal":"{value}"}}',
}


def _pair(members: list[Any]) -> dict[str, Any]:
    names = members.pop(0)
    if type(names) is not list or not _STR.issuperset(map(type, names)):
        raise TypeError("names that are not strings")
    values = dict(zip(names, members, strict=True))
    if len(values) != len(names):
        raise ValueError("a name repeated")
    return values


def _at(parse: Callable[[str], datetime | time], said: list[Any]) -> datetime | time:
    text, fold, shift = said
    value = parse(text)
    if value.tzinfo is not None or type(fold) is not int or type(shift) not in (int, NoneType):
        raise TypeError("a time of other than a text and numbers")
    zone = None if shift is None else timezone(timedelta(microseconds=shift))
    return value.replace(tzinfo=zone, fold=fold)


def _days(numbers: list[Any]) -> timedelta:
    days, seconds, microseconds = numbers
    if not {int}.issuperset(map(type, numbers)):
        raise TypeError("a timedelta of other than integers")
    return timedelta(days, seconds, microseconds)


class _Raw(int):
    """How many code points of the text after the array a value takes."""


def _raw(count: int) -> _Raw:
    if count < 0:
        raise ValueError("a string of less than nothing")
    return _Raw(count)


_TAGS: dict[str, tuple[type, Callable[[Any], object]]] = {
    "raw": (int, _raw),
    "tuple": (list, tuple),
    "dict": (list, _pair),
    "int": (str, lambda digits: int(digits, 16)),
    "float": (str, float),
    "bytes": (str, lambda text: binascii.a2b_base64(text, strict_mode=True)),
    "datetime": (list, lambda said: _at(datetime.fromisoformat, said)),
    "time": (list, lambda said: _at(time.fromisoformat, said)),
    "date": (str, date.fromisoformat),
    "timedelta": (list, _days),
    "decimal": (str, Decimal),
}
"""For each tag the type of what it says, and what makes the value of that."""


def _untag(members: list[tuple[str, Any]]) -> object:
    [(tag, said)] = members
    kind, make = _TAGS[tag]
    if type(said) is not kind:
        raise TypeError(f"a {tag} of the wrong kind")
    return make(said)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_untag, parse_constant=_refuse)

_DAMAGE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""What damaged bytes cause: ArithmeticError is OverflowError and what Decimal raises."""
