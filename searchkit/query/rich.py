"""The long road: a query with syntax goes through Whoosh's parser.

Whoosh tags the text (its lexer), groups it by brackets, fields and operators (its filters), and
that syntax tree is translated into ours (``translation.py``). Between tagging and filtering, what
Whoosh would drop or rewrite without a word is mended (``mending.py``), and words that ask for more
than themselves are read (``forms.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from searchkit.analysis import Analyzer
from searchkit.metadata import MetadataField
from searchkit.query.asked import Clause, Notices, Word
from searchkit.query.forms import read_forms
from searchkit.query.mending import balance, resolve_fields, resolve_operators, values_of
from searchkit.query.nodes import make_parser
from searchkit.query.translation import Translation
from searchkit.schema import FIELDS
from searchkit.tree import NOTHING, Node

_PARSER = make_parser()


def parse_rich(
    text: str,
    analyzer: Analyzer,
    notices: Notices,
    metadata: Mapping[str, MetadataField],
    written: Mapping[str, str],
    today: date,
) -> tuple[Node, tuple[Word, ...], tuple[Clause, ...]]:
    """The tree, words and clauses of ``text``, understood as far as it can be. The others as
    ``parse`` has them.
    """
    tagged = _PARSER.tag(text)
    nodes = [node for node in tagged if not node.is_ws()]
    known = (*FIELDS, *metadata)
    values = values_of(nodes, metadata)
    nodes = read_forms(nodes, known, values, notices)
    nodes = balance(nodes, notices)
    nodes = resolve_fields(nodes, known, notices)
    tagged.nodes = resolve_operators(nodes, notices)
    translation = Translation(text, analyzer, notices, metadata, values, written, today)
    tree = translation.clause(_PARSER.filterize(tagged), loose=True, wanted=True, role=None)
    if tree is None:
        notices.add_nothing_to_search_for(len(text))
        tree = NOTHING
    return (
        tree,
        tuple(sorted(translation.words, key=lambda word: word.start)),
        tuple(sorted(translation.clauses, key=lambda clause: clause.start)),
    )
