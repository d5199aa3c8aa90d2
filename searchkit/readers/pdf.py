"""What does a PDF say?

Read with PDFium, the browser's: it opens what others give up on and takes milliseconds a page. It
is native code, so a hostile file may end the process that reads it: see readers' limits in
docs/architecture.md.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw

from searchkit.document import BlockKind, Document
from searchkit.readers.compose import Composer, Piece
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.pdf_layout import Entry, Paragraph, paragraphs, without_bullet
from searchkit.readers.pdf_lines import Line, page_lines
from searchkit.readers.pdf_margins import without_margins
from searchkit.readers.pdf_words import Hyphens
from searchkit.readers.properties import Properties, properties

MEDIA_TYPE = "application/pdf"

_MOST_PAGES = 20_000
_MOST_ENTRIES = 5_000
_MOST_NOTES = 1_000
_MAX_NOTE_CHARS = 100_000
_DEEPEST_ENTRY = 10
_ENCRYPTED = ("password", "security")
_OBJECT = re.compile(rb"(\d{1,8}) +(\d{1,5}) +obj\b")
_OBJECT_BYTES = 5_000

_Notes = dict[int, list[str]]
"""By page, from 1, what forms and comments say that the page itself does not show."""


def read_pdf(source: Source) -> Iterator[Document]:
    """Read a PDF; raises ``UnreadableError`` when it is none, is encrypted, or has no text."""
    file = _open(source.data)
    try:
        pages, notes = _pages(source, file)
        outline = _outline(file)
        said = _properties(file)
    finally:
        file.close()
    composer = Composer()
    _write(composer, without_margins(pages), outline, notes)
    if not composer.blocks:
        raise UnreadableError("holds no text (scanned pages?)")
    yield composer.document(source, MEDIA_TYPE, said)


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        said = str(error).lower()
        if any(word in said for word in _ENCRYPTED):
            raise UnreadableError("is encrypted: it asks for a password") from None
    try:
        return pypdfium2.PdfDocument(_with_trailer(data))
    except pypdfium2.PdfiumError:
        raise UnreadableError("is damaged or cut off: no PDF that can be opened") from None


def _with_trailer(data: bytes) -> bytes:
    """A file that is cut off or whose trailer is damaged, with one that names its catalog.

    With it PDFium finds the objects by itself.
    """
    last = data.rfind(b"trailer")
    body = data[:last] if last > 0 else data
    at = max(body.rfind(b"/Type/Catalog"), body.rfind(b"/Type /Catalog"))
    catalogs = _OBJECT.findall(body, max(at - _OBJECT_BYTES, 0), max(at, 0))
    if not catalogs:
        return b""
    root = b" ".join(catalogs[-1])
    return body + b"\nendobj\ntrailer\n<</Root " + root + b" R>>\nstartxref\n0\n%%EOF\n"


def _pages(source: Source, file: pypdfium2.PdfDocument) -> tuple[list[list[Line]], _Notes]:
    """The lines of each page, and what is written on it besides."""
    count = len(file)
    if count > _MOST_PAGES:
        raise UnreadableError(f"has more than {_MOST_PAGES:,} pages")
    file.init_forms()
    pages: list[list[Line]] = []
    notes: _Notes = {}
    for number in range(1, count + 1):
        try:
            lines, said = _page(file, number)
        except pypdfium2.PdfiumError:
            # One broken page costs no more than itself.
            continue
        source.take(sum(len(line.text) for line in lines) + sum(map(len, said)))
        if lines:
            pages.append(lines)
        if said:
            notes[number] = said
    return pages, notes


def _page(file: pypdfium2.PdfDocument, number: int) -> tuple[list[Line], list[str]]:
    raw = pypdfium2.raw
    page = file[number - 1]
    said: list[str] = []
    try:
        if raw.FPDFPage_GetAnnotCount(page.raw):
            said = _notes(file, page)
            # What forms and stamps show becomes part of the page.
            if raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
                page.close()
                page = file[number - 1]
        text_page = page.get_textpage()
        try:
            lines = page_lines(raw, text_page, number)
        finally:
            text_page.close()
    finally:
        page.close()
    shown = _letters("".join(line.text for line in lines)) if said else ""
    return lines, [note for note in said if _letters(note) not in shown]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _notes(file: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> list[str]:
    """What is filled into forms, and comments, which may show as no more than a sign."""
    raw = pypdfium2.raw
    form = file.formenv.raw if file.formenv else None
    comments = (
        raw.FPDF_ANNOT_TEXT,
        raw.FPDF_ANNOT_FREETEXT,
        raw.FPDF_ANNOT_HIGHLIGHT,
        raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_STRIKEOUT,
        raw.FPDF_ANNOT_CARET,
    )
    found: list[str] = []
    for at in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MOST_NOTES)):
        note = raw.FPDFPage_GetAnnot(page.raw, at)
        if not note:
            continue
        kind = raw.FPDFAnnot_GetSubtype(note)
        if kind == raw.FPDF_ANNOT_WIDGET and form:
            field = raw.FPDFAnnot_GetFormFieldType(form, note)
            if field in (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX):
                found.append(_wide(raw.FPDFAnnot_GetFormFieldValue, form, note))
        elif kind in comments:
            found.append(_wide(raw.FPDFAnnot_GetStringValue, note, b"Contents"))
        raw.FPDFPage_CloseAnnot(note)
    return [said for said in dict.fromkeys(found) if said.strip()]


def _wide(function: Any, *arguments: Any) -> str:
    """What a function of PDFium gives that fills a buffer with UTF-16, its length in bytes."""
    size = function(*arguments, None, 0)
    if not 2 < size <= 2 * _MAX_NOTE_CHARS:
        return ""
    buffer = ctypes.create_string_buffer(size)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "ignore")


def _outline(file: pypdfium2.PdfDocument) -> list[Entry]:
    entries: list[Entry] = []
    try:
        for mark in file.get_toc(max_depth=_DEEPEST_ENTRY):
            target = mark.get_dest()
            page = target.get_index() if target is not None else None
            if page is not None:
                entries.append(Entry(mark.get_title(), page + 1, mark.level + 1))
            if len(entries) >= _MOST_ENTRIES:
                break
    except (pypdfium2.PdfiumError, ValueError):
        pass
    return entries


def _properties(file: pypdfium2.PdfDocument) -> Properties:
    def said(name: str) -> str:
        try:
            value: str = file.get_metadata_value(name)
        except ValueError:
            # Half a character of UTF-16.
            return ""
        return value

    return properties(
        title=said("Title"),
        authors=[said("Author")],
        published=said("CreationDate") or said("ModDate"),
        language=_wide(pypdfium2.raw.FPDFCatalog_GetLanguage, file.raw),
        tags=[said("Keywords")],
        fields={"subject": said("Subject")},
    )


def _write(
    composer: Composer, pages: list[list[Line]], outline: list[Entry], notes: _Notes
) -> None:
    found = paragraphs(pages, outline)
    hyphens = Hyphens((line.text, line.parts_word) for lines in pages for line in lines)
    for paragraph in found:
        first = paragraph.lines[0].page
        _write_notes(composer, notes, first)
        composer.place(f"page {first}")
        runs = _runs(paragraph, hyphens)
        text = runs[0][1]
        if paragraph.kind is BlockKind.ITEM:
            text = without_bullet(text)
        blocks = len(composer.blocks)
        composer.add(Piece(paragraph.kind, text, paragraph.level))
        for page, text in runs[1:]:
            if len(composer.blocks) > blocks:
                composer.go_on(" ", text, f"page {page}")
    _write_notes(composer, notes, _MOST_PAGES + 1)


def _write_notes(composer: Composer, notes: _Notes, before: int) -> None:
    """Write what forms and comments say on the pages before this one."""
    for number in [number for number in notes if number < before]:
        composer.place(f"page {number}")
        for said in notes.pop(number):
            composer.add(Piece(BlockKind.PARAGRAPH, said))


def _runs(paragraph: Paragraph, hyphens: Hyphens) -> list[tuple[int, str]]:
    """The text of a paragraph on each page that it stands on.

    A word that a page's end parts is whole on the first.
    """
    page, says = 0, ""
    runs: list[tuple[int, str]] = []
    parted = False
    for line in paragraph.lines:
        text = line.text
        if parted:
            word, space, rest = text.partition(" ")
            says = hyphens.join(says, word) + space
            text = rest
        elif says and page == line.page:
            says += " "
        if page and line.page != page:
            runs.append((page, says))
            says = ""
        page = line.page
        says += text
        parted = line.parts_word
        if parted and text[-1:] != "-":
            says += "-"
    return [*runs, (page, says)]
