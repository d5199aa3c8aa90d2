"""What do an element's class and id say of it?

People name the parts of a page after what they are, in words that are much the same everywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MOST_CHARS = 300
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _named(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s_-])(?:{pattern})(?=$|[\s_-])", re.IGNORECASE)


_FURNITURE = _named(
    r"nav|navbar|navigation|menus?|sidebars?|sphinxsidebar|breadcrumbs?|cookies?|consent|gdpr"
    r"|share|sharing|sharebar|sharedaddy|addthis\w*|addtoany\w*|social|socials|related|relateds?"
    r"|comments?|commentlist|disqus\w*|respond|footer|adverts?|advertisements?|ads?|adsense|advert"
    r"|sponsored|promos?|promotions?|newsletters?|subscribe|subscription|signup|sign-up|popup|modal"
    r"|masthead|skip-?(?:link|nav|to-content)|pagination|pager|toolbar|tags|taglist|topics"
    r"|recommended|recommendations?|most-?(?:read|popular)|trending|outbrain|taboola|login|paywall"
    r"|toc(?!-backref)|table-of-contents|screen-reader-text|sr-only|visually-?hidden|print-?only"
    r"|linenos|linenodiv|lineno|gutter|copybtn"
)
_ARTICLE_FURNITURE = _named(
    r"by-?lines?|author|authors|author-?(?:info|bio|box|name|meta|card|details?)|about-?author"
    r"|bio|dateline|date|dates|pub-?date|publish(?:ed)?-?(?:date|on|time)|timestamp|time"
    r"|(?:post|entry|article)-?(?:meta|info|date|footer|tags|nav)|meta|metadata"
    r"|captions?|credits?|image-?(?:credit|caption)|photo-?(?:credit|caption)"
    r"|copyright|disclaimer|tool-?tip|feedback|ratings?|kicker|eyebrow|overline"
    r"|print|no-?print|utility|donate|donation|support-?us|follow|follow-?us"
    r"|callout|cta|call-?to-action|share\w*|social\w*|advert\w*|banner"
)
# The same, if there are links in it: without them it may be what the article begins with.
_LINKED_FURNITURE = _named(
    r"gallery|galleries|slideshow|carousel|slider|playlist|video-?player|player|media-?player"
    r"|read-?(?:more|next)|see-?also|more-?(?:on|from|stories|news)|also-?(?:like|read)|up-?next"
    r"|next-?(?:post|article)|prev(?:ious)?-?(?:post|article)|teasers?|recirc\w*|latest|headlines"
    r"|most-?(?:viewed|shared|recent)|popular|widgets?|breaking|infobox|related\w*|sidebar\w*"
)
# Names of the content itself, which may stand beside those: "article-body pagination-first".
_CONTENT = re.compile(
    r"(?:^|[\s_-])(?:article|story|post|entry|page|main)[_-]*(?:body|content|text)(?=$|[\s_-])",
    re.IGNORECASE,
)
_PERMALINK = re.compile(
    r"(?:^|\s)(?:headerlink|anchor-?link|permalink|viewcode-link|hash-link|anchor)(?:$|\s)"
)


@lru_cache(maxsize=4096)
def names_furniture(name: str) -> bool:
    """Whether a class or id is that of something around the content, on pages of any kind."""
    return _matches(_FURNITURE, name)


@lru_cache(maxsize=4096)
def names_article_furniture(name: str) -> bool:
    """Whether a class or id is that of something around the body of an article: byline, caption."""
    return _matches(_ARTICLE_FURNITURE, name)


@lru_cache(maxsize=4096)
def names_linked_furniture(name: str) -> bool:
    """Whether a class or id is that of something beside an article if it holds links."""
    return _matches(_LINKED_FURNITURE, name)


@lru_cache(maxsize=4096)
def names_permalink(name: str) -> bool:
    """Whether a class is that of a sign beside a heading, which links to it."""
    return bool(name) and _PERMALINK.search(name) is not None


def _matches(pattern: re.Pattern[str], name: str) -> bool:
    if not name:
        return False
    parted = _HUMP.sub("-", name[:_MOST_CHARS])
    return pattern.search(parted) is not None and not _CONTENT.search(parted)
