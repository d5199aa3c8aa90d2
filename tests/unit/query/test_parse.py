"""What each kind of query means: trees written by hand."""

from __future__ import annotations

import time

import pytest

from searchkit.analysis import open_analyzer
from searchkit.errors import QuerySyntaxError, UnknownFieldError
from searchkit.query import DEFAULT_WEIGHTS, Notice, Word, parse
from searchkit.tree import NOTHING, And, AndNot, Every, Node, Or, Phrase, Term, WordGroup, word_in

ANALYZER = open_analyzer("english")
# The letters below stand for words of any kind; "a" among them is an article otherwise.
ANALYZER.stop_terms = frozenset()


def word(term: str) -> Node:
    return word_in(term, DEFAULT_WEIGHTS)


def phrases(*terms: str) -> tuple[Node, ...]:
    return tuple(Phrase(field, terms) for field in ("text", "title", "headings"))


A, B, C, D, E, X, Y = map(word, "abcdexy")
TITLE_A, TITLE_B = Term("title", "a"), Term("title", "b")

UNDERSTOOD: list[tuple[str, Node]] = [
    # Words
    ("a", A),
    ("Running", word("run")),
    ("a b c", Or((A, B, C))),
    ("a b a", Or((A, B))),
    ("the the the", word("the")),
    ("and or not", Or((word("and"), word("or"), word("not")))),
    ("a\u2003b\nc", Or((A, B, C))),
    ("C++", C),
    ("a -- b", Or((A, B))),
    ("a, b!", Or((A, B))),
    ("what is this?", Or((word("what"), word("is"), word("this")))),
    ("why?!", word("whi")),
    ("don't", word("don't")),
    # Connected words
    ("a-b", Or(phrases("a", "b"))),
    ("a-b c", Or((*phrases("a", "b"), C))),
    ("a/b/c", Or(phrases("a", "b", "c"))),
    ("3.11", Or(phrases("3", "11"))),
    ("1763年6月", Or((*phrases("1763", "年", "6", "月"), *map(word, ("1763", "年", "6", "月"))))),
    ("ab.11", Or((*phrases("ab", "11"), word("ab"), word("11")))),
    ("x@y.c", Or(phrases("x", "y", "c"))),
    ("a_b", Or(phrases("a", "b"))),
    ("a AND b-c", And((A, Or(phrases("b", "c"))))),
    ("a AND (b-c d)", And((A, Or((*phrases("b", "c"), D))))),
    ("(a AND b) c-d", Or((And((A, B)), *phrases("c", "d")))),
    ("a NOT b-c", AndNot(A, Or(phrases("b", "c")))),
    ("a-b NOT c", AndNot(Or(phrases("a", "b")), C)),
    ("title:a-b", Phrase("title", ("a", "b"))),
    ("title:(a-b c)", Or((Phrase("title", ("a", "b")), Term("title", "c")))),
    # Operators
    ("a AND b", And((A, B))),
    ("a AND b AND c", And((A, B, C))),
    ("a AND (b AND c)", And((A, B, C))),
    ("a AND a", A),
    ("a OR b", Or((A, B))),
    ("a OR b OR a", Or((A, B))),
    ("a b AND c d", Or((A, And((B, C)), D))),
    ("a AND b OR c", Or((And((A, B)), C))),
    ("a OR b AND c", Or((A, And((B, C))))),
    ("a AND b c AND d", Or((And((A, B)), And((C, D))))),
    ("(a OR b) AND c", And((Or((A, B)), C))),
    ("(a AND b) OR c", Or((And((A, B)), C))),
    ("(a b) AND (c d)", And((Or((A, B)), Or((C, D))))),
    ("(a)AND(b)", And((A, B))),
    ('"a"OR"b"', Or((A, B))),
    ("((((a))))", A),
    ("(a b) c", Or((A, B, C))),
    ("f(x)", Or((word("f"), X))),
    ("main() x", Or((word("main"), X))),
    # NOT
    ("a NOT b", AndNot(A, B)),
    ("a AND NOT b", AndNot(A, B)),
    ("NOT b", AndNot(Every(), B)),
    ("NOT(b)", AndNot(Every(), B)),
    ("a b NOT c", AndNot(Or((A, B)), C)),
    ("NOT c a b", AndNot(Or((A, B)), C)),
    ("a NOT b NOT c", AndNot(A, Or((B, C)))),
    ("NOT a NOT b", AndNot(Every(), Or((A, B)))),
    ("NOT a AND NOT b", AndNot(Every(), Or((A, B)))),
    ("a NOT (b c)", AndNot(A, Or((B, C)))),
    ("a NOT b AND c", Or((A, AndNot(C, B)))),
    ("a AND b AND NOT c", AndNot(And((A, B)), C)),
    ("a AND (NOT b)", AndNot(A, B)),
    ("a OR NOT b", AndNot(A, B)),
    ("a OR (NOT b)", Or((A, AndNot(Every(), B)))),
    ("(a NOT b) OR c", Or((AndNot(A, B), C))),
    ("NOT NOT a", A),
    ("NOT NOT NOT a", AndNot(Every(), A)),
    ("NOT (NOT a)", A),
    ("NOT (NOT (NOT a))", AndNot(Every(), A)),
    ("a NOT (NOT b)", AndNot(A, AndNot(Every(), B))),
    ("a NOT (b NOT c)", AndNot(A, AndNot(B, C))),
    ("a AND NOT NOT b", And((A, B))),
    # Phrases
    ('"a b"', Or(phrases("a", "b"))),
    ('"a"', A),
    ('"a b" c', Or((*phrases("a", "b"), C))),
    ('"a-b"', Or(phrases("a", "b"))),
    ('"a\nAND (b"', Or(phrases("a", "and", "b"))),
    ('c AND "a b"', And((C, Or(phrases("a", "b"))))),
    ('"" a', A),
    # Fields
    ("title:a", TITLE_A),
    ("text:a b", Or((Term("text", "a"), B))),
    ('title:"a b"', Phrase("title", ("a", "b"))),
    ('title:"a"', TITLE_A),
    ("title:(a b)", Or((TITLE_A, TITLE_B))),
    ("title:(a AND b)", And((TITLE_A, TITLE_B))),
    ("title:(a NOT b)", AndNot(TITLE_A, TITLE_B)),
    ("title:(a text:b)", Or((TITLE_A, Term("text", "b")))),
    ("NOT title:a", AndNot(Every(), TITLE_A)),
    ("a AND headings:b", And((A, Term("headings", "b")))),
    ("title:x:y", Phrase("title", ("x", "y"))),
    # What only looks like syntax
    ("12:30", Or(phrases("12", "30"))),
    ("a:", A),
    ("a: b", Or((A, B))),
    ("c:\\d", Or(phrases("c", "d"))),
    ("a::b", Or(phrases("a", "b"))),
    (
        "x://a/b?c=d",
        Or(phrases("x", "a", "b", "c", "d")),
    ),
    ("a ? b", Or((A, B))),
    ("a -1", Or((A, word("1")))),
    ("a - b", Or((A, B))),
    ("a * b", Or((A, B))),
    ("a:b:c", Or(phrases("a", "b", "c"))),
    ("2*3 **a** ***", Or((*phrases("2", "3"), A))),
    ("2^10 a^b", Or((*phrases("2", "10"), *phrases("a", "b")))),
    (
        "b.c?x=3",
        Or(phrases("b", "c", "x", "3")),
    ),
    ("a/*.c ~/b", Or((*phrases("a", "c"), B))),
    ("/a/b/ /x/", Or((*phrases("a", "b"), X))),
    ("-1 +2 - a -- b -> c", Or((word("1"), word("2"), A, B, C))),
    ("a | b & c !x", Or((A, B, C, X))),
    ("“a b” «c d» „x y“", Or((*phrases("a", "b"), *phrases("c", "d"), *phrases("x", "y")))),
    ("»a b« ”c d” »x y»", Or((*phrases("a", "b"), *phrases("c", "d"), *phrases("x", "y")))),
]


@pytest.mark.parametrize(("text", "tree"), UNDERSTOOD)
def test_understood(text: str, tree: Node) -> None:
    query = parse(text, ANALYZER)
    assert query.text == text
    assert query.tree == tree
    assert query.notices == ()
    assert parse(text, ANALYZER, strict=True) == query


def unknown(name: str) -> str:
    return (
        f'no field "{name}": searched for as text; '
        "to search by it, declare it under [fields] in searchkit.toml"
    )


def short(typed: str) -> str:
    return f'a pattern has 2 letters or more ("{typed}"): searched for as text'


def connected(*terms: str) -> tuple[Node, ...]:
    is_number = all(len(term) == 1 or term.isdecimal() for term in terms)
    return (*phrases(*terms), *(() if is_number else map(word, terms)))


AND_ALONE = "nothing for AND to combine: searched for as text"
OR_ALONE = "nothing for OR to combine: searched for as text"
NOT_ALONE = "nothing for NOT to combine: searched for as text"
EMPTY = "the brackets are empty: they were left out"
TO, AND, OR, NOT = map(word, ("to", "and", "or", "not"))


def unclosed(character: int) -> str:
    return f'"(" is never closed (character {character}): it was left out'


def unopened(character: int) -> str:
    return f'")" closes no bracket (character {character}): it was left out'


def unquoted(character: int) -> str:
    return (
        f"the quote is never closed (character {character}): what follows was searched for as words"
    )


NOT_UNDERSTOOD: list[tuple[str, Node, list[Notice]]] = [
    ("", NOTHING, [Notice("nothing to search for", 0, 0)]),
    ("“a", A, [Notice(unquoted(1), 0, 1)]),
    ("a «b", Or((A, B)), [Notice(unquoted(3), 2, 3)]),
    ("?! ++", NOTHING, [Notice("nothing to search for", 0, 5)]),
    ("()", NOTHING, [Notice(EMPTY, 0, 2), Notice("nothing to search for", 0, 2)]),
    ("a AND ()", Or((A, AND)), [Notice(AND_ALONE, 2, 5), Notice(EMPTY, 6, 8)]),
    # Fields
    ("x:a", Or(connected("x", "a")), [Notice(unknown("x"), 0, 2)]),
    ("a AND x:b", And((A, Or(phrases("x", "b")))), [Notice(unknown("x"), 6, 8)]),
    (
        "Titel:a",
        Or(connected("titel", "a")),
        [Notice('no field "Titel": searched for as text; there is "title"', 0, 6)],
    ),
    ("well-known:a", Or(connected("well", "known", "a")), [Notice(unknown("well-known"), 0, 11)]),
    ("a AND x:(b c) d", Or((And((A, Or((X, B, C)))), D)), [Notice(unknown("x"), 6, 8)]),
    ("x:(b c) AND d", And((Or((X, B, C)), D)), [Notice(unknown("x"), 0, 2)]),
    ("x:(b NOT c)", Or((X, AndNot(B, C))), [Notice(unknown("x"), 0, 2)]),
    (
        "x:(a y:b) c",
        Or((X, A, *connected("y", "b"), C)),
        [Notice(unknown("x"), 0, 2), Notice(unknown("y"), 5, 7)],
    ),
    ('x:"a b"', Or((X, *phrases("a", "b"))), [Notice(unknown("x"), 0, 2)]),
    (
        "title: a",
        Or((word("titl"), A)),
        [Notice('nothing follows "title:" directly: searched for as text', 0, 6)],
    ),
    (
        "title:(a",
        Or((word("titl"), A)),
        [Notice('nothing follows "title:": searched for as text', 0, 6), Notice(unclosed(7), 6, 7)],
    ),
    (
        "a title:++",
        A,
        [Notice('nothing to search for in "++": it was left out', 8, 10)],
    ),
    # Brackets and quotes
    ("C++ AND (a", And((C, A)), [Notice(unclosed(9), 8, 9)]),
    ("((a", A, [Notice(unclosed(1), 0, 1), Notice(unclosed(2), 1, 2)]),
    ("a) b)", Or((A, B)), [Notice(unopened(2), 1, 2), Notice(unopened(5), 4, 5)]),
    (")a(", A, [Notice(unopened(1), 0, 1), Notice(unclosed(3), 2, 3)]),
    ('"a b', Or((A, B)), [Notice(unquoted(1), 0, 1)]),
    ('"a b" "c', Or((*phrases("a", "b"), C)), [Notice(unquoted(7), 6, 7)]),
    # Operators
    ("AND a", Or((AND, A)), [Notice(AND_ALONE, 0, 3)]),
    ("a AND", Or((A, AND)), [Notice(AND_ALONE, 2, 5)]),
    ("a AND OR b", Or((A, AND, OR, B)), [Notice(AND_ALONE, 2, 5), Notice(OR_ALONE, 6, 8)]),
    ("NOT", NOT, [Notice(NOT_ALONE, 0, 3)]),
    ("a AND NOT", Or((A, AND, NOT)), [Notice(AND_ALONE, 2, 5), Notice(NOT_ALONE, 6, 9)]),
    ("(a OR)", Or((A, OR)), [Notice(OR_ALONE, 3, 5)]),
    ("a AND ++", A, [Notice('nothing to search for in "++": it was left out', 6, 8)]),
    ('a NOT ""', A, [Notice('nothing to search for in "": it was left out', 6, 8)]),
    (
        "a ANDNOT b",
        Or((A, word("andnot"), B)),
        [Notice("ANDNOT is not an operator here: searched for as text", 2, 8)],
    ),
    ("a && b", Or((A, B)), [Notice("&& is not an operator here: searched for as text", 2, 4)]),
    # Patterns, misspelt words, what stands behind
    ("a*", A, [Notice(short("a*"), 0, 2)]),
    ("int *p", Or((word("int"), word("p"))), [Notice(short("*p"), 4, 6)]),
    (
        "a~2",
        Or(connected("a", "2")),
        [Notice('a misspelt word has 3 letters or more ("a~2"): searched for as text', 0, 3)],
    ),
    (
        "e-mail~",
        Or(connected("e", "mail")),
        [Notice('only a single word may be misspelt ("e-mail~"): searched for as text', 0, 7)],
    ),
    (
        "dogs~0.5",
        Or(connected("dog", "0", "5")),
        [Notice('a word has no 0.5 misspelt letters ("dogs~0.5"): searched for as text', 0, 8)],
    ),
    (
        "(a b)~3",
        Or((A, B, word("3"))),
        [Notice('"~3" does not say how loose it is: searched for as text', 5, 7)],
    ),
    (
        '"a b"^1.2.3',
        Or((*phrases("a", "b"), *connected("1", "2", "3"))),
        [Notice('"^1.2.3" does not say how much it counts: searched for as text', 5, 11)],
    ),
    (
        "/a(b/",
        Or(connected("a", "b")),
        [
            Notice(
                '"/a(b/" is no regular expression (a group is never closed): searched for as text',
                0,
                5,
            )
        ],
    ),
    (
        "[a TO b]",
        Or((A, TO, B)),
        [Notice("a range needs a field of numbers or dates before it: searched for as text", 0, 8)],
    ),
]


@pytest.mark.parametrize(("text", "tree", "notices"), NOT_UNDERSTOOD)
def test_not_understood(text: str, tree: Node, notices: list[Notice]) -> None:
    query = parse(text, ANALYZER)
    assert query.tree == tree
    assert list(query.notices) == notices


@pytest.mark.parametrize("text", [text for text, _, _ in NOT_UNDERSTOOD])
def test_strict_raises_what_else_is_noticed(text: str) -> None:
    with pytest.raises((QuerySyntaxError, UnknownFieldError)):
        parse(text, ANALYZER, strict=True)


def test_strict_errors_say_where_and_what() -> None:
    with pytest.raises(QuerySyntaxError, match="never closed") as syntax:
        parse("a AND (b", ANALYZER, strict=True)
    assert syntax.value.position == 6
    with pytest.raises(UnknownFieldError, match="the fields are text, title, headings") as unknown:
        parse("nosuch:a", ANALYZER, strict=True)
    assert unknown.value.field == "nosuch"


def test_words_are_as_typed_with_their_terms_and_places() -> None:
    assert parse('Cats title:e-mail "running dogs" NOT (birds x:y)', ANALYZER).words == (
        Word("Cats", ("cat",), 0, 4),
        Word("e", ("e",), 11, 12, "title"),
        Word("mail", ("mail",), 13, 17, "title"),
        Word("running", ("run",), 19, 26),
        Word("dogs", ("dog",), 27, 31),
    )


def test_words_come_in_the_order_typed_without_those_under_not() -> None:
    query = parse("NOT z a AND NOT b c NOT NOT d NOT (e NOT f)", ANALYZER)
    assert [word.text for word in query.words] == ["a", "c", "d"]


def test_an_unknown_field_that_is_unwanted_is_still_noticed() -> None:
    query = parse("a NOT x:b", ANALYZER)
    assert query.tree == AndNot(A, Or(phrases("x", "b")))
    assert [notice.message for notice in query.notices] == [unknown("x")]


def test_messages_are_one_short_line() -> None:
    query = parse('a AND "\n\u2028" b AND ' + "+" * 500, ANALYZER)
    assert len(query.notices) == 2
    for notice in query.notices:
        assert len(notice.message.splitlines()) == 1
        assert len(notice.message) < 120


def test_notices_past_the_twentieth_are_counted() -> None:
    query = parse("(" * 1_020 + "a", ANALYZER)
    assert query.tree == A
    assert len(query.notices) == 21
    assert query.notices[-1].message == "and 1,000 more like these"


def test_brackets_nested_too_deep_are_left_out() -> None:
    assert parse("(" * 50 + "a" + ")" * 50, ANALYZER).notices == ()
    query = parse("x AND " + "(" * 51 + "a OR b" + ")" * 51, ANALYZER)
    assert query.tree == And((X, Or((A, B))))
    assert [notice.message for notice in query.notices] == [
        "brackets are nested deeper than 50: the inner ones were left out"
    ]
    assert (query.notices[0].start, query.notices[0].end) == (56, 57)


@pytest.mark.parametrize("between", [" ", " OR "])
def test_words_past_the_thousandth_are_left_out(between: str) -> None:
    words = [f"w{number}" for number in range(1_500)]
    typed = between.join(words)
    query = parse(typed, ANALYZER)
    assert len({word.text for word in query.words} - {"OR"}) >= 500
    assert len(query.words) <= 1_000
    assert query.notices[-1].message == "more than 1,000 words: the rest was left out"
    assert query.notices[-1].end == len(typed)
    with pytest.raises(QuerySyntaxError, match="more than 1,000 words"):
        parse(typed, ANALYZER, strict=True)


UNITS = (
    '( ) () (( " "" ++ ++( a (a a) "a NOT( (NOT AND a:b a: title: title:( x:( :( * a* [ ^2 ~ \0 '
    'a-b a? - -a http:// \ud800 \udc00a \' "( ")'
)


@pytest.mark.parametrize("unit", [*UNITS.split(), "a ", "NOT ", "a AND ", "( ", '" '])
def test_a_megabyte_of_anything_takes_a_moment(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    query = parse(text, ANALYZER)
    assert time.process_time() - started < 5
    assert query.notices[-1].end == len(text)
    assert len(query.notices) <= 22


def test_characters_past_the_hundred_thousandth_are_left_out() -> None:
    query = parse("a" + " " * 99_999 + "b", ANALYZER)
    assert query.tree == A
    assert query.notices == (
        Notice("more than 100,000 characters: the rest was left out", 100_000, 100_001),
    )
    assert parse("a" + " " * 99_998 + "b", ANALYZER).tree == Or((A, B))


def test_deep_nesting_raises_nothing() -> None:
    for text in (
        "(" * 10_000 + "a" + ")" * 10_000,
        "NOT (" * 900 + "a" + ")" * 900,
        "a AND (" * 400 + "b" + ")" * 400,
        "title:(" * 900 + "a" + ")" * 900,
        "x:(" * 900 + "a" + ")" * 900,
    ):
        assert parse(text, ANALYZER).words or "NOT" in text


def test_parts_that_every_text_is_full_of_count_only_within_the_phrase() -> None:
    tree = parse("state-of-the-art", open_analyzer("english")).tree
    assert isinstance(tree, Or)
    alone = [child.members[0][1] for child in tree.children if isinstance(child, WordGroup)]
    assert alone == ["state", "art"]
    assert Phrase("text", ("state", "of", "the", "art")) in tree.children


def test_field_names_in_any_case() -> None:
    assert parse("Title:b TEXT:c", ANALYZER).tree == Or((Term("title", "b"), Term("text", "c")))
