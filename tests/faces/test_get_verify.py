"""``searchkit get``, ``searchkit verify`` and the states of hits, as a user meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

import searchkit
from searchkit.cli.get import Reading, readings
from searchkit.cli.verify import command
from searchkit.collection import citation
from searchkit.freshness import Files

Run = Callable[..., subprocess.CompletedProcess[str]]

LINES = [f"Line {n} is about an otter." for n in range(1, 41)]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("SEARCHKIT_INDEX", raising=False)

    def run(
        *arguments: str, cwd: Path = tmp_path, input: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "searchkit", *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            input=input,
            timeout=60,
        )

    return run


@pytest.fixture
def notes(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "otter.txt").write_text("\n".join(LINES) + "\n")
    (folder / "a:1.txt").write_text("Colons.\n")
    (folder / "front.md").write_text("---\ntitle: T\n---\n# Beaver\n\nDams.\n")
    (folder / "page.html").write_text(
        "<title>Page</title>\n<h2>One</h2>\n<p>"
        + "A newt swims. " * 20
        + "</p>\n\n\n<h2>Two</h2>\n<p>"
        + "A toad sits. " * 20
        + "</p>"
    )
    past = time.time() - 60
    for file in folder.iterdir():
        os.utime(file, (past, past))
    assert run("index").returncode == 0
    return folder


def state(run: Run, word: str) -> str:
    (hit,) = {hit["state"] for hit in json.loads(run("query", word, "--json").stdout)["hits"]}
    return str(hit)


def test_hits_say_what_has_become_of_their_files(run: Run, notes: Path) -> None:
    file = notes / "a:1.txt"
    assert state(run, "colons") == "fresh"
    os.utime(file)
    assert state(run, "colons") == "fresh"
    file.write_text("Kolons.\n")
    assert state(run, "colons") == "changed"
    assert "(changed since it was indexed)" in run("query", "colons").stdout
    file.unlink()
    assert state(run, "colons") == "gone"
    assert run("query", "colons", "--plain").stdout.rstrip("\n").split("\t")[6] == "gone"


def test_a_change_within_the_clock_of_the_file_system_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("An otter.")
    with searchkit.open(tmp_path) as collection:
        collection.sync(file)
        status = file.stat()
        file.write_text("No otter.")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        answer = collection.search("otter")
    assert [hit.state for hit in answer.hits] == [searchkit.State.CHANGED]


def test_get_prints_documents_lines_and_passages(run: Run, notes: Path) -> None:
    whole = (notes / "otter.txt").read_text()
    for name in ("notes/otter.txt", str(notes / "otter.txt")):
        assert run("get", name).stdout == whole
    assert run("get", "otter.txt", cwd=notes).stdout == whole
    assert run("get", "notes/otter.txt:39").stdout == "\n".join(LINES[38:]) + "\n"
    assert run("get", "notes/otter.txt:3:2").stdout == "\n".join(LINES[2:4]) + "\n"
    assert run("get", "notes/a:1.txt:1").stdout == "Colons.\n"
    assert run("get", "notes/front.md:6:1").stdout == "Dams.\n"
    with searchkit.open(notes.parent) as collection:
        passage = collection.get("notes/otter.txt", 1)
    assert run("get", "notes/otter.txt#1").stdout == passage.text + "\n"
    told = json.loads(run("get", "notes/otter.txt#1", "--json").stdout)
    assert (told["text"], told["start"], told["state"]) == (passage.text, passage.start, "fresh")


def test_get_gives_passages_where_lines_are_not_the_sources(run: Run, notes: Path) -> None:
    assert run("get", "notes/page.html:7").stdout.startswith("A toad sits.")
    first = run("get", "notes/page.html:3:1").stdout
    assert first.startswith("A newt swims.") and "toad" not in first


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("otter.tx", "did you mean notes/otter.txt"),
        ("notes", "notes is no document, but 4 lie in it, such as notes/"),
        ("notes/oter.txt:3", "there is no document notes/oter.txt in the index; did you mean"),
        ("notes/otter.txt:99", "there is no text from line 99 on in notes/otter.txt"),
        ("notes/otter.txt#99", "there is no passage 99 in notes/otter.txt"),
    ],
)
def test_what_is_not_there_is_said(run: Run, notes: Path, place: str, said: str) -> None:
    done = run("get", place)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and len(done.stderr.splitlines()) == 1


def test_places_can_be_pasted(run: Run, notes: Path, tmp_path: Path) -> None:
    from tests.documents.pdf import lines, pdf

    pages = [f"All that page {number} says of ferries." for number in (1, 2, 3)]
    (notes / "boats.pdf").write_bytes(pdf([lines(page) for page in pages]))
    (notes / "anchors.html").write_text(
        "<title>T</title><h1>Boats</h1>\n<h2 id=a>A</h2>\n<p>A ferry.</p>\n"
        "<h2 id=b>B</h2><p>A barge.</p>"
    )
    run("index")
    (hit,) = run("query", '"page 2"', "--plain", "--no-fold").stdout.splitlines()[:1]
    assert hit.split("\t")[7] == "page 2"
    assert run("get", "notes/boats.pdf, page 2").stdout == pages[1] + "\n"
    assert "no page 9 in notes/boats.pdf" in run("get", "notes/boats.pdf, page 9").stderr
    assert run("similar", "notes/boats.pdf, page 2").returncode in (0, 1)
    shown = run("query", "barge").stdout.splitlines()[2].strip()
    assert shown == "notes/anchors.html:4 #b"
    assert run("get", shown).stdout == run("get", "notes/anchors.html #b").stdout
    assert "barge" in run("get", shown).stdout and "ferry" not in run("get", shown).stdout
    # All of a document, with its name.
    assert run("get", "notes/anchors.html").stdout.startswith("Boats\n")


def test_a_dash_in_the_name_of_a_place_is_its_own(run: Run, tmp_path: Path) -> None:
    from tests.documents.zipped import epub

    names = {"a.xhtml": "1914–1918", "b.xhtml": "1939–1945"}
    chapters = {file: f"<h1>{name}</h1><p>Of {name}.</p>" for file, name in names.items()}
    links = "".join(f'<li><a href="text/{file}">{name}</a></li>' for file, name in names.items())
    (tmp_path / "wars.epub").write_bytes(epub(chapters, contents=f"<ol>{links}</ol>"))
    run("index")
    first = run("get", "wars.epub, chapter 1: 1914–1918")
    assert first.stdout == "1914–1918\n\nOf 1914–1918.\n", first.stderr
    assert "Of 1939" in run("get", "wars.epub, chapter 2: 1939–1945").stdout
    # As a hit is printed that ends in the next chapter.
    assert run("get", "wars.epub, chapter 1–2").stdout == first.stdout
    assert run("get", "wars.epub, chapter 2–3").stdout.startswith("1939")
    assert "no chapter 3–4 in wars.epub" in run("get", "wars.epub, chapter 3–4").stderr


def test_an_anchor_of_a_name_with_a_number_is_found(run: Run, tmp_path: Path) -> None:
    text = "<h1>T</h1><h2 id=a>A</h2>\n<p>A ferry.</p>\n<h2 id=b>B</h2><p>A barge.</p>"
    (tmp_path / "page:2").write_text(f"<!doctype html>{text}")
    run("index", "page:2")
    assert run("get", "page:2 #b").stdout == "B\n\nA barge.\n"


def test_any_number_of_anchors_is_no_document(run: Run, notes: Path) -> None:
    done = run("get", "a:1" + " #b:2" * 20_000)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("searchkit: there is no document a:1")
    assert len(done.stderr.splitlines()) == 1
    assert len(list(readings("a:1" + " #b:2" * 20_000))) < 10


def test_get_is_safe_to_print(run: Run, tmp_path: Path) -> None:
    (tmp_path / "evil.txt").write_text("An \x1b[2J otter,\ttwo.\n")
    run("index")
    assert run("get", "evil.txt").stdout == "An \\x1b[2J otter,\ttwo.\n"


names = st.text(alphabet="ab/:#.0123é\n", min_size=1, max_size=12)


@given(name=names, line=st.integers(1, 10**9 - 1), count=st.integers(1, 10**9 - 1))
def test_whatever_is_written_can_be_read(name: str, line: int, count: int) -> None:
    assert next(readings(name)) == Reading(name)
    assert Reading(name, line=line) in readings(f"{name}:{line}")
    assert Reading(name, line=line, count=count) in readings(f"{name}:{line}:{count}")
    assert Reading(name, ordinal=count) in readings(f"{name}#{count}")


@given(st.text(max_size=30))
@example("a:1 #5")
@example("a, page 3:5")
def test_any_argument_can_be_read(argument: str) -> None:
    read = list(readings(argument))
    assert read[0].name == argument
    assert [len(one.name) for one in read] == sorted((len(one.name) for one in read), reverse=True)


def test_hits_can_be_verified(run: Run, notes: Path) -> None:
    hits = run("query", "otter OR colons OR dams", "--jsonl").stdout
    done = run("verify", input=hits)
    count = len(hits.splitlines())
    assert (done.returncode, done.stdout.count(": holds\n")) == (0, count)
    assert done.stderr == f"searchkit: {count} of {count} citations hold\n"


def cited(text: str, start: int, key: str = "notes/otter.txt") -> str:
    digest = sha256(text.encode()).hexdigest()
    return json.dumps({"key": key, "start": start, "end": start + len(text), "text_hash": digest})


def test_what_moved_changed_or_went_is_said(run: Run, notes: Path) -> None:
    whole = (notes / "otter.txt").read_text()
    at = whole.index(LINES[4])
    lines = [
        cited(LINES[4], at),
        cited(LINES[4], at + 60),
        cited("No such text.", 0),
        cited(LINES[4], at, "nosuch.txt"),
        "{}",
        "[" * 100_000,
        '"text"',
        "",
        json.dumps({**json.loads(cited("a", 0)), "start": True}),
    ]
    (notes / "a:1.txt").unlink()
    lines.append(cited("Colons.", 0, "notes/a:1.txt"))
    done = run("verify", "--jsonl", input="\n".join(lines))
    assert done.returncode == 1
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["verdict"] for one in found] == [
        "holds", "moved", "text changed", "no such document", "holds"
    ]  # fmt: skip
    assert [one["holds"] for one in found] == [True, False, False, False, False]
    assert [one["state"] for one in found] == ["fresh", "fresh", "fresh", None, "gone"]
    assert (found[1]["found_start"], found[1]["found_end"]) == (at, at + len(LINES[4]))
    assert [one["input_line"] for one in found] == [1, 2, 3, 4, 10]
    *bad, stale, last = done.stderr.splitlines()
    assert [line.split(":")[1] for line in bad] == [" line 5", " line 6", " line 7", " line 9"]
    assert stale.startswith("searchkit: the file of one changed since it was indexed")
    assert last == "searchkit: 1 of 9 citations hold"


def test_a_whole_answer_can_be_verified(run: Run, notes: Path) -> None:
    answer = run("query", "otter OR colons", "--json").stdout
    count = len(json.loads(answer)["hits"])
    assert run("verify", input=answer).stderr == f"searchkit: {count} of {count} citations hold\n"


def test_verify_says_what_to_do_about_stale_and_missing_documents(run: Run, notes: Path) -> None:
    hits = run("query", "otter", "--jsonl", "--limit", "1").stdout
    (notes / "otter.txt").write_text("\n".join(LINES) + "\nMore.\n")
    assert "run searchkit index, and verify again" in run("verify", input=hits).stderr
    run("index")
    done = run("verify", input=hits)
    assert (done.returncode, done.stderr) == (0, "searchkit: 1 of 1 citations hold\n")
    (notes / "more").mkdir()
    (notes / "otter.txt").rename(notes / "more" / "otter.txt")
    run("index")
    first, last = run("verify", input=hits).stderr.splitlines()
    assert first.endswith("no document notes/otter.txt; it may be notes/more/otter.txt now")
    assert last.endswith("0 of 1 citations hold")


def test_similar_takes_what_query_prints(run: Run, notes: Path) -> None:
    (notes / "more.txt").write_text("\n".join(LINES[35:]) + "\n")
    run("index")
    best = run("query", '"line 38"', "path:more.txt", "--plain").stdout.split("\t")[2]
    assert best == "notes/more.txt:1"
    assert "otter.txt" in run("similar", best, "--plain").stdout
    with searchkit.open(notes.parent) as collection:
        last = collection.document("notes/otter.txt").passages - 1
        by_ordinal = run("similar", f"notes/otter.txt#{last}", "--plain").stdout
        for line in (collection.get("notes/otter.txt", last).line, 40):
            assert run("similar", f"notes/otter.txt:{line}", "--plain").stdout == by_ordinal
    assert by_ordinal != run("similar", "notes/otter.txt:1", "--plain").stdout
    done = run("similar", "notes/otter.txt:99")
    assert (done.returncode, done.stderr) == (
        2,
        "searchkit: there is no text from line 99 on in notes/otter.txt\n",
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)


@given(st.dictionaries(st.sampled_from(["key", "start", "end", "text_hash", "text"]), values))
def test_any_object_is_a_citation_or_a_value_error(value: dict[str, object]) -> None:
    try:
        made = citation(value)
    except ValueError as error:
        assert str(error) and "\n" not in str(error)
    else:
        assert 0 <= made.start <= made.end and len(made.text_hash) == 64


# Wrong usage


def test_a_word_that_begins_with_a_dash(run: Run, notes: Path) -> None:
    done = run("query", "-milk")
    assert done.returncode == 2
    assert "put -- before the words" in done.stderr
    assert run("query", "--", "-milk", "otter").returncode == 0


def test_colour_is_honoured_or_refused(run: Run, notes: Path) -> None:
    assert "\x1b[1;31m" in run("query", "otter", "--plain", "--color").stdout
    done = run("query", "otter", "--json", "--color")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--color does not go with --json" in done.stderr


def test_a_search_imports_only_what_it_needs(notes: Path) -> None:
    code = (
        "import sys; from searchkit.cli.command import run; run(['query', 'otter']); "
        "print([name for name in ('searchkit.readers', 'watchfiles', 'difflib', 'hashlib', "
        "'searchkit.citations', 'searchkit.part') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=notes, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_citations_are_verified_as_one_answer(run: Run, notes: Path) -> None:
    """The bytes that may be read to tell the states of files are counted over all of them."""
    made = []
    original = Files.__init__

    def counted(self: Files, root: Path) -> None:
        made.append(root)
        original(self, root)

    lines = "\n".join([cited(LINES[4], 0)] * 3)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Files, "__init__", counted)
        patched.chdir(notes.parent)
        CliRunner().invoke(command, [], input=lines)
    assert len(made) == 1
