"""What are the parts of a mail message?

Its headers, and the leaves of its tree of parts with their places in the bytes. Headers are taken
apart by the standard library's older functions: those of ``email.policy.default`` raise errors of
all kinds on odd headers and take the square of long ones' length; and parts are found here, since
``email.feedparser`` tries each line against the boundaries of all parts around it.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from searchkit.readers.decode import decode_declared
from searchkit.readers.titles import one_line

_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)\n?")
_BLANK = re.compile(rb"\r?\n")
_LONGEST_HEADER_BYTES = 16_384
_DEEPEST_PART = 12
_MOST_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has no parts: ``start`` and ``end`` are the place of its encoded contents in the
    message's bytes, ``filename`` is "" if it has no name.
    """

    content_type: str
    charset: str
    encoding: str
    filename: str
    is_attached: bool
    start: int
    end: int

    @property
    def is_text(self) -> bool:
        """Whether it is part of what the message itself says."""
        if self.is_attached or self.filename:
            return False
        kind, _, name = self.content_type.partition("/")
        if kind == "message":
            return name in ("delivery-status", "disposition-notification")
        return kind == "text" and name not in ("calendar", "x-vcard", "vcard", "rfc822-headers")

    def data(self, message: bytes) -> bytes:
        """Its contents, decoded as far as they can be."""
        body = message[self.start : self.end]
        if self.encoding == "base64":
            return _of_base64(body)
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        return body


def headers_at(data: bytes, start: int, end: int) -> tuple[dict[str, str], int]:
    """The headers from ``start`` on, lower case (the first of each name, as it stands there, in one
    line and cut where it is longer than any true one), and where the body begins.
    """
    headers: dict[str, str] = {}
    at = start
    while found := _HEADER.match(data, at, end):
        name = found[1].decode("ascii").lower()
        if name not in headers and len(headers) < _MOST_PARTS:
            value = found[2][:_LONGEST_HEADER_BYTES]
            text = value.decode("ascii") if value.isascii() else decode_declared(value, "utf-8")
            headers[name] = one_line(text)
        at = found.end()
    blank = _BLANK.match(data, at, end)
    return headers, blank.end() if blank else at


def parts_at(data: bytes, start: int, end: int) -> tuple[dict[str, str], list[Part]]:
    """The headers of the message at ``data[start:end]``, and its parts in order. Of alternatives it
    is the plain text, else the HTML, with whatever is attached to the others.
    """
    headers, body = headers_at(data, start, end)
    left = [_MOST_PARTS]
    return headers, _parts(data, headers, body, end, _DEEPEST_PART, left)


def _parts(
    data: bytes, headers: Mapping[str, str], start: int, end: int, depth: int, left: list[int]
) -> list[Part]:
    left[0] -= 1
    described = _described(headers)
    content_type = described.get_content_type()
    if content_type.startswith("multipart/"):
        boundary = _parameter(described, "boundary")
        inner = list(_between(data, boundary, start, end)) if boundary and depth else []
        if inner:
            branches = []
            for first, last in inner:
                if left[0] <= 0:
                    break
                own, body = headers_at(data, first, last)
                if content_type == "multipart/digest":
                    own.setdefault("content-type", "message/rfc822")
                branches.append(_parts(data, own, body, last, depth - 1, left))
            if content_type == "multipart/alternative":
                return _chosen(data, branches)
            return [part for branch in branches for part in branch]
        # Without its boundary, or too deep, it is read as it stands.
        content_type = "text/plain"
    disposition = headers.get("content-disposition", "").lower()
    return [
        Part(
            content_type=content_type,
            charset=_parameter(described, "charset"),
            encoding=headers.get("content-transfer-encoding", "").strip().lower(),
            filename=_filename(described),
            is_attached=disposition.startswith("attachment"),
            start=start,
            end=end,
        )
    ]


def _between(data: bytes, boundary: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the parts stand that lines with ``boundary`` part."""
    line = re.compile(
        rb"^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*\r?$", re.M
    )
    first = -1
    for found in line.finditer(data, start, end):
        if first >= 0:
            # The line end before a boundary belongs to it.
            last = found.start() - 1
            if data[last - 1 : last] == b"\r":
                last -= 1
            yield first, max(first, last)
        first = min(found.end() + 1, end)
        if found[1]:
            return
    if first >= 0:
        yield first, end


def _chosen(data: bytes, branches: list[list[Part]]) -> list[Part]:
    """The parts of one of several ways to say the same."""

    def says(branch: list[Part], content_type: str) -> bool:
        return any(
            part.is_text and part.content_type == content_type and part.data(data).strip()
            for part in branch
        )

    for content_type in ("text/plain", "text/html"):
        for branch in branches:
            if says(branch, content_type):
                others = [
                    part
                    for other in branches
                    if other is not branch
                    for part in other
                    if not part.is_text
                ]
                return branch + others
    return [part for branch in branches for part in branch]


def _described(headers: Mapping[str, str]) -> Message:
    """The headers that describe a part, for the library's functions that take them apart."""
    message = Message()
    for name in ("content-type", "content-disposition"):
        if name in headers:
            message[name] = headers[name]
    return message


def _parameter(message: Message, name: str) -> str:
    try:
        value = message.get_param(name)
        if isinstance(value, tuple):
            value = value[2]
        return value.strip() if isinstance(value, str) else ""
    except Exception:  # What RFC 2231 makes of odd parameters raises what it likes.
        return ""


def _filename(message: Message) -> str:
    try:
        return decoded_words(message.get_filename() or "")
    except Exception:  # See above.
        return ""


def decoded_words(value: str) -> str:
    """A header with its encoded words ("=?utf-8?q?caf=C3=A9?=") decoded, in one line."""
    if "=?" not in value:
        return one_line(value)
    try:
        # The library forgets the blank between an encoded word and what is none, if it has a tab.
        parts = decode_header(one_line(value))
    except Exception:  # Base64 that is none, and others.
        return one_line(value)
    text = "".join(
        part if isinstance(part, str) else decode_declared(part, charset or "latin-1")
        for part, charset in parts
    )
    return one_line(text)


def addresses(value: str) -> list[tuple[str, str]]:
    """Pairs (name, address) of a header such as To; either may be ""."""
    try:
        found = getaddresses([value])
    except Exception:  # Comments nested too deep, and others.
        return []
    pairs = [(decoded_words(name), one_line(address)) for name, address in found]
    return [pair for pair in pairs if any(pair)]


def _of_base64(body: bytes) -> bytes:
    try:
        return binascii.a2b_base64(body + b"==")
    except binascii.Error:
        pass
    # One character too many, or too few: what is whole is read.
    characters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    characters = characters[: len(characters) - len(characters) % 4]
    try:
        return binascii.a2b_base64(characters)
    except binascii.Error:
        return b""
