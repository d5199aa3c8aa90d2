"""Every damage is found, also where someone has made the checksums right; no bytes raise."""

from __future__ import annotations

import json
import random
import struct
import zlib
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from searchkit.codec import columns, keys, postings
from searchkit.codec.terms import Terms
from searchkit.errors import IndexNotFoundError, IndexTooNewError, StorageError
from searchkit.index import Snapshot, Writer, buffer, check, check_lists, segment
from searchkit.index.manifest import FORMAT, NAME, Manifest, file_id
from searchkit.record import Record
from searchkit.schema import Field, Kind, Schema
from searchkit.storage import DiskDirectory, MemoryDirectory, SectionReader, SectionWriter
from tests.formats.sample import build

Files = dict[str, bytes]

PATH = Path("index")
DOCS = 300
SCHEMA = Schema(
    {
        "text": Field("english"),
        "given": Field(),
        "counted": Field(positions=False),
        "tag": Field(frequencies=False, positions=False, lengths=False),
        "bare": Field(lengths=False),
    },
    {"number": Kind.INT, "part": Kind.FLOAT, "flag": Kind.BOOL, "label": Kind.BYTES},
)


def fill(writer: Writer, docs: int = DOCS, start: int = 0) -> None:
    """Terms in all documents, in some, in one; frequencies and lengths that vary."""
    for n in range(start, start + docs):
        often = 1 + n * n % 23
        writer.add(
            f"{n}.txt",
            texts={"text": ["aa " * often + f"otter w{n % 50} bb " * (n % 7), f"only{n} aa"]},
            terms={
                "given": [(b"here", 3), (b"here", 3), (b"there", n + 3)],
                "counted": [b"x"] * often + [b"y"] * (n % 5),
                "tag": [b"all", b"odd" if n % 2 else b"even"],
                "bare": [b"all"] * (n % 9 + 1),
            },
            stored={"n": n, "text": f"Otter {n}. " * 40},
            columns={"number": n, "part": n / 7, "flag": n % 3 == 0, "label": b"%d" % (n % 40)}
            if n % 4
            else {},
        )


def files_of(directory: MemoryDirectory) -> Files:
    return {name: bytes(directory.open(name)) for name in directory.names()}


def made(docs: int = DOCS) -> Files:
    directory = MemoryDirectory()
    with Writer(directory, SCHEMA) as writer:
        fill(writer, docs)
    return files_of(directory)


def with_deletions() -> Files:
    directory = MemoryDirectory(made())
    with Writer(directory) as writer:
        for n in range(60):
            writer.delete(f"{n}.txt")
        fill(writer, 40, DOCS)
    return files_of(directory)


@pytest.fixture(scope="module")
def whole() -> Files:
    return with_deletions()


def problems(files: Files) -> list[str]:
    return list(check.check(MemoryDirectory(files)))


def segment_of(files: Files) -> str:
    """The name of the largest segment."""
    return max((name for name in files if name.endswith(".seg")), key=lambda name: len(files[name]))


def sections(data: bytes) -> dict[str, tuple[int, int]]:
    """Where each section of a file begins and ends."""
    toc_at, toc_length = struct.unpack_from("<QI", data, len(data) - 24)
    toc = json.loads(data[toc_at : toc_at + toc_length])
    return {name: (at, at + length) for name, (at, length, _) in toc["sections"].items()}


def flipped(data: bytes, at: int, bit: int = 1) -> bytes:
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]


R = TypeVar("R", bound=Record)


def replace(record: R, **changes: object) -> R:
    return type(record)(**{**vars(record), **changes})


def with_manifest(files: Files, change: Callable[[Manifest], Manifest]) -> Files:
    return {**files, NAME: change(Manifest.decode(files[NAME], PATH)).encode()}


def remade(files: Files, name: str, change: Callable[[dict[str, bytes]], object]) -> Files:
    """A segment with other sections, and all that leads to it as a writer would have made it."""
    data = memoryview(files[name])
    reader = SectionReader(
        data, segment.KIND, versions=(segment.VERSION, segment.VERSION), path=PATH, name=name
    )
    contents = {section: bytes(reader.section(section)) for section in reader.names()}
    change(contents)
    directory = MemoryDirectory()
    with directory.create(name) as output:
        writer = SectionWriter(output, segment.KIND, segment.VERSION, file_id(name))
        for section, content in contents.items():
            segment.write_section(writer, section, content)
        writer.finish(reader.meta)
    new = bytes(directory.open(name))
    return with_manifest(
        {**files, name: new},
        lambda manifest: replace(
            manifest,
            segments=tuple(
                replace(info, length=len(new)) if info.name == name else info
                for info in manifest.segments
            ),
        ),
    )


# What is sound


def test_what_a_writer_wrote_is_sound(whole: Files) -> None:
    assert problems(whole) == []
    directory = MemoryDirectory(whole)
    Writer(directory).commit(merge_all=True)
    assert problems(files_of(directory)) == []


def test_the_sample_is_sound() -> None:
    directory = MemoryDirectory()
    build(directory)
    assert problems(files_of(directory)) == []


def test_an_empty_index_is_sound() -> None:
    directory = MemoryDirectory()
    Writer(directory, SCHEMA).commit()
    assert problems(files_of(directory)) == []
    assert problems(made(1)) == []


def test_segments_of_other_schemas_are_sound(whole: Files) -> None:
    directory = MemoryDirectory(whole)
    with Writer(directory) as writer:
        fields = {name: one for name, one in SCHEMA.fields.items() if name != "given"}
        writer.set_schema(Schema({**fields, "new": Field()}, {"later": Kind.BOOL}))
        writer.add("new", terms={"new": [b"one"]})
    assert problems(files_of(directory)) == []


@pytest.mark.parametrize(
    ("field", "terms"),
    [
        (Field(), [b"x"]),
        (Field(), [(b"x", 0)] * 100),
        (Field(lengths=False), [(b"x", 0)] * 100),
        (Field(lengths=False), [(b"x", 0)] * 2),
    ],
    ids=["one word", "a word 100 times", "without lengths", "twice"],
)
def test_words_that_stand_first_are_sound(
    field: Field, terms: list[bytes | tuple[bytes, int]]
) -> None:
    """Positions of 0 take hardly any room, however many there are."""
    directory = MemoryDirectory()
    for part in range(2):
        with Writer(directory, Schema({"t": field})) as writer:
            for n in range(500):
                writer.add(f"{part}.{n}", terms={"t": terms})
    places = dict.fromkeys(range(1000), [0] * len(terms))
    for _ in range(2):
        assert problems(files_of(directory)) == []
        with Snapshot(directory) as snapshot:
            found = snapshot.field("t").positions(b"x")
            assert {doc: list(its) for doc, its in found.items()} == places
        Writer(directory).commit(merge_all=True)


def test_long_lists_go_through_little_room(whole: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_lists, "_OUT_BYTES", 100)
    monkeypatch.setattr(check_lists, "_TOKENS_AT_ONCE", 200)
    assert problems(whole) == []


# What does not match its checksum


def test_a_changed_byte_is_found_and_its_section_named(whole: Files) -> None:
    random_ = random.Random(1)
    for name, data in whole.items():
        if name == NAME:
            continue
        for section, (begin, end) in sections(data).items():
            places = {begin, (begin + end) // 2, end - 1}
            places |= {random_.randrange(begin, end) for _ in range(2)}
            for at in places:
                found = problems({**whole, name: flipped(data, at, 1 << random_.randrange(8))})
                assert any(name in line and repr(section) in line for line in found), (section, at)


def test_a_changed_byte_between_sections_is_found() -> None:
    files = made(20)
    for name, data in files.items():
        places = set(range(len(data)))
        if name != NAME:
            for begin, end in sections(data).values():
                places -= set(range(begin, end))
            # Header, padding and footer whole, and some of the table of contents.
            ends = {at for at in places if at < 200 or at > len(data) - 60}
            places = ends | set(random.Random(2).sample(sorted(places), 100))
        for at in places:
            found = _found(problems, {**files, name: flipped(data, at)})
            assert any(name in line or "has format" in line for line in found), (name, at)


def _found(look: Callable[[Files], list[str]], files: Files) -> list[str]:
    try:
        return look(files)
    except StorageError as error:  # Of another format, as far as can be told.
        return [str(error)]


def test_several_damages_are_all_named(whole: Files) -> None:
    one, two, three = (name for name in whole if name != NAME)
    found = problems({**whole, one: whole[one][:-1], two: whole[two] + b"x"})
    assert len(found) == 2
    assert any(one in line and "in the place of" in line for line in found)
    gone = {name: data for name, data in whole.items() if name not in (one, three)}
    found = problems(gone)
    assert sorted(found) == sorted([f"{one} is missing", f"{three} is missing"])
    name = segment_of(whole)
    data = whole[name]
    for section in ("keys", "postings:text", "column:label"):
        data = flipped(data, sections(data)[section][0])
    found = problems({**whole, name: data})
    assert len(found) == 3
    for section in ("keys", "postings:text", "column:label"):
        assert any(repr(section) in line for line in found)


# The manifest


def test_no_manifest(whole: Files, tmp_path: Path) -> None:
    found = problems({name: data for name, data in whole.items() if name != NAME})
    assert found == [f"{NAME} is missing, and there are files of an index"]
    for path in (tmp_path, tmp_path / "nosuch", Path(__file__)):
        with pytest.raises(IndexNotFoundError):
            list(check.check(DiskDirectory(path)))


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"{" * 10_000, b"[" * 100_000, b'{"format": 1}', b"\xff" * 9]
)
def test_a_manifest_that_is_none(whole: Files, data: bytes) -> None:
    (line,) = problems({**whole, NAME: data})
    assert line.startswith(NAME)


def test_a_hostile_manifest(whole: Files) -> None:
    valid = json.loads(whole[NAME].splitlines()[1])
    segments = valid["segments"]
    for change in (
        {"generation": -1},
        {"segments": [{**segments[0], "name": "../../etc/passwd"}]},
        {"segments": [{**segments[0], "docs": 1 << 40}]},
        {"segments": [{**segments[0], "docs": segments[0]["length"]}]},
        {"segments": [segments[0], segments[0]]},
        {"schema": {}},
        {"schema": {**valid["schema"], "fields": {"text": {"analyzer": "nosuch"}}}},
        {"schema": {**valid["schema"], "fields": {"text": [1]}}},
        {"schema": {**valid["schema"], "columns": {"number": "pickle"}}},
    ):
        line = json.dumps({**valid, **change}).encode()
        crc = check_sum(line)
        data = b'{"format": %d, "crc32": "%08x", "manifest":\n%s\n}\n' % (FORMAT, crc, line)
        assert problems({**whole, NAME: data}), change


def check_sum(line: bytes) -> int:
    return zlib.crc32(b"%d\n%s" % (FORMAT, line))


def test_a_later_format_is_no_damage(whole: Files) -> None:
    line = b"{}"
    crc = zlib.crc32(b"99\n" + line)
    data = b'{"format": 99, "crc32": "%08x", "manifest":\n%s\n}\n' % (crc, line)
    with pytest.raises(IndexTooNewError):
        problems({**whole, NAME: data})


def test_another_count_of_deletions(whole: Files) -> None:
    def change(manifest: Manifest) -> Manifest:
        first = manifest.segments[0]
        assert first.deletions is not None
        fewer = replace(first.deletions, count=first.deletions.count - 1)
        return replace(manifest, segments=(replace(first, deletions=fewer), *manifest.segments[1:]))

    (name,) = (name for name in whole if name.endswith(".del"))
    (line,) = problems(with_manifest(whole, change))
    assert line.startswith(name)


def test_another_number_of_documents(whole: Files) -> None:
    def change(manifest: Manifest) -> Manifest:
        first, *rest = manifest.segments
        return replace(manifest, segments=(first, replace(rest[0], docs=rest[0].docs + 1)))

    assert "another number of documents" in problems(with_manifest(whole, change))[0]


# Wrong, with the right checksums


def test_a_section_too_few_and_one_too_many(whole: Files) -> None:
    name = segment_of(whole)
    found = problems(remade(whole, name, lambda contents: contents.pop("keys.index")))
    assert found == [f"{name} has no section 'keys.index'"]
    found = problems(remade(whole, name, lambda contents: contents.update({"more": b"x"})))
    assert found == [f"{name} has a section 'more' of no field and no column"]


@pytest.fixture
def lying(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a function of the writer do something more to what it gives."""

    def lie(where: Any, name: str, change: Callable[..., Any]) -> None:
        honest = getattr(where, name)

        def liar(*arguments: Any, **named: Any) -> Any:
            return change(honest, *arguments, **named)

        monkeypatch.setattr(where, name, liar)

    return lie


def only(found: list[str], section: str, what: str) -> None:
    (line,) = found
    assert f", section {section!r}: " in line and what in line


def test_a_wrong_length(lying: Callable[..., None]) -> None:
    def change(honest: Any, writer: SectionWriter, name: str, lengths: array[int]) -> None:
        lengths = lengths[:]
        if name == "counted":
            lengths[3] += 1
        honest(writer, name, lengths)

    lying(buffer, "write_lengths", change)
    only(problems(made(100)), "lengths:counted", "document 3 has a length of 14 and 13 tokens")


def test_a_wrong_total_of_lengths(whole: Files) -> None:
    def change(contents: dict[str, bytes]) -> None:
        contents["lengths:counted"] = flipped(contents["lengths:counted"], 0)

    only(problems(remade(whole, segment_of(whole), change)), "lengths:counted", "another total")


def test_a_wrong_key(lying: Callable[..., None]) -> None:
    def change(honest: Any, writer: Any, text: bytes, ends: array[int]) -> None:
        honest(writer, text.replace(b"7.txt", b"other", 1), ends)

    lying(keys.KeysWriter, "extend", change)
    only(problems(made()), "postings:_key", "names document 7, whose key is 'other'")


def test_a_record_that_is_none(lying: Callable[..., None]) -> None:
    def change(honest: Any, values: dict[str, object]) -> bytes:
        return b"[" * 5000 if values["n"] == 70 else bytes(honest(values))

    lying(buffer, "encode_values", change)
    only(problems(made()), "stored", "document 70 or the next")


@pytest.mark.parametrize("kind", list(Kind))
def test_a_column_that_says_other_than_its_values(lying: Callable[..., None], kind: Kind) -> None:
    def change(honest: Any, of: Kind, values: list[columns.Value | None]) -> bytes:
        section: bytes = honest(of, values)
        return flipped(section, 8) if of is kind else section  # How many are missing.

    lying(buffer, "encode_column", change)
    (name,) = (name for name, of in SCHEMA.columns.items() if of is kind)
    only(problems(made()), f"column:{name}", "")


def test_an_ordinal_that_does_not_exist(lying: Callable[..., None]) -> None:
    def change(honest: Any, of: Kind, values: list[columns.Value | None]) -> bytes:
        section: bytes = honest(of, values)
        return flipped(section, 24 + 5, 0x80) if of is Kind.BYTES else section

    lying(buffer, "encode_column", change)
    only(problems(made()), "column:label", "ordinal")


def test_a_wrong_number_of_tokens(lying: Callable[..., None]) -> None:
    def change(honest: Any, writer: Any) -> None:
        honest(writer)
        if writer._frequencies and not writer._positions:
            writer.cf[0] += 1

    lying(postings.PostingsWriter, "finish", change)
    only(problems(made()), "postings:counted", "the list of 'x' has ")


def test_a_wrong_number_of_documents(lying: Callable[..., None]) -> None:
    def change(honest: Any, writer: Any) -> None:
        honest(writer)
        if writer._frequencies and not writer._positions:
            writer.df[1] = writer.cf[1] = DOCS + 1

    lying(postings.PostingsWriter, "finish", change)
    assert any("'y' is in 301 of 300 documents" in line for line in problems(made()))


class Text:
    """An index of one field, whose list of the term that stands first is changed before its
    checksum is made.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, docs: int = DOCS) -> None:
        self.docs = docs
        self.change: Callable[[bytearray, bytearray], object] = lambda out, places: None
        honest = postings.PostingsWriter._take

        def take(writer: Any, *arguments: Any) -> None:
            if writer._positions:
                self.change(writer._out, writer._positions_out)
                self.sizes = (arguments[1][0], arguments[2][0])
            honest(writer, *arguments)

        monkeypatch.setattr(postings.PostingsWriter, "_take", take)
        monkeypatch.setattr(postings, "_OUT_BYTES", 1 << 16)

    def problems(self) -> list[str]:
        directory = MemoryDirectory()
        with Writer(directory, Schema({"text": Field("english")})) as writer:
            for n in range(self.docs):
                length, often = 30 - n * 7 % 23, 1 + n * n % 5
                writer.add(f"{n}", texts={"text": "zz " * length + "aa " * often})
        return list(check.check(directory))


def test_wrong_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    text = Text(monkeypatch)
    assert text.problems() == []

    def more(at: Callable[[bytearray], int]) -> str:
        def change(out: bytearray, places: bytearray) -> None:
            out[at(out)] += 1

        text.change = change
        (line,) = text.problems()
        assert ", section 'postings:text': the list of 'aa' " in line
        return line

    lasts, blocks = 1 + 3 * 16, 3

    def entry(at: int, block: int = 0) -> Callable[[bytearray], int]:
        return lambda out: lasts + 4 * blocks + 27 * block + at

    assert "impacts that" in more(lambda out: 1)
    assert "impacts that" in more(lambda out: 1 + 16)
    assert "impacts of block 0" in more(entry(12))
    assert "impacts of block 2" in more(entry(12, 2))
    assert "impacts of block 1" in more(entry(12 + 5, 1))
    assert more(entry(8))


@pytest.mark.parametrize("docs", [40, DOCS])
def test_no_bit_of_a_list_can_be_another(monkeypatch: pytest.MonkeyPatch, docs: int) -> None:
    text = Text(monkeypatch, docs)
    assert text.problems() == []
    postings_bytes, _ = text.sizes
    for at in range(0, postings_bytes, 1 if docs < 129 else 3):
        text.change = lambda out, places, at=at: out.__setitem__(at, out[at] ^ 1 << at % 8)  # type: ignore[misc]
        found = text.problems()
        # Another document, still in order, leaves two with another length than they have tokens;
        # another frequency gives positions to other documents.
        named = [f"'{kind}:text'" for kind in ("postings", "positions", "lengths")]
        assert any(section in line for line in found for section in named), at
    text.change = lambda out, places: places.__setitem__(slice(0, 60), bytes(60))
    assert any("'positions:text': the list of 'aa'" in line for line in text.problems())


def test_lists_with_long_terms_and_control_characters_are_shown_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert check_lists._shown(b"\x1b[2J\xff") == "'\\x1b[2J\ufffd'"
    assert len(check_lists._shown(b"x" * 70_000)) < 80


def changed(files: Files, seed: int) -> Iterator[tuple[str, Files]]:
    random_ = random.Random(seed)
    name = segment_of(files)
    for section in sections(files[name]):
        for _ in range(4):

            def change(contents: dict[str, bytes], section: str = section) -> None:
                data = contents[section]
                for _ in range(random_.choice([1, 1, 4])):
                    data = flipped(data, random_.randrange(len(data)), random_.randrange(1, 256))
                contents[section] = data

            yield section, remade(files, name, change)


def test_no_bytes_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither with the checksums inside the sections, nor if those were right as well."""
    files = made(150)
    for _, damaged in changed(files, 1):
        problems(damaged)

    def seen(terms: Any, which: int, block: int) -> None:
        terms._runs_seen[which][block] = 1

    monkeypatch.setattr(Terms, "_verify_checksums", lambda *_: None)
    monkeypatch.setattr(Terms, "_verify_run", seen)
    found = 0
    for section, damaged in changed(files, 2):
        lines = problems(damaged)
        found += bool(lines)
        if section.partition(":")[0] in ("keys", "keys.index", "stored", "stored.index"):
            assert lines, section
    assert found > 40


def test_many_problems_of_one_section_are_counted(lying: Callable[..., None]) -> None:
    def change(honest: Any, writer: SectionWriter, name: str, lengths: array[int]) -> None:
        honest(writer, name, [length + 1 for length in lengths])

    lying(buffer, "write_lengths", change)
    found = [line for line in problems(made(100)) if "'lengths:counted'" in line]
    assert len(found) == check._MOST_PROBLEMS + 1
    assert found[-1].endswith("90 more problems")
