"""What does a file say of itself before its text begins?

Front matter: YAML between lines ``---``, or TOML between lines ``+++``, at the top of a text file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from searchkit.document import Block, BlockKind, Value
from searchkit.readers.fields import Described, described, flattened, title_name, words
from searchkit.readers.lines import ITEM, Line
from searchkit.readers.titles import one_line

# What people write there are lines; a file of data is none of it.
_LONGEST_CHARS = 1 << 16
_ENTRY = re.compile(r"([\w.-]+|\"[^\"\n]+\")[ \t]*[:=](?:[ \t]+|$)")
_FRONT_TITLE = re.compile(r"title[ \t]*[:=][ \t]*(.*)", re.I)
# What people are told there, beside the title: it shall be found.
_ABOUT = "description summary abstract subtitle excerpt lead".split()
_LABELS = "tags tag keywords categories category topics".split()
_NAMES = {"title", "date", "author", "authors", *_ABOUT, *_LABELS}
# Zola has its tags and categories below this.
_TAXONOMIES = "taxonomies"
_TABLE = re.compile(r"\[([\w.-]+)\]")
_ANCHOR = re.compile(r"&\w")
_MOST_ENTRIES = 1000
_TAG = re.compile(r"[ \t]*+(?:\"[^\"]*\"|'[^']*'|[^,;|\[\]]+)")
_COMMENT = re.compile(r"(?:^|[ \t])#(?:[ \t]|$)")
_BLOCK_STYLE = re.compile(r"[|>][+-]?\d?[ \t]*$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What front matter says: ``lines`` are how many lines it takes, with those that part it from
    the text; 0 if there is none. ``blocks`` are what of it people are told: descriptions and tags.
    """

    lines: int
    title: str
    about: Described
    blocks: tuple[Block, ...] = ()


_NONE = FrontMatter(0, "", described({}))


def front_matter(lines: list[Line]) -> FrontMatter:
    """The front matter at the top of a file. One that is broken gives its title all the same."""
    mark = lines[0].text.rstrip()
    if mark not in ("---", "+++"):
        return _NONE
    end = _end(lines, mark) or _end_of_unclosed(lines)
    if not end:
        return _NONE
    inner = lines[1:end]
    text = "\n".join(line.text for line in inner)
    values: dict[str, Value] = {}
    if len(text) <= _LONGEST_CHARS:
        load = _toml if mark == "+++" else _yaml
        loaded = _loaded(load, text)
        # What cannot be read as a whole is read entry by entry, as people mean it.
        values = flattened(_by_entry(load, inner) if loaded is None else loaded)
    name = title_name(values)
    title = one_line(words(values.pop(name, ""))) if name else _plain_title(inner)
    return FrontMatter(end + 1, title, described(values), tuple(_saying(inner)))


def _end(lines: list[Line], mark: str) -> int:
    """The line that ends front matter, or 0: a blank line or prose below the first line means that
    it was a thematic break.
    """
    for at, line in enumerate(lines[1:], 1):
        text = line.text.rstrip()
        if text == mark or (mark == "---" and text == "..."):
            return at
        if at == 1 and not (_ENTRY.match(line.text) or text.startswith(("#", "[", "- "))):
            return 0
        if at > 1 and not text and not _goes_on(lines, at, mark):
            return 0
    return 0


def _end_of_unclosed(lines: list[Line]) -> int:
    """The blank line that ends front matter which was never closed, or 0: all lines above it are
    entries, and one says what front matter says.
    """
    names: list[str] = []
    for at, line in enumerate(lines[1:], 1):
        if line.is_blank:
            return at if _NAMES.intersection(names) else 0
        entry = _ENTRY.match(line.text)
        if entry:
            names.append(entry[1].strip('"').lower())
        elif line.text[0] not in " \t-]":
            return 0
    return 0


def _goes_on(lines: list[Line], at: int, mark: str) -> bool:
    """Whether what follows a blank line is front matter still."""
    for line in lines[at + 1 : at + 50]:
        text = line.text.rstrip()
        if text:
            return text == mark or bool(_ENTRY.match(text)) or text[0] in " \t#[-"
    return False


def _loaded(load: Callable[[str], object], text: str) -> Mapping[object, object] | None:
    """The names and values of ``text``; None where it is broken, empty where it has none."""
    try:
        loaded = load(text)
    except Exception:  # PyYAML lets the errors of the constructors of dates and numbers through.
        return None
    return loaded if isinstance(loaded, Mapping) else {}


def _by_entry(load: Callable[[str], object], lines: list[Line]) -> dict[object, object]:
    """The values of the entries, each by itself: what ``load`` refuses is read by its lines, so
    that a colon or an asterisk which should have been quoted costs no other entry.
    """
    values: dict[object, object] = {}
    tables: dict[object, dict[object, object]] = {}
    table = values
    for entry in _entries(lines)[:_MOST_ENTRIES]:
        if heading := _TABLE.fullmatch(entry[0].text.strip()):
            table = tables.setdefault(heading[1], {})
            continue
        found = _ENTRY.match(entry[0].text)
        if found is None:
            continue
        loaded = _loaded(load, "\n".join(line.text for line in entry))
        if loaded:
            table.update(loaded)
        elif not _ANCHOR.match(entry[0].text, found.end()):
            below = [line.text for line in entry[1:] if not line.is_blank]
            table[found[1].strip('"')] = _plain_value(entry[0].text[found.end() :].strip(), below)
    return {**values, **tables}


def _entries(lines: list[Line]) -> list[list[Line]]:
    """Each line that begins at the margin, with those below it that go on with it."""
    entries: list[list[Line]] = []
    for line in lines:
        if entries and (not line.text.strip() or line.text[0] in " \t-]"):
            entries[-1].append(line)
        else:
            entries.append([line])
    return entries


def _plain_value(said: str, below: list[str]) -> object:
    """What an entry says whose value begins with ``said`` and goes on in the lines ``below``."""
    if said[:1] not in ("'", '"') and (comment := _COMMENT.search(said)):
        said = said[: comment.start()].strip()
    items = [(line, ITEM.match(line)) for line in below]
    if not said and items and all(mark for _, mark in items):
        return [_unquoted(line[mark.end() :]) for line, mark in items if mark]
    inner = [(line, _ENTRY.match(line)) for line in map(str.strip, below)]
    if not said and inner and all(entry for _, entry in inner):
        return {
            entry[1].strip('"'): _unquoted(line[entry.end() :]) for line, entry in inner if entry
        }
    if _BLOCK_STYLE.fullmatch(said):
        said = ""
    said = " ".join([said, *(line.strip() for line in below)]).strip()
    if said.startswith("[") and said.endswith("]"):
        return [_unquoted(found[0]) for found in _TAG.finditer(said)]
    return _unquoted(said)


def _unquoted(said: str) -> str:
    """``said`` without the quotes around it."""
    said = said.strip()
    # The one that was never closed may be what is broken.
    if said[:1] in ("'", '"') and said.find(said[0], 1) in (-1, len(said) - 1):
        said = said.strip(said[0])
    return one_line(said)


def _yaml(text: str) -> object:
    # Late: PyYAML takes longer to import than a search takes.
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # A few lines of aliases of aliases stand for gigabytes, and nobody writes them here.
    if "*" in text and any(
        isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)
    ):
        raise ValueError("aliases")
    return yaml.load(text, Loader=loader)


def _toml(text: str) -> object:
    import tomllib

    return tomllib.loads(text)


def _plain_title(lines: list[Line]) -> str:
    for line in lines:
        if found := _FRONT_TITLE.fullmatch(line.text.rstrip()):
            return _unquoted(found[1])
    return ""


def _saying(lines: list[Line]) -> list[Block]:
    """The values of the entries that are text, and each tag, without the quotes around them."""
    blocks: list[Block] = []
    for lines_of_one in _entries(lines):
        entry = _ENTRY.match(lines_of_one[0].text)
        if entry is None:
            continue
        name = entry[1].strip('"')
        if name.lower() == _TAXONOMIES:
            blocks += _saying(_dedented(lines_of_one[1:]))
        else:
            blocks += said(name, lines_of_one, entry.end())
    return blocks


def _dedented(lines: list[Line]) -> list[Line]:
    """``lines`` without the indentation of the first."""
    margin = len(lines[0].text) - len(lines[0].text.lstrip()) if lines else 0
    return [
        Line(line.start + margin, line.end, line.text[margin:])
        for line in lines
        if margin and not line.text[:margin].strip() and len(line.text) >= margin
    ]


def said(name: str, lines: list[Line], column: int) -> list[Block]:
    """What people are told by the field ``name``, whose value begins at ``column`` of the first of
    ``lines``: a description, or each tag.
    """
    if name.lower() in _ABOUT:
        return _description(lines, column)
    return _labels(lines, column) if name.lower() in _LABELS else []


def _description(lines: list[Line], column: int) -> list[Block]:
    if _BLOCK_STYLE.fullmatch(lines[0].text[column:].strip()):
        lines, column = lines[1:], 0
    text = "\n".join(line.text for line in lines)
    return [
        Block(one.kind, _offset(lines, one.start), _offset(lines, one.end - 1) + 1)
        for one in _bare(BlockKind.ABOUT, text[column:], column)
    ]


def _offset(lines: list[Line], at: int) -> int:
    """Where in the document the character ``at`` of the joined ``lines`` stands: what is indented
    lacks characters between them.
    """
    for line in lines:
        if at < len(line.text):
            return line.start + at
        at -= len(line.text) + 1
    raise ValueError("the character of a line is meant, not its end")


def _labels(lines: list[Line], column: int) -> list[Block]:
    """What commas, semicolons, bars, brackets and the ends of lines part."""
    blocks: list[Block] = []
    for line in lines:
        if mark := ITEM.match(line.text, column):
            column = mark.end()
        comment = _COMMENT.search(line.text, column)
        stop = comment.start() if comment else len(line.text)
        for found in _TAG.finditer(line.text, column, stop):
            blocks += _bare(BlockKind.LABEL, found[0], line.start + found.start())
        column = 0
    return blocks


def _bare(kind: BlockKind, text: str, start: int) -> list[Block]:
    """What ``text``, which stands at ``start``, says without blanks and quotes around it."""
    bare = text.strip()
    if bare[:1] in ("'", '"'):
        bare = bare.strip(bare[0]).strip()
    start += text.find(bare)
    return [Block(kind, start, start + len(bare))] if any(map(str.isalnum, bare)) else []
