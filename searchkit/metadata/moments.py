"""When was that, in ISO 8601?

For what rows, front matter and mail say of their date, and for the values of fields that are
declared to be dates. What may mean two days (03/04/2024) is not
guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]\s*(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?",
    re.I,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_NAMED = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([a-z]{3,9})\.?,?|"
    r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?)\s+(\d{4})",
    re.I,
)
# "Wed Oct 10 20:19:24 +0000 2018", as Twitter and the C library write it.
_YEAR_LAST = re.compile(
    r"(?:[a-z]{3},?\s+)?([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}:\d\d:\d\d)\s+"
    r"(?:([+-]\d{4}|[a-z]{3,5})\s+)?(\d{4})",
    re.I,
)
_SECONDS = re.compile(r"\d{9,13}(?:\.\d+)?", re.ASCII)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LONGEST_CHARS = 60
# Seconds since the epoch count as a time from 1990 to 2100: smaller numbers are years and counts.
_EPOCH_SECONDS = range(631_152_000, 4_102_444_800)


def iso_moment(value: object) -> str:
    """The date ("2024-05-01") or time ("2024-05-01T10:00:00+02:00") that ``value`` states, or "".

    ``value`` is a string, a date, or a number of seconds or milliseconds since the epoch.
    """
    try:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, bool):
            return ""
        if isinstance(value, int | float):
            return _of_epoch(value)
        if isinstance(value, str) and len(value) <= _LONGEST_CHARS:
            return _of_text(value.strip())
    except (ValueError, OverflowError):
        pass
    return ""


def _of_epoch(value: float) -> str:
    seconds = int(value)
    if seconds not in _EPOCH_SECONDS:
        seconds //= 1000
    if seconds not in _EPOCH_SECONDS:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _of_text(text: str) -> str:
    if found := _ISO.match(text):
        return _iso(text, found)
    if found := _COMPACT.fullmatch(text):
        return _day(*found.groups())
    if found := _DAY_FIRST.match(text):
        return _ambiguous_day(found)
    if found := _NAMED.match(text):
        day, month, month_first, day_second, year = found.groups()
        name = (month or month_first).lower()[:3]
        if name not in _MONTHS:
            return ""
        return _day(year, _MONTHS.index(name) + 1, day or day_second)
    if found := _YEAR_LAST.match(text):
        return _year_last(*found.groups())
    if _SECONDS.fullmatch(text):
        return _of_epoch(float(text))
    return ""


def _year_last(month: str, day: str, clock: str, zone: str | None, year: str) -> str:
    if month.lower() not in _MONTHS:
        return ""
    moment = f"{_day(year, _MONTHS.index(month.lower()) + 1, day)}T{clock:0>8}"
    if zone and zone[0] in "+-":
        moment += f"{zone[:3]}:{zone[3:]}"
    return datetime.fromisoformat(moment).isoformat()


def _iso(text: str, found: re.Match[str]) -> str:
    year, month, day, hour, minute, second, zone = found.groups()
    # A time that is not understood is left out; a longer number is no date at all.
    if text[found.end() : found.end() + 1].isdigit():
        return ""
    if hour is None:
        return _day(year, month, day)
    moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
    if not zone:
        return moment.isoformat()
    if zone[0] not in "+-":
        return moment.isoformat() + "+00:00"
    return datetime.fromisoformat(f"{moment.isoformat()}{zone[:3]}:{zone[-2:]}").isoformat()


def _ambiguous_day(found: re.Match[str]) -> str:
    """A day before its month where dots say so; with slashes one of the two must be no month."""
    first, sign, second, year = found.groups()
    if sign == "." or int(first) > 12 or first == second:
        return _day(year, second, first)
    return _day(year, first, second) if int(second) > 12 else ""


def _day(year: str | int, month: str | int, day: str | int) -> str:
    return date(int(year), int(month), int(day)).isoformat()
