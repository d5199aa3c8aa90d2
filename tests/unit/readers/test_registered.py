"""Readers of other packages: found by their entry points, held to the contract, kept from harm."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchkit.document import Document
from searchkit.document_fields import _types, found_by
from searchkit.metadata.fields import TYPE
from searchkit.readers import Source, can_read, read
from searchkit.readers.contract import UnreadableError
from searchkit.readers.formats import FORMATS, format_of, registered
from tests.golden.packed_samples import zipped

MODULE = '''
from searchkit.document import Block, BlockKind, Document
from searchkit.readers.contract import UnreadableError

def read_shout(source):
    """Text in capitals."""
    text = source.data.decode().upper()
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    yield Document(source.key, "Shout", text, (block,), ((0, 1),), source.modified)

def read_nothing(source):
    raise UnreadableError("there is nothing in it")

def read_broken(source):
    yield from read_shout(source)
    raise RuntimeError("two\\nlines")

def read_wrong(source):
    yield "a string"

def read_odd(source):
    given = {"key": source.key, "title": "Odd", "text": "Words.", "blocks": (), "lines": ()}
    yield Document(**(given | {"modified": 0.0} | eval(source.data)))
'''
POINTS = """[searchkit.readers]
shout = loud_package:read_shout
nothing = loud_package:read_nothing
broken = loud_package:read_broken
wrong = loud_package:read_wrong
odd = loud_package:read_odd
missing = loud_package:no_such_function
absent = no_such_package:read
txt = loud_package:read_shout
gz = loud_package:read_shout
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "loud_package.py").write_text(MODULE)
    info = tmp_path / "loud_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: loud-package\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    registered.cache_clear()
    yield tmp_path
    registered.cache_clear()
    sys.modules.pop("loud_package", None)


def source(name: str, data: bytes = b"words") -> Source:
    return Source(data, name, 0.0)


def test_a_registered_reader_reads_its_files(installed: Path) -> None:
    assert can_read("a.shout") and can_read("a.SHOUT.gz") and not can_read("a.whisper")
    assert format_of("a.shout").name == "shout"  # type: ignore[union-attr]
    (document,) = read(source("a.shout"))
    assert document.text == "WORDS"


def test_it_reads_inside_of_archives(installed: Path) -> None:
    outer = source("a.zip", zipped({"in/a.shout": b"words", "b.broken": b"x", "c.txt": b"c"}))
    assert [one.key for one in read(outer)] == ["a.zip/in/a.shout", "a.zip/b.broken", "a.zip/c.txt"]
    assert outer.failures == [
        ("a.zip/b.broken", "the reader of loud_package failed (RuntimeError: two lines)")
    ]


@pytest.mark.parametrize(
    ("key", "media_type", "found"),
    [
        ("a.shout", "text/plain", {"text/plain", "text", "shout"}),
        ("a.shout", "text/x-shout", {"text/x-shout", "shout"}),
        ("a.shout", "text/html", {"text/html", "html", "shout"}),
        ("a.shout/row 7", "text/x-shout", {"text/x-shout", "shout"}),
        ("in/a.shout.gz", "application/octet-stream", {"application/octet-stream", "shout"}),
        ("a.zip/b.SHOUT", "text/plain", {"text/plain", "text", "shout"}),
        ("a.txt", "text/plain", {"text/plain", "text", "txt"}),
        ("a.whisper", "text/x-whisper", {"text/x-whisper"}),
        ("a.ndjson/www.example.com", "application/jsonl", {"application/jsonl", "jsonl", "ndjson"}),
        ("a.mbox/1@b.com", "message/rfc822", {"message/rfc822", "mail"}),
    ],
)
def test_documents_are_found_by_the_type_of_their_format(
    key: str, media_type: str, found: set[str], installed: Path
) -> None:
    _types.cache_clear()
    document = Document(key, "Shout", "", (), (), 0.0, media_type=media_type)
    terms = found_by(document, ()).terms[TYPE]
    _types.cache_clear()
    assert {term.decode() for term in terms} == found


def test_each_format_of_ours_is_found_by_its_name_and_suffixes() -> None:
    for format in FORMATS:
        for suffix in format.suffixes:
            document = Document(f"a{suffix}", "A", "", (), (), 0.0, media_type=format.media_type)
            terms = {term.decode() for term in found_by(document, ()).terms[TYPE]}
            assert terms == {format.media_type, format.name, suffix[1:]}


def test_ours_cannot_be_replaced(installed: Path) -> None:
    (document,) = read(source("a.txt"))
    assert document.text == "words"
    assert ".gz" not in registered() and ".txt" not in registered()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.nothing", "there is nothing in it"),
        ("a.broken", "the reader of loud_package failed (RuntimeError: two lines)"),
        ("a.wrong", "failed (it gave a str, not a Document)"),
        ("a.missing", "the reader loud_package:no_such_function cannot be loaded (AttributeError"),
        ("a.absent", "the reader no_such_package:read cannot be loaded (ModuleNotFoundError"),
    ],
)
def test_faults_are_one_line(name: str, reason: str, installed: Path) -> None:
    with pytest.raises(UnreadableError) as raised:
        list(read(source(name)))
    assert reason in str(raised.value) and "\n" not in str(raised.value)


def test_nothing_is_looked_up_for_the_formats_that_are_ours() -> None:
    program = (
        "import sys; from searchkit.readers import can_read as c;"
        "assert c('a.txt') and c('a.json.gz') and not c('Makefile');"
        "assert 'importlib.metadata' not in sys.modules; c('a.xyz');"
        "assert 'importlib.metadata' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_example_of_the_documentation_reads() -> None:
    text = (Path(__file__).parents[3] / "docs" / "python.md").read_text("utf-8")
    (code,) = re.findall(r"```py\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    (document,) = names["read_recipe"](source("a.recipe", b"Soup\n\nBoil it.\n"))
    assert document.title == "Soup"
    kept = [document.text[block.start : block.end] for block in document.blocks]
    assert kept == ["Soup", "Boil it."]
    with pytest.raises(UnreadableError):
        list(names["read_recipe"](source("a.recipe", b"\xff")))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"key": "b.txt"}, "the key 'b.txt', which is not the file's"),
        ({"key": "a.oddly/1"}, "the key 'a.oddly/1', which is not the file's"),
        ({"title": None}, "a NoneType for the title, not a str"),
        ({"title": ""}, "no title"),
        ({"text": b"x"}, "a bytes for the text, not a str"),
        ({"modified": "now"}, "a time that is no number"),
        ({"authors": (1, 2)}, "authors that are no texts"),
        ({"tags": "one"}, "tags that are no texts"),
        ({"fields": {"a": {"b": 1}}}, "fields that are no texts, numbers or lists of them"),
        ({"fields": {"a": [None]}}, "fields that are no texts, numbers or lists of them"),
        ({"lines": ((0, "1"),)}, "blocks, lines or places that are not in order"),
        ({"places": ((5, "b"), (2, "a"))}, "blocks, lines or places that are not in order"),
        ({"blocks": ("a block",)}, "blocks, lines or places that are not in order"),
    ],
)
def test_documents_that_break_the_contract_are_refused(
    given: dict[str, object], reason: str, installed: Path
) -> None:
    with pytest.raises(UnreadableError) as raised:
        list(read(source("a.odd", repr(given).encode())))
    assert str(raised.value) == f"the reader of loud_package failed (it gave {reason})"


def test_documents_that_keep_the_contract_are_taken(installed: Path) -> None:
    given = {"key": "a.odd/1", "fields": {"a": [1, "b"], "c": True}, "lines": [(0, 1)]}
    (document,) = read(source("a.odd", repr(given).encode()))
    assert document.key == "a.odd/1"
