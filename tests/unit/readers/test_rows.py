"""Rows: which field is what, which separator, which line; and the values of fields."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.document import Document
from searchkit.readers import Options, Source, read
from searchkit.readers.contract import UnreadableError
from searchkit.readers.csv_rows import Dialect, find_dialect, has_names
from searchkit.readers.fields import flattened
from searchkit.readers.moments import iso_moment


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
    assert (document.key, document.title, document.text) == ("a.jsonl/x9", "yes", "yes")
    assert document.fields == {"id": 1, "code": "x9", "text": "no", "name": "no"}


def test_an_asked_field_that_a_file_lacks_leaves_it_to_the_guesses() -> None:
    (document,), _ = rows("a.csv", "id,text\n1,words\n", text_field="essay", key_field="code")
    assert (document.key, document.text) == ("a.csv/1", "words")


def test_an_asked_nested_field_is_named_with_dots() -> None:
    (document,), _ = rows("a.jsonl", '{"a": {"b": "words"}, "text": "x"}', text_field="a.b")
    assert document.text == "words"


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
