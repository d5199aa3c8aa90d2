from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.errors import IndexCorruptError, IndexTooNewError, IndexTooOldError
from searchkit.index import manifest as module
from searchkit.index.manifest import (
    DELETIONS,
    FORMAT,
    MAX_BYTES,
    MAX_DOCS,
    SEGMENT,
    TEMPORARY,
    DeletionsInfo,
    Manifest,
    SegmentInfo,
    file_id,
    file_name,
    is_index,
    is_ours,
)
from searchkit.storage.directory import is_plain

PATH = Path("index")


def name(number: int, kind: str = SEGMENT) -> str:
    return file_name(number.to_bytes(16, "big"), kind)


SAMPLE = Manifest(
    format=FORMAT,
    generation=7,
    schema={"analyzer": "english", "fields": [{"name": "text", "weight": 1.5}]},
    segments=(
        SegmentInfo(name(1), 1000, 20, DeletionsInfo(name(2, DELETIONS), 150, 3)),
        SegmentInfo(name(3), 2000, 30),
    ),
)


def with_body(body: object, format: int = FORMAT) -> bytes:
    """The file with any body, and a checksum that is right: by a hostile hand."""
    line = body if isinstance(body, bytes) else json.dumps(body).encode()
    crc = zlib.crc32(b"%d\n%s" % (format, line))
    return b'{"format": %d, "crc32": "%08x", "manifest":\n%s\n}\n' % (format, crc, line)


def body() -> dict[str, object]:
    read = json.loads(SAMPLE.encode())["manifest"]
    assert isinstance(read, dict)
    return read


def test_what_is_written_is_read() -> None:
    data = SAMPLE.encode()
    assert Manifest.decode(data, PATH) == SAMPLE
    assert Manifest.decode(memoryview(data), PATH) == SAMPLE
    assert with_body(data.splitlines()[1]) == data
    assert data.isascii()


def test_the_file_is_json() -> None:
    read = json.loads(SAMPLE.encode())
    assert list(read) == ["format", "crc32", "manifest"]
    assert read["manifest"]["segments"][1] == {
        "name": name(3),
        "length": 2000,
        "docs": 30,
        "deletions": None,
    }


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 70), 1 << 70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    schema=st.dictionaries(st.text(max_size=5), JSON, max_size=4),
    generation=st.integers(1, (1 << 63) - 1),
    sizes=st.lists(st.tuples(st.integers(1, 1 << 20), st.integers(0, 1 << 20)), max_size=6),
)
def test_any_manifest(
    schema: dict[str, object], generation: int, sizes: list[tuple[int, int]]
) -> None:
    segments = []
    for number, (docs, deleted) in enumerate(sizes):
        deletions = None
        if 0 < deleted <= docs:
            deletions = DeletionsInfo(name(1000 + number, DELETIONS), docs // 8 + 200, deleted)
        segments.append(SegmentInfo(name(number), docs * 10 + 100, docs, deletions))
    manifest = Manifest(FORMAT, generation, schema, tuple(segments))
    assert Manifest.decode(manifest.encode(), PATH) == manifest
    assert len(manifest.files()) == len(segments) + sum(s.deletions is not None for s in segments)


def test_every_flip_of_a_bit_is_detected() -> None:
    data = SAMPLE.encode()
    for at in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[at] ^= 1 << bit
            with pytest.raises(IndexCorruptError):
                Manifest.decode(bytes(damaged), PATH)


def test_truncated_and_extended() -> None:
    data = SAMPLE.encode()
    for end in range(len(data)):
        with pytest.raises(IndexCorruptError):
            Manifest.decode(data[:end], PATH)
        with pytest.raises(IndexCorruptError):
            Manifest.decode(data[:end] + bytes(len(data) - end), PATH)
    for more in (b"\n", b" ", b"\0", data):
        with pytest.raises(IndexCorruptError):
            Manifest.decode(data + more, PATH)


@settings(max_examples=300)
@given(st.binary(max_size=100))
def test_any_bytes(data: bytes) -> None:
    for damaged in (data, with_body(data)):
        with pytest.raises(IndexCorruptError):
            Manifest.decode(damaged, PATH)


@given(JSON)
def test_any_json(value: object) -> None:
    for bent in (value, [value], *({**body(), key: value} for key in ("generation", "segments"))):
        try:
            manifest = Manifest.decode(with_body(bent), PATH)
        except IndexCorruptError:
            continue
        assert value == manifest.generation or value == []


HOSTILE_BODIES: list[tuple[str, object]] = [
    ("generation", 0),
    ("generation", -1),
    ("generation", True),
    ("generation", 1.0),
    ("generation", "7"),
    ("generation", 1 << 63),
    ("schema", []),
    ("schema", None),
    ("segments", {}),
    ("segments", None),
    ("segments", [None]),
    ("segments", [[]]),
    ("segments", [{}]),
]

HOSTILE_SEGMENTS: list[tuple[str, object]] = [
    ("name", "../../etc/passwd"),
    ("name", "/etc/passwd"),
    ("name", "manifest.json"),
    ("name", "write.lock"),
    ("name", ""),
    ("name", None),
    ("name", 1),
    ("name", ["a"]),
    ("name", name(1).upper()),
    ("name", name(1) + "\n"),
    ("name", "\0" + name(1)),
    ("name", name(1, DELETIONS)),
    ("name", name(1, TEMPORARY)),
    ("name", name(3)),
    ("name", "٠" * 32 + ".seg"),
    ("length", 0),
    ("length", -1),
    ("length", 40),
    ("length", "1000"),
    ("length", 1000.0),
    ("length", True),
    ("length", 1 << 63),
    ("docs", 0),
    ("docs", -1),
    ("docs", 1001),
    ("docs", 20.0),
    ("docs", None),
    ("deletions", {}),
    ("deletions", []),
    ("deletions", False),
    ("deletions", {"name": name(2), "length": 150, "count": 3}),
    ("deletions", {"name": name(2, DELETIONS), "length": 82, "count": 3}),
    ("deletions", {"name": name(2, DELETIONS), "length": 150, "count": 0}),
    ("deletions", {"name": name(2, DELETIONS), "length": 150, "count": 21}),
    ("deletions", {"name": name(2, DELETIONS), "length": 150, "count": True}),
    ("deletions", {"name": name(2, DELETIONS), "length": 150}),
    ("deletions", {"name": name(2, DELETIONS), "length": 150, "count": 3, "more": 1}),
    ("more", 1),
]


@pytest.mark.parametrize(("key", "value"), HOSTILE_BODIES)
def test_hostile_bodies(key: str, value: object) -> None:
    with pytest.raises(IndexCorruptError, match=r"manifest\.json cannot be right"):
        Manifest.decode(with_body({**body(), key: value}), PATH)


@pytest.mark.parametrize(("key", "value"), HOSTILE_SEGMENTS)
def test_hostile_segments(key: str, value: object) -> None:
    hostile = body()
    segments = hostile["segments"]
    assert isinstance(segments, list)
    segments[0][key] = value
    with pytest.raises(IndexCorruptError, match=r"manifest\.json cannot be right") as caught:
        Manifest.decode(with_body(hostile), PATH)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"generation":1,"generation":1,"schema":{},"segments":[]}',
        b'{"generation":1,"schema":{"a":NaN},"segments":[]}',
        b'{"generation":1,"schema":{"a":-Infinity},"segments":[]}',
        b'{"generation":1,"schema":{"a":1e999},"segments":[]}',
        b'{"generation":1,"schema":{"a":' + b"9" * 5000 + b'},"segments":[]}',
        b'{"generation":1,"schema":{"a":' + b"[" * 40 + b"]" * 40 + b'},"segments":[]}',
        b'{"generation":1,"schema":{"\xff":1},"segments":[]}',
        b"\xef\xbb\xbf{}",
    ],
)
def test_hostile_json(line: bytes) -> None:
    with pytest.raises(IndexCorruptError, match=r"manifest\.json cannot be right"):
        Manifest.decode(with_body(line), PATH)


def test_a_right_body_is_read() -> None:
    """So that the hostile ones fail for their own reason."""
    assert Manifest.decode(with_body(body()), PATH) == SAMPLE


def test_too_many_documents() -> None:
    half = MAX_DOCS // 2 + 1
    segments = tuple(SegmentInfo(name(n), 1 << 40, half) for n in range(2))
    with pytest.raises(ValueError, match="too many documents"):
        Manifest(FORMAT, 1, {}, segments).encode()


def test_too_long() -> None:
    long = Manifest(FORMAT, 1, {"a": "x" * MAX_BYTES}, ())
    with pytest.raises(ValueError, match="a manifest of"):
        long.encode()
    with pytest.raises(IndexCorruptError, match="too long"):
        Manifest.decode(with_body(b" " * MAX_BYTES), PATH)


@pytest.mark.parametrize(
    "manifest",
    [
        Manifest(FORMAT + 1, 1, {}, ()),
        Manifest(FORMAT, 0, {}, ()),
        Manifest(FORMAT, 1, {"a": (1, 2)}, ()),
        Manifest(FORMAT, 1, {"a": float("nan")}, ()),
        Manifest(FORMAT, 1, {}, (SegmentInfo("a.seg", 1000, 1),)),
        Manifest(FORMAT, 1, {}, (SegmentInfo(name(1), 1000, 1),) * 2),
    ],
)
def test_what_would_not_be_read_is_not_written(manifest: Manifest) -> None:
    with pytest.raises(ValueError):
        manifest.encode()


def test_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IndexTooNewError) as new:
        Manifest.decode(with_body({"what": "ever"}, format=FORMAT + 1), PATH)
    assert new.value.found == FORMAT + 1
    monkeypatch.setattr(module, "OLDEST_READABLE_FORMAT", FORMAT + 1)
    with pytest.raises(IndexTooOldError):
        Manifest.decode(SAMPLE.encode(), PATH)


def test_names() -> None:
    id = bytes(range(16))
    for kind in (SEGMENT, DELETIONS, TEMPORARY):
        assert file_id(file_name(id, kind)) == id
        assert is_ours(file_name(id, kind))
        assert is_plain(file_name(id, kind))
    for other in ("manifest.json", "write.lock", "a.seg", "notes.txt", f"{'0' * 32}.txt"):
        assert not is_ours(other)


def test_live_docs() -> None:
    assert [segment.live_docs for segment in SAMPLE.segments] == [17, 30]


def test_is_index(tmp_path: Path) -> None:
    assert not is_index(tmp_path)
    assert not is_index(tmp_path / "missing")
    (tmp_path / "manifest.json").write_text("damaged")
    assert is_index(tmp_path)
