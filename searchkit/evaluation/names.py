"""Which document of the index does a judgment mean?

Judgments name documents as their collection does: "4983". In an index that is a file
("texts/4983.txt") or a row ("corpus.jsonl/4983").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from searchkit.errors import UsageError


class Names(NamedTuple):
    """``of_key``: for the key of each judged document its name in the judgments; ``absent``: the
    judged documents that the index does not have.
    """

    of_key: dict[str, str]
    absent: frozenset[str]


def match_names(judged: Iterable[str], keys: Iterable[str]) -> Names:
    """Find the documents ``judged`` among ``keys``: by the whole key, else by what follows its last
    slash, else by that without its suffixes.

    Raises ``UsageError`` where two documents may be meant.
    """
    wanted = set(judged)
    found: dict[str, tuple[int, list[str]]] = {}
    for key in keys:
        for rank, name in enumerate(_names(key)):
            if name not in wanted:
                continue
            best, some = found.get(name, (rank, []))
            if rank < best:
                found[name] = (rank, [key])
            elif rank == best:
                found[name] = (rank, [*some[:1], key])
            break
    for name, (_, some) in found.items():
        if len(some) > 1:
            raise UsageError(f"the judged document {name} may be {some[0]} or {some[1]}")
    return Names(
        {key: name for name, (_, (key,)) in found.items()}, frozenset(wanted - found.keys())
    )


def _names(key: str) -> Iterator[str]:
    yield key
    last = key.rpartition("/")[2]
    yield last
    stem = last
    while "." in stem.lstrip("."):
        stem = stem.rpartition(".")[0]
        yield stem
