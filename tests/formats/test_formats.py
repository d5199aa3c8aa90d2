"""Indexes of every released format open and answer as they did.

Format 1 is not released yet: until it is, a change of the format may make its files anew, with
``python -m tests.formats.make``. After the release, they stay as they are for ever.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from searchkit.index import Snapshot, Writer
from searchkit.storage import DiskDirectory
from tests.formats.make import recorded
from tests.formats.sample import QUESTIONS

FORMATS = sorted(path for path in Path(__file__).parent.iterdir() if path.name.isdecimal())
each_format = pytest.mark.parametrize("place", FORMATS, ids=lambda path: f"format {path.name}")


def test_there_are_formats() -> None:
    assert FORMATS


@each_format
def test_answers_as_it_did(place: Path) -> None:
    answers = json.loads((place / "answers.json").read_text())
    with Snapshot(DiskDirectory(place / "index")) as snapshot:
        assert len(snapshot.segments) == 2
        assert all(segment.deletions.count for segment in snapshot.segments)
        for name, answer in answers.items():
            assert recorded(QUESTIONS[name](snapshot)) == answer, name


@each_format
def test_can_be_written_to(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "index", tmp_path, dirs_exist_ok=True)
    directory = DiskDirectory(tmp_path)
    with Snapshot(directory) as snapshot:
        before = [(snapshot.key(n), repr(snapshot.stored(n))) for n in snapshot.live()]
        generation = snapshot.generation
    Writer(directory).commit(merge_all=True)
    with Snapshot(directory) as snapshot:
        assert snapshot.generation == generation + 1
        assert [segment.docs for segment in snapshot.segments] == [len(before)]
        assert [(snapshot.key(n), repr(snapshot.stored(n))) for n in snapshot.live()] == before
