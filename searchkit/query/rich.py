"""The long road: a query with syntax goes through Whoosh's parser.

Whoosh tags the text (its lexer), groups it by brackets, fields and operators (its filters), and
that syntax tree is translated into ours. Between tagging and filtering, what Whoosh would drop or
rewrite without a word is noticed: stray brackets and quotes, unknown fields, operators without
operand. This is the only module that sees Whoosh's nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.qparser import plugins, syntax
from whoosh.qparser.default import QueryParser
from whoosh.qparser.taggers import FnTagger

from searchkit.analysis import Analyzer
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
from searchkit.schema import FIELDS
from searchkit.tree import NOTHING, Node

_DEEPEST = 50
"""Brackets nested deeper are text: translation recurses, and no one reads such a query."""

_AS_TEXT = "searched for as text"

_Open = plugins.GroupPlugin.OpenBracket
_Close = plugins.GroupPlugin.CloseBracket
_Field = syntax.FieldnameNode
_Phrase = plugins.PhrasePlugin.PhraseNode

SyntaxNode = Any
"""A node of Whoosh's syntax tree; Whoosh has no types."""


class _WordPlugin:
    """Takes each typed word at once, where Whoosh would go on character by character."""

    def taggers(self, parser: QueryParser) -> list[tuple[FnTagger, int]]:
        return [(FnTagger(expressions.WORD, syntax.WordNode, "word"), 200)]

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


def parse_rich(text: str, analyzer: Analyzer, notices: Notices) -> tuple[Node, tuple[Word, ...]]:
    """The tree and words of ``text``, understood as far as it can be."""
    tagged = _PARSER.tag(text)
    nodes = [node for node in tagged if not node.is_ws()]
    _note_unsupported(nodes, notices)
    nodes = _balance(nodes, notices)
    nodes = _resolve_fields(nodes, notices)
    nodes = _resolve_operators(nodes, notices)
    tagged.nodes = nodes
    translation = _Translation(text, analyzer, notices)
    tree = translation.clause(_PARSER.filterize(tagged), loose=True, wanted=True)
    if tree is None:
        notices.add_nothing_to_search_for(len(text))
        tree = NOTHING
    return tree, tuple(sorted(translation.words, key=lambda word: word.start))


def _note_unsupported(nodes: list[SyntaxNode], notices: Notices) -> None:
    """Notes what means something in other query languages, and is text in ours."""
    for i, node in enumerate(nodes):
        if type(node) is not syntax.WordNode or "://" in node.text:
            continue
        text = node.text
        before = nodes[i - 1] if i else None
        after = nodes[i + 1] if i + 1 < len(nodes) else None
        attached = before is not None and before.endchar == node.startchar
        problem = None
        if text in expressions.FOREIGN_OPERATORS:
            problem = f"{text} is not an operator here"
        elif text == "TO" and _is_range_start(before):
            problem = "ranges are not supported yet"
        elif expressions.FIELD_WITHOUT_VALUE.fullmatch(text):
            problem = f"nothing follows {quoted(text)} directly"
        elif (
            attached
            and isinstance(before, (_Phrase, _Close))
            and expressions.WEIGHT_OR_SLOP.fullmatch(text)
        ):
            problem = f"{quoted(text)} after a phrase or bracket is not supported yet"
        elif (
            expressions.SIGN.fullmatch(text)
            and (not attached or isinstance(before, _Open))
            and (len(text) > 1 or (after is not None and after.startchar == node.endchar))
        ):
            word = "NOT" if text[0] == "-" else "AND"
            problem = f'"{text[0]}" is not an operator here (there is {word})'
        else:
            for name, expression in expressions.UNSUPPORTED:
                if expression.search(text):
                    problem = f"{name} are not supported yet ({quoted(text)})"
                    break
        if problem:
            notices.add(problem, _AS_TEXT, node.startchar, node.endchar)


def _is_range_start(node: SyntaxNode) -> bool:
    return type(node) is syntax.WordNode and bool(expressions.RANGE_START.match(node.text))


def _balance(nodes: list[SyntaxNode], notices: Notices) -> list[SyntaxNode]:
    """Leaves out brackets and quotes that have no partner, nothing inside, or too much outside."""
    partner: dict[int, int] = {}
    too_deep: list[int] = []
    unclosed: list[int] = []
    for i, node in enumerate(nodes):
        if isinstance(node, _Open):
            unclosed.append(i)
        elif isinstance(node, _Close) and unclosed:
            start = unclosed.pop()
            if len(unclosed) < _DEEPEST:
                partner[start], partner[i] = i, start
            else:
                too_deep += start, i
    if too_deep:
        first = nodes[min(too_deep)]
        problem = f"brackets are nested deeper than {_DEEPEST}"
        notices.add(problem, "the inner ones were left out", first.startchar, first.endchar)
    left_out = set(too_deep)
    kept: list[SyntaxNode] = []
    for i, node in enumerate(nodes):
        start, end = node.startchar, node.endchar
        if i in left_out:
            continue
        if isinstance(node, (_Open, _Close)) and i not in partner:
            what = '"(" is never closed' if isinstance(node, _Open) else '")" closes no bracket'
            notices.add(f"{what} (character {start + 1})", "it was left out", start, end)
        elif type(node) is syntax.WordNode and node.text == '"':
            what = f"the quote is never closed (character {start + 1})"
            notices.add(what, "what follows was searched for as words", start, end)
        elif isinstance(node, _Close) and isinstance(kept[-1], _Open):
            opening = kept.pop()
            # As in main(): part of a word, so to speak.
            attached = kept and kept[-1].endchar == opening.startchar and _ends_operand(kept[-1])
            if not attached:
                notices.add("the brackets are empty", "they were left out", opening.startchar, end)
        else:
            kept.append(node)
    return kept


def _resolve_fields(nodes: list[SyntaxNode], notices: Notices) -> list[SyntaxNode]:
    """Makes words of names that are no fields, or that have lost what they stood before.

    An unknown field and its value become a group, as if in brackets, so that an operator before
    them still has both for its operand.
    """
    kept: list[SyntaxNode] = []
    awaiting: list[int] = []
    depth = 0
    for i, node in enumerate(nodes):
        if isinstance(node, _Field):
            start, end = node.startchar, node.endchar
            has_value = i + 1 < len(nodes) and nodes[i + 1].startchar == end
            if node.fieldname.lower() in FIELDS:
                node.fieldname = node.fieldname.lower()
            if node.fieldname not in FIELDS:
                notices.add_unknown_field(node.fieldname, start, end)
            elif not has_value:
                notices.add(f"nothing follows {quoted(node.original)}", _AS_TEXT, start, end)
            else:
                kept.append(node)
                continue
            word = _at(syntax.WordNode(node.original), start, end)
            if has_value:
                kept.append(_at(_Open(), start, start))
                awaiting.append(depth)
            kept.append(word)
            continue
        kept.append(node)
        if isinstance(node, _Open):
            depth += 1
        elif isinstance(node, _Close):
            depth -= 1
        if awaiting and awaiting[-1] == depth:
            awaiting.pop()
            kept.append(_at(_Close(), node.endchar, node.endchar))
    return kept


def _resolve_operators(nodes: list[SyntaxNode], notices: Notices) -> list[SyntaxNode]:
    """Makes words of operators that lack an operand; leaves out each NOT with the NOT it undoes."""
    kept: list[SyntaxNode] = []
    operand_follows = False
    for i in range(len(nodes) - 1, -1, -1):
        node = nodes[i]
        if isinstance(node, syntax.PrefixOperator) and operand_follows:
            if isinstance(kept[-1], syntax.PrefixOperator):
                kept.pop()
            else:
                kept.append(node)
        elif isinstance(node, syntax.Operator) and not (
            operand_follows and i and _ends_operand(nodes[i - 1])
        ):
            start, end = node.startchar, node.endchar
            notices.add(f"nothing for {node.text} to combine", _AS_TEXT, start, end)
            kept.append(_at(syntax.WordNode(node.text), start, end))
            operand_follows = False
        else:
            kept.append(node)
            operand_follows = not isinstance(node, (syntax.Operator, _Close))
    kept.reverse()
    return kept


def _ends_operand(node: SyntaxNode) -> bool:
    return isinstance(node, (syntax.TextNode, _Close))


def _at(node: SyntaxNode, start: int, end: int) -> SyntaxNode:
    node.set_range(start, end)
    return node


class _Translation:
    """Turns Whoosh's syntax nodes into clauses, and notes the words on the way.

    ``loose`` says that no word is required: no AND, NOT or field lies above. ``wanted`` says that
    no NOT does. What has no word gives None.
    """

    def __init__(self, text: str, analyzer: Analyzer, notices: Notices) -> None:
        self._text = text
        self._analyzer = analyzer
        self._notices = notices
        self.words: list[Word] = []

    def clause(self, node: SyntaxNode, *, loose: bool, wanted: bool) -> Node | None:
        """What ``node`` asks for."""
        if isinstance(node, syntax.TextNode):
            return self._words(node, loose=loose, wanted=wanted)
        if isinstance(node, syntax.AndGroup):
            return self._and(node.nodes, wanted=wanted)
        if isinstance(node, syntax.NotGroup):
            return self._list([node], loose=loose, wanted=wanted)
        return self._list(node.nodes, loose=loose, wanted=wanted)

    def _words(self, node: SyntaxNode, *, loose: bool, wanted: bool) -> Node | None:
        is_phrase = isinstance(node, _Phrase)
        offset = node.textstartchar if is_phrase else node.startchar
        tokens = [
            token._replace(start=token.start + offset, end=token.end + offset)
            for token in self._analyzer.tokens(node.text)
        ]
        if not tokens:
            return None
        if wanted:
            self.words += typed_words(self._text, tokens, node.fieldname)
        terms = [token.term for token in tokens]
        if loose and len(terms) > 1 and not is_phrase and node.fieldname is None:
            return any_of(connected_clauses(terms, self._analyzer.stop_terms))
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
        """A list that requires none of its items: OR is the same as nothing in between."""
        kept: list[Node] = []
        unwanted: list[Node] = []
        items = list(_items(nodes))
        for node in items:
            core, negated = node, False
            # Only a NOT of this very list takes from all of it: "a OR (NOT b)" is another thing.
            if isinstance(node, syntax.NotGroup):
                # Beside others, NOT (NOT b) takes away what has no b: it does not add what has.
                core, negated = _core(node) if len(items) == 1 else (node.nodes[0], True)
            clause = self.clause(core, loose=loose and not negated, wanted=wanted and not negated)
            if clause is not None:
                (unwanted if negated else kept).append(clause)
            elif negated or getattr(core, "fieldname", None):
                self._note_wordless(core)
        return without(any_of(kept) if kept else None, unwanted)

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
