"""Rows: which field is what, which separator, which line; and the values of fields."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.document import Document
from searchkit.metadata.moments import iso_moment
from searchkit.readers import Options, Source, read
from searchkit.readers.contract import UnreadableError
from searchkit.readers.csv_rows import Dialect, find_dialect, has_names
from searchkit.readers.fields import flattened
from searchkit.readers.rows import Located, Rows


def rows(name: str, text: str, **options: str) -> tuple[list[Document], list[tuple[str, str]]]:
    source = Source(text.encode(), name, 0.0, Options(**options))  # type: ignore[arg-type]
    return list(read(source)), source.failures


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.text(max_size=6), JSON, max_size=5), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_all_rows_of_an_array_and_of_lines_are_the_same(objects: list[dict[str, object]]) -> None:
    lines = "\n".join(json.dumps(one) for one in objects)
    array = json.dumps(objects)
    from_lines, failures = rows("a.jsonl", lines)
    from_array, more_failures = rows("a.json", array)
    assert not failures and not more_failures
    told = [(one.key[8:], one.text, one.authors, one.published) for one in from_lines]
    assert told == [(one.key[7:], one.text, one.authors, one.published) for one in from_array]
    assert len(from_lines) <= len(objects)
    for document in from_lines:
        for value in document.fields.values():
            assert not isinstance(value, float) or math.isfinite(value)


CELL = st.text(st.sampled_from("ab1 \n\"',;|\té中"), max_size=6)
TABLE = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=3, max_size=8)
)


@given(TABLE, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=200, deadline=None)
def test_what_the_library_writes_is_read_back(
    table: list[list[str]], delimiter: str, line_end: str
) -> None:
    written = io.StringIO()
    writer = csv.writer(
        written, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL
    )
    names = ["id", *(f"column-{at}" for at in range(1, len(table[0])))]
    writer.writerow(names)
    writer.writerows(table)
    documents, failures = rows("a.csv", written.getvalue())
    assert not failures
    expected = [
        {name: cell.strip() for name, cell in zip(names, row, strict=True) if cell.strip()}
        for row in table
    ]
    assert [dict(one.fields) for one in documents] == [row for row in expected if row]


@given(st.text(st.sampled_from('a,;\t|"\n\r 1'), max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_table_is_read_to_its_end(text: str) -> None:
    documents, failures = rows("a.csv", text)
    assert not failures
    for letter in "a1":
        kept = sum(one.text.count(letter) + one.title.count(letter) for one in documents)
        names = 20 * len(documents)
        assert kept <= text.count(letter) * (1 + len(documents)) + names


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("a,b\n1,2\n", Dialect(",", True)),
        ("a;b\n1,5;2,5\n3,5;4,5\n", Dialect(";", True)),
        ("a\tb\n1, x\t2, y\n", Dialect("\t", True)),
        ("a|b|c\n1|2|3\n", Dialect("|", True)),
        ("one word\nanother\n", Dialect(",", True)),
    ],
)
def test_the_separator_is_found(text: str, dialect: Dialect) -> None:
    assert find_dialect(text) == dialect


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([["id", "text"], ["1", "x"]], True),
        ([["1", "x"], ["2", "y"]], False),
        ([["year", "sum"], ["2001", "5"], ["2002", "6"]], True),
        ([["Ann", "ann@example.org"], ["Bob", "bob@example.org"]], False),
        ([["", "a", "b"], ["0", "x", "y"]], True),
        ([["boat"], ["car"]], False),
        ([["Name"], ["Ann"]], True),
        ([["2024-01-01", "x"], ["2024-01-02", "y"]], False),
    ],
)
def test_a_line_of_names_is_told_from_a_row(table: list[list[str]], expected: bool) -> None:
    assert has_names(Dialect(","), table) is expected


def test_asked_fields_come_before_guesses() -> None:
    text = '{"id": 1, "code": "x9", "text": "no", "essay": "yes", "name": "no", "label": "yes"}\n'
    (document,), _ = rows(
        "a.jsonl", text, text_field="essay", title_field="label", key_field="code"
    )
    assert (document.key, document.title) == ("a.jsonl/x9", "yes")
    assert document.text == "yes\n\nid: 1 | code: x9 | text: no | name: no"
    assert document.fields == {"id": 1, "code": "x9", "text": "no", "name": "no", "label": "yes"}


def test_an_asked_field_that_a_file_lacks_leaves_it_to_the_guesses() -> None:
    (document,), _ = rows("a.csv", "id,text\n1,words\n", text_field="essay", key_field="code")
    assert (document.key, document.text) == ("a.csv/1", "words\n\nid: 1")


def test_an_asked_nested_field_is_named_with_dots() -> None:
    (document,), _ = rows("a.jsonl", '{"a": {"b": "words"}, "text": "x"}', text_field="a.b")
    assert document.text == "words\n\ntext: x"


def test_rows_without_the_asked_field_have_no_other_text() -> None:
    text = '{"essay": "words", "text": "x"}\n{"text": "y"}\n'
    documents, _ = rows("a.jsonl", text, text_field="essay")
    assert [one.text for one in documents] == ["words\n\ntext: x", "text: y"]


TICKETS = [
    {
        "ID": f"C-{number:04}",
        "Title": f"Case {number}",
        "Status": "Open",
        "Description": "It leaks." if number % 8 == 0 else "The boiler leaks every night, " * 3,
    }
    for number in range(40)
]


def table(objects: list[dict[str, str]]) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, list(objects[0]))
    writer.writeheader()
    writer.writerows(objects)
    return written.getvalue()


def test_what_the_text_is_is_one_decision_for_a_file() -> None:
    documents, _ = rows("a.csv", table(TICKETS))
    for document, ticket in zip(documents, TICKETS, strict=True):
        first, rest = document.text.split("\n\n")
        assert first == ticket["Description"].strip()
        assert rest == f"ID: {ticket['ID']} | Status: Open"
        assert document.title == ticket["Title"]
    documents, _ = rows("a.csv", table([{**one, "Description": "It leaks."} for one in TICKETS]))
    assert documents[1].text == "ID: C-0001 | Status: Open | Description: It leaks."


def test_only_the_first_rows_are_waited_for() -> None:
    taken = 0

    def some() -> Iterator[Located]:
        nonlocal taken
        for number in range(1, 2001):
            taken = number
            yield {"note": "It leaks all night.", "n": number}, number, number

    source = Source(b"", "a.jsonl", 0.0)
    documents = Rows(source, "application/jsonl").documents(some())
    assert next(documents).text == "It leaks all night.\n\nn: 1"
    assert taken == 300
    assert len(list(documents)) == 1999


def test_few_of_long_rows_are_waited_for() -> None:
    taken = 0

    def some() -> Iterator[Located]:
        nonlocal taken
        for number in range(1, 101):
            taken = number
            yield {"parts": ["word " * 40_000, "word " * 40_000]}, number, number

    next(Rows(Source(b"", "a.jsonl", 0.0), "application/jsonl").documents(some()))
    assert taken == 3


WORD = st.text(st.sampled_from("abcé中"), min_size=1, max_size=8)
VALUE = WORD | st.integers(-9999, 9999) | st.lists(WORD | st.integers(0, 99), max_size=3)
NAME = st.sampled_from(
    "id title name text body description label summary author tags date lang url x y".split()
)


@given(st.lists(st.dictionaries(NAME, VALUE, max_size=8), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_every_value_stands_in_the_title_or_the_text(objects: list[dict[str, object]]) -> None:
    documents, failures = rows("a.jsonl", "\n".join(map(json.dumps, objects)))
    assert not failures
    by_line = {one.lines[0][1]: one for one in documents}
    for line, row in enumerate(objects, 1):
        for value in row.values():
            for one in value if isinstance(value, list) else [value]:
                assert str(one) in f"{by_line[line].title}\n{by_line[line].text}"


@given(st.lists(st.dictionaries(NAME, VALUE, max_size=8), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_blocks_of_rows_are_in_order_and_hold_all_words(objects: list[dict[str, object]]) -> None:
    documents, _ = rows("a.jsonl", "\n".join(map(json.dumps, objects)))
    for document in documents:
        at = 0
        for block in document.blocks:
            assert document.text[at : block.start].strip() == ""
            assert document.text[block.start : block.end].strip()
            at = block.end
        assert document.text[at:].strip() == ""


def test_the_number_of_a_collection_is_no_text() -> None:
    documents, _ = rows("a.jsonl", '{"_id": "d1", "title": "Boats", "text": "They float."}')
    assert (documents[0].key, documents[0].text) == ("a.jsonl/d1", "They float.")
    documents, _ = rows("a.jsonl", '{"id": "C-0011", "title": "Boats", "text": "They float."}')
    assert documents[0].text == "They float.\n\nid: C-0011"


def test_what_nobody_types_is_no_text() -> None:
    row = {
        "text": "words",
        "avatar_url": "https://example.org/a.png",
        "images": ["https://example.org/b.png", "https://example.org/c.png"],
        "url": "https://example.org/row",
        "embedding": [0.25] * 384,
        "vector": str([0.25] * 100),
        "token": "x" * 101,
        "digest": "0123456789abcdef" * 4,
        "closed": False,
        "place": [13.4, 52.5],
        "html": "<p>some <b>bold</b></p>",
    }
    (document,), _ = rows("a.jsonl", json.dumps(row))
    assert document.text == (
        f"words\n\nurl: https://example.org/row | digest: {row['digest']} | place: 13.4; 52.5"
        " | html: some bold"
    )
    assert document.fields.keys() == row.keys() - {"text"}


def test_fields_do_not_stand_below_a_heading_of_the_text() -> None:
    body = "# Steps\n\nOpen it.\n\n# Expected\n\nIt opens."
    (document,), _ = rows("a.jsonl", json.dumps({"title": "Bug", "body": body, "state": "open"}))
    assert document.text == f"state: open\n\n{body}"
    told = [(one.kind.value, document.text[one.start : one.end]) for one in document.blocks]
    assert told == [
        ("row", "state: open"),
        ("heading", "Steps"),
        ("paragraph", "Open it."),
        ("heading", "Expected"),
        ("paragraph", "It opens."),
    ]


def test_a_long_value_is_a_paragraph_and_a_long_row_ends() -> None:
    row = {"a": "one", "long": "word " * 30, **{f"n{at}": "some words" * 3 for at in range(20)}}
    (document,), _ = rows("a.jsonl", json.dumps({**row, "text": "x"}))
    told = [(one.kind.value, document.text[one.start : one.end]) for one in document.blocks[1:]]
    assert told[0] == ("row", "a: one")
    assert told[1] == ("paragraph", f"long: {str(row['long']).strip()}")
    assert {kind for kind, _ in told[2:]} == {"row"} and len(told) > 3
    assert max(len(said) for _, said in told[2:]) < 500


def test_a_text_of_any_name_is_the_text() -> None:
    said = "When the ship had left the harbour the crew saw that nobody had brought the charts."
    lines = [{"n": n, "account of the night": f"{n} {said} {said}"} for n in range(5)]
    documents, _ = rows("a.jsonl", "\n".join(map(json.dumps, lines)))
    assert documents[2].text == f"2 {said} {said}\n\nn: 2"


def test_classes_call_no_row_and_summaries_do() -> None:
    lines = [{"text": f"film {n}", "label": "good" if n % 2 else "bad"} for n in range(6)]
    documents, _ = rows("films.jsonl", "\n".join(map(json.dumps, lines)))
    assert [(one.title, one.text) for one in documents[:1]] == [("films 1", "film 0\n\nlabel: bad")]
    text = "Issue key,Summary,Description\n" + "".join(
        f'S-{n},Crash {n},"It crashes when the file is opened, each time, number {n}"\n'
        for n in range(4)
    )
    documents, _ = rows("a.csv", text)
    assert (documents[1].key, documents[1].title) == ("a.csv/S-1", "Crash 1")
    assert documents[1].text.endswith("number 1\n\nIssue key: S-1")


def test_a_text_as_a_list_of_its_lines_or_parts() -> None:
    (document,), _ = rows("a.jsonl", '{"text": ["see ", "the map", " at ", 9]}')
    assert document.text == "see the map at 9"
    (document,), _ = rows("a.jsonl", '{"x": ["one\\n", "two"], "n": 1}')
    assert document.text == "x: one\ntwo\nn: 1"


def test_objects_by_their_codes_are_a_list_of_them() -> None:
    said = ["How do I sharpen a chisel by hand?", "Hold the bevel flat on the stone, and turn it."]
    codes = [f"8f14e45f-ceea-467f-9575-1c1d5a3b2f1{at}" for at in range(2)]
    messages = {
        code: {"id": code, "author": role, "parts": [one]}
        for code, role, one in zip(codes, ("user", "assistant"), said, strict=True)
    }
    (document,), _ = rows("a.jsonl", json.dumps({"title": "Tools", "messages": messages}))
    assert document.text == (
        f"messages.id: {'; '.join(codes)} | messages.author: user; assistant"
        f" | messages.parts: {'; '.join(said)}"
    )
    assert document.fields["messages.parts"] == said
    (document,), _ = rows("a.jsonl", json.dumps({"text": "x", "seen by": codes * 10}))
    assert document.text == "x"


def test_the_name_before_a_value_has_an_end() -> None:
    (document,), _ = rows("a.jsonl", json.dumps({"n" * 999: 1}))
    assert document.text == f"{'n' * 200}…: 1"


def test_envelopes_are_taken_off() -> None:
    places = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": 7,
                "properties": {"name": "Old bridge", "built": 1780},
                "geometry": {"type": "Polygon", "coordinates": [[[n, n] for n in range(20)]]},
            }
        ],
    }
    (document,), _ = rows("a.json", json.dumps(places))
    assert (document.key, document.title) == ("a.json/7", "Old bridge")
    assert document.text == "built: 1780 | id: 7 | geometry.type: Polygon"
    dumped = {"_index": "i", "_type": "_doc", "_id": "k", "_score": 1, "_source": {"body": "words"}}
    (document,), _ = rows("a.jsonl", json.dumps(dumped))
    assert (document.key, document.text) == ("a.jsonl/k", "words")


def test_tags_in_angle_brackets() -> None:
    (document,), _ = rows("a.jsonl", '{"Body": "x", "Tags": "<python><list-comprehension>"}')
    assert document.tags == ("python", "list-comprehension")


def test_what_has_a_meaning_is_a_field_besides_if_it_can_be_declared() -> None:
    row = {"text": "x", "title": "T", "name": "N", "created": "2024-05-01", "category": "boats"}
    (document,), _ = rows("a.jsonl", json.dumps({**row, "date": "2024-05-02", "tag": "sea"}))
    assert (document.published, document.tags) == ("2024-05-02", ("sea", "boats"))
    assert document.fields == {"name": "N", "created": "2024-05-01", "category": "boats"}


def test_a_title_beyond_what_the_index_keeps_is_text_too() -> None:
    title = "word " * 70 + "last"
    (document,), _ = rows("a.jsonl", json.dumps({"title": title, "text": "x"}))
    assert document.text == f"x\n\ntitle: {title}"


def test_lines_count_in_the_file() -> None:
    documents, _ = rows("a.csv", 'id,text\r\n1,"a\r\nb"\r\n\r\n2,c\r\n')
    assert [document.line(0) for document in documents] == [2, 5]
    documents, _ = rows("a.json", '[\n{"text": "a"},\n\n{"text":\n"b"}]')
    assert [document.line(0) for document in documents] == [2, 4]


def test_a_hundred_bad_rows_are_named_and_the_good_ones_read() -> None:
    text = '{"text": "first"}\n' + "bad\n" * 500 + '{"text": "last"}\n'
    documents, failures = rows("a.jsonl", text)
    assert [document.text for document in documents] == ["first", "last"]
    assert len(failures) == 101 and failures[-1][1].startswith("line 102 and others")


def test_a_file_without_a_good_row_is_refused_early() -> None:
    source = Source(b"bad\n" * 100_000, "a.jsonl", 0.0)
    with pytest.raises(UnreadableError, match="line 1: not JSON"):
        list(read(source))
    assert not source.failures


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00+00:00"),
        ("2024-05-01 10:00", "2024-05-01T10:00:00"),
        ("2024-05-01T10:00:00.123+0200", "2024-05-01T10:00:00+02:00"),
        ("2024/5/1", "2024-05-01"),
        ("20240501", "2024-05-01"),
        ("1.5.2024", "2024-05-01"),
        ("05/13/2024", "2024-05-13"),
        ("13/05/2024", "2024-05-13"),
        ("03/04/2024", ""),
        ("May 1, 2024", "2024-05-01"),
        ("Wed, 1 May 2024", "2024-05-01"),
        ("1st of May 2024", "2024-05-01"),
        (1714557600, "2024-05-01T10:00:00+00:00"),
        (1714557600000, "2024-05-01T10:00:00+00:00"),
        ("1714557600", "2024-05-01T10:00:00+00:00"),
        (2024, ""),
        ("2024", ""),
        ("2024-02-30", ""),
        ("2024-13-01", ""),
        ("yesterday", ""),
        (True, ""),
        (1e300, ""),
        (float("nan"), ""),
        (["2024-05-01"], ""),
    ],
)
def test_dates(value: object, expected: str) -> None:
    assert iso_moment(value) == expected


@given(st.one_of(st.text(st.sampled_from("0123456789-/.: TZMay+,"), max_size=30), st.floats()))
@settings(max_examples=500, deadline=None)
def test_any_date_is_understood_or_not(value: object) -> None:
    found = iso_moment(value)
    assert not found or iso_moment(found) == found


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_fields_are_plain(value: object) -> None:
    for name, flat in flattened({"a": value}).items():
        assert name.split(".")[0] == "a"
        for one in flat if isinstance(flat, list) else [flat]:
            assert isinstance(one, str | int | float)


def test_fields_that_hold_themselves_end() -> None:
    loop: list[object] = [1]
    loop += [loop, loop]
    assert len(flattened({"a": loop})["a"]) <= 10_000  # type: ignore[arg-type]


def test_objects_with_names_are_tags() -> None:
    labels = '[{"name": "bug", "color": "red"}, {"name": "help wanted", "color": "blue"}]'
    (document,), _ = rows("a.jsonl", f'{{"body": "x", "labels": {labels}}}')
    assert document.tags == ("bug", "help wanted")


def test_a_number_of_any_length_costs_no_row() -> None:
    ones = ", ".join(f'{{"id": {n}, "text": "a heron", "n": {"9" * 5000}}}' for n in (1, 2, 3))
    found, failures = rows("a.json", f"[{ones}]")
    assert [one.key for one in found] == ["a.json/1", "a.json/2", "a.json/3"]
    assert not failures


def test_a_row_with_too_long_a_value_is_named() -> None:
    found, failures = rows(
        "a.csv", f'id,text\n1,hello one\n2,"{"x " * (5 << 20)}"\n3,hello three\n'
    )
    assert [one.key for one in found] == ["a.csv/1", "a.csv/3"]
    ((key, reason),) = failures
    assert key == "a.csv/3" and reason.startswith("line 3: a value in it is longer than 8 million")


def test_an_inch_sign_after_a_value_of_several_lines_tears_no_row() -> None:
    text = "id,desc,size\n" + "".join(f'{n},"two\nlines",6\n' for n in range(9))
    found, failures = rows("a.csv", text + '9,"two\nlines",5" pipe\n')
    assert [one.key for one in found] == [f"a.csv/{n}" for n in range(10)]
    assert found[-1].text.endswith('size: 5" pipe') and not failures


def test_a_quote_that_nothing_closes_takes_no_row_below() -> None:
    text = "id,desc\n" + "".join(f'{n},"a heron"\n' for n in range(9))
    found, _ = rows("a.csv", text + '9,"an otter\n10,a newt\n')
    assert [one.key for one in found][-2:] == ["a.csv/9", "a.csv/10"]
