"""Which files are the index?

``manifest.json`` names them, and its replacement is what a commit is:

    {"format": 3, "crc32": "0a1b2c3d", "manifest":
    {"generation": 7, "schema": {...}, "segments": [
        {"name": "<id>.seg", "length": bytes, "docs": count,
         "deletions": null or {"name": "<id>.del", "length": bytes, "count": deleted}}, ...],
     "attachment": {"name": "<id>.att", "length": bytes}}
    }

It has three lines, without the line breaks inside the second that are drawn here. The checksum
covers the digits of the format, a line feed, and the second line without its line feed. These
lines keep their form in every format to come, so that each version can tell a later one from a
damaged one. ``schema`` means nothing here, nor does what is in the attachment, which is left out
where there is none.

Every other file is named for its id, which is random, so that no name is ever used twice: not by
a writer that starts where another one crashed, and not in a directory that a reader still reads.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from searchkit.errors import IndexCorruptError, IndexTooNewError, IndexTooOldError
from searchkit.record import Record
from searchkit.storage import strict_json
from searchkit.storage.envelope import SMALLEST_BYTES
from searchkit.storage.lock import NAME as LOCK

NAME = "manifest.json"

FORMAT = 3
OLDEST_READABLE_FORMAT = 3

SEGMENT = "seg"
DELETIONS = "del"
ATTACHMENT = "att"
TEMPORARY = "tmp"

MAX_BYTES = 16 << 20
MAX_DOCS = (1 << 31) - 1
"""In all segments together, the deleted ones included: docnums fit into 32 bits, signed too."""

_MAX_LENGTH = (1 << 63) - 1
_FILE_NAME = re.compile(rf"([0-9a-f]{{32}})\.({SEGMENT}|{DELETIONS}|{ATTACHMENT}|{TEMPORARY})")
_LINES = re.compile(
    rb'\{"format": (0|[1-9][0-9]{0,8}), "crc32": "([0-9a-f]{8})", "manifest":\n([^\n]*)\n\}\n'
)


def is_index(path: Path) -> bool:
    """Whether the folder at ``path`` holds an index, of whatever format and in whatever state."""
    return (path / NAME).is_file()


def is_begun(path: Path) -> bool:
    """Whether the folder at ``path`` holds an index, or a writer has begun to make one there."""
    return is_index(path) or (path / LOCK).is_file()


def file_name(id: bytes, kind: str) -> str:
    """The name of the file with ``id`` (16 bytes); ``kind`` is ``SEGMENT``, ``DELETIONS``,
    ``ATTACHMENT`` or ``TEMPORARY``."""
    return f"{id.hex()}.{kind}"


def file_id(name: str) -> bytes:
    """The id (16 bytes) that the file ``name`` must have inside."""
    return bytes.fromhex(name.partition(".")[0])


def is_ours(name: str) -> bool:
    """Whether ``name`` is one that :func:`file_name` gives."""
    return _FILE_NAME.fullmatch(name) is not None


class DeletionsInfo(Record):
    """The file that says which documents of a segment are deleted. ``length`` in bytes,
    ``count`` the number of deleted documents, at least 1."""

    name: str
    length: int
    count: int


class SegmentInfo(Record):
    """One segment's file. ``length`` in bytes, ``docs`` with the deleted ones."""

    name: str
    length: int
    docs: int
    deletions: DeletionsInfo | None = None

    @property
    def live_docs(self) -> int:
        """The number of documents that are not deleted."""
        return self.docs - (self.deletions.count if self.deletions else 0)


class AttachmentInfo(Record):
    """The file that holds what the index's owner keeps with it. ``length`` in bytes."""

    name: str
    length: int


class Manifest(Record):
    """One generation of an index: the first is 1. ``format`` is that of the files' layout."""

    format: int
    generation: int
    schema: dict[str, object]
    segments: tuple[SegmentInfo, ...]
    attachment: AttachmentInfo | None = None

    def files(self) -> dict[str, int]:
        """The name and the length in bytes of every file of the generation, but the manifest."""
        files = {}
        for segment in self.segments:
            files[segment.name] = segment.length
            if segment.deletions:
                files[segment.deletions.name] = segment.deletions.length
        if self.attachment:
            files[self.attachment.name] = self.attachment.length
        return files

    def encode(self) -> bytes:
        """The bytes of ``manifest.json``. ``ValueError`` for what ``decode`` would not read."""
        body: dict[str, object] = {
            "generation": self.generation,
            "schema": self.schema,
            "segments": [
                {
                    "name": segment.name,
                    "length": segment.length,
                    "docs": segment.docs,
                    "deletions": segment.deletions
                    and {
                        "name": segment.deletions.name,
                        "length": segment.deletions.length,
                        "count": segment.deletions.count,
                    },
                }
                for segment in self.segments
            ],
        }
        if self.attachment:
            body["attachment"] = {"name": self.attachment.name, "length": self.attachment.length}
        line = strict_json.dumps(body)
        crc = _crc(b"%d" % self.format, line)
        data = b'{"format": %d, "crc32": "%08x", "manifest":\n%s\n}\n' % (self.format, crc, line)
        if len(data) > MAX_BYTES:
            raise ValueError(f"a manifest of {len(data)} bytes")
        if self.format != FORMAT or _parse(self.format, line) != self:
            raise ValueError("a manifest that would be read otherwise than it was written")
        return data

    @classmethod
    def decode(cls, data: bytes | memoryview, path: Path) -> Manifest:
        """The manifest in ``data``; ``path`` is the index's, for errors.

        Raises ``IndexCorruptError``, ``IndexTooOldError`` or ``IndexTooNewError``. What it returns
        holds only values that a writer could have written, whoever made the bytes.
        """
        if len(data) > MAX_BYTES:
            raise IndexCorruptError(path, f"{NAME} is too long")
        lines = _LINES.fullmatch(data)
        if lines is None:
            raise IndexCorruptError(path, f"{NAME} is not a manifest")
        digits, crc, line = (bytes(group) for group in lines.groups())
        if _crc(digits, line) != int(crc, 16):
            raise IndexCorruptError(path, f"{NAME} does not match its checksum")
        format = int(digits)
        if format < OLDEST_READABLE_FORMAT:
            raise IndexTooOldError(path, format, OLDEST_READABLE_FORMAT)
        if format > FORMAT:
            raise IndexTooNewError(path, format, FORMAT)
        try:
            return _parse(format, line)
        except ValueError as error:
            raise IndexCorruptError(path, f"{NAME} cannot be right: {error}") from None


def _crc(format: bytes, line: bytes) -> int:
    return zlib.crc32(line, zlib.crc32(format + b"\n"))


def _parse(format: int, line: bytes) -> Manifest:
    """Raises ``ValueError`` saying what is wrong."""
    body = _object(strict_json.loads(line), "generation", "schema", "segments", maybe="attachment")
    schema, segments = body["schema"], body["segments"]
    if not isinstance(schema, dict) or not isinstance(segments, list):
        raise ValueError("schema and segments of the wrong kind")
    manifest = Manifest(
        format=format,
        generation=_int(body["generation"], 1, _MAX_LENGTH),
        schema=schema,
        segments=tuple(_parse_segment(segment) for segment in segments),
        attachment=_parse_attachment(body["attachment"]) if "attachment" in body else None,
    )
    named = sum(1 + (s.deletions is not None) for s in manifest.segments)
    if len(manifest.files()) != named + (manifest.attachment is not None):
        raise ValueError("a file is named twice")
    if sum(segment.docs for segment in manifest.segments) > MAX_DOCS:
        raise ValueError("too many documents")
    return manifest


def _parse_segment(value: object) -> SegmentInfo:
    segment = _object(value, "name", "length", "docs", "deletions")
    length = _int(segment["length"], SMALLEST_BYTES, _MAX_LENGTH)
    docs = _int(segment["docs"], 1, min(MAX_DOCS, length))  # each takes bytes
    deletions = segment["deletions"]
    return SegmentInfo(
        name=_name(segment["name"], SEGMENT),
        length=length,
        docs=docs,
        deletions=None if deletions is None else _parse_deletions(deletions, docs),
    )


def _parse_deletions(value: object, docs: int) -> DeletionsInfo:
    deletions = _object(value, "name", "length", "count")
    return DeletionsInfo(
        name=_name(deletions["name"], DELETIONS),
        length=_int(deletions["length"], SMALLEST_BYTES + -(-docs // 8), _MAX_LENGTH),
        count=_int(deletions["count"], 1, docs),
    )


def _parse_attachment(value: object) -> AttachmentInfo:
    attachment = _object(value, "name", "length")
    return AttachmentInfo(
        name=_name(attachment["name"], ATTACHMENT),
        length=_int(attachment["length"], SMALLEST_BYTES, _MAX_LENGTH),
    )


def _object(value: object, *names: str, maybe: str = "") -> dict[str, object]:
    if not isinstance(value, dict) or value.keys() - {maybe} != set(names):
        raise ValueError(f"an object that does not have exactly {', '.join(names)}")
    return value


def _int(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{str(value)[:40]!r} in the place of a number from {least} to {most}")
    return value


def _name(value: object, kind: str) -> str:
    if not isinstance(value, str) or not is_ours(value) or not value.endswith("." + kind):
        raise ValueError(f"{str(value)[:40]!r} in the place of a file name")
    return value
