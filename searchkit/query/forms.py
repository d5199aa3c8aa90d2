"""What does a typed word ask for: ``conscr*``, ``te?t``, ``word~2``, ``word^3``, or just itself?

In the flat list of nodes between Whoosh's lexer and its filters each word that is more than a word
gives way to a node that says so. What means something in other query languages, and is text in
ours, is noticed; ordinary punctuation is not.
"""

from __future__ import annotations

from collections.abc import Collection

from whoosh.qparser import syntax

from searchkit.analysis.words import CHARACTER, RUN
from searchkit.metadata import field_name
from searchkit.query import syntax as expressions
from searchkit.query.asked import Notices, quoted
from searchkit.query.mending import AS_TEXT, Values
from searchkit.query.nodes import Boost, Close, Fuzzy, Pattern, Phrase, Range, Regex, SyntaxNode
from searchkit.query.written import within_stars

_LONGEST_CHARACTERS = 255
"""Of a word that is more than a word; no longer ones are indexed."""

_LEAST_LETTERS = 2
"""Of a pattern: ``a*`` stands for a tenth of a dictionary, and in ``int *p`` it is no pattern."""

_LONGEST_UNSPACED = 2
"""Of a word in a script without spaces, which are pairs of characters."""

_LEAST_FUZZY_LETTERS = 3
MOST_EDITS = 2


def read_forms(
    nodes: list[SyntaxNode], known: Collection[str], values: Values, notices: Notices
) -> list[SyntaxNode]:
    """``nodes`` with words that are more read as what they are; but not in ``values`` of metadata,
    which have their own forms. ``known`` are the fields.
    """
    kept: list[SyntaxNode] = []
    for i, node in enumerate(nodes):
        if type(node) is not syntax.WordNode:
            kept.append(node)
            continue
        if node.startchar in values:
            kept.append(_value(node))
            continue
        before = nodes[i - 1] if i else None
        attached = before is not None and before.endchar == node.startchar
        if attached and isinstance(before, (Phrase, Close, Regex, Range)):
            after = _after_operand(node, before, notices)
            if after is not node:
                kept += [after] if isinstance(after, Boost) else []
                continue
        problem = _foreign(node, before, known)
        if problem:
            notices.add(problem, AS_TEXT, node.startchar, node.endchar)
            kept.append(node)
        elif len(node.text) > _LONGEST_CHARACTERS:
            kept.append(node)
        else:
            kept.append(_form(node, notices))
    return kept


def _value(node: SyntaxNode) -> SyntaxNode:
    """A value of metadata without its boost, which the translation says is none."""
    boost = expressions.BOOST.search(node.text.rstrip(expressions.ENDING))
    core = node.text[: boost.start()] if boost else ""
    if boost is None or "^" in core or not any(map(str.isalnum, core)):
        return node
    value = syntax.WordNode(core).set_range(node.startchar, node.startchar + len(core))
    value.set_boost(float(boost[1]))
    return value


def _after_operand(node: SyntaxNode, before: SyntaxNode, notices: Notices) -> SyntaxNode | None:
    """A boost of brackets as a node, of a phrase as nothing left, ``node`` for what is text."""
    text = node.text.rstrip(expressions.ENDING)
    if not expressions.AFTER_OPERAND.fullmatch(text):
        return node
    found = expressions.BOOST.fullmatch(text)
    if not found or isinstance(before, Range):
        what = {"^": "how much it counts", "~": "how loose it is"}[text[0]]
        notices.add(f"{quoted(text)} does not say {what}", AS_TEXT, node.startchar, node.endchar)
        return node
    boost = float(found[1])
    if isinstance(before, Close):
        return Boost(text, boost).set_range(node.startchar, node.endchar)
    before.set_boost(boost)
    return None


def _foreign(node: SyntaxNode, before: SyntaxNode, known: Collection[str]) -> str | None:
    """What is said of something that means nothing here as it stands."""
    text = node.text
    if text in expressions.FOREIGN_OPERATORS:
        return f"{text} is not an operator here"
    if (
        text == "TO"
        and type(before) is syntax.WordNode
        and expressions.RANGE_START.match(before.text)
    ):
        return "a range is [low TO high]"
    if text[-1:] == ":" and field_name(text[:-1]) in known:
        return f"nothing follows {quoted(text)} directly"
    return None


def _form(node: SyntaxNode, notices: Notices) -> SyntaxNode:
    start, end = node.startchar, node.endchar
    text = core = node.text.rstrip(expressions.ENDING)
    boost = expressions.BOOST.search(core)
    if boost:
        core = core[: boost.start()]
        # 2^10 is a number.
        if "^" in core or not any(map(str.isalnum, core)) or core.isdigit():
            return node
    fuzzy = expressions.FUZZY.search(core)
    made: SyntaxNode
    if fuzzy:
        problem, remedy, made = _fuzzy(core[: fuzzy.start()], fuzzy[1])
    elif "*" in core or "?" in core:
        problem, remedy, made = _pattern(core)
    else:
        problem, remedy, made = None, AS_TEXT, syntax.WordNode(core) if boost else node
    if problem:
        notices.add(f"{problem} ({quoted(text)})", remedy, start, end)
    if made is None:
        return node
    if made is not node:
        made.set_range(start + node.text.index(made.text), start + len(core))
        if isinstance(made, Phrase):
            made.textstartchar = made.startchar
        if boost:
            made.set_boost(float(boost[1]))
    return made


def _fuzzy(core: str, typed: str) -> tuple[str | None, str, SyntaxNode | None]:
    """A problem and its remedy, and the node, or None for text."""
    found = RUN.search(core)
    if found is None or found.end() < len(core):
        return "only a single word may be misspelt", AS_TEXT, None
    if typed and not (typed.isdecimal() and len(typed) == 1):
        return f"a word has no {typed[:10]} misspelt letters", AS_TEXT, None
    distance = int(typed or 1)
    if len(found[0]) < _LEAST_FUZZY_LETTERS and distance:
        return f"a misspelt word has {_LEAST_FUZZY_LETTERS} letters or more", AS_TEXT, None
    if distance > MOST_EDITS:
        problem = f"a word has at most {MOST_EDITS} misspelt letters"
        return problem, f"{MOST_EDITS} were assumed", Fuzzy(found[0], MOST_EDITS)
    return None, "", Fuzzy(found[0], distance)


def _pattern(core: str) -> tuple[str | None, str, SyntaxNode | None]:
    found = expressions.PATTERN.match(core)
    # At its end, a question mark only ends a question, whatever bracket or quote comes after.
    pattern = found[1].rstrip("?") if found else ""
    # Two stars in a row are markup, **bold**, and so is what has no letter: 2*3, ***.
    if not ("*" in pattern or "?" in pattern) or "**" in pattern:
        return None, "", None
    if not any(map(str.isalpha, pattern)):
        return None, "", None
    run = within_stars(pattern)
    if run:
        return None, "", Phrase(run, 0)
    if CHARACTER.search(pattern) and len(pattern.replace("*", "")) > _LONGEST_UNSPACED:
        return "in a script without spaces * only stands at an end", AS_TEXT, None
    if sum(map(str.isalnum, pattern)) < _LEAST_LETTERS:
        return f"a pattern has {_LEAST_LETTERS} letters or more", AS_TEXT, None
    return None, "", Pattern(pattern)
