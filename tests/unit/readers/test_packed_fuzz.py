"""Nothing in a file ends the reading of others: mutated and hostile mail, rows, archives and texts.

The default run takes some hundred mutations; ``python -m pytest -m slow -s`` on this file, 20,000,
whose outcome stands in docs/proofs.md.
"""

from __future__ import annotations

import bz2
import gzip
import random
import tarfile
import time
from dataclasses import dataclass, field

import pytest

from searchkit.document import BlockKind, Document
from searchkit.passages import cut
from searchkit.readers import Source, read
from searchkit.readers.contract import Options, UnreadableError
from searchkit.readers.titles import one_line
from tests.golden.packed_samples import FROM, SAMPLES, tarred, zipped

FILES = [(name, data) for samples in SAMPLES.values() for name, data in samples.items()]
OPTIONS = Options(most_expanded_bytes=4 << 20)
LIMIT_SECONDS = 5.0

TOKENS = [
    *(b"\0", b"\xff", b"\n", b"\n\n", b"\r\n", b"\r", b'"', b"'", b",", b";", b"\t", b"|", b"\\"),
    *(b"{", b"}", b"[", b"]", b":", b"=", b"---\n", b"+++\n", b"...\n", b"&a ", b"*a ", b"<<: "),
    *(b"!!python/object:os.system ", b"- ", b"? ", b"| \n", b"From a Wed May 1 12:00:00 2024\n"),
    *(b"Content-Type: multipart/mixed; boundary=in\n", b"--in\n", b"--in--\n", b"--out\n"),
    *(b"Content-Transfer-Encoding: base64\n", b"Content-Type: text/html\n", b"=?utf-8?b?", b"?="),
    *(b"Content-Disposition: attachment; filename*0*=utf-8''%ff", b"Subject: x\n", b"Date: 99\n"),
    *(b".. code::\n\n", b".. x:: y\n", b"   ", b"::\n", b"====\n", b"+---+\n", b":a: b\n", b"* "),
    *(b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"ustar", b"\x1f\x8b\x08", b"\x1b$B"),
    *(b"1e999", b"NaN", b"\\ud800", b"\\u0000", b"99999999999999999999", b"\xe2\x80\xa8", b"sep=;"),
    *(b"2024-02-30", b"title: ", b"date: ", b'"id": ', b"id,text\n", b"x" * 300, b"(" * 300),
]


@dataclass
class Outcome:
    """What came of many files."""

    documents: int = 0
    refused: int = 0
    failures: int = 0
    slowest: float = 0.0
    slowest_name: str = ""
    faults: list[str] = field(default_factory=list)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """``data`` cut, doubled, overwritten, or with other things in it."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(changed) + 1)
        to = min(len(changed), at + chance.choice((1, 2, 8, 64)))
        match chance.randrange(7):
            case 0:
                del changed[at:]
            case 1:
                del changed[at:to]
            case 2:
                changed[at:at] = changed[at:to] * chance.choice((1, 3, 50))
            case 3:
                changed[at:at] = chance.choice(TOKENS)
            case 4:
                changed[at:to] = chance.choice(TOKENS)
            case 5:
                changed[at:to] = chance.randbytes(to - at)
            case _:
                other = chance.choice(FILES)[1]
                start = chance.randrange(len(other) + 1)
                changed[at:at] = other[start : start + 200]
    return bytes(changed)


def assert_sound(document: Document, key: str) -> None:
    text = document.text
    assert document.key == key or document.key.startswith(f"{key}/")
    assert not {"..", "."} & set(document.key.split("/"))
    assert one_line(document.key) == document.key
    assert document.title.strip() and "\n" not in document.title
    assert "\r" not in text and "\0" not in text
    before = 0
    for block in document.blocks:
        assert before <= block.start < block.end <= len(text)
        assert not text[block.start].isspace() and not text[block.end - 1].isspace()
        assert (block.level > 0) == (block.kind is BlockKind.HEADING)
        before = block.end
    offsets = [offset for offset, _ in document.lines]
    assert offsets[0] == 0 and offsets == sorted(set(offsets)) and offsets[-1] <= len(text)
    assert all(line >= 1 for _, line in document.lines)
    words = [document.key, text, document.title, *document.authors, *document.tags]
    for name, value in document.fields.items():
        words += [name, *map(str, value if isinstance(value, list) else [value])]
        assert name and one_line(name) == name
    "".join([*words, document.published, document.language]).encode()


def feed(name: str, data: bytes, outcome: Outcome) -> None:
    source = Source(data, name, 7.0, OPTIONS)
    began = time.process_time()
    keys = []
    try:
        for document in read(source):
            assert_sound(document, name)
            cut(document)
            keys.append(document.key)
            outcome.documents += 1
    except UnreadableError as error:
        assert "\n" not in str(error)
        outcome.refused += 1
    assert len(set(keys)) == len(keys)
    for key, reason in source.failures:
        assert key.startswith(name) and "\n" not in reason
        if "please report" in reason:
            outcome.faults.append(f"{key}: {reason}")
    outcome.failures += len(source.failures)
    seconds = time.process_time() - began
    if seconds > outcome.slowest:
        outcome.slowest, outcome.slowest_name = seconds, name


def run(count: int, seed: int) -> Outcome:
    outcome = Outcome()
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        name, data = FILES[number % len(FILES)]
        data = mutated(data, chance)
        if chance.random() < 0.1:
            name, data = f"{name}.gz", gzip.compress(data, 1)
        elif chance.random() < 0.1:
            data = zipped({f"in/{name}": data})
            name = "outer.zip"
        try:
            feed(name, data, outcome)
        except BaseException:
            print(f"\nseed {seed}, number {number}, {name}: {data!r}")
            raise
    return outcome


def test_mutated_files_give_documents_or_reasons() -> None:
    outcome = run(1_500, seed=1)
    assert not outcome.faults
    assert outcome.slowest < LIMIT_SECONDS
    assert outcome.documents > 500


@pytest.mark.slow
def test_very_many_mutated_files_give_documents_or_reasons() -> None:
    outcome = run(20_000, seed=2)
    print(outcome)
    assert not outcome.faults
    assert outcome.slowest < LIMIT_SECONDS


def many(piece: bytes) -> bytes:
    return piece * (60_000 // len(piece))


MULTIPART = b"Subject: x\nContent-Type: multipart/mixed; boundary=x\n\n"
HOSTILE = {
    "quotes.csv": many(b'"'),
    "stray-quotes.csv": many(b'"a\n'),
    "open-quotes.csv": many(b'"x,\n'),
    "commas.csv": many(b","),
    "separators.csv": many(b";\t|,"),
    "nested.json": many(b"["),
    "nested-objects.json": many(b'{"a":'),
    "open-string.json": many(b'"\\'),
    "broken-array.json": b'[{"a":1},' + many(b'{"a"'),
    "bad-lines.jsonl": b"{}\n" + many(b'{"a"\n'),
    "nested.jsonl": many(b'[{"a":'),
    "same-ids.jsonl": many(b'{"id":"a","text":"y"}\n'),
    "headers.eml": b"Subject: x\n" + many(b"X-A: b\n"),
    "folded.eml": b"Subject: x\n" + many(b" x\n"),
    "encoded.eml": b"Subject: " + many(b"=?a?q?"),
    "addresses.eml": b"To: " + many(b"(<a@b, "),
    "parameters.eml": b"Subject: x\nContent-Type: text/plain" + many(b"; a*0*=x"),
    "parts.eml": MULTIPART + many(b"--x\n\n"),
    "attachments.eml": MULTIPART + many(b"--x\nContent-Type: text/csv; name=a.csv\n\na,b\n"),
    "nested-parts.eml": many(MULTIPART + b"--x\n"),
    "forwarded.eml": many(b"Subject: x\nContent-Type: message/rfc822\n\n"),
    "quoted.eml": b"Subject: x\n\n" + many(b"> a\nb\n"),
    "froms.mbox": many(FROM + b"\n"),
    "messages.mbox": many(FROM + b"Subject: x\nMessage-ID: <a>\n\nb\n\n"),
    "directives.rst": many(b".. a::\n"),
    "nested.rst": b"".join(b" " * depth + b".. note:: x\n" for depth in range(330)),
    "literals.rst": b"".join(b" " * depth + b"a::\n\n" for depth in range(330)),
    "terms.rst": many(b"a\n b\n"),
    "titles.rst": many(b"ab\n==\n"),
    "colons.rst": many(b":"),
    "grid.rst": many(b"+-"),
    "flow.md": b"---\na: " + many(b"[") + b"\n---\n",
    "anchors.md": b"---\na: x\n" + many(b"b: &b *b\n") + b"---\n",
    "unclosed.md": b"---\na: x\n" + many(b"\na: x\n"),
    "dotted.md": b"+++\na: x\n" + many(b"a.") + b"= 1\n+++\n",
    "accents.txt": many(b"\xe9"),
    "pairs.txt": many(b"\x81\xa4"),
    "escapes.txt": many(b"\x1b$B"),
    "streams.txt.bz2": many(bz2.compress(b"")),
    "members.txt.gz": many(gzip.compress(b"")),
    "headers.tar": many(tarred({"ö" * 80 + ".txt": "x"})[:1024]),
    "links.tar": many(tarred({"d" * 120 + ".txt": "x"}, tarfile.GNU_FORMAT)[:1024]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_no_quadratic_time(name: str) -> None:
    outcome = Outcome()
    feed(name, HOSTILE[name], outcome)
    assert not outcome.faults
    assert outcome.slowest < LIMIT_SECONDS
