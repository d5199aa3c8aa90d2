"""What does a mail message say?

A message is a document: its subject is the title and the first line, then who wrote to whom, then
what it says. Its attachments are documents of their own, read by their own readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from itertools import groupby

from searchkit.document import Block, BlockKind, Document, Value
from searchkit.metadata.moments import iso_moment
from searchkit.readers import read_inside
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.decode import decode_declared
from searchkit.readers.formats import FORMATS, suffix_of
from searchkit.readers.lines import Line, split_lines
from searchkit.readers.mail_parts import Part, addresses, decoded_words, parts_at
from searchkit.readers.names import Names, clean_name
from searchkit.readers.plaintext import text_blocks
from searchkit.readers.titles import title_from_key

_SUFFIX_OF = {"text/plain": ".txt", "message/rfc822": ".eml", "text/html": ".html"}
_KNOWING = {"from", "to", "subject", "date", "message-id", "received", "return-path"} | {
    "mime-version",
    "content-type",
}
"""A message has one of these headers at the least."""


def read_mail(source: Source) -> Iterator[Document]:
    """The message in an .eml or .emlx file, and what is attached to it.

    Raises ``UnreadableError`` where there is none.
    """
    data = source.data
    start, end = 0, len(data)
    if suffix_of(source.key) == ".emlx":
        # Apple's: the length of the message in a line of its own, the message, then its marks.
        length, line_end, _ = data[:20].partition(b"\n")
        if line_end and length.strip().isdigit():
            start = len(length) + 1
            end = min(end, start + int(length))
    line = 2 if start else 1
    if data.startswith(b"From ", start):
        # Saved from a mail folder, with its line.
        start, line = data.find(b"\n", start) + 1, line + 1
    yield from message_at(source, data, start, end, line)


def message_at(source: Source, data: bytes, start: int, end: int, line: int) -> Iterator[Document]:
    """The message at ``data[start:end]``, whose first line is the file's ``line``, under the key of
    ``source``, and what is attached to it.

    Raises ``UnreadableError`` where there is no message.
    """
    headers, parts = parts_at(data, start, end)
    if not _KNOWING & headers.keys():
        raise UnreadableError("is no mail: it begins with none of a message's headers")
    said = _Said(data, start, line)
    about = _About(headers)
    said.head(about)
    for part in parts:
        if part.is_text:
            said.part(part)
    yield Document(
        key=source.key,
        title=about.subject or about.otherwise() or title_from_key(source.key),
        text=said.text(),
        blocks=tuple(said.blocks),
        lines=tuple(said.lines),
        modified=source.modified,
        media_type="message/rfc822",
        authors=about.authors,
        published=about.published,
        tags=about.tags,
        fields=about.fields,
    )
    names = Names()
    for number, part in enumerate(parts, 1):
        # What lies elsewhere has a name and no contents.
        if not part.is_text and part.content_type != "message/external-body":
            name = clean_name(part.filename.replace("/", "_")) or _name(part, number)
            name = names.unique(name, is_file=True)
            yield from read_inside(source, name, part.data(data))


def _name(part: Part, number: int) -> str:
    suffix = _SUFFIX_OF.get(part.content_type) or next(
        (known.suffixes[0] for known in FORMATS if known.media_type == part.content_type), ""
    )
    return f"part {number}{suffix}"


class _About:
    """What the headers of a message say."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.subject = decoded_words(headers.get("subject", ""))
        self.date = decoded_words(headers.get("date", ""))
        self.people = {
            name: addresses(headers[name]) for name in ("from", "to", "cc") if name in headers
        }
        writers = self.people.get("from") or addresses(headers.get("sender", ""))
        self.authors = tuple(dict.fromkeys(name or address for name, address in writers))
        self.published = _moment(self.date)
        # What a mail program or its user has filed it under.
        labels = decoded_words(headers.get("keywords") or headers.get("x-gmail-labels", ""))
        self.tags = tuple(
            dict.fromkeys(label.strip() for label in labels.split(",") if label.strip())
        )
        self.fields: dict[str, Value] = {
            name: [_shown(pair) for pair in pairs] for name, pairs in self.people.items() if pairs
        }
        if message_id := headers.get("message-id", "").strip(" <>"):
            self.fields["message_id"] = message_id

    def otherwise(self) -> str:
        """What to call it if it has no subject."""
        return f"Mail from {self.authors[0]}" if self.authors else ""


def _moment(value: str) -> str:
    try:
        return parsedate_to_datetime(value).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return iso_moment(value)


def _shown(pair: tuple[str, str]) -> str:
    name, address = pair
    return f"{name} <{address}>" if name and address else name or address


@dataclass(slots=True)
class _Said:
    """The text of a message as it grows."""

    data: bytes
    start: int
    line: int
    blocks: list[Block] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0

    def text(self) -> str:
        return "".join(self._parts)

    def head(self, about: _About) -> None:
        self.lines.append((0, self.line))
        if about.subject:
            self.blocks.append(Block(BlockKind.HEADING, 0, len(about.subject), 1))
            self._add(about.subject + "\n")
        rows = [
            f"{name.title()}: {', '.join(map(_shown, pairs))}"
            for name, pairs in about.people.items()
            if pairs
        ]
        if about.date:
            rows.append(f"Date: {about.date}")
        if rows:
            shown = "\n".join(rows)
            self.blocks.append(Block(BlockKind.PARAGRAPH, self._length, self._length + len(shown)))
            self._add(shown + "\n")

    def part(self, part: Part) -> None:
        """Add what a part says."""
        line = self.line + self.data.count(b"\n", self.start, part.start)
        if part.content_type == "text/html":
            self._add_page(part, line)
            return
        text = decode_declared(part.data(self.data), part.charset)
        if not text.strip():
            return
        self._begin(line)
        if part.encoding == "base64":
            numbers = [line]
        elif part.encoding == "quoted-printable":
            numbers = _quoted_lines(self.data[part.start : part.end], line)
        else:
            numbers = list(range(line, line + text.count("\n") + 1))
        self._add_blocks(_mail_blocks(split_lines(text)))
        at = self._length
        for number, row in zip(numbers, split_lines(text), strict=False):
            self._mark(at + row.start, number)
        self._add(text)

    def _add_page(self, part: Part, line: int) -> None:
        # Late: most mail has plain text.
        from searchkit.readers.html_whole import whole_page

        text, blocks, lines = whole_page(decode_declared(part.data(self.data), part.charset))
        if not text:
            return
        self._begin(line)
        self._add_blocks(blocks)
        if part.encoding not in ("base64", "quoted-printable"):
            for offset, number in lines:
                self._mark(self._length + offset, line + number - 1)
        self._add(text)

    def _begin(self, line: int) -> None:
        if self._length:
            self._add("\n")
        self._mark(self._length, line)

    def _mark(self, offset: int, line: int) -> None:
        if self.lines[-1][0] == offset:
            self.lines[-1] = (offset, line)
        elif line != self.lines[-1][1]:
            self.lines.append((offset, line))

    def _add_blocks(self, blocks: list[Block] | tuple[Block, ...]) -> None:
        at = self._length
        self.blocks += [
            Block(block.kind, at + block.start, at + block.end, block.level) for block in blocks
        ]

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _mail_blocks(lines: list[Line]) -> list[Block]:
    """The paragraphs of a message: nothing in it is a heading, since rules and number signs stand
    in signatures, quotations and patches; and what is quoted is apart from what is not.
    """
    blocks: list[Block] = []
    for _, run in groupby(lines, key=lambda line: line.text.startswith(">")):
        blocks += text_blocks(list(run), find_title=False, find_headings=False)
    return blocks


def _quoted_lines(body: bytes, line: int) -> list[int]:
    """The line in the file of each line of a part that is encoded as quoted-printable, where lines
    that end with "=" go on with the next.
    """
    numbers: list[int] = []
    begins = line
    is_first = True
    for raw in body.split(b"\n"):
        if is_first:
            begins = line
        line += 1
        text = raw.rstrip(b" \t\r")
        is_first = not text.endswith(b"=")
        # Encoded line ends make lines too.
        numbers += [begins] * (text.upper().count(b"=0A"))
        if is_first:
            numbers.append(begins)
    return numbers
