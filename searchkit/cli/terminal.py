"""How does text reach the terminal, safely and in colour?"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import click

from searchkit.graphemes import graphemes

PLAIN = ""
BOLD = "1"
DIM = "2"
MATCH = "1;31"
PATH = "36"
WARNING = "33"

_MARK = "**"
"""Stands around a match where there is no colour."""

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters (a terminal obeys them), the marks that turn the direction of text (they can
make a line read as another one), line separators, and what cannot be encoded."""


def printable(text: str) -> str:
    """``text`` with what a terminal would obey, rather than show, written as an escape."""
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def printable_lines(text: str) -> str:
    """``text`` as :func:`printable` gives it, but for its line ends and tabs."""
    return _UNSAFE_IN_LINES.sub(_escape, text)


_UNSAFE_IN_LINES = re.compile(_UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))


_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def in_json(value: dict[str, Any]) -> str:
    """``value`` in one line, readable in every script, and safe to print."""
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def complain(message: str) -> None:
    """Say on stderr, in one line, what went wrong."""
    with suppress(OSError):
        click.echo(f"searchkit: {printable(message)}", err=True)


def wants_colour(choice: bool | None) -> bool:
    """Whether stdout gets colour: as asked for, else as NO_COLOR (https://no-color.org) and
    FORCE_COLOR say, else if it is a terminal.
    """
    if choice is not None:
        return choice
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return os.environ["FORCE_COLOR"] != "0"
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def styled(text: str, style: str, colour: bool) -> str:
    """``text`` in a style, if there is colour."""
    return f"\x1b[{style}m{text}\x1b[0m" if colour and text and style else text


def marked(text: str, spans: Sequence[tuple[int, int]], colour: bool, style: str = PLAIN) -> str:
    """``text`` in one line, printable and in ``style``, with ``spans`` (in order, apart) marked: in
    colour, else with asterisks around each.
    """
    parts = []
    at = 0
    for start, end in _joined(text, spans):
        parts.append(styled(_line(text[at:start]), style, colour))
        match = _line(text[start:end])
        parts.append(styled(match, MATCH, True) if colour else f"{_MARK}{match}{_MARK}")
        at = end
    parts.append(styled(_line(text[at:]), style, colour))
    return "".join(parts)


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """``spans`` with those that nothing but white space parts made one: easier to read."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _line(text: str) -> str:
    return printable(re.sub(r"\s+", " ", text))


_STYLE = re.compile("(\x1b\\[[0-9;]*m)")
_RESET = "\x1b[0m"
_NARROW = re.compile("[\x20-\x7e]*")
_NOT_FIRST = frozenset(
    "、。，．：；？！」』）］｝〉》】〕〗〙〛’”ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々・…"
)
_NOT_LAST = frozenset("「『（［｛〈《【〔〖〘〚‘“")
"""What no line of Japanese or Chinese begins or ends with (most of the rules of JIS X 4051)."""


def columns_of(text: str) -> int:
    """How many columns of a terminal ``text`` takes: rather one too many than one too few, since
    terminals differ on emoji.
    """
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(map(_width, text))


def _width(char: str) -> int:
    if char == "\ufe0f":
        # It turns a narrow sign into a wide picture.
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":
        return int(char == "\u00ad")
    return 1 + (unicodedata.east_asian_width(char) in "WF" or "\U0001f1e6" <= char <= "\U0001f1ff")


def wrapped(
    text: str, indent: str, columns: int, hanging: str = "", *, breaks_words: bool = True
) -> str:
    """``text`` broken into lines of at most ``columns``, each after ``indent``, and all but the
    first after ``hanging`` as well.

    It is broken at spaces, between Chinese and Japanese characters, and, unless it is told not to,
    within a word that is longer than a line; never inside a grapheme. A style that goes on is taken
    up again in the next line.
    """
    plain, styles = _without_styles(text)
    full = max(2, columns - columns_of(indent + hanging))
    lines: list[str] = []
    style = ""
    for first, last in _line_spans(plain, full, full + columns_of(hanging), breaks_words):
        line = [indent + hanging * bool(lines), style]
        at = first
        while styles and styles[0][0] <= last:
            place, following = styles.pop(0)
            line += plain[at:place], following
            style = "" if following == _RESET else following
            at = max(at, place)
        line += plain[at:last], _RESET if style else ""
        lines.append("".join(line))
    return "\n".join(lines)


def _without_styles(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The text itself, and at which place in it each style begins."""
    plain = ""
    styles = []
    for part in _STYLE.split(text):
        if _STYLE.fullmatch(part):
            styles.append((len(plain), part))
        else:
            plain += part
    return plain, styles


def _line_spans(
    text: str, columns: int, first_columns: int, breaks_words: bool
) -> list[tuple[int, int]]:
    """Where each line of ``text`` begins and ends."""
    spans: list[tuple[int, int]] = []
    start = end = at = 0
    """Of the line so far; ``at`` is where the next piece begins."""
    room = first_columns
    for word in text.split(" "):
        for piece in _pieces(word, columns if breaks_words else None):
            if end == start:
                start = end = at
            width = columns_of(text[end:at]) + columns_of(piece)
            if width > room and end > start:
                spans.append((start, end))
                start = end = at
                room = columns
                width = columns_of(piece)
            end = at = at + len(piece)
            room -= width
        at += 1
    return [*spans, (start, end)]


def _pieces(word: str, columns: int | None) -> list[str]:
    """``word`` where lines may end within it."""
    if _NARROW.fullmatch(word) and (columns is None or len(word) <= columns):
        return [word]
    pieces = [""]
    width = 0
    for char in graphemes(word):
        wide = columns_of(char)
        is_between = (
            pieces[-1] != ""
            and unicodedata.east_asian_width(char[0]) in "WF"
            and unicodedata.east_asian_width(pieces[-1][-1]) in "WF"
            and char not in _NOT_FIRST
            and pieces[-1][-1] not in _NOT_LAST
        )
        is_too_long = columns is not None and width + wide > columns
        if pieces[-1] and (is_between or is_too_long):
            pieces.append("")
            width = 0
        pieces[-1] += char
        width += wide
    return pieces
