"""What the format cannot hold is refused, and the index goes on."""

from __future__ import annotations

from array import array
from types import SimpleNamespace

import pytest

from searchkit.codec import LimitError
from searchkit.codec import postings as postings_codec
from searchkit.errors import StorageError
from searchkit.index import Snapshot, Writer
from searchkit.index import merge as merging
from searchkit.schema import Field, Schema
from searchkit.storage import MemoryDirectory


def add(writer: Writer, key: str, text: str) -> None:
    writer.add(key, terms={"t": text.encode().split()})


def directory_of(*documents: tuple[str, str], buffer_tokens: int = 1000) -> MemoryDirectory:
    directory = MemoryDirectory()
    with Writer(directory, Schema({"t": Field()}), buffer_tokens=buffer_tokens) as writer:
        for key, text in documents:
            add(writer, key, text)
    return directory


def keys(directory: MemoryDirectory) -> list[str]:
    with Snapshot(directory) as snapshot:
        return [snapshot.key(docnum) for docnum in snapshot.live()]


def test_a_list_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The offsets within a list wrapped silently above 4 GiB."""
    directory = directory_of(("0", "a"))
    monkeypatch.setattr(postings_codec, "_MOST_LIST_BYTES", 300)
    writer = Writer(directory)
    for key in range(1000):
        add(writer, str(key), "a b a")
    with pytest.raises(StorageError, match=r"list of one term takes [\d,]+ bytes, and 300 is"):
        writer.commit()
    assert keys(directory) == ["0"]


def test_a_term_too_frequent_to_be_merged_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = directory_of(("0", "a b a"), ("1", "a"), ("2", "b"), buffer_tokens=1)
    monkeypatch.setattr(merging, "_POSTINGS_AT_ONCE", 1)
    monkeypatch.setattr(merging, "_MOST_POSITIONS", 2)
    with pytest.raises(StorageError, match=r"occurs 3 times in .* merged, and 2 times is the most"):
        Writer(directory).commit(merge_all=True)
    assert keys(directory) == ["0", "1", "2"]
    add_one = Writer(directory)
    add(add_one, "3", "c")
    add_one.commit(merge=False)
    assert keys(directory) == ["0", "1", "2", "3"]


def test_segments_that_cannot_be_merged_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    count = merging.TIER + 1
    monkeypatch.setattr(merging, "_POSTINGS_AT_ONCE", 1)
    monkeypatch.setattr(merging, "_MOST_POSITIONS", 2)
    directory = directory_of(*[(str(n), "a") for n in range(count)], buffer_tokens=1)
    before = set(directory.names())
    with Writer(directory) as writer:
        add(writer, "more", "a")
    assert keys(directory) == [*map(str, range(count)), "more"]
    with Snapshot(directory) as snapshot:
        assert len(snapshot.segments) == count + 1
    assert len(directory.names()) == len(before) + 1, "what was begun is removed"


def test_one_term_of_four_billion_positions() -> None:
    counts = SimpleNamespace(df=array("I", [1, 1]), cf=array("Q", [1 << 32, 1]))
    places = array("I", [0, 1])
    with pytest.raises(LimitError, match="4,294,967,296 times"):
        list(merging._portions(Field(), 2, [counts], [places]))  # type: ignore[list-item]
    counts.cf[0] -= 1
    portions = list(merging._portions(Field(), 2, [counts], [places]))  # type: ignore[list-item]
    assert [(low, high) for low, high, _, _ in portions] == [(0, 1), (1, 2)]
