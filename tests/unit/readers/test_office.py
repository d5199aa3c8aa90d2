"""Word processors' files, presentations, books and PDFs: bounds, damage, and hostile ones."""

from __future__ import annotations

import contextlib
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.document import Document
from searchkit.passages import cut
from searchkit.readers import Options, Source, packages, read
from searchkit.readers.contract import UnreadableError
from searchkit.readers.formats import format_of
from searchkit.readers.properties import iso_date, language_tag, properties, worthy_title
from tests.documents.pdf import lines, pdf
from tests.documents.samples import PROSE, SAMPLES
from tests.documents.zipped import W, docx, epub, odt, p, pptx, shape, zipped
from tests.fuzz.mutate import mutated
from tests.fuzz.reading import unsound

ZIPPED = (".docx", ".odt", ".epub", ".pptx")
SECONDS = 10.0


def read_one(data: bytes, name: str, options: Options | None = None) -> Document:
    return next(read(Source(data, name, 5.0, options or Options())))


def reason(data: bytes, name: str, options: Options | None = None) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_one(data, name, options)
    said = str(caught.value)
    assert said and "\n" not in said and not said.endswith(".")
    return said


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_is_read_is_sound_and_can_be_cut(name: str) -> None:
    document = read_one(SAMPLES[name], f"folder/{name}")
    assert not unsound(document, f"folder/{name}")
    assert document.lines == () and document.line(0) == 0
    found = format_of(name)
    assert found is not None and document.media_type == found.media_type
    assert document.modified == 5.0
    passages = cut(document)
    assert passages and all(passage.text.strip() for passage in passages)
    if name.endswith((".pdf", ".epub", ".pptx")):
        assert all(passage.place for passage in passages)


@given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 1 << 40))
@settings(max_examples=200, deadline=None)
def test_damaged_files_are_read_soundly_or_refused(name: str, seed: int) -> None:
    try:
        for document in read(Source(mutated(SAMPLES[name], seed), name, 0.0)):
            assert not unsound(document, name)
    except UnreadableError as error:
        assert "\n" not in str(error)


@given(st.sampled_from(sorted(SAMPLES)), st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_files_that_are_cut_off(name: str, share: float) -> None:
    data = SAMPLES[name]
    with contextlib.suppress(UnreadableError):
        assert not unsound(read_one(data[: int(share * len(data))], name), name)


def test_a_place_in_a_book_counts_the_chapter() -> None:
    labels = ["Chapter 1: Dawn", "II. Noon", "Chapter 12", "Night"]
    document = read_one(
        epub(
            {f"{at}.xhtml": f"<h1>{label}</h1><p>{PROSE}</p>" for at, label in enumerate(labels)},
            contents="".join(
                f'<li><a href="text/{at}.xhtml">{label}</a></li>' for at, label in enumerate(labels)
            ),
        ),
        "a.epub",
    )
    assert [place for _, place in document.places] == [
        "Chapter 1: Dawn", "chapter 2: II. Noon", "chapter 3: Chapter 12", "chapter 4: Night"
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", [*ZIPPED, ".pdf", ".rtf"])
@pytest.mark.parametrize("data", [b"x", b"\xff" * 100, b"PK\x03\x04" + bytes(50), b"%PDF-1.4"])
def test_what_is_none_is_refused(suffix: str, data: bytes) -> None:
    reason(data, "a" + suffix)


def test_a_cut_off_pdf_with_its_pages_is_read() -> None:
    data = pdf([lines("What is left of it")])
    assert read_one(data[: data.index(b"xref")], "a.pdf").text == "What is left of it"


@pytest.mark.parametrize("suffix", [".docx", ".pptx"])
def test_encrypted_files_of_office_say_so(suffix: str) -> None:
    assert "encrypted" in reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a" + suffix)


def test_encrypted_odt_and_epub_say_so() -> None:
    data = odt("<text:p>x</text:p>", manifest="<file-entry><encryption-data/></file-entry>")
    assert reason(data, "a.odt") == "is encrypted"
    locked = {
        "META-INF/encryption.xml": "<encryption><EncryptedData><CipherData>"
        '<CipherReference URI="OEBPS/text/a.xhtml"/></CipherData></EncryptedData></encryption>'
    }
    assert "protected" in reason(epub({"a.xhtml": "<p>x</p>"}, parts=locked), "a.epub")


def test_a_pdf_without_text_says_what_it_may_be() -> None:
    assert reason(pdf([[]]), "a.pdf") == "holds no text (scanned pages?)"


def test_what_a_file_expands_to_is_bounded_while_it_is_unpacked() -> None:
    small = Options(most_expanded_bytes=1 << 20)
    bomb = docx(p("x" * (8 << 20)))
    assert len(bomb) < 1 << 17
    assert "expands to more than 1 MB" in reason(bomb, "a.docx", small)
    # The size that the zip declares is a lie.
    with zipfile.ZipFile(BytesIO(bomb)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    liar = bomb.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert liar != bomb
    reason(liar, "a.docx", small)


def test_a_piece_of_xml_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_MAX_XML_BYTES", 1 << 20)
    assert "XML of more than 1 MB" in reason(docx("<w:p/>" * (1 << 18)), "a.docx")


ENTITIES = "".join(
    f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12)
)  # fmt: skip
BILLION = f'<!DOCTYPE a [<!ENTITY e0 "laugh">{ENTITIES}]>'
FETCHING = '<!DOCTYPE a [<!ENTITY e11 SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("declaration", [BILLION, FETCHING])
def test_entities_are_neither_expanded_nor_fetched(declaration: str) -> None:
    body = f"{p('before')}<w:p><w:r><w:t>&e11;</w:t></w:r></w:p>"
    data = zipped(
        {
            "word/document.xml": (
                f'{declaration}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
            )
        }
    )
    start = time.perf_counter()
    assert read_one(data, "a.docx").text == "before"
    assert time.perf_counter() - start < SECONDS


DEEP = 30_000
HOSTILE = {
    "no page is as high.pdf": pdf([[(72, 7 * 10**52, 11, "far")]]),
    "boxes.docx": docx("<w:sdt><w:sdtContent>" * DEEP + p("deep")),
    "tables.docx": docx("<w:tbl><w:tr><w:tc>" * DEEP + p("deep")),
    "text boxes.docx": docx("<w:p><w:r><w:drawing><w:txbxContent>" * DEEP + p("deep")),
    "runs.docx": docx("<w:p>" + "<w:ins>" * DEEP + "<w:r><w:t>deep</w:t></w:r></w:p>"),
    "a style on itself.docx": docx(
        p("x", "a"),
        {
            "word/styles.xml": f'<w:styles xmlns:w="{W}"><w:style w:styleId="a"><w:name w:val="a"/>'
            '<w:basedOn w:val="a"/></w:style></w:styles>'
        },
    ),
    "lists.odt": odt("<text:list><text:list-item>" * DEEP + "<text:p>deep</text:p>"),
    "spans.odt": odt("<text:p>" + "<text:span>" * DEEP + "deep</text:p>"),
    "tables.odt": odt("<table:table><table:table-row><table:table-cell>" * DEEP),
    "groups.pptx": pptx(["<p:grpSp>" * DEEP + shape("deep")]),
    "boxes.epub": epub({"a.xhtml": "<div>" * DEEP + "deep"}),
    "tables.epub": epub({"a.xhtml": "<table><tr><td>" * DEEP + "deep"}),
    "contents.epub": epub({"a.xhtml": "x"}, contents="<li><ol>" * DEEP),
    "groups.rtf": b"{\\rtf1 " + b"{" * 500_000 + b"deep",
    "notes.rtf": b"{\\rtf1 " + b"{\\footnote deep" * 9_000,
    # Each end beyond the beginnings once took twice the memory of the one before.
    "ends.rtf": b"{\\rtf1}\\footnote x" + b"\\par}" * 100,
    "cells.rtf": b"{\\rtf1 " + b"\\intbl x\\cell" * 20_000,
    "negative.rtf": b"{\\rtf1 \\bin-5 \\uc-1 \\u-99999999 \\f-1 \\s-9 x\\par}",
    "pages of pages.pdf": pdf([lines("x")]).replace(b"/Kids[6 0 R]", b"/Kids[2 0 R]"),
    "one page for all.pdf": pdf([lines("x")]).replace(
        b"/Count 1/Kids[6 0 R]", b"/Count 900/Kids[" + b"6 0 R " * 900 + b"]"
    ),
    "an outline in a ring.pdf": pdf([lines("x")], outline=[("A", 1), ("B", 1)]).replace(
        b"/Next 9 0 R", b"/Next 8 0 R"
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_take_no_time_and_no_stack(name: str) -> None:
    start = time.perf_counter()
    try:
        assert not unsound(read_one(HOSTILE[name], name), name)
    except UnreadableError as error:
        assert "\n" not in str(error)
    assert time.perf_counter() - start < SECONDS


@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="UTF-8"?>'])
def test_half_characters_in_xml_are_replaced(declared: str) -> None:
    for said in (b"a\xed\xa0\x80b", b"a\xffb", b"&#xD800;", b"&#57343;", "aéb".encode("latin-1")):
        root = packages.parse_xml(declared.encode() + b"<x y='" + said + b"'>" + said + b"</x>")
        assert root is not None
        assert "\ufffd" in root.text and "\ufffd" in root.get("y")
    other = '<?xml version="1.0" encoding="ISO-8859-1"?><x>aéb</x>'.encode("latin-1")
    root = packages.parse_xml(other)
    assert root is not None and root.text == "aéb"


@pytest.mark.parametrize(
    "made_up",
    [
        *("Microsoft Word - draft.doc", "untitled", "Untitled Document 2", "report.pdf", "12.34"),
        *("PowerPoint Presentation", "Document1", "http://localhost/x", "C:\\a\\b.txt", " \n "),
    ],
)
def test_titles_that_programs_make_up(made_up: str) -> None:
    assert worthy_title(made_up) == ""


@pytest.mark.parametrize("title", ["A Document on Trees", "Presentations", "1984: a novel", "Ω"])
def test_titles_that_people_give(title: str) -> None:
    assert worthy_title(title) == title


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("D:20200501103000+02'00'", "2020-05-01T10:30:00+02:00"),
        ("D:20200501103000Z", "2020-05-01T10:30:00+00:00"),
        ("D:2020", "2020-01-01"),
        ("20200501", "2020-05-01"),
        ("2020-05-01T10:30:00.25Z", "2020-05-01T10:30:00+00:00"),
        ("2020-05", "2020-05-01"),
        ("1851", "1851-01-01"),
        *((wrong, "") for wrong in ("", "yesterday", "2020-13-01", "D:20200231", "0000", "-0400")),
        ("1601-01-01T00:00:00Z", ""),
    ],
)
def test_dates(said: str, date: str) -> None:
    assert iso_date(said) == date


@given(st.text(alphabet="0123456789-:TZD+'., ", max_size=30))
def test_any_date_is_one_or_none(said: str) -> None:
    date = iso_date(said)
    assert not date or (iso_date(date) == date)


def test_languages_and_names() -> None:
    assert [language_tag(said) for said in ("de_at", "EN", "zh-Hans-CN", "x-none", "und", "")] == [
        *("de-AT", "en", "zh-Hans-CN", "", "", "")
    ]
    said = properties(authors=["Ada; Bob", "Unknown", "Ada"], tags=["a, b;c", "x" * 99])
    assert said.authors == ("Ada", "Bob") and said.tags == ("a", "b", "c")
