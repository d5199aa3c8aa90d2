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
    """``text`` in one line, printable and in ``style``, with ``spans`` (in order, apart) marked:
    in colour word by word, so that the line can be wrapped; else with asterisks around each.
    """
    parts = []
    at = 0
    for start, end in _joined(text, spans):
        parts.append(styled(_line(text[at:start]), style, colour))
        match = _line(text[start:end])
        if colour:
            parts.append(" ".join(styled(word, MATCH, True) for word in match.split(" ")))
        else:
            parts.append(f"{_MARK}{match}{_MARK}")
        at = end
    parts.append(styled(_line(text[at:]), style, colour))
    return "".join(parts)


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """``spans`` with those that only white space parts made one, which is easier to read."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and text[joined[-1][1] : start].isspace():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _line(text: str) -> str:
    return printable(re.sub(r"\s+", " ", text))


_STYLE = re.compile("\x1b\\[[0-9;]*m")


def _columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in _STYLE.sub("", text)
    )


def wrapped(text: str, indent: str, columns: int, hanging: str = "") -> str:
    """``text`` broken at spaces into lines of at most ``columns``, each after ``indent``, and all
    but the first after ``hanging`` as well.
    """
    lines = [indent]
    indent += hanging
    room = columns - len(indent)
    for word in text.split(" "):
        width = _columns(word)
        if width > room - 1 and lines[-1].strip():
            lines.append(indent)
            room = columns - len(indent)
        elif lines[-1].strip():
            lines[-1] += " "
            room -= 1
        lines[-1] += word
        room -= width
    return "\n".join(lines)
