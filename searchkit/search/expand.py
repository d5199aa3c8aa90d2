"""Which documents have any of the terms that a pattern, a misspelt word or a range means?

All of them match equally well, so of the best only the lowest docnums have to be found: no list is
read further than that.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from searchkit.codec.terms import TermEntry, Terms
from searchkit.index import Snapshot
from searchkit.kernels import search as kernel
from searchkit.search.room import damaged, scratch
from searchkit.tree import Expanding, Fuzzy, Prefix, Regex, TermRange, Wildcard, encoded


def documents(snapshot: Snapshot, node: Expanding, limit: int | None = None) -> array[int]:
    """The live documents that match, in order: all, or the first ``limit``. Raises ``re.error`` for
    a wrong ``Regex``.
    """
    field = snapshot.field(node.field)
    found = array("I")
    for segment, reader in field.parts:
        lists = reader.lists_of(meant(reader.terms, node))
        wanted = segment.docs if limit is None else limit - len(found)
        docs = array("I", bytes(4 * min(wanted, segment.docs, sum(lists[2::3]))))
        count = kernel.lowest_of(
            reader.postings,
            lists,
            segment.docs,
            segment.deleted_bits,
            segment.base,
            len(docs),
            bytearray(-(-segment.docs // 64) * 8),
            scratch.cursors,
            docs,
        )
        if count < 0:
            raise damaged(snapshot)
        found += docs[:count]
        if len(found) == limit:
            break
    return found


def meant(terms: Terms, node: Expanding) -> Iterator[tuple[bytes, TermEntry]]:
    """The terms of one segment that the node stands for."""
    match node:
        case Prefix(_, prefix):
            return terms.prefix(encoded(prefix))
        case Wildcard(_, pattern):
            return terms.wildcard(pattern)
        case Regex(_, pattern):
            return terms.regex(pattern)
        case Fuzzy(_, word, distance, prefix_length, transpositions):
            return terms.fuzzy(word, distance, prefix_length, transpositions)
        case TermRange(_, low, high, includes_low, includes_high):
            return terms.range(
                None if low is None else encoded(low),
                None if high is None else encoded(high),
                includes_low,
                includes_high,
            )
