"""Are the answers over two thousand news articles those that a reader found right?

``news.json`` has for each query how many passages match, and of the best five the article and the
number of the passage in it; each was read, and what was silly mended, before it was written down.
The articles themselves are not ours to keep here: where they are not at hand, this is skipped.
``SEARCHKIT_UPDATE_GOLDEN=1`` writes what comes out now, to be read again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchkit.collection import Collection

HERE = Path(__file__).parent
GOLDEN = HERE / "news.json"
ARTICLES = HERE.parents[2] / "shared" / "data" / "speed" / "news-bbc-2225.jsonl"
LIMIT = 5
CASES: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    if not ARTICLES.exists():
        pytest.skip("the news articles are not at hand")
    folder = tmp_path_factory.mktemp("news")
    shutil.copy(ARTICLES, folder / "news.jsonl")
    with Collection(folder / ".searchkit") as collection:
        assert not collection.sync(folder).failures
        if os.environ.get("SEARCHKIT_UPDATE_GOLDEN") == "1":
            for case in CASES:
                case.update(outcome(collection, case["query"]))
            lines = ",\n".join(json.dumps(case) for case in CASES)
            GOLDEN.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        yield collection


def outcome(collection: Collection, query: str) -> dict[str, Any]:
    answer = collection.search(query, limit=LIMIT)
    places = [f"{hit.passage.key}#{hit.passage.ordinal}" for hit in answer.hits]
    return {"total": answer.total, "best": [one.removeprefix("news.jsonl/") for one in places]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_the_best_passages_are_those_that_were_read(news: Collection, case: dict[str, Any]) -> None:
    assert {"query": case["query"], **outcome(news, case["query"])} == case


def test_there_are_many_cases_each_once() -> None:
    assert len({case["query"] for case in CASES}) == len(CASES) >= 45
