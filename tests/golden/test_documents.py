"""Does what readers make of a file stay as it is, until somebody means to change it?

``documents.json`` has what was read from each of ``tests/documents/samples.py`` when it was
written. After a change that is meant, ``SEARCHKIT_UPDATE_GOLDEN=1 pytest tests/golden`` writes it
anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from searchkit.document import Document
from searchkit.readers import Source, read
from searchkit.readers.contract import UnreadableError
from tests.documents.samples import SAMPLES

GOLDEN = Path(__file__).parent / "documents.json"
UPDATE = os.environ.get("SEARCHKIT_UPDATE_GOLDEN") == "1"


def outcome(name: str) -> Any:
    try:
        return [shown(document) for document in read(Source(SAMPLES[name], name, 0.0))]
    except UnreadableError as error:
        return str(error)


def shown(document: Document) -> dict[str, Any]:
    said = {
        "title": document.title,
        "authors": document.authors,
        "published": document.published,
        "language": document.language,
        "tags": document.tags,
        "fields": dict(document.fields),
    }
    blocks = [
        " ".join(
            filter(None, (f"{block.kind.value}{block.level or ''}", document.place(block.start)))
        )
        + f": {document.text[block.start : block.end]}"
        for block in document.blocks
    ]
    return {**{key: value for key, value in said.items() if value}, "blocks": blocks}


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    if UPDATE:
        found = {name: outcome(name) for name in sorted(SAMPLES)}
        written = json.dumps(found, ensure_ascii=False, indent=1)
        GOLDEN.write_text(written + "\n", encoding="utf-8")
    read_back: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return read_back


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_is_read_stays_the_same(name: str, golden: dict[str, Any]) -> None:
    assert json.loads(json.dumps(outcome(name))) == golden[name]


def test_all_that_is_golden_is_made(golden: dict[str, Any]) -> None:
    assert set(golden) == set(SAMPLES)
