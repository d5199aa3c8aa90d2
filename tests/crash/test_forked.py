"""A forked child can do nothing with its parent's writer, and nothing to what that has written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from searchkit.index import Snapshot, Writer
from searchkit.index.check import check
from searchkit.schema import Field, Schema
from searchkit.storage import DiskDirectory

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="has no fork")


def refused(act: Callable[[Writer], object]) -> Callable[[Writer], None]:
    def attempt(writer: Writer) -> None:
        with pytest.raises(ValueError, match="process that forked"):
            act(writer)

    return attempt


def add(writer: Writer, key: str) -> None:
    writer.add(key, terms={"a": [(b"x", 7)]}, stored={"text": key * 1000})


def in_child(act: Callable[[], object]) -> None:
    pid = os.fork()
    if pid == 0:
        failed = 1
        try:
            act()
            failed = 0
        finally:
            os._exit(failed)
    assert os.waitpid(pid, 0)[1] == 0


ACTS: dict[str, Callable[[Writer], None]] = {
    "add": refused(lambda writer: add(writer, "child")),
    "delete": refused(lambda writer: writer.delete("0")),
    "set_schema": refused(lambda writer: writer.set_schema(writer.schema)),
    "commit": refused(lambda writer: writer.commit()),
    "cancel": lambda writer: writer.cancel(),
    "lose": lambda writer: writer.__dict__.clear(),
}


@pytest.mark.parametrize("buffer_tokens", [1, 1000])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_child(tmp_path: Path, act: Callable[[Writer], None], buffer_tokens: int) -> None:
    directory = DiskDirectory(tmp_path)
    with Writer(directory, Schema({"a": Field()})) as writer:
        add(writer, "0")
    writer = Writer(directory, buffer_tokens=buffer_tokens)
    for number in range(1, 100):
        add(writer, str(number))
    before = directory.names()

    def child() -> None:
        act(writer)
        if writer.__dict__:
            writer.cancel()
        assert directory.names() == before

    in_child(child)
    add(writer, "100")
    writer.commit()
    assert list(check(directory)) == []
    with Snapshot(directory) as snapshot:
        assert [snapshot.key(docnum) for docnum in snapshot.live()] == list(map(str, range(101)))
