"""Bytes made to attack, with right checksums: answers may be wrong, but nobody dies or waits.

A worker process takes the sample index, changes bytes of some section, makes every checksum right
again, and asks everything. It must end well: each question with an answer or a ``StorageError``.
"""

from __future__ import annotations

import faulthandler
import json
import os
import random
import struct
import subprocess
import sys
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from searchkit.codec import postings as postings_codec
from searchkit.codec.stored import zstd
from searchkit.errors import IndexCorruptError, StorageError
from searchkit.index import Snapshot, Writer
from searchkit.index.manifest import FORMAT, NAME, Manifest, SegmentInfo, file_id
from searchkit.index.segment import KIND, VERSION
from searchkit.schema import Field, Schema
from searchkit.search import search
from searchkit.storage import MemoryDirectory, SectionReader, SectionWriter
from searchkit.tree import And, Or, Phrase, Term
from tests.crash.test_bit_flips import Files, sample
from tests.formats.sample import QUESTIONS

ROOT = Path(__file__).parents[2]
PATH = Path("(hostile)")
SECONDS_A_CASE = 10.0
SECONDS_BY_HAND = 4.0

Sections = dict[str, bytearray]


# Taking an index apart and putting it together


def take_apart(files: Files, name: str) -> tuple[Sections, dict[str, object]]:
    reader = SectionReader(
        memoryview(files[name]), KIND, versions=(1, VERSION), path=PATH, name=name
    )
    return {one: bytearray(reader.section(one)) for one in reader.names()}, reader.meta


def put_together(files: Files, name: str, sections: Sections, meta: dict[str, object]) -> Files:
    """The index with another content of segment ``name``, whose checksums are all right."""
    reseal(sections)
    directory = MemoryDirectory()
    with directory.create(name) as output:
        writer = SectionWriter(output, KIND, VERSION, file_id(name))
        for one, data in sections.items():
            writer.begin(one)
            writer.write(data)
            writer.end()
        writer.finish(meta)
    data = bytes(directory.open(name))
    manifest = Manifest.decode(files[NAME], PATH)
    segments = tuple(
        SegmentInfo(name, len(data), one.docs, one.deletions) if one.name == name else one
        for one in manifest.segments
    )
    changed = Manifest(FORMAT, manifest.generation, manifest.schema, segments)
    return {**files, name: data, NAME: changed.encode()}


def reseal(sections: Sections) -> None:
    """Make the checksums inside sections right."""
    for name, index in sections.items():
        if name.startswith("terms.index:"):
            with suppress(struct.error):
                _reseal_terms(index, sections, name.partition(":")[2])
    blocks = (len(sections["stored.index"]) - 12) // 20
    index, stored = sections["stored.index"], sections["stored"]
    for block in range(blocks):
        start, end = struct.unpack_from("<QQ", index, 8 * block)
        if end <= len(stored):
            crc = zlib.crc32(stored[start:end])
            struct.pack_into("<I", index, len(index) - 4 * (blocks - block), crc)


def _reseal_terms(index: bytearray, sections: Sections, field: str) -> None:
    count = struct.unpack_from("<Q", index)[0]
    blocks = -(-count // 32)
    if len(index) != 16 + 24 * (blocks + 1) + 12 * blocks:
        return
    for which, name in enumerate(("terms", "postings", "positions")):
        data = sections[f"{name}:{field}"]
        for block in range(blocks):
            at = 16 + 8 * (which * (blocks + 1) + block)
            start, end = struct.unpack_from("<QQ", index, at)
            if start <= end <= len(data):
                place = 16 + 24 * (blocks + 1) + 12 * block + 4 * which
                struct.pack_into("<I", index, place, zlib.crc32(data[start:end]))


def attack(files: Files, chance: random.Random) -> tuple[str, Files]:
    """Some bytes of one section changed, with right checksums."""
    segments = [
        name for name in sorted(files, key=lambda n: len(files[n])) if name.endswith(".seg")
    ]
    name = chance.choice(segments)
    sections, meta = take_apart(files, name)
    kinds = sorted({one.partition(":")[0] for one in sections if sections[one]})
    kind = chance.choice(kinds)
    target = chance.choice([o for o in sections if o.partition(":")[0] == kind and sections[o]])
    data = sections[target]
    if target == "stored":
        # Otherwise nothing gets past Zstandard.
        _attack_stored(sections, chance)
    else:
        for _ in range(chance.choice((1, 1, 2, 5))):
            _attack_bytes(data, chance)
    return f"{target} of {len(data)} bytes", put_together(files, name, sections, meta)


def _attack_bytes(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    match chance.randrange(6):
        case 0:
            data[at] ^= 1 << chance.randrange(8)
        case 1:
            data[at] = chance.choice((0, 1, 0x1F, 0x20, 0x21, 0x7F, 0x80, 0xFF))
        case 2:
            data[at] = chance.randrange(256)
        case 3:
            few = min(chance.choice((4, 8)), len(data) - at)
            value = chance.choice((0, 1, 1 << 31, (1 << 31) - 1, (1 << 32) - 1, (1 << 63) - 1))
            value = value + chance.choice((-1, 0, 1, 2)) & (1 << 64) - 1
            data[at : at + few] = value.to_bytes(8, "little")[:few]
        case 4:
            few = min(chance.randrange(1, 40), len(data) - at)
            data[at : at + few] = chance.randbytes(few)
        case 5:
            few = min(8, len(data) - at)
            other = chance.randrange(len(data) - few + 1)
            data[at : at + few] = data[other : other + few]


def _attack_stored(sections: Sections, chance: random.Random) -> None:
    stored, index = sections["stored"], sections["stored.index"]
    blocks = (len(index) - 12) // 20
    if blocks != 1:
        _attack_bytes(stored, chance)
        return
    data = bytearray(zstd.ZstdDecompressor().decompress(bytes(stored)))
    _attack_bytes(data, chance)
    stored[:] = zstd.compress(bytes(data))
    struct.pack_into("<Q", index, 8, len(stored))


# The worker


def ask_everything(files: Files, merges: bool) -> Counter[str]:
    """How the questions, a deletion and a merge ended: with what else but an answer or an error
    that says what is damaged.
    """
    ends: Counter[str] = Counter()

    def attempt(name: str, act: Callable[[], object]) -> None:
        try:
            act()
        except StorageError:
            ends["detected"] += 1
        except Exception as error:
            place = error.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            where = place.tb_frame.f_code.co_qualname if place else ""
            ends[f"OTHER: {type(error).__name__} in {where}"] += 1

    try:
        snapshot = Snapshot(MemoryDirectory(files))
    except StorageError:
        ends["refused"] += 1
        return ends
    for name, question in QUESTIONS.items():
        attempt(name, lambda question=question: question(snapshot))
    ends["asked"] += 1
    if merges:
        directory = MemoryDirectory(files)

        def delete() -> None:
            with Writer(directory) as writer:
                writer.delete("notes/2.md")

        attempt("delete", delete)
        attempt("merge", lambda: Writer(directory).commit(merge_all=True))
    return ends


def work(seed: int, count: int) -> None:
    postings_codec._OUT_BYTES = 1 << 16
    chance = random.Random(seed)
    files = sample()
    ends: Counter[str] = Counter()
    for number in range(count):
        what, attacked = attack(files, chance)
        print(f"# {seed} {number}: {what}", flush=True)
        faulthandler.dump_traceback_later(SECONDS_A_CASE, exit=True)
        ends += ask_everything(attacked, number % 4 == 0)
    faulthandler.cancel_dump_traceback_later()
    print(json.dumps(ends))


def run_worker(*arguments: str) -> Counter[str]:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", __spec__.name, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        timeout=3600,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, f"{done.returncode} at {lines[-1:]}: {done.stderr[-3000:]}"
    ends = Counter[str](json.loads(lines[-1]))
    print(dict(ends))
    return ends


def test_nothing_changed_is_nothing_damaged() -> None:
    files = sample()
    for name in files:
        if name.endswith(".seg"):
            assert put_together(files, name, *take_apart(files, name)) == files


def test_hostile_bytes() -> None:
    ends = run_worker("random", "1", "150")
    assert ends["asked"] > 100
    assert not [end for end in ends if end.startswith("OTHER")]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_many_hostile_bytes(seed: int) -> None:
    ends = run_worker("random", str(seed), "2000")
    assert not [end for end in ends if end.startswith("OTHER")]


# Made by hand


def made_by_hand(documents: list[list[bytes]], change: Callable[[Sections], None]) -> Files:
    directory = MemoryDirectory()
    with Writer(directory, Schema({"t": Field()})) as writer:
        for number, terms in enumerate(documents):
            writer.add(str(number), terms={"t": terms})
    files = {name: bytes(directory.open(name)) for name in directory.names()}
    name = next(name for name in files if name.endswith(".seg"))
    sections, meta = take_apart(files, name)
    change(sections)
    return put_together(files, name, sections, meta)


def block_that_ends_before_it_begins() -> None:
    """The entry of the second block of a list says a last document below all of its own."""

    def change(sections: Sections) -> None:
        data = sections["postings:t"]
        lasts = 1 + 3 * 16
        last = struct.unpack_from("<I", data, lasts)[0]
        struct.pack_into("<I", data, lasts + 4, last + 1)

    # The first documents fill the heap with scores that those of the second block cannot reach.
    documents = [[b"a"] * 9] * 5 + [[b"a"]] * 123 + [[b"b"]] * 50 + [[b"a"] + [b"c"] * 50] * 200
    files = made_by_hand(documents, change)
    snapshot = Snapshot(MemoryDirectory(files))
    for tree in (
        Term("t", "a"),
        Or((Term("t", "a"), Term("t", "b"))),
        And((Term("t", "a"), Term("t", "c"))),
        Phrase("t", ("a", "c")),
    ):
        with suppress(StorageError):
            search(snapshot, tree, 3)


def four_billion_positions_of_no_bits() -> None:
    """A frequency of 2 ** 32, and positions that take no room."""

    def change(sections: Sections) -> None:
        data = sections["postings:t"]
        # Two lists of one posting: doc_bits, tf_bits, position_bits, base, tf.
        assert len(data) == 2 * 7 + 8
        one = bytes([0, 32, 0]) + bytes(4) + b"\xff" * 4
        data[:] = one + one + bytes(8)
        index, terms = sections["terms.index:t"], sections["terms:t"]
        # The second column of the table: where the run of the only block ends; its lists' lengths.
        struct.pack_into("<Q", index, 16 + 8 * 3, 22)
        assert terms.count(bytes([1, 0, 7])) == 2
        terms[:] = terms.replace(bytes([1, 0, 7]), bytes([1, 0, 11]))

    files = made_by_hand([[b"a"], [b"b"]], change)
    snapshot = Snapshot(MemoryDirectory(files))
    with suppress(StorageError):
        search(snapshot, Phrase("t", ("a", "b")), 3)


def varint(value: int) -> bytes:
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def more_positions_than_bytes(occurrences: int) -> MemoryDirectory:
    """A dictionary and lengths that say of a term of 4 documents that it is there so often."""

    def change(sections: Sections) -> None:
        lengths = sections["lengths:t"]
        lengths[:] = struct.pack("<QII", 4 * (2**32 - 1), 4, 4) + b"\xff" * 16 + bytes(8)
        index, terms = sections["terms.index:t"], sections["terms:t"]
        # The numbers of a term begin with df | cf - df.
        at = terms.index(bytes([4, 0]), 8)
        terms[at + 1 : at + 2] = varint(occurrences - 4)
        struct.pack_into("<Q", index, 16 + 8, len(terms))

    return MemoryDirectory(made_by_hand([[b"a", b"b"]] * 4, change))


def memory_for_what_is_not_there() -> None:
    tracemalloc.start()
    for occurrences in (100_000_000, 2**33):
        directory = more_positions_than_bytes(occurrences)
        snapshot = Snapshot(directory)
        with pytest.raises(IndexCorruptError):
            snapshot.field("t").positions(b"a")
        with pytest.raises(IndexCorruptError):
            search(snapshot, Phrase("t", ("a",) * 65), 3)
        snapshot.close()
        with Writer(directory) as writer:
            writer.delete("1")
        with pytest.raises(IndexCorruptError):
            Writer(directory).commit(merge_all=True)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000


def blocks_that_share_their_positions() -> None:
    """The first posting of each block claims all positions of the list."""
    blocks, size = 40, 2_000
    docs = 128 * blocks

    def change(sections: Sections) -> None:
        # doc_bits 7, tf_bits 32, position_bits 1.
        numbers = sum(number << 7 * number for number in range(128)).to_bytes(112, "little")
        payload = numbers + struct.pack("<I", 8 * size - 1 - 127) + bytes(4 * 127)
        lasts = b"".join(struct.pack("<I", 128 * block + 127) for block in range(blocks))
        entry = bytes(8) + bytes([7, 32, 1]) + bytes([1, 255]) + bytes(17)
        one = bytes(1 + 3 * 16) + lasts + entry * blocks + payload
        sections["postings:t"][:] = one + one + bytes(8)
        sections["positions:t"][:] = bytes(2 * size + 8)
        index, terms = sections["terms.index:t"], sections["terms:t"]
        del terms[4 + struct.unpack_from("<I", terms)[0] :]
        for _ in range(2):
            terms += varint(docs) + varint(0) + varint(len(one)) + varint(size)
        struct.pack_into("<Q", index, 16 + 8, len(terms))
        struct.pack_into("<Q", index, 16 + 8 * 3, 2 * len(one))
        struct.pack_into("<Q", index, 16 + 8 * 5, 2 * size)

    snapshot = Snapshot(MemoryDirectory(made_by_hand([[b"a", b"b"]] * docs, change)))
    for slop in (1, 2):
        with pytest.raises(IndexCorruptError):
            search(snapshot, Phrase("t", ("a", "b"), slop), 3)


BY_HAND = {
    one.__name__: one
    for one in (
        block_that_ends_before_it_begins,
        blocks_that_share_their_positions,
        four_billion_positions_of_no_bits,
        memory_for_what_is_not_there,
    )
}


@pytest.mark.parametrize("name", BY_HAND)
def test_made_by_hand(name: str) -> None:
    run_worker("by-hand", name)


# Manifests

DEEP = b"[" * 100_000 + b"]" * 100_000
HUGE = 10**30


def with_manifest(files: Files, change: Callable[[bytes], bytes]) -> Files:
    """The index with the manifest's line changed, and its checksum right."""
    line = change(files[NAME].split(b"\n")[1])
    crc = zlib.crc32(line, zlib.crc32(b"%d\n" % FORMAT))
    text = b'{"format": %d, "crc32": "%08x", "manifest":\n%s\n}\n' % (FORMAT, crc, line)
    return {**files, NAME: text}


def json_changed(change: Callable[[dict[str, object]], object]) -> Callable[[bytes], bytes]:
    def changed(line: bytes) -> bytes:
        value = json.loads(line)
        change(value)
        return json.dumps(value).encode()

    return changed


def segment(**values: object) -> Callable[[bytes], bytes]:
    return json_changed(lambda value: value["segments"][0].update(values))  # type: ignore[index]


def schema(**values: object) -> Callable[[bytes], bytes]:
    return json_changed(lambda value: value["schema"].update(values))  # type: ignore[attr-defined]


A_FIELD = {"analyzer": None, "frequencies": True, "positions": True, "lengths": True}
MANIFESTS: dict[str, Callable[[bytes], bytes]] = {
    "path up": segment(name="../../etc/passwd"),
    "path up with our suffix": segment(name=f"../{'0' * 32}.seg"),
    "absolute path": segment(name=f"/{'0' * 32}.seg"),
    "a file that is not there": segment(name=f"{'0' * 32}.seg"),
    "name with a NUL": segment(name=f"{'0' * 32}.seg\0"),
    "name that is no string": segment(name=["x"]),
    "huge docs": segment(docs=HUGE),
    "docs of 31 bits": segment(docs=(1 << 31) - 1),
    "one document more": json_changed(
        lambda v: v["segments"][1].update(docs=v["segments"][1]["docs"] + 1)  # type: ignore[index]
    ),
    "one document less": json_changed(
        lambda v: v["segments"][1].update(docs=v["segments"][1]["docs"] - 1)  # type: ignore[index]
    ),
    "negative docs": segment(docs=-1),
    "docs that are a float": segment(docs=1.0),
    "docs that are true": segment(docs=True),
    "huge length": segment(length=HUGE),
    "negative length": segment(length=-5),
    "deletions that are a path": segment(deletions={"name": "../x.del", "length": 200, "count": 1}),
    "more deleted than there are": segment(
        deletions={"name": f"{'0' * 32}.del", "length": 200, "count": HUGE}
    ),
    "a file twice": json_changed(lambda v: v["segments"].append(v["segments"][0])),  # type: ignore[attr-defined,index]
    "no segments": json_changed(lambda v: v.pop("segments")),  # type: ignore[attr-defined]
    "segments that are a number": json_changed(lambda v: v.update(segments=7)),
    "huge generation": json_changed(lambda v: v.update(generation=HUGE)),
    "generation 0": json_changed(lambda v: v.update(generation=0)),
    "something more": json_changed(lambda v: v.update(more=1)),
    "deep JSON": lambda line: DEEP,
    "deep schema": lambda line: line.replace(b'"extra":{', b'"extra":{"deep":' + DEEP + b","),
    "a number of a million digits": lambda line: line.replace(
        b'"generation":3', b'"generation":' + b"9" * 1_000_000
    ),
    "NaN": lambda line: line.replace(b'"generation":3', b'"generation":NaN'),
    "not UTF-8": lambda line: line.replace(b"tests", b"\xff\xfe"),
    "not JSON": lambda line: b"__import__('os').system('true')",
    "a name twice": lambda line: line.replace(b'"generation":3', b'"generation":3,"generation":3'),
    "a schema without fields": schema(fields=None),
    "a schema with a field of no kind": schema(fields={"text": 5}),
    "a field with more": schema(fields={"text": {**A_FIELD, "more": 1}}),
    "a field whose flags are numbers": schema(fields={"text": {**A_FIELD, "positions": 7}}),
    "columns of no kind": schema(columns={"int": "pickle"}),
    "columns of a list": schema(columns={"int": ["int"]}),
    "columns of objects": schema(columns={"int": {}}),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_hostile_manifest(name: str) -> None:
    files = with_manifest(sample(), MANIFESTS[name])
    with pytest.raises(IndexCorruptError):
        Snapshot(MemoryDirectory(files))
    with pytest.raises(IndexCorruptError):
        Writer(MemoryDirectory(files))


SCHEMAS: dict[str, dict[str, object]] = {
    "a field that is not in the files": {"fields": {"absent": A_FIELD}},
    "a column that is not in the files": {"columns": {"absent": "int"}},
    "a column of another kind": {"columns": {"int": "float"}},
    "an analyzer that nobody knows": {"fields": {"text": {**A_FIELD, "analyzer": "os.system"}}},
    "lengths that are not there": {"fields": {"tag": A_FIELD}},
    "positions that are not there": {"fields": {"long": A_FIELD}},
    "no fields": {"fields": {}},
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_that_does_not_fit(name: str) -> None:
    files = with_manifest(sample(), schema(**SCHEMAS[name]))
    with suppress(StorageError):
        snapshot = Snapshot(MemoryDirectory(files))
        for one in snapshot.schema.fields:
            with suppress(StorageError):
                search(snapshot, Phrase(one, ("x", "x")), 3)
                search(snapshot, Or((Term(one, "x"), Term(one, "t001"))), 3)
        for one in snapshot.schema.columns:
            with suppress(StorageError):
                snapshot.column_value(one, 0)
    with suppress(StorageError):
        Writer(MemoryDirectory(files)).commit(merge_all=True)


def test_a_manifest_too_long() -> None:
    files = sample()
    files[NAME] = files[NAME] + b" " * (17 << 20)
    with pytest.raises(IndexCorruptError):
        Snapshot(MemoryDirectory(files))


if __name__ == "__main__":
    if sys.argv[1] == "random":
        work(int(sys.argv[2]), int(sys.argv[3]))
    else:
        faulthandler.dump_traceback_later(SECONDS_BY_HAND, exit=True)
        BY_HAND[sys.argv[2]]()
        faulthandler.cancel_dump_traceback_later()
        print("{}")
