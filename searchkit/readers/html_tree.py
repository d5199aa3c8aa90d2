"""Which elements of a page are worth a place in its tree?

bs4 over lxml, with a builder that leaves out what no reader of the page sees, and inline elements
that mean nothing to a search: their text stays, in one string with what stands around them. Of the
elements of a documentation page that is two thirds, and making them is most of the time that
reading it takes.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import Tag

from searchkit.readers.html_lines import words
from searchkit.readers.html_names import names_furniture

JSON_LD = "application/ld+json"

_NEVER_SHOWN = words(
    "script style template noscript svg math-annotation object embed applet iframe canvas audio "
    "video map datalist noframes xmp"
)
_CONTROLS = words("button input select option textarea menu dialog")
_TRANSPARENT = words(
    "span em strong b i code tt font u small big sub sup cite abbr acronym kbd samp var q mark ins "
    "del s strike bdi bdo wbr dfn ruby rb label data nobr picture source"
)
# Some sites hide the whole page until a script has run.
_NEVER_HIDDEN = words("html head body main article")
_HIDDEN_STYLE = re.compile(r"\b(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_STATED = words("title meta link base")
_MOST_SCRIPTS, _MOST_METAS = 50, 500


@dataclass(frozen=True, slots=True)
class Parsed:
    """A page: its body, and what it says to programs.

    ``metas`` are the attributes of each ``<meta>`` and of what has an ``itemprop``; ``scripts``
    the texts of the JSON-LD scripts.
    """

    body: Tag
    title: str
    language: str
    metas: list[dict[str, str]]
    scripts: list[str]


class _Builder(LXMLTreeBuilder):
    """Makes the tree, and gathers what the page says to programs on the way.

    ``everything`` keeps what is hidden, for pages on which nothing else is left.
    """

    def __init__(self, everything: bool) -> None:
        # Classes as one string: splitting them into lists costs a tenth of the parse.
        super().__init__(multi_valued_attributes=None)
        self._everything = everything
        self._unseen = 0
        self._script: list[str] | None = None
        self._made: list[bool] = []
        self._title: list[str] | None = None
        self.scripts: list[str] = []
        self.metas: list[dict[str, str]] = []
        self.language = ""
        self.title = ""

    def start(
        self, tag: str | bytes, attrib: Mapping[Any, Any], nsmap: Mapping[Any, Any] = {}
    ) -> None:
        if self._unseen:
            self._unseen += 1
            return
        name = str(tag)
        if name in _NEVER_SHOWN:
            self._unseen = 1
            if name == "script" and str(attrib.get("type", "")).strip().lower() == JSON_LD:
                self._script = []
            return
        if name in _STATED:
            self._state(name, attrib)
            return
        if not self._everything and (name in _CONTROLS or (attrib and _is_hidden(name, attrib))):
            self._unseen = 1
            return
        if "itemprop" in attrib and len(self.metas) < _MOST_METAS:
            self.metas.append(dict(attrib))
        if name == "html":
            self.language = str(attrib.get("lang") or attrib.get("xml:lang") or "")
        if name in _TRANSPARENT and not (
            attrib and ("id" in attrib or names_furniture(attrib.get("class", "")))
        ):
            self._made.append(False)
            return
        self._made.append(True)
        assert self.soup is not None
        self.soup.handle_starttag(name, None, None, dict(attrib))

    def _state(self, name: str, attrib: Mapping[Any, Any]) -> None:
        """Note what the head of the page says; none of it is shown."""
        self._unseen = 1
        if name == "title":
            if not self.title:
                self._title = []
        elif name == "meta" and len(self.metas) < _MOST_METAS:
            self.metas.append(dict(attrib))
        elif name == "link" and attrib.get("rel") == "canonical":
            self.metas.append({"rel": "canonical", "content": str(attrib.get("href", ""))})

    def end(self, tag: str | bytes) -> None:
        if self._unseen:
            self._unseen -= 1
            if not self._unseen and self._script is not None:
                if len(self.scripts) < _MOST_SCRIPTS:
                    self.scripts.append("".join(self._script))
                self._script = None
            if not self._unseen and self._title is not None:
                self.title = "".join(self._title).strip()
                self._title = None
        elif self._made.pop():
            assert self.soup is not None
            self.soup.handle_endtag(str(tag))

    def data(self, data: str | bytes) -> None:
        if not self._unseen:
            assert self.soup is not None
            self.soup.handle_data(str(data))
        elif self._script is not None:
            self._script.append(str(data))
        elif self._title is not None:
            self._title.append(str(data))

    def comment(self, text: str | bytes) -> None:
        """Comments say nothing."""

    def pi(self, target: str, data: str) -> None:
        """Nor do instructions to programs."""

    def doctype(self, name: str, pubid: str, system: str) -> None:
        """Nor does the kind of page."""


def parse(html: str, *, everything: bool = False) -> Parsed:
    """Parse a page.

    Raises ``ValueError`` or ``AssertionError`` where it cannot be parsed.
    """
    builder = _Builder(everything)
    with warnings.catch_warnings():
        # bs4 warns of pages that look like a URL, a file name or XML; they are pages all the same.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(html, builder=builder)
    return Parsed(
        soup.body or soup, builder.title, builder.language, builder.metas, builder.scripts
    )


def _is_hidden(name: str, attributes: Mapping[Any, Any]) -> bool:
    if name in _NEVER_HIDDEN:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return bool(style and _HIDDEN_STYLE.search(style))
