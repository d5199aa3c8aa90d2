"""Does a reader of one segment give what its sections hold, and refuse what cannot belong to it?

The sections are put together by hand, each by the encoder of its kind.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import pytest

from searchkit.codec.columns import Value, encode_column
from searchkit.codec.keys import KeysWriter
from searchkit.codec.postings import DELETED, PADDING, PostingsWriter, u32
from searchkit.codec.stored import StoredWriter
from searchkit.codec.values import decode_values, encode_values
from searchkit.errors import IndexCorruptError, IndexTooNewError, IndexTooOldError
from searchkit.index.deletions import Deletions
from searchkit.index.manifest import SEGMENT, SegmentInfo, file_name
from searchkit.index.segment import (
    KEY_FIELD,
    KIND,
    VERSION,
    SegmentReader,
    indexed_fields,
    segment_meta,
    write_lengths,
    write_section,
    write_terms,
)
from searchkit.schema import KEY, Field, Kind, Schema
from searchkit.storage import MemoryDirectory, SectionWriter
from searchkit.storage.envelope import new_id

SCHEMA = Schema(
    {"text": Field(), "set": Field(frequencies=False, positions=False, lengths=False)},
    {"year": Kind.INT, "code": Kind.BYTES},
)
GROWN = Schema(
    {**SCHEMA.fields, "more": Field(), "flags": Field(positions=False, lengths=False)},
    {**SCHEMA.columns, "price": Kind.FLOAT},
)
KEYS = ["a", "b", "c", "d"]
TOKENS = {
    "text": [[b"red", b"green", b"red"], [], [b"red"], [b"blue", b"green"]],
    "set": [[b"x"], [b"x", b"y"], [], [b"y", b"x"]],
    KEY: [[key.encode()] for key in KEYS],
}
COLUMNS: dict[str, list[Value | None]] = {
    "year": [7, None, -3, 1 << 40],
    "code": [b"one", b"", None, b"four"],
}
STORED: list[dict[str, object]] = [{"n": 1}, {}, {"s": "drei"}, {"n": 4, "s": ""}]

Section = tuple[str, tuple[bytes | bytearray | memoryview, ...]]


def write_field(writer: SectionWriter, name: str, tokens: list[list[bytes]], field: Field) -> None:
    terms = sorted({term for one in tokens for term in one})
    stream = [term for one in tokens for term in one]
    writer.begin(f"postings:{name}")
    lengths = array("I", map(len, tokens))
    lists = PostingsWriter(
        writer.write,
        lengths if field.lengths else u32(len(tokens)),
        frequencies=field.frequencies,
        positions=field.positions,
    )
    ranks = array("I", map(terms.index, stream))
    counts = array("I", map(stream.count, terms))
    lists.invert(ranks, array("I", accumulate(lengths)), array("I"), counts)
    lists.finish()
    writer.end()
    write_terms(writer, name, b"".join(terms), array("I", accumulate(map(len, terms))), lists)
    if field.lengths:
        write_lengths(writer, name, lengths)


class File:
    """A segment's file, and how to read it."""

    def __init__(self, instead: dict[str, bytes | None] | None = None, **meta: object) -> None:
        """With other bytes in some sections, or without them; ``meta`` likewise."""
        directory = MemoryDirectory()
        id = new_id()
        self.name = file_name(id, SEGMENT)
        instead = instead or {}
        with directory.create(self.name) as output:
            writer = _Editing(SectionWriter(output, KIND, VERSION, id), instead)
            writer.begin("stored")
            stored = StoredWriter(writer.write)
            for values in STORED:
                stored.add(encode_values(values))
            index = stored.finish()
            writer.end()
            write_section(writer, "stored.index", index)
            keys = bytearray()
            keys_writer = KeysWriter(keys.extend)
            encoded = [key.encode("utf-8", "surrogatepass") for key in KEYS]
            keys_writer.extend(b"".join(encoded), [*accumulate(map(len, encoded))])
            keys_index = keys_writer.finish()
            write_section(writer, "keys", keys)
            write_section(writer, "keys.index", keys_index)
            for name, field in indexed_fields(SCHEMA).items():
                write_field(writer, name, TOKENS[name], field)
            for name, column in COLUMNS.items():
                write_section(writer, f"column:{name}", encode_column(SCHEMA.columns[name], column))
            writer.finish({**segment_meta(SCHEMA, len(KEYS)), **meta})
        self.data = bytearray(directory.open(self.name))

    def read(
        self,
        deleted: tuple[int, ...] = (),
        *,
        base: int = 0,
        docs: int = len(KEYS),
        schema: Schema = SCHEMA,
    ) -> SegmentReader:
        info = SegmentInfo(self.name, len(self.data), docs)
        deletions = Deletions.none(docs).with_deleted(deleted)
        return SegmentReader(memoryview(self.data), info, deletions, schema, Path("there"), base)


class _Editing(SectionWriter):
    """Writes other bytes in the place of some sections."""

    def __init__(self, writer: SectionWriter, instead: dict[str, bytes | None]) -> None:
        self.__dict__.update(vars(writer))
        self._instead = instead
        self._current = ""

    def begin(self, name: str) -> None:
        self._current = name
        if name not in self._instead:
            super().begin(name)
        elif (data := self._instead[name]) is not None:
            super().begin(name)
            super().write(data)
            super().end()

    def write(self, data: object) -> None:
        if self._current not in self._instead:
            super().write(data)  # type: ignore[arg-type]

    def end(self) -> None:
        if self._current not in self._instead:
            super().end()
        self._current = ""


def postings(
    segment: SegmentReader, name: str, term: bytes, *, positions: bool = False
) -> tuple[list[int], list[int], list[int]] | None:
    reader = segment.field(name)
    where = reader.list_of(term, positions=positions)
    if where is None:
        return None
    docs, tfs, places = segment.read_list(reader, where, positions=positions)
    return list(docs), list(tfs), list(places)


def test_everything_is_given_back() -> None:
    segment = File().read()
    assert (segment.docs, segment.live_docs, segment.base) == (4, 4, 0)
    assert [segment.keys.key(doc) for doc in range(4)] == KEYS
    assert [decode_values(segment.stored.get(doc)) for doc in range(4)] == STORED
    for name, column in COLUMNS.items():
        assert [segment.column(name).value(doc) for doc in range(4)] == column
    assert postings(segment, "text", b"red", positions=True) == ([0, 2], [2, 1], [0, 2, 0])
    assert postings(segment, "text", b"green", positions=True) == ([0, 3], [1, 1], [1, 1])
    assert postings(segment, "text", b"gree") is None
    assert postings(segment, "set", b"x") == ([0, 1, 3], [1, 1, 1], [])
    assert postings(segment, KEY, b"c") == ([2], [1], [])
    assert segment.field("text") is segment.field("text")
    lengths = segment.field("text").lengths
    assert lengths is not None
    assert [lengths.length(doc) for doc in range(4)] == [3, 0, 1, 2]


def test_what_kernels_are_given() -> None:
    """Lengths without their header, and zeros where a field has none."""
    segment = File().read()
    text, tags = segment.field("text"), segment.field("set")
    assert text.length_width == tags.length_width == 1
    assert bytes(text.length_bytes)[:4] == bytes([3, 0, 1, 2])
    assert bytes(tags.length_bytes) == bytes(4)
    assert (tags.lengths, KEY_FIELD.lengths) == (None, False)
    where = text.list_of(b"red", positions=True)
    assert where is not None
    start, end, df, places, places_end, cf = where
    assert (df, cf) == (2, 3)
    assert 0 <= start < end <= len(text.postings) - len(PADDING)
    assert 0 <= places < places_end <= len(text.positions) - len(PADDING)


def test_deleted_documents_and_a_base() -> None:
    segment = File().read((0, 3), base=100)
    assert (segment.docs, segment.live_docs) == (4, 2)
    assert list(segment.docmap) == [DELETED, 101, 102, DELETED]
    assert segment.live() == [1, 2]
    assert [segment.is_live(doc) for doc in range(4)] == [False, True, True, False]
    assert postings(segment, "text", b"red", positions=True) == ([102], [1], [0])
    assert postings(segment, "text", b"green", positions=True) == ([], [], [])
    assert postings(segment, "set", b"x") == ([101], [1], [])
    whole = File().read()
    assert whole.live() is None
    assert (whole.deleted_bits, all(map(whole.is_live, range(4)))) == (b"", True)


def test_a_segment_from_before_the_schema_grew() -> None:
    segment = File().read((1,), base=10, schema=GROWN)
    for name in ("more", "flags"):
        reader = segment.field(name)
        assert list(reader.terms.entries(None, None)) == []
        assert reader.list_of(b"red", positions=True) is None
        reader.verify_lists()
        assert bytes(reader.length_bytes)[:4] == bytes(4)
    lengths = segment.field("more").lengths
    assert lengths is not None and [lengths.length(doc) for doc in range(4)] == [0] * 4
    assert segment.field("flags").lengths is None
    price = segment.column("price")
    assert (len(price), price.kind) == (4, Kind.FLOAT)
    assert [price.value(doc) for doc in range(4)] == [None] * 4
    assert postings(segment, "text", b"red") == ([10, 12], [2, 1], [])


def test_the_same_segment_with_another_schema() -> None:
    segment = File().read((1,), base=10)
    with pytest.raises(KeyError):
        segment.field("more")
    with pytest.raises(KeyError):
        segment.column("price")
    other = segment.with_schema(GROWN)
    assert (other.base, other.docs, other.live_docs) == (10, 4, 3)
    assert other.field("more").list_of(b"a", positions=False) is None
    assert other.column("price").value(0) is None


# What cannot be right

Look = Callable[[SegmentReader], object]


def text(segment: SegmentReader) -> object:
    return segment.field("text")


@pytest.mark.parametrize(
    ("instead", "look", "said"),
    [
        ({"postings:text": bytes(7)}, text, "lists of text are cut off"),
        ({"positions:text": b""}, text, "lists of text are cut off"),
        ({"lengths:text": b""}, text, ""),
        ({"terms.index:text": b"\0"}, text, ""),
        ({"stored.index": b""}, lambda segment: segment.stored, ""),
        ({"keys.index": b""}, lambda segment: segment.keys, ""),
        ({"column:year": b""}, lambda segment: segment.column("year"), ""),
        (
            {"column:year": bytes(encode_column(Kind.INT, [1, 2, 3]))},
            lambda segment: segment.column("year"),
            "the column year has 3 values",
        ),
        (
            {"column:year": bytes(encode_column(Kind.FLOAT, [1.0, 2.0, 3.0, 4.0]))},
            lambda segment: segment.column("year"),
            "the column year holds values of another kind",
        ),
        *(
            ({name: None}, look, f"no section '{name}'")
            for name, look in (
                ("postings:text", text),
                ("positions:text", text),
                ("terms:text", text),
                ("terms.index:text", text),
                ("lengths:text", text),
                ("stored", lambda segment: segment.stored),
                ("stored.index", lambda segment: segment.stored),
                ("keys", lambda segment: segment.keys),
                ("keys.index", lambda segment: segment.keys),
                ("column:code", lambda segment: segment.column("code")),
            )
        ),
    ],
)
def test_a_section_that_cannot_be_right(
    instead: dict[str, bytes | None], look: Look, said: str
) -> None:
    segment = File(instead).read()
    with pytest.raises(IndexCorruptError) as caught:
        look(segment)
    assert said in str(caught.value) and "there" in str(caught.value)
    # Nothing else is harmed, and nothing was read before it was asked for.
    if "year" not in str(instead):
        assert segment.column("year").value(0) == 7


def test_another_number_of_lengths_keys_and_stored_values() -> None:
    """All of one kind, from a segment with a document more."""
    file = File(docs=5)
    longer = file.read(docs=5)
    looks: dict[str, Look] = {
        "text has 4 lengths": text,
        "there are 4 keys": lambda segment: segment.keys,
        "4 documents are stored": lambda segment: segment.stored,
        "the column year has 4 values": lambda segment: segment.column("year"),
    }
    for said, look in looks.items():
        with pytest.raises(IndexCorruptError, match=said):
            look(longer)


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ({"docs": 3}, "another number of documents than its manifest"),
        ({"docs": None}, "another number of documents than its manifest"),
        ({"fields": None}, "does not name its fields"),
        ({"fields": ["text", 7]}, "does not name its fields"),
        ({"columns": {}}, "does not name its fields"),
    ],
)
def test_meta_that_cannot_be_right(meta: dict[str, object], said: str) -> None:
    with pytest.raises(IndexCorruptError, match=said):
        File(None, **meta).read()


def test_changed_bytes_are_found_when_they_are_read() -> None:
    file = File()
    sections = {name: file.read().sections.section(name) for name in file.read().sections.names()}
    whole = memoryview(file.data)

    def changed(name: str) -> SegmentReader:
        at = bytes(whole).index(bytes(sections[name]))
        other = File.__new__(File)
        other.name = file.name
        other.data = bytearray(file.data)
        other.data[at] ^= 1
        return other.read()

    with pytest.raises(IndexCorruptError):
        changed("postings:text").field("text").verify_lists()
    with pytest.raises(IndexCorruptError):
        changed("positions:text").field("text").verify_lists()
    # The lists of one run share a checksum, of which each look-up asks for what it needs.
    segment = changed("postings:text")
    assert segment.field("set").list_of(b"x", positions=False) is not None
    with pytest.raises(IndexCorruptError):
        segment.field("text").list_of(b"green", positions=False)
    segment = changed("positions:text")
    assert segment.field("text").list_of(b"green", positions=False) is not None
    with pytest.raises(IndexCorruptError):
        segment.field("text").list_of(b"green", positions=True)
    for name, look in (
        ("lengths:text", text),
        ("keys", lambda segment: segment.keys),
        ("column:year", lambda segment: segment.column("year")),
    ):
        with pytest.raises(IndexCorruptError, match="checksum"):
            look(changed(name))


def test_other_versions_and_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    file = File()
    monkeypatch.setattr("searchkit.index.segment.VERSION", VERSION + 1)
    with pytest.raises(IndexTooOldError):
        file.read()
    monkeypatch.setattr("searchkit.index.segment.VERSION", VERSION - 1)
    with pytest.raises(IndexTooNewError):
        file.read()
    monkeypatch.setattr("searchkit.index.segment.KIND", b"DELS")
    with pytest.raises(IndexCorruptError, match="of kind"):
        file.read()
    monkeypatch.undo()
    file.name = file_name(new_id(), SEGMENT)
    with pytest.raises(IndexCorruptError, match="another file"):
        file.read()
