"""Does the kernel find the words that the regular expression finds, and number them as a dict?"""

import itertools
import string
import unicodedata
from array import array
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searchkit.kernels
from searchkit.analysis.surfaces import (
    LONGEST_SURFACE,
    DictSurfaces,
    HashedSurfaces,
    Sizes,
    Surfaces,
    character_classes,
)
from searchkit.analysis.words import words
from tests.unit.kernels.source import load_source

SOURCE = load_source("tokenize")
KERNELS = [pytest.param(SOURCE, id="source")]
if searchkit.kernels.tokenize.COMPILED:
    KERNELS.append(pytest.param(searchkit.kernels.tokenize, id="compiled"))
each_kernel = pytest.mark.parametrize("kernel", KERNELS)

LARGEST_RECORD = 2 + 3 * LONGEST_SURFACE
TINY = Sizes(slots=4, pool_bytes=LARGEST_RECORD + 1, words=1, new=1)
"""So that the kernel stops at nearly every word, and everything grows."""
SMALL = Sizes(slots=8, pool_bytes=LARGEST_RECORD + 9, words=7, new=3)


class Numbers:
    """Counts surfaces from 0 on, and notes each that it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, surfaces: list[str]) -> list[int]:
        first = len(self.asked)
        self.asked += surfaces
        return list(range(first, first + len(surfaces)))


def hashed(kernel: ModuleType, numbers: Numbers, sizes: Sizes = SMALL) -> HashedSurfaces:
    return HashedSurfaces(numbers, sizes, kernel=kernel)


def number(surfaces: Surfaces, texts: list[str]) -> tuple[list[int], list[int], list[int]]:
    out, counts, spans = array("I"), array("I"), array("I")
    surfaces.number(texts, out, counts, spans)
    return list(out), list(counts), list(spans)


def twin(texts: list[str]) -> tuple[list[int], list[int], list[int], list[str]]:
    """The obvious way: every word by the regular expression, every number by a dict."""
    known: dict[str, int] = {}
    out, counts, spans = [], [], []
    for text in texts:
        found = words(text)
        counts.append(len(found))
        for word, start, stop in found:
            spans += (start, stop)
            out.append(known.setdefault(word[:LONGEST_SURFACE], len(known)))
    return out, counts, spans, list(known)


# Letters that repeat, so that words do, with all that joins, tears and looks like either.
ALPHABET = (
    "aabbz09 __-.'\u2019\u02bc\uff07\u00ad\u200b\u200c\u200d\u0301\u0308\ufe0f\u00e9\u00ff\u0100"
    "\u0915\u093f\u094d\u0e01\u0e34\u0e49\u4e2d\u56fd\u30ab\u3099\uff76\uff9e\u1100\u1161\u11a8\uac00\U0001f600\U0001f469\U0001d4b3\U00020000"
    "\U00031350\U000e0100\U000e01ef\U000e01f0\U0001fffd\ud800\udfff\u00b2\u2460\u0661\n\x00"
)
texts = st.lists(
    st.text()
    | st.text(st.sampled_from(ALPHABET))
    | st.text(st.characters(codec=None))
    | st.text(st.sampled_from("ab"), max_size=20)
    | st.lists(st.sampled_from(["a" * 255, "a" * 256, "é" * 255, "कि" * 128, "x", "'"])).map(
        "".join
    )
)


@each_kernel
@given(texts)
def test_words_and_numbers_are_those_of_the_regular_expression(
    kernel: ModuleType, texts: list[str]
) -> None:
    for sizes in (TINY, SMALL, Sizes()):
        numbers = Numbers()
        *found, surfaces = *number(hashed(kernel, numbers, sizes), texts), numbers.asked
        assert (*found, surfaces) == twin(texts)


@given(texts)
def test_the_road_without_a_kernel_gives_the_same(texts: list[str]) -> None:
    numbers = Numbers()
    found = number(DictSurfaces(numbers), texts)
    assert (*found, list(dict.fromkeys(numbers.asked))) == twin(texts)


@each_kernel
@pytest.mark.parametrize(
    "text",
    [
        "Kyiv's intention, 2022. 'quoted' rock 'n' roll ’tis o’’clock a'b'c' don’",
        "nai\u0308ve na\u00efve \u0301alone e\u0301\u0301",
        "हिन्दी में किताब",
        "ภาษาไทยไม่มีช่องว่าง",
        "👩\u200d👩\u200d👧 family a\u200d👧 می\u200cخواهم x\u200d",
        "co\u00adoperate \u00adedge edge\u00ad it\u00ad's it'\u00ads",
        unicodedata.normalize("NFD", "Überraschung Ærøskøbing Việt Nam Ångström"),
        "foo_bar __init__ e-mail AC/DC C++",
        "\ud800a\udfffb",
        "日本語の歴史, Tシャツ2024年3月 l'日 中ab国 カ\u3099キ\u3099 ﾊﾞｽ",
        "각 \u1100\u1161\u11a8\u1100\u1161 한국어",
        "ພາສາລາວ ភាសាខ្មែរ ၁၂ မြန်မာ ๑๒ไทย",
        "𝒳𝒴 𠀀𠀁 𱍐 a\U000e0100b \U000e0100",
        "ﬁne ＇ｆｕｌｌ＇ｗｉｄｔｈ＇ ʼnʼ",
        "",
        "'",
        "a'",
    ],
)
def test_hard_texts(kernel: ModuleType, text: str) -> None:
    for texts in ([text], [text[at:] for at in range(len(text))], [text + "\U0001f600"]):
        numbers = Numbers()
        found = number(hashed(kernel, numbers), texts)
        assert (*found, numbers.asked) == twin(texts)


@each_kernel
def test_a_word_is_the_same_in_texts_of_each_width(kernel: ModuleType) -> None:
    for word in ("short", "élan", "incomprehensibilities", "a" * 255, "é" * 256, "слово", "d’où"):
        numbers = Numbers()
        out, _, _ = number(
            hashed(kernel, numbers), [word, f"{word} \u2014", f"{word} \U0001f600", f"\ud800{word}"]
        )
        assert out == [0, 0, 0, 0]
        assert len(numbers.asked) == 1


@each_kernel
def test_every_code_point_is_what_the_regular_expression_takes_it_for(kernel: ModuleType) -> None:
    """Alone, within a word, and as an apostrophe is."""
    step = 1 if kernel.COMPILED else 13  # All of them take half a minute there.
    for first in range(0, 0x110000, 0x1000):
        chars = map(chr, range(first, first + 0x1000, step))
        text = " ".join(f"{char} x{char}x {char}x x{char}" for char in chars)
        spans = array("I")
        HashedSurfaces(lambda new: [0] * len(new), kernel=kernel).number(
            [text], array("I"), None, spans
        )
        assert list(spans) == [at for _, start, stop in words(text) for at in (start, stop)]


def same_hash(kernel: ModuleType, seed: int) -> tuple[str, str]:
    """Two words of 16 letters that the kernel hashes to the same 64 bits."""

    def scramble(value: int) -> int:
        mixed = kernel.scramble(value, seed)
        return mixed ^ (mixed >> 29)

    def packed(word: str) -> int:
        return int.from_bytes(word.encode("latin-1"), "little")

    # The hash is s(s(16 ^ head) ^ tail) with a one-to-one s: a tail can make up for any head.
    one = "abcdefgh" + "ijklmnop"
    inner = scramble(16 ^ packed(one[:8])) ^ packed(one[8:])
    for letters in itertools.product(string.ascii_lowercase, repeat=5):
        head = "".join(letters) + "xyz"
        tail = (scramble(16 ^ packed(head)) ^ inner).to_bytes(8, "little").decode("latin-1")
        if tail.isalnum():
            return one, head + tail
    raise AssertionError("no such pair")


@each_kernel
def test_words_of_equal_hash_stay_apart(kernel: ModuleType) -> None:
    seed = 20_260_101
    one, other = same_hash(SOURCE, seed)
    points = [list(map(ord, word)) for word in (one, other)]
    assert SOURCE.hash_long(points[0], 0, 16, seed) == SOURCE.hash_long(points[1], 0, 16, seed)
    numbers = Numbers()
    surfaces = HashedSurfaces(numbers, SMALL, seed=seed, kernel=kernel)
    text = f"{one} {other} {one} {other} "
    assert number(surfaces, [text, text + "\u2014", text + "\U0001f600"])[0] == [0, 1] * 6
    assert numbers.asked == [one, other]


@each_kernel
def test_a_short_word_whose_characters_are_the_hash_of_a_long_one(kernel: ModuleType) -> None:
    # From such a hash back to a word: the last chunk of a word of 16 letters.
    seed = 7
    for letters in itertools.product(string.ascii_lowercase, repeat=4):
        long = "".join(letters) * 4
        key = SOURCE.hash_long(list(map(ord, long)), 0, 16, seed)
        short = key.to_bytes(8, "little").decode("latin-1")
        if short.isalnum():
            break
    else:
        raise AssertionError("no such word")
    surfaces = HashedSurfaces(Numbers(), SMALL, seed=seed, kernel=kernel)
    assert number(surfaces, [f"{long} {short} {long} {short}"])[0] == [0, 1, 0, 1]
    surfaces.clear()
    assert number(surfaces, [f"{short} {long} {short} {long}"])[0] == [2, 3, 2, 3]


@each_kernel
def test_the_table_and_the_pool_grow(kernel: ModuleType) -> None:
    words = [f"{at:x}" for at in range(100)]
    words += [f"immeasurable{at}" for at in range(100)] + [f"слово{at}" for at in range(100)]
    for sizes in (TINY, SMALL):
        numbers = Numbers()
        surfaces = hashed(kernel, numbers, sizes)
        text = " ".join(words)
        for _ in range(2):
            assert number(surfaces, [text, text])[0] == list(range(300)) * 2
        assert numbers.asked == words
        assert len(surfaces) == 300
        assert surfaces.size_bytes > 300 * 16 * 2


@each_kernel
def test_after_clear_everything_is_new(kernel: ModuleType) -> None:
    numbers = Numbers()
    surfaces = hashed(kernel, numbers)
    text = "one two immeasurability слово " * 3
    assert number(surfaces, [text])[0] == [0, 1, 2, 3] * 3
    surfaces.clear()
    assert len(surfaces) == 0
    assert number(surfaces, [text])[0] == [4, 5, 6, 7] * 3


@each_kernel
def test_an_error_leaves_nothing_half_done(kernel: ModuleType) -> None:
    numbers = Numbers()

    def learn(new: list[str]) -> list[int]:
        if "bad" in new:
            raise ZeroDivisionError
        return numbers(new)

    surfaces = HashedSurfaces(learn, SMALL, kernel=kernel)
    out, counts, spans = array("I", [9]), array("I", [9]), array("I", [9])
    for texts, error in (
        (["good " * 20 + "bad good"], ZeroDivisionError),
        (["a", 7], TypeError),
        (["a", None], TypeError),
    ):
        with pytest.raises(error):
            surfaces.number(texts, out, counts, spans)  # type: ignore[arg-type]
        assert [*out, *counts, *spans] == [9, 9, 9]
        assert number(surfaces, ["good day good"])[1:] == ([3], [0, 4, 5, 8, 9, 13])
    assert all(value < len(numbers.asked) for value in number(surfaces, ["a good bay"])[0])


@each_kernel
def test_a_subclass_of_str_is_a_text(kernel: ModuleType) -> None:
    class Text(str):
        __slots__ = ()

    numbers = Numbers()
    assert number(hashed(kernel, numbers), [Text("ab ba"), "ba ab"])[0] == [0, 1, 1, 0]
    assert [type(surface) for surface in numbers.asked] == [str, str]


@each_kernel
def test_buffers_that_cannot_be_are_refused(kernel: ModuleType) -> None:
    good = {
        "texts": ["a"],
        "classes": character_classes(),
        "table": array("Q", bytes(64)),
        "pool": bytearray(1000),
        "out": array("I", [0]),
        "surfaces": [],
        "state": array("q", [0] * 4 + [1] + [0] * 6),
    }
    for bad in (
        {"classes": b""},
        {"table": array("Q", bytes(72))},
        {"table": array("Q")},
        {"out": array("I")},
        {"state": array("q", bytes(80))},
        {"counts": array("I")},
        {"spans": array("I", [0])},
    ):
        with pytest.raises(ValueError, match=r"length|room|short"):
            kernel.tokenize(*(good | {"counts": None, "spans": None} | bad).values())
    assert kernel.tokenize(*good.values()) == 1
