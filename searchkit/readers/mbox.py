"""Where does each message of a mail folder begin?

In the mbox format a line that begins with "From " stands before each message, and such lines within
a message are written ">From ".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.document import Document
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.mail import message_at
from searchkit.readers.mail_parts import headers_at
from searchkit.readers.names import Names, clean_name

# With a time in it and a header below: programs that forget to write ">From " are many.
_BEGINS = re.compile(rb"^From [^\n]*\d\d?:\d\d[^\n]*\n(?=>?From |[!-9;-~]+[ \t]*:|\r?\n)", re.M)
_FIRST = re.compile(rb"\s*^From [^\n]*\n", re.M)
_QUOTED = re.compile(rb"^>(>*From )", re.M)


def read_mbox(source: Source) -> Iterator[Document]:
    """A document for each message, and those of what is attached; raises ``UnreadableError`` when
    there is no message.
    """
    data = source.data
    names = Names()
    line, counted = 1, 0
    number = 0
    begins = _FIRST.match(data)
    if begins is None:
        raise UnreadableError("is no mail folder: it does not begin with a line From")
    while begins is not None:
        start = begins.end()
        begins = _next(data, start)
        end = begins.start() if begins else len(data)
        line += data.count(b"\n", counted, start)
        counted = start
        number += 1
        message = _QUOTED.sub(rb"\1", data[start:end])
        name = names.unique(_message_name(message) or str(number))
        try:
            inner = source.inside(name, b"")
            yield from message_at(inner, message, 0, len(message), line)
        except UnreadableError as error:
            source.failures.append((f"{source.key}/{name}", str(error)))


def _next(data: bytes, at: int) -> re.Match[bytes] | None:
    """The next line From that follows an empty one."""
    for found in _BEGINS.finditer(data, at):
        before = data[max(found.start() - 3, 0) : found.start()]
        if before.endswith((b"\n\n", b"\n\r\n")):
            return found
    return None


def _message_name(message: bytes) -> str:
    headers, _ = headers_at(message, 0, len(message))
    return clean_name(headers.get("message-id", "").strip("<> ").replace("/", "_"))
