"""A small index with every kind of content, and questions that read every part of it.

``build`` writes it: two segments with deletions, lists of more than one block, lengths of one, two
and four bytes, fields with and without positions, frequencies and lengths, columns of every kind
with missing values, several blocks of stored values. ``QUESTIONS`` are functions of a snapshot;
their answers are plain JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Kind, Schema
from searchkit.search import BM25, all_matches, search
from searchkit.storage import Directory
from searchkit.tree import (
    And,
    AndMaybe,
    AndNot,
    Boost,
    ConstantScore,
    DisjunctionMax,
    Every,
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
    word_in,
)

Answer = object
"""Plain JSON values."""

Question = Callable[[Snapshot], Answer]

SCHEMA = Schema(
    {
        "text": Field(analyzer="english"),
        "word": Field(),
        "long": Field(positions=False),
        "tag": Field(frequencies=False, positions=False, lengths=False),
    },
    {"int": Kind.INT, "float": Kind.FLOAT, "bool": Kind.BOOL, "bytes": Kind.BYTES},
    {"owner": "tests"},
)

FIRST, SECOND = 150, 40
_TEXTS = (
    "The minimum age of conscription was lowered.",
    "Naïve readers in Київ read the minimum.",
    "No age, no minimum; lower and lower.",
)
_WORDS = "red green blue yellow grey white black orange violet brown".split()


def build(directory: Directory) -> None:
    """Write the index in three commits."""
    _add(directory, range(FIRST), [])
    _add(directory, range(FIRST, FIRST + SECOND), [key(n) for n in range(3, FIRST, 17)])
    _add(directory, range(0), [key(n) for n in (0, FIRST + 1, FIRST + SECOND - 1)])


def key(number: int) -> str:
    return f"notes/{number}-\udc80\N{SNOWMAN}.md" if number % 50 == 7 else f"notes/{number}.md"


def _add(directory: Directory, numbers: range, deleted: list[str]) -> None:
    with Writer(directory, SCHEMA) as writer:
        for one in deleted:
            writer.delete(one)
        for n in numbers:
            words = [_WORDS[n * i % 10].encode() for i in range(1, 2 + n % 7)]
            writer.add(
                key(n),
                texts={"text": [_TEXTS[n % 3], _TEXTS[n // 3 % 3]] if n % 5 == 0 else _TEXTS[n % 3]}
                if n % 11
                else {},
                terms={
                    "word": [(word, 3 * at) for at, word in enumerate(words)] if n % 4 else words,
                    "long": [b"x"] * (300 if n == 20 else 70_000 if n == 160 else n % 3)
                    + [b"\xff\x00raw"] * (n % 2),
                    "tag": [b"t%03d" % (n % 90)],
                },
                stored=_stored(n),
                columns=_columns(n),
            )


def _stored(n: int) -> dict[str, object]:
    stored: dict[str, object] = {"n": n, "text": _TEXTS[n % 3]}
    if n == 9:
        stored |= {
            "none": None,
            "flags": [True, False],
            "big": 1 << 70,
            "float": -0.5,
            "lone": "\udc80",
            "bytes": b"\x00\xff",
            "tuple": (1, ("a",)),
            "dict": {"a": {"b": []}},
            "date": date(2026, 11, 23),
            "aware": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
            "decimal": Decimal("1.10"),
        }
    return stored


def _columns(n: int) -> dict[str, int | float | bool | bytes]:
    columns: dict[str, int | float | bool | bytes] = {
        "int": (n - 70) * 10**9,
        "float": n / 7,
        "bool": n % 3 == 0,
        "bytes": b"b%d" % (n % 13),
    }
    if n % 6 == 5:
        del columns["float"], columns["bytes"]
    if n == 8:
        columns.clear()
    return columns


def _terms(*words: str, field: str = "word") -> tuple[Term, ...]:
    return tuple(Term(field, word) for word in words)


def _groups(*words: str) -> tuple[WordGroup, ...]:
    return tuple(word_in(word, (("text", 1.0), ("word", 0.6))) for word in words)


TREES: tuple[Node, ...] = (
    Term("text", "minimum"),
    Term("word", "violet"),
    Term("tag", "t017"),
    Term("long", "x"),
    Term("long", "\udcff\0raw"),
    Term("word", "absent"),
    word_in("minimum", (("text", 1.0), ("word", 2.0))),
    word_in("red", (("text", 0.5), ("word", 2.0))),
    Or(_terms("red", "grey", "brown")),
    Or(_terms("minimum", "lower", "київ", field="text")),
    And(_terms("red", "blue")),
    And(_terms("minimum", "conscript", field="text")),
    And((Term("text", "minimum"), Term("word", "red"))),
    Phrase("text", ("minimum", "age")),
    Phrase("text", ("lower", "the"), 110),
    Phrase("word", ("green", "blue", "yellow"), 3),
    Phrase("word", ("red", "red")),
    AndNot(Term("word", "red"), Term("text", "minimum")),
    AndMaybe(Term("word", "red"), Term("text", "lower")),
    Require(Term("word", "red"), Term("tag", "t002")),
    DisjunctionMax((Term("word", "red"), Term("text", "age")), 0.3),
    Prefix("word", "gre"),
    Prefix("tag", "t00"),
    Wildcard("text", "*n*m"),
    Regex("word", "(red|b.*)"),
    Fuzzy("word", "gren", 1),
    TermRange("tag", "t010", "t013", True, False),
    NumberRange("int", -(10.0**10), 10.0**10),
    NumberRange("float", None, 3.0, True, False),
    Every(),
    ConstantScore(Term("word", "red"), 2.0),
    Boost(Term("word", "red"), 0.5),
    Or(_groups("minimum", "red", "grey")),
    And(_groups("minimum", "red")),
)


def _ranking(tree: Node, limit: int, count: bool) -> Question:
    def ask(snapshot: Snapshot) -> Answer:
        ranking = search(snapshot, tree, limit, 0, scoring=BM25(), count=count)
        return [[[docnum, value.hex()] for docnum, value in ranking.best], ranking.total]

    return ask


def _matches(tree: Node) -> Question:
    def ask(snapshot: Snapshot) -> Answer:
        scored = all_matches(snapshot, tree)
        return [list(scored.docs), [value.hex() for value in scored.values]]

    return ask


def _numbers(snapshot: Snapshot) -> Answer:
    return [snapshot.generation, snapshot.docs, snapshot.live_docs, list(snapshot.live())]


def _keys(snapshot: Snapshot) -> Answer:
    keys = [snapshot.key(docnum) for docnum in snapshot.live()]
    return [keys, [snapshot.docnums(one) for one in keys[::9]], snapshot.docnums("none")]


def _stored_values(snapshot: Snapshot) -> Answer:
    return [repr(snapshot.stored(docnum)) for docnum in snapshot.live()]


def _column(name: str) -> Question:
    def ask(snapshot: Snapshot) -> Answer:
        return [repr(snapshot.column_value(name, docnum)) for docnum in snapshot.live()]

    return ask


def _field(name: str) -> Question:
    def ask(snapshot: Snapshot) -> Answer:
        field = snapshot.field(name)
        terms = [
            [repr(term), df, *map(list, field.postings(term)), field.df(term)]
            for term, df in field.terms()
        ]
        return [terms, field.total_length, [field.length(docnum) for docnum in snapshot.live()]]

    return ask


def _positions(name: str) -> Question:
    def ask(snapshot: Snapshot) -> Answer:
        field = snapshot.field(name)
        return [list(map(list, field.positions(term).items())) for term, _ in field.terms()]

    return ask


def _questions() -> Iterator[tuple[str, Question]]:
    yield "numbers", _numbers
    for at, tree in enumerate(TREES):
        yield f"best 2 of {at}", _ranking(tree, 2, False)
        yield f"best 12 of {at}", _ranking(tree, 12, False)
        yield f"all of {at}", _matches(tree)
    yield "best and total", _ranking(TREES[0], 3, True)
    yield "best and total of groups", _ranking(TREES[-2], 3, True)
    yield "best and total of all groups", _ranking(TREES[-1], 3, True)
    yield "keys", _keys
    yield "stored", _stored_values
    for name in SCHEMA.columns:
        yield f"column {name}", _column(name)
    for name in SCHEMA.fields:
        yield f"field {name}", _field(name)
    for name in ("text", "word"):
        yield f"positions {name}", _positions(name)


QUESTIONS: dict[str, Question] = dict(_questions())
