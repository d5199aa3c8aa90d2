"""What does a file say of itself, and is it worth anything?

Programs fill in titles, authors and dates nobody asked for: "Microsoft Word - draft3.doc" is no
title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from searchkit.document import Value
from searchkit.readers.titles import one_line

_MOST_NAMES = 100
_MAX_NAME_CHARS = 300
# Whoever writes all keywords without commas has given no tags.
_MAX_TAG_CHARS = 60
_MAX_NOTE_CHARS = 2000
_NO_TITLE = re.compile(
    r"microsoft (?:office )?\w+ - .*|(?:un|no ?)titled?(?: ?document)?[ \d]*"
    r"|title|titel|titre|t[ií]tulo"
    r"|(?:new |my )?(?:document|dokument|documento?|presentation|slide|page|print)[ \d]*"
    r"|(?:\S+[ -])?power ?point(?:[ -]\S+)?|(?:file:|https?:|[a-z]:\\|/).*"
    r"|.*\.(?:docx?|docm|dotx?|rtf|pdf|tex|dvi|e?ps|indd|qx[dp]|pmd|p65|fm|odt|ott|sxw|wp[ds]|pptx?"
    r"|xlsx?|txt|html?|md|pages|ai|cdr|pub|tmp|xml)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:unknown|anonymous|author|user\d*|admin(?:istrator)?|root|owner|default|windows[- ]user"
    r"|microsoft(?: office)? user|microsoft|python-docx|n/?a|none|null|[\W\d_]*)",
    re.IGNORECASE,
)
_PDF_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(?:(Z)|([+-])(\d\d)'?(\d\d)?)?.*",
    re.DOTALL,
)
_ISO_DATE = re.compile(
    r"([+-]?\d{4})(?:-(\d\d?)(?:-(\d\d?)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d)?)?)?)?)?"
)
# What clocks show that were never set; templates and test tools write these.
_UNSET = ("1601-01-01", "1899-12-30", "1970-01-01", "1980-01-01", "2013-12-23T23:15:00")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,5}")
_NO_LANGUAGE = frozenset(["und", "zxx", "mul", "mis"])


@dataclass(frozen=True, slots=True)
class Properties:
    """As in ``Document``; ``title`` is "" where there is none worth the name."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, Value] = field(default_factory=dict)


def properties(
    *,
    title: str = "",
    authors: Iterable[str] = (),
    published: str = "",
    language: str = "",
    tags: Iterable[str] = (),
    fields: Mapping[str, str] | None = None,
) -> Properties:
    """What is worth something in what a file says."""
    notes = {name: one_line(said)[:_MAX_NOTE_CHARS] for name, said in (fields or {}).items()}
    return Properties(
        title=worthy_title(title),
        authors=_names(authors, re.compile(r"[;\n]")),
        published=iso_date(published),
        language=language_tag(language),
        tags=tuple(
            tag for tag in _names(tags, re.compile(r"[;,\n]")) if len(tag) <= _MAX_TAG_CHARS
        ),
        fields={name: said for name, said in notes.items() if said},
    )


def worthy_title(title: str) -> str:
    """``title`` on one line, or "" if a program made it up."""
    title = one_line(title)[:_MAX_NAME_CHARS]
    if _NO_TITLE.fullmatch(title) or not re.search(r"[^\W\d_]", title):
        return ""
    return title


def iso_date(said: str) -> str:
    """A date of ISO 8601 or of PDF as the former, to the day at least, or "".

    Where only a year or a month is given, its first day stands for it.
    """
    said = said.strip()
    found = _ISO_DATE.fullmatch(said) or _PDF_DATE.fullmatch(said)
    if found is None:
        return ""
    year, month, day, hour, minute, second, zulu, sign, off_hour, off_minute = found.groups()
    try:
        if int(year) < 1000:
            return ""
        if hour is None:
            written = date(int(year), int(month or 1), int(day or 1)).isoformat()
        else:
            written = datetime(
                int(year), int(month), int(day), int(hour), int(minute or 0), int(second or 0)
            ).isoformat()
    except ValueError:
        return ""
    if written.startswith(_UNSET):
        return ""
    if hour is not None and sign and int(off_hour) < 24 and int(off_minute or 0) < 60:
        return f"{written}{sign}{off_hour}:{off_minute or '00'}"
    return f"{written}+00:00" if hour is not None and zulu else written


def language_tag(said: str) -> str:
    """A language as BCP 47 writes it ("de-AT"), or ""."""
    said = said.strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(said):
        return ""
    first, *rest = said.split("-")
    if first.lower() in _NO_LANGUAGE:
        return ""
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def _names(said: Iterable[str], separator: re.Pattern[str]) -> tuple[str, ...]:
    names = (one_line(name)[:_MAX_NAME_CHARS] for one in said for name in separator.split(one))
    worthy = (name for name in names if not _NOBODY.fullmatch(name))
    return tuple(dict.fromkeys(worthy))[:_MOST_NAMES]
