"""What a writer did is there after its commit, all of it, and nothing of what it did not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest

from searchkit.codec import postings as postings_codec
from searchkit.errors import (
    IndexLockedError,
    IndexNotFoundError,
    SchemaMismatchError,
    StorageError,
)
from searchkit.index import Snapshot, Writer, buffer
from searchkit.index.manifest import NAME, is_ours
from searchkit.index.segment import SegmentReader
from searchkit.schema import KEY, Field, Kind, Schema
from searchkit.storage import MemoryDirectory


@pytest.fixture(autouse=True)
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making room of 16 MB for each field of each segment would be all that these tests do; so
    they also see it grow.
    """
    monkeypatch.setattr(postings_codec, "_OUT_BYTES", 1 << 12)


SCHEMA = Schema(
    {"text": Field(analyzer="english"), "t": Field(), "u": Field()},
    {"int": Kind.INT, "float": Kind.FLOAT, "bool": Kind.BOOL, "bytes": Kind.BYTES},
)


def words(text: str) -> list[bytes]:
    return text.encode().split()


def add(writer: Writer, key: str, text: str = "", **stored: object) -> None:
    writer.add(key, terms={"t": words(text)}, stored=stored)


def directory_of(*documents: tuple[str, str], buffer_tokens: int = 1000) -> MemoryDirectory:
    directory = MemoryDirectory()
    with Writer(directory, SCHEMA, buffer_tokens=buffer_tokens) as writer:
        for key, text in documents:
            add(writer, key, text)
    return directory


def dump(directory: MemoryDirectory) -> dict[str, object]:
    """Everything that can be seen, whatever the docnums."""
    with Snapshot(directory) as snapshot:
        live = list(snapshot.live())
        place = {docnum: n for n, docnum in enumerate(live)}
        fields = {}
        for name in [*snapshot.schema.fields, KEY]:
            field = snapshot.field(name)
            kept = snapshot.schema.fields.get(name)
            terms = {}
            for term, _ in field.terms():
                docs, tfs = field.postings(term)
                assert field.df(term) == len(docs)
                if docs:
                    terms[term] = [(place[doc], tf) for doc, tf in zip(docs, tfs, strict=True)]
                    if kept is not None and kept.positions:
                        found = field.positions(term)
                        terms[term] += [(place[doc], at) for doc, at in found.items()]
            lengths = [field.length(docnum) for docnum in live]
            assert field.total_length == sum(lengths)
            fields[name] = (terms, lengths)
        columns = {
            name: [snapshot.column_value(name, docnum) for docnum in live]
            for name in snapshot.schema.columns
        }
        keys = [snapshot.key(docnum) for docnum in live]
        for key in keys:
            assert [place[n] for n in snapshot.docnums(key)] == [
                n for n, one in enumerate(keys) if one == key
            ]
        return {
            "keys": keys,
            "stored": [snapshot.stored(docnum) for docnum in live],
            "fields": fields,
            "columns": columns,
        }


def keys(directory: MemoryDirectory) -> list[str]:
    with Snapshot(directory) as snapshot:
        return [snapshot.key(docnum) for docnum in snapshot.live()]


def generation(directory: MemoryDirectory) -> int:
    with Snapshot(directory) as snapshot:
        return snapshot.generation


# Documents, all or nothing

WRONG: dict[str, dict[str, object]] = {
    "a field that is not there": {"terms": {"t": [b"ghost"], "none": [b"x"]}},
    "a text for terms": {"terms": {"t": [b"ghost"]}, "texts": {"u": "ghost"}},
    "terms for a text": {"terms": {"t": [b"ghost"], "text": [b"ghost"]}},
    "a column that is not there": {"terms": {"t": [b"ghost"]}, "columns": {"none": 1}},
    "a column of another kind": {"terms": {"t": [b"ghost"]}, "columns": {"int": "1"}},
    "a bool for an int": {"columns": {"int": True}},
    "an int of 65 bits": {"columns": {"int": 1 << 63}},
    "text for bytes": {"columns": {"bytes": "x"}},
    "a value that cannot be stored": {"terms": {"t": [b"ghost"]}, "stored": {"x": object()}},
    "a second text that is none": {"texts": {"text": ["ghost words", 5]}},
    "a text that is none": {"texts": {"text": 7}, "terms": {"t": [b"ghost"]}},
    "a term that cannot be hashed": {"terms": {"t": [b"ghost"], "u": [b"ghost", [b"x"]]}},
    "positions that are words": {"terms": {"t": [b"ghost"], "u": [(b"ghost", 0), (b"x", "y")]}},
    "a pair too short": {"terms": {"t": [b"ghost"], "u": [(b"ghost", 0), (b"x",)]}},
    "terms that are none": {"terms": {"t": [b"ghost"], "u": 5}},
    "a term that is text": {"terms": {"t": [b"ghost", "x"]}},
    "a term too long": {"terms": {"t": [b"x" * 65_536]}},
    "a position below 0": {"terms": {"t": [b"ghost"], "u": [(b"ghost", 0), (b"x", -1)]}},
    "a position of 33 bits": {"terms": {"t": [b"ghost"], "u": [(b"x", 1 << 32)]}},
    "a position between two": {"terms": {"t": [b"ghost"], "u": [(b"ghost", 0), (b"x", 1.5)]}},
    "texts that can be gone through once": {
        "texts": {"text": (one for one in ["ghost", "x"])},
        "terms": {"t": [b"ghost"]},
    },
    "positions out of order": {"terms": {"t": [(b"a", 5), (b"a", 1)]}},
}
LATE: dict[str, dict[str, object]] = {
    "a float too large": {"columns": {"float": 10**400}},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("when", ["first", "between", "after positions", "last"])
def test_a_document_that_fails_leaves_nothing(wrong: dict[str, object], when: str) -> None:
    refused_in_the_middle(wrong, when)


@pytest.mark.parametrize("when", ["first", "between"])
@pytest.mark.parametrize("wrong", LATE.values(), ids=LATE)
def test_what_cannot_be_kept_is_refused_at_once(wrong: dict[str, object], when: str) -> None:
    refused_in_the_middle(wrong, when)


def test_a_key_too_long() -> None:
    with Writer(MemoryDirectory(), SCHEMA) as writer:
        add(writer, "good", "a")
        with pytest.raises(ValueError):
            add(writer, "k" * 65_536, "a")


def refused_in_the_middle(wrong: dict[str, object], when: str) -> None:
    def write(fails: bool) -> MemoryDirectory:
        directory = MemoryDirectory()
        with Writer(directory, SCHEMA) as writer:

            def fail() -> None:
                if fails:
                    with pytest.raises((TypeError, ValueError)):
                        writer.add("bad", **wrong)  # type: ignore[arg-type]

            if when == "first":
                fail()
            writer.add("1", texts={"text": "one two"}, terms={"t": words("a b"), "u": words("c")})
            if when == "between":
                fail()
            writer.add(
                "2", terms={"u": [(b"c", 4), (b"d", 9)]}, stored={"n": 2}, columns={"int": 2}
            )
            if when == "after positions":
                fail()
            writer.add("3", texts={"text": ["one", "three"]}, terms={"t": words("a")})
            if when == "last":
                fail()
        return directory

    assert dump(write(fails=True)) == dump(write(fails=False))


def test_a_disk_that_fails_in_the_middle_of_add() -> None:
    def outcome() -> list[str]:
        directory = Failing()
        writer = Writer(directory, SCHEMA)
        writer.add("1", stored={"n": "x" * 30_000})
        directory.fails = True
        with pytest.raises(StorageError):
            writer.add("2", stored={"n": "x" * 30_000})
        directory.fails = False
        try:
            add(writer, "3", "c")
            writer.commit()
        except (StorageError, ValueError):
            return ["1", "3"]
        return list(dump(directory)["keys"])  # type: ignore[call-overload]

    assert outcome() == ["1", "3"]


class Failing(MemoryDirectory):
    """Refuses what is asked of it while ``fails``."""

    fails = False

    def create(self, name: str):  # type: ignore[no-untyped-def]
        directory = self
        output = super().create(name)
        write = output.write

        def fail_or_write(data: bytes) -> None:
            directory.refuse()
            write(data)

        output.write = fail_or_write  # type: ignore[method-assign]
        return output

    def sync(self, name: str) -> None:
        self.refuse()
        super().sync(name)

    def refuse(self) -> None:
        if self.fails:
            raise OSError(28, "No space left on device")


# Keys


def test_a_key_twice_keeps_both() -> None:
    directory = directory_of(("k", "a"), ("j", "b"), ("k", "a c"))
    assert keys(directory) == ["k", "j", "k"]
    with Writer(directory) as writer:
        add(writer, "k", "d")
    assert keys(directory) == ["k", "j", "k", "k"]
    with Snapshot(directory) as snapshot:
        assert len(snapshot.docnums("k")) == 3


def test_delete_finds_a_key_wherever_it_is() -> None:
    directory = directory_of(("k", "a"), ("j", "b"), ("k", "c"))
    writer = Writer(directory, buffer_tokens=3)
    add(writer, "k", "a b c d")  # spilled at once
    add(writer, "l", "a")
    add(writer, "k", "a")  # waits, or is spilled with the one before
    assert writer.delete("k") == 4
    assert writer.delete("k") == 0
    assert writer.delete("none") == 0
    add(writer, "k", "new")
    writer.commit()
    assert keys(directory) == ["j", "l", "k"]
    assert (
        dump(directory)["fields"]["t"][0]
        == dump(  # type: ignore[index]
            directory_of(("j", "b"), ("l", "a"), ("k", "new"))
        )["fields"]["t"][0]
    )  # type: ignore[index]


@pytest.mark.parametrize("buffer_tokens", [1, 2, 3, 5, 1000])
def test_updates_in_one_session(buffer_tokens: int) -> None:
    directory = MemoryDirectory()
    with Writer(directory, SCHEMA, buffer_tokens=buffer_tokens) as writer:
        for n in range(20):
            writer.delete(f"k{n % 3}")
            add(writer, f"k{n % 3}", f"a w{n}")
    assert keys(directory) == ["k2", "k0", "k1"]
    with Snapshot(directory) as snapshot:
        assert snapshot.field("t").df(b"a") == 3
        assert snapshot.field("t").df(b"w3") == 0
        assert snapshot.field("t").total_length == 6


@pytest.mark.parametrize("key", ["", "\0", "a\0b", "\udc80.txt", "k" * 60_000, "Ключ", "a/b.md"])
def test_strange_keys(key: str) -> None:
    directory = directory_of((key, "a"), ("x", "b"))
    assert keys(directory) == [key, "x"]
    with Writer(directory) as writer:
        assert writer.delete(key) == 1
    assert keys(directory) == ["x"]


def test_an_interrupted_delete_deletes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = directory_of(("k", "a"), ("k", "b"), buffer_tokens=1)
    writer = Writer(directory)
    read = SegmentReader.read_list
    times = iter([None])

    def interrupted(*arguments: Any, **named: Any) -> Any:
        if next(times, KeyboardInterrupt) is KeyboardInterrupt:
            raise KeyboardInterrupt
        return read(*arguments, **named)

    monkeypatch.setattr(SegmentReader, "read_list", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writer.delete("k")
    with pytest.raises(ValueError, match="cancelled"):
        writer.commit()
    monkeypatch.undo()
    assert keys(directory) == ["k", "k"]


def test_delete_docnums() -> None:
    directory = directory_of(("0", "a"), ("1", "b"), ("2", "c"), ("3", "d"))
    with Writer(directory) as writer:
        assert writer.delete_docnums([1, 1, 3]) == 2
        assert writer.delete_docnums([3]) == 0
        assert writer.delete("1") == 0
        assert writer.delete_docnums([-1, 4, 100]) == 0
    assert keys(directory) == ["0", "2"]
    with Writer(directory) as writer:
        assert writer.delete("1") == 0


def test_everything_deleted() -> None:
    directory = directory_of(("0", "a"), ("1", "b"))
    with Writer(directory) as writer:
        assert writer.delete("0") + writer.delete("1") == 2
    with Snapshot(directory) as snapshot:
        assert (snapshot.docs, snapshot.live_docs, snapshot.segments) == (0, 0, [])
        assert snapshot.field("t").average_length == 0
    assert directory.names() == [NAME]
    with Writer(directory) as writer:
        add(writer, "2", "c")
    assert keys(directory) == ["2"]


# Commits


def test_nothing_shows_before_the_commit() -> None:
    directory = directory_of(("0", "a"))
    writer = Writer(directory, buffer_tokens=1)
    add(writer, "1", "b")
    writer.delete("0")
    assert keys(directory) == ["0"]
    writer.commit()
    assert keys(directory) == ["1"]


def test_without_a_change_there_is_no_generation() -> None:
    directory = directory_of(("0", "a"))
    before = {name: bytes(directory.open(name)) for name in directory.names()}
    for merge_all in (False, True):
        Writer(directory).commit(merge_all=merge_all)
    with Writer(directory) as writer:
        assert writer.delete("none") == 0
    assert {name: bytes(directory.open(name)) for name in directory.names()} == before


def test_an_empty_index() -> None:
    directory = MemoryDirectory()
    Writer(directory, SCHEMA).commit()
    assert generation(directory) == 1
    assert keys(directory) == []


def test_cancel_leaves_no_files() -> None:
    for directory in (MemoryDirectory(), directory_of(("0", "a"))):
        before = directory.names()
        writer = Writer(directory, SCHEMA, buffer_tokens=2)
        for n in range(7):
            add(writer, str(n), "a b c" if n % 2 else "a")
        writer.delete("0")
        writer.cancel()
        assert directory.names() == before
        with directory.lock():
            pass


def test_an_error_in_the_block_cancels() -> None:
    directory = directory_of(("0", "a"))
    before = directory.names()
    with pytest.raises(KeyError), Writer(directory, buffer_tokens=1) as writer:
        add(writer, "1", "b")
        raise KeyError("mine")
    assert directory.names() == before
    assert keys(directory) == ["0"]


def test_garbage_of_a_dead_writer_is_collected() -> None:
    directory = directory_of(("0", "a"))
    directory.create("0" * 32 + ".seg").close()
    directory.create("notes.txt").close()
    Writer(directory).cancel()
    assert "0" * 32 + ".seg" not in directory.names()
    assert "notes.txt" in directory.names()


def test_schemas() -> None:
    directory = directory_of(("0", "a"))
    with pytest.raises(SchemaMismatchError):
        Writer(directory, Schema({"other": Field()}))
    Writer(directory, SCHEMA).cancel()  # the lock was released
    assert Writer(directory).schema == SCHEMA
    with pytest.raises(IndexNotFoundError):
        Writer(MemoryDirectory())


def test_one_writer() -> None:
    directory = directory_of(("0", "a"))
    writer = Writer(directory)
    with pytest.raises(IndexLockedError):
        Writer(directory)
    writer.cancel()
    Writer(directory).cancel()


def test_a_commit_that_fails_changes_nothing() -> None:
    directory = Failing()
    with Writer(directory, SCHEMA) as writer:
        add(writer, "0", "a")
    before = directory.names()
    writer = Writer(directory)
    add(writer, "1", "b")
    directory.fails = True
    with pytest.raises(StorageError):
        writer.commit()
    directory.fails = False
    assert directory.names() == before
    assert keys(directory) == ["0"]
    with Writer(directory) as writer:
        add(writer, "1", "b")
    assert keys(directory) == ["0", "1"]


# A writer that is closed


def cancelled_inside(directory: MemoryDirectory) -> None:
    with Writer(directory) as writer:
        add(writer, "1", "b")
        writer.cancel()


def committed_after_cancel(directory: MemoryDirectory) -> None:
    writer = Writer(directory)
    add(writer, "1", "b")
    writer.cancel()
    writer.commit()


def committed_again_after_a_failure(directory: MemoryDirectory) -> None:
    assert isinstance(directory, Failing)
    writer = Writer(directory)
    add(writer, "1", "b")
    directory.fails = True
    with pytest.raises(StorageError):
        writer.commit()
    directory.fails = False
    writer.commit()


@pytest.mark.parametrize(
    "act",
    [
        cancelled_inside,
        committed_after_cancel,
        committed_again_after_a_failure,
    ],
)
def test_what_was_cancelled_is_not_committed(act: Callable[[MemoryDirectory], None]) -> None:
    directory = Failing()
    with Writer(directory, SCHEMA) as writer:
        add(writer, "0", "a")
    with suppress(ValueError):  # a mistake of the caller, so it may be told
        act(directory)
    assert "0" in keys(directory)


def test_a_commit_inside_the_block() -> None:
    directory = directory_of(("0", "a"))
    with Writer(directory) as writer:
        add(writer, "1", "b")
        writer.commit()
    assert keys(directory) == ["0", "1"]


def test_a_closed_writer_writes_nothing() -> None:
    directory = directory_of(("0", "a"))
    before = directory.names()
    writer = Writer(directory)
    writer.commit()
    with pytest.raises(ValueError):
        add(writer, "1", "b")
    assert directory.names() == before


# What a document has


def positions(directory: MemoryDirectory, name: str, term: bytes) -> dict[int, list[int]]:
    with Snapshot(directory) as snapshot:
        return snapshot.field(name).positions(term)


def test_texts_of_one_field_are_kept_apart() -> None:
    directory = MemoryDirectory()
    with Writer(directory, SCHEMA) as writer:
        writer.add("0", texts={"text": "red green"})
        writer.add("1", texts={"text": ["red green", "", "red", "green red"]})
        writer.add("2", texts={"text": []})
        writer.add("3", texts={"text": "green"})
    red, green = positions(directory, "text", b"red"), positions(directory, "text", b"green")
    assert red[0] == [0]
    assert green[3] == [0]
    assert green[1][0] == red[1][0] + 1
    assert red[1] == sorted(red[1])
    assert len(red[1]) == 3
    assert red[1][1] > green[1][0] + 50
    assert green[1][1] > red[1][1] + 50
    with Snapshot(directory) as snapshot:
        assert [snapshot.field("text").length(n) for n in range(4)] == [2, 5, 0, 1]


def test_explicit_positions() -> None:
    directory = MemoryDirectory()
    last = (1 << 32) - 1
    with Writer(directory, SCHEMA) as writer:
        writer.add("0", terms={"t": words("a b")})
        writer.add("1", terms={"t": [(b"a", 3), (b"b", 3), (b"a", 70_000), (b"a", last)]})
        writer.add("2", terms={"t": words("b a")})
        writer.add("3", terms={"u": [(b"a", 7)]})
    assert positions(directory, "t", b"a") == {0: [0], 1: [3, 70_000, last], 2: [1]}
    assert positions(directory, "t", b"b") == {0: [1], 1: [3], 2: [0]}
    assert positions(directory, "u", b"a") == {3: [7]}


def test_many_documents_of_one_word() -> None:
    directory = directory_of(*((str(n), "x") for n in range(65)))
    assert positions(directory, "t", b"x") == {n: [0] for n in range(65)}


@pytest.mark.parametrize(
    "terms",
    [
        [b""],
        [b"\0", b"\0\0", b""],
        [b"\xff", b"\xfe\xff", b"\x80", b"a\xff"],
        [b"x" * 65_535, b"x" * 65_534 + b"y", b"x" * 65_534],
        [bytes([n]) * 1000 for n in range(256)],
    ],
    ids=["empty", "NULs", "no UTF-8", "long", "many long"],
)
@pytest.mark.parametrize("merged", [False, True])
def test_strange_terms(terms: list[bytes], merged: bool) -> None:
    directory = MemoryDirectory()
    for term in terms:
        with Writer(directory, SCHEMA) as writer:
            writer.add("k", terms={"t": [term, *terms, term]})
    if merged:
        Writer(directory).commit(merge_all=True)
    with Snapshot(directory) as snapshot:
        assert [term for term, _ in snapshot.field("t").terms()] == sorted(set(terms))
        for term in terms:
            docs, tfs = snapshot.field("t").postings(term)
            assert list(docs) == list(range(len(terms)))
            assert list(tfs) == [terms.count(term) + 2 * (term == one) for one in terms]


@pytest.mark.parametrize("length", [0, 1, 255, 256, 65_535, 65_536, 70_000])
@pytest.mark.parametrize("merged", [False, True])
def test_lengths_and_frequencies(length: int, merged: bool) -> None:
    directory = directory_of(("0", "x y"))
    with Writer(directory) as writer:
        writer.add("1", terms={"t": [b"x"] * length})
        writer.add("2", terms={"t": [b"y"]})
    Writer(directory).commit(merge_all=merged)
    with Snapshot(directory) as snapshot:
        field = snapshot.field("t")
        assert [field.length(n) for n in range(3)] == [2, length, 1]
        assert field.total_length == 3 + length
        assert list(field.postings(b"x")[1]) == [1, length][: 1 + (length > 0)]
        assert positions(directory, "t", b"x").get(1, []) == list(range(length))


@pytest.mark.parametrize("count", [127, 128, 129, 256, 257, 16_383, 16_385, 20_000])
def test_long_lists(count: int) -> None:
    directory = MemoryDirectory()
    with Writer(directory, SCHEMA) as writer:
        for n in range(count):
            writer.add(str(n), terms={"t": [b"x"] * (1 + n % 3) + [b"y"] * (n % 2)})
    for merged in (False, True):
        Writer(directory).commit(merge_all=merged)
        with Snapshot(directory) as snapshot:
            docs, tfs = snapshot.field("t").postings(b"x")
            assert list(docs) == list(range(count))
            assert list(tfs) == [1 + n % 3 for n in range(count)]
            docs, tfs = snapshot.field("t").postings(b"y")
            assert list(docs) == list(range(1, count, 2))
            found = snapshot.field("t").positions(b"y")
            assert found == {n: [1 + n % 3] for n in range(1, count, 2)}


def test_columns_and_stored_values() -> None:
    directory = MemoryDirectory()
    rows: list[Mapping[str, int | float | bool | bytes]] = [
        {},
        {"int": -(1 << 63), "float": 1, "bool": False, "bytes": b""},
        {"int": (1 << 63) - 1, "float": -0.5, "bool": True, "bytes": b"\xff"},
        {"bytes": b"x"},
    ]
    with Writer(directory, SCHEMA, buffer_tokens=3) as writer:
        for n, row in enumerate(rows):
            writer.add(str(n), stored={"n": n}, columns=row)
    for merge_all in (False, True):
        Writer(directory).commit(merge_all=merge_all)
        shown = dump(directory)
        assert shown["stored"] == [{"n": n} for n in range(4)]
        assert shown["columns"] == {
            name: [row.get(name) for row in rows] for name in SCHEMA.columns
        }


def test_our_files_only() -> None:
    directory = directory_of(("0", "a"), ("1", "b"), buffer_tokens=1)
    assert all(is_ours(name) or name == NAME for name in directory.names())


def sequence(count: int) -> Sequence[tuple[str, str]]:
    return [(f"k{n % 17}", f"a w{n % 5} w{n % 7}") for n in range(count)]


@pytest.mark.parametrize("buffer_tokens", [1, 2, 7, 40, 1000])
@pytest.mark.parametrize("merge_all", [False, True])
def test_segmentation_does_not_show(buffer_tokens: int, merge_all: bool) -> None:
    whole = directory_of(*sequence(60))
    directory = directory_of(*sequence(60), buffer_tokens=buffer_tokens)
    Writer(directory).commit(merge_all=merge_all)
    assert dump(directory) == dump(whole)


def test_keys_and_words_fill_the_buffer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffer, "_MOST_OTHER_BYTES", 100_000)
    monkeypatch.setattr(buffer, "_DOCS_BETWEEN_LOOKS", 100)
    directory = MemoryDirectory()
    with Writer(directory, Schema({})) as writer:
        for n in range(1000):
            writer.add(f"{n:0300}")
    with Snapshot(directory) as snapshot:
        assert [segment.docs for segment in snapshot.segments] == [200] * 5
