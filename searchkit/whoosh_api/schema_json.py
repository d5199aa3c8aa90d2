"""How is a Whoosh schema kept without a pickle?

    {"fields": {name: OBJECT, ...}, "dynamic": {name: OBJECT, ...},
     "subfields": {name: [name, ...], ...}}

As JSON. An OBJECT is a field type, an analyzer, a format or a column: the path of its class, which
must be one of Whoosh's own modules (or a class that the application has made known by
:func:`register`), and its state. What JSON has no word for is an object with one member:

    {"object": [path, STATE]}           an instance; STATE is an object of its attributes
    {"named": path}                     a class or function: whoosh.lang.porter.stem
    {"tuple" | "set" | "frozenset": [...]}   {"map": [[key, value], ...]}
    {"regex": [pattern, flags]}   {"bytes": hex}   {"float": "nan" | "inf" | "-inf"}

Reading makes the instances without calling their constructors and gives them their attributes. It
imports nothing that is not on the list, and runs nothing that an index could choose beyond what
Whoosh's own classes do to take up a state.
"""

from __future__ import annotations

import fnmatch
import importlib
import math
import re
from decimal import Decimal
from typing import Any

from whoosh.fields import FieldConfigurationError, FieldType, Schema

MODULES = (
    "whoosh.fields",
    "whoosh.formats",
    "whoosh.columns",
    "whoosh.analysis.acore",
    "whoosh.analysis.analyzers",
    "whoosh.analysis.filters",
    "whoosh.analysis.intraword",
    "whoosh.analysis.morph",
    "whoosh.analysis.ngrams",
    "whoosh.analysis.tokenizers",
)
"""Where a class may come from whose instances are kept."""

FUNCTIONS = (
    "whoosh.lang.porter.stem",
    "whoosh.lang.porter2.stem",
    "whoosh.lang.lovins.stem",
    "whoosh.lang.paicehusk.stem",
    "whoosh.lang.dmetaphone.double_metaphone",
)
"""Functions that a filter may be made of."""

_PLAIN: dict[str, Any] = {
    "builtins.int": int,
    "builtins.float": float,
    "builtins.str": str,
    "builtins.bool": bool,
    "decimal.Decimal": Decimal,
}
_MADE_KNOWN: dict[str, Any] = {}
_MAX_DEPTH = 64


def register(named: Any) -> Any:
    """Make an application's class or function known, so that schemas may use it.

    It must be made known before the index is opened, too; the index keeps only its name. Gives
    ``named`` back, so that it can stand above a class as a decorator.
    """
    _MADE_KNOWN[_path(named)] = named
    return named


def encode_schema(schema: Schema) -> dict[str, object]:
    """``schema`` as plain JSON values.

    Raises ``FieldConfigurationError``, naming the field, for what cannot be kept as data.
    """
    return {
        "fields": {name: _encode_field(name, one) for name, one in schema._fields.items()},
        "dynamic": {
            name: _encode_field(name, one) for name, (_, one) in schema._dyn_fields.items()
        },
        "subfields": {name: list(names) for name, names in schema._subfields.items()},
    }


def decode_schema(value: Any) -> Schema:
    """What :func:`encode_schema` gave. Raises ``ValueError`` for anything else."""
    try:
        schema = Schema()
        for name, one in value["fields"].items():
            schema._fields[name] = _decode_field(one)
        for name, one in value["dynamic"].items():
            pattern = re.compile(fnmatch.translate(name))
            schema._dyn_fields[name] = (pattern, _decode_field(one))
        for name, names in value["subfields"].items():
            schema._subfields[name] = [str(one) for one in names]
        return schema
    except Exception as error:
        # Whoosh's classes raise what they like when they take up a state that is none of theirs.
        raise ValueError(f"no Whoosh schema: {error!r}") from error


def _encode_field(name: str, field: FieldType) -> object:
    try:
        return _encode(field)
    except TypeError as error:
        raise FieldConfigurationError(
            f"field {name!r} cannot be kept in the index: {error}; use Whoosh's own classes, or "
            "make yours known with searchkit.whoosh_api.register"
        ) from None


def _decode_field(value: object) -> FieldType:
    field = _decode(value)
    if not isinstance(field, FieldType):
        raise TypeError(f"{field!r} is not a field type")
    return field


def _path(named: Any) -> str:
    return f"{named.__module__}.{named.__qualname__}"


def _known(path: str) -> Any:
    """The class or function at ``path``, or None if it is not on the list."""
    if path in _MADE_KNOWN:
        return _MADE_KNOWN[path]
    if path in _PLAIN:
        return _PLAIN[path]
    module, _, name = path.rpartition(".")
    if path in FUNCTIONS:
        return getattr(importlib.import_module(module), name)
    if module in MODULES:
        found = getattr(importlib.import_module(module), name, None)
        if isinstance(found, type) and found.__module__ == module:
            return found
    return None


def _encode(value: Any, depth: int = 0) -> object:
    if depth > _MAX_DEPTH:
        raise TypeError("its parts lie too deep in each other, or in themselves")
    deeper = depth + 1
    match value:
        case None | bool() | int() | str() if type(value) in (type(None), bool, int, str):
            return value
        case float() if type(value) is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        case bytes():
            return {"bytes": value.hex()}
        case list():
            return [_encode(one, deeper) for one in value]
        case tuple():
            return {"tuple": [_encode(one, deeper) for one in value]}
        case set() | frozenset():
            return {type(value).__name__: sorted((_encode(one, deeper) for one in value), key=repr)}
        case dict():
            return {
                "map": [[_encode(k, deeper), _encode(v, deeper)] for k, v in value.items()],
            }
        case re.Pattern():
            return {"regex": [value.pattern, value.flags]}
    if isinstance(value, type) or callable(getattr(value, "__get__", None)):
        if _known(getattr(value, "__module__", "") + "." + getattr(value, "__qualname__", "")):
            return {"named": _path(value)}
        raise TypeError(f"{value!r} is no class or function of Whoosh")
    path = _path(type(value))
    if _known(path) is not type(value):
        raise TypeError(f"{path} is no class of Whoosh")
    return {"object": [path, _encode(_state(value), deeper)]}


def _state(value: Any) -> dict[str, object]:
    if type(value).__getstate__ is not getattr(object, "__getstate__", None):
        state = value.__getstate__()
    else:
        state = vars(value)
    if not isinstance(state, dict):
        raise TypeError(f"the state of a {type(value).__name__} is not made of attributes")
    return state


def _decode(value: Any, depth: int = 0) -> Any:
    if depth > _MAX_DEPTH:
        raise TypeError("too deep")
    deeper = depth + 1
    if isinstance(value, list):
        return [_decode(one, deeper) for one in value]
    if not isinstance(value, dict):
        return value
    ((tag, said),) = value.items() if len(value) == 1 else [("", None)]
    match tag:
        case "object":
            path, state = said
            return _instance(path, _decode(state, deeper))
        case "named":
            found = _known(said)
            if found is None:
                raise TypeError(f"{said} is not known; see searchkit.whoosh_api.register")
            return found
        case "tuple":
            return tuple(_decode(one, deeper) for one in said)
        case "set" | "frozenset":
            made = {_decode(one, deeper) for one in said}
            return made if tag == "set" else frozenset(made)
        case "map":
            return {_decode(key, deeper): _decode(one, deeper) for key, one in said}
        case "regex":
            pattern, flags = said
            return re.compile(_decode(pattern), flags)
        case "bytes":
            return bytes.fromhex(said)
        case "float":
            return float(said)
    raise TypeError(f"an object with the members {sorted(value)}")


def _instance(path: str, state: dict[str, object]) -> Any:
    cls = _known(path)
    if not isinstance(cls, type) or path in _PLAIN:
        raise TypeError(f"{path} is not known; see searchkit.whoosh_api.register")
    if not isinstance(state, dict) or not all(isinstance(name, str) for name in state):
        raise TypeError(f"the state of a {path} is not made of attributes")
    made = cls.__new__(cls)
    if hasattr(cls, "__setstate__"):
        made.__setstate__(state)
    else:
        made.__dict__.update(state)
    return made
