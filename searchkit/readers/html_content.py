"""Which part of a page is what it says, and which is what stands around it?

Navigation, forms, banners and the like are left out. Where that would leave nothing, all counts:
a page with text is never empty.
"""

from __future__ import annotations

from searchkit.readers.html_boxes import Box, Page, Run, inside, measure
from searchkit.readers.html_lines import words
from searchkit.readers.html_names import names_furniture

_FURNITURE = words("nav aside")
_OUTER_FURNITURE = frozenset(["header", "footer"])
_FURNITURE_ROLES = words(
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar "
    "tablist"
)
_NEVER_NAMED = words("body main article h1 pre code")
_LISTS = words("ul ol dl table div section p tr")
_WRAPPERS = words("div section article main table tbody tr td form")

_MAX_CLASS_SHARE = 0.5
_MIN_LINKS = 4
_MAX_LINK_SHARE = 0.75
_MIN_CONTENT_SHARE = 0.25
_MOST_PROSE = 0.85
# A declared content that holds less than this share of the page is a mistake.
_LEAST_DECLARED = 0.02


def find_content(page: Page) -> Box:
    """The box that holds what a reader came for; furniture in it is put out."""
    body = page.boxes[0]
    all_chars = body.chars
    root = _declared_content(page)
    _mark_furniture(page, root or body, outer=root is None)
    measure(page)
    if root is None:
        root = _densest(page, body)
        _mark_link_lists(page, root)
    elif root.chars < _LEAST_DECLARED * all_chars:
        root = body
        for box in page.boxes:
            box.out = False
    return root


def content_runs(page: Page, root: Box) -> list[Run]:
    """The runs in ``root`` that are not out; all of the page where that leaves none."""
    runs = [run for run in page.runs[root.first : root.last] if not run.box.out]
    return runs or page.runs


def _declared_content(page: Page) -> Box | None:
    """The page's main element or article, whichever says most, or None."""
    found: dict[str, Box] = {}
    prose = {"main": 0, "article": 0}
    for box in page.boxes:
        for wanted in prose:
            if (box.name == wanted or box.role == wanted) and box.prose > prose[wanted]:
                found[wanted], prose[wanted] = box, box.prose
    # An article inside main is the better choice, unless main holds several.
    if prose["main"] and 4 * prose["article"] <= 3 * prose["main"]:
        return found["main"]
    # A page may also be made of small articles, each a teaser.
    return found.get("article") if 3 * prose["article"] > page.boxes[0].prose else None


def _mark_furniture(page: Page, root: Box, *, outer: bool) -> None:
    """What stands around the content, by element, role, and what its class or id says.

    ``outer`` says that ``root`` is the whole page, whose header and footer are the site's.
    """
    for box in inside(page, root):
        name = box.name
        if name in _FURNITURE or box.role in _FURNITURE_ROLES:
            box.out = True
        elif outer and name in _OUTER_FURNITURE:
            box.out = not box.has_content or box.prose * 10 < root.prose
        elif box.attributes and name not in _NEVER_NAMED:
            box.out = (
                (names_furniture(box.said) or (_is_named(box) and names_furniture(box.name_id)))
                and not box.has_content
                and box.chars <= _MAX_CLASS_SHARE * root.chars
                and box.prose <= _MAX_CLASS_SHARE * root.prose
            )


def _is_named(box: Box) -> bool:
    """Whether its id tells what it is: that of a section under a heading of its own tells what it
    is about, be it cookies or comments.
    """
    return not (box.heads and (box.name == "section" or "section" in box.said.split()))


def _densest(page: Page, root: Box) -> Box:
    """The innermost box that holds most of the prose: pages wrap their article in boxes."""
    wanted = _MOST_PROSE * root.prose
    if not wanted:
        return root
    for box in page.boxes:
        if box.parent is root and not box.out and box.name in _WRAPPERS and box.prose >= wanted:
            root = box
    return root


def _mark_link_lists(page: Page, root: Box) -> None:
    """Boxes that are little but links, unless the page is such a list as a whole."""
    found = [
        box
        for box in inside(page, root)
        if not box.out
        and box.name in _LISTS
        and box.links >= _MIN_LINKS
        and box.linked > _MAX_LINK_SHARE * box.chars
        and not box.has_content
    ]
    put_out(page, root, found, _MIN_CONTENT_SHARE)


def put_out(page: Page, root: Box, found: list[Box], least_left: float) -> None:
    """Put boxes out, unless that leaves less than this share of the prose of ``root``."""
    if not found:
        return
    prose, chars = root.prose, root.chars
    were_out = [box.out for box in page.boxes]
    for box in found:
        box.out = True
    measure(page)
    if root.prose < least_left * prose or root.chars < _MIN_CONTENT_SHARE * chars:
        for box, was_out in zip(page.boxes, were_out, strict=True):
            box.out = was_out
        measure(page)
