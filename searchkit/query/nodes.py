"""Which nodes does our syntax have besides Whoosh's?

Plugins of Whoosh's parser: taggers that find our syntax in the text, and the nodes that they make
of it.
"""

from __future__ import annotations

import re
from typing import Any

from whoosh.qparser import plugins, syntax
from whoosh.qparser.default import QueryParser
from whoosh.qparser.taggers import FnTagger, RegexTagger

from searchkit.query import syntax as expressions

SyntaxNode = Any
"""A node of Whoosh's syntax tree; Whoosh has no types."""

Open = plugins.GroupPlugin.OpenBracket
Close = plugins.GroupPlugin.CloseBracket
Field = syntax.FieldnameNode
Boost = plugins.BoostPlugin.BoostNode
Phrase = plugins.PhrasePlugin.PhraseNode
"""``text`` begins at ``textstartchar``; ``slop`` counts the words that may come in between."""


class Range(syntax.TextNode):  # type: ignore[misc]
    """``[low TO high]``."""

    def __init__(self, opening: str, low: str | None, high: str | None, closing: str) -> None:
        super().__init__("")
        self.opening, self.closing = opening, closing
        self.low, self.high = ((bound or "").strip('"') for bound in (low, high))


class Pattern(syntax.TextNode):  # type: ignore[misc]
    """``conscr*``, ``te?t``."""


class Regex(syntax.TextNode):  # type: ignore[misc]
    """``/colou?r/``; ``text`` is what stands between the slashes."""

    def __init__(self, text: str) -> None:
        super().__init__(text[1:-1])


class Fuzzy(syntax.TextNode):  # type: ignore[misc]
    """``word~2``."""

    def __init__(self, text: str, distance: int) -> None:
        super().__init__(text)
        self.distance = distance


class Required(syntax.Wrapper):  # type: ignore[misc]
    """``+word``."""


class _PhraseTagger(RegexTagger):  # type: ignore[misc]
    def create(self, parser: QueryParser, match: re.Match[str]) -> SyntaxNode:
        quotes = ("straight", "curly", "angled", "sided", "inward")
        which = next(name for name in quotes if match[name] is not None)
        return Phrase(match[which], match.start(which), int(match["slop"] or 0))


class _PhrasePlugin:
    """Phrases in quotes of several kinds."""

    def taggers(self, parser: QueryParser) -> list[tuple[RegexTagger, int]]:
        return [(_PhraseTagger(expressions.PHRASE), 0)]

    def filters(self, parser: QueryParser) -> list[Any]:
        return []


class _WordPlugin:
    """Takes each range, regular expression and typed word at once, where Whoosh would go on
    character by character. What a word holds (``*``, ``~``, ``^``) is looked for later, in
    ``forms.py``: most of it is text.
    """

    def taggers(self, parser: QueryParser) -> list[tuple[RegexTagger, int]]:
        return [
            (FnTagger(expressions.REGEX, Regex, "regex"), -1),
            (FnTagger(expressions.RANGE, Range, "range"), 100),
            (FnTagger(expressions.RANGE_OF_FIELD, Range, "range"), 100),
            (FnTagger(expressions.WORD, syntax.WordNode, "word"), 200),
        ]

    def filters(self, parser: QueryParser) -> list[Any]:
        return []


class _BoostPlugin:
    """Gives brackets the boosts behind them; ``forms.py`` finds these."""

    def taggers(self, parser: QueryParser) -> list[tuple[RegexTagger, int]]:
        return []

    def filters(self, parser: QueryParser) -> list[Any]:
        return [(plugins.BoostPlugin().do_boost, 510)]


def make_parser() -> QueryParser:
    """Whoosh's parser with our syntax."""
    operator = plugins.OperatorsPlugin.OpTagger
    prefix = syntax.PrefixOperator
    return QueryParser(
        None,
        None,
        plugins=[
            _PhrasePlugin(),
            plugins.GroupPlugin(),
            plugins.FieldsPlugin(expressions.FIELD, remove_unknown=False),
            plugins.OperatorsPlugin(
                [
                    (operator(expressions.NOT, syntax.NotGroup, prefix), 0),
                    (operator(expressions.MINUS, syntax.NotGroup, prefix), 0),
                    (operator(expressions.PLUS, Required, prefix), 0),
                    (operator(expressions.AND, syntax.AndGroup), 0),
                    (operator(expressions.OR, syntax.OrGroup), 0),
                ],
                clean=True,
            ),
            _WordPlugin(),
            _BoostPlugin(),
        ],
        # Neither AndGroup nor OrGroup, into which Whoosh would merge what follows the bracket.
        group=syntax.GroupNode,
    )
