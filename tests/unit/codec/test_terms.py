"""The dictionary of terms against a plain sorted dict."""

from __future__ import annotations

import re
from array import array
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.codec import CorruptError
from searchkit.codec.run_checksums import RunChecksums
from searchkit.codec.terms import TermEntry, Terms, encode_terms

Twin = dict[bytes, tuple[int, int, bytes, bytes]]  # df, cf, postings, positions

utf8 = st.text(st.sampled_from("abct\0éß語🎈\U0010ffff"), max_size=7).map(str.encode)
anything = (
    st.binary(max_size=6)
    | utf8
    | st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
small = st.integers(0, 300) | st.integers(0, 2**32 - 1)
values = st.tuples(small, small, st.binary(max_size=5), st.binary(max_size=3)).map(
    lambda v: (v[0], v[0] + v[1], v[2], v[3])
)
twins = st.dictionaries(anything, values, max_size=100)
utf8_twins = st.dictionaries(utf8, values, max_size=100)


def words(*terms: str) -> Twin:
    return {term.encode(): (1, 2, b"p", b"xy") for term in terms}


def encode(twin: Twin) -> tuple[bytes, bytes, bytes, bytes]:
    ends, df, cf = array("I"), array("I"), array("Q")
    postings_lengths, positions_lengths = array("Q"), array("Q")
    text = postings = positions = b""
    for term, (documents, occurrences, posted, placed) in sorted(twin.items()):
        text += term
        postings += posted
        positions += placed
        ends.append(len(text))
        df.append(documents)
        cf.append(occurrences)
        postings_lengths.append(len(posted))
        positions_lengths.append(len(placed))
    runs = []
    for data, lengths in ((postings, postings_lengths), (positions, positions_lengths)):
        checksums = RunChecksums()
        checksums.add(data, lengths)
        runs.append(checksums.finish())
    section, index = encode_terms(text, ends, df, cf, postings_lengths, positions_lengths, *runs)
    return section, index, postings, positions


def open_terms(*sections: bytes) -> Terms:
    section, index, postings, positions = map(memoryview, sections)
    return Terms(section, index, postings, positions)


def build(twin: Twin) -> Terms:
    return open_terms(*encode(twin))


def check_entry(
    terms: Terms, entry: TermEntry, ordinal: int, value: tuple[int, int, bytes, bytes]
) -> None:
    assert (entry.ordinal, entry.df, entry.cf) == (ordinal, *value[:2])
    assert bytes(terms.postings(entry)) == value[2]
    assert bytes(terms.positions(entry)) == value[3]
    assert entry.postings == (entry.postings_offset, entry.postings_length)
    assert entry.positions == (entry.positions_offset, entry.positions_length)
    assert (entry.postings_length, entry.positions_length) == (len(value[2]), len(value[3]))


def names(found: object) -> list[bytes]:
    return [term for term, _ in found]  # type: ignore[attr-defined]


def edits(one: str, two: str, transpositions: bool) -> int:
    """Levenshtein or restricted Damerau-Levenshtein distance, by the whole table."""
    table = [[i + j for j in range(len(two) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(two) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (one[i - 1] != two[j - 1]),
            )
            if transpositions and i > 1 and j > 1 and one[i - 2 : i] == two[j - 2 : j][::-1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def decoded(twin: Twin) -> dict[str, bytes]:
    texts = {}
    for term in sorted(twin):
        try:
            texts[term.decode()] = term
        except UnicodeDecodeError:
            continue
    return texts


@given(twins, st.lists(anything))
def test_lookup(twin: Twin, others: list[bytes]) -> None:
    terms = build(twin)
    assert len(terms) == len(twin)
    for term in others:
        assert (terms.lookup(term) is not None) == (term in twin)
    for ordinal, (term, value) in enumerate(sorted(twin.items())):
        entry = terms.lookup(term)
        assert entry is not None
        check_entry(terms, entry, ordinal, value)
    for term in others:
        assert (terms.lookup(term) is not None) == (term in twin)
    assert list(terms.problems()) == []


@given(twins, st.booleans(), st.booleans(), st.data())
def test_order_ranges_and_prefixes(
    twin: Twin, include_low: bool, include_high: bool, data: st.DataObject
) -> None:
    terms = build(twin)
    everything = sorted(twin)
    bounds = st.none() | anything | st.sampled_from(everything or [b""])
    low, high = data.draw(bounds), data.draw(bounds)
    assert names(terms) == everything
    for ordinal, (term, entry) in enumerate(terms):
        check_entry(terms, entry, ordinal, twin[term])
    assert names(terms.entries(low, high)) == [
        term for term in everything if term >= (low or b"") and (high is None or term < high)
    ]
    assert names(terms.range(low, high, include_low, include_high)) == [
        term
        for term in everything
        if (low is None or term > low or (include_low and term == low))
        and (high is None or term < high or (include_high and term == high))
    ]
    prefix = (low or b"")[:2]
    assert names(terms.prefix(prefix)) == [term for term in everything if term.startswith(prefix)]


wild = st.text(st.sampled_from("**??abct\0éß語🎈"), max_size=6)


@settings(max_examples=300)
@given(twins | utf8_twins, wild | st.text(max_size=4))
def test_wildcard(twin: Twin, pattern: str) -> None:
    translated = "".join({"*": ".*", "?": "."}.get(c) or re.escape(c) for c in pattern)
    matches = re.compile(translated, re.DOTALL).fullmatch
    expected = [term for text, term in decoded(twin).items() if matches(text)]
    found = list(build(twin).wildcard(pattern))
    assert names(found) == sorted(expected)
    assert [entry.ordinal for _, entry in found] == [
        sorted(twin).index(t) for t in sorted(expected)
    ]


@pytest.mark.parametrize("length", [60, 61, 62, 63, 64, 65, 66, 200])
def test_wildcard_of_any_length(length: int) -> None:
    twin = words("x" * length, "x" * length + "y", "x" * (length - 1), "xy" + "é" * (length - 2))
    terms = build(twin)
    assert names(terms.wildcard("*" + "x" * length)) == [b"x" * length]
    assert names(terms.wildcard("?" * length)) == [
        b"x" * length,
        ("xy" + "é" * (length - 2)).encode(),
    ]
    assert names(terms.wildcard("x" + "?" * (length - 2) + "*y")) == [b"x" * length + b"y"]


long_wild = st.lists(st.sampled_from(["a", "b", "?", "*", "*"]), min_size=100, max_size=160)


@given(st.sets(st.text("ab", min_size=30, max_size=80), max_size=20), long_wild)
def test_wildcard_too_long_for_the_automaton(texts: set[str], parts: list[str]) -> None:
    pattern = "".join(parts)
    # States after each token, without backtracking: what the pattern means, letter by letter.
    expected = []
    for text in texts:
        ends = {0}
        for token in parts:
            if token == "*":
                ends = set(range(min(ends, default=len(text) + 1), len(text) + 1))
            else:
                ends = {e + 1 for e in ends if e < len(text) and token in ("?", text[e])}
        if len(text) in ends:
            expected.append(text.encode())
    assert names(build(words(*texts)).wildcard(pattern)) == sorted(expected)


def test_patterns_and_words_without_measure() -> None:
    terms = build(words("a" * 60 + "b", "a" * 100))
    assert names(terms.wildcard("*a" * 90 + "*c")) == []
    assert names(terms.wildcard("*a" * 90)) == [b"a" * 100]
    assert names(terms.fuzzy("a" * 10**6, 64)) == []
    assert names(terms.fuzzy("a" * 164, 64)) == [b"a" * 100]


@given(twins, st.sampled_from(["", "a", "a*", "ab?", "ab+", "a{0}b", "a|b", "[ab].*", "(?i)AB.*",
    "a.c", "(?s).*", r"\w+", "é.", "a\0.*", "ab{2}", "(a|b)c*", "^a.*$"]))  # fmt: skip
def test_regex(twin: Twin, pattern: str) -> None:
    matches = re.compile(pattern).fullmatch
    expected = [term for text, term in decoded(twin).items() if matches(text)]
    assert names(build(twin).regex(pattern)) == sorted(expected)


def test_regex_that_is_none() -> None:
    with pytest.raises(re.error):
        build({}).regex("(")


@settings(max_examples=400)
@given(
    twins | utf8_twins,
    st.text(st.sampled_from("abct\0éß語🎈"), max_size=7) | st.text(max_size=4),
    st.integers(0, 4),
    st.integers(0, 4),
    st.booleans(),
)
def test_fuzzy(twin: Twin, word: str, distance: int, prefix: int, transpositions: bool) -> None:
    expected = [
        term
        for text, term in decoded(twin).items()
        if text.startswith(word[:prefix]) and edits(word, text, transpositions) <= distance
    ]
    found = list(build(twin).fuzzy(word, distance, prefix, transpositions))
    assert names(found) == sorted(expected)
    for term, entry in found:
        check_entry(build(twin), entry, sorted(twin).index(term), twin[term])


@settings(max_examples=300)
@given(st.sets(st.text("ab", max_size=9), min_size=40, max_size=200), st.text("ab", max_size=9),
    st.integers(0, 5), st.booleans())  # fmt: skip
def test_fuzzy_among_near_neighbours(
    texts: set[str], word: str, distance: int, transpositions: bool
) -> None:
    expected = [text for text in texts if edits(word, text, transpositions) <= distance]
    found = names(build(words(*texts)).fuzzy(word, distance, 0, transpositions))
    assert found == sorted(map(str.encode, expected))


def test_fuzzy_examples() -> None:
    terms = build(words("ca", "abc", "retrieval", "retreival", "naïve", "naive"))
    assert names(terms.fuzzy("retreival", 1)) == [b"retreival", b"retrieval"]
    assert names(terms.fuzzy("retreival", 1, transpositions=False)) == [b"retreival"]
    assert names(terms.fuzzy("ca", 2)) == [b"ca"]  # unrestricted Damerau would find abc
    assert names(terms.fuzzy("naive", 1)) == [b"naive", "naïve".encode()]
    for distance in (-1, 65):
        with pytest.raises(ValueError, match="edits"):
            terms.fuzzy("a", distance)


@given(twins)
def test_columns_are_what_was_encoded(twin: Twin) -> None:
    sections = encode(twin)
    columns = open_terms(*sections).columns()
    runs = []
    for data, lengths in (
        (sections[2], columns.postings_lengths),
        (sections[3], columns.positions_lengths),
    ):
        checksums = RunChecksums()
        at = 0
        for size in lengths:  # one by one gives the same as all at once
            checksums.add(data[at : at + size], array("Q", [size]))
            at += size
        runs.append(checksums.finish())
    again = encode_terms(
        columns.text,
        columns.ends,
        columns.df,
        columns.cf,
        columns.postings_lengths,
        columns.positions_lengths,
        *runs,
    )
    assert again == sections[:2]
    assert bytes(columns.text) == b"".join(sorted(twin))


@pytest.mark.parametrize("count", [0, 1, 2, 31, 32, 33, 63, 64, 65, 1000])
def test_sizes(count: int) -> None:
    twin = {b"%05d" % i: (i, i, b"%d" % i, b"") for i in range(count)}
    terms = build(twin)
    assert names(terms) == sorted(twin)
    for ordinal, term in enumerate(sorted(twin)):
        entry = terms.lookup(term)
        assert entry is not None
        check_entry(terms, entry, ordinal, twin[term])
        assert terms.lookup(term + b"\0") is None
        assert terms.lookup(term[:-1]) is None
    assert len(terms.columns().ends) == count
    assert names(terms.wildcard("*")) == names(terms.fuzzy("", 5)) == sorted(twin)


def test_long_terms() -> None:
    twin = {
        stem * size: (1, 1, b"p", b"")
        for stem in (b"a", b"\xff", b"\0")
        for size in (0, 14, 15, 16, 142, 143, 255, 256, 16_399, 65_534, 65_535)
    }
    terms = build(twin)
    assert names(terms) == sorted(twin)
    assert all(terms.lookup(term) for term in twin)
    assert terms.lookup(b"a" * 65_536) is None
    assert bytes(terms.columns().text) == b"".join(sorted(twin))
    assert names(terms.wildcard("a*" + "a" * 20)) == sorted(
        term for term in twin if term[:1] == b"a" and len(term) > 20
    )
    assert names(terms.fuzzy("a" * 20, 5)) == [b"a" * 15, b"a" * 16]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": b"ba"}, "above"),
        ({"text": b"aa"}, "above"),
        ({"ends": array("I", [2, 2])}, "above"),
        ({"ends": array("I", [3, 2])}, "above"),
        ({"ends": array("I", [1, 1])}, "do not end"),
        ({"ends": array("I", [2])}, "differ"),
        ({"text": b"a" * 65_537, "ends": array("I", [65_536, 65_537])}, "above"),
        ({"cf": array("Q", [0, 1])}, "numbers"),
        ({"cf": array("Q", [2**63, 1])}, "numbers"),
        ({"postings_lengths": array("Q", [2**61, 2**61])}, "numbers"),
        ({"positions_lengths": array("Q", [2**62, 0])}, "numbers"),
        ({"postings_checksums": array("I")}, "checksums"),
    ],
)
def test_what_no_dictionary_holds(changes: dict[str, object], says: str) -> None:
    sound: dict[str, object] = {
        "text": b"ab",
        "ends": array("I", [1, 2]),
        "df": array("I", [1, 1]),
        "cf": array("Q", [1, 1]),
        "postings_lengths": array("Q", [1, 1]),
        "positions_lengths": array("Q", [0, 0]),
        "postings_checksums": array("I", [0]),
        "positions_checksums": array("I", [0]),
    }
    encode_terms(**sound)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=says):
        encode_terms(**{**sound, **changes})  # type: ignore[arg-type]


def test_checksums_refuse_data_of_another_length() -> None:
    with pytest.raises(ValueError, match="bytes of data"):
        RunChecksums().add(b"abc", array("Q", [1, 1]))


def test_lists_are_verified_once_when_touched() -> None:
    section, index, postings, positions = encode(words(*map(str, range(100))))
    entry = build(words(*map(str, range(100)))).lookup(b"0")
    assert entry is not None
    terms = open_terms(section, index, b"q" + postings[1:], b"q" + positions[1:])
    assert terms.lookup(b"0") == entry
    with pytest.raises(CorruptError, match="postings of block 0"):
        terms.postings(entry)
    with pytest.raises(CorruptError, match="positions of block 0"):
        terms.positions(entry)
    assert len(list(terms.problems())) == 1
    last = terms.lookup(b"99")
    assert last is not None
    assert bytes(terms.postings(last)) == b"p"


def test_each_changed_byte_of_the_terms_is_noticed() -> None:
    twin = words(*map(str, range(100)))
    sections = encode(twin)
    for at in range(len(sections[0])):
        section = bytearray(sections[0])
        section[at] ^= 1
        terms = open_terms(bytes(section), *sections[1:])
        damaged = 0
        for term in twin:
            try:
                found = terms.lookup(term)
            except CorruptError:
                damaged += 1
            else:
                assert found is not None  # never "is not there" for a term that is
        assert damaged
        with pytest.raises(CorruptError):
            terms.columns()
        assert len(list(terms.problems())) == 1


def test_checksum_of_a_block_is_that_of_its_bytes() -> None:
    section, index, _, _ = encode(words("a"))
    assert crc32(section) == int.from_bytes(index[-12:-8], "little")
