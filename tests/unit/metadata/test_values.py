"""What stands for a value of metadata, in documents and in queries."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.metadata.fields import BUILT_IN, checked, configured, declared, extended
from searchkit.metadata.values import (
    day,
    day_of_time,
    keyword,
    language_keywords,
    number,
    path_keywords,
    period,
    query_keyword,
)
from searchkit.schema import Field, Schema


@given(st.text())
def test_a_keyword_is_a_term_that_stays_as_it_is(text: str) -> None:
    term = keyword(text)
    term.encode()
    assert term == " ".join(term.split())
    assert keyword(text.upper()) == keyword(text.upper().casefold())


def test_a_path_is_found_by_its_folders_parts_and_words() -> None:
    assert set(path_keywords("Docs/user guide/My-File.md")) == {
        *("docs", "docs/user guide", "docs/user guide/my-file.md"),
        *("user guide", "my-file.md", "my-file", "user", "guide", "my", "file", "md"),
    }


@given(st.lists(st.text("aB-. ä", min_size=1, max_size=5), min_size=1, max_size=4))
def test_every_folder_of_a_path_is_asked_for_as_it_is_indexed(parts: list[str]) -> None:
    parts = [part.strip(" .") or "x" for part in parts]
    indexed = path_keywords("/".join(parts))
    for end in range(1, len(parts) + 1):
        for typed in ("/".join(parts[:end]), "./" + "/".join(parts[:end]) + "/"):
            assert query_keyword(BUILT_IN["path"], typed) in indexed


@given(st.lists(st.text("aB-.", min_size=1, max_size=5), min_size=1, max_size=9))
def test_what_folders_are_found_by_is_kept_and_the_same_for_each_file(parts: list[str]) -> None:
    parts = [part.lower() for part in parts]
    words = [word for part in parts for word in re.findall("[a-z]+", part)]
    wanted = {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
    wanted |= {*parts, parts[-1].rpartition(".")[0], *words} - {""}
    assert set(path_keywords("/".join(parts))) == wanted


def test_a_language_is_found_by_what_it_specialises() -> None:
    assert list(language_keywords("de_AT")) == ["de", "de-at"]
    assert list(language_keywords("")) == []
    assert query_keyword(BUILT_IN["lang"], "DE_at") == "de-at"
    assert query_keyword(BUILT_IN["type"], ".MD") == "md"


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02-28", date(2023, 2, 28), date(2023, 2, 28)),
    ],
)
def test_periods(typed: str, first: date, last: date) -> None:
    assert period(typed) == (first.toordinal(), last.toordinal())


@pytest.mark.parametrize("typed", "0000 2024-13 2024-02-30 24 20240501 x 2024-5 2024- -".split())
def test_what_is_no_period(typed: str) -> None:
    assert period(typed) is None


def test_days_are_as_written() -> None:
    assert day("2024-05-01T23:59:00-12:00") == date(2024, 5, 1).toordinal()
    assert day("2024-05") == date(2024, 5, 1).toordinal()
    assert day("yesterday") is None
    assert day_of_time(0) == date(1970, 1, 1).toordinal()
    assert day_of_time(1e300) is None


def test_numbers() -> None:
    assert [number(text) for text in ("7", " -1.5", ".5", "1e3")] == [7, -1.5, 0.5, 1000]
    assert [number(text) for text in ("", "1,", "nan", "inf", "1e999", "0x1")] == [None] * 6


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200.50", 1200.5),
        ("1.200,50", 1200.5),
        ("1,200,000", 1_200_000),
        ("1.200.000", 1_200_000),
        ("1 200", 1200),
        ("1’200.5", 1200.5),
        ("32,95", 32.95),
        ("0,125", 0.125),
        ("$1,200", 1200),
        ("-$5", -5),
        ("32,95 €", 32.95),
        ("12 %", 12),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["1,200", "€1.200", "1,20,30", "1,200.5.0", "15.02.2024", "$5%", "--5", "3-4", "$"]
)
def test_what_may_be_two_numbers_or_is_none(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("15.02.2024", date(2024, 2, 15)),
        ("May 5, 2022", date(2022, 5, 5)),
        ("2024/05/01", date(2024, 5, 1)),
        ("1600000000", date(2020, 9, 13)),
        ("Wed Oct 10 20:19:24 +0000 2018", date(2018, 10, 10)),
        ("Wed Oct 10 20:19:24 2018", date(2018, 10, 10)),
    ],
)
def test_days_as_people_write_them(text: str, meant: date) -> None:
    assert day(text) == meant.toordinal()


def test_what_may_be_two_days_is_none() -> None:
    assert day("03/04/2024") is None


def test_fields_of_a_configuration() -> None:
    assert checked({"Reading time": "number", "x": "text"}) == {
        "reading_time": "number",
        "x": "text",
    }
    for wrong in ({"date": "number"}, {"Title": "text"}, {"1x": "text"}, {"": "text"}):
        with pytest.raises(ValueError, match="cannot be a field"):
            checked(wrong)
    with pytest.raises(ValueError, match="twice"):
        checked({"a b": "text", "a-b": "text"})
    for kind in ("words", 7, ["text"]):
        with pytest.raises(ValueError, match="kinds are text, keyword, number, date"):
            checked({"x": kind})


def test_a_schema_says_which_fields_it_has() -> None:
    fields = {"a": "text", "b": "keyword", "c": "number", "d": "date"}
    schema = extended(Schema({"text": Field()}), fields, "english")
    assert configured(schema) == fields
    assert set(declared(schema)) == {*BUILT_IN, *fields}
    assert declared(Schema({"type": Field(analyzer="english"), "keyword:date": Field()})) == {}
