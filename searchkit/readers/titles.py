"""What is this document called?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from searchkit.readers.formats import compression_of

_MAX_TITLE_CHARS = 120
_MAX_TITLE_WORDS = 20
_SENTENCE_END = re.compile(r"[.!?…。！？:;,][\"'”’»)\]]*$")
# A question, an exclamation or an ellipsis may end a headline; a full stop hardly ever does.
_HEADLINE_END = re.compile(r"(?:[?!？！…]|\.\.\.)[\"'”’»)\]]*$")
_HEADLINE_WORDS = 12
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_SEPARATOR = re.compile(r"\s+[-–—·•:]+\s+|\s*[|»«]\s*|:\s+")
_PERMALINK_SIGN = re.compile(r"\s*[¶§#🔗]+$")
_NOT_WORD = re.compile(r"[\W_]+")
_MOST_PARTS = 12
_MOST_CHARS = 1000
# A heading that shares this much of its words with what the page calls itself is its title.
_ALIKE = 0.5
_LETTER = re.compile(r"[^\W\d_]")


def reads_as_title(line: str) -> bool:
    """Whether a person would take this line, at the top of a text, for its title."""
    line = line.strip()
    if not line or len(line) > _MAX_TITLE_CHARS:
        return False
    words = len(line.split())
    if words > _MAX_TITLE_WORDS:
        return False
    if not _LETTER.search(line):
        return False
    if _HEADLINE_END.search(line):
        return words <= _HEADLINE_WORDS
    return not _SENTENCE_END.search(line)


def one_line(text: str) -> str:
    """``text`` with each run of white space and control characters made one space."""
    return _SPACE_OR_CONTROL.sub(" ", text).strip()


def title_from_key(key: str) -> str:
    """The file's name without its suffix (and that of its compression), or the key itself where
    nothing is left. Never empty.
    """
    stem = _stem(key[: len(key) - len(compression_of(key))])
    return one_line(stem) or one_line(key) or "untitled"


def _stem(name: str) -> str:
    """As ``PurePosixPath(name).stem``, at a tenth of its cost: each file is asked."""
    last = name.rstrip("/").rpartition("/")[2]
    at = last.rfind(".")
    return last[:at] if 0 < at < len(last) - 1 else last


def page_title(
    declared: str,
    stated: list[str],
    headings: Iterable[str],
    sites: Iterable[str],
    *,
    sole: str = "",
) -> str:
    """The name of a web page without that of its site, "" where it has none.

    ``declared`` is its ``<title>``, ``stated`` what it tells programs, in the order of trust,
    ``headings`` those of the highest level first, ``sites`` what the site may be called. What a
    page shows as a heading and states as its title is its title; the ``<title>`` mostly has the
    name of the site, or of a book, before or behind it. ``sole`` is the only highest
    heading of an article: its title even if it states another, as pages do for search engines.
    """
    declared = one_line(declared[:_MOST_CHARS])
    stated = [one_line(title[:_MOST_CHARS]) for title in stated]
    # Some pages give the name of the article for that of the site.
    known = {words for site in sites if (words := plain(site))} - {*map(plain, stated)}
    shown = [(text, plain(text)) for heading in headings if (text := _heading(heading))]
    shown = [(text, words) for text, words in shown if words and not _is_site(words, known)]
    for names in ([*map(plain, stated)], [*_variants(declared)]):
        for text, words in shown:
            if words in names:
                return text
    calls = [*stated, declared]
    for text, shown_words in shown:
        said = set(shown_words.split())
        for name in calls:
            named = set(plain(name).split())
            if len(said) > 2 and len(said & named) > _ALIKE * max(len(said), len(named)):
                return text
    if sole and not _is_site(plain(sole), known) and len(plain(sole).split()) > 2:
        return _heading(sole)
    for name in calls:
        if name and not _is_site(plain(name), known):
            return _without_site(name, known)
    return shown[0][0] if shown else declared


def _heading(text: str) -> str:
    return _PERMALINK_SIGN.sub("", one_line(text))


def plain(text: str) -> str:
    """Its words alone, in one case, to compare titles by."""
    return _NOT_WORD.sub(" ", text).strip().casefold()


def _variants(title: str) -> Iterator[str]:
    """What may be the page's own part of a ``<title>``: all, some first parts, some last ones."""
    yield plain(title)
    ends = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)][:_MOST_PARTS]
    for start, _ in ends:
        yield plain(title[:start])
    for _, end in ends:
        yield plain(title[end:])
    for (_, end), (start, _) in itertools.pairwise(ends):
        yield plain(title[end:start])


def _is_site(words: str, known: set[str]) -> bool:
    joined = words.replace(" ", "")
    return any(joined == site.replace(" ", "") for site in known)


def _without_site(title: str, known: set[str]) -> str:
    """``title`` without the site's name at its end or beginning."""
    parts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)]
    if not parts:
        return title
    start, end = parts[-1]
    if _is_site(plain(title[end:]), known):
        return _without_site(title[:start], known) if start else title
    start, end = parts[0]
    if start and _is_site(plain(title[:start]), known):
        return title[end:]
    return title
