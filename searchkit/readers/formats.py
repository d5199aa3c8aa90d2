"""Which reader reads what?

By the suffix of a file's name. A reader's module is imported when the first file of its kind is
read: bs4 and lxml alone cost more to import than all of searchkit, and a search needs neither.
"""

from __future__ import annotations

from functools import cache

from searchkit.record import Record

GROUP = "searchkit.readers"
"""The group of entry points under which other packages register readers."""


class Format(Record):
    """A kind of files.

    ``name`` is what ``type:`` finds; ``media_type`` is IANA's name for it. ``reader`` is
    "module:function". ``package`` is what pip must install for the reader.
    ``is_ours`` is false for what another package brings.
    """

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    reader: str
    package: str = ""
    is_ours: bool = True


FORMATS = (
    Format(
        "csv",
        "text/csv",
        (".csv",),
        "searchkit.readers.csv_rows:read_csv",
    ),
    Format(
        "json",
        "application/json",
        (".json",),
        "searchkit.readers.json_rows:read_json",
    ),
    Format(
        "jsonl",
        "application/jsonl",
        (".jsonl", ".ndjson"),
        "searchkit.readers.json_rows:read_jsonl",
    ),
    Format(
        "mail",
        "message/rfc822",
        (".eml", ".emlx"),
        "searchkit.readers.mail:read_mail",
    ),
    Format(
        "mbox",
        "application/mbox",
        (".mbox", ".mbx"),
        "searchkit.readers.mbox:read_mbox",
    ),
    Format(
        "rst",
        "text/x-rst",
        (".rst", ".rest"),
        "searchkit.readers.rst:read_rst",
    ),
    Format(
        "tar",
        "application/x-tar",
        (".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst"),
        "searchkit.readers.archives:read_tar",
    ),
    Format(
        "text",
        "text/plain",
        (".txt", ".text", ".log"),
        "searchkit.readers.plaintext:read_plaintext",
    ),
    Format(
        "markdown",
        "text/markdown",
        (".md", ".markdown"),
        "searchkit.readers.markdown:read_markdown",
    ),
    Format(
        "tsv",
        "text/tab-separated-values",
        (".tsv", ".tab"),
        "searchkit.readers.csv_rows:read_csv",
    ),
    Format(
        "html",
        "text/html",
        (".html", ".htm", ".xhtml"),
        "searchkit.readers.html:read_html",
    ),
    Format(
        "zip",
        "application/zip",
        (".zip",),
        "searchkit.readers.archives:read_zip",
    ),
    Format(
        "pdf",
        "application/pdf",
        (".pdf",),
        "searchkit.readers.pdf:read_pdf",
        package="pypdfium2",
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

COMPRESSED = (".gz", ".bz2", ".xz", ".zst")
"""Suffixes of compressed files: the suffix before tells their format."""

_BY_SUFFIX = {suffix: format for format in FORMATS for suffix in format.suffixes}

SUFFIXES = frozenset(_BY_SUFFIX)
"""The file-name suffixes that can be read: lower case, with their dot."""


TEXTS = frozenset(
    "authors changelog changes contributing contributors copying copyright install licence license "
    "news notice readme todo".split()
)
"""Names of texts that have no suffix by custom, in lower case."""


def name_of(media_type: str) -> str:
    """What ``type:`` calls a media type: its format's name, or itself."""
    return next((one.name for one in FORMATS if one.media_type == media_type), media_type)


def format_of(name: str) -> Format | None:
    """The format of a file of this name or path, or None if no reader knows it.

    Of a compressed file it is that of what is in it.
    """
    suffix = suffix_of(name)
    if not suffix:
        return _BY_SUFFIX[".txt"] if name[name.rfind("/") + 1 :].lower() in TEXTS else None
    return _BY_SUFFIX.get(suffix) or registered().get(suffix)


def suffix_of(name: str) -> str:
    """The suffix of a file's name or path that tells its format, lower case, with its dot; ""
    if there is none. That of its compression is looked through.
    """
    suffix = _suffix(name)
    return _suffix(name[: -len(suffix)]) if suffix in COMPRESSED else suffix


def compression_of(name: str) -> str:
    """Which of ``COMPRESSED`` a file of this name or path is compressed as, or ""."""
    suffix = _suffix(name)
    return suffix if suffix in COMPRESSED else ""


def _suffix(name: str) -> str:
    """As ``PurePosixPath(name).suffix.lower()``, at a tenth of its cost: each file is asked."""
    last = name[name.rfind("/") + 1 :]
    at = last.rfind(".")
    return last[at:].lower() if 0 < at < len(last) - 1 else ""


@cache
def registered() -> dict[str, Format]:
    """The formats of other packages, by suffix: entry points of the group ``searchkit.readers``,
    each named for a suffix without its dot and leading to a ``Reader``.

    Looked up once, and only when a suffix is met that is none of ours, since to look through what
    is installed takes tens of milliseconds. So ours come first, and none of them can be replaced.
    """
    from importlib.metadata import entry_points

    found: dict[str, Format] = {}
    # Sorted, so that of two packages with one suffix the same one wins on every run.
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        suffix = f".{point.name.lower().lstrip('.')}"
        if suffix not in _BY_SUFFIX and suffix not in COMPRESSED:
            found.setdefault(
                suffix,
                Format(
                    suffix[1:], "application/octet-stream", (suffix,), point.value, is_ours=False
                ),
            )
    return found
