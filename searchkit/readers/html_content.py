"""Which part of a page is what it says, and which is what stands around it?

Navigation, forms, banners and the like are left out. Where that would leave nothing, all counts:
a page with text is never empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, Tag

from searchkit.readers.html_lines import words

_NEVER_SHOWN = words(
    "script style template noscript svg math-annotation head title meta link object embed applet "
    "iframe canvas audio video map datalist noframes xmp"
)
_FURNITURE = words("nav aside button input select option textarea menu dialog")
_OUTER_FURNITURE = frozenset(["header", "footer"])
_FURNITURE_ROLES = words(
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar "
    "tablist"
)
_FURNITURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menus?|sidebars?|sphinxsidebar|breadcrumbs?|cookies?"
    r"|share|sharing|sharebar|social|related|comments?|commentlist|disqus\w*|respond|footer|adverts?"
    r"|advertisements?|ads?|adsense|sponsored|promos?|newsletter|subscribe|signup|popup|modal"
    r"|masthead|skip-?(?:link|nav|to-content)|pagination|pager|toolbar|tags|taglist|topics"
    r"|recommended|recommendations|most-?(?:read|popular)|trending|outbrain|taboola|login"
    r"|toc(?!-backref)"
    r"|table-of-contents|screen-reader-text|sr-only|visually-?hidden|print-?only)(?=$|[\s_-])",
    re.IGNORECASE,
)
# Names of the content itself, which may stand beside those: "article-body pagination-first".
_CONTENT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:article|story|post|entry|page|main)[_-]?(?:body|content|text)(?=$|[\s_-])",
    re.IGNORECASE,
)
_PERMALINK_CLASS = re.compile(
    r"(?:^|\s)(?:headerlink|anchor-?link|permalink|viewcode-link|hash-link|anchor)(?:$|\s)"
)
_PERMALINKS = frozenset("¶#§🔗")
_HIDDEN_STYLE = re.compile(r"\b(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_CONTENT_ROLES = frozenset(["main", "article"])
_PROSE = words("p pre blockquote li dd td h1 h2 h3 h4 h5 h6")
_HEADINGS = words("h1 h2 h3 h4 h5 h6")
_LISTS = words("ul ol dl table div section p tr")

_LONG_RUN_CHARS = 60
_MAX_CLASS_SHARE = 0.5
_MIN_LINKS = 4
_MAX_LINK_SHARE = 0.75
_MIN_CONTENT_SHARE = 0.25
_MOST_PROSE = 0.85


@dataclass(slots=True)
class _Measure:
    """How much text an element holds, in characters without white space at the ends."""

    chars: int = 0
    linked: int = 0
    links: int = 0
    prose: int = 0
    has_content: bool = False


@dataclass(slots=True)
class Content:
    """The element that holds what a page says, and the ids of the elements in it that do not."""

    root: Tag
    left_out: set[int] = field(default_factory=set)


def walk(root: Tag, left_out: set[int]) -> Iterator[tuple[Tag | NavigableString, bool]]:
    """All that ``root`` holds, in order: (string, True), (element, True) ... (element, False).

    Elements whose id is in ``left_out`` are passed over. Without recursion, since pages nest as
    deeply as they like.
    """
    stack = [iter(root.contents)]
    open_tags: list[Tag] = []
    while stack:
        for node in stack[-1]:
            if isinstance(node, Tag):
                if id(node) in left_out:
                    continue
                yield node, True
                stack.append(iter(node.contents))
                open_tags.append(node)
                break
            # Comments, doctypes and the like are strings of other classes.
            if isinstance(node, NavigableString) and type(node) in (NavigableString, CData):
                yield node, True
        else:
            stack.pop()
            if open_tags:
                yield open_tags.pop(), False


def find_content(soup: BeautifulSoup) -> Content:
    """Choose the part of a parsed page that a reader came for."""
    body = soup.body or soup
    unseen = {id(tag) for tag in _tags(body) if _is_unseen(tag)}
    measures = _measure(body, unseen)
    total = measures[id(body)].chars
    root = _declared_content(body, measures)
    declared = root is not None
    if root is None:
        root = body
    furniture = _furniture(root, measures, outer=not declared)
    if not declared:
        measures = _measure(root, unseen | furniture)
        root = _densest(root, measures)
        furniture |= _link_lists(root, measures, unseen | furniture)
    elif _measure(root, unseen | furniture)[id(root)].chars * 50 < total:
        root, furniture = body, set()
    content = Content(root, unseen | furniture)
    if not _has_text(content):
        content = Content(body, unseen)
    if not _has_text(content):
        content = Content(body, {id(tag) for tag in _tags(body) if tag.name in _NEVER_SHOWN})
    return content


def whole_content(soup: BeautifulSoup) -> Content:
    """All that a page shows."""
    body = soup.body or soup
    return Content(body, {id(tag) for tag in _tags(body) if _is_unseen(tag)})


def _tags(root: Tag) -> Iterator[Tag]:
    """All elements below ``root``: what ``find_all(True)`` gives, in half its time."""
    return (node for node in root.descendants if isinstance(node, Tag))


def _has_text(content: Content) -> bool:
    return any(
        isinstance(node, NavigableString) and node.strip()
        for node, _ in walk(content.root, content.left_out)
    )


def _is_unseen(tag: Tag) -> bool:
    """Whether a browser shows nothing of this element, or only a sign to click on."""
    if tag.name in _NEVER_SHOWN:
        return True
    attributes = tag.attrs
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        # Some sites hide the whole page until a script has run.
        return tag.name not in ("body", "main", "article")
    style = attributes.get("style")
    if style and _HIDDEN_STYLE.search(str(style)):
        return tag.name not in ("body", "main", "article")
    if tag.name == "a":
        if _PERMALINK_CLASS.search(str(attributes.get("class", ""))):
            # Some sites wrap the whole heading in such a link.
            return len(tag.get_text()) < 3 or "viewcode" in str(attributes["class"])
        return len(tag.contents) == 1 and tag.string in _PERMALINKS
    return False


def _measure(root: Tag, left_out: set[int]) -> dict[int, _Measure]:
    """The measures of ``root`` and of each element in it, by id."""
    measures = {id(root): _Measure()}
    open_measures = [measures[id(root)]]
    in_link = in_prose = 0
    for node, entering in walk(root, left_out):
        if isinstance(node, NavigableString):
            chars = len(node.strip())
            inner = open_measures[-1]
            inner.chars += chars
            if in_link:
                inner.linked += chars
            elif in_prose or chars >= _LONG_RUN_CHARS:
                inner.prose += chars
        elif entering:
            in_link += node.name == "a"
            in_prose += node.name in _PROSE
            inner = _Measure(links=int(node.name == "a"), has_content=_is_content(node))
            measures[id(node)] = inner
            open_measures.append(inner)
        else:
            in_link -= node.name == "a"
            in_prose -= node.name in _PROSE
            inner = open_measures.pop()
            outer = open_measures[-1]
            outer.chars += inner.chars
            outer.linked += inner.linked
            outer.links += inner.links
            outer.prose += inner.prose
            outer.has_content = outer.has_content or inner.has_content
    return measures


def _is_content(tag: Tag) -> bool:
    return (
        tag.name in ("h1", "main", "article")
        or tag.attrs.get("role") in _CONTENT_ROLES
        or tag.attrs.get("itemprop") == "articleBody"
    )


def _declared_content(body: Tag, measures: dict[int, _Measure]) -> Tag | None:
    """The page's main element or article, whichever says most, or None."""
    found = {"main": body, "article": body}
    prose = {"main": 0, "article": 0}
    for tag in _tags(body):
        measure = measures.get(id(tag))
        if measure is None:
            continue
        for wanted in found:
            declares = tag.name == wanted or tag.attrs.get("role") == wanted
            if declares and measure.prose > prose[wanted]:
                found[wanted], prose[wanted] = tag, measure.prose
    # An article inside main is the better choice, unless main holds several.
    if prose["main"] and 4 * prose["article"] <= 3 * prose["main"]:
        return found["main"]
    # A page may also be made of small articles, each a teaser.
    return found["article"] if 3 * prose["article"] > measures[id(body)].prose else None


def _furniture(root: Tag, measures: dict[int, _Measure], *, outer: bool) -> set[int]:
    """What stands around the content, by element, role, and what its class or id says.

    ``outer`` says that ``root`` is the whole page, whose header and footer are the site's.
    """
    total = measures[id(root)]
    found: set[int] = set()
    for tag in _tags(root):
        name = tag.name
        if name in _FURNITURE or tag.attrs.get("role") in _FURNITURE_ROLES:
            found.add(id(tag))
            continue
        measure = measures.get(id(tag))
        if measure is None:
            continue
        if outer and name in _OUTER_FURNITURE:
            if not measure.has_content or measure.prose * 10 < total.prose:
                found.add(id(tag))
        elif tag.attrs and name not in ("body", "main", "article", "h1", "pre", "code"):
            said = str(tag.attrs.get("class", ""))
            if not _is_headed_section(tag):
                said += f" {tag.attrs.get('id', '')}"
            if (
                _FURNITURE_CLASS.search(said)
                and not measure.has_content
                and not _CONTENT_CLASS.search(said)
                and measure.chars <= _MAX_CLASS_SHARE * total.chars
                and measure.prose <= _MAX_CLASS_SHARE * total.prose
            ):
                found.add(id(tag))
    return found


def _is_headed_section(tag: Tag) -> bool:
    """Whether it is a section under a heading of its own: its id then tells what it is about, be it
    cookies or comments.
    """
    if tag.name != "section" and "section" not in str(tag.attrs.get("class", "")).split():
        return False
    return any(isinstance(child, Tag) and child.name in _HEADINGS for child in tag.contents)


def _densest(root: Tag, measures: dict[int, _Measure]) -> Tag:
    """The innermost element that holds most of the prose: pages wrap their article in boxes."""
    wanted = _MOST_PROSE * measures[id(root)].prose
    if not wanted:
        return root
    while True:
        for child in root.contents:
            if (
                isinstance(child, Tag)
                and child.name
                in ("div", "section", "article", "main", "table", "tbody", "tr", "td")
                and id(child) in measures
                and measures[id(child)].prose >= wanted
            ):
                root = child
                break
        else:
            return root


def _link_lists(root: Tag, measures: dict[int, _Measure], left_out: set[int]) -> set[int]:
    """Boxes that are little but links, unless the page is such a list as a whole."""
    found = {
        id(tag)
        for tag in root.find_all(list(_LISTS))
        if id(tag) in measures
        and measures[id(tag)].links >= _MIN_LINKS
        and measures[id(tag)].linked > _MAX_LINK_SHARE * measures[id(tag)].chars
        and not measures[id(tag)].has_content
    }
    if not found:
        return found
    left = _measure(root, left_out | found)[id(root)].chars
    return found if left >= _MIN_CONTENT_SHARE * measures[id(root)].chars else set()
