"""What is new comes first, other things equal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import searchkit
from searchkit import asking
from searchkit.collection import Collection

TODAY = datetime.now(UTC).date()
OLD = date(2000, 1, 1)


def notes(folder: Path, dates: Mapping[str, date], text: str = "the weekly report") -> Collection:
    for name, day in dates.items():
        about = f"date: {day.isoformat()}\ntags: [team]"
        (folder / f"{name}.md").write_text(f"---\n{about}\n---\n\n# Note {name}\n\n{text}\n")
    opened = searchkit.open(folder)
    opened.sync(folder)
    return opened


def found(collection: Collection, query: str, days: float, limit: int = 10) -> list[str]:
    hits = collection.search(query, recency=days, limit=limit, fold=False).hits
    for hit in hits[:3]:
        assert collection.explain(query, hit.passage.key, 0, recency=days).value == hit.score
    return [hit.passage.key.removesuffix(".md") for hit in hits]


@pytest.mark.parametrize("query", ["weekly report", "tag:team", "week*", "NOT 12"])
def test_among_many_equals_the_newest_is_first(tmp_path: Path, query: str) -> None:
    """They are more than are looked at again, and it is the last of them."""
    dates = {f"n{number:03}": OLD for number in range(220)} | {"z": TODAY - timedelta(1)}
    collection = notes(tmp_path, dates)
    every = found(collection, query, 30.0, 1_000)
    assert every[0] == "z"
    assert sorted(every) == sorted(dates)
    paged: list[str] = []
    answer = collection.search(query, recency=30.0, limit=70, fold=False)
    while True:
        paged += [hit.passage.key.removesuffix(".md") for hit in answer.hits]
        if answer.next is None:
            break
        answer = collection.search(query, recency=30.0, limit=70, fold=False, after=answer.next)
    assert paged == every


def test_of_what_is_old_by_many_half_lives_the_newer_is_first(tmp_path: Path) -> None:
    years = {"a": 1990, "b": 2009, "c": 1970}
    collection = notes(tmp_path, {name: date(year, 1, 1) for name, year in years.items()})
    assert found(collection, "report", 0.5) == ["b", "a", "c"]


def test_what_is_dated_in_the_future_is_not_new(tmp_path: Path) -> None:
    dates = {
        "a": date(9999, 12, 31),
        "b": TODAY + timedelta(1),
        "c": TODAY - timedelta(9),
        "d": TODAY + timedelta(30),
    }
    collection = notes(tmp_path, dates)
    assert found(collection, "report", 30.0)[:2] == ["b", "c"]
    assert "for being new" not in str(collection.explain("report", "d.md", 0, recency=30.0))


def test_an_exact_title_comes_before_what_is_new(tmp_path: Path) -> None:
    notes(tmp_path, {"old": OLD}, "long ago")
    collection = notes(tmp_path, {"new": TODAY}, "note old, a note so old")
    assert found(collection, "note old", 30.0) == ["old", "new"]


def test_pages_fit_together_at_midnight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages are those of the first page's day."""
    for number in range(40):
        day = date(2026, 11, 1 + 7 * number % 28).isoformat()
        text = "report " * (1 + number % 6) + "word " * (11 * number % 30)
        (tmp_path / f"{number}.md").write_text(f"---\ndate: {day}\n---\n\n# N\n\n{text}\n")
    with searchkit.open(tmp_path) as collection:
        collection.sync(tmp_path)
        monkeypatch.setattr(asking, "this_day", lambda: date(2026, 11, 28).toordinal())
        every = found(collection, "report", 1.0, 40)
        answer = collection.search("report", recency=1.0, limit=7, fold=False)
        monkeypatch.setattr(asking, "this_day", lambda: date(2026, 11, 29).toordinal())
        paged = list(answer.hits)
        while answer.next:
            answer = collection.search(
                "report", recency=1.0, limit=7, fold=False, after=answer.next
            )
            paged += answer.hits
        assert [hit.passage.key.removesuffix(".md") for hit in paged] == every
