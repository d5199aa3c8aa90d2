"""What do the objects of a JSON file say?

JSON Lines, arrays of objects, objects whose one array of objects is most of them, and objects of
objects that are alike: a document an object. Any other JSON is one document of its strings.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from searchkit.document import Block, BlockKind, Document, Value
from searchkit.readers.contract import Source
from searchkit.readers.decode import decode_text
from searchkit.readers.fields import (
    clean,
    described,
    flattened,
    is_for_machines,
    title_name,
    words,
)
from searchkit.readers.row_fields import Row
from searchkit.readers.rows import Located, Rows
from searchkit.readers.titles import one_line, title_from_key

_SPACE = re.compile(r"[ \t\n\r\ufeff\x1e]*+")
# Closed or not, so that each character is looked at once.
_TOKEN = re.compile(
    r'"(?P<string>(?:[^"\\\n]++|\\.)*+)(?:"(?P<colon>\s*+:)?)?|(?P<number>-?\d[\w.+-]*+)'
)

# Fewer objects side by side are the parts of a configuration.
_FEWEST_ALIKE = 3

_NO_OBJECT = "not a JSON object"


class _Decoder(json.JSONDecoder):
    """Reads numbers of more digits than Python makes integers of, as text."""

    def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
        try:
            return super().raw_decode(s, idx)
        except json.JSONDecodeError:
            raise
        except ValueError:
            return _OF_LONG_NUMBERS.raw_decode(s, idx)


def _integer(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        return digits


_DECODER = _Decoder(parse_constant=lambda _: None)
# Apart, since a function for each integer takes time.
_OF_LONG_NUMBERS = json.JSONDecoder(parse_constant=lambda _: None, parse_int=_integer)


def read_jsonl(source: Source) -> Iterator[Document]:
    """A document for each line that is an object; raises ``UnreadableError`` where none is."""
    data = source.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = decode_text(data).encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data[:64].partition(b"\n")[0].strip() in (b"[", b"{"):
        # What is laid out over lines is no JSON Lines, whatever it is called.
        yield from read_json(source)
        return
    rows = Rows(source, "application/jsonl")
    yield from rows.documents(_of_lines(rows, data))


def _of_lines(rows: Rows, data: bytes) -> Iterator[Located]:
    for number, line in enumerate(BytesIO(data), 1):
        if line.isspace():
            continue
        try:
            value = _DECODER.decode(_line_text(line))
        except (ValueError, RecursionError) as error:
            rows.fail(number, _reason(error))
            continue
        row = _row(value)
        if row is None:
            rows.fail(number, _NO_OBJECT)
        else:
            yield row, number, number


def read_json(source: Source) -> Iterator[Document]:
    """A document for each object of the array, or one for the file."""
    text = decode_text(source.data)
    found = _rows(text)
    if found is None:
        yield _whole(source, text)
        return
    rows = Rows(source, "application/json")
    yield from rows.documents(_of_array(rows, text, found))


def _of_array(rows: Rows, text: str, found: Iterator[tuple[object, int]]) -> Iterator[Located]:
    line, counted = 1, 0
    for number, (value, start) in enumerate(found, 1):
        line += text.count("\n", counted, start)
        counted = start
        if isinstance(value, _Broken):
            rows.fail(line, f"{value.reason}; what follows is not read")
            continue
        row = _row(value)
        if row is None:
            rows.fail(line, _NO_OBJECT)
        else:
            yield row, line, number


def _row(value: object) -> Row | None:
    """The fields of what stands in the place of a row; None where it has none."""
    if isinstance(value, str):
        value = {"text": value}
    elif isinstance(value, list):
        value = {f"column {at}": item for at, item in enumerate(value, 1)}
    return flattened(_unwrapped(value)) if isinstance(value, dict) else None


def _unwrapped(row: dict[object, object]) -> dict[object, object]:
    """A row without the envelope that a feature of GeoJSON (RFC 7946) or a document of an
    Elasticsearch dump comes in, which is the same for all.
    """
    if row.get("type") == "Feature":
        inside, envelope = "properties", {"type", "properties"}
    elif "_index" in row:
        inside, envelope = "_source", {"_index", "_type", "_score", "_source"}
    else:
        return row
    inner = row.get(inside)
    if not isinstance(inner, dict):
        return row
    return {**inner, **{name: value for name, value in row.items() if name not in envelope}}


def _line_text(line: bytes) -> str:
    try:
        return line.decode().strip()
    except UnicodeDecodeError:
        return decode_text(line).strip()


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        said = error.msg.removesuffix(" starting at")
        return f"not JSON ({said[0].lower()}{said[1:]}, column {error.colno:,})"
    if isinstance(error, RecursionError):
        return "JSON that is nested too deep"
    return f"not JSON ({one_line(str(error))})"


class _Broken:
    """Stands for a value that cannot be read."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _values(text: str, at: int) -> Iterator[tuple[object, int]]:
    """The values from ``at`` to the end of their array, or of the text, and where each begins.

    Nothing tells where the next would begin after a broken one, so that is the last.
    """
    at = _skip(text, at)
    while at < len(text) and text[at] != "]":
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield _Broken(_reason(error).partition(", column")[0].rstrip(")") + ")"), at
            return
        yield value, at
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _rows(text: str) -> Iterator[tuple[object, int]] | None:
    """The objects that are documents of their own, each with where it stands; None where there are
    none.
    """
    start = _skip(text, 0)
    if text[start : start + 1] == "[":
        first = _skip(text, start + 1)
        return _values(text, first) if text[first : first + 1] == "{" else None
    if text[start : start + 1] != "{":
        return None
    arrays: list[tuple[int, int]] = []
    shapes: Counter[tuple[str, ...]] = Counter()
    count = 0
    at = start + 1
    try:
        for _, value, at, end in _members(text, start + 1):
            count += 1
            if isinstance(value, dict):
                shapes[tuple(value)] += 1
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                arrays.append((at, end - at))
            at = end
    except (ValueError, RecursionError):
        return None
    at = _skip(text, at)
    following = _skip(text, at + 1)
    if text[at : at + 1] == "}" and text[following : following + 1] == "{":
        # Objects one after the other, as JSON Lines but laid out.
        return _values(text, start)
    if len(arrays) == 1 and 2 * arrays[0][1] > len(text):
        return _values(text, _skip(text, arrays[0][0] + 1))
    if count == shapes.total() >= _FEWEST_ALIKE and 2 * max(shapes.values()) >= count:
        # Objects of one shape by their names.
        return (
            ({"id": name, **value}, at)
            for name, value, at, _ in _members(text, start + 1)
            if isinstance(value, dict)
        )
    return None


def _members(text: str, at: int) -> Iterator[tuple[str, object, int, int]]:
    """The names and values of the object whose first name is at ``at``, and where each value begins
    and ends. Raises ``ValueError`` and ``RecursionError`` where it is broken.
    """
    at = _skip(text, at)
    while text[at : at + 1] == '"':
        name, at = _DECODER.raw_decode(text, at)
        start = _skip(text, _skip(text, at) + 1)
        value, at = _DECODER.raw_decode(text, start)
        yield name, value, start, at
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)


def _whole(source: Source, text: str) -> Document:
    """The strings and named numbers of any JSON, or of what nearly is, a line each."""
    parts: list[str] = []
    blocks: list[Block] = []
    lines: list[tuple[int, int]] = []
    line, counted = 1, 0
    at = 0
    name = ""
    for token in _TOKEN.finditer(text):
        string = token["string"]
        if string is not None:
            string = _unescaped(string)
            if token["colon"]:
                name = one_line(string)
                continue
            shown = string.strip()
        else:
            shown = token["number"] if name else ""
        if not shown or is_for_machines(shown):
            name = ""
            continue
        shown = f"{name}: {shown}" if name else shown
        name = ""
        line += text.count("\n", counted, token.start())
        counted = token.start()
        parts.append(shown)
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(shown)))
        lines.append((at, line))
        at += len(shown) + 1
    values = _fields(text)
    titled = title_name(values)
    title = one_line(words(values.pop(titled, "")))
    about = described(values)
    return Document(
        key=source.key,
        title=title or title_from_key(source.key),
        text="\n".join(parts),
        blocks=tuple(blocks),
        lines=tuple(lines) or ((0, 1),),
        modified=source.modified,
        media_type="application/json",
        authors=about.authors,
        published=about.published,
        language=about.language,
        tags=about.tags,
        fields=about.fields,
    )


def _unescaped(string: str) -> str:
    if "\\" in string:
        try:
            string = _DECODER.decode(f'"{string}"')
        except ValueError:
            string = string.replace("\\", " ")
    return clean(string)


def _fields(text: str) -> dict[str, Value]:
    try:
        value = _DECODER.decode(text.strip("\ufeff \t\n"))
    except (ValueError, RecursionError):
        return {}
    return flattened(value) if isinstance(value, dict) else {}
