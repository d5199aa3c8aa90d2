"""How the index follows what happens to files."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

import searchkit
from searchkit.document_records import records
from searchkit.errors import UsageError
from searchkit.index import Snapshot
from searchkit.readers import Source
from searchkit.reading import files as reading_files
from searchkit.report import Progress, SyncReport
from searchkit.storage.disk import DiskDirectory
from searchkit.sync import follow as following
from tests.rights import WITHOUT_RIGHTS, can_be_refused

PAST = 1_600_000_000


def write(file: Path, text: str | bytes, age: int = 0) -> Path:
    """A file old enough for its time to be trusted."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    os.utime(file, (PAST + age, PAST + age))
    return file


def sync(folder: Path, *paths: Path, **settings: object) -> SyncReport:
    with searchkit.open(folder) as collection:
        return collection.sync(paths or [folder], **settings)  # type: ignore[arg-type]


def texts(folder: Path) -> dict[str, str]:
    with searchkit.open(folder) as collection:
        return {key: collection.text(key) for key in list(collection.keys())}


def generation(folder: Path) -> int:
    with Snapshot(DiskDirectory(folder / ".searchkit")) as snapshot:
        return snapshot.generation


def test_nothing_to_do_commits_nothing_and_imports_no_writer(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "An otter.")
    sync(tmp_path)
    code = (
        "import sys, searchkit; "
        f"report = searchkit.open({str(tmp_path)!r}).sync({str(tmp_path)!r}); "
        "print(report.unchanged, [name for name in ("
        "'searchkit.index.writer', 'searchkit.sync.follow', 'yaml', 'pathspec', 'bs4', 'subprocess'"
        ") if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 []\n"
    assert generation(tmp_path) == 1


# Renaming


def test_a_renamed_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "old.md", "# Otters\n\nThey swim.\n\n## Food\n\nFish.\n")
    write(tmp_path / "note.txt", "it swims, as an otter does, all day long in the river.\n")
    sync(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "old.md").rename(tmp_path / "sub" / "new.md")
    (tmp_path / "note.txt").rename(tmp_path / "otherwise.txt")

    def refuse(source: Source) -> object:
        raise AssertionError(source.key)

    with monkeypatch.context() as patched:
        patched.setattr(reading_files, "read", refuse)
        report = sync(tmp_path)
    assert (report.renamed, report.removed, report.added, report.failures) == (2, 0, 0, [])
    once = contents(tmp_path)
    assert {key for key, *_ in once} == {"otherwise.txt", "sub/new.md"}
    # Just as if it had been read.
    subprocess.run(["rm", "-r", str(tmp_path / ".searchkit")], check=True)
    sync(tmp_path)
    assert contents(tmp_path) == once


def contents(folder: Path) -> list[tuple[object, ...]]:
    """All that a user can see of an index, and the records but for the time of reading."""
    with searchkit.open(folder) as collection:
        seen: list[tuple[object, ...]] = []
        for key in sorted(collection.keys()):
            about = collection.document(key)
            passages = [collection.get(key, n) for n in range(about.passages)]
            seen.append((key, collection.text(key), about, tuple(passages)))
    with Snapshot(DiskDirectory(folder / ".searchkit")) as snapshot:
        states = sorted(
            (one.key, one.file_key, one.size_bytes, one.modified_ns, one.digest, one.passages)
            for one in records(snapshot)
        )
    return [*seen, *states]


def test_renamed_rows_and_mail_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"id": f"r{n}", "title": f"Seal {n}", "text": f"It swims {n}."} for n in range(4)]
    write(tmp_path / "rows.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    mail = "".join(
        f"From a@b Mon Jan  1 00:00:00 2024\nSubject: Newt {n}\nMessage-ID: <{n}@b>\n\nIt sits.\n\n"
        for n in range(3)
    )
    write(tmp_path / "box.mbox", mail)
    archive(tmp_path / "all.tar", {"x.txt": "An otter.", "sub/y.txt": "A beaver."})
    sync(tmp_path)
    before = texts(tmp_path)
    assert len(before) == 9
    (tmp_path / "moved").mkdir()
    for name in ("rows.jsonl", "box.mbox", "all.tar"):
        (tmp_path / name).rename(tmp_path / "moved" / f"new-{name}")

    def refuse(source: Source) -> object:
        raise AssertionError(source.key)

    with monkeypatch.context() as patched:
        patched.setattr(reading_files, "read", refuse)
        report = sync(tmp_path, jobs=0)
    assert (report.renamed, report.added, report.removed, report.failures) == (9, 0, 0, [])
    assert texts(tmp_path) == {f"moved/new-{key}": text for key, text in before.items()}
    once = contents(tmp_path)
    subprocess.run(["rm", "-r", str(tmp_path / ".searchkit")], check=True)
    sync(tmp_path)
    assert contents(tmp_path) == once


def test_of_many_files_of_one_size_each_is_looked_into_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1000, 1500):
        write(tmp_path / "old" / f"n{number}.txt", f"Otter number {number} in the river.")
    sync(tmp_path)
    (tmp_path / "old").rename(tmp_path / "new")
    looks = []
    original = following._Follower._can_be_renamed

    def counted(self: following._Follower, key: str) -> bool:
        looks.append(key)
        return original(self, key)

    monkeypatch.setattr(following._Follower, "_can_be_renamed", counted)
    assert sync(tmp_path).renamed == 500
    assert len(looks) == 500


def test_of_two_that_were_the_same_one_may_be_renamed(tmp_path: Path) -> None:
    text = "it is about the first of all things, in the river.\n"
    # The title of the one may be its name or its words, that of the other is its name.
    write(tmp_path / "first.md", "# first\n\n" + text)
    write(tmp_path / "second.md", "# first\n\n" + text)
    sync(tmp_path)
    (tmp_path / "first.md").unlink()
    (tmp_path / "second.md").rename(tmp_path / "third.md")
    sync(tmp_path)
    once = contents(tmp_path)
    subprocess.run(["rm", "-r", str(tmp_path / ".searchkit")], check=True)
    sync(tmp_path)
    assert contents(tmp_path) == once


def test_files_that_were_the_same_are_renamed_each(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write(tmp_path / f"{name}.txt", "An otter.")
    sync(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "d.txt")
    (tmp_path / "b.txt").rename(tmp_path / "e.txt")
    report = sync(tmp_path)
    assert (report.renamed, report.removed, report.added, report.documents) == (2, 0, 0, 3)
    (tmp_path / "c.txt").unlink()
    (tmp_path / "d.txt").unlink()
    for name in ("f", "g", "h"):
        write(tmp_path / f"{name}.txt", "An otter.")
    report = sync(tmp_path)
    assert (report.renamed, report.removed, report.added, report.documents) == (3, 0, 0, 4)
    assert set(texts(tmp_path)) == {"e.txt", "f.txt", "g.txt", "h.txt"}


def test_what_lies_in_a_file_has_the_state_of_that_file(tmp_path: Path) -> None:
    archive(tmp_path / "a.tar", {"x.txt": "An otter."})
    # Something stands where the key of a member would lead, if it were a path.
    write(tmp_path / "rows.jsonl", '{"id": "r1", "text": "An otter."}\n')
    write(tmp_path / "out" / "of.txt", "An otter.")
    listed = write(tmp_path / ".listed.txt", "An otter.")
    sync(tmp_path, tmp_path, listed, given={"stdin.txt": b"An otter."})

    def states() -> dict[str, str]:
        with searchkit.open(tmp_path) as collection:
            hits = collection.search("otter", fold=False).hits
            assert all(collection.state(hit.passage.key) is hit.state for hit in hits)
            return {hit.passage.key: hit.state.value for hit in hits}

    every = ["a.tar/x.txt", "rows.jsonl/r1", "out/of.txt", ".listed.txt", "stdin.txt"]
    assert states() == dict.fromkeys(every, "fresh")
    write(tmp_path / "stdin.txt", "This is another.")
    archive(tmp_path / "a.tar", {"x.txt": "A beaver, with more words."}, age=5)
    write(tmp_path / "rows.jsonl", "{}", age=5)
    listed.unlink()
    (tmp_path / "out" / "of.txt").unlink()
    (tmp_path / "out").rmdir()
    write(tmp_path / "out", "A file now.")
    assert states() == {
        "a.tar/x.txt": "changed",
        "rows.jsonl/r1": "changed",
        "out/of.txt": "gone",
        ".listed.txt": "gone",
        "stdin.txt": "fresh",
    }
    (tmp_path / "a.tar").unlink()
    assert states()["a.tar/x.txt"] == "gone"


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes there")
def test_names_that_are_no_utf8_are_named_and_cost_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "good.txt", "An otter.")
    root = os.fsencode(tmp_path)
    os.mkdir(root + b"/fold\xff")
    for name in (b"/bad\xe9.txt", b"/fold\xff/inner.txt"):
        Path(os.fsdecode(root + name)).write_text("A beaver.")
    for _ in range(2):
        report = sync(tmp_path)
        assert [reason for _, reason in report.failures] == [
            "its name is not valid UTF-8; rename it"
        ] * 2
        assert set(texts(tmp_path)) == {"good.txt"}
    os.rename(root + b"/bad\xe9.txt", root + b"/mended.txt")
    assert sync(tmp_path).added == 1
    assert len(skipped(tmp_path)) == 1


def test_a_title_that_may_be_the_old_name_is_read_again(tmp_path: Path) -> None:
    write(tmp_path / "otter.md", "# otter\n\nIt swims.\n")
    sync(tmp_path)
    (tmp_path / "otter.md").rename(tmp_path / "seal.md")
    sync(tmp_path)
    with searchkit.open(tmp_path) as collection:
        assert collection.document("seal.md").title == "otter"


def test_a_copy_of_what_has_gone_is_put_twice(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "it is an otter, and it swims in the river all day long.\n")
    sync(tmp_path)
    (tmp_path / "b.txt").write_bytes((tmp_path / "a.txt").read_bytes())
    (tmp_path / "a.txt").rename(tmp_path / "c.txt")
    sync(tmp_path)
    assert set(texts(tmp_path)) == {"b.txt", "c.txt"}


# Changes while it looks


def test_a_file_that_grows_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "log.txt", "First line.\n")
    read = reading_files._read

    def growing(number: int, expected: int, most: int) -> bytes:
        with file.open("a") as more:
            more.write("Second line.\n")
        return read(number, expected, most)

    with monkeypatch.context() as patched:
        patched.setattr(reading_files, "_read", growing)
        sync(tmp_path)
    assert sync(tmp_path).documents == 1
    assert texts(tmp_path) == {"log.txt": "First line.\nSecond line.\n"}


def test_a_file_that_goes_between_the_walk_and_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.txt", "An otter.")
    file = write(tmp_path / "b.txt", "A beaver.")
    original = following._Follower.run

    def gone(self: following._Follower) -> None:
        file.unlink()
        original(self)

    with monkeypatch.context() as patched:
        patched.setattr(following._Follower, "run", gone)
        report = sync(tmp_path)
    assert [Path(path).name for path, _ in report.failures] == ["b.txt"]
    assert sync(tmp_path).failures == []
    assert set(texts(tmp_path)) == {"a.txt"}


def test_a_file_that_is_replaced_while_it_is_read_is_one_of_the_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "a.txt", "it is an old otter, whole and by itself.\n" * 50)
    new = "it is a new beaver, whole and by itself.\n" * 60
    read = reading_files._read

    def replacing(number: int, expected: int, most: int) -> bytes:
        half = os.read(number, expected // 2)
        aside = write(tmp_path / ".aside", new)
        aside.replace(file)
        return half + read(number, expected - len(half), most)

    with monkeypatch.context() as patched:
        patched.setattr(reading_files, "_read", replacing)
        sync(tmp_path)
    assert (
        "beaver" not in texts(tmp_path)["a.txt"] and texts(tmp_path)["a.txt"].count("otter") == 50
    )
    # Its time is that of the old one, so the new one is seen.
    assert sync(tmp_path).changed == 1
    assert texts(tmp_path) == {"a.txt": new}


def test_a_file_that_shrinks_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "a.txt", "An otter.\n" * 1000)
    read = reading_files._read

    def shrinking(number: int, expected: int, most: int) -> bytes:
        os.truncate(file, 20)
        return read(number, expected, most)

    with monkeypatch.context() as patched:
        patched.setattr(reading_files, "_read", shrinking)
        sync(tmp_path)
    sync(tmp_path)
    assert texts(tmp_path) == {"a.txt": "An otter.\nAn otter.\n"}


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are not refused there")
def test_a_link_that_takes_a_files_place_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = write(tmp_path / "secret.txt", "A zebra.")
    folder = tmp_path / "folder"
    file = write(folder / "a.txt", "An otter.")
    original = following._Follower.run

    def swapped(self: following._Follower) -> None:
        file.unlink()
        file.symlink_to(secret)
        original(self)

    monkeypatch.setattr(following._Follower, "run", swapped)
    assert len(sync(folder).failures) == 1
    assert texts(folder) == {}


def test_a_folder_takes_the_place_of_an_archive(tmp_path: Path) -> None:
    archive(tmp_path / "a.tar", {"x.txt": "An otter."})
    sync(tmp_path)
    assert set(texts(tmp_path)) == {"a.tar/x.txt"}
    (tmp_path / "a.tar").unlink()
    write(tmp_path / "a.tar" / "x.txt", "A beaver.")
    sync(tmp_path)
    assert texts(tmp_path) == {"a.tar/x.txt": "A beaver."}


def archive(file: Path, members: dict[str, str], age: int = 0) -> None:
    with tarfile.open(file, "w") as packed:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            packed.addfile(info, io.BytesIO(text.encode()))
    os.utime(file, (PAST + age, PAST + age))


def test_documents_in_one_file_follow_it(tmp_path: Path) -> None:
    archive(tmp_path / "a.tar", {"x.txt": "An otter.", "y.txt": "A beaver.", "z.txt": "A newt."})
    assert sync(tmp_path).added == 3
    report = sync(tmp_path)
    assert (report.unchanged, report.documents) == (3, 3)
    archive(tmp_path / "a.tar", {"x.txt": "An otter!", "w.txt": "A whale."}, age=5)
    report = sync(tmp_path)
    assert (report.changed, report.added, report.removed, report.documents) == (1, 1, 2, 2)
    (tmp_path / "a.tar").rename(tmp_path / "b.tar")
    assert sync(tmp_path).renamed == 2
    assert set(texts(tmp_path)) == {"b.tar/x.txt", "b.tar/w.txt"}
    (tmp_path / "b.tar").unlink()
    assert sync(tmp_path).removed == 2
    assert texts(tmp_path) == {}


# What is left out


def test_what_is_ignored_or_excluded_now_leaves(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "drafts/c.txt", "named.txt"):
        write(tmp_path / name, f"An otter in {name}.")
    sync(tmp_path, tmp_path / "named.txt", tmp_path)
    (tmp_path / ".gitignore").write_text("/b.txt\n/named.txt\n")
    assert sync(tmp_path).removed == 1
    assert set(texts(tmp_path)) == {"a.txt", "drafts/c.txt", "named.txt"}
    assert sync(tmp_path, exclude=["drafts/", "named.txt"]).removed == 2
    assert set(texts(tmp_path)) == {"a.txt"}
    assert sync(tmp_path).added == 1


@pytest.mark.parametrize(
    "settings",
    [{"file_bytes": "x"}, {"file_bytes": -1}, {"jobs": -1}, {"exclude": "*.txt"}, {"jobs": "a"},
     {"file_seconds": "9"}, {"include": "x"}],
)  # fmt: skip
def test_settings_that_cannot_be_change_nothing(
    tmp_path: Path, settings: dict[str, object]
) -> None:
    write(tmp_path / "a.txt", "An otter.")
    sync(tmp_path)
    with pytest.raises(UsageError, match=next(iter(settings))):
        sync(tmp_path, **settings)
    assert sync(tmp_path).unchanged == 1


def test_a_note_says_why_documents_left_whose_files_are_there(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "seeds/c.txt"):
        write(tmp_path / name, f"An otter in {name}.")
    assert sync(tmp_path, are_sources=True).notes == []
    (note,) = sync(tmp_path, tmp_path / "seeds", are_sources=True).notes
    assert note.startswith("2 documents left the index, though the files are still there")
    assert note.endswith("what is indexed is seeds now, and was this folder")
    assert sync(tmp_path, tmp_path / "seeds", are_sources=True).notes == []


def test_what_was_named_once_is_not_said_to_be_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "An otter.")
    write(tmp_path / "Inbox", "A note without a suffix.")
    write(tmp_path / "other", "Nobody named this.")
    assert sync(tmp_path, tmp_path / "Inbox").added == 1
    assert sync(tmp_path).passed_over == {"": 1}


def test_a_file_of_unknown_kind_is_tried_again_once_it_is_included(tmp_path: Path) -> None:
    file = write(tmp_path / "a.bak", "An otter.")
    for _ in range(2):
        assert len(sync(tmp_path, file).failures) == 1
    assert sync(tmp_path, file, include=["*.bak"]).added == 1
    report = sync(tmp_path, file, include=["*.bak"])
    assert (report.unchanged, report.failures) == (1, [])


@pytest.mark.parametrize("pattern", ["[z-a]", "!", "", "# drafts"])
def test_a_pattern_that_could_match_nothing_is_refused(tmp_path: Path, pattern: str) -> None:
    write(tmp_path / "a.txt", "An otter.")
    with pytest.raises(UsageError, match="could match nothing"):
        sync(tmp_path, exclude=[pattern])
    with pytest.raises(UsageError, match="could match nothing"):
        sync(tmp_path, include=[pattern])


def test_documents_of_sources_that_are_none_any_more_leave(tmp_path: Path) -> None:
    for name in ("one/a.txt", "two/b.txt", "other/c.txt"):
        write(tmp_path / name, f"An otter in {name}.")
    sync(tmp_path, tmp_path / "other")
    sync(tmp_path, tmp_path / "one", tmp_path / "two", are_sources=True)
    assert sync(tmp_path, tmp_path / "one", are_sources=True).removed == 1
    assert set(texts(tmp_path)) == {"one/a.txt", "other/c.txt"}


def test_unknown_kinds_are_read_as_text_if_they_are_wanted(tmp_path: Path) -> None:
    write(tmp_path / "notes.org2", "An otter.")
    write(tmp_path / "picture.org2", b"\x89PNG\r\n\x00\x01\x02\x03" * 40)
    report = sync(tmp_path, include=["*.org2"])
    assert (report.added, report.failures, report.passed_over) == (1, [], {".org2": 1})
    assert sync(tmp_path, include=["*.org2"]).unchanged == 1
    assert texts(tmp_path) == {"notes.org2": "An otter."}


def test_a_named_file_without_suffix_is_read_by_what_it_holds(tmp_path: Path) -> None:
    mail = "From a@b Mon Jan  1 00:00:00 2024\nSubject: Beavers\nMessage-ID: <1@b>\n\nThey build.\n"
    write(tmp_path / "notes", "An otter.")
    write(tmp_path / "Inbox", mail)
    write(tmp_path / "page", "<!DOCTYPE html>\n<title>Newts</title><p>A newt swims.")
    binary = write(tmp_path / "tool", b"\x7fELF\x00\x01\x02\x00" * 40)
    assert sync(tmp_path).passed_over == {"": 4}
    named = [tmp_path / name for name in ("notes", "Inbox", "page", "tool")]
    report = sync(tmp_path, *named)
    assert report.added == 3
    assert [Path(path).name for path, _ in report.failures] == [binary.name]
    found = texts(tmp_path)
    assert found["notes"] == "An otter." and found["page"].strip() == "A newt swims."
    assert any(key.startswith("Inbox/") and "They build." in found[key] for key in found)
    # They stay, and are followed, though a walk does not take such.
    write(tmp_path / "notes", "A seal.", age=9)
    assert sync(tmp_path).changed == 1
    assert texts(tmp_path)["notes"] == "A seal."


def test_given_documents_stay(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "An otter.")
    sync(tmp_path, tmp_path, given={"stdin.txt": b"A beaver."})
    assert sync(tmp_path).removed == 0
    with searchkit.open(tmp_path) as collection:
        assert collection.state("stdin.txt").value == "fresh"
    report = sync(tmp_path, tmp_path, given={"stdin.txt": b"A newt."})
    assert (report.changed, report.unchanged) == (1, 1)
    assert texts(tmp_path)["stdin.txt"] == "A newt."


@pytest.mark.parametrize("seconds", [10**10, -(10**9)])
def test_times_far_away(seconds: int, tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "An otter.")
    os.utime(file, (seconds, seconds))
    if file.stat().st_mtime != seconds:
        pytest.skip("the file system knows no such times")
    assert sync(tmp_path).added == 1
    before = contents(tmp_path)
    assert sync(tmp_path).unchanged == 1 and contents(tmp_path) == before
    with searchkit.open(tmp_path) as collection:
        assert collection.state("a.txt").value == "fresh"
    if seconds > 0:  # Then only the bytes tell.
        write(file, "A beaver.")
        os.utime(file, (seconds, seconds))
        with searchkit.open(tmp_path) as collection:
            assert collection.state("a.txt").value == "changed"


def test_a_named_file_that_was_read_as_text_still_is(tmp_path: Path) -> None:
    file = write(tmp_path / ".hidden" / "a.org2", "An otter.")
    sync(tmp_path, file, include=["*.org2"])
    write(file, "A beaver, with more words.")
    report = sync(tmp_path, include=["*.org2"])
    assert (report.changed, report.failures) == (1, [])
    assert texts(tmp_path) == {".hidden/a.org2": "A beaver, with more words."}


def test_a_given_document_in_the_place_of_a_file_that_has_gone(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "An otter.")
    write(tmp_path / "stdin.txt", "A seal.")
    sync(tmp_path)
    (tmp_path / "stdin.txt").unlink()
    report = sync(tmp_path, tmp_path, given={"stdin.txt": b"A newt."})
    assert (report.documents, report.changed, report.removed) == (2, 1, 0)
    assert texts(tmp_path) == {"a.txt": "An otter.", "stdin.txt": "A newt."}


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("inf"), float("nan")])
def test_a_limit_must_be_a_number(seconds: float, tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "An otter.")
    with pytest.raises(searchkit.UsageError, match="file_seconds must be a number above 0"):
        sync(tmp_path, file_seconds=seconds)


def test_other_fields_of_rows_read_them_anew(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "An otter.")
    row = '{"id": 1, "one": "An otter swims.", "two": "A beaver builds."}'
    write(tmp_path / "rows.jsonl", row)
    sync(tmp_path, text_field="one")
    report = sync(tmp_path, text_field="two")
    assert report.unchanged == 1
    assert any("beaver" in text for text in texts(tmp_path).values())
    assert sync(tmp_path, text_field="two").unchanged == 2


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_named_field_that_no_row_has_is_said_once(jobs: int, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", '{"id": 1, "Notes": "An otter swims."}')
    write(tmp_path / "b.csv", "id,word\n1,beaver\n")
    write(tmp_path / "c.txt", "A newt.")
    report = sync(tmp_path, text_field="notes", title_field="nosuch", key_field="id", jobs=jobs)
    assert report.notes == [
        'no row has a field "notes" (text_field), so the text was guessed; did you mean "Notes"?',
        'no row has a field "nosuch" (title_field), so the title was guessed',
    ]
    assert not report.failures
    # What was not read again may have it.
    write(tmp_path / "b.csv", "id,word\n1,heron\n", age=1)
    report = sync(tmp_path, text_field="notes", title_field="nosuch", key_field="id", jobs=jobs)
    assert (report.changed, report.notes) == (1, [])


def test_a_named_field_that_one_late_row_in_an_archive_has_is_not_missed(tmp_path: Path) -> None:
    lines = "".join(f'{{"n{number}": 1, "x": "word"}}\n' for number in range(2000))
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, data in (("a.jsonl", lines), ("b.jsonl", lines + '{"essay": "x"}\n')):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data.encode()))
    assert sync(tmp_path, text_field="essay").notes == []
    assert sync(tmp_path, text_field="esay").notes == [
        'no row has a field "esay" (text_field), so the text was guessed'
    ]


def test_no_row_no_word_about_fields(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "A newt.")
    assert sync(tmp_path, text_field="nosuch").notes == []


def test_every_field_of_a_row_is_found_by_words_and_if_declared_by_its_name(
    tmp_path: Path,
) -> None:
    rows = "ID,Title,Department,Status,Cost,Created,Description\n" + "".join(
        f"C-{n:04},Case {n},{'Housing' if n % 2 else 'Roads'},Open,{n}.5,2024-05-{n + 1:02},"
        f'"The boiler of block {n} leaks, and no water has come since the day before."\n'
        for n in range(20)
    )
    write(tmp_path / "cases.csv", rows)
    kinds = {"status": "keyword", "cost": "number", "created": "date", "department": "text"}
    sync(tmp_path, fields=kinds)
    with searchkit.open(tmp_path) as collection:
        for query, count in (
            ('"C-0011"', 1),
            ('"Status: Open"', 20),
            ("housing", 10),
            ('"11.5"', 1),
            ('"2024-05-12"', 1),
            ("status:open cost:<5", 5),
            ("created:>2024-05-10 department:roads", 5),
        ):
            answer = collection.search(query, limit=50)
            assert answer.total == count, query
        (hit,) = collection.search('"C-0011"').hits
        assert collection.text(hit.passage.key)[hit.passage.start : hit.passage.end] == (
            hit.passage.text
        )


def test_a_path_that_lacks_is_reported_if_that_is_wanted(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "An otter.")
    sync(tmp_path)
    file.unlink()
    report = sync(tmp_path, file, may_lack=True)
    assert (report.removed, len(report.failures)) == (1, 1)


# What is skipped


def skipped(folder: Path) -> list[tuple[str, str]]:
    with searchkit.open(folder) as collection:
        return [(Path(path).name, reason) for path, reason in collection.status().skipped]


def test_what_is_skipped_is_kept_and_not_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "good.txt", "An otter.")
    bad = write(tmp_path / "bad.txt", b"\x00\x01\x02" * 100)
    report = sync(tmp_path)
    assert len(report.failures) == 1
    assert [name for name, _ in skipped(tmp_path)] == ["bad.txt"]

    def refuse(*_: object) -> object:
        raise AssertionError("nothing is to be read")

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", _refusing(os.open))
        again = sync(tmp_path)
    assert again.failures == report.failures == report.new_failures
    assert again.new_failures == []
    # Another limit may change the outcome.
    assert sync(tmp_path, file_seconds=61.0).failures == report.failures
    write(bad, "A beaver.", age=5)
    assert sync(tmp_path).added == 1
    assert skipped(tmp_path) == []


def _refusing(original: object) -> object:
    def opened(path: object, *rest: int) -> int:
        assert not str(path).endswith(".txt"), path
        return original(path, *rest)  # type: ignore[operator, no-any-return]

    return opened


def test_a_missing_package_is_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from searchkit.readers.contract import UnreadableError

    write(tmp_path / "a.txt", "An otter.")
    reason = "needs nosuchlibrary, which this installs: pip install x"
    tries = []

    def lacking(source: Source) -> object:
        tries.append(source.key)
        raise UnreadableError(reason)

    with monkeypatch.context() as patched:
        patched.setattr(reading_files, "read", lacking)
        sync(tmp_path)
        sync(tmp_path)
        assert len(tries) == 1
        reason = reason.replace("nosuchlibrary", "json")
        write(tmp_path / "a.txt", "An otter.", age=9)
        sync(tmp_path)
    assert sync(tmp_path).added == 1


@pytest.mark.skipif(not can_be_refused(), reason="everything may be read here")
def test_rights_that_lack_keep_what_was_read_and_are_noticed_when_given(tmp_path: Path) -> None:
    for name in ("file.txt", "folder/inner.txt", "new.txt", "good.txt"):
        write(tmp_path / name, f"An otter in {name}.")

    def index() -> tuple[str, list[str]]:
        done = subprocess.run(
            [*WITHOUT_RIGHTS, sys.executable, "-m", "searchkit", "index", "."],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == (1 if done.stderr else 0), done.stderr
        return done.stdout, sorted(done.stderr.splitlines())

    (tmp_path / "new.txt").chmod(0)
    assert index()[1] == ["searchkit: skipped new.txt: Permission denied"]
    write(tmp_path / "file.txt", "A beaver, who is not to be seen.", age=5).chmod(0)
    write(tmp_path / "folder" / "inner.txt", "A newt.", age=5)
    (tmp_path / "folder").chmod(0)
    for said in (
        ["1 as before; searchkit status lists them"]
        + [f"{name}: Permission denied" for name in ("file.txt", "folder")],
        ["3 as before; searchkit status lists them"],
    ):
        assert index()[1] == [f"searchkit: skipped {line}" for line in said]
        assert {key: "An otter" in text for key, text in texts(tmp_path).items()} == {
            "file.txt": True,
            "folder/inner.txt": True,
            "good.txt": True,
        }
    (tmp_path / "folder").chmod(0o700)
    (tmp_path / "file.txt").chmod(0o600)
    (tmp_path / "new.txt").chmod(0o600)
    done, errors = index()
    assert "(1 added, 2 changed)" in done and not errors
    assert skipped(tmp_path) == []


def test_an_error_of_the_system_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.txt", "An otter.")

    def refused(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(reading_files, "_read", refused)
        assert [reason for _, reason in sync(tmp_path).failures] == ["Permission denied"]
    assert sync(tmp_path).added == 1


# Commits in between


def test_an_interrupted_run_keeps_what_it_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        write(tmp_path / f"{number:02}.txt", f"Otter number {number}.")
    monkeypatch.setattr(following, "_COMMIT_BYTES", 1)

    def stop(progress: Progress) -> None:
        if progress.files == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(tmp_path, progress=stop)
    assert len(texts(tmp_path)) == 11
    report = sync(tmp_path)
    assert (report.unchanged, report.added) == (11, 9)


def test_a_run_with_commits_in_between_makes_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        write(tmp_path / f"{number:02}.txt", f"it is otter number {number}, in the river.\n")
    sync(tmp_path)
    (tmp_path / "03.txt").rename(tmp_path / "aa.txt")
    (tmp_path / "29.txt").unlink()
    for number in range(5, 20):
        write(tmp_path / f"{number:02}.txt", f"Beaver number {number}.", age=7)
    write(tmp_path / "bad.txt", b"\x00\x01\x02" * 100)
    monkeypatch.setattr(following, "_COMMIT_BYTES", 50)
    report = sync(tmp_path)
    assert (report.changed, report.renamed, report.removed) == (15, 1, 1)
    assert len(report.failures) == 1 and len(skipped(tmp_path)) == 1
    assert generation(tmp_path) > 5
    with searchkit.open(tmp_path) as collection:
        assert report.passages == collection.status().passages
    before = contents(tmp_path)
    subprocess.run(["rm", "-r", str(tmp_path / ".searchkit")], check=True)
    sync(tmp_path)
    assert contents(tmp_path) == before


def test_a_first_run_that_was_killed_leaves_its_place_known(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "An otter.")
    place = tmp_path / "place"
    place.mkdir()
    (place / "write.lock").write_bytes(b"")
    assert searchkit.open(place).index == place.resolve()


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.txt", "An otter.")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    began = time.monotonic()
    assert sync(tmp_path).added == 1
    assert time.monotonic() - began < 10
