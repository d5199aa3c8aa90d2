"""Which documents have a key, while they are not yet in a segment?"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.codec.terms import LONGEST_BYTES
from searchkit.index.key_buffer import KeyBuffer, check_key


@given(st.lists(st.tuples(st.booleans(), st.text("ab\udc80é", max_size=2))))
def test_deletes_what_was_added_before(steps: list[tuple[bool, str]]) -> None:
    keys = KeyBuffer()
    added: list[str] = []
    deleted: set[int] = set()
    for is_deletion, key in steps:
        if is_deletion:
            gone = {doc for doc, one in enumerate(added) if one == key} - deleted
            assert keys.delete(key) == len(gone)
            deleted |= gone
        else:
            keys.add(key)
            added.append(key)
    assert len(keys) == len(added)
    assert sorted(keys.deleted) == sorted(deleted)
    text, ends = keys.taken()
    cut = [text[start:end] for start, end in pairwise([0, *ends])]
    assert cut == [key.encode("utf-8", "surrogatepass") for key in added]


def test_what_can_be_a_key() -> None:
    for key in ("", "a" * LONGEST_BYTES, "é" * (LONGEST_BYTES // 2), "\udc80"):
        check_key(key)
    for key in ("a" * (LONGEST_BYTES + 1), "é" * (LONGEST_BYTES // 2 + 1)):
        with pytest.raises(ValueError):
            check_key(key)
    with pytest.raises(TypeError):
        check_key(b"bytes")  # type: ignore[arg-type]


def test_memory_is_counted() -> None:
    keys = KeyBuffer()
    for n in range(100):
        keys.add("x" * n)
    assert keys.size_bytes > 100 * 100 + 4950
