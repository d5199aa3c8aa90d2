"""What does a Whoosh posting say beyond its document?

Whoosh packs it into bytes that hold a pickle (``formats.Positions.encode``), so those bytes are
never kept. The engine keeps frequencies and positions; what a format tells beyond that is data:

    Existence, Frequency, Positions   nothing
    Characters                        (position, first character, end) of each occurrence
    PositionBoosts                    (position, boost)
    CharacterBoosts                   (position, first character, end, boost)

It stands in the stored record of its document, with the weights that are not those that follow from
the frequency, and the term vectors. A "value" is what a format knows of one posting, not packed:
None (Existence), the frequency (Frequency), or the list of occurrences, an occurrence being a
position alone for Positions.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from whoosh.formats import (
    CharacterBoosts,
    Characters,
    Format,
    Frequency,
    PositionBoosts,
    Positions,
)
from whoosh.matching import NullMatcher, ReadTooFar
from whoosh.matching.mcore import LeafMatcher
from whoosh.system import pack_uint

Value = Any


def keeps_details(format_: Format) -> bool:
    """Whether postings say more than how often and where."""
    return isinstance(format_, Characters | PositionBoosts)


def unpack(format_: Format, packed: bytes) -> Value:
    """The value in ``packed``, which must have been packed in this process: it is a pickle."""
    match format_:
        case CharacterBoosts():
            return format_.decode_character_boosts(packed)
        case Characters():
            return format_.decode_characters(packed)
        case PositionBoosts():
            return format_.decode_position_boosts(packed)
        case Positions():
            return format_.decode_positions(packed)
        case Frequency():
            return format_.decode_frequency(packed)
    return None


def pack(format_: Format, value: Value) -> bytes:
    """``value`` as Whoosh's bytes."""
    match format_:
        case CharacterBoosts():
            return format_.encode(value)[0]
        case Positions():
            return format_.encode(value)
        case Frequency():
            return pack_uint(value)
    return b""


def positions_in(format_: Format, value: Value) -> list[int]:
    """The positions that ``value`` of a format with positions tells."""
    return [one[0] for one in value] if keeps_details(format_) else list(value)


def read_as(format_: Format, value: Value, weight: float, kind: str) -> Value:
    """``value`` as "frequency", "weight", "positions", "characters", "position_boosts" or
    "character_boosts". Raises ``AttributeError``, as Whoosh does, where the format has no such."""
    if not format_.supports(kind):
        raise AttributeError(f"a {type(format_).__name__} has no {kind}")
    match kind:
        case "weight":
            return weight
        case "frequency":
            return len(value) if isinstance(value, list) else (value or 1)
        case "positions":
            return positions_in(format_, value)
        case "characters":
            return [tuple(one[:3]) for one in value]
        case "position_boosts" if isinstance(format_, Characters | PositionBoosts):
            boosted = isinstance(format_, CharacterBoosts | PositionBoosts)
            return [(one[0], one[-1] if boosted else 1) for one in value]
        case "position_boosts":
            return [(position, 1) for position in value]
        case "character_boosts":
            return [tuple(one) for one in value]
    return format_.decode_as(kind, pack(format_, value))


class PostingsMatcher(LeafMatcher):
    """Steps through lists in memory: the postings of a term, or the term vector of a document.

    ``values`` gives the value at an index of ``ids``, and is asked for what is looked at only.
    It offers no block qualities: Whoosh's matchers above it lose hits when they skip by them
    (``ArrayUnionMatcher.max_quality`` takes a maximum for a sum, and more such).
    """

    def __init__(
        self,
        ids: Sequence[Any],
        weights: Sequence[float] | Callable[[int], float],
        values: Callable[[int], Value],
        format_: Format,
        scorer: Any = None,
        term: tuple[str, bytes] | None = None,
    ) -> None:
        self._ids = ids
        self._weights = weights
        self._weight_of = weights if callable(weights) else weights.__getitem__
        self._values = values
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._at = 0

    def is_active(self) -> bool:
        return self._at < len(self._ids)

    def reset(self) -> None:
        self._at = 0

    def copy(self) -> PostingsMatcher:
        twin = type(self)(
            self._ids, self._weights, self._values, self.format, self.scorer, self._term
        )
        twin._at = self._at
        return twin

    def replace(self, minquality: float = 0) -> Any:
        return self if self.is_active() else NullMatcher()

    def supports_block_quality(self) -> bool:
        return False

    def max_quality(self) -> float:
        return float("inf")

    block_quality = max_quality

    def skip_to_quality(self, minquality: float) -> int:
        return 0

    def id(self) -> Any:
        # Whoosh's matchers ask at the end, too, and expect some id that they have seen.
        return self._ids[self._at if self._at < len(self._ids) else -1]

    def all_ids(self) -> Iterator[Any]:
        while self._at < len(self._ids):
            yield self._ids[self._at]
            self._at += 1

    def all_items(self) -> Iterator[tuple[Any, bytes]]:
        while self.is_active():
            yield self.id(), self.value()
            self.next()

    def next(self) -> bool:
        if self._at >= len(self._ids):
            raise ReadTooFar
        self._at += 1
        return False

    def skip_to(self, id: Any) -> None:
        if self._at >= len(self._ids):
            raise ReadTooFar
        if self._ids[self._at] < id:
            self._at = bisect_left(self._ids, id, self._at + 1)

    def value(self) -> bytes:
        return pack(self.format, self._values(self._at))

    def value_as(self, astype: str) -> Value:
        return read_as(self.format, self._values(self._at), self.weight(), astype)

    def items_as(self, astype: str) -> Iterator[tuple[Any, Value]]:
        while self.is_active():
            yield self.id(), self.value_as(astype)
            self.next()

    def weight(self) -> float:
        return self._weight_of(self._at)

    def score(self) -> float:
        return self.scorer.score(self) if self.scorer else self.weight()

    # What Whoosh's scorers ask of a block; ours is the whole list.

    def block_max_weight(self) -> float:
        return max(map(self._weight_of, range(len(self._ids))), default=0.0)

    def block_min_length(self) -> int:
        return 1

    def block_max_length(self) -> int:
        return 0


def ids_array(ids: Sequence[int]) -> array[int]:
    """``ids`` as what matchers and bisect step through fastest."""
    return ids if isinstance(ids, array) else array("I", ids)
