"""Why does a document have its score, or none?

:func:`explain` walks through the query tree for one document and computes in Python what the
kernels compute, in their order, so that it arrives at the same double. How the value of an
:class:`Explanation` comes from its details, those of them that match:

    Or, And, AndMaybe                      their sum, in order
    AndNot, Require                        the first
    DisjunctionMax                         largest + tie * (sum - largest)
    Boost                                  detail * factor
    ConstantScore, Every, patterns, ranges a constant, whatever the details are
    Term, WordGroup, Phrase                idf * saturation, its two details
    the idf of a phrase                    the sum of those of its terms
    the idf of a word with a weight        detail * weight
    a saturation                           tf / (k1 + tf), with tf its detail
    a tf                                   the sum over its terms and their fields, its details
    the tf of one term in one field        weight * (times / (1 - b + b * length / average))
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from searchkit.index import FieldStatistics, Snapshot
from searchkit.index.damage import reading
from searchkit.search.bm25 import BM25
from searchkit.search.expand import meant
from searchkit.search.explanation import Explanation
from searchkit.search.rows import rows
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
    Expanding,
    Fuzzy,
    Node,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    Regex,
    Require,
    Term,
    TermRange,
    Wildcard,
    WordGroup,
    encoded,
)


def explain(
    snapshot: Snapshot, tree: Node, docnum: int, *, scoring: BM25 | None = None
) -> Explanation:
    """Why the document has the score that ``search`` gives it for ``tree``; if it is no hit,
    ``matched`` is false.

    It reads the lists of all terms anew, so it takes milliseconds where they are long. Raises
    ``IndexError`` if there is no such document, and ``re.error`` for a wrong ``Regex``.
    """
    if snapshot.is_deleted(docnum):
        return _unmatched("the document is deleted")
    return _Document(snapshot, docnum, scoring or BM25()).explain(tree)


def _unmatched(description: str, details: Iterable[Explanation] = ()) -> Explanation:
    return Explanation(0.0, description, tuple(details), matched=False)


class _Document:
    """A document, for which one node after the other is explained."""

    def __init__(self, snapshot: Snapshot, docnum: int, bm25: BM25) -> None:
        self._snapshot = snapshot
        self._docnum = docnum
        self._bm25 = bm25

    def explain(self, node: Node) -> Explanation:
        match node:
            case Term(field, term):
                return self._group(((field, term, 1.0),), 1.0)
            case WordGroup(members, factor):
                return self._group(members, factor)
            case Phrase():
                return self._phrase(node)
            case Or(children):
                parts = self._each(children)
                return _sum(f"any of {len(parts)}, summed", parts, any(p.matched for p in parts))
            case And(children):
                parts = self._each(children)
                holds = bool(parts) and all(part.matched for part in parts)
                return _sum(f"all of {len(parts)}, summed", parts, holds)
            case AndMaybe(required, optional):
                parts = self._each((required, optional))
                said = "the first, and the second where it matches, summed"
                return _sum(said, parts, parts[0].matched)
            case AndNot(wanted, unwanted):
                parts = self._each((wanted, unwanted))
                holds = parts[0].matched and not parts[1].matched
                return _first("the first, where the second does not match", parts, holds)
            case Require(scored, required):
                parts = self._each((scored, required))
                holds = parts[0].matched and parts[1].matched
                return _first("the first, where the second matches too", parts, holds)
            case DisjunctionMax(children, tie):
                return _best_child(self._each(children), tie)
            case Every():
                return Explanation(0.0, "every document")
            case ConstantScore(child, score):
                parts = self._each((child,))
                said = f"{score:g} for all that match"
                if not parts[0].matched:
                    return _unmatched(said, parts)
                return Explanation(score, said, parts)
            case Boost(child, factor):
                parts = self._each((child,))
                said = f"multiplied by {factor:g}"
                if not parts[0].matched:
                    return _unmatched(said, parts)
                return Explanation(parts[0].value * factor, said, parts)
            case NumberRange():
                return self._number(node)
            case _:
                return self._expanded(node)

    def _each(self, nodes: Sequence[Node]) -> tuple[Explanation, ...]:
        return tuple(map(self.explain, nodes))

    # Terms and phrases

    def _group(self, members: tuple[tuple[str, str, float], ...], factor: float) -> Explanation:
        where: dict[str, list[str]] = {}
        for name, term, _ in members:
            where.setdefault(term, []).append(name)
        what = ", or ".join(f"{_quoted(term)} in {' or '.join(where[term])}" for term in where)
        tfs = []
        for name, term, weight in members:
            field = self._snapshot.field(name)
            times, _ = field.posting(encoded(term), self._docnum)
            if times:
                of = f"of {_quoted(term)} " if len(where) > 1 else ""
                tfs.append(self._tf(field, weight, times, of))
        df = self._snapshot.df(tuple((name, encoded(term)) for name, term, _ in members))
        idf = self._idf("it" if len(where) == 1 else "any of them", df)
        if factor != 1:
            said = f"idf, times the word's weight in the query, {factor:g}"
            idf = Explanation(idf.value * factor, said, (idf,))
        if not tfs:
            return _unmatched(what, [idf])
        return self._scored(what, idf, tfs)

    def _phrase(self, node: Phrase) -> Explanation:
        field = self._snapshot.field(node.field)
        what = f"{_quoted(' '.join(node.terms))} in {node.field}"
        if node.slop > 1:
            what += f", each word up to {node.slop} places after the one before"
        terms = [encoded(term) for term in node.terms]
        idfs = [
            self._idf(_quoted(term), field.df(its))
            for term, its in zip(node.terms, terms, strict=True)
        ]
        idf = Explanation(math.fsum(one.value for one in idfs), "idf, summed", tuple(idfs))
        places = {term: field.posting(term, self._docnum, positions=True)[1] for term in terms}
        times = len(rows([places[term] for term in terms], node.slop))
        if not times:
            return _unmatched(what, [idf])
        return self._scored(what, idf, [self._tf(field, 1.0, times)])

    def _idf(self, what: str, df: int) -> Explanation:
        docs = self._snapshot.live_docs
        said = f"idf: {df:,} of {docs:,} documents have {what}"
        if self._bm25.rarity != 1:
            said += f"; to the power of {self._bm25.rarity:g}"
        return Explanation(self._bm25.idf(df, docs), said)

    def _tf(self, field: FieldStatistics, weight: float, times: int, of: str = "") -> Explanation:
        b = self._bm25.b
        length = field.length(self._docnum)
        average = field.average_length or 1.0
        value = weight * (times / max(1 - b + b * length / average, 1e-9))
        said = (
            f"tf {of}in {field.name}, weight * (times / (1 - b + b * length / average)): "
            f"weight {weight:g}, times {times:,}, b {b:g}, length {length:,}, average {average:.6g}"
        )
        return Explanation(value, said)

    def _scored(self, what: str, idf: Explanation, tfs: Sequence[Explanation]) -> Explanation:
        k1 = self._bm25.k1
        tf = tfs[0] if len(tfs) == 1 else _sum("tf, summed", tfs, True)
        saturation = Explanation(
            tf.value / (k1 + tf.value), f"saturation, tf / (k1 + tf): k1 {k1:g}", (tf,)
        )
        return Explanation(idf.value * saturation.value, what, (idf, saturation))

    # What has one score for all

    def _expanded(self, node: Expanding) -> Explanation:
        field = self._snapshot.field(node.field)
        _, reader = field.part(self._docnum)
        with reading(field.path):
            terms = [term for term, _ in meant(reader.terms, node)]
        found = [(term, field.posting(term, self._docnum)[0]) for term in terms]
        details = [
            Explanation(times, f"times of {_quoted(term.decode('utf-8', 'surrogateescape'))}")
            for term, times in found
            if times
        ]
        what = f"a term in {node.field} that {_meaning(node)}"
        return Explanation(1.0, what, tuple(details)) if details else _unmatched(what)

    def _number(self, node: NumberRange) -> Explanation:
        what = f"{node.column} {_range(node)}"
        value = self._snapshot.column_value(node.column, self._docnum)
        if value is None or isinstance(value, bytes):
            return _unmatched(f"{what}: the document has no number there")
        low, high = node.low, node.high
        above = low is None or value > low or (node.includes_low and value == low)
        below = high is None or value < high or (node.includes_high and value == high)
        said = f"{what}: it is {value:g}"
        return Explanation(1.0, said) if above and below else _unmatched(said)


def _sum(description: str, parts: Sequence[Explanation], holds: bool) -> Explanation:
    """The values of the parts that match, added in their order."""
    if not holds:
        return _unmatched(description, parts)
    total, *others = [part.value for part in parts if part.matched]
    for value in others:
        total += value
    return Explanation(total, description, tuple(parts))


def _first(description: str, parts: Sequence[Explanation], holds: bool) -> Explanation:
    if not holds:
        return _unmatched(description, parts)
    return Explanation(parts[0].value, description, tuple(parts))


def _best_child(parts: Sequence[Explanation], tie: float) -> Explanation:
    what = f"the best of {len(parts)}"
    if tie:
        what += f", and {tie:g} times the sum of the others"
    total = _sum(what, parts, any(part.matched for part in parts))
    if not total.matched:
        return total
    best = max(part.value for part in parts if part.matched)
    if tie and len(parts) > 1:
        best += (total.value - best) * tie
    return Explanation(best, what, tuple(parts))


def _meaning(node: Expanding) -> str:
    match node:
        case Prefix(_, prefix):
            return f"begins with {_quoted(prefix)}"
        case Wildcard(_, pattern):
            return f"fits {_quoted(pattern)}"
        case Regex(_, pattern):
            return f"fits the expression {_quoted(pattern)}"
        case Fuzzy(_, word, distance, prefix_length, transpositions):
            said = f"is at most {distance} edits from {_quoted(word)}"
            if transpositions:
                said += ", swaps being one"
            return f"{said}, the first {prefix_length} letters alike" if prefix_length else said
        case TermRange():
            return f"lies {_range(node)}"


def _range(node: TermRange | NumberRange) -> str:
    """The bounds, with square brackets where they belong to it, as mathematics writes it."""
    low = "" if node.low is None else str(node.low)
    high = "" if node.high is None else str(node.high)
    return (
        f"in {'[' if node.includes_low else '('}{low}, {high}{']' if node.includes_high else ')'}"
    )


def _quoted(term: str) -> str:
    return f'"{term}"'
