"""Do rankings and highlights stay as they are, until somebody means to change them?

Each ``*.json`` beside this file has a collection's queries, and for each what came of it when it
was written: notices, how many passages match, and the best ten, with score, place and marked
texts. Not all of it is right for ever; but whoever changes it sees it in the diff. After a change
that is meant, ``SEARCHKIT_UPDATE_GOLDEN=1 pytest tests/golden`` writes what comes out now.

A query that begins with a node's name is a tree, for what the language cannot ask (yet).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from searchkit import tree
from searchkit.answer import make_hits
from searchkit.collection import Collection, Hit
from searchkit.freshness import Files
from searchkit.highlight import Span
from searchkit.search import search
from searchkit.search.explain import explain
from searchkit.shown import Shown

HERE = Path(__file__).parent
SOURCES = {"small": HERE / "documents", "seeds": HERE.parent.parent / "seeds"}
LIMIT = 10
UPDATE = os.environ.get("SEARCHKIT_UPDATE_GOLDEN") == "1"

Case = dict[str, Any]
GOLDEN: dict[str, list[Case]] = {
    name: json.loads((HERE / f"{name}.json").read_text(encoding="utf-8")) for name in SOURCES
}
CASES = [
    pytest.param(name, case, id=f"{name}: {case['query']}")
    for name, cases in GOLDEN.items()
    for case in cases
]


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Collection]]:
    opened = {}
    for name, source in SOURCES.items():
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(source, folder, dirs_exist_ok=True)
        opened[name] = Collection(folder / ".searchkit")
        report = opened[name].sync(folder)
        assert not report.failures
    yield opened
    for collection in opened.values():
        collection.close()


@pytest.fixture(scope="module", autouse=True)
def golden_files(collections: dict[str, Collection]) -> None:
    """Written before the comparison, if they are to be."""
    if UPDATE:
        for name, cases in GOLDEN.items():
            for case in cases:
                case.update(outcome(collections[name], case["query"]))
            (HERE / f"{name}.json").write_text(printed(cases), encoding="utf-8")


@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_answer_is_the_one_before(
    name: str, case: Case, collections: dict[str, Collection]
) -> None:
    assert {"query": case["query"], **outcome(collections[name], case["query"])} == case


def test_there_are_many_cases_each_once() -> None:
    queries = [(name, case["query"]) for name, cases in GOLDEN.items() for case in cases]
    assert len(set(queries)) == len(queries) >= 40


def outcome(collection: Collection, query: str) -> Case:
    """What a query gives now, as plain JSON values."""
    if not re.match(r"[A-Z]\w+\(", query):
        answer = collection.search(query, limit=LIMIT)
        notices = [notice.message for notice in answer.notices]
        for hit in answer.hits:
            place = hit.passage.key, hit.passage.ordinal
            assert collection.explain(query, *place).value == hit.score
        return told(notices, answer.total, answer.hits)
    asked = eval(query, dict(vars(tree)))
    snapshot = collection._snapshot
    analysis = collection._analyses.of(snapshot)
    ranking = search(snapshot, asked, LIMIT, count=True)
    assert ranking.total is not None
    for docnum, score in ranking.best:
        assert explain(snapshot, asked, docnum).value == score
    hits = list(
        make_hits(
            snapshot,
            [Shown(*one, rank) for rank, one in enumerate(ranking.best, 1)],
            asked,
            analysis.documents,
            analysis.unmarked,
            Files(Path()),
        )
    )
    return told([], ranking.total, hits)


def told(notices: list[str], total: int, hits: Sequence[Hit]) -> Case:
    return {"notices": notices, "total": total, "hits": [told_hit(hit) for hit in hits]}


def told_hit(hit: Hit) -> Case:
    fragment, text = hit.fragment, hit.passage.text
    spans = [(start - fragment.start, end - fragment.start) for start, end in fragment.spans]
    before, after = "…" * fragment.cut_before, "…" * fragment.cut_after
    one = {
        "score": round(hit.score, 6),
        "key": hit.passage.key,
        "ordinal": hit.passage.ordinal,
        "fragment": before + marked(text[fragment.start : fragment.end], spans) + after,
    }
    if hit.title_highlights:
        one["title"] = marked(hit.passage.title, hit.title_highlights)
    headings = [marked(heading, spans) for heading, spans in hit.headings if spans]
    return {**one, "headings": headings} if headings else one


def marked(text: str, spans: Sequence[Span]) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts += text[at:start], "[", text[start:end], "]"
        at = end
    return "".join([*parts, text[at:]])


def printed(cases: list[Case]) -> str:
    """JSON with a line for each hit: the unit of a diff."""
    blocks = []
    for case in cases:
        lines = [
            f'  "{name}": {json.dumps(case[name], ensure_ascii=False)},'
            for name in ("query", "notices", "total")
        ]
        hits = [f"   {json.dumps(hit, ensure_ascii=False)}" for hit in case["hits"]]
        lines += ['  "hits": [', ",\n".join(hits), "  ]"] if hits else ['  "hits": []']
        blocks.append(" {\n" + "\n".join(lines) + "\n }")
    return "[\n" + ",\n".join(blocks) + "\n]\n"
