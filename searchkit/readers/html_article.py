"""Where does an article begin and end, and what stands in it that is not of it?

What a news page or a blog puts around the words of its author: headline, byline, date, captions,
what else there is to read. The headline, names and dates are in the document's title and fields;
the rest would only be found by mistake. Documentation is not treated so.
"""

from __future__ import annotations

import re
from collections import Counter

from searchkit.document import BlockKind
from searchkit.readers.html_boxes import Box, Page, Run, inside
from searchkit.readers.html_content import put_out
from searchkit.readers.html_dates import stated_date, written_date
from searchkit.readers.html_lines import words
from searchkit.readers.html_names import names_article_furniture, names_linked_furniture
from searchkit.readers.titles import plain

# Microformats, and the classes that WordPress and Blogger give.
_ENTRY = re.compile(r"(?:^|\s)(?:hentry|h-entry|single-post|post-body|entry-content)(?:$|\s)")
_ARTICLE_TYPE = re.compile(r"schema\.org/\w*(?:Article|BlogPosting)$")
_ASIDE = words("figure figcaption footer form address aside caption")
_NEVER_NAMED = words("body main article h1 pre code table tr td tbody")
_LISTS = words("ul ol dl div section p table tr td h2 h3 h4 h5 h6 li")
_PARAGRAPHS = words("p blockquote pre li dd")
_SENTENCE = re.compile(r"[.!?:…。！？»”\"'’)\]]\W*$")
_PUNCTUATION = re.compile(r"[.,;:!?。、，！？…»”]")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_CREDIT = re.compile(
    r"^\W*(?:photo|image|picture|pic|video|foto|credit|source|quelle|fuente|©|getty|media caption)"
    r"(?:s|\w*)?(?:\s+(?:by|credit|caption|copyright|courtesy|via|©)\b|\s*[:©/(]|$)"
    r"|\(\s*(?:image|photo|pic|picture|credit|foto)s?\s*(?:by|credit|:)"
    r"|(?:getty images|associated press|reuters|/\s*ap|/\s*afp|shutterstock)\W*$",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"^\W*(?:related|read (?:more|next|also)|see (?:also|more)|more (?:on|from|stories)"
    r"|also (?:on|read)"
    r"|recommended|don'?t miss|must read|watch|listen|subscribe|sign up|advert(?:isement)?|anzeige"
    r"|publicidad|iklan|реклама|click (?:here|to tweet)|continue reading|story continues|follow"
    r"|share(?: this)?|like this|filed under|tags?|posted (?:in|by|on)|get (?:the|our)"
    r"|join (?:our|us)"
    r"|читайте также|lesen sie auch|leia (?:mais|também)|lire aussi|lee también|baca juga)\b",
    re.IGNORECASE,
)

_DATE_BEFORE, _DATE_AFTER = 6, 12
_MAX_DATE_CHARS = 120
_MAX_SHARE = 0.3
_MOST_PROSE = 0.2
_LEAST_LEFT = 0.5
_MAX_LINKED = 0.5
_WHOLLY_LINKED = 0.8
_GOOD_CHARS = 60
_SENTENCE_CHARS = 20
_SHORT_CHARS = 45
_POINTER_CHARS = 200
_END_CHARS = 10
_HEADING_WORDS = 8
# Text before the headline that is more than this share of all is no furniture: it is no headline.
_MAX_BEFORE = 0.3


def is_marked_article(page: Page) -> bool:
    """Whether one element, and none beside it, is marked as an entry of a blog or an article of
    schema.org: a page with several is a list of them.
    """
    found = 0
    within: set[int] = set()
    for box in page.boxes:
        if id(box.parent) in within:
            within.add(id(box))
        elif box.attributes and (
            _ENTRY.search(box.said) or _ARTICLE_TYPE.search(box.attributes.get("itemtype", ""))
        ):
            within.add(id(box))
            found += 1
    return found == 1


def mark_article_furniture(page: Page, root: Box) -> None:
    """Put out what is beside the text of an article by its element, class or id."""
    named = [
        box
        for box in inside(page, root)
        if not (box.out or box.has_content)
        and box.name not in _NEVER_NAMED
        and (
            box.name in _ASIDE
            or names_article_furniture(box.said)
            or names_article_furniture(box.name_id)
            or (
                box.links
                and (names_linked_furniture(box.said) or names_linked_furniture(box.name_id))
            )
        )
        and box.prose <= _MAX_SHARE * root.prose
    ]
    put_out(page, root, named, _LEAST_LEFT)
    found = [
        box
        for box in inside(page, root)
        if not (box.out or box.has_content)
        and box.name in _LISTS
        and box.linked > _MAX_LINKED * box.chars
        and box.prose < _MOST_PROSE * box.chars
        and (box.links > 1 or box.linked >= _WHOLLY_LINKED * box.chars)
    ]
    put_out(page, root, found, _LEAST_LEFT)


def trim(runs: list[Run], title: str) -> list[Run]:
    """The runs of an article's text: from below its headline to its last sentence."""
    good = [_is_good(run) for run in runs]
    if not any(good):
        return runs
    first = _below_headline(runs, good, title)
    last = len(runs) - 1 - good[::-1].index(True)
    start = next((at for at in range(first, len(runs)) if good[at]), None)
    if start is None:
        return runs
    parent = runs[start].box.parent
    while start > first and _is_sentence(runs[start - 1]) and runs[start - 1].box.parent is parent:
        start -= 1
    if start > first and _is_section(runs[start - 1]):
        start -= 1
    tag = Counter(run.box.name for run, is_good in zip(runs, good, strict=True) if is_good)
    paragraphs = tag.most_common(1)[0][0] in _PARAGRAPHS
    kept = [
        run
        for at, run in enumerate(runs[start : last + 1], start)
        if (good[at] and not _is_pointer(run)) or (not good[at] and _is_kept(run, paragraphs))
    ]
    parent = runs[last].box.parent
    for run in runs[last + 1 :]:
        if run.box.parent is not parent or run.kind is BlockKind.HEADING:
            break
        if not _is_kept(run, paragraphs):
            break
        kept.append(run)
    while kept and kept[-1].kind is BlockKind.HEADING:
        kept.pop()
    return kept or runs


def visible_date(page: Page, runs: list[Run], title: str) -> str:
    """The date that stands by the title, in ISO 8601, "" if there is none.

    ``runs`` are those of the content. A ``<time>`` counts before what is only written; a date in
    running text does not, for it is about something else.
    """
    wanted = plain(title)
    numbers = {id(run): at for at, run in enumerate(page.runs)}
    at = next(
        (numbers[id(run)] for run in page.runs
         if run.kind is BlockKind.HEADING and plain(run.text) == wanted),
        numbers[id(runs[0])] if runs else 0,
    )  # fmt: skip
    first, last = max(0, at - _DATE_BEFORE), at + _DATE_AFTER
    for stated, number in page.times:
        if first <= number <= last and (found := stated_date(stated)):
            return found
    # What is below the title is nearer to it than what is above.
    for run in (*page.runs[at : last + 1], *reversed(page.runs[first:at])):
        if len(run.text) <= _MAX_DATE_CHARS and (found := written_date(run.text)):
            return found
    return ""


def _is_good(run: Run) -> bool:
    """Whether it reads as a piece of running text."""
    if run.kind is BlockKind.HEADING:
        return False
    if run.kind in (BlockKind.CODE, BlockKind.ROW):
        return run.linked <= _MAX_LINKED * len(run.text)
    chars = len(run.text)
    wanted = _GOOD_CHARS // 2 if _UNSPACED.search(run.text) else _GOOD_CHARS
    return (
        chars - run.linked >= wanted
        and run.linked <= _MAX_LINKED * chars
        and _PUNCTUATION.search(run.text) is not None
        and not _is_credit(run)
    )


def _below_headline(runs: list[Run], good: list[bool], title: str) -> int:
    """The number of the run below the headline, or 0 if it does not stand above the text."""
    wanted = plain(title)
    total = sum(len(run.text) for run, is_good in zip(runs, good, strict=True) if is_good)
    before = 0
    for at, run in enumerate(runs):
        if good[at]:
            before += len(run.text)
            if before > _MAX_BEFORE * total:
                return 0
        if run.kind is BlockKind.HEADING and plain(run.text) == wanted:
            return at + 1
    return 0


def _is_sentence(run: Run) -> bool:
    """Whether it is a short paragraph, and no name, date or credit."""
    return (
        run.box.name == "p"
        and len(run.text) >= _SENTENCE_CHARS
        and run.linked <= _MAX_LINKED * len(run.text)
        and _SENTENCE.search(run.text[-_END_CHARS:]) is not None
        and not _is_credit(run)
        and not _POINTER.match(run.text)
    )


def _is_credit(run: Run) -> bool:
    """Whether it says whose picture is above it."""
    return len(run.text) < _POINTER_CHARS and _CREDIT.search(run.text) is not None


def _is_section(run: Run) -> bool:
    return (
        run.kind is BlockKind.HEADING
        and run.level > 1
        and len(run.text.split()) <= _HEADING_WORDS
        and run.linked <= _MAX_LINKED * len(run.text)
    )


def _is_pointer(run: Run) -> bool:
    """Whether it points elsewhere: to more to read, to share, to pay."""
    chars = len(run.text)
    if run.kind in (BlockKind.CODE, BlockKind.ROW, BlockKind.TERM):
        return False
    if run.kind is BlockKind.PARAGRAPH and run.linked >= _WHOLLY_LINKED * chars and chars > 20:
        return True
    return chars <= _POINTER_CHARS and run.linked > 0 and _POINTER.match(run.text) is not None


def _is_kept(run: Run, paragraphs: bool) -> bool:
    """Whether a run between good ones belongs to them; ``paragraphs``: these are marked up."""
    chars = len(run.text)
    if run.kind is BlockKind.HEADING:
        return run.linked < _WHOLLY_LINKED * chars and not _POINTER.match(run.text)
    if _is_pointer(run) or _is_credit(run):
        return False
    if run.kind is not BlockKind.PARAGRAPH:
        return True
    if chars <= _SHORT_CHARS and _POINTER.match(run.text):
        return False
    if paragraphs and run.box.name not in _PARAGRAPHS:
        return chars > _SHORT_CHARS and _SENTENCE.search(run.text[-_END_CHARS:]) is not None
    return True
