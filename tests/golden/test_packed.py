"""What is read from small files of every kind stays as it is, until somebody means to change it.

``packed.json`` has what came of each sample when it was written; after a change that is meant,
``SEARCHKIT_UPDATE_GOLDEN=1 pytest tests/golden`` writes what comes out now.
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
from tests.golden.packed_samples import MOMENT, SAMPLES

FILE = Path(__file__).with_name("packed.json")
UPDATE = os.environ.get("SEARCHKIT_UPDATE_GOLDEN") == "1"
CASES = [(kind, name) for kind, samples in SAMPLES.items() for name in samples]

Told = dict[str, Any]


def told(name: str, data: bytes) -> Told:
    """What is read from ``data``, as plain JSON values."""
    source = Source(data, name, MOMENT)
    documents: list[Told] = []
    outcome: Told = {}
    try:
        documents += map(told_document, read(source))
    except UnreadableError as error:
        outcome["unreadable"] = str(error)
    if documents:
        outcome["documents"] = documents
    if source.failures:
        outcome["failures"] = [list(failure) for failure in source.failures]
    return outcome


def told_document(document: Document) -> Told:
    about = {
        "authors": list(document.authors),
        "published": document.published,
        "language": document.language,
        "tags": list(document.tags),
        "fields": dict(document.fields),
    }
    return {
        "key": document.key,
        "title": document.title,
        "media_type": document.media_type,
        **{name: value for name, value in about.items() if value},
        "blocks": [
            f"{block.kind.value}{block.level or ''} {document.line(block.start)} "
            + document.text[block.start : block.end]
            for block in document.blocks
        ],
    }


@pytest.fixture(scope="module")
def golden() -> dict[str, dict[str, Told]]:
    if UPDATE:
        outcomes = {
            kind: {name: told(name, data) for name, data in samples.items()}
            for kind, samples in SAMPLES.items()
        }
        text = json.dumps(outcomes, ensure_ascii=False, indent=1)
        FILE.write_text(text + "\n", encoding="utf-8")
    read_back: dict[str, dict[str, Told]] = json.loads(FILE.read_text(encoding="utf-8"))
    return read_back


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_what_is_read_is_what_was_read(
    kind: str, name: str, golden: dict[str, dict[str, Told]]
) -> None:
    assert told(name, SAMPLES[kind][name]) == golden[kind][name]


def test_there_are_a_dozen_of_each() -> None:
    assert all(len(samples) >= 12 or kind == "mbox" for kind, samples in SAMPLES.items())
