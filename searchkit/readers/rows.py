"""What does one row of a table or of a list of objects say?

A row is a document. Which of its fields are its text, its title and its key, the user says, or
their names do; where no field is evidently the text, all of them are.
"""

from __future__ import annotations

import re

from searchkit.document import Block, BlockKind, Document, Scalar, Value
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.fields import described, names_by_role, title_name, words
from searchkit.readers.lines import split_lines
from searchkit.readers.names import Names, clean_name
from searchkit.readers.plaintext import text_blocks
from searchkit.readers.titles import one_line, reads_as_title, title_from_key

_MOST_FAILURES = 100
_UNNAMED = re.compile(r"column \d+")
_MARKUP = re.compile(r"\s*+<(?:!doctype|[a-z][a-z0-9]*)\b[^<>]*+>", re.I)


class Rows:
    """Makes documents of the rows of one file."""

    def __init__(self, source: Source, media_type: str) -> None:
        self._source = source
        self._options = source.options
        self._media_type = media_type
        self._names = Names()
        self._file_title = title_from_key(source.key)
        self._failed = 0
        self._read = 0

    def document(self, row: dict[str, Value], line: int, number: int) -> Document | None:
        """The document that a row is whose fields are ``flattened``, or None if nothing is in it.

        ``line`` is where it begins in the file, ``number`` what names it if it has no key.
        """
        name = self._name(row, number)
        titled = title_name(row, self._options.title_field)
        title = one_line(words(row.get(titled, "")))
        used = self._text_name(row)
        if used:
            text, blocks = self._text(words(row[used]), find_title=not title)
        else:
            text, blocks = _all_fields(row, titled)
        if not text.strip() and not title:
            return None
        self._read += 1
        if not title and blocks and blocks[0].kind is BlockKind.HEADING:
            title = one_line(text[blocks[0].start : blocks[0].end])
        about = described(
            {field: value for field, value in row.items() if field not in (used, titled)}
        )
        return Document(
            key=f"{self._source.key}/{name}",
            title=title or f"{self._file_title} {name}",
            text=text,
            blocks=blocks,
            lines=((0, line),),
            modified=self._source.modified,
            media_type=self._media_type,
            authors=about.authors,
            published=about.published,
            language=about.language,
            tags=about.tags,
            fields=about.fields,
        )

    def _name(self, row: dict[str, Value], number: int) -> str:
        name = ""
        for field in (self._options.key_field, *names_by_role(tuple(row))["key"]):
            value = row.get(field)
            if isinstance(value, str | int) and not isinstance(value, bool):
                name = clean_name(str(value))
                break
        return self._names.unique(name or str(number))

    def _text_name(self, row: dict[str, Value]) -> str:
        """The name of the field that is the text, or "" where none is evident."""
        roles = names_by_role(tuple(row))
        for field in (self._options.text_field, *roles["text"]):
            if words(row.get(field, "")).strip():
                return field
        whole = sum(len(words(value)) for value in row.values())
        for field in roles["perhaps text"]:
            if 2 * len(words(row[field]).strip()) > whole:
                return field
        return ""

    def _text(self, text: str, find_title: bool) -> tuple[str, tuple[Block, ...]]:
        if _MARKUP.match(text) and "</" in text:
            # Exports of web sites have pages in their rows.
            from searchkit.readers.html_whole import whole_page

            text, blocks, _ = whole_page(text)
            return text, blocks
        if "\n" not in text and not (find_title and reads_as_title(text)):
            start = len(text) - len(text.lstrip())
            return text, (Block(BlockKind.PARAGRAPH, start, len(text.rstrip())),)
        return text, tuple(text_blocks(split_lines(text), find_title=find_title))

    def fail(self, line: int, reason: str) -> None:
        """Note that the row on ``line`` cannot be read; of the very many, only the first."""
        self._failed += 1
        key, failures = self._source.key, self._source.failures
        if self._failed <= _MOST_FAILURES:
            failures.append((f"{key}/{line}", f"line {line:,}: {reason}"))
        elif self._failed == _MOST_FAILURES + 1:
            failures.append((f"{key}/{line}", f"line {line:,} and others: {reason}"))
        if not self._read and self._failed == _MOST_FAILURES:
            self.close()

    def close(self) -> None:
        """Raises ``UnreadableError`` if there were rows, and none of them could be read."""
        if self._failed and not self._read:
            failures = self._source.failures
            first = failures[-min(self._failed, _MOST_FAILURES + 1)]
            del failures[-min(self._failed, _MOST_FAILURES + 1) :]
            raise UnreadableError(first[1])


def _all_fields(row: dict[str, Value], titled: str) -> tuple[str, tuple[Block, ...]]:
    """All that a row says but its title, a field a line with its name before it."""
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for name, value in row.items():
        shown = _shown(value)
        if not shown or name == titled:
            continue
        if not _UNNAMED.fullmatch(name):
            shown = f"{name}: {shown}"
        parts.append(shown)
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(shown)))
        at += len(shown) + 1
    return "\n".join(parts), tuple(blocks)


def _shown(value: Value) -> str:
    if isinstance(value, list):
        return "; ".join(part for part in map(_shown_scalar, value) if part)
    return _shown_scalar(value)


def _shown_scalar(value: Scalar) -> str:
    return "" if isinstance(value, bool) else str(value).strip()
