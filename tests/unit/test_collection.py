"""The door, from Python."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import searchkit
from searchkit import citations
from searchkit import collection as door
from searchkit.document import text_hash
from searchkit.errors import (
    IndexLockedError,
    IndexNotFoundError,
    QuerySyntaxError,
    UnknownFieldError,
)
from searchkit.index import Snapshot, Writer
from searchkit.passage_index import passage_writer, text_of
from searchkit.readers import Source


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "otter.md").write_text(
        "# Otters\n\n" + "An otter swims in the river. " * 8 + "\n\n"
        "## Food\n\n" + "Fish, mostly. " + "It eats what it catches there. " * 8 + "\n"
    )
    (tmp_path / "dams.txt").write_text("A beaver builds dams.\n\nIt is no otter.\n")
    return tmp_path


def age(path: Path) -> None:
    """Make a file old enough for its time to be trusted."""
    past = time.time() - 60
    os.utime(path, (past, past))


def test_sync_search_get_text(notes: Path) -> None:
    with searchkit.open(notes) as collection:
        report = collection.sync([notes])
        assert (report.added, report.documents, report.failures) == (2, 2, [])
        answer = collection.search("otter")
        assert answer.total == len(answer.hits) == report.passages
        assert [hit.rank for hit in answer.hits] == [1, 2, 3]
        assert answer.hits[0].score >= answer.hits[1].score > 0
        for hit in answer.hits:
            passage = hit.passage
            assert collection.get(passage.key, passage.ordinal) == passage
            assert collection.text(passage.key)[passage.start : passage.end] == passage.text
        assert collection.text("dams.txt") == (notes / "dams.txt").read_text()
        assert collection.text("otter.md") == (notes / "otter.md").read_text()


def test_hits_say_what_matched_and_where(notes: Path) -> None:
    with searchkit.open(notes) as collection:
        collection.sync([notes])
        (hit,) = collection.search("fishes mostly").hits
    assert hit.passage.headings == ("Food",)
    assert hit.passage.line == 7
    assert hit.passage.modified == pytest.approx((notes / "otter.md").stat().st_mtime)
    assert [hit.passage.text[start:end] for start, end in hit.highlights] == ["Fish", "mostly"]
    (food,) = [hit for hit in collection.search("food").hits if hit.heading_highlights[-1:]]
    assert food.heading_highlights == (((0, 4),),)


@pytest.mark.parametrize("heading", ["## {}", "## {} ##", "{}\n-------"])
def test_a_fragment_begins_below_its_heading_and_keeps_its_own_words(
    tmp_path: Path, heading: str
) -> None:
    texts = {
        "Python": "Python is a language of wide use.",
        "Install": "Install the thing with pip. Then go on quietly.",
        "Removal": "Remove it with apt.",
    }
    parts = [f"{heading.format(name)}\n\n{text}" for name, text in texts.items()]
    (tmp_path / "guide.md").write_text("# Guide\n\n" + "\n\n".join(parts) + "\n")
    with searchkit.open(tmp_path) as collection:
        collection.sync(tmp_path)
        for word, name in (("thing", "Install"), ("language", "Python"), ("apt", "Removal")):
            (hit,) = collection.search(word).hits
            assert hit.fragment.start > 0 and [one.text for one in hit.headings] == [name]
            shown = hit.passage.text[hit.fragment.start : hit.fragment.end]
            assert shown == texts[name]


def test_explanations_come_to_the_scores(notes: Path) -> None:
    with searchkit.open(notes) as collection:
        collection.sync([notes])
        for query in ("otter", '"it eats" fish', "headings:food AND catches", "otter NOT dams"):
            hits = {
                (hit.passage.key, hit.passage.ordinal): hit.score
                for hit in collection.search(query).hits
            }
            assert hits
            for place in (("otter.md", 0), ("otter.md", 1), ("dams.txt", 0)):
                found = collection.explain(query, *place)
                assert isinstance(found, searchkit.Explanation)
                assert found.matched == (place in hits)
                assert found.value == hits.get(place, 0)
        with pytest.raises(UnknownFieldError):
            collection.explain("nosuch:me", "dams.txt", 0, strict=True)
        for place in (("dams.txt", 1), ("dams.txt", -1), ("absent.txt", 0)):
            with pytest.raises(KeyError):
                collection.explain("otter", *place)


def test_what_is_missing(notes: Path) -> None:
    with searchkit.open(notes) as collection:
        with pytest.raises(IndexNotFoundError, match="searchkit index"):
            collection.search("otter")
        assert not (notes / ".searchkit").exists()
        collection.sync([notes])
        for key, ordinal in (("nosuch.txt", 0), ("otter.md", 99), ("otter.md", -1)):
            with pytest.raises(KeyError):
                collection.get(key, ordinal)
        with pytest.raises(KeyError):
            collection.text("nosuch.txt")
        for limit, offset in ((-1, 0), (0, -1)):
            with pytest.raises(ValueError, match="negative"):
                collection.search("otter", limit=limit, offset=offset)


def test_strict_refuses_what_is_not_understood(notes: Path) -> None:
    with searchkit.open(notes) as collection:
        collection.sync([notes])
        assert collection.search("nosuch:otter").hits
        with pytest.raises(UnknownFieldError):
            collection.search("nosuch:otter", strict=True)
        with pytest.raises(QuerySyntaxError):
            collection.search("otter AND (", strict=True)


def test_open_and_find(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IndexNotFoundError):
        searchkit.find(notes)
    searchkit.open(notes).sync([notes])
    (notes / "deep" / "er").mkdir(parents=True)
    for collection in (
        searchkit.open(notes),
        searchkit.open(str(notes / ".searchkit")),
        searchkit.find(notes / "deep" / "er"),
        searchkit.Collection(notes / ".searchkit"),
    ):
        with collection:
            assert collection.index == (notes / ".searchkit").resolve()
            assert collection.search("beaver").total == 1
    monkeypatch.chdir(notes)
    assert searchkit.open().search("beaver").total == 1
    assert searchkit.find().search("beaver").total == 1


def test_readers_see_what_was_until_they_refresh(notes: Path) -> None:
    with searchkit.open(notes) as reader, searchkit.open(notes) as writer:
        writer.sync([notes])
        assert reader.search("beaver").total == 1
        assert not reader.refresh()
        (notes / "dams.txt").unlink()
        writer.sync([notes])
        assert writer.search("beaver").total == 0
        assert reader.search("beaver").total == 1
        assert reader.get("dams.txt", 0).text.startswith("A beaver")
        assert reader.refresh()
        assert reader.search("beaver").total == 0


def test_an_unchanged_file_is_not_opened(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in notes.iterdir():
        age(file)
    with searchkit.open(notes) as collection:
        collection.sync([notes])
        opened: list[str] = []
        open_file = os.open

        def spy(path: object, *rest: int) -> int:
            opened.append(str(path))
            return open_file(path, *rest)  # type: ignore[call-overload, no-any-return]

        monkeypatch.setattr(os, "open", spy)
        report = collection.sync([notes])
        assert (report.unchanged, report.added) == (2, 0)
        assert opened
        assert not [path for path in opened if path.endswith((".md", ".txt"))]


def test_a_change_within_the_clock_of_the_file_system_is_seen(notes: Path) -> None:
    file = notes / "dams.txt"
    with searchkit.open(notes) as collection:
        collection.sync([notes])
        status = file.stat()
        file.write_text(file.read_text().replace("beaver", "badger"))
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert file.stat().st_size == status.st_size
        assert collection.sync([notes]).changed == 1
        assert collection.search("badger").total == 1
        assert collection.search("beaver").total == 0


def test_a_locked_index_is_said_to_be(notes: Path) -> None:
    with searchkit.open(notes) as collection:
        collection.sync([notes])
        with passage_writer(notes / ".searchkit"), pytest.raises(IndexLockedError, match="wait"):
            collection.sync([notes])
        collection.sync([notes])


def test_a_failing_sync_changes_nothing(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with searchkit.open(notes) as collection:
        collection.sync([notes])
        (notes / "new.txt").write_text("A newt.")
        (notes / "dams.txt").unlink()

        def fail(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(Writer, "add", fail)
            with pytest.raises(KeyboardInterrupt):
                collection.sync([notes])
        collection.refresh()
        assert collection.search("beaver").total == 1
        assert collection.search("newt").total == 0
        report = collection.sync([notes])
        assert (report.added, report.removed) == (1, 1)


def test_a_fault_in_a_reader_costs_one_document(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from searchkit.reading import files

    read = files.read

    def faulty(source: Source) -> Iterator[searchkit.Document]:
        if source.key == "otter.md":
            raise RecursionError("too deep")
        return read(source)

    monkeypatch.setattr(files, "read", faulty)
    with searchkit.open(notes) as collection:
        report = collection.sync([notes])
        assert report.added == 1
        ((path, reason),) = report.failures
        assert path == str(notes / "otter.md")
        assert "RecursionError: too deep" in reason


def test_ranks_go_on_after_an_offset(notes: Path) -> None:
    with searchkit.open(notes) as collection:
        collection.sync(notes)
        assert [hit.rank for hit in collection.search("otter", offset=1).hits] == [2, 3]


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "s").mkdir(parents=True)
    (folder / "a.txt").write_text("An otter.")
    (folder / "s" / "b.txt").write_text("Another otter.")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "b.txt").write_text("A zebra, not yours.")
    with searchkit.open(folder) as collection:
        collection.sync(folder)
        (folder / "a.txt").unlink()
        (folder / "a.txt").symlink_to(tmp_path / "outside" / "b.txt")
        (folder / "s" / "b.txt").unlink()
        (folder / "s").rmdir()
        (folder / "s").symlink_to(tmp_path / "outside")
        assert collection.sync(folder).removed == 2
        assert collection.search("zebra").total == 0


def test_a_folder_in_the_place_of_a_file_removes_the_document(notes: Path) -> None:
    with searchkit.open(notes) as collection:
        collection.sync(notes)
        (notes / "dams.txt").unlink()
        (notes / "dams.txt").mkdir()
        report = collection.sync(notes)
        assert (report.removed, report.failures) == (1, [])


def test_a_hidden_file_that_was_named_stays_and_is_kept_in_step(notes: Path) -> None:
    (notes / ".hidden.txt").write_text("A shy otter.")
    with searchkit.open(notes) as collection:
        collection.sync([notes / ".hidden.txt", notes])
        (notes / ".hidden.txt").write_text("A bold otter.")
        assert collection.sync(notes).changed == 1
        assert collection.search("bold").total == 1
        (notes / ".hidden.txt").unlink()
        assert collection.sync(notes).removed == 1


def test_what_lies_below_a_folder_that_cannot_be_listed_stays(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "deep").mkdir()
    (notes / "deep" / "newt.txt").write_text("A newt.")
    scandir = os.scandir

    def blind(folder: str | Path) -> object:
        if str(folder).rstrip("/").endswith("deep"):
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    with searchkit.open(notes) as collection:
        collection.sync(notes)
        (notes / "deep" / "newt.txt").unlink()
        with monkeypatch.context() as patched:
            patched.setattr(os, "scandir", blind)
            report = collection.sync(notes)
        assert (report.removed, len(report.failures)) == (0, 1)
        assert collection.search("newt").total == 1


def test_a_loop_of_links_is_passed_over(notes: Path) -> None:
    (notes / "loop.txt").symlink_to(notes / "loop.txt")
    (notes / "loop").symlink_to(notes / "loop")
    with searchkit.open(notes) as collection:
        assert collection.sync(notes).added == 2


def test_a_file_written_just_now_is_trusted_later(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with searchkit.open(notes) as collection:
        collection.sync(notes)
        now = time.time_ns()
        monkeypatch.setattr(time, "time_ns", lambda: now + 3_000_000_000)
        assert collection.sync(notes).unchanged == 2
        open_file = os.open

        def refuse(path: object, *rest: int) -> int:
            assert not str(path).endswith((".md", ".txt")), path
            return open_file(path, *rest)  # type: ignore[call-overload, no-any-return]

        monkeypatch.setattr(os, "open", refuse)
        assert collection.sync(notes).unchanged == 2


def test_an_index_made_anew_is_seen(notes: Path) -> None:
    with searchkit.open(notes) as reader:
        searchkit.open(notes).sync(notes)
        assert reader.search("beaver").total == 1
        shutil.rmtree(notes / ".searchkit")
        (notes / "dams.txt").unlink()
        searchkit.open(notes).sync(notes)
        assert reader.refresh()
        assert reader.search("beaver").total == 0


def test_what_is_replaced_does_not_pile_up(notes: Path) -> None:
    def size() -> int:
        return sum(file.stat().st_size for file in (notes / ".searchkit").iterdir())

    with searchkit.open(notes) as collection:
        collection.sync(notes)
        once = size()
        for number in range(10):
            for file in (notes / "otter.md", notes / "dams.txt"):
                file.write_text(file.read_text() + f"\n\nMore {number}.")
            collection.sync(notes)
            collection.sync(notes)
        assert size() < 3 * once


def test_special_files_are_not_waited_for(notes: Path) -> None:
    os.mkfifo(notes / "pipe.txt")
    with searchkit.open(notes) as collection:
        report = collection.sync([notes])
    assert report.failures == [(str(notes / "pipe.txt"), "it is not a regular file")]


def test_an_empty_document_is_known_by_its_title(notes: Path) -> None:
    (notes / "empty.txt").write_text("")
    with searchkit.open(notes) as collection:
        report = collection.sync([notes])
        assert report.documents == 3
        assert collection.text("empty.txt") == ""
        assert collection.sync([notes]).unchanged == 3


def test_totals_of_the_report_are_those_of_the_index(notes: Path) -> None:
    with searchkit.open(notes) as collection:
        collection.sync([notes])
        (notes / "otter.md").write_text("# Otters\n\nGone fishing.\n")
        (notes / "third.txt").write_text("Third.\n")
        report = collection.sync([notes])
        assert report.documents == 3
        assert report.passages == collection.search("NOT zzz").total
        (notes / "third.txt").unlink()
        report = collection.sync([notes])
        assert report.passages == collection.search("NOT zzz").total


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    texts=st.dictionaries(
        st.sampled_from(["a.txt", "b.md", "c.html"]),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=300),
        min_size=1,
    ),
    query=st.text(max_size=40),
)
def test_any_text_and_any_query(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str], query: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    with searchkit.open(folder) as collection:
        report = collection.sync([folder])
        assert report.added + len(report.failures) == len(texts)
        for hit in collection.search(query, limit=100).hits:
            passage = hit.passage
            assert collection.text(passage.key)[passage.start : passage.end] == passage.text
            for start, end in hit.highlights:
                assert 0 <= start < end <= len(passage.text)


def test_the_door_exports_what_it_says() -> None:
    assert all(hasattr(door, name) for name in door.__all__)


def test_citations_of_one_document_put_its_text_together_once(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(snapshot: Snapshot, key: str) -> str | None:
        asked.append(key)
        return text_of(snapshot, key)

    monkeypatch.setattr(citations, "text_of", counted)
    with searchkit.open(notes) as collection:
        collection.sync([notes])
        cited = []
        for key in ("otter.md", "dams.txt", "nosuch.txt", "nosuch.txt", "otter.md"):
            text = collection.text("dams.txt" if key == "nosuch.txt" else key)
            cited += [
                citations.Citation(key, at, at + 5, text_hash(text[at : at + 5])) for at in (0, 3)
            ]
        asked.clear()
        verdicts = [finding.verdict.value for finding in collection.verify(cited)]
        assert verdicts == [*["holds"] * 4, *["no such document"] * 4, *["holds"] * 2]
    assert asked == ["otter.md", "dams.txt", "nosuch.txt", "otter.md"]
