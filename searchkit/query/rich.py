"""The long road: a query with syntax goes through Whoosh's parser.

Whoosh tags the text (its lexer), groups it by brackets, fields and operators (its filters), and
that syntax tree is translated into ours. Between tagging and filtering, what Whoosh would drop or
rewrite without a word is mended (``mending.py``). No other module sees Whoosh's nodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from whoosh.qparser import plugins, syntax
from whoosh.qparser.default import QueryParser
from whoosh.qparser.taggers import FnTagger

from searchkit.analysis import Analyzer
from searchkit.analysis.unspaced import without_tails
from searchkit.metadata import MetadataField, MetadataKind
from searchkit.query import syntax as expressions
from searchkit.query.asked import Notices, Word, quoted
from searchkit.query.clauses import (
    all_of,
    any_of,
    connected_clauses,
    phrase_clause,
    typed_words,
    without,
)
from searchkit.query.mending import (
    AS_TEXT,
    SyntaxNode,
    Values,
    balance,
    note_unsupported,
    resolve_fields,
    resolve_operators,
    values_of,
)
from searchkit.query.metadata import NoValueError, is_filter, range_clause, value_clause
from searchkit.schema import FIELDS
from searchkit.tree import NOTHING, Node

_Phrase = plugins.PhrasePlugin.PhraseNode
_WORD = re.compile(expressions.WORD)


class _Range(syntax.TextNode):  # type: ignore[misc]
    """``[low TO high]``."""

    def __init__(self, opening: str, low: str | None, high: str | None, closing: str) -> None:
        super().__init__("")
        self.opening, self.low, self.high, self.closing = opening, low or "", high or "", closing


class _WordPlugin:
    """Takes each range and each typed word at once, where Whoosh would go on character by
    character.
    """

    def taggers(self, parser: QueryParser) -> list[tuple[FnTagger, int]]:
        return [
            (FnTagger(expressions.RANGE, _Range, "range"), 100),
            (FnTagger(expressions.WORD, syntax.WordNode, "word"), 200),
        ]

    def filters(self, parser: QueryParser) -> list[Any]:
        return []


def _make_parser() -> QueryParser:
    operator = plugins.OperatorsPlugin.OpTagger
    return QueryParser(
        None,
        None,
        plugins=[
            plugins.PhrasePlugin(expressions.PHRASE),
            plugins.GroupPlugin(),
            plugins.FieldsPlugin(expressions.FIELD, remove_unknown=False),
            plugins.OperatorsPlugin(
                [
                    (operator(expressions.NOT, syntax.NotGroup, syntax.PrefixOperator), 0),
                    (operator(expressions.AND, syntax.AndGroup), 0),
                    (operator(expressions.OR, syntax.OrGroup), 0),
                ],
                clean=True,
            ),
            _WordPlugin(),
        ],
        # Neither AndGroup nor OrGroup, into which Whoosh would merge what follows the bracket.
        group=syntax.GroupNode,
    )


_PARSER = _make_parser()


def parse_rich(
    text: str, analyzer: Analyzer, notices: Notices, metadata: Mapping[str, MetadataField]
) -> tuple[Node, tuple[Word, ...]]:
    """The tree and words of ``text``, understood as far as it can be."""
    tagged = _PARSER.tag(text)
    nodes = [node for node in tagged if not node.is_ws()]
    known = (*FIELDS, *metadata)
    values = values_of(nodes, metadata)
    note_unsupported(nodes, known, values, notices)
    nodes = balance(nodes, notices)
    nodes = resolve_fields(nodes, known, notices)
    tagged.nodes = resolve_operators(nodes, notices)
    translation = _Translation(text, analyzer, notices, metadata, values)
    tree = translation.clause(_PARSER.filterize(tagged), loose=True, wanted=True)
    if tree is None:
        notices.add_nothing_to_search_for(len(text))
        tree = NOTHING
    return tree, tuple(sorted(translation.words, key=lambda word: word.start))


class _Translation:
    """Turns Whoosh's syntax nodes into clauses, and notes the words on the way.

    ``loose`` says that no word is required: no AND, NOT or field lies above. ``wanted`` says that
    no NOT does. What has no word gives None.
    """

    def __init__(
        self,
        text: str,
        analyzer: Analyzer,
        notices: Notices,
        metadata: Mapping[str, MetadataField],
        values: Values,
    ) -> None:
        self._text = text
        self._analyzer = analyzer
        self._notices = notices
        self._metadata = metadata
        self._values = values
        self.words: list[Word] = []

    def clause(self, node: SyntaxNode, *, loose: bool, wanted: bool) -> Node | None:
        """What ``node`` asks for."""
        if isinstance(node, syntax.TextNode):
            field = self._metadata.get(node.fieldname)
            if field is not None or isinstance(node, _Range):
                return self._value(node, field, loose=loose, wanted=wanted)
            return self._words(node, loose=loose, wanted=wanted)
        if isinstance(node, syntax.AndGroup):
            return self._and(node.nodes, wanted=wanted)
        if isinstance(node, syntax.NotGroup):
            return self._list([node], loose=loose, wanted=wanted)
        return self._list(node.nodes, loose=loose, wanted=wanted)

    def _value(
        self, node: SyntaxNode, field: MetadataField | None, *, loose: bool, wanted: bool
    ) -> Node | None:
        """A value of metadata, or what is written as one and is none: text."""
        start, end = node.startchar, node.endchar
        if isinstance(node, _Phrase):
            start, end = node.textstartchar, node.textstartchar + len(node.text)
        try:
            if field is not None and not isinstance(node, _Range):
                clause, words = value_clause(field, self._text, start, end, self._analyzer)
                if wanted:
                    self.words += words
                return clause
            if field is None or field.kind in (MetadataKind.TEXT, MetadataKind.KEYWORD):
                raise NoValueError("a range needs a field of numbers or dates before it")
            return range_clause(
                field, node.low, node.high, node.opening == "[", node.closing == "]"
            )
        except NoValueError as error:
            words_of_it = [
                syntax.WordNode(found[0]).set_range(start + found.start(), start + found.end())
                for found in _WORD.finditer(self._text[start:end])
            ]
            if field is None:
                for word in words_of_it:
                    word.fieldname = node.fieldname
            if self._analyzer.tokens(self._text[start:end]):
                self._notices.add(str(error), AS_TEXT, node.startchar, node.endchar)
        return self._list(words_of_it, loose=loose, wanted=wanted)

    def _words(self, node: SyntaxNode, *, loose: bool, wanted: bool) -> Node | None:
        is_phrase = isinstance(node, _Phrase)
        offset = node.textstartchar if is_phrase else node.startchar
        tokens = [
            token._replace(start=token.start + offset, end=token.end + offset)
            for token in without_tails(self._analyzer.tokens(node.text))
        ]
        if not tokens:
            return None
        if wanted:
            self.words += typed_words(self._text, tokens, node.fieldname)
        terms = [token.term for token in tokens]
        if loose and len(terms) > 1 and not is_phrase and node.fieldname is None:
            return any_of(connected_clauses(tokens, self._analyzer.stop_terms))
        return phrase_clause(terms, node.fieldname)

    def _and(self, nodes: list[SyntaxNode], *, wanted: bool) -> Node | None:
        kept: list[Node] = []
        unwanted: list[Node] = []
        for node in nodes:
            core, negated = _core(node)
            clause = self.clause(core, loose=False, wanted=wanted and not negated)
            if clause is None:
                self._note_wordless(core)
            else:
                (unwanted if negated else kept).append(clause)
        return without(all_of(kept) if kept else None, unwanted)

    def _list(self, nodes: list[SyntaxNode], *, loose: bool, wanted: bool) -> Node | None:
        """A list that requires none of its words: OR is the same as nothing in between.

        Of metadata it requires what stands by itself; not what OR joins with words, nor one of the
        values in the brackets after a field's name.
        """
        kept: list[Node] = []
        filters: list[Node] = []
        unwanted: list[Node] = []
        is_one_value = self._is_one_value(nodes)
        is_alone = len(list(_items(nodes))) == 1
        for choice in nodes:
            clauses: list[Node] = []
            for node in _items([choice]):
                core, negated = node, False
                # Only a NOT of this very list takes from all of it: "a OR (NOT b)" does not.
                if isinstance(node, syntax.NotGroup):
                    # Beside others, NOT (NOT b) takes away what has no b: it adds nothing.
                    core, negated = _core(node) if is_alone else (node.nodes[0], True)
                clause = self.clause(
                    core, loose=loose and not negated, wanted=wanted and not negated
                )
                if clause is not None:
                    (unwanted if negated else clauses).append(clause)
                elif negated or getattr(core, "fieldname", None):
                    self._note_wordless(core)
            if clauses and not is_one_value and all(map(is_filter, clauses)):
                filters.append(any_of(clauses))
            else:
                kept += clauses
        required = [any_of(kept), *filters] if kept else filters
        return without(all_of(required) if required else None, unwanted)

    def _is_one_value(self, nodes: list[SyntaxNode]) -> bool:
        """Whether the list is one value of metadata, in brackets, or a part of it."""
        if not nodes:
            return False
        first, last = (self._values.get(_leaf(nodes, at).startchar) for at in (0, -1))
        return first is not None and first == last

    def _note_wordless(self, node: SyntaxNode) -> None:
        start, end = node.startchar, node.endchar
        typed = quoted(self._text[start:end])
        self._notices.add(f"nothing to search for in {typed}", "it was left out", start, end)


def _items(nodes: list[SyntaxNode]) -> Iterator[SyntaxNode]:
    for node in nodes:
        if isinstance(node, syntax.OrGroup):
            yield from node.nodes
        else:
            yield node


def _core(node: SyntaxNode) -> tuple[SyntaxNode, bool]:
    """``node`` without the NOTs and idle brackets around it, and whether it is negated."""
    negated = False
    while True:
        if isinstance(node, syntax.NotGroup):
            negated = not negated
        elif type(node) is not syntax.GroupNode or len(node.nodes) != 1:
            return node, negated
        node = node.nodes[0]


def _leaf(nodes: list[SyntaxNode], at: int) -> SyntaxNode:
    """The first (0) or the last (-1) word, phrase or range among ``nodes`` and below them."""
    node = nodes[at]
    while isinstance(node, syntax.GroupNode) and node.nodes:
        node = node.nodes[at]
    return node
