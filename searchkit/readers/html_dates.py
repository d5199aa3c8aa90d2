"""Which date does this stand for?

Dates as pages state them for programs, and as people write them, to ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_FIRST_YEAR, _LAST_YEAR = 1980, 2100
_MOST_CHARS = 80

# By month; each begins with what tells it from the others, in the languages of most pages.
_MONTHS = (
    "jan january januar janvier enero gennaio janeiro januari января январь stycznia ocak januar",
    "feb february februar février fevrier febrero febbraio fevereiro februari февраля февраль "
    "lutego şubat pebruari",
    "mar march märz maerz mars marzo março marco maart maret марта март marca mart",
    "apr april avril abril aprile апреля апрель kwietnia nisan",
    "may mai mayo maggio maio mei мая май maja mayıs",
    "jun june juni juin junio giugno junho июня июнь czerwca haziran",
    "jul july juli juillet julio luglio julho июля июль lipca temmuz",
    "aug august août aout agosto augustus agustus августа август sierpnia ağustos",
    "sep sept september septembre septiembre settembre setembro сентября сентябрь września eylül",
    "oct okt october oktober octobre octubre ottobre outubro октября октябрь października ekim",
    "nov november novembre noviembre novembro ноября ноябрь listopada kasım",
    "dec dez des december dezember décembre decembre diciembre dicembre dezembro desember "
    "декабря декабрь grudnia aralık",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAMES = "|".join(sorted(map(re.escape, _MONTH), key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WRITTEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"(?<!\d){_YEAR}\s*(?:年|[./])\s*(?P<month>\d\d?)\s*(?:月|[./])\s*(?P<day>\d\d?)(?!\d)",
        rf"(?<!\w)(?P<name>{_NAMES})\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th|er|º)?\.?[\s-]+(?:de\s+|of\s+)?"
        rf"(?P<name>{_NAMES})\.?,?"
        rf"(?:\s+de)?(?:\s+|-){_YEAR}(?!\d)",
        rf"(?<![\d.])(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?{_YEAR}(?!\d)",
        rf"(?<![\d/])(?P<day>\d\d?)/(?P<month>\d\d?)/{_YEAR}(?!\d)",
    )
)
_SLASHED = _WRITTEN[-1]
_CHANGED = re.compile(
    r"(?:updated?|modified|aktualisiert|mis à jour|actualizado|обновлено)\W*(?:[^\W\d]+\W+){0,2}$",
    re.I,
)
_TIME_OF_DAY = re.compile(r"(?<=\d)[ ]+(?=\d\d?:\d\d)")
_ZONE = re.compile(r"\s*(?:Z|UTC|GMT)$", re.IGNORECASE)
_SHORT_ZONE = re.compile(r"([+-]\d\d)$")


def stated_date(value: str) -> str:
    """The date that a page states for programs, as ISO 8601; "" if it is none.

    Its time and zone stay as they are stated.
    """
    value = value.strip()
    if not 4 < len(value) <= _MOST_CHARS:
        return ""
    if value.isascii() and value.isdigit():
        return _from_digits(value)
    moment = _from_iso(value)
    if moment is None:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return written_date(value)
    if not _FIRST_YEAR <= moment.year < _LAST_YEAR:
        return ""
    has_time = ":" in value or "T" in value
    return moment.isoformat(timespec="seconds") if has_time else moment.date().isoformat()


def written_date(text: str) -> str:
    """The first date in a text for people, as ISO 8601; "" if there is none.

    One that tells of a change counts only if there is no other. What may be read in two ways
    (03/04/2020) is none.
    """
    changed = ""
    for start, day in _written_dates(text[:400]):
        if not _CHANGED.search(text[max(0, start - 60) : start]):
            return day
        changed = changed or day
    return changed


def _written_dates(text: str) -> Iterator[tuple[int, str]]:
    """The dates with where they begin, in order."""
    found: list[tuple[int, str]] = []
    for pattern in _WRITTEN:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            named = parts.get("name")
            month = _MONTH[named.casefold()] if named else int(parts["month"])
            day = int(parts["day"])
            if pattern is _SLASHED and month != day:
                if month <= 12 and day <= 12:
                    continue
                if month > 12:
                    day, month = month, day
            if made := _date(int(parts["year"]), month, day):
                found.append((match.start(), made))
    yield from sorted(found)


def _date(year: int, month: int, day: int) -> str:
    try:
        return datetime(year, month, day).date().isoformat()
    except ValueError:
        return ""


def _from_digits(value: str) -> str:
    """20191118, 20191118123000, or seconds or milliseconds since the epoch."""
    if len(value) in (8, 12, 14):
        return _date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    if len(value) in (10, 13):
        moment = datetime.fromtimestamp(int(value[:10]), UTC)
        return moment.isoformat(timespec="seconds")
    return ""


def _from_iso(value: str) -> datetime | None:
    value = _ZONE.sub("+00:00", value)
    for form in (value, _TIME_OF_DAY.sub("T", value), _SHORT_ZONE.sub(r"\1:00", value)):
        try:
            return datetime.fromisoformat(form)
        except ValueError:
            continue
    return None
