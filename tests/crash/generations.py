"""What must be found after a crash?

A small index whose generations are known beforehand: what generation ``g`` holds follows from
``g`` alone, and :func:`assert_whole` reads every byte of it. Each generation adds segments,
deletes a document of an older one, and drops the oldest, so that each commit has new files, new
deletions and garbage.
"""

from __future__ import annotations

import hashlib

from searchkit.index.commit import open_current, publish, read_manifest
from searchkit.index.deletions import Deletions
from searchkit.index.manifest import (
    FORMAT,
    SEGMENT,
    DeletionsInfo,
    Manifest,
    SegmentInfo,
    file_id,
    file_name,
)
from searchkit.storage import Directory, SectionReader, SectionWriter
from searchkit.storage.envelope import new_id

KIND = b"TEST"
ADDED = 2
KEPT = 5


def docs(label: str) -> int:
    return 3 + int(label.split(".")[0]) % 20


def labels(generation: int) -> list[str]:
    """The segments of a generation, oldest first."""
    every = [
        f"{g}.{n}" for g in range(max(1, generation - 4), generation + 1) for n in range(ADDED)
    ]
    return every[-KEPT:]


def deleted(label: str, generation: int) -> list[int]:
    """The docnums deleted from a segment: one more in each generation after its own."""
    born = int(label.split(".")[0])
    return list(range(min(generation - born, docs(label))))


def content(label: str) -> bytes:
    return hashlib.sha256(label.encode()).digest() * 40


def commit_next(directory: Directory) -> int:
    """Write and publish the generation after the current one, and return it."""
    try:
        current: Manifest | None = read_manifest(directory)
    except Exception as error:
        if type(error).__name__ != "IndexNotFoundError":
            raise
        current = None
    generation = current.generation + 1 if current else 1
    known: dict[str, SegmentInfo] = {}
    if current:
        assert current.schema["labels"] == labels(current.generation)
        known = dict(zip(labels(current.generation), current.segments, strict=True))
    segments = []
    for label in labels(generation):
        segment = known.get(label) or _write_segment(directory, label)
        now = deleted(label, generation)
        if now and now != deleted(label, generation - 1):
            deletions = Deletions.none(segment.docs).with_deleted(now).write(directory)
            segment = _with(segment, deletions)
        segments.append(segment)
    schema: dict[str, object] = {"labels": labels(generation)}
    publish(directory, Manifest(FORMAT, generation, schema, tuple(segments)))
    return generation


def _with(segment: SegmentInfo, deletions: DeletionsInfo) -> SegmentInfo:
    return SegmentInfo(segment.name, segment.length, segment.docs, deletions)


def _write_segment(directory: Directory, label: str) -> SegmentInfo:
    id = new_id()
    name = file_name(id, SEGMENT)
    with directory.create(name) as output:
        writer = SectionWriter(output, KIND, 1, id)
        for section in ("one", "two"):
            writer.begin(section)
            writer.write(content(label))
            writer.end()
        writer.finish({"label": label})
        return SegmentInfo(name, output.tell(), docs(label))


def assert_whole(directory: Directory) -> int:
    """Read everything; the number of the generation that is there."""
    manifest, files = open_current(directory)
    generation = manifest.generation
    assert manifest.schema == {"labels": labels(generation)}
    assert set(files) == set(manifest.files())
    for label, segment in zip(labels(generation), manifest.segments, strict=True):
        reader = SectionReader(
            files[segment.name],
            KIND,
            versions=(1, 1),
            path=directory.path,
            name=segment.name,
            id=file_id(segment.name),
        )
        assert list(reader.verify_all()) == []
        assert reader.meta == {"label": label}
        assert reader.verified("one") == reader.verified("two") == content(label)
        assert segment.docs == docs(label)
        if segment.deletions is None:
            assert deleted(label, generation) == []
        else:
            data = files[segment.deletions.name]
            deletions = Deletions.read(data, segment, directory.path)
            assert list(deletions) == deleted(label, generation)
    return generation
