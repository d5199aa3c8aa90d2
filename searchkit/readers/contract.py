"""What is a reader given, and what may it take?

A reader is a function from a :class:`Source` to the documents in it: one for most formats, one for
each message or row where a file holds many. What holds files of its own (an archive, a message with
attachments) reads each through :meth:`Source.inside` and ``readers.read``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from searchkit.document import Document


class UnreadableError(Exception):
    """A source cannot be read; the message is the reason, one line without a full stop."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose.

    ``text_field``, ``title_field`` and ``key_field`` name the fields of rows; "" leaves it to the
    reader to find them. A file may expand to ``most_expanded_bytes``, with all that is packed in
    it, and files may lie in each other ``deepest`` levels deep.
    """

    text_field: str = ""
    title_field: str = ""
    key_field: str = ""
    most_expanded_bytes: int = 256 << 20
    deepest: int = 5

    @property
    def row_fields(self) -> tuple[tuple[str, str], ...]:
        """The fields of rows that are named: what for, and the name."""
        named = (
            ("text_field", self.text_field),
            ("title_field", self.title_field),
            ("key_field", self.key_field),
        )
        return tuple(pair for pair in named if pair[1])


@dataclass(slots=True)
class Budget:
    """What a file and all that is packed in it have taken so far."""

    expanded_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file, or of a file inside of one.

    ``key`` names its document in the collection: the file's key, and for what is inside of it a
    slash and its name there, as if the file were a folder. ``modified`` is in seconds since the
    epoch. ``failures`` gathers pairs (key, reason) of what lies in it and cannot be read; what
    cannot be read at all raises ``UnreadableError``. ``row_names`` gathers the names of the fields
    of rows, of many those that were asked for and some others, where ``options`` ask for any.
    """

    data: bytes
    key: str
    modified: float
    options: Options = Options()
    failures: list[tuple[str, str]] = field(default_factory=list)
    row_names: set[str] = field(default_factory=set)
    depth: int = 0
    budget: Budget = field(default_factory=Budget)

    @property
    def suffix(self) -> str:
        """The suffix of its name, lower case, with its dot; "" if it has none."""
        return PurePosixPath(self.key).suffix.lower()

    def take(self, count: int) -> None:
        """Note that ``count`` more bytes were unpacked from the file.

        Raises ``UnreadableError`` beyond the limit: call it piece by piece, before the next one is
        unpacked.
        """
        self.budget.expanded_bytes += count
        most = self.options.most_expanded_bytes
        if self.budget.expanded_bytes > most:
            raise UnreadableError(f"expands to more than {most >> 20:,} MB")

    def inside(self, name: str, data: bytes, modified: float | None = None) -> Source:
        """What lies in it under ``name``, a relative path with ``/``.

        Raises ``UnreadableError`` where that is too many levels deep.
        """
        if self.depth >= self.options.deepest:
            raise UnreadableError(f"files lie in it more than {self.options.deepest} levels deep")
        parts = [part for part in name.split("/") if part not in ("", ".", "..")]
        return replace(
            self,
            data=data,
            key=f"{self.key}/{'/'.join(parts) or 'unnamed'}",
            modified=self.modified if modified is None else modified,
            depth=self.depth + 1,
        )


Reader = Callable[[Source], Iterator[Document]]
