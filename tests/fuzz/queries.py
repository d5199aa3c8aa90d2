"""Queries of all kinds: grown from the language's grammar, torn, and raw Unicode."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

WORDS = (
    "budget Conscription e-mail C++ AC/DC don't user@example.com 3.11 12:30 naïve नमस्ते 東京都 "
    "สวัสดี שלום مرحبا x İstanbul straße /usr/bin/python C:\\Users http://a.b/c?d=e 😀 "
    "👩\u200d👩\u200d👧 e\u0301 foo_bar #tag $5 100% a:b:c key=value {json} it’s AND_ Or not to TO "
    "2024-05-01 \u202eabc"
).split()
PATTERNS = "budg* con*tion te?t *a* ?? ** a* *.md /colou?r/ /(a+)+$/ /[a-/ /(x|y){2,90}/ //".split()
FIELDS = "text title headings path date tag author lang type nosuch Title date".split()
VALUES = (
    "2024 2024-05 >2023 <=2024-01 2023..2024 yesterday last-week since-last-week [2024-11 to] "
    "{2020 TO 2021] [* TO *] notes/*.md **/2024/* /home/* poli* soon 99999-99-99 -1 html de"
).split()
SPACES = [" ", " ", " ", "  ", "\n", "\t", "\u3000", ""]


def grown(chance: Random, depth: int = 0) -> str:
    """A query of the grammar, or nearly."""

    def deeper() -> str:
        return grown(chance, depth + 1) if depth < 4 else chance.choice(WORDS)

    kinds: list[Callable[[], str]] = [
        lambda: chance.choice(WORDS),
        lambda: chance.choice(WORDS),
        lambda: chance.choice(PATTERNS),
        lambda: chance.choice(WORDS) + chance.choice(["~", "~1", "~2", "~9", "~0.5", "^2", "^.5"]),
        lambda: f"{chance.choice(chr(34) + '“«')}{deeper()}{chance.choice(chr(34) + '”»')}",
        lambda: f'"{chance.choice(WORDS)} {chance.choice(WORDS)}"~{chance.randrange(12)}',
        lambda: f"({deeper()})" + chance.choice(["", "", "^2", "~2", "^"]),
        lambda: f"{chance.choice(FIELDS)}:{deeper()}",
        lambda: f"{chance.choice(FIELDS)}:{chance.choice(VALUES)}",
        lambda: f"{chance.choice(FIELDS)}:({chance.choice(VALUES)} OR {chance.choice(VALUES)})",
        lambda: chance.choice("+-") + deeper(),
        lambda: f"NOT {deeper()}",
        lambda: chance.choice(SPACES).join(deeper() for _ in range(chance.randrange(4))),
        lambda: f"{deeper()} {chance.choice(['AND', 'OR', '&&', '||', '|', '&'])} {deeper()}",
    ]
    return chance.choice(kinds)()


def torn(chance: Random) -> str:
    """A grown query with something taken out, put in or turned around."""
    text = grown(chance)
    for _ in range(chance.randrange(1, 5)):
        at, end = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        put = chance.choice(['"', "(", ")", ":", "/", "*", "~", "^", "-", "\\", "[", "“", "", " "])
        text = text[:at] + put + (text[at:end][::-1] if chance.random() < 0.3 else text[end:])
    return text


def raw(chance: Random) -> str:
    """Any code points: controls, lone surrogates, marks of direction, what is not assigned."""
    ranges = [(0, 0x7F), (0x20, 0x7E), (0, 0x2FFF), (0x200B, 0x206F), (0x3000, 0x9FFF)]
    ranges += [(0xD800, 0xDFFF), (0xFE00, 0xFFFF), (0x1F300, 0x1FAFF), (0, 0x10FFFF)]
    first, last = chance.choice(ranges)
    return "".join(chr(chance.randint(first, last)) for _ in range(chance.randrange(40)))


def query(chance: Random) -> str:
    """One of all kinds, once in a while a long one."""
    make = chance.choice((grown, grown, torn, torn, raw))
    text = make(chance)
    return text * chance.randrange(2, 200) if chance.random() < 0.01 else text
