"""What does a source say of itself, in names and values?

Rows and front matter alike are mappings in which some names have a meaning (a title, an author, a
date), each source calling them as it likes, and all others are fields of the document.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from searchkit.document import Scalar, Value
from searchkit.metadata import field_name
from searchkit.metadata import fields as metadata
from searchkit.metadata.moments import iso_moment
from searchkit.readers.titles import one_line

_MOST_VALUES = 10_000
_DEEPEST = 12
_LONGEST_WORD_CHARS = 1_000
_UNCLEAN = re.compile("[\ud800-\udfff\0\r]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CODE = re.compile(r"(?=\D*\d)[0-9a-fA-F-]{16,}+")
_NAME = re.compile(r"\w[\w.-]*+(?: [\w.-]++)*+")
_INTEGERS = range(-(1 << 63), 1 << 63)

ROLES = {
    "text": "text body content contents fulltext articlebody article passage abstract".split(),
    # These hold the text of some rows, and a few words beside it in others.
    "perhaps text": (
        "selftext description longdescription productdescription message summary comment note "
        "notes excerpt document review reviewtext reviewbody answer context transcript "
        "details source"
    ).split(),
    "title": (
        "title headline name fullname displayname subject heading caption question label"
    ).split(),
    "key": (
        "id key docid documentid issuekey uuid guid pid sku isbn doi url uri link permalink slug "
        "path"
    ).split(),
    "published": (
        "date published publishedat publishdate pubdate datepublished publicationdate "
        "dateposted posted created createdat datecreated timestamp createdutc time"
    ).split(),
    "authors": (
        "author authors author.name authors.name creator creators byline by writer".split()
    ),
    "tags": (
        "tags tag keywords keyword categories category topics labels taxonomies.tags "
        "taxonomies.categories tags.name labels.name categories.name topics.name"
    ).split(),
    "language": "lang language locale".split(),
}
"""What the names of fields mean: lower case, without blanks, hyphens and underscores; the likelier
ones first."""

Roles = Mapping[str, tuple[str, ...]]
"""The names of a source's fields by their role."""

_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")
_BETWEEN_WORDS = re.compile(r"[\s_-]")
_BETWEEN_TAGS = re.compile(r"\s*[,;|]\s*")


def clean(text: str) -> str:
    """``text`` with line feeds as its only line ends, no NUL and no lone surrogate."""
    if _UNCLEAN.search(text) is None:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return _LONE_SURROGATE.sub("\ufffd", text)


def is_for_machines(text: str) -> bool:
    """Whether it is one long word of ASCII: a picture or a key, which is text to nobody."""
    return len(text) > _LONGEST_WORD_CHARS and text.isascii() and len(text.split(None, 1)) == 1


def is_code(text: str) -> bool:
    """Whether it is a UUID, a hash or the like."""
    return _CODE.fullmatch(text) is not None


def flattened(mapping: Mapping[object, object]) -> dict[str, Value]:
    """The fields of a mapping: nested ones by names with dots, lists as lists of plain values; what
    lies in it under codes, which name nothing, is as a list of it.

    What is no text for people, number, boolean or date is left out, and so is what lies deeper than
    any person would write it, or comes after the 10,000th value.
    """
    plain: dict[str, Value] = {}
    for name, value in mapping.items():
        # Most rows hold nothing else.
        if type(name) is str and _NAME.fullmatch(name) and type(value) in (str, int):
            scalar = _scalar(value)
            if scalar is not None:
                plain[name] = scalar
        elif value is not None:
            break
    else:
        return plain
    gathered: dict[str, list[Scalar]] = {}
    several: set[str] = set()
    _gather(mapping, "", _DEEPEST, gathered, several, [_MOST_VALUES])
    return {
        name: values if name in several else values[0]
        for name, values in gathered.items()
        if values
    }


def _gather(
    value: object,
    name: str,
    depth: int,
    gathered: dict[str, list[Scalar]],
    several: set[str],
    left: list[int],
) -> None:
    left[0] -= 1
    if left[0] < 0 or depth < 0:
        return
    if isinstance(value, Mapping):
        for inner, item in value.items():
            part = one_line(clean(str(inner)))
            if part:
                below = name if name and is_code(part) else f"{name}.{part}" if name else part
                _gather(item, below, depth - 1, gathered, several, left)
    elif isinstance(value, list | tuple | set):
        several.add(name)
        for item in value:
            _gather(item, name, depth - 1, gathered, several, left)
    else:
        scalar = _scalar(value)
        if scalar is not None and name:
            gathered.setdefault(name, []).append(scalar)
            if len(gathered[name]) > 1:
                several.add(name)


def _scalar(value: object) -> Scalar | None:
    if isinstance(value, str):
        return None if is_for_machines(value) else clean(value)
    if isinstance(value, int):
        # Columns hold 64 bits.
        return value if value in _INTEGERS else f"{value:x}" if abs(value) >> 8192 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date | time):
        return value.isoformat()
    return None


@dataclass(frozen=True, slots=True)
class Described:
    """What the names that have a meaning say, and all others as they are, in ``fields``."""

    authors: tuple[str, ...]
    published: str
    language: str
    tags: tuple[str, ...]
    fields: dict[str, Value]


def described(values: dict[str, Value]) -> Described:
    """What ``values``, which are ``flattened``, say. A value that is not what its name promises
    (a date that is none) stays among the fields, and so does one by whose name a configuration may
    want it searched: all but those of searchkit's own fields.
    """
    fields = {name: value for name, value in values.items() if value != ""}
    roles = names_by_role(tuple(values))
    published = language = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    for name in roles["published"]:
        if published := iso_moment(values[name]):
            _take(fields, name)
            break
    for name in roles["language"]:
        value = values[name]
        if isinstance(value, str) and _LANGUAGE.fullmatch(value) and value.lower() != "und":
            language = value.replace("_", "-")
            _take(fields, name)
            break
    for name in roles["authors"]:
        if authors := _several(values[name], ";"):
            _take(fields, name)
            # Of a list some may be names and others objects that have one.
            named = _several(values.get(f"{name}.name", ""), ";")
            authors = tuple(dict.fromkeys((*authors, *named)))
            break
    for name in roles["tags"]:
        if found := _tags(values[name]):
            tags = tuple(dict.fromkeys((*tags, *found)))
            _take(fields, name)
    return Described(authors, published, language, tags, fields)


def _take(fields: dict[str, Value], name: str) -> None:
    if is_own(name):
        del fields[name]


@lru_cache(maxsize=1024)
def is_own(name: str) -> bool:
    """Whether searchkit has a field by that name of a document's."""
    return metadata.is_own(field_name(name))


@lru_cache(maxsize=256)
def names_by_role(names: tuple[str, ...]) -> Roles:
    """For each of ``ROLES`` those of ``names`` that have it, the likelier first."""
    plain = [(bare(name), name) for name in names]
    return {
        role: tuple(name for known in meant for one, name in plain if one == known)
        for role, meant in ROLES.items()
    }


def bare(name: str) -> str:
    """The name of a field as ``ROLES`` has it."""
    return _BETWEEN_WORDS.sub("", name).lower()


def title_name(values: Mapping[str, Value]) -> str:
    """The name of the field that is the title, or ""."""
    for name in names_by_role(tuple(values))["title"]:
        if one_line(words(values.get(name, ""))):
            return name
    return ""


def words(value: Value) -> str:
    """A value as text: a list's items as paragraphs, or joined where they are parts of one text;
    "" for what is no text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        texts = [item for item in value if isinstance(item, str)]
        if texts and len(texts) < len(value):
            # Numbers among words are words.
            texts = [str(item) for item in value if not isinstance(item, bool)]
        return ("" if are_parts(texts) else "\n\n").join(texts)
    return ""


def are_parts(values: Sequence[Scalar]) -> bool:
    """Whether they are the lines or other parts of one text: some begin or end with white space."""
    return any(isinstance(one, str) and one != one.strip() for one in values)


def _several(value: Value, separator: str) -> tuple[str, ...]:
    parts: Iterable[Scalar] = (
        value.split(separator)
        if isinstance(value, str)
        else (value if isinstance(value, list) else ())
    )
    lines = (one_line(part) for part in parts if isinstance(part, str))
    return tuple(dict.fromkeys(line for line in lines if line))


def _tags(value: Value) -> tuple[str, ...]:
    if isinstance(value, str):
        if value.startswith("<") and value.endswith(">"):
            # <like><this> is how Stack Exchange has them.
            value = value[1:-1].replace("><", ",")
        parts = _BETWEEN_TAGS.split(value)
        # Tags with hashes or alone are parted by blanks; "machine learning" is one tag.
        if len(parts) == 1 and value.lstrip().startswith("#"):
            parts = value.split()
        return _several([part.lstrip("#") for part in parts], "")
    if isinstance(value, list):
        return _several([str(item) for item in value], "")
    return ()
