"""What does a query say, once it is understood?

The nodes of the query tree: the seam between what was asked (``query/``) and any engine that
answers it (``search/``, ``highlight/``). Terms in it are terms of the index: analysis is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """Passages whose ``field`` has ``term``."""

    field: str
    term: str


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Passages that have ``term`` in any of the fields, scored as one weighted field (BM25F).

    ``weights`` are pairs (field, weight), each weight positive.
    """

    term: str
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Passages whose ``field`` has ``terms`` at running positions (two terms at the least)."""

    field: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And:
    """Passages that every child matches; the score is the sum of theirs."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Passages that any child matches; the score is the sum of those that do.

    An ``Or`` without children matches nothing.
    """

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AndNot:
    """Passages that ``wanted`` matches and ``unwanted`` does not, scored by ``wanted``."""

    wanted: Node
    unwanted: Node


@dataclass(frozen=True, slots=True)
class Every:
    """Every passage, with score 0."""


Node = Term | FieldGroup | Phrase | And | Or | AndNot | Every


NOTHING = Or(())
"""The query that matches no passage."""


def leaves(node: Node) -> Iterator[Term | FieldGroup | Phrase]:
    """The terms and phrases that a match can come from, in order; none of what is unwanted."""
    match node:
        case Term() | FieldGroup() | Phrase():
            yield node
        case And(children) | Or(children):
            for child in children:
                yield from leaves(child)
        case AndNot(wanted, _):
            yield from leaves(wanted)
        case Every():
            pass
