"""Makes ``tests/formats/3``: ``python -m tests.formats.make``.

The index as files, and ``answers.json``: what it answered when it was made (of long answers, the
SHA-256 of their JSON).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from searchkit.index import Snapshot
from searchkit.index.manifest import FORMAT
from searchkit.storage import DiskDirectory
from searchkit.storage.lock import NAME as LOCK
from tests.formats.sample import QUESTIONS, Answer, build

PLACE = Path(__file__).parent / str(FORMAT)

_LONG = 240


def recorded(answer: Answer) -> Answer:
    """What ``answers.json`` says of an answer."""
    text = json.dumps(answer)
    if len(text) <= _LONG:
        return json.loads(text)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    shutil.rmtree(PLACE, ignore_errors=True)
    directory = DiskDirectory.make(PLACE / "index")
    build(directory)
    (PLACE / "index" / LOCK).unlink()
    with Snapshot(directory) as snapshot:
        answers = {name: recorded(ask(snapshot)) for name, ask in QUESTIONS.items()}
    lines = [f"{json.dumps(name)}: {json.dumps(answer)}" for name, answer in answers.items()]
    (PLACE / "answers.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="ascii")
