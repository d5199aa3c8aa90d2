"""Dates in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.query.dates import days_in_words

TODAY = date(2024, 5, 15)
"""A Wednesday."""

MEANT = [
    ("today", "2024-05-15", "2024-05-15"),
    ("Yesterday", "2024-05-14", "2024-05-14"),
    ("this week", "2024-05-13", "2024-05-19"),
    ("last week", "2024-05-06", "2024-05-12"),
    ("last month", "2024-04-01", "2024-04-30"),
    ("last year", "2023-01-01", "2023-12-31"),
    ("since last week", "2024-05-06", None),
    ("since-last-week", "2024-05-06", None),
    ("since-2024-05", "2024-05-01", None),
    ("last 3 months", "2024-02-16", "2024-05-15"),
    ("past 7 days", "2024-05-09", "2024-05-15"),
    ("last two weeks", "2024-05-02", "2024-05-15"),
    ("the last 5 years", "2019-05-16", "2024-05-15"),
    ("last 1 month", "2024-04-16", "2024-05-15"),
    ("the last week", "2024-05-06", "2024-05-12"),
    ("3 months ago", "2024-02-01", "2024-02-29"),
    ("a year ago", "2023-01-01", "2023-12-31"),
    ("2 days ago", "2024-05-13", "2024-05-13"),
    ("monday", "2024-05-13", "2024-05-13"),
    ("wednesday", "2024-05-15", "2024-05-15"),
    ("last wednesday", "2024-05-08", "2024-05-08"),
    ("march", "2024-03-01", "2024-03-31"),
    ("november", "2023-11-01", "2023-11-30"),
    ("March 2022", "2022-03-01", "2022-03-31"),
    ("3 march 2022", "2022-03-03", "2022-03-03"),
    ("march 3rd, 2022", "2022-03-03", "2022-03-03"),
    ("before march 2022", None, "2022-02-28"),
    ("after 2022", "2023-01-01", None),
    ("until yesterday", None, "2024-05-14"),
    ("in 2022", "2022-01-01", "2022-12-31"),
    ("from march to april", "2024-03-01", "2024-04-30"),
    ("between 2020 and 2022", "2020-01-01", "2022-12-31"),
    ("from friday to wednesday", "2024-05-10", "2024-05-15"),
    ("from thursday to tuesday", "2024-05-09", "2024-05-14"),
    ("from november to february", "2023-11-01", "2024-02-29"),
    ("from february to march 2023", "2023-02-01", "2023-03-31"),
    ("from 2 days ago to yesterday", "2024-05-13", "2024-05-14"),
    ("29 february", "2024-02-29", "2024-02-29"),
]


@pytest.mark.parametrize(("typed", "first", "last"), MEANT)
def test_meant(typed: str, first: str | None, last: str | None) -> None:
    days = days_in_words(typed, TODAY)
    assert days is not None
    assert [day and date.fromordinal(day).isoformat() for day in days] == [first, last]


def test_a_day_that_few_years_have() -> None:
    assert days_in_words("feb 29", date(2023, 1, 1)) == (date(2020, 2, 29).toordinal(),) * 2
    assert days_in_words("29 february", date(2025, 3, 1)) == (date(2024, 2, 29).toordinal(),) * 2


def test_months_have_as_many_days_as_they_have() -> None:
    days = days_in_words("last month to today", date(2024, 3, 31))
    assert days == (date(2024, 2, 1).toordinal(), date(2024, 3, 31).toordinal())
    days = days_in_words("last 1 month", date(2024, 3, 31))
    assert days == (date(2024, 3, 1).toordinal(), date(2024, 3, 31).toordinal())


@pytest.mark.parametrize(
    "typed",
    [
        "soon",
        "from 2024 to 2022",
        "last",
        "since",
        "31 february 2024",
        "9999 years ago",
        "in 9999 years",
        "may may",
        "",
    ],
)
def test_no_dates(typed: str) -> None:
    assert days_in_words(typed, TODAY) is None


WORDS = st.sampled_from(
    "since last this next 3 9999 two week weeks months year ago to until march mon 2024 2024-02-30 "
    "31 before after between and - _".split()
)


@given(st.one_of(st.lists(WORDS, max_size=6).map(" ".join), st.text()), st.dates())
def test_nothing_raises(typed: str, today: date) -> None:
    days = days_in_words(typed, today)
    if days is not None and None not in days:
        assert all(day is None or isinstance(day, int) for day in days)
