"""Which terms and numbers stand for the values of metadata?

Those of documents are made here when they are indexed, and those of queries when they are asked,
so that they meet. A keyword is compared without regard to case and white space. A day is the number
that ``datetime.date.toordinal`` gives (1 is the first of January of year 1).
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

from searchkit.metadata.fields import LANGUAGE, PATH, TYPE, MetadataField
from searchkit.metadata.moments import iso_moment

_LONGEST_CHARACTERS = 200
"""Of a keyword; two that are alike up to there are one."""

_LONGEST_PATH_CHARACTERS = 4_096
"""As long as Linux has them."""

_MOST_FOLDERS = 100
"""Above a document, each a keyword as long as its path."""

_MOST_WORDS = 50
"""Of a path: no one types more of them."""

_WORD = re.compile(r"[^\W_]+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?![\d-])")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_LONGEST_NUMBER_CHARACTERS = 40
_MONEY = "$€£¥₹"
_AMOUNT = re.compile(rf"([+-]?)\s?([{_MONEY}]?)\s?([+-]?)(\d[\d.,'’\s]*)\s?([{_MONEY}%]?)")
# Groups of three, parted by one sign and the same, and a decimal part behind another.
_GROUPED = re.compile(r"([1-9]\d{0,2})(?:([.,'’\s])\d{3})(?:\2\d{3})*(?:(?!\2)[.,]\d+)?")
_DECIMAL = re.compile(r"\d+[.,]\d+|\d+")
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def keyword(value: str) -> str:
    """What stands for a keyword in the index: case folded, single spaces, no lone surrogate."""
    return _folded(value)[:_LONGEST_CHARACTERS].rstrip()


def _path(key: str) -> str:
    """The same for a path, whose end tells most."""
    return _folded(key)[-_LONGEST_PATH_CHARACTERS:].lstrip()


def _folded(value: str) -> str:
    if value.isascii():
        folded = value.lower()
    else:
        text = _LONE_SURROGATE.sub("\ufffd", value)
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join(folded.split())


def written(value: str | int | float) -> str:
    """As a query writes it: true, 7 (also for 7.0), text as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def query_keyword(field: MetadataField, typed: str) -> str:
    """The term of ``field`` that ``typed`` asks for; "" for none."""
    if field.where == PATH:
        term = _path(typed)
        while term.startswith("./"):
            term = term[2:]
        return term.rstrip("/") or term
    term = keyword(typed)
    if field.where == LANGUAGE:
        return term.replace("_", "-")
    if field.where == TYPE:
        return term.removeprefix(".")
    return term


def path_keywords(key: str) -> list[str]:
    """What ``path:`` finds a document by: the folders that it lies in and itself, each with its
    whole path; each part of the path, the last without its suffix too; and the words of the parts.
    """
    path = _path(key)
    folder, _, name = path.rpartition("/")
    above, words = _folder_keywords(folder)
    stem = name.rpartition(".")[0]
    some = _WORD.findall(name)[: max(0, _MOST_WORDS - words)]
    found = dict.fromkeys((*above, path, name, stem, *some))
    found.pop("", None)
    return list(found)


@lru_cache(1000)
def _folder_keywords(folder: str) -> tuple[tuple[str, ...], int]:
    """What ``path:`` finds all that lies in a folder by, and how many words that path has."""
    parts = folder.split("/")
    words = [word for part in parts for word in _WORD.findall(part)]
    some = range(1, min(len(parts), _MOST_FOLDERS) + 1)
    paths = ["/".join(parts[:end]) for end in some]
    return tuple(dict.fromkeys((*paths, *parts, *words[:_MOST_WORDS]))), len(words)


def language_keywords(tag: str) -> Iterator[str]:
    """What ``lang:`` finds a tag of BCP 47 by: it and all that it specialises, "de-at" and "de"."""
    parts = keyword(tag).replace("_", "-").split("-")
    for end in range(1, len(parts) + 1):
        if term := "-".join(parts[:end]):
            yield term


def number(text: str) -> float | None:
    """The number that ``text`` is, or None.

    As programs write it (-1.5e3), or as people do: with a sign of money or a per cent sign, with
    groups of three digits, with a decimal comma. A comma before the last three digits (1,200) may
    be either and is no number, unless a dollar or a pound says how it is meant; nor is a point
    there beside a sign.
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        text = _plain_number(text)
    value = float(text) if text else math.nan
    return value if math.isfinite(value) else None


def _plain_number(text: str) -> str:
    """What people wrote as a number, as programs write it; "" for what is none or may be two."""
    if len(text) > _LONGEST_NUMBER_CHARACTERS or not (found := _AMOUNT.fullmatch(text)):
        return ""
    sign, money, inner_sign, digits, after = found.groups()
    digits = digits.rstrip()
    if (sign and inner_sign) or (money and after):
        return ""
    if _EITHER.fullmatch(digits) and not ("," in digits and (money or after) in ("$", "£")):
        return ""
    if grouped := _GROUPED.fullmatch(digits):
        digits = digits.replace(grouped[2], "")
    elif not _DECIMAL.fullmatch(digits):
        return ""
    return f"{sign}{inner_sign}{digits.replace(',', '.')}"


def period(text: str) -> tuple[int, int] | None:
    """The first and the last day of a year, a month or a day ("2024", "2024-05", "2024-05-01"), or
    None for what is none.
    """
    found = _DATE.fullmatch(text.strip())
    return None if found is None else _period(found)


def day(moment: str) -> int | None:
    """The day on which a date or time falls, as it is written, whatever its zone; of a month or a
    year the first. None for what is none, or may be two days (03/04/2024).
    """
    found = _DATE.match(iso_moment(moment) or moment.strip())
    span = None if found is None else _period(found)
    return span and span[0]


def day_of_time(seconds: float) -> int | None:
    """The day, in UTC, of a time in seconds since the epoch; None where there is none."""
    try:
        return datetime.fromtimestamp(seconds, UTC).toordinal()
    except (ValueError, OverflowError, OSError):
        return None


def _period(found: re.Match[str]) -> tuple[int, int] | None:
    year, month, day = (int(part or 0) for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError:
        return None
    return first.toordinal(), last.toordinal()
