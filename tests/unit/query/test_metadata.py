"""What clauses about metadata mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.errors import QuerySyntaxError, UsageError
from searchkit.metadata import MetadataField, MetadataKind
from searchkit.metadata.fields import BUILT_IN
from searchkit.query import DEFAULT_WEIGHTS, Query, parse
from searchkit.query.syntax import RICH
from searchkit.tree import (
    And,
    AndNot,
    ConstantScore,
    Every,
    Node,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    Regex,
    Term,
    Wildcard,
    word_in,
)

ANALYZER = open_analyzer("english")
FIELDS = BUILT_IN | {
    "year": MetadataField("year", MetadataKind.NUMBER, "number:year"),
    "read_on": MetadataField("read_on", MetadataKind.NUMBER, "number:year"),
}


def understood(text: str, strict: bool = False) -> Query:
    return parse(text, ANALYZER, metadata=FIELDS, strict=strict, today=date(2024, 5, 15))


def word(term: str) -> Node:
    return word_in(term, DEFAULT_WEIGHTS)


def only(node: Node) -> Node:
    return ConstantScore(node, 0.0)


def days(
    low: str | None, high: str | None, *, with_low: bool = True, with_high: bool = True
) -> Node:
    first, last = (text and date.fromisoformat(text).toordinal() for text in (low, high))
    return only(NumberRange("date", first, last, with_low, with_high))


def years(low: float | None, high: float | None, *, with_low: bool = True) -> Node:
    return only(NumberRange("number:year", low, high, with_low))


X, Y = word("x"), word("y")
PDF, HTML, GERMAN = only(Term("type", "pdf")), only(Term("type", "html")), only(Term("lang", "de"))

MEANT: list[tuple[str, Node]] = [
    ("type:PDF", PDF),
    ("x type:pdf", And((X, PDF))),
    ("x Read-On:>3", And((X, years(3, None, with_low=False)))),
    ("x -read-on:[3 to]", AndNot(X, years(3, None))),
    ("type:pdf x y", And((Or((X, Y)), PDF))),
    ("x type:pdf y lang:de", And((Or((X, Y)), PDF, GERMAN))),
    ("x AND type:pdf", And((X, PDF))),
    ("x OR type:pdf", Or((X, PDF))),
    ("x OR type:pdf y", Or((X, PDF, Y))),
    ("type:pdf OR type:html x", And((X, Or((PDF, HTML))))),
    ("x (type:pdf OR lang:de)", And((X, Or((PDF, GERMAN))))),
    ("x type:(pdf OR html)", And((X, Or((PDF, HTML))))),
    ("x type:(pdf html)", And((X, Or((PDF, HTML))))),
    ("type:(pdf html) lang:de", And((Or((PDF, HTML)), GERMAN))),
    ("type:pdf type:html", And((PDF, HTML))),
    ("x NOT type:html", AndNot(X, HTML)),
    ("NOT type:html", AndNot(Every(), HTML)),
    ("type:pdf NOT lang:de", AndNot(PDF, GERMAN)),
    ("x type:pdf NOT y", AndNot(And((X, PDF)), Y)),
    ('author:"Jane Smith"', only(Phrase("author", ("jane", "smith")))),
    ("author:Smiths", only(Term("author", "smith"))),
    ('tag:"Machine  Learning"', only(Term("tag", "machine learning"))),
    ("path:docs/guide/", only(Term("path", "docs/guide"))),
    ("path:/home/Me", only(Term("path", "/home/me"))),
    ("path:*.md", only(Regex("path", r"[^/]*\.md"))),
    ("path:Notes/**/x?.md", only(Regex("path", r"notes/(?:.*/)?x[^/]\.md"))),
    ("path:**/2024/*", only(Regex("path", "(?:.*/)?2024/[^/]*"))),
    ("tag:Poli*", only(Prefix("tag", "poli"))),
    ("tag:*tics", only(Wildcard("tag", "*tics"))),
    ("author:smi*", only(Prefix("author", "smi"))),
    ("tag:/Pol.*/", only(Regex("tag", "pol.*"))),
    ("date:yesterday", days("2024-05-14", "2024-05-14")),
    ("date:last-week", days("2024-05-06", "2024-05-12")),
    ('date:"since last week"', days("2024-05-06", None)),
    ("date:2024-05-15,", days("2024-05-15", "2024-05-15")),
    ('date:"Last 3 months"', days("2024-02-16", "2024-05-15")),
    ("date:[2024-11 to]", days("2024-11-01", None)),
    ('date:["last month" TO yesterday}', days("2024-04-01", "2024-05-14", with_high=False)),
    ("date:>=yesterday", days("2024-05-14", None)),
    ("-date:today x", AndNot(X, days("2024-05-15", "2024-05-15"))),
    ("date:2024", days("2024-01-01", "2024-12-31")),
    ("date:>2024-05", days("2024-05-31", None, with_low=False)),
    ("date:<2024-05", days(None, "2024-05-01", with_high=False)),
    ("date:<=2024-05", days(None, "2024-05-31")),
    ("date:2024..2025", days("2024-01-01", "2025-12-31")),
    ("date:[2024-01 TO 2024-02]", days("2024-01-01", "2024-02-29")),
    ("date:{2023 TO *]", days("2023-12-31", None, with_low=False)),
    ("date:[TO 2023}", days(None, "2023-01-01", with_high=False)),
    ("year:1999", years(1999, 1999)),
    ("year:>1.5", years(1.5, None, with_low=False)),
    ("year:-3..", years(-3, None)),
    ("x year:([1 TO 2] OR 7)", And((X, Or((years(1, 2), years(7, 7)))))),
]


@pytest.mark.parametrize(("text", "tree"), MEANT)
def test_meant(text: str, tree: Node) -> None:
    query = understood(text, strict=True)
    assert query.tree == tree
    assert query.notices == ()


@pytest.mark.parametrize(
    ("text", "tree", "said"),
    [
        (
            "date:soon x",
            Or((word("soon"), X)),
            '"soon" is no date (2024-05-01, 2024-05, yesterday and "last week" are)',
        ),
        ("year:x", X, '"x" is no number'),
        (
            "type:[x TO y]",
            Or((X, word("to"), Y)),
            "a range needs a field of numbers or dates before it",
        ),
    ],
)
def test_no_values_are_searched_for_as_text(text: str, tree: Node, said: str) -> None:
    query = understood(text)
    assert query.tree == tree
    assert [notice.message for notice in query.notices] == [f"{said}: searched for as text"]
    with pytest.raises(QuerySyntaxError):
        understood(text, strict=True)


ODD = (
    'x AND OR NOT ( ) " type: type:pdf date:2024 date: date:> date:x year:1..2 year: path:/a path: '
    '[1 TO 2] {1 TO [ TO ] .. > <= 2024-13 tag: tag:" author:x-y lang:* \ud800 -1 title:'
)
TEXTS = st.one_of(
    st.lists(st.sampled_from([*ODD.split(" "), " ", " "]), max_size=20).map("".join),
    st.lists(st.sampled_from(ODD.split(" ")), max_size=20).map(" ".join),
)


@given(TEXTS)
def test_nothing_raises_and_strict_raises_where_there_is_a_notice(text: str) -> None:
    query = understood(text)
    for notice in query.notices:
        assert 0 <= notice.start <= notice.end <= len(text)
    for one in query.words:
        assert text[one.start : one.end] == one.text
    try:
        assert understood(text, strict=True) == query
    except UsageError:
        assert query.notices
    else:
        assert not query.notices


@given(TEXTS)
def test_what_is_plain_has_no_metadata(text: str) -> None:
    if not RICH.search(text):
        assert understood(text) == parse(text, ANALYZER)
