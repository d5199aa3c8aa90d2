"""Does a buffer write the documents that were added? A segment is read back, and compared with
dictionaries that were filled from the same documents in the obvious way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.codec.columns import Value
from searchkit.codec.values import decode_values
from searchkit.index import field_buffer
from searchkit.index.buffer import SegmentBuffer, Terms
from searchkit.index.deletions import Deletions
from searchkit.index.manifest import SEGMENT, SegmentInfo, file_name
from searchkit.index.segment import KIND, VERSION, SegmentReader
from searchkit.schema import KEY, Field, Kind, Schema
from searchkit.storage import MemoryDirectory, SectionWriter
from searchkit.storage.envelope import new_id

ENGLISH, WORDS = open_analyzer("english"), open_analyzer("words")

SCHEMA = Schema(
    {
        "text": Field(analyzer="english"),
        "title": Field(analyzer="english", positions=False),
        "tags": Field(),
        "set": Field(frequencies=False, positions=False, lengths=False),
        "word:text": Field(analyzer="words", positions=False, lengths=False),
        "word:title": Field(analyzer="words"),
        "word:other": Field(analyzer="words"),
    },
    {"year": Kind.INT, "price": Kind.FLOAT, "read": Kind.BOOL, "code": Kind.BYTES},
)


class Doc(NamedTuple):
    key: str = "k"
    texts: Mapping[str, str | Sequence[str]] = {}
    terms: Mapping[str, Terms] = {}
    stored: Mapping[str, object] = {}
    columns: Mapping[str, Value] = {}


class Made:
    """A buffer, and the file that it writes to."""

    def __init__(self, schema: Schema = SCHEMA) -> None:
        self._directory = MemoryDirectory()
        id = new_id()
        self._name = file_name(id, SEGMENT)
        self._output = self._directory.create(self._name)
        self.buffer = SegmentBuffer(schema, SectionWriter(self._output, KIND, VERSION, id))
        self._schema = schema

    def add(self, doc: Doc) -> None:
        record = self.buffer.checked(*doc)
        self.buffer.take(doc.key, record, doc.texts, doc.terms, doc.columns)

    def extend(self, schema: Schema) -> None:
        self.buffer.extend(schema)
        self._schema = schema

    def read(self) -> SegmentReader:
        self.buffer.write()
        self._output.close()
        info = SegmentInfo(
            self._name, self._directory.length(self._name), self.buffer.docs, deletions=None
        )
        data = self._directory.open(self._name)
        none = Deletions.none(info.docs)
        return SegmentReader(data, info, none, self._schema, self._directory.path, 0)


def tokens_of(name: str, doc: Doc) -> list[tuple[bytes, int]]:
    """The terms of a field of a document, each with its position."""
    if name == KEY:
        return [(doc.key.encode("utf-8", "surrogatepass"), 0)]
    if name in doc.terms:
        return [
            one if isinstance(one, tuple) else (one, place)
            for place, one in enumerate(doc.terms[name])
        ]
    is_twin = name in ("word:text", "word:title")
    texts = doc.texts.get(name.removeprefix("word:") if is_twin else name, ())
    analyzer = WORDS if name.startswith("word:") else ENGLISH
    found: list[tuple[bytes, int]] = []
    place = 0
    for text in [texts] if isinstance(texts, str) else texts:
        terms = [token.term.encode() for token in analyzer.tokens(text)]
        found += zip(terms, range(place, place + len(terms)), strict=True)
        # No phrase reaches from one text of a field to the next.
        place += len(terms) + 100
    return found


def compare(segment: SegmentReader, docs: Sequence[Doc], schema: Schema = SCHEMA) -> None:
    fields = {**schema.fields, KEY: Field(frequencies=False, positions=False, lengths=False)}
    assert segment.docs == len(docs)
    assert segment.field_names == set(fields)
    for name, field in fields.items():
        expected: dict[bytes, dict[int, list[int]]] = {}
        for number, doc in enumerate(docs):
            for term, place in tokens_of(name, doc):
                expected.setdefault(term, {}).setdefault(number, []).append(place)
        reader = segment.field(name)
        assert [term for term, _ in reader.terms.entries(None, None)] == sorted(expected)
        for term, postings in expected.items():
            where = reader.list_of(term, positions=True)
            assert where is not None
            found, tfs, places = segment.read_list(reader, where, positions=field.positions)
            assert list(found) == list(postings)
            frequencies = [len(one) if field.frequencies else 1 for one in postings.values()]
            assert list(tfs) == frequencies
            assert where[5] == sum(frequencies)
            if field.positions:
                assert list(places) == [place for one in postings.values() for place in one]
        assert (reader.lengths is not None) == field.lengths
        if reader.lengths is not None:
            lengths = [len(tokens_of(name, doc)) for doc in docs]
            assert [reader.lengths.length(number) for number in range(len(docs))] == lengths
    for number, doc in enumerate(docs):
        assert segment.keys.key(number) == doc.key
        assert decode_values(segment.stored.get(number)) == doc.stored
        for name in schema.columns:
            value = segment.column(name).value(number)
            assert value == doc.columns.get(name)
            assert type(value) is type(doc.columns.get(name))


text = st.lists(
    st.sampled_from("red Reds reading green, naïve e-mail the ... Київ don't".split()), max_size=6
).map(" ".join)
texts = text | st.lists(text, max_size=3)
term = st.sampled_from([b"", b"a", b"ab", b"\xff\x00", b"red", b"z"])
terms = st.lists(term, max_size=5) | st.lists(
    st.tuples(term, st.integers(0, 50) | st.just(2**32 - 1)), max_size=5
).map(lambda pairs: sorted(pairs, key=lambda pair: pair[1]))


def some(strategies: dict[str, st.SearchStrategy[object]]) -> st.SearchStrategy[object]:
    return st.fixed_dictionaries({}, optional=strategies)


docs_ = st.lists(
    st.builds(
        Doc,
        st.sampled_from(["a", "b", "ключ", "\ud800", ""]),
        some({"text": texts, "title": texts, "word:other": texts}),
        some({"tags": terms, "set": terms}),
        some({"n": st.integers(), "s": st.text(max_size=5)}),
        some(
            {
                "year": st.integers(-(2**63), 2**63 - 1),
                "price": st.floats(allow_nan=False),
                "read": st.booleans(),
                "code": st.binary(max_size=4),
            }
        ),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(docs=docs_, at_once=st.sampled_from([1, 20, 1000]))
def test_what_was_added_is_written(docs: list[Doc], at_once: int) -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr(field_buffer, "_CODE_POINTS_AT_ONCE", at_once)
    made = Made()
    try:
        for doc in docs:
            made.add(doc)
        assert made.buffer.docs == len(docs)
        compare(made.read(), docs)
    finally:
        patch.undo()


def test_nothing_is_written_too() -> None:
    segment = Made().read()
    assert segment.docs == 0
    assert list(segment.field("text").terms.entries(None, None)) == []


@pytest.mark.parametrize("before", ["", "one two", ["one", "two"]])
def test_positions_begin_in_the_middle(before: str | list[str]) -> None:
    """The first documents stand at 0, 1, 2 and so on, without a list of positions."""
    docs = [
        Doc(texts={"text": before}),
        Doc(),
        Doc(texts={"text": ["", "red green", "", "blue"]}),
        Doc(texts={"text": "red"}),
        Doc(texts={"text": []}),
    ]
    made = Made()
    for doc in docs:
        made.add(doc)
    compare(made.read(), docs)


def test_tokens_are_counted_when_they_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits to be analysed is not counted yet; many code points of it, or several texts, ask
    for it. The key is a token of its own.
    """
    monkeypatch.setattr(field_buffer, "_CODE_POINTS_AT_ONCE", 256 * len("six"))
    made = Made()
    made.add(Doc(texts={"text": "one two three"}))
    assert made.buffer.tokens == 1
    made.add(Doc(texts={"text": ["four", "five"]}))
    assert made.buffer.tokens == 1 + 3 + 1 + 2
    made.add(Doc(terms={"tags": [b"a", b"b"]}))
    assert made.buffer.tokens == 7 + 1 + 2
    for _ in range(255):
        made.add(Doc(texts={"text": "six"}))
    assert made.buffer.tokens == 10 + 255
    made.add(Doc(texts={"text": "six"}))
    assert made.buffer.tokens == 10 + 2 * 256


def test_a_schema_that_grows() -> None:
    made = Made()
    first = [Doc(texts={"text": "red"}, columns={"year": 7}), Doc()]
    for doc in first:
        made.add(doc)
    with pytest.raises(ValueError, match="no field 'more'"):
        made.add(Doc(texts={"more": "x"}))
    grown = Schema(
        {**SCHEMA.fields, "more": Field(analyzer="english"), "late": Field()},
        {**SCHEMA.columns, "size": Kind.INT},
    )
    made.extend(grown)
    then = [
        Doc(texts={"more": "green reds", "text": "red"}, columns={"size": 3, "year": 8}),
        Doc(terms={"late": [b"t"]}),
    ]
    for doc in then:
        made.add(doc)
    compare(made.read(), [*first, *then], grown)


LONG = b"x" * 65_536

REFUSED: list[tuple[Doc, type[Exception], str]] = [
    (Doc(texts={"nosuch": "a"}), ValueError, "no field 'nosuch' that takes texts"),
    (Doc(texts={"tags": "a"}), ValueError, "no field 'tags' that takes texts"),
    (Doc(texts={"word:text": "a"}), ValueError, "no field 'word:text' that takes texts"),
    (Doc(texts={KEY: "a"}), ValueError, "no field '_key'"),
    (Doc(texts={"text": [b"a"]}), TypeError, "takes texts"),  # type: ignore[list-item]
    (Doc(terms={"nosuch": [b"a"]}), ValueError, "no field 'nosuch' that takes terms"),
    (Doc(terms={"text": [b"a"]}), ValueError, "no field 'text' that takes terms"),
    (Doc(terms={"tags": ["a"]}), TypeError, "terms as bytes"),  # type: ignore[dict-item]
    (Doc(terms={"tags": [(b"a", 1), b"b"]}), TypeError, "pairs"),  # type: ignore[dict-item]
    (Doc(terms={"tags": [(b"a", 2), (b"b", 1)]}), ValueError, "positions in order"),
    (Doc(terms={"tags": [(b"a", -1)]}), ValueError, "positions in order"),
    (Doc(terms={"tags": [(b"a", 1 << 32)]}), ValueError, "positions in order"),
    (Doc(terms={"tags": [LONG]}), ValueError, "term of 65,536 bytes"),
    (Doc(terms={"tags": [(LONG, 1)]}), ValueError, "term of 65,536 bytes"),
    (Doc(key="x" * 65_536), ValueError, "key of 65,536 bytes"),
    (Doc(stored={"a": object()}), TypeError, "object"),
    (Doc(columns={"nosuch": 1}), ValueError, "no column 'nosuch'"),
    (Doc(columns={"year": 1 << 63}), ValueError, "'year' does not take"),
    (Doc(columns={"year": True}), ValueError, "'year' does not take"),
    (Doc(columns={"year": 1.5}), ValueError, "'year' does not take"),
    (Doc(columns={"price": 1 << 1023}), ValueError, "'price' does not take"),
    (Doc(columns={"price": True}), ValueError, "'price' does not take"),
    (Doc(columns={"read": 1}), ValueError, "'read' does not take"),
    (Doc(columns={"code": "a"}), ValueError, "'code' does not take"),  # type: ignore[dict-item]
]


@pytest.mark.parametrize(("doc", "error", "said"), REFUSED)
def test_a_document_that_is_refused_leaves_nothing(
    doc: Doc, error: type[Exception], said: str
) -> None:
    good = Doc("good", {"text": "red"}, {"tags": [b"t"]}, {"a": 1}, {"year": 1})
    # What comes before the fault must not stay either.
    bad = Doc(
        doc.key,
        {"title": "ghost", **doc.texts},
        {"set": [b"ghost"], **doc.terms},
        doc.stored,
        {"read": True, **doc.columns},
    )
    made = Made()
    made.add(good)
    before = made.buffer.tokens
    with pytest.raises(error, match=said):
        made.add(bad)
    assert (made.buffer.docs, made.buffer.tokens) == (1, before)
    made.add(good)
    assert made.buffer.docs == 2
    compare(made.read(), [good, good])


def test_the_largest_numbers_are_taken() -> None:
    docs = [
        Doc(columns={"year": (1 << 63) - 1, "price": float("inf")}),
        Doc(columns={"year": -(1 << 63), "price": -0.0}, terms={"tags": [LONG[1:]]}),
    ]
    made = Made()
    for doc in docs:
        made.add(doc)
    compare(made.read(), docs)
