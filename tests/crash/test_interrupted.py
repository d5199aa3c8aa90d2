"""A Ctrl-C at any call of a writer, which the application catches, leaves it closed or whole."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType

import pytest

from searchkit.index import Snapshot, Writer
from searchkit.index.buffer import SegmentBuffer
from searchkit.index.check import check
from searchkit.index.manifest import SEGMENT, file_name, is_ours
from searchkit.index.segment import KIND, VERSION
from searchkit.schema import Field, Kind, Schema
from searchkit.storage import MemoryDirectory, SectionWriter
from searchkit.storage.envelope import new_id
from tests.unit.index.test_writer import dump

TEXT = Field(analyzer="english")
SCHEMA = Schema({"a": TEXT, "b": TEXT, "t": Field(), "u": Field()}, {"n": Kind.INT})
OTHER = Schema({"a": TEXT, "t": Field(), "v": Field()}, {"n": Kind.INT, "m": Kind.BYTES})

Act = Callable[[Writer], object]


def interrupted(act: Callable[[], object], at: int) -> bool:
    """Whether ``act`` was interrupted by ``KeyboardInterrupt`` at its event number ``at``: a call
    of a function or a return from one, those of C too."""
    left, is_over = at, False

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal left
        # No signal comes between a lock and its block: the interpreter looks for them elsewhere.
        if getattr(argument, "__name__", "") in ("__enter__", "__exit__"):
            return
        left -= not is_over
        if left == 0 and not is_over:
            raise KeyboardInterrupt

    # What others have the collector call is no place of ours to be interrupted at.
    gc.disable()
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    except KeyboardInterrupt:
        return True
    finally:
        is_over = True
        sys.setprofile(before)
        gc.enable()
    return left <= 0


def step(at: int) -> int:
    """From one place of an interruption to the next: all of the first ones, then ever fewer."""
    return 1 + at // 60


def put(key: str) -> Act:
    """Adds a document that has something of everything."""
    return lambda writer: writer.add(
        key,
        texts={"a": f"common {key}", "b": ["more", f"texts {key}"]},
        terms={"t": [b"x", key.encode()], "u": [(b"y", 3), (key.encode(), 9)]},
        stored={"key": key},
        columns={"n": len(key)},
    )


def less(key: str) -> Act:
    """Adds a document that lacks most fields: they are filled up later."""
    return lambda writer: writer.add(key, texts={"a": "common"}, stored={"key": key})


def made(buffer_tokens: int, *acts: Act) -> MemoryDirectory:
    directory = MemoryDirectory()
    with Writer(directory, SCHEMA, buffer_tokens=buffer_tokens) as writer:
        for act in acts:
            act(writer)
    return directory


ACTS: dict[str, Act] = {
    "add all": put("ghost"),
    "add less": less("ghost"),
    "delete": lambda writer: writer.delete("first"),
    "add fields": lambda writer: writer.set_schema(
        Schema({**SCHEMA.fields, **OTHER.fields}, {**SCHEMA.columns, **OTHER.columns})
    ),
    "change fields": lambda writer: writer.set_schema(OTHER),
}


@pytest.mark.parametrize("buffer_tokens", [1, 1000])
@pytest.mark.parametrize("then", [less("then"), put("then")], ids=["less", "all"])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_interrupted_anywhere(act: Act, then: Act, buffer_tokens: int) -> None:
    if act not in (ACTS["add all"], ACTS["add less"], ACTS["delete"]):
        then = less("then")
    before = [put("first"), less("second")]
    allowed = [dump(made(buffer_tokens, *before, *some, then)) for some in ([], [act])]
    at = closed = 0
    while True:
        at += step(at)
        directory = MemoryDirectory()
        writer = Writer(directory, SCHEMA, buffer_tokens=buffer_tokens)
        for one in before:
            one(writer)
        was_interrupted = interrupted(lambda writer=writer: act(writer), at)
        try:
            then(writer)
            writer.commit()
        except ValueError as error:
            assert "cancelled" in str(error)
            closed += 1
            assert not any(map(is_ours, directory.names()))
            Writer(directory, SCHEMA).cancel()  # the lock is free
        else:
            assert list(check(directory)) == []
            assert dump(directory) in allowed
        if not was_interrupted:
            break
    assert at > 10
    assert closed or act is ACTS["delete"]


def test_a_first_document_interrupted_anywhere() -> None:
    at, was_interrupted = 0, True
    while was_interrupted:
        at += step(at)
        directory = made(1000, put("old"))
        writer = Writer(directory)
        was_interrupted = interrupted(lambda writer=writer: put("new")(writer), at)
        if not was_interrupted:
            writer.commit()
            break
        writer.cancel()
        Writer(directory).cancel()
        assert list(check(directory)) == []
        with Snapshot(directory) as snapshot:
            assert [snapshot.key(docnum) for docnum in snapshot.live()] == ["old"]


def test_a_commit_interrupted_anywhere() -> None:
    allowed = [dump(made(1000, put("old"), *some)) for some in ([], [put("new")])]
    at, was_interrupted = 0, True
    while was_interrupted:
        at += step(at)
        directory = made(1000, put("old"))
        writer = Writer(directory)
        put("new")(writer)
        was_interrupted = interrupted(writer.commit, at)
        writer.cancel()
        Writer(directory).cancel()
        assert list(check(directory)) == []
        assert dump(directory) in allowed
    assert dump(directory) == allowed[1]


@pytest.mark.parametrize(
    "part",
    [
        lambda buffer: buffer._fields["a"].add_texts("ghost", buffer.docs),
        lambda buffer: buffer._fields["b"].add_texts(["ghost", "x"], buffer.docs),
        lambda buffer: buffer._fields["t"].add_terms([b"ghost"], buffer.docs),
        lambda buffer: buffer._fields["t"].tokens.append(0),
        lambda buffer: buffer._fields["u"]._with_positions().append(0),
        lambda buffer: buffer._columns["n"].append(1),
        lambda buffer: buffer.keys.add("ghost"),
    ],
)
def test_a_part_of_a_document_is_never_written(part: Callable[[SegmentBuffer], object]) -> None:
    directory = MemoryDirectory()
    id = new_id()
    with directory.create(file_name(id, SEGMENT)) as output:
        buffer = SegmentBuffer(SCHEMA, SectionWriter(output, KIND, VERSION, id))
        for key in ("1", "2"):
            record = buffer.checked(key, {"a": "red"}, {}, {}, {})
            buffer.take(key, record, {"a": "red"}, {}, {})
        part(buffer)
        with pytest.raises(AssertionError, match="of no document"):
            buffer.write()
