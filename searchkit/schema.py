"""Which fields does a document of an index have, and how is each indexed?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from searchkit.record import Record

TEXT = "text"
TITLE = "title"
HEADINGS = "headings"

FIELDS = (TEXT, TITLE, HEADINGS)
"""The searchable fields of a passage."""

WORDS = "words"
"""The name of the analyzer that leaves words as they are written."""

LANGUAGES = "languages-2"
"""The name of the analyzer that goes by the language of a text."""

UNMARKED_LANGUAGES = "languages"
"""That of older indexes, in which the stems of all languages are the same terms."""


def word_field(name: str) -> str:
    """The twin of a field of texts, if the schema has it: its words as they are written.

    It takes no texts, for its terms are made in the same pass as those of the field. (Not
    ``name:word``, which would be a field of metadata called "word".)
    """
    return f"word:{name}"


def form_field(name: str) -> str:
    """The field of the other forms of the words of a field of texts: "email" where it has "e-mail",
    "securite" where it has "sécurité".
    """
    return f"forms:{name}"


WHOLE_TITLE = "_title"
"""The field of passages' whole titles, each one term."""

_DICTIONARY = "dictionary:"


def dictionary_field(dictionary: str) -> str:
    """The field of a passage's words by a dictionary ("icu-78")."""
    return f"{_DICTIONARY}{dictionary}"


KEY = "_key"
"""The field of every index that finds documents by their key."""


class Kind(Enum):
    """What a column holds: one value for each document, to sort, group and filter by."""

    INT = "int"
    """Integers of 64 bits, signed."""
    FLOAT = "float"
    BOOL = "bool"
    BYTES = "bytes"
    """Any bytes; of text its UTF-8, which sorts by code points."""


class Field(Record):
    """An indexed field.

    ``analyzer`` is the registered name of the analyzer of its texts; without one, its terms are
    given as bytes. ``frequencies`` and ``positions`` say whether it is kept how often and where in
    the field a term occurs (positions need frequencies); ``lengths`` whether the number of terms of
    each document is, which scoring needs. Raises ``ValueError`` for positions alone.
    """

    analyzer: str | None = None
    frequencies: bool = True
    positions: bool = True
    lengths: bool = True

    def __post_init__(self) -> None:
        if self.positions and not self.frequencies:
            raise ValueError("a field that keeps positions keeps frequencies too")


class Schema(Record):
    """The fields and columns of an index; ``extra`` is JSON that its owner keeps with it."""

    fields: Mapping[str, Field]
    columns: Mapping[str, Kind] = MappingProxyType({})
    extra: Mapping[str, object] = MappingProxyType({})

    @property
    def dictionary(self) -> str:
        """The dictionary whose words there is a field of, or ""."""
        found = (name for name in self.fields if name.startswith(_DICTIONARY))
        return next(found, "").removeprefix(_DICTIONARY)

    def to_json(self) -> dict[str, object]:
        """As plain JSON values."""
        return {
            "fields": {
                name: {
                    "analyzer": one.analyzer,
                    "frequencies": one.frequencies,
                    "positions": one.positions,
                    "lengths": one.lengths,
                }
                for name, one in self.fields.items()
            },
            "columns": {name: kind.value for name, kind in self.columns.items()},
            "extra": dict(self.extra),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Schema:
        """Read what :meth:`to_json` gave. Raises ``ValueError`` for anything else."""
        try:
            fields, columns, extra = value["fields"], value["columns"], value["extra"]
            if not (
                isinstance(fields, dict) and isinstance(columns, dict) and isinstance(extra, dict)
            ):
                raise TypeError("fields, columns and extra must be objects")
            return cls(
                {name: _field(one) for name, one in fields.items()},
                {name: Kind(kind) for name, kind in columns.items()},
                extra,
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"no schema: {error}") from error


def _field(value: Mapping[str, object]) -> Field:
    one = Field(**value)  # type: ignore[arg-type]
    analyzer = one.analyzer
    flags = (one.frequencies, one.positions, one.lengths)
    if not (analyzer is None or isinstance(analyzer, str)) or set(map(type, flags)) != {bool}:
        raise TypeError("a field has values of the wrong kind")
    return one
