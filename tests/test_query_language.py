"""Every example of docs/query-language.md finds what the page says, and says it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchkit.collection import Collection
from searchkit.collection import open as open_collection

PAGE = (Path(__file__).parent.parent / "docs" / "query-language.md").read_text(encoding="utf-8")


def rows(header: str) -> Iterator[list[str]]:
    """The rows of all tables whose header begins with ``header``."""
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        lines = table.splitlines()
        if lines[0].startswith(header):
            for line in lines[2:]:
                yield [cell.strip() for cell in line.strip("|").split(" | ")]


NOTES = list(rows("| Note |"))
EXAMPLES = [(row[0].strip("`"), row[1], row[2:]) for row in rows("| Query | Finds |")]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("notes")
    for _, path, date, author, tags, title, text in NOTES:
        file = folder / path.strip("`")
        file.parent.mkdir(parents=True, exist_ok=True)
        front = f"title: {title}\ndate: {date}\nauthor: {author}\ntags: [{tags}]\n"
        file.write_text(f"---\n{front}---\n{text}\n", encoding="utf-8")
    with open_collection(folder) as collection:
        collection.sync(folder)
        yield collection


def test_there_are_examples() -> None:
    assert len(NOTES) == 6
    assert len(EXAMPLES) > 90


@pytest.mark.parametrize(("query", "finds", "says"), EXAMPLES)
def test_example(notes: Collection, query: str, finds: str, says: list[str]) -> None:
    names = {path.strip("`"): name for name, path, *_ in NOTES}
    answer = notes.search(query, limit=100)
    found = ", ".join(sorted(names[hit.passage.key] for hit in answer.hits)) or "nothing"
    assert found == finds
    if says:
        assert "; ".join(notice.message for notice in answer.notices) == says[0]
    else:
        assert answer.query.notices == ()


def test_the_suggestion_is_what_the_page_shows(notes: Collection) -> None:
    (shown,) = re.findall(r"    \$ searchkit query (.*)\n((?:    .*\n)+)", PAGE)
    done = subprocess.run(
        [sys.executable, "-m", "searchkit", "query", *shown[0].split()],
        cwd=notes.index.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines() == [line[4:] for line in shown[1].splitlines()]
