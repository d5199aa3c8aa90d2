"""An index may get other fields; what was written before has none of the new ones."""

import pytest

from searchkit.errors import SchemaMismatchError
from searchkit.index import Snapshot, Writer
from searchkit.schema import Field, Kind, Schema
from searchkit.search import search
from searchkit.storage.memory import MemoryDirectory
from searchkit.tree import NumberRange, Or, Term

OLD = Schema({"a": Field(), "b": Field()}, {"n": Kind.INT})
NEW = Schema({"a": Field(), "c": Field()}, {"m": Kind.FLOAT})


def test_old_and_new_documents_together() -> None:
    directory = MemoryDirectory()
    with Writer(directory, OLD) as writer:
        writer.add("old", terms={"a": [b"x"], "b": [b"x"]}, columns={"n": 1})
    with Writer(directory) as writer:
        writer.add("between", terms={"a": [b"x"], "b": [b"x"]})
        writer.set_schema(NEW)
        writer.add("new", terms={"a": [b"x"], "c": [b"x"]}, columns={"m": 2.0})
    for merge_all in (False, True):
        with Snapshot(directory) as snapshot:
            assert snapshot.schema == NEW
            assert [snapshot.key(d) for d, _ in search(snapshot, Term("a", "x")).best] == [
                "old",
                "between",
                "new",
            ]
            assert [snapshot.key(d) for d, _ in search(snapshot, Term("c", "x")).best] == ["new"]
            found = search(snapshot, NumberRange("m", None, None)).best
            assert [snapshot.key(d) for d, _ in found] == ["new"]
            assert snapshot.field("c").length(0) == 0
        writer = Writer(directory)
        writer.commit(merge_all=True)
        assert merge_all is False or len(Snapshot(directory).segments) == 1


def test_a_field_that_stays_stays_as_it_is() -> None:
    with Writer(MemoryDirectory(), OLD) as writer, pytest.raises(SchemaMismatchError):
        writer.set_schema(Schema({"a": Field(positions=False)}))


def test_positions_without_frequencies_are_refused() -> None:
    with pytest.raises(ValueError, match="frequencies"):
        Field(frequencies=False, positions=True)


def test_a_field_without_lengths_is_pruned_exactly() -> None:
    directory = MemoryDirectory()
    with Writer(directory, Schema({"a": Field(lengths=False)})) as writer:
        for number in range(3000):
            words = [b"x"] * (1 + number % 7) + [b"y"] * (number % 3) + [b"z"] * (number % 50)
            writer.add(str(number), terms={"a": words})
    with Snapshot(directory) as snapshot:
        tree = Or((Term("a", "x"), Term("a", "y")))
        every = search(snapshot, tree, 3000).best
        assert search(snapshot, tree, 10).best == every[:10]
