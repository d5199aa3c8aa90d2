"""What does Whoosh's syntax tree mean in ours?

Each node becomes a clause. What a list requires, and how NOT, + and - act on it, is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from whoosh.qparser import syntax

from searchkit.analysis import Analyzer
from searchkit.analysis.unspaced import is_single, without_last_tail, without_tails
from searchkit.metadata import MetadataField, MetadataKind
from searchkit.query import syntax as expressions
from searchkit.query.asked import Clause, Notices, Role, Word, quoted
from searchkit.query.clauses import (
    all_of,
    any_of,
    connected_clauses,
    dictionary_clauses,
    form_clauses,
    listed,
    phrase_clause,
    typed_words,
    without,
)
from searchkit.query.mending import AS_TEXT, Values
from searchkit.query.metadata import (
    NoValueError,
    expression_clause,
    is_filter,
    range_clause,
    value_clause,
)
from searchkit.query.nodes import Fuzzy, Pattern, Phrase, Range, Regex, Required, SyntaxNode
from searchkit.query.written import (
    WrongExpressionError,
    fuzzy_clause,
    pattern_clause,
    regex_clause,
)
from searchkit.tree import AndMaybe, AndNot, Boost, Every, Expanding, Node, leaves
from searchkit.tree import Phrase as TreePhrase

_WORD = re.compile(expressions.WORD)

MOST_PATTERNS = 30
"""And misspelt words and expressions, of which each may look through a whole dictionary: in one of
285,000 words that takes a fifth of a second.
"""

_TOO_MANY = f"more than {MOST_PATTERNS} patterns"


class Translation:
    """Turns Whoosh's syntax nodes into clauses, and notes words and clauses on the way.

    ``loose`` says that no word is required: no AND, NOT, + or field lies above. ``wanted`` says
    that no NOT does. ``role`` is that of what lies above, None at the top. What has no word gives
    None.
    """

    def __init__(
        self,
        text: str,
        analyzer: Analyzer,
        notices: Notices,
        metadata: Mapping[str, MetadataField],
        values: Values,
        written: Mapping[str, str],
        today: date,
    ) -> None:
        self._text = text
        self._analyzer = analyzer
        self._notices = notices
        self._metadata = metadata
        self._values = values
        self._written = written
        self._today = today
        self._patterns = 0
        self.words: list[Word] = []
        self.clauses: list[Clause] = []

    def clause(
        self, node: SyntaxNode, *, loose: bool, wanted: bool, role: Role | None
    ) -> Node | None:
        """What ``node`` asks for."""
        if isinstance(node, syntax.TextNode):
            clause = self._text_clause(node, loose=loose, wanted=wanted, role=role)
        elif isinstance(node, syntax.AndGroup):
            clause = self._and(node.nodes, wanted=wanted, role=role)
        elif isinstance(node, (syntax.NotGroup, syntax.OrGroup, Required)):
            clause = self._list([node], loose=loose, wanted=wanted, role=role)
        else:
            clause = self._list(node.nodes, loose=loose, wanted=wanted, role=role)
        if clause is None or node.boost == 1:
            return clause
        if is_filter(clause):
            typed = quoted(self._text[node.startchar : node.endchar])
            problem = f"{typed} only chooses"
            remedy = "how much it should count was left out"
            self._notices.add(problem, remedy, node.startchar, node.endchar)
            return clause
        return Boost(clause, node.boost)

    def _text_clause(
        self, node: SyntaxNode, *, loose: bool, wanted: bool, role: Role | None
    ) -> Node | None:
        field = self._metadata.get(node.fieldname)
        if field is not None or isinstance(node, Range):
            return self._value(node, field, loose=loose, wanted=wanted, role=role)
        found: Node | None
        start, end = node.startchar, node.endchar
        if isinstance(node, (Pattern, Fuzzy, Regex)) and not self._has_room(start, end, AS_TEXT):
            offset = self._text.index(node.text, start)
            return self._words(node, offset, loose=loose, wanted=wanted, role=role)
        if isinstance(node, Pattern):
            found = pattern_clause(node.text, node.fieldname, self._written, self._analyzer)
        elif isinstance(node, Fuzzy):
            found = fuzzy_clause(
                node.text, node.distance, node.fieldname, self._written, self._analyzer
            )
            # Whichever word fits scores alike: the one that was typed comes first.
            terms = self._analyzer.terms(node.text)
            if terms:
                found = AndMaybe(found, phrase_clause(terms, node.fieldname))
        elif isinstance(node, Regex):
            try:
                found = regex_clause(node.text, node.fieldname, self._written, self._analyzer)
            except WrongExpressionError as error:
                problem = f"{quoted(self._text[start:end])} is no regular expression ({error})"
                self._notices.add(problem, AS_TEXT, start, end)
                return self._words(node, node.startchar + 1, loose=loose, wanted=wanted, role=role)
        else:
            offset = node.textstartchar if isinstance(node, Phrase) else start
            return self._words(node, offset, loose=loose, wanted=wanted, role=role)
        if found is not None:
            self._note(start, end, node.fieldname, found, wanted, role)
        return found

    def _note(
        self,
        start: int,
        end: int,
        field: str | None,
        node: Node,
        wanted: bool,
        role: Role | None,
    ) -> None:
        if not wanted:
            role = Role.EXCLUDED
        elif is_filter(node):
            role = Role.FILTER
        typed = self._text[start:end]
        self.clauses.append(Clause(typed, start, end, field, role or Role.OPTIONAL, node))

    def _value(
        self,
        node: SyntaxNode,
        field: MetadataField | None,
        *,
        loose: bool,
        wanted: bool,
        role: Role | None,
    ) -> Node | None:
        """A value of metadata, or what is written as one and is none: text."""
        start, end = node.startchar, node.endchar
        if isinstance(node, Phrase):
            start, end = node.textstartchar, node.textstartchar + len(node.text)
        try:
            clause: Node | None
            words: list[Word] = []
            if field is None or (
                isinstance(node, Range) and field.kind in (MetadataKind.TEXT, MetadataKind.KEYWORD)
            ):
                raise NoValueError("a range needs a field of numbers or dates before it")
            if isinstance(node, Range):
                clause = range_clause(
                    field,
                    node.low,
                    node.high,
                    node.opening == "[",
                    node.closing == "]",
                    self._today,
                )
            elif isinstance(node, Regex):
                clause = expression_clause(field, node.text, self._analyzer, self._written)
            else:
                clause, words = value_clause(
                    field, self._text, start, end, self._analyzer, self._written, self._today
                )
            if clause is not None and any(map(_is_pattern, leaves(clause))):
                self._patterns += 1
                if self._patterns > MOST_PATTERNS:
                    raise NoValueError(_TOO_MANY)
            if wanted:
                self.words += words
            if clause is not None:
                name = field.name
                self._note(node.startchar, node.endchar, name, clause, wanted, role)
            return clause
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
        return self._list(words_of_it, loose=loose, wanted=wanted, role=role)

    def _words(
        self, node: SyntaxNode, offset: int, *, loose: bool, wanted: bool, role: Role | None
    ) -> Node | None:
        is_phrase = isinstance(node, Phrase)
        every = [
            token._replace(start=token.start + offset, end=token.end + offset)
            for token in self._analyzer.tokens(node.text)
        ]
        tokens = without_tails(every)
        if not tokens:
            return None
        if wanted:
            self.words += typed_words(self._text, tokens, node.fieldname)
        is_free = loose and len(tokens) > 1 and node.fieldname is None
        if is_free and not is_phrase:
            clause = any_of(connected_clauses(every, self._analyzer.stop_terms))
        else:
            between = node.slop if is_phrase else 0
            terms = [token.term for token in without_last_tail(every)]
            remedy = "the last character of a phrase was left out"
            if len(terms) > 1 and is_single(terms[-1]):
                # It stands for every pair that begins with it.
                start, end = tokens[0].start, tokens[-1].end
                if not self._has_room(start, end, remedy):
                    terms.pop()
            clause = phrase_clause(terms, node.fieldname, between)
        if not is_phrase:
            first, last = tokens[0].start - offset, tokens[-1].end - offset
            typed = node.text[first : last + 2]
            clause = any_of([clause, *form_clauses(typed, node.fieldname, self._analyzer)])
            known: list[Node] = []
            if wanted and node.fieldname is None:
                known = dictionary_clauses(self._text, tokens, self._analyzer)
            if known:
                clause = AndMaybe(clause, any_of(known))
        start, end = (
            (node.startchar, node.endchar) if is_phrase else (tokens[0].start, tokens[-1].end)
        )
        self._note(start, end, node.fieldname, clause, wanted, role)
        return clause

    def _has_room(self, start: int, end: int, remedy: str) -> bool:
        """Whether another pattern may be looked for."""
        self._patterns += 1
        if self._patterns > MOST_PATTERNS:
            self._notices.add(_TOO_MANY, remedy, start, end)
        return self._patterns <= MOST_PATTERNS

    def _and(self, nodes: list[SyntaxNode], *, wanted: bool, role: Role | None) -> Node | None:
        kept: list[Node] = []
        unwanted: list[Node] = []
        inner = Role.OPTIONAL if role is Role.OPTIONAL else Role.REQUIRED
        for node in nodes:
            core, negated = _core(node)
            clause = self.clause(core, loose=False, wanted=wanted and not negated, role=inner)
            if clause is None:
                self._note_wordless(core)
            else:
                (unwanted if negated else kept).append(clause)
        return without(all_of(kept) if kept else None, unwanted)

    def _list(
        self, nodes: list[SyntaxNode], *, loose: bool, wanted: bool, role: Role | None
    ) -> Node | None:
        """A list that requires none of its words: OR is the same as nothing in between.

        It does require those with a +. Of metadata it requires what stands by itself; not what OR
        joins with words, nor one of the values in the brackets after a field's name.
        """
        kept: list[Node] = []
        required: list[Node] = []
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
                is_required = isinstance(node, Required)
                if is_required:
                    core, negated = _core(node)
                inner = role if is_alone else Role.OPTIONAL
                if is_required and role is not Role.OPTIONAL:
                    inner = Role.REQUIRED
                clause = self.clause(
                    core,
                    loose=loose and not negated and not is_required,
                    wanted=wanted and not negated,
                    role=inner,
                )
                if clause is not None and negated and is_required:
                    required.append(AndNot(Every(), clause))
                elif clause is not None:
                    target = unwanted if negated else required if is_required else clauses
                    target.append(clause)
                elif negated or is_required or getattr(core, "fieldname", None):
                    self._note_wordless(core)
            if clauses and not is_one_value and all(map(is_filter, clauses)):
                filters.append(any_of(clauses))
            else:
                kept += clauses
        scored = [all_of(required)] if required else [listed(kept, self._analyzer)] if kept else []
        if required and kept:
            scored = [AndMaybe(scored[0], listed(kept, self._analyzer))]
        every = [*scored, *filters]
        return without(all_of(every) if every else None, unwanted)

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


def _is_pattern(leaf: Node) -> bool:
    if isinstance(leaf, TreePhrase):
        return is_single(leaf.terms[-1])
    return isinstance(leaf, Expanding)


def _items(nodes: list[SyntaxNode]) -> Iterator[SyntaxNode]:
    for node in nodes:
        if isinstance(node, syntax.OrGroup):
            yield from node.nodes
        else:
            yield node


def _core(node: SyntaxNode) -> tuple[SyntaxNode, bool]:
    """``node`` without the signs, NOTs and idle brackets around it, and whether it is negated."""
    negated = False
    while True:
        if isinstance(node, syntax.NotGroup):
            negated = not negated
        elif not isinstance(node, Required) and (
            type(node) is not syntax.GroupNode or len(node.nodes) != 1 or node.boost != 1
        ):
            return node, negated
        node = node.nodes[0]


def _leaf(nodes: list[SyntaxNode], at: int) -> SyntaxNode:
    """The first (0) or the last (-1) word, phrase or range among ``nodes`` and below them."""
    node = nodes[at]
    while isinstance(node, syntax.GroupNode) and node.nodes:
        node = node.nodes[at]
    return node
