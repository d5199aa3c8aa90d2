"""Kernels that are given wrong numbers say so, and read nothing outside of what they are given."""

from __future__ import annotations

from array import array

import pytest

from searchkit.errors import IndexCorruptError
from searchkit.index import Snapshot, Writer
from searchkit.index.segment import FieldReader
from searchkit.kernels import search as kernel
from searchkit.schema import Field, Schema
from searchkit.search import search
from searchkit.search.bm25 import BM25
from searchkit.search.candidates import FieldWord
from searchkit.search.nearness import nearness
from searchkit.search.room import scratch
from searchkit.storage import MemoryDirectory
from searchkit.tree import Phrase


def directory() -> MemoryDirectory:
    made = MemoryDirectory()
    with Writer(made, Schema({"text": Field()})) as writer:
        for number in range(300):
            text = [b"red", b"blue"] * (1 + number % 3) + [b"x"] * (number % 7)
            writer.add(str(number), terms={"text": text})
        writer.commit()
    return made


@pytest.mark.parametrize("start", [-1, -(1 << 40), -(1 << 62), 1 << 40, 1 << 62, (1 << 63) - 1])
def test_positions_outside_of_the_section(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = FieldReader.list_of

    def wrong(self: FieldReader, term: bytes, *, positions: bool) -> tuple[int, ...] | None:
        where = honest(self, term, positions=positions)
        if where is None or not positions:
            return where
        end = max(start, where[4]) if start > 0 else where[4]
        return (*where[:3], start, end)

    with Snapshot(directory()) as snapshot:
        monkeypatch.setattr(FieldReader, "list_of", wrong)
        words = [FieldWord(((term, 1.0),), 1.0) for term in (b"red", b"blue")]
        with pytest.raises(IndexCorruptError):
            nearness(snapshot, "text", words, array("q", range(300)), BM25())
        with pytest.raises(IndexCorruptError):
            search(snapshot, Phrase("text", ("red", "blue")))


@pytest.mark.parametrize("wrong", [(1, 0), (-1, 0), (1 << 40, 0), (0, 1), (0, -1), (0, 1 << 40)])
def test_groups_and_fields_that_there_are_not(wrong: tuple[int, int]) -> None:
    with Snapshot(directory()) as snapshot:
        ((segment, reader),) = snapshot.field("text").parts
        where = reader.list_of(b"red", positions=False)
        assert where is not None
        lists = array("q", [*wrong, *where[:3]])
        scores, docs = array("d", bytes(80)), array("q", bytes(80))
        with pytest.raises(ValueError):
            kernel.groups_of(
                [reader.postings],
                [reader.length_bytes],
                array("q", [reader.length_width]),
                [array("d", bytes(8 * (5 + 8 * 1024)))],
                lists,
                array("d", [1.0]),
                1.2,
                False,
                segment.docs,
                b"",
                0,
                10,
                scores,
                docs,
                0,
                scratch.cursors,
                scratch.window(2048),
            )
        if wrong[1]:
            with pytest.raises(ValueError):
                kernel.count_groups(
                    [reader.postings],
                    lists,
                    False,
                    segment.docs,
                    b"",
                    bytearray(kernel.CURSOR_BYTES),
                    array("Q", bytes(8 * 8)),
                )
        with pytest.raises(ValueError):
            kernel.count_groups(
                [reader.postings],
                array("q", [0, 0, *where[:3]]),
                False,
                segment.docs,
                b"",
                bytearray(8),
                array("Q", bytes(8 * 8)),
            )
