"""What would Whoosh drop or rewrite without a word?

Between its lexer and its filters the nodes are a flat list. Here stray brackets and quotes, unknown
fields and operators without operand are found in it, noticed, and made words or left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from whoosh.qparser import syntax

from searchkit.metadata import field_name
from searchkit.query.asked import Notices, quoted
from searchkit.query.nodes import Boost, Close, Field, Open, Required, SyntaxNode
from searchkit.query.syntax import QUOTES

AS_TEXT = "searched for as text"

Values = Mapping[int, int | None]
"""Where in the query a value of metadata stands: for each word or phrase the offset of its first
character, with the number of the brackets around it right after a field's name, or None.
"""

_DEEPEST = 50
"""Brackets nested deeper are text: translation recurses, and no one reads such a query."""


def values_of(nodes: list[SyntaxNode], metadata: Collection[str]) -> Values:
    """The values of the fields ``metadata`` in ``nodes``."""
    values: dict[int, int | None] = {}
    brackets: int | None = None
    depth = outside = 0
    is_value = False
    for i, node in enumerate(nodes):
        if isinstance(node, Field):
            following = nodes[i + 1] if i + 1 < len(nodes) else None
            is_value = (
                field_name(node.fieldname) in metadata
                and following is not None
                and following.startchar == node.endchar
            )
            continue
        if isinstance(node, Open):
            if is_value and brackets is None:
                brackets, outside = i, depth
            depth += 1
        elif isinstance(node, Close):
            depth -= 1
            if brackets is not None and depth <= outside:
                brackets = None
        elif is_value or brackets is not None:
            values[node.startchar] = brackets
        is_value = False
    return values


def balance(nodes: list[SyntaxNode], notices: Notices) -> list[SyntaxNode]:
    """Leaves out brackets and quotes that have no partner, nothing inside, or too much outside."""
    partner: dict[int, int] = {}
    too_deep: list[int] = []
    unclosed: list[int] = []
    for i, node in enumerate(nodes):
        if isinstance(node, Open):
            unclosed.append(i)
        elif isinstance(node, Close) and unclosed:
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
        if isinstance(node, (Open, Close)) and i not in partner:
            what = '"(" is never closed' if isinstance(node, Open) else '")" closes no bracket'
            notices.add(f"{what} (character {start + 1})", "it was left out", start, end)
        elif type(node) is syntax.WordNode and node.text in QUOTES:
            what = f"the quote is never closed (character {start + 1})"
            notices.add(what, "what follows was searched for as words", start, end)
        elif isinstance(node, Close) and isinstance(kept[-1], Open):
            opening = kept.pop()
            # As in main(): part of a word, so to speak.
            attached = kept and kept[-1].endchar == opening.startchar and _ends_operand(kept[-1])
            if not attached:
                notices.add("the brackets are empty", "they were left out", opening.startchar, end)
        else:
            kept.append(node)
    return kept


def resolve_fields(
    nodes: list[SyntaxNode], known: Collection[str], notices: Notices
) -> list[SyntaxNode]:
    """Makes words of names that are no fields, or that have lost what they stood before.

    An unknown field and its value become a group, as if in brackets, so that an operator before
    them still has both for its operand.
    """
    kept: list[SyntaxNode] = []
    awaiting: list[int] = []
    depth = 0
    for i, node in enumerate(nodes):
        if isinstance(node, Field):
            start, end = node.startchar, node.endchar
            has_value = i + 1 < len(nodes) and nodes[i + 1].startchar == end
            if field_name(node.fieldname) in known:
                node.fieldname = field_name(node.fieldname)
            if node.fieldname not in known:
                # In a:b:c colons are punctuation.
                if not (has_value and ":" in getattr(nodes[i + 1], "text", "")):
                    notices.add_unknown_field(node.fieldname, tuple(known), start, end)
            elif not has_value:
                notices.add(f"nothing follows {quoted(node.original)}", AS_TEXT, start, end)
            else:
                kept.append(node)
                continue
            following: SyntaxNode = nodes[i + 1] if has_value else None
            if type(following) is syntax.WordNode and following.boost == 1:
                # One connected word, as if there were no such thing as fields: localhost:8080.
                following.text = node.original + following.text
                following.startchar = start
                continue
            word = _at(syntax.WordNode(node.original), start, end)
            if has_value:
                kept.append(_at(Open(), start, start))
                awaiting.append(depth)
            kept.append(word)
            continue
        kept.append(node)
        if isinstance(node, Open):
            depth += 1
        elif isinstance(node, Close):
            depth -= 1
        if awaiting and awaiting[-1] == depth:
            awaiting.pop()
            kept.append(_at(Close(), node.endchar, node.endchar))
    return kept


def resolve_operators(nodes: list[SyntaxNode], notices: Notices) -> list[SyntaxNode]:
    """Makes words of operators that lack an operand; leaves out each NOT with the NOT it undoes."""
    kept: list[SyntaxNode] = []
    operand_follows = False
    for i in range(len(nodes) - 1, -1, -1):
        node = nodes[i]
        if isinstance(node, syntax.PrefixOperator) and operand_follows:
            if not isinstance(kept[-1], syntax.PrefixOperator):
                kept.append(node)
            elif kept[-1].grouptype is Required:
                kept[-1] = node
            elif node.grouptype is not Required:
                kept.pop()
        elif isinstance(node, syntax.Operator) and not (
            operand_follows and i and _ends_operand(nodes[i - 1])
        ):
            start, end = node.startchar, node.endchar
            notices.add(f"nothing for {node.text} to combine", AS_TEXT, start, end)
            kept.append(_at(syntax.WordNode(node.text), start, end))
            operand_follows = False
        else:
            kept.append(node)
            operand_follows = not isinstance(node, (syntax.Operator, Close))
    kept.reverse()
    return kept


def _ends_operand(node: SyntaxNode) -> bool:
    return isinstance(node, (syntax.TextNode, Close, Boost))


def _at(node: SyntaxNode, start: int, end: int) -> SyntaxNode:
    node.set_range(start, end)
    return node
