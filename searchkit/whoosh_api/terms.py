"""How does a Whoosh application look at one term after the other?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from whoosh.fields import FieldType
from whoosh.reading import TermInfo

if TYPE_CHECKING:
    from searchkit.whoosh_api.reader import SearchkitReader


class LazyTermInfo(TermInfo):
    """Statistics of a term; what needs its postings is found when it is asked for."""

    def __init__(self, df: int, fill: Callable[[TermInfo], None]) -> None:
        self._df = df
        self._fill = fill

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "_maxid" in self.__dict__:
            raise AttributeError(name)
        self._fill(self)
        return self.__dict__[name]


class TermCursor:
    """Steps through the terms of a field; each step gives the term as text, or None at the end."""

    def __init__(self, reader: SearchkitReader, fieldname: str, field: FieldType) -> None:
        self._reader = reader
        self._fieldname = fieldname
        self._from_bytes = field.from_bytes
        self.first()

    def first(self) -> Any:
        return self.find(b"")

    def find(self, term: bytes) -> Any:
        """Go to ``term`` or the first one after it."""
        self._terms = self._reader.terms_of(self._fieldname, term)
        return self.next()

    def next(self) -> Any:
        self._term = next(self._terms, None)
        return self.text()

    def is_valid(self) -> bool:
        return self._term is not None

    def term(self) -> bytes | None:
        return self._term

    def text(self) -> Any:
        return None if self._term is None else self._from_bytes(self._term)

    def term_info(self) -> TermInfo:
        return self._reader.term_info(self._fieldname, self._term)
