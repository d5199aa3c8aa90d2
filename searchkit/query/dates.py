"""Which days does a date in words mean?

``yesterday``, ``last week``, ``since last month``, ``3 weeks ago``, ``march 2024``. Weeks begin on
Monday. Days are numbers, as ``datetime.date.toordinal`` gives them.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from itertools import count

from searchkit.metadata.values import period

Days = tuple[int, int]
"""The first day and the last."""

OpenDays = tuple[int | None, int | None]
"""The first day and the last; None for no bound."""

_MONTHS = {
    name: number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(map(str.lower, names))
    if name
} | {"sept": 9}
_WEEKDAYS = {
    name: number
    for names in (calendar.day_name, calendar.day_abbr)
    for number, name in enumerate(map(str.lower, names))
}
_NUMBERS = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve".split(),
        count(1),
        strict=False,
    )
) | {"a": 1, "an": 1}
_MOST = 9_999
"""Of days, weeks, months or years that are counted."""

_BETWEEN = re.compile(
    r"(?:from|between) (.+?) (?:to|until|till|and|through) (.+)|(.+?) (?:to|until) (.+)"
)
_BOUNDED = re.compile(r"(since|from|after|before|until|till|up to|through|in|on|during) (.+)")
_UNIT = re.compile(r"(?:the )?(this|last|past|next|previous|current) (day|week|month|year)")
_LAST = re.compile(r"(?:the )?(?:last|past|previous) (\w+) (day|week|month|year)s?")
_AGO = re.compile(r"(\w+) (day|week|month|year)s? ago")
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_MONTH = re.compile(rf"(?:{_DAY} )?(?:of )?([a-z]+)\.?(?: {_DAY})?(?:,? (\d{{4}}))?")


def days_in_words(typed: str, today: date) -> OpenDays | None:
    """The days that ``typed`` means, or None for what is no date."""
    # since-last-week is a way to do without quotes; 2024-05-01 is a date.
    text = " ".join(re.sub(r"(?<!\d)[-_]|[-_](?!\d)", " ", typed.casefold()).split())
    try:
        return _open(text, today)
    except (ValueError, OverflowError):
        return None


def closed_days_in_words(typed: str, today: date) -> Days | None:
    """The same where both ends are known."""
    found = days_in_words(typed, today)
    if found is None or found[0] is None or found[1] is None:
        return None
    return found[0], found[1]


def _open(text: str, today: date) -> OpenDays | None:
    found = _span(text, today)
    if found is not None:
        return found
    between = _BETWEEN.fullmatch(text)
    if between:
        first, last = (part for part in between.groups() if part)
        return _from_to(first, last, today)
    bounded = _BOUNDED.fullmatch(text)
    days = bounded and _span(bounded[2], today)
    if not bounded or not days:
        return None
    match bounded[1]:
        case "since" | "from":
            return days[0], None
        case "after":
            return days[1] + 1, None
        case "before":
            return None, days[0] - 1
        case "in" | "on" | "during":
            return days
        case _:
            return None, days[1]


def _from_to(first: str, last: str, today: date) -> Days | None:
    """Of a month or a day of the week without a year, the first is the latest before the last."""
    ends = _span(last, today)
    if ends is None:
        return None
    month = _MONTH.fullmatch(first)
    is_named = first in _WEEKDAYS or (month and month[2] in _MONTHS and not month[4])
    begins = _span(first, date.fromordinal(ends[1]) if is_named else today)
    return (begins[0], ends[1]) if begins and begins[0] <= ends[1] else None


def _span(text: str, today: date) -> Days | None:
    days = period(text)
    if days is not None:
        return days
    now = today.toordinal()
    if text in ("today", "now", "yesterday", "tomorrow"):
        day = now + {"yesterday": -1, "tomorrow": 1}.get(text, 0)
        return day, day
    if found := _UNIT.fullmatch(text):
        return _unit(found[2], {"this": 0, "current": 0, "next": 1}.get(found[1], -1), today)
    if found := _LAST.fullmatch(text):
        number = _number(found[1])
        return (_back(found[2], number, today), now) if number else None
    if found := _AGO.fullmatch(text):
        number = _number(found[1])
        return _unit(found[2], -number, today) if number else None
    last, _, weekday = text.rpartition(" ")
    if weekday in _WEEKDAYS and last in ("", "last", "this", "on"):
        ago = (today.weekday() - _WEEKDAYS[weekday]) % 7
        day = now - (ago or 7 if last == "last" else ago)
        return day, day
    if found := _MONTH.fullmatch(text):
        return _named_month(found, today)
    return None


def _number(text: str) -> int | None:
    number = int(text) if re.fullmatch("[0-9]{1,4}", text) else _NUMBERS.get(text)
    return number if number and number <= _MOST else None


def _unit(unit: str, away: int, today: date) -> Days:
    """The day, week, month or year that ``today`` lies in, or one so many of them ``away``."""
    if unit == "day":
        day = today.toordinal() + away
        return day, day
    if unit == "week":
        monday = today - timedelta(today.weekday()) + timedelta(weeks=away)
        return monday.toordinal(), monday.toordinal() + 6
    if unit == "month":
        year, month = divmod(12 * today.year + today.month - 1 + away, 12)
        return _month(year, month + 1)
    return date(today.year + away, 1, 1).toordinal(), date(today.year + away, 12, 31).toordinal()


def _back(unit: str, number: int, today: date) -> int:
    """The first of so many units that end today: the day after the same day so many of them
    earlier, or after the last one of a month that is shorter.
    """
    if unit == "day":
        return today.toordinal() - number + 1
    if unit == "week":
        return today.toordinal() - 7 * number + 1
    months = number if unit == "month" else 12 * number
    year, month = divmod(12 * today.year + today.month - 1 - months, 12)
    first, last = _month(year, month + 1)
    return min(first + today.day - 1, last) + 1


def _month(year: int, month: int) -> Days:
    first = date(year, month, 1)
    return first.toordinal(), first.toordinal() + calendar.monthrange(year, month)[1] - 1


def _named_month(found: re.Match[str], today: date) -> Days | None:
    before, name, after, year = found.groups()
    month = _MONTHS.get(name)
    if month is None or (before and after):
        return None
    day = before or after
    if year is None:
        # The latest one that has begun.
        ahead = (month, int(day or 1)) > (today.month, today.day)
        year = str(today.year - ahead)
        if (month, int(day or 1)) == (2, 29):
            year = str(next((one for one in range(int(year), 0, -1) if calendar.isleap(one)), 0))
    if day is None:
        return _month(int(year), month)
    exact = date(int(year), month, int(day)).toordinal()
    return exact, exact
