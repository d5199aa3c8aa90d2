"""What is said of a query, and what is suggested, by an index of a few passages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searchkit.collection import Collection
from searchkit.collection import open as open_collection
from searchkit.search.suggest import suggestion
from searchkit.understood import Understood

TEXTS = [
    "The conscription of conscripts began. Government budgets rise.",
    "Conscription ended; the government and the budget committee met.",
    "A budget for the government, and the budget of Budapest.",
]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("collection")
    for number, text in enumerate(TEXTS):
        (folder / f"{number}.md").write_text(
            f"---\ndate: 2024-05-0{number + 1}\n---\n{text}\n", encoding="utf-8"
        )
    with open_collection(folder) as opened:
        opened.sync(folder)
        yield opened


def said(collection: Collection, query: str) -> Understood:
    (clause,) = collection.search(query).understood
    return clause


def test_a_word_and_its_passages(collection: Collection) -> None:
    clause = said(collection, "Budgets")
    assert (clause.text, clause.kind, clause.role, clause.field) == (
        "Budgets",
        "word",
        "optional",
        None,
    )
    assert clause.terms == (("budget", 3),)


def test_a_pattern_and_its_words(collection: Collection) -> None:
    clause = said(collection, "conscr*")
    assert clause.kind == "pattern"
    assert clause.terms == (("conscription", 2), ("conscripts", 1))
    assert said(collection, "/bud.*/").terms == (("budget", 2), ("budapest", 1), ("budgets", 1))
    assert said(collection, "budgot~").terms == (("budget", 2),)
    assert said(collection, "text:zzz*").terms == ()


def test_a_range_and_its_bounds(collection: Collection) -> None:
    clause = said(collection, "date:[2024-05-02 to]")
    assert (clause.kind, clause.role, clause.field) == ("range", "filter", "date")
    assert (clause.low, clause.high) == ("2024-05-02", None)


def test_bounds_that_are_no_part_of_a_range(collection: Collection) -> None:
    later = said(collection, "date:>2024-05-01")
    assert (later.low, later.high, later.excludes) == ("2024-05-02", None, ())
    earlier = said(collection, "date:<2024-05")
    assert (earlier.low, earlier.high) == (None, "2024-04-30")


def test_bounds_are_said_to_the_last_digit(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nsize: 5\n---\nText.\n")
    with open_collection(tmp_path) as sized:
        sized.sync(tmp_path, fields={"size": "number"})
        clause = said(sized, "size:>12345678")
        assert (clause.low, clause.high, clause.excludes) == ("12345678", None, ("low",))


def test_what_only_a_removed_document_had_is_not_suggested(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text("A zeppelin." if number == 8 else "A balloon.")
    with open_collection(tmp_path) as flown:
        flown.sync(tmp_path)
        assert flown.search("zepelin").suggestion == "zeppelin"
        (tmp_path / "8.txt").unlink()
        flown.sync(tmp_path)
        assert flown.search("zepelin").suggestion is None


def test_what_occurs_nowhere_is_said(collection: Collection) -> None:
    answer = collection.search("goverment AND budget zzz* title:budget")
    assert [notice.message for notice in answer.notices] == [
        '"goverment" occurs nowhere',
        '"budget" occurs nowhere in the field title',
        'nothing fits "zzz*"',
    ]


def test_types_and_languages_are_named_where_there_is_no_such(collection: Collection) -> None:
    (notice,) = collection.search("type:doc budget").notices
    assert notice.message == '"doc" occurs nowhere in the field type, which has markdown, md'
    (notice,) = collection.search("lang:english budget").notices
    assert notice.message == '"english" occurs nowhere in the field lang, which has en'


@pytest.mark.parametrize(
    ("query", "suggested"),
    [
        ("goverment budget", "government budget"),
        ("Goverment", "Government"),
        ("BUGDET", "BUDGET"),
        ("ANDD budget", "And budget"),
        ("e-budgat", None),
        ("from:goverment", None),
        ("goverment:x", None),
        ("title:goverment", "title:government"),
        ("+conscrption -budget", "+conscription -budget"),
        ('"comittee met"', '"committee met"'),
        ("goverment NOT bugdet", "government NOT bugdet"),
        ("conscritpoin", "conscription"),
        ("budget", None),
        ("path/goverment.txt", None),
        ("xyzzy", None),
        ("author:goverment", None),
        ("goverment " * 30, None),
        (" ".join(f"word{n}" for n in range(30)) + " goverment", None),
    ],
)
def test_suggested(collection: Collection, query: str, suggested: str | None) -> None:
    assert collection.search(query).suggestion == suggested


def test_the_likelier_word_is_suggested(collection: Collection) -> None:
    snapshot = collection._snapshot
    fields = ["word:text"]
    assert suggestion(snapshot, fields, "budegt") == ("budget", 2)
    assert suggestion(snapshot, fields, "budgte") == ("budget", 2)
    assert suggestion(snapshot, fields, "budgetz") == ("budget", 2)
    assert suggestion(snapshot, fields, "budgetz", least=3) is None
    assert suggestion(snapshot, fields, "a1b") is None
    assert suggestion(snapshot, fields, "qq") is None


def test_a_word_that_shares_the_stem_of_a_common_one_counts_whole(tmp_path: Path) -> None:
    (tmp_path / "rule.txt").write_text("Every rule has an exception, and exceptions have none.")
    (tmp_path / "other.txt").write_text(
        "All rules stand except for this one rule, a rule of rules."
    )
    with open_collection(tmp_path) as collection:
        collection.sync(tmp_path)
        (best, *_) = collection.search("rule exception", fold=False).hits
        assert best.passage.key == "rule.txt"
        marked = [best.passage.text[start:end] for start, end in best.highlights]
        assert marked == ["rule", "exception", "exceptions"]


def test_a_suggestion_goes_with_the_other_words(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"pm{number}.txt").write_text(f"Tony Blair spoke again, for the {number}.")
        (tmp_path / f"b{number}.txt").write_text(f"They blame each other for {number} more.")
    with open_collection(tmp_path) as collection:
        collection.sync(tmp_path)
        assert collection.search("blare").suggestion == "blame"
        assert collection.search("Tony Blare").suggestion == "Tony Blair"
        assert collection.search("the other blare").suggestion == "the other blame"
