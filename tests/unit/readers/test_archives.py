"""Archives and compressed files: what they may take, where their members may lie."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
import time
import zipfile
from contextlib import suppress

import pytest

from searchkit.document import Document
from searchkit.readers import Options, Source, read
from searchkit.readers.contract import UnreadableError
from tests.golden.packed_samples import MOMENT, tarred, zipped, zstd

SMALL = Options(most_expanded_bytes=2 << 20)


def documents(name: str, data: bytes, options: Options = SMALL) -> tuple[list[Document], Source]:
    source = Source(data, name, 1.0, options)
    return list(read(source)), source


def refused(name: str, data: bytes, options: Options = SMALL) -> str:
    with pytest.raises(UnreadableError) as raised:
        documents(name, data, options)
    return str(raised.value)


@pytest.mark.parametrize(
    ("suffix", "compress"),
    [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress), (".zst", zstd)],
)
def test_a_compressed_file_that_expands_too_far_is_refused(suffix: str, compress: object) -> None:
    data = compress(b"a " * (2 << 20))  # type: ignore[operator]
    assert refused("a.txt" + suffix, data) == "expands to more than 2 MB"
    small = compress(b"Notes\n\nBuy rope.\n" * 100)  # type: ignore[operator]
    (document,), _ = documents("a.txt" + suffix, small)
    assert document.key == "a.txt" + suffix and document.title == "Notes"
    for end in range(1, len(small), 3):
        try:
            (document,), source = documents("a.txt" + suffix, small[:end])
        except UnreadableError as error:
            assert str(error) == "its compressed data ends too early"
        else:
            assert ("Notes\n\nBuy rope.\n" * 100).startswith(document.text)
            ((key, reason),) = source.failures
            assert key == "a.txt" + suffix and reason.startswith("its compressed data ends too")


@pytest.mark.parametrize("is_cut", [True, False])
def test_of_a_damaged_compressed_file_the_beginning_is_read(is_cut: bool) -> None:
    rows = "".join(f'{{"id": {n}, "text": "{random.Random(n).random()}"}}\n' for n in range(5000))
    data = bytearray(gzip.compress(rows.encode()))
    half = len(data) // 2
    data[half:] = b"" if is_cut else b"\xff" * half
    found, source = documents("a.jsonl.gz", bytes(data))
    assert len(found) > 1000 and [one.key for one in found[:2]] == ["a.jsonl.gz/0", "a.jsonl.gz/1"]
    key, reason = source.failures[0]
    assert key == "a.jsonl.gz" and reason.endswith("what comes before that is read")


@pytest.mark.parametrize(
    "name", "a.txt a.jsonl a.csv a.docx a.pdf a.zip a.tar a.tar.gz a.txt.gz a.eml a.mbox".split()
)
def test_an_empty_file_of_any_kind_is_no_failure(name: str) -> None:
    (document,), source = documents(name, b"")
    assert (document.key, document.title, document.text) == (name, "a", "")
    assert not source.failures


def test_all_that_is_packed_in_a_file_takes_from_one_budget() -> None:
    inner = zipped({f"{number}.txt": b"a " * 200_000 for number in range(3)})
    source = Source(zipped({f"{number}.zip": inner for number in range(9)}), "a.zip", 1.0, SMALL)
    with pytest.raises(UnreadableError, match="expands to more than 2 MB"):
        list(read(source))
    assert source.budget.expanded_bytes < 4 << 20


def test_members_that_overlap_take_from_it_each() -> None:
    archive = bytearray(zipped({f"{number}.txt": b"a " * 400_000 for number in range(9)}))
    # All entries of the directory are the first member.
    at = archive.find(b"PK\x01\x02")
    while at >= 0:
        archive[at + 42 : at + 46] = b"\0\0\0\0"
        archive[at + 46 : at + 47] = b"0"
        at = archive.find(b"PK\x01\x02", at + 1)
    source = Source(bytes(archive), "a.zip", 1.0, SMALL)
    # Some releases of the library refuse all but the first for it.
    with suppress(UnreadableError):
        assert len(list(read(source))) == 1
        assert len(source.failures) == 8
    assert source.budget.expanded_bytes < 4 << 20


def test_archives_lie_in_each_other_only_so_deep() -> None:
    data = zipped({"a.txt": b"words"})
    for _ in range(7):
        data = zipped({"in.zip": data})
    found, source = documents("a.zip", data)
    assert not found
    assert source.failures == [("a.zip" + "/in.zip" * 6, "files lie in it more than 5 levels deep")]


def test_what_is_no_file_is_left_out() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in {
            "link.txt": tarfile.SYMTYPE,
            "hard.txt": tarfile.LNKTYPE,
            "device.txt": tarfile.CHRTYPE,
            "pipe.txt": tarfile.FIFOTYPE,
            "folder.txt": tarfile.DIRTYPE,
        }.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    assert documents("a.tar", buffer.getvalue())[0] == []


def test_a_member_has_its_own_time() -> None:
    (document,), _ = documents("a.tar", tarred({"a.txt": b"words"}))
    assert document.modified == MOMENT
    (document,), _ = documents("a.zip", zipped({"a.txt": b"words"}))
    assert time.localtime(document.modified)[:4] == (2024, 5, 1, 12)


@pytest.mark.parametrize(
    "path",
    ["/etc/x.txt", "../../x.txt", "a/../../x.txt", "C:\\a\\..\\x.txt", "./x.txt", "a/./x.txt"],
)
def test_paths_stay_below_the_archive(path: str) -> None:
    for name, data in (("a.zip", zipped({path: b"w"})), ("a.tar", tarred({path: b"w"}))):
        (document,), _ = documents(name, data)
        parts = document.key.split("/")
        assert parts[0] == name and not {"", ".", ".."} & set(parts)


def test_an_archive_with_too_many_members_is_refused_at_once() -> None:
    began = time.process_time()
    data = b"PK\x01\x02" + b"PK\x01\x02" * 200_000
    assert refused("a.zip", data) == "holds more than 200,000 files"
    assert time.process_time() - began < 1


def test_a_tar_that_leads_back_ends() -> None:
    archive = bytearray(tarred({"a.txt": b"w"}, tarfile.GNU_FORMAT))
    # A negative size, in GNU's base 256, with its checksum mended.
    archive[124:136] = b"\xff" * 10 + b"\xfc\x00"
    archive[148:156] = b" " * 8
    archive[148:156] = b"%06o\0 " % sum(archive[:512])
    assert "cannot be read as a tar archive" in refused("a.tar", bytes(archive))


def test_a_wrong_checksum_is_said() -> None:
    data = bytearray(zipped({"a.txt": b"words", "b.txt": b"more"}, zipfile.ZIP_STORED))
    data[data.index(b"words")] ^= 1
    found, source = documents("a.zip", bytes(data))
    assert [one.key for one in found] == ["a.zip/b.txt"]
    assert source.failures == [("a.zip/a.txt", "cannot be unpacked (Bad CRC-32 for file 'a.txt')")]
