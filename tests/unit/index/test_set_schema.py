"""Can an index get other fields?"""

from __future__ import annotations

from unittest import mock

import pytest

from searchkit.errors import StorageError
from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Kind, Schema
from searchkit.storage import MemoryDirectory

ONE = Schema({"a": Field()}, {"n": Kind.INT})
TWO = Schema({"a": Field(), "b": Field()}, {"n": Kind.INT, "m": Kind.BYTES}, {"x": 1})


def made() -> MemoryDirectory:
    directory = MemoryDirectory()
    with Writer(directory, ONE) as writer:
        writer.add("1", terms={"a": [b"x", b"y"]}, columns={"n": 1})
        writer.add("2", terms={"a": [b"x"]})
    return directory


@pytest.mark.parametrize("merge_all", [False, True])
def test_fields_can_be_added(merge_all: bool) -> None:
    directory = made()
    writer = Writer(directory)
    writer.add("3", terms={"a": [b"y"]}, columns={"n": 3})
    writer.set_schema(TWO)
    writer.add("4", terms={"a": [b"y"], "b": [b"z", b"z"]}, columns={"m": b"4"})
    writer.commit(merge_all=merge_all)
    with Snapshot(directory) as snapshot:
        assert snapshot.schema == TWO
        assert list(snapshot.field("a").postings(b"y")[0]) == [0, 2, 3]
        assert snapshot.field("b").positions(b"z") == {3: [0, 1]}
        assert [snapshot.field("b").length(docnum) for docnum in range(4)] == [0, 0, 0, 2]
        assert [snapshot.column_value("m", docnum) for docnum in range(4)] == [None] * 3 + [b"4"]
        assert [snapshot.column_value("n", docnum) for docnum in range(4)] == [1, None, 3, None]


def test_a_change_of_schema_alone_is_a_change() -> None:
    directory = made()
    writer = Writer(directory)
    writer.set_schema(TWO)
    writer.commit()
    with Snapshot(directory) as snapshot:
        assert snapshot.generation == 2
        assert list(snapshot.field("b").terms()) == []


def test_what_was_dropped_does_not_come_back() -> None:
    directory = made()
    writer = Writer(directory)
    writer.delete("1")
    writer.set_schema(Schema({}))
    writer.set_schema(ONE)
    writer.add("3", terms={"a": [b"new"]})
    writer.commit()
    with Snapshot(directory) as snapshot:
        assert [term for term, _ in snapshot.field("a").terms()] == [b"new"]
        assert [snapshot.column_value("n", docnum) for docnum in snapshot.live()] == [None, None]
        assert [snapshot.key(docnum) for docnum in snapshot.live()] == ["2", "3"]


def test_many_fields_come_in_one_segment() -> None:
    directory = made()
    schema = ONE
    with Writer(directory) as writer:
        for number in range(20):
            schema = Schema({**schema.fields, f"f{number}": Field()}, schema.columns)
            writer.set_schema(schema)
            writer.add(f"k{number}", terms={f"f{number}": [b"x"]})
    with Snapshot(directory) as snapshot:
        assert len(snapshot.segments) == 2
        assert [snapshot.field(f"f{n}").df(b"x") for n in range(20)] == [1] * 20


def test_docnums_stay_without_merging() -> None:
    directory = made()
    writer = Writer(directory)
    writer.delete("1")
    writer.commit(merge=False)
    with Snapshot(directory) as snapshot:
        assert (snapshot.docs, snapshot.live_docs) == (2, 1)


def test_a_disk_that_fails_cancels() -> None:
    directory = made()
    before = directory.names()
    writer = Writer(directory)
    writer.add("3", terms={"a": [b"new"]}, columns={"n": 3})
    assert writer._output is not None
    full = mock.patch.object(writer._output, "write", side_effect=OSError(28, "No space left"))
    with full, pytest.raises(StorageError, match="No space left"):
        writer.set_schema(Schema({}))
    assert directory.names() == before
    with pytest.raises(ValueError, match="cancelled"):
        writer.commit()
    with Writer(directory) as writer:
        assert writer.schema == ONE
