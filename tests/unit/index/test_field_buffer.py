"""Do the tokens of a field wait as they would if each text were analysed when it came?"""

from __future__ import annotations

from itertools import accumulate, pairwise
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import Vocabulary, open_analyzer
from searchkit.index import field_buffer
from searchkit.index.field_buffer import FieldBuffer, TermIds
from searchkit.schema import Field

ENGLISH = open_analyzer("english")
TEXT = st.text("aB é", max_size=12)
TEXTS = st.lists(st.none() | TEXT | st.lists(TEXT, max_size=3), max_size=20)


@given(documents=TEXTS, at_once=st.integers(1, 40), has_positions=st.booleans())
def test_texts(documents: list[str | list[str] | None], at_once: int, has_positions: bool) -> None:
    field = FieldBuffer(Field("english", positions=has_positions), Vocabulary(ENGLISH))
    told = 0
    with mock.patch.object(field_buffer, "_CODE_POINTS_AT_ONCE", at_once):
        for doc, texts in enumerate(documents):
            if texts is not None:
                told += field.add_texts(texts, doc)
        field.settle()
        field.finish(len(documents))
    expected: list[list[tuple[str, int]]] = []
    for texts in documents:
        expected.append([])
        place = 0
        for text in [texts] if isinstance(texts, str) else texts or []:
            terms = ENGLISH.terms(text)
            expected[-1] += zip(terms, range(place, place + len(terms)), strict=True)
            place += len(terms) + 100
    assert list(field.lengths) == list(map(len, expected))
    assert told <= len(field.tokens)
    assert isinstance(field.vocabulary, Vocabulary)
    terms = [field.vocabulary.terms[token] for token in field.tokens]
    assert terms == [term for tokens in expected for term, _ in tokens]
    if has_positions:
        assert positions(field) == [place for tokens in expected for _, place in tokens]


PAIRS = st.lists(st.tuples(st.binary(max_size=1), st.integers(0, 9)), max_size=4)
TERMS = st.lists(st.none() | st.lists(st.binary(max_size=1), max_size=4) | PAIRS, max_size=20)


@given(documents=TERMS)
def test_terms(documents: list[list[bytes] | list[tuple[bytes, int]] | None]) -> None:
    field = FieldBuffer(Field(), TermIds())
    expected: list[list[tuple[bytes, int]]] = []
    for doc, terms in enumerate(documents):
        expected.append([])
        if terms is not None:
            assert field.add_terms(terms, doc) == len(terms)
            expected[-1] = [
                one if isinstance(one, tuple) else (one, place) for place, one in enumerate(terms)
            ]
    field.finish(len(documents))
    assert list(field.lengths) == list(map(len, expected))
    assert positions(field) == [place for tokens in expected for _, place in tokens]
    text, ends, ranks = field.vocabulary.sorted_terms()
    known = [text[start:end] for start, end in pairwise([0, *ends])]
    assert [known[ranks[token]] for token in field.tokens] == [
        term for tokens in expected for term, _ in tokens
    ]


def positions(field: FieldBuffer) -> list[int]:
    if field.positions is not None:
        return list(field.positions)
    ends = accumulate(field.lengths, initial=0)
    return [at - start for start, end in pairwise(ends) for at in range(start, end)]
