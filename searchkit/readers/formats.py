"""Which reader reads what?

By the suffix of a file's name. A reader's module is imported when the first file of its kind is
read: bs4 and lxml alone cost more to import than all of searchkit, and a search needs neither.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from searchkit.record import Record


class Format(Record):
    """A kind of files.

    ``name`` is what ``type:`` finds; ``media_type`` is IANA's name for it. ``reader`` is
    "module:function". ``extra`` names the extra of searchkit that installs what the reader needs.
    """

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    reader: str
    extra: str = ""


FORMATS = (
    Format(
        "text",
        "text/plain",
        (".txt", ".text"),
        "searchkit.readers.plaintext:read_plaintext",
    ),
    Format(
        "markdown",
        "text/markdown",
        (".md", ".markdown"),
        "searchkit.readers.markdown:read_markdown",
    ),
    Format(
        "html",
        "text/html",
        (".html", ".htm", ".xhtml"),
        "searchkit.readers.html:read_html",
    ),
    Format(
        "pdf",
        "application/pdf",
        (".pdf",),
        "searchkit.readers.pdf:read_pdf",
        extra="pdf",
    ),
    Format(
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx", ".docm", ".dotx", ".dotm"),
        "searchkit.readers.docx:read_docx",
    ),
    Format(
        "odt",
        "application/vnd.oasis.opendocument.text",
        (".odt", ".ott"),
        "searchkit.readers.odt:read_odt",
    ),
    Format(
        "epub",
        "application/epub+zip",
        (".epub",),
        "searchkit.readers.epub:read_epub",
    ),
    Format(
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        (".pptx", ".pptm", ".ppsx", ".potx"),
        "searchkit.readers.pptx:read_pptx",
    ),
    Format(
        "rtf",
        "application/rtf",
        (".rtf",),
        "searchkit.readers.rtf:read_rtf",
    ),
)

_BY_SUFFIX = {suffix: format for format in FORMATS for suffix in format.suffixes}

SUFFIXES = frozenset(_BY_SUFFIX)
"""The file-name suffixes that can be read: lower case, with their dot."""


def format_of(name: str) -> Format | None:
    """The format of a file of this name or path, or None if no reader knows it."""
    return _BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
