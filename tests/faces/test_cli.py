"""The command line as a user meets it: a real process, its output, its exit code."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

import searchkit

SEEDS = Path(__file__).parent.parent.parent / "seeds"

Run = Callable[..., subprocess.CompletedProcess[str]]


def searchkit_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "searchkit", *arguments]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "SEARCHKIT_INDEX"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(tmp_path: Path, environment: None) -> Run:
    def run(
        *arguments: str, cwd: Path = tmp_path, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            searchkit_command(*arguments),
            cwd=cwd,
            env={**os.environ, "PYTHONUTF8": "1", **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture
def seeded(tmp_path: Path, run: Run) -> Path:
    """A folder with the seeds and their index."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    assert run("index").returncode == 0
    return tmp_path


# searchkit index


def test_index_says_in_one_line_what_it_did(run: Run, tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    done = run("index")
    assert done.returncode == 0
    assert re.fullmatch(
        r"1 document \(1 added\), 4 passages, \d+\.\d seconds, index in \.searchkit\n", done.stdout
    )
    assert done.stderr == ""
    assert (tmp_path / ".searchkit" / ".gitignore").read_text() == "*\n"
    assert "(nothing changed)" in run("index").stdout


def test_index_follows_what_happens_to_files(run: Run, tmp_path: Path) -> None:
    for name in ("stays", "changes", "goes"):
        (tmp_path / f"{name}.txt").write_text(f"The {name} animal is an otter.")
    assert "3 added" in run("index").stdout
    (tmp_path / "changes.txt").write_text("Now it is a beaver instead.")
    (tmp_path / "goes.txt").unlink()
    (tmp_path / "new.md").write_text("# Otters\n\nOtters again.")
    assert "(1 added, 1 changed, 1 removed)" in run("index").stdout
    hits = run("query", "otter", "--plain").stdout
    assert "stays.txt:1" in hits and "new.md:3" in hits
    assert "changes.txt" not in hits and "goes.txt" not in hits
    assert "changes.txt" in run("query", "beaver", "--plain").stdout


def test_only_what_lies_below_the_paths_is_removed(run: Run, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "note.txt").write_text(f"An otter in {folder}.")
    assert "2 added" in run("index").stdout
    for folder in ("one", "two"):
        (tmp_path / folder / "note.txt").unlink()
    assert "1 removed" in run("index", "one").stdout
    assert "two/note.txt" in run("query", "otter", "--plain").stdout


def test_a_path_that_does_not_exist_changes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("An otter.")
    run("index")
    (tmp_path / "note.txt").unlink()
    done = run("index", ".", "nosuch")
    assert done.returncode == 2
    assert re.fullmatch(r"searchkit: there is no file or folder nosuch \(.+\)\n", done.stderr)
    assert "note.txt" in run("query", "otter", "--plain").stdout


def test_a_path_that_does_not_exist_makes_no_index(run: Run, tmp_path: Path) -> None:
    assert run("index", "nosuch").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_named_and_skipped(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("An otter.")
    (tmp_path / "bad.txt").write_text("Once an otter.")
    assert run("index").returncode == 0
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01\x02" * 100)
    done = run("index")
    assert done.returncode == 1
    assert re.fullmatch(r"searchkit: skipped bad\.txt: .+\n", done.stderr)
    assert "1 skipped" in done.stdout
    # What was indexed of it is still there.
    assert "bad.txt" in run("query", "once", "--plain").stdout


def test_of_many_files_that_cannot_be_read_some_are_named(run: Run, tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number:03}.txt").write_bytes(b"\x00\x01\x02" * 99)
    done = run("index", ".")
    assert done.returncode == 1 and "100 skipped" in done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) == 21 and lines[0].startswith("searchkit: skipped 000.txt: ")
    assert lines[-1] == "searchkit: skipped 80 more; searchkit status lists them"
    assert run("status").stdout.count(".txt: ") == 100


def test_hidden_files_and_unknown_kinds_are_left_out(run: Run, tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/config.txt", "binary.exe", "seen.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("An otter.")
    assert "1 document (1 added)" in run("index").stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("searchkit.toml", 'sources = ["notes"]'),
        ("pyproject.toml", '[tool.searchkit]\nsources = ["notes"]'),
    ],
)
def test_the_nearest_configuration_says_what_to_index(
    run: Run, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "notes" / "deep").mkdir(parents=True)
    (tmp_path / "notes" / "note.txt").write_text("An otter.")
    (tmp_path / "other.txt").write_text("Another otter.")
    done = run("index", cwd=tmp_path / "notes" / "deep")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / ".searchkit").is_dir()
    hits = run("query", "otter", "--json", cwd=tmp_path / "notes" / "deep").stdout
    assert [hit["key"] for hit in json.loads(hits)["hits"]] == ["notes/note.txt"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('sources = ["../outside"]', "lies outside"),
        ('sources = "notes"', "must be a list"),
        ('source = ["notes"]', "unknown setting 'source'"),
        ("sources = [", "cannot be read"),
        ('sources = ["gone"]', "searchkit.toml: there is no source gone"),
    ],
)
def test_a_wrong_configuration_is_one_clear_line(
    run: Run, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "searchkit.toml").write_text(text)
    done = run("index")
    assert done.returncode == 2
    assert said in done.stderr and len(done.stderr.splitlines()) == 1


def test_the_place_of_the_index_can_be_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("An otter.")
    assert run("index", "--index", "elsewhere", "note.txt").returncode == 0
    assert not (tmp_path / ".searchkit").exists()
    assert run("query", "otter").returncode == 3
    assert run("query", "otter", "--index", "elsewhere").returncode == 0
    assert run("query", "otter", SEARCHKIT_INDEX="elsewhere").returncode == 0


def test_a_folder_that_is_no_index_is_not_written_to(run: Run, tmp_path: Path) -> None:
    photos = tmp_path / ".searchkit"
    photos.mkdir()
    (photos / "cat.jpg").write_bytes(b"")
    (tmp_path / "note.txt").write_text("An otter.")
    done = run("index", "note.txt")
    assert done.returncode == 2
    assert "holds other files, such as cat.jpg" in done.stderr
    assert [file.name for file in photos.iterdir()] == ["cat.jpg"]


def test_an_index_in_a_subfolder_is_announced(run: Run, seeded: Path) -> None:
    (seeded / "sub").mkdir()
    (seeded / "sub" / "note.txt").write_text("An otter.")
    done = run("index", cwd=seeded / "sub")
    assert done.returncode == 0
    assert "makes an index of its own" in done.stderr
    assert run("index", cwd=seeded / "sub").stderr == ""


def test_files_of_other_kinds_are_counted(run: Run, tmp_path: Path) -> None:
    for name in ("a.png", "b.png", "c.xyz", "d.txt", ".e.png"):
        (tmp_path / name).write_text("An otter.")
    done = run("index")
    assert done.returncode == 0
    assert done.stderr == "searchkit: note: 3 files of other kinds left out (.png, .xyz)\n"


def test_a_field_that_no_row_has_is_a_note(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,Essay\n1,An otter swims.\n")
    done = run("index", "--text-field", "esay")
    assert (done.returncode, done.stderr) == (
        0,
        'searchkit: note: no row has a field "esay" (text_field), so the text was guessed; did you '
        'mean "Essay"?\n',
    )
    (tmp_path / "searchkit.toml").write_text('key_field = "nosuch"\n')
    done = run("index", "a.csv")
    assert (done.returncode, done.stderr) == (
        0,
        'searchkit: note: no row has a field "nosuch" (key_field), so the key was guessed\n',
    )
    assert run("query", '"1"').stdout.splitlines()[1].strip() == "a.csv/1:2"


def test_a_list_of_synonyms_is_no_document(run: Run, tmp_path: Path) -> None:
    (tmp_path / "searchkit.toml").write_text('synonyms = "my words [1].txt"\n')
    (tmp_path / "my words [1].txt").write_text("telly, television\n")
    (tmp_path / "a.txt").write_text("A television.\n")
    assert "1 document (1 added)" in run("index").stdout
    assert run("query", "telly", "--plain").stdout.split("\t")[2] == "a.txt:1"


def test_the_first_run_interrupted_leaves_no_index(run: Run, tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"{number}.txt").write_text(f"Otter {number}. " * 50)
    process = subprocess.Popen(searchkit_command("index"), cwd=tmp_path)
    deadline = time.monotonic() + 30
    while not (tmp_path / ".searchkit" / ".gitignore").exists():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert run("query", "otter").returncode == 3
    done = run("index")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3,000 added" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [["query", "conscription"], ["index"], ["--help"]])
def test_output_that_cannot_be_written_is_one_line(
    seeded: Path, environment: None, arguments: list[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            searchkit_command(*arguments),
            cwd=seeded,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 3
    assert done.stderr == "searchkit: No space left on device\n"


@pytest.mark.skipif(os.name == "nt", reason="POSIX shell")
def test_closed_output_and_a_vanished_folder(seeded: Path, environment: None) -> None:
    command = " ".join(searchkit_command("query", "conscription"))
    closed = subprocess.run(
        f"{command} >&-", shell=True, cwd=seeded, capture_output=True, text=True, timeout=60
    )
    assert (closed.returncode, closed.stderr) == (3, "searchkit: Bad file descriptor\n")
    gone = subprocess.run(
        f"mkdir gone && cd gone && rmdir ../gone && {command}",
        shell=True,
        cwd=seeded,
        env={**os.environ, "PYTHONPATH": str(SEEDS.parent)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert gone.returncode == 3
    assert "Traceback" not in gone.stderr


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_a_full_disk_is_one_line_and_loses_nothing(run: Run, seeded: Path) -> None:
    for number in range(300):
        (seeded / "seeds" / f"{number}.txt").write_text(f"Otter {number}. " * 200)
    command = " ".join(searchkit_command("index"))
    full = subprocess.run(
        f"ulimit -f 40; trap '' XFSZ; {command}",
        shell=True,
        cwd=seeded,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert full.returncode == 3
    assert re.fullmatch(r"searchkit: cannot write the index .+ try again\n", full.stderr)
    assert run("query", "conscription").returncode == 0
    assert "300 added" in run("index").stdout


def test_two_writers_do_not_meet(run: Run, seeded: Path) -> None:
    from searchkit.passage_index import passage_writer

    with passage_writer(seeded / ".searchkit"):
        # Where there is nothing to do, nobody is in the way.
        assert "(nothing changed)" in run("index").stdout
        (seeded / "seeds" / "new.txt").write_text("An otter.")
        done = run("index")
    assert done.returncode == 3
    assert "another process is writing" in done.stderr
    assert "(1 added)" in run("index").stdout


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_ends_indexing_quietly_and_loses_nothing(run: Run, seeded: Path) -> None:
    for number in range(3000):
        (seeded / "seeds" / f"{number}.txt").write_text(f"Otter {number}. " * 400)
    before = {file.name for file in (seeded / ".searchkit").iterdir()}
    process = subprocess.Popen(
        searchkit_command("index"),
        cwd=seeded,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Tests that run in the background of a shell ignore the signal, and so would their child.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 30
    while {file.name for file in (seeded / ".searchkit").iterdir()} == before:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.01)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert err.strip().startswith(b"searchkit: interrupted; what was committed so far stays")
    assert run("query", "conscription").returncode == 0
    assert run("query", "otter").returncode == 1
    assert "3,000 added" in run("index").stdout


# searchkit query


def test_times_that_no_calendar_has(run: Run, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, seconds in (("far.txt", 2**40 - 1), ("old.txt", 5)):
            member = tarfile.TarInfo(name)
            member.size, member.mtime = 15, seconds
            archive.addfile(member, io.BytesIO(b"An otter swims."))
    assert run("index", ".").returncode == 0
    done = run("query", "otter", "--json", "--no-fold")
    modified = {hit["key"]: hit["modified"] for hit in json.loads(done.stdout)["hits"]}
    assert modified == {
        "a.tar/far.txt": "9999-12-31T23:59:59Z",
        "a.tar/old.txt": "1970-01-01T00:00:05Z",
    }


@pytest.mark.parametrize("arguments", [["-"], ["--files-from", "-"]])
def test_without_a_standard_input(arguments: list[str], tmp_path: Path, environment: None) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" <&-', "sh", *searchkit_command("index", *arguments)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("searchkit: there is no standard input")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["nosuch.list", "."])
def test_a_list_of_paths_that_cannot_be_read(name: str, run: Run, tmp_path: Path) -> None:
    done = run("index", "--files-from", name)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert f"{name} cannot be read: " in done.stderr
    assert not (tmp_path / ".searchkit").exists()


def test_a_limit_of_many_years(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>An otter swims in the river.</p>")
    done = run("index", ".", "--max-seconds", "1e11", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_main_job(run: Run, seeded: Path) -> None:
    done = run("query", "conscription")
    assert done.returncode == 0
    assert done.stderr == ""
    first = done.stdout.split("\n\n")[0].splitlines()
    assert first[0].startswith("1. Zelensky Seeks Strategic Collaboration with Trump")
    assert first[1].strip().startswith("Zelensky Seeks Direct Collaboration with Trump")
    assert first[2].strip() == f"{next((seeded / 'seeds').iterdir()).relative_to(seeded)}:9"
    assert "minimum **conscription** age from 25 to 18" in first[3]


def test_a_citation_leads_to_what_is_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "dams.md").write_text(
        "---\ntitle: Dams\ntags: [housing, rivers]\ndescription: Of builders.\n---\n"
        "A short lead-in.\n\n## Background\n\nBeavers build.\n"
    )
    (tmp_path / "hooks.html").write_text(
        "<title>Hooks</title>\n<h1>Hooks</h1>\n<h2 id=first>First</h2>\nSqueezed.\n"
        "<h2 id=second>Second</h2>\nEncoded.\n"
    )
    run("index", ".")
    # Title, headings, place and words belong together, and no syntax of front matter is shown.
    assert run("query", "beavers").stdout.split("\n")[1:4] == [
        "   Background",
        "   dams.md:10",
        "   **Beavers** build.",
    ]
    assert run("query", "builders").stdout.split("\n")[1:3] == [
        "   dams.md:4",
        "   Of **builders**.",
    ]
    assert run("query", "housing").stdout.split("\n")[1:4] == [
        "   dams.md:4",
        "   Of builders.",
        "   tags: **housing**, rivers",
    ]
    assert run("get", "dams.md:10").stdout == "Beavers build.\n"
    (plain,) = run("query", "encoded", "--plain").stdout.splitlines()
    assert plain.split("\t")[2:] == [
        "hooks.html:5",
        "Hooks",
        "Second",
        "**Encoded**.",
        "fresh",
        "#second",
        "",
        "",
    ]
    assert "\n   **Second · Encoded**.\n" in run("query", '"second encoded"').stdout
    (hit,) = json.loads(run("query", "encoded", "--json").stdout)["hits"]
    # The passage begins above.
    assert (hit["line"], hit["place"], hit["headings"]) == (3, "#first", [])
    fragment = hit["fragment"]
    assert (fragment["line"], fragment["place"]) == (5, "#second")
    assert fragment["headings"] == ["Second"]
    (hit,) = json.loads(run("query", "housing", "--json").stdout)["hits"]
    assert (hit["labels"], hit["label_highlights"]) == (["housing", "rivers"], [[[0, 7]], []])


def test_words_are_found_by_their_stem_and_marked_as_they_stand(run: Run, seeded: Path) -> None:
    done = run("query", "conscripted", "ages")
    assert "minimum **conscription age** from 25 to 18" in done.stdout


def test_no_word_is_required_and_an_absent_one_is_named(run: Run, seeded: Path) -> None:
    done = run("query", "conscription", "zeppelin")
    assert done.returncode == 0
    assert "**conscription**" in done.stdout
    assert done.stderr == 'searchkit: "zeppelin" occurs nowhere\n'


def test_nothing_found_is_exit_code_1(run: Run, seeded: Path) -> None:
    done = run("query", "zeppelin")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no passage matches" in done.stderr


def test_the_index_is_found_upwards(run: Run, seeded: Path) -> None:
    (seeded / "a" / "b").mkdir(parents=True)
    assert run("query", "conscription", cwd=seeded / "a" / "b").returncode == 0


def test_without_an_index_the_command_that_makes_one_is_named(run: Run) -> None:
    done = run("query", "conscription")
    assert (done.returncode, done.stdout) == (3, "")
    assert re.fullmatch(r"searchkit: there is no index .+: searchkit index\n", done.stderr)
    elsewhere = run("query", "conscription", "--index", "elsewhere")
    assert re.search(r"searchkit index --index .+elsewhere\n", elsewhere.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ["query"],
        ["query", "otter", "--nosuch"],
        ["query", "otter", "-n", "0"],
        ["query", "otter", "-n", "x"],
        ["query", "otter", "--offset", "-1"],
        ["query", "otter", "--recent", "nan"],
        ["index", "--max-seconds", "inf"],
        ["index", "--files-from", "nul.list"],
        ["get", ""],
        ["nosuch"],
        ["query", "foo AND (bar", "--strict"],
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    run: Run, seeded: Path, arguments: list[str]
) -> None:
    (seeded / "nul.list").write_bytes(b"a.txt\0b.txt")
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"searchkit: .+\n", done.stderr)


def test_json_cuts_the_passage_out_of_the_document(run: Run, seeded: Path) -> None:
    answer = json.loads(run("query", "ceasefire security guarantees", "--json").stdout)
    assert answer["schema"] == "searchkit.answer/1"
    assert answer["total"] >= 1
    with searchkit.open(seeded) as collection:
        for hit in answer["hits"]:
            assert collection.text(hit["key"])[hit["start"] : hit["end"]] == hit["text"]
            assert collection.get(hit["key"], hit["ordinal"]).text == hit["text"]
    first = answer["hits"][0]
    marked = [first["text"][start:end] for start, end in first["highlights"]]
    assert marked == ["ceasefire", "security", "guarantees"]
    fragment = first["fragment"]
    assert first["text"][fragment["start"] : fragment["end"]] == fragment["text"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["modified"])


def test_json_is_the_same_each_time(run: Run, seeded: Path) -> None:
    once, again = (run("query", "Zelensky", "--json").stdout for _ in range(2))
    assert once == again


def test_jsonl_is_one_document_a_passage(run: Run, seeded: Path) -> None:
    lines = run("query", "Zelensky", "--jsonl").stdout.splitlines()
    whole = json.loads(run("query", "Zelensky", "--json").stdout)
    hits = [json.loads(line) for line in lines]
    assert [hit.pop("schema") for hit in hits] == ["searchkit.answer/1"] * len(whole["hits"])
    assert hits == whole["hits"]


def test_json_without_hits_is_json_too(run: Run, seeded: Path) -> None:
    done = run("query", "zeppelin", "--json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert answer["hits"] == []
    assert answer["notices"][0]["message"] == '"zeppelin" occurs nowhere'


QUERY = '"security guarantees" OR (title:Zelensky NOT zeppelin) OR drones'


def test_explanations_in_json_come_to_the_scores(run: Run, seeded: Path) -> None:
    plain = json.loads(run("query", QUERY, "--json").stdout)
    whole = json.loads(run("query", QUERY, "--json", "--explain").stdout)
    lines = run("query", QUERY, "--jsonl", "--explain").stdout.splitlines()
    assert len(whole["hits"]) > 1
    for hit, line, without in zip(whole["hits"], lines, plain["hits"], strict=True):
        assert json.loads(line) == {"schema": "searchkit.answer/1", **hit}
        explanation = hit.pop("explanation")
        assert hit == without
        assert explanation["value"] == hit["score"]
        assert explanation["matched"] is True
        assert sum(one["value"] for one in explanation["details"]) == pytest.approx(hit["score"])
        assert set(explanation) == {"value", "matched", "description", "details"}


def test_explanations_stand_below_their_passages(run: Run, seeded: Path) -> None:
    without = run("query", QUERY).stdout
    shown = run("query", QUERY, "--explain").stdout
    tree = re.compile(r"   ( *)(no match: .+|\d[\d.]* .+)")
    trees: list[list[str]] = [[]]
    for line in shown.splitlines():
        if tree.fullmatch(line):
            trees[-1].append(line)
        elif trees[-1]:
            trees.append([])
    trees.pop()
    scores = re.findall(r"^\d+\. .*  (\d\.\d{3})$", shown, re.MULTILINE)
    assert [f"{float(lines[0].split()[0]):.2f}" for lines in trees] == [
        f"{float(score):.2f}" for score in scores
    ]
    for lines in trees:
        depths = [len(line) - len(line.lstrip()) for line in lines]
        assert depths[0] == 3 and min(depths[1:]) == 5 and max(depths) > 7
        assert any("saturation, tf / (k1 + tf): k1 1.2" in line for line in lines)
    told = {line for lines in trees for line in lines}
    left = [line for line in shown.splitlines() if line and line not in told]
    assert left == [line for line in without.splitlines() if line]


def test_explanations_fit_a_terminal(seeded: Path) -> None:
    shown = on_terminal(seeded, "query", "conscription", "--explain", NO_COLOR="1")
    assert all(len(line) <= 60 for line in shown.splitlines())
    assert "times 1, b 0.75" in " ".join(shown.split())


def test_lines_have_no_room_for_explanations(run: Run, seeded: Path) -> None:
    done = run("query", "conscription", "--plain", "--explain")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--explain does not go with --plain" in done.stderr


def test_plain_is_one_line_a_passage(run: Run, seeded: Path) -> None:
    lines = run("query", "Zelensky", "--plain").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["1", "2", "3", "4"]
    assert {len(line.split("\t")) for line in lines} == {10}


def test_limit_and_offset_cut_the_same_ranking(run: Run, seeded: Path) -> None:
    every = run("query", "Zelensky", "--plain").stdout.splitlines()
    assert run("query", "Zelensky", "--plain", "-n", "2").stdout.splitlines() == every[:2]
    some = run("query", "Zelensky", "--plain", "--limit", "2", "--offset", "1")
    assert some.stdout.splitlines() == every[1:3]
    past = run("query", "Zelensky", "--offset", "100")
    assert past.returncode == 1
    assert "only 4 passages match" in past.stderr


# Colour, terminals, pipes


def colours(text: str) -> bool:
    return "\x1b[" in text


def test_colour_is_for_terminals_and_for_those_who_ask(run: Run, seeded: Path) -> None:
    assert not colours(run("query", "conscription").stdout)
    assert colours(run("query", "conscription", FORCE_COLOR="1").stdout)
    assert colours(run("query", "conscription", "--color").stdout)
    assert not colours(run("query", "conscription", "--no-color", FORCE_COLOR="1").stdout)
    assert not colours(run("query", "conscription", FORCE_COLOR="1", NO_COLOR="1").stdout)


def on_terminal(folder: Path, *arguments: str, **variables: str) -> str:
    """What the command shows on a terminal of 60 columns."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        searchkit_command(*arguments),
        cwd=folder,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "60", "PYTHONUTF8": "1", **variables},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    ):
        os.close(slave)
        shown = b""
        try:
            while read := os.read(master, 65536):
                shown += read
        except OSError:  # The other end is closed.
            pass
    os.close(master)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.skipif(os.name == "nt", reason="pseudo terminals")
def test_on_a_terminal(environment: None, seeded: Path) -> None:
    shown = on_terminal(seeded, "query", "conscription age")
    assert "\x1b[1;31mconscription age\x1b[0m" in shown
    fragment = re.sub("\x1b\\[[0-9;]*m", "", shown).splitlines()[3:]
    assert all(len(line) <= 60 for line in fragment)
    plain = on_terminal(seeded, "query", "conscription age", NO_COLOR="1")
    assert not colours(plain)
    assert "**conscription age**" in " ".join(plain.split())


def test_control_characters_never_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    evil = "An \x1b[2J\x9b31m otter \x07\u202egnp.exe\u2066 sits\x00 here."
    (tmp_path / "evil\x1b[31m.html").write_text(
        f"<title>Otter \x1b]0;owned\x07</title><h2>The otter \x1b[2J</h2><p>{evil}</p>"
    )
    (tmp_path / "evil.txt").write_text(evil.replace("\x00", ""))
    run("index")
    explained = ["--explain"], ["--json", "--explain"], ["--jsonl", "--explain"]
    for form in ([], ["--plain"], ["--json"], ["--jsonl"], ["--no-color"], *explained):
        done = run("query", "otter \x1b[31m\x9b nosuch:\x1b[2J", *form)
        assert done.returncode == 0, done.stderr
        assert len(done.stdout) > 50
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066]", done.stdout + done.stderr)
    done = run("query", "otter", "--\x1b[31m")
    assert done.returncode == 2 and "\x1b" not in done.stderr


def test_a_reader_that_has_seen_enough_ends_it_quietly(run: Run, tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / f"{number}.txt").write_text(f"Otter {number}. " + "An otter swims here. " * 40)
    run("index")
    process = subprocess.Popen(
        searchkit_command("query", "otter", "-n", "400", "--json"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=60)
    assert said == b""


def test_version_and_help(run: Run) -> None:
    for arguments in (["--version"], ["index", "--version"], ["query", "--version"]):
        assert run(*arguments).stdout == f"searchkit {searchkit.__version__}\n"
    for arguments in (["--help"], ["-h"], ["index", "-h"], ["query", "--help"]):
        done = run(*arguments)
        assert done.returncode == 0 and "Usage: searchkit" in done.stdout


def test_a_damaged_index_is_one_clear_line(run: Run, seeded: Path) -> None:
    for file in (seeded / ".searchkit").iterdir():
        if file.suffix != ".json":
            file.write_bytes(b"\xff" * 100)
    done = run("query", "conscription")
    assert done.returncode == 3
    assert re.fullmatch(r"searchkit: the index .+ is damaged .+: searchkit index\n", done.stderr)


def test_damage_inside_is_one_clear_line(run: Run, seeded: Path) -> None:
    segment = next(iter((seeded / ".searchkit").glob("*.seg")))
    whole = segment.read_bytes()
    said = set()
    for at in range(0, len(whole), max(1, len(whole) // 25)):
        segment.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        done = run("query", "Zelensky conscription")
        assert done.returncode in (0, 1, 3), done.stderr
        assert "Traceback" not in done.stderr
        said.add(done.returncode)
    assert 3 in said


@pytest.mark.parametrize(("number", "said"), [(1, "reads 3 and later"), (99, "a later searchkit")])
def test_an_index_of_another_format_says_what_to_do(
    run: Run, seeded: Path, number: int, said: str
) -> None:
    manifest = seeded / ".searchkit" / "manifest.json"
    _, line, end = manifest.read_bytes().splitlines(keepends=True)
    crc = zlib.crc32(b"%d\n%s" % (number, line.rstrip(b"\n")))
    head = b'{"format": %d, "crc32": "%08x", "manifest":\n' % (number, crc)
    manifest.write_bytes(head + line + end)
    for arguments in (["query", "conscription"], ["index"]):
        done = run(*arguments)
        assert done.returncode == 3
        assert said in done.stderr


def test_facets_are_counted_below_the_passages(run: Run, tmp_path: Path) -> None:
    for name, text in {"a.txt": "otter", "b.txt": "otter", "c.md": "# otter"}.items():
        (tmp_path / name).write_text(text)
    assert run("index", cwd=tmp_path).returncode == 0
    done = run("query", "otter", "--facet", "type", "--facet", "path:1", "-n", "1", cwd=tmp_path)
    assert done.stdout.splitlines()[-2:] == ["type: text (2), markdown (1)", "path: . (3)"]
    done = run("query", "otter", "--facet", "type:1", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["facets"] == {
        "type": {"values": [{"value": "text", "documents": 2}], "others": 1}
    }
    for wrong in ("--facet no", "--facet type:0", "--facet type:x", "--facet type --plain"):
        done = run("query", "otter", *wrong.split(), cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), wrong


def test_passages_in_the_order_of_a_field(run: Run, tmp_path: Path) -> None:
    for year in (2021, 2019, 2023):
        text = f"---\ndate: {year}-01-01\n---\notter " + f"x{year} " * 9
        (tmp_path / f"{year}.md").write_text(text)
    (tmp_path / "searchkit.toml").write_text("")
    assert run("index", cwd=tmp_path).returncode == 0
    for sort, wanted in (("date", "2019 2021 2023"), ("-date", "2023 2021 2019")):
        done = run("query", "otter", "--sort", sort, "--plain", cwd=tmp_path)
        assert " ".join(line.split("\t")[3] for line in done.stdout.splitlines()) == wanted
    done = run("query", "otter", "--sort", "nothing", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing" in done.stderr
