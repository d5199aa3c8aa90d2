"""Do extractions of pages stay as they are, until somebody means to change them?

Each page in ``pages/`` has its extraction beside it. After a change that is meant,
``SEARCHKIT_UPDATE_GOLDEN=1 pytest tests/golden`` writes what comes out now.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from searchkit.document import Document
from searchkit.readers import read_document

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
UPDATE = os.environ.get("SEARCHKIT_UPDATE_GOLDEN") == "1"


def told(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "authors": list(document.authors),
        "published": document.published,
        "language": document.language,
        "tags": list(document.tags),
        "blocks": [
            [
                block.kind.value + (str(block.level) if block.level else ""),
                document.line(block.start),
                document.place(block.start),
                document.text[block.start : block.end],
            ]
            for block in document.blocks
        ],
    }


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_extraction_is_the_one_before(page: Path) -> None:
    found = told(read_document(page.read_bytes(), page.name, 0.0))
    golden = page.with_suffix(".json")
    if UPDATE:
        blocks = ",\n".join(f"  {json.dumps(b, ensure_ascii=False)}" for b in found["blocks"])
        head = "\n".join(
            f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},"
            for name, value in found.items()
            if name != "blocks"
        )
        golden.write_text(f'{{\n{head}\n "blocks": [\n{blocks}\n ]\n}}\n', encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))
