"""No query raises anything or takes long, whatever it is."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest

from searchkit.analysis import open_analyzer
from searchkit.collection import Collection
from searchkit.collection import open as open_collection
from searchkit.errors import QuerySyntaxError, UnknownFieldError
from searchkit.metadata import declared
from searchkit.query.asked import Notices
from searchkit.query.plain import parse_plain
from searchkit.query.rich import parse_rich
from searchkit.query.syntax import RICH
from tests.fuzz.queries import query

SEED = int(os.environ.get("SEARCHKIT_FUZZ_SEED", "20241115"))
QUERIES = int(os.environ.get("SEARCHKIT_FUZZ_QUERIES", "100000"))
IN_THE_SUITE = 1_500
SLOWEST_SECONDS = 2.0
TODAY = date(2024, 5, 15)
ANALYZER = open_analyzer("english")

TEXTS = {
    "notes/budget.md": "# Budget\n\nThe budget of the conscription office. Colour, color, tests.\n",
    "notes/2024/mail.txt": "Send an e-mail to user@example.com about AC/DC and C++, don't wait.\n",
    "other/東京.txt": "東京都は日本の首都です。 naïve straße İstanbul e\u0301t\u00e9\n",
}


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("collection")
    for name, text in TEXTS.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    with open_collection(folder) as opened:
        opened.sync(folder)
        yield opened


def ask(collection: Collection, seed: int, number: int) -> float:
    """Ask ``number`` queries; the seconds that the slowest took."""
    chance = Random(seed)
    slowest = 0.0
    snapshot = collection._snapshot
    metadata = declared(snapshot.schema)
    for _ in range(number):
        text = query(chance)
        started = time.process_time()
        try:
            answer = collection.search(text, limit=3)
        except Exception as error:
            error.add_note(f"the query was {text!r}")
            raise
        took = time.process_time() - started
        assert took < SLOWEST_SECONDS, ascii(text)
        slowest = max(slowest, took)
        for clause in answer.understood:
            assert text[clause.start : clause.end] == clause.text, ascii(text)
        assert all(0 <= one.start <= one.end <= len(text) for one in answer.notices), ascii(text)
        try:
            strict = collection._parsed(text, strict=True)
        except (QuerySyntaxError, UnknownFieldError):
            assert answer.query.notices, ascii(text)
        else:
            assert strict == answer.query, ascii(text)
        if not RICH.search(text) and len(text) < 1_000:
            short, long = Notices(strict=False), Notices(strict=False)
            plain = parse_plain(text, ANALYZER, short)
            assert plain == parse_rich(text, ANALYZER, long, metadata, {}, TODAY), ascii(text)
            assert short.in_order() == long.in_order(), ascii(text)
    return slowest


def test_queries(collection: Collection) -> None:
    ask(collection, SEED, IN_THE_SUITE)


@pytest.mark.slow
def test_many_queries(collection: Collection) -> None:
    slowest = ask(collection, SEED + 1, QUERIES)
    print(f"{QUERIES:,} queries, the slowest {slowest:.3f} seconds")


@pytest.mark.parametrize(
    "unit",
    ['"a" ', "“", "«a", "a* ", "a?b ", "/a+/ ", "/(a", "foo~2 ", "x^2 ", "-a ", "+(", "a:b ", "- ",
     "title:/x.y/ ", "date:yesterday ", "path:*/a ", "[a to b] ", "a:b:c ", "-" , "~", "*", "?a"],
)  # fmt: skip
def test_a_hundred_thousand_characters_take_a_moment(collection: Collection, unit: str) -> None:
    started = time.process_time()
    collection.search(unit * (100_000 // len(unit)), limit=3)
    assert time.process_time() - started < 10
