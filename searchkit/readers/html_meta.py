"""What does a page tell programs about itself?

JSON-LD, OpenGraph, and what else stands in ``<meta>``. None of it is to be trusted: it may be
broken, of any shape and size, or about something else.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from searchkit.readers.fields import clean
from searchkit.readers.html_dates import stated_date
from searchkit.readers.html_lines import words
from searchkit.readers.titles import one_line

_MOST_OBJECTS = 2000
_MOST_AUTHORS, _MOST_TAGS = 20, 50
_MOST_BYLINE_CHARS = 1000
_MAX_NAME_CHARS, _MAX_TAG_CHARS, _MAX_TAG_WORDS = 80, 60, 6

_ARTICLE_TYPE = re.compile(r"(?:^|/)\w*(?:article|blogposting|posting|report|claimreview)$", re.I)
_DATES = words(
    "article:published_time article:published og:article:published_time og:published_time "
    "og:pubdate datepublished date dc.date dc.date.issued dc.date.created dcterms.date "
    "dcterms.created dcterms.issued dc.created citation_publication_date citation_date "
    "citation_online_date parsely-pub-date sailthru.date pubdate pub_date pdate publishdate "
    "publish-date publish_date published-date published_at published publication_date "
    "article_date_original article.published article_published article.created created "
    "originalpublicationdate date_published bt:pubdate cxenseparse:recs:publishtime"
)
_AUTHORS = words(
    "author article:author og:article:author dc.creator dcterms.creator dc.creator.creator "
    "citation_author parsely-author sailthru.author byl article_author author_name"
)
_TAGS = words("article:tag og:article:tag keywords news_keywords citation_keywords dc.subject")
_TITLES = words("og:title twitter:title dc.title citation_title sailthru.title parsely-title")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?(?![A-Za-z])")
_BY = re.compile(r"^(?:(?:\w+ )?by|von|par|por|di|от)[:\s]+", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[,;&]\s*(?:and\s+)?|\s+and\s+")
_ROLE = re.compile(
    r"\b(?:writer|editor(?:-at-large|-in-chief)?|reporter|correspondent|columnist|contributor"
    r"|producer|analyst|critic)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"://|^/|\.(?:txt|html?)$", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
_WRAPPERS = (("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>"))
_NOBODY: Mapping[str, dict[str, Any]] = {}
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_GENERATORS = re.compile(
    r"sphinx|docutils|mkdocs|docusaurus|gitbook|vitepress|vuepress|mdbook|antora|doxygen|javadoc"
    r"|rustdoc|jsdoc|docsify|starlight|readthedocs|nextra|asciidoctor|pdoc|pydoctor|typedoc",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Meta:
    """What a page states, "" and empty where it states nothing.

    ``titles`` are in the order of trust; ``site`` are the names of the site it is on.
    ``is_article``: it says that it is one; ``is_documentation``: it was made by a program that
    makes documentation.
    """

    titles: list[str] = field(default_factory=list)
    site: list[str] = field(default_factory=list)
    authors: tuple[str, ...] = ()
    published: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    is_article: bool = False
    is_documentation: bool = False


def read_meta(metas: list[dict[str, str]], scripts: list[str], language: str) -> Meta:
    """``metas`` are the attributes of elements that have a content; ``scripts`` the JSON-LD ones;
    ``language`` is what the root element says.
    """
    named = list(_named(metas))
    values: dict[str, str] = {}
    for name, value in named:
        values.setdefault(name, value)
    objects = list(_objects(scripts))
    articles = [one for one in objects if _is_article(one)]
    pages = [one for one in objects if "webpage" in _types(one).casefold()]
    meta = Meta()
    meta.is_article = (
        bool(articles)
        or values.get("og:type", "").casefold().startswith("article")
        or "article:published_time" in values
    )
    meta.is_documentation = _GENERATORS.search(values.get("generator", "")) is not None
    meta.titles = _distinct(
        [
            *(text for one in articles for text in _texts(one.get("headline"))),
            *(values[name] for name in ("og:title", "twitter:title") if name in values),
            *(value for name, value in named if name in _TITLES),
        ]
    )
    sites = [values.get("og:site_name", ""), values.get("application-name", "")]
    for one in articles:
        sites += _names(one.get("publisher"))
    for one in objects:
        if _types(one) in ("WebSite", "Organization", "NewsMediaOrganization"):
            sites += _names(one.get("name"))
    sites += _hosts(values.get("og:url", ""), values.get("canonical", ""))
    meta.site = _distinct(sites)
    dates = [stated_date(text) for one in articles for text in _texts(one.get("datePublished"))]
    dates += [stated_date(value) for name, value in named if name in _DATES]
    dates += [stated_date(text) for one in pages for text in _texts(one.get("datePublished"))]
    dates += [stated_date(text) for one in articles for text in _texts(one.get("dateCreated"))]
    meta.published = next(filter(None, dates), "")
    people = {one["@id"]: one for one in objects if isinstance(one.get("@id"), str)}
    authors = [name for one in articles for name in _names(one.get("author"), people)]
    authors = authors or [value for name, value in named if name in _AUTHORS]
    authors = authors or [name for one in pages for name in _names(one.get("author"), people)]
    meta.authors = clean_authors(authors)
    tags = [value for name, value in named if name in _TAGS]
    for one in articles:
        tags += _texts(one.get("keywords"))
    meta.tags = tuple(_tags(tags))
    for said in (
        language,
        values.get("content-language", ""),
        values.get("og:locale", ""),
        values.get("dc.language", ""),
        *(text for one in articles for text in _texts(one.get("inLanguage"))),
    ):
        if tag := language_tag(said):
            meta.language = tag
            break
    meta.description = values.get("description", "") or values.get("og:description", "")
    return meta


def language_tag(said: str) -> str:
    """The tag of BCP 47 that ``said`` begins with, "" if it is none."""
    match = _LANGUAGE.match(said.strip())
    if match is None:
        return ""
    language, script, region = match.groups()
    parts = [language.lower(), (script or "").title(), (region or "").upper()]
    return "-".join(part for part in parts if part)


def clean_authors(said: Iterable[str]) -> tuple[str, ...]:
    """Names, each once, from bylines; addresses are none."""
    names: list[str] = []
    for line in said:
        line = _BY.sub("", one_line(line[:_MOST_BYLINE_CHARS])).strip(" ,;|")
        first, *others = _SEVERAL.split(line)
        # "Jane Roe, AP Sports Writer" says what she is.
        parts = [first, *(part for part in others if not _ROLE.search(part))]
        # "Jane Roe and Sam Hill" are two, "Jane Roe, M.D." is one.
        names += parts if len(parts) == 1 or all(" " in part for part in parts) else [line]
    kept = [
        name
        for name in names
        if name and len(name) <= _MAX_NAME_CHARS and not _ADDRESS.search(name)
    ]
    return tuple(_distinct(kept)[:_MOST_AUTHORS])


def _named(metas: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Pairs (name in lower case, content) in the order of the page."""
    for attributes in metas:
        value = attributes.get("content") or attributes.get("datetime")
        if not value:
            continue
        for kind in ("property", "name", "itemprop", "http-equiv", "rel"):
            if name := attributes.get(kind):
                yield name.strip().lower(), one_line(html.unescape(value))


def _objects(scripts: list[str]) -> Iterator[dict[str, Any]]:
    """All objects with a type in the scripts, however they lie in each other, outer ones first."""
    left = _MOST_OBJECTS
    for script in scripts:
        waiting = [_parsed(script)]
        while waiting and left:
            one = waiting.pop()
            if isinstance(one, list):
                waiting += reversed(one[:_MOST_OBJECTS])
            elif isinstance(one, dict):
                left -= 1
                if "@type" in one:
                    yield one
                waiting += [
                    value for value in reversed(one.values()) if isinstance(value, dict | list)
                ]


def _parsed(script: str) -> object:
    script = script.strip()
    for opening, closing in _WRAPPERS:
        script = script.removeprefix(opening).removesuffix(closing).strip()
    script = script.rstrip(";")
    for text in (script, _TRAILING_COMMA.sub("", script)):
        try:
            # Line breaks in strings are the commonest mistake.
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _types(one: dict[str, Any]) -> str:
    kinds = one.get("@type")
    if isinstance(kinds, list):
        kinds = next((kind for kind in kinds if isinstance(kind, str)), "")
    return kinds if isinstance(kinds, str) else ""


def _is_article(one: dict[str, Any]) -> bool:
    kinds = one.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in listed)


def _texts(value: object) -> list[str]:
    """The strings that a property holds: one, several, or as the value of an object."""
    found = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            one = one.get("@value")
        if isinstance(one, str) and one.strip():
            found.append(_MARKUP.sub(" ", html.unescape(clean(one))).strip())
    return found


def _names(value: object, known: Mapping[str, dict[str, Any]] = _NOBODY) -> list[str]:
    """The names of the people or organisations that a property holds, or points to among those that
    are ``known`` by their "@id".
    """
    found = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            named = one if "name" in one else known.get(str(one.get("@id")), one)
            found += _texts(named.get("name"))
        else:
            found += _texts(one)
    return found


def _tags(said: list[str]) -> list[str]:
    """Keywords from lists of them: what is a sentence, a number or a setting is none."""
    found = []
    for line in said:
        for part in line.split(";" if ";" in line else ","):
            tag = part.strip(" #\"'")
            is_keyword = (
                0 < len(tag) <= _MAX_TAG_CHARS
                and len(tag.split()) <= _MAX_TAG_WORDS
                and any(map(str.isalpha, tag))
                and not any(sign in tag for sign in (":", "=", "_", "://"))
            )
            if is_keyword:
                found.append(tag)
    return _distinct(found)[:_MOST_TAGS]


def _hosts(*urls: str) -> list[str]:
    """What the addresses call the site: "nytimes" for https://www.nytimes.com/2019/."""
    found = []
    for url in urls:
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            continue
        parts = [part for part in host.split(".") if part != "www"]
        if len(parts) > 1:
            found += [host.removeprefix("www."), max(parts[:-1], key=len)]
    return found


def _distinct(texts: Iterable[str]) -> list[str]:
    """Each text once, whatever its case; none that is empty."""
    kept: dict[str, str] = {}
    for text in texts:
        if text:
            kept.setdefault(text.casefold(), text)
    return list(kept.values())
