"""Which words does a dictionary tell, and what if it is not installed?"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.analysis.dictionary import checked_dictionary, current, open_dictionary
from searchkit.analysis.unspaced import is_single
from searchkit.errors import UsageError
from searchkit.schema import LANGUAGES

MIXED = st.text("東京都府北京日本語のはアイㇷ゚ｶﾞกินข้าวที่ລາວខ្មែរမြန်မာ한국a1é _.\u200d\u200b𠮷")


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "icu4py", None)
    monkeypatch.setitem(sys.modules, "icu4py.breakers", None)
    for one in (current, open_dictionary):
        one.cache_clear()
    yield
    for one in (current, open_dictionary):
        one.cache_clear()


def test_only_known_dictionaries_can_be_named() -> None:
    assert checked_dictionary("icu") == "icu" and checked_dictionary("") == ""
    with pytest.raises(UsageError, match="no dictionary 'ICU 4'; there is \"icu\""):
        checked_dictionary("ICU 4")
    with pytest.raises(UsageError, match="no dictionary 'other'"):
        open_dictionary("other-1")


def test_without_the_package_one_line_says_how_to_get_it(missing: None) -> None:
    for ask in (lambda: current("icu"), lambda: open_dictionary("icu-78")):
        with pytest.raises(UsageError, match=r"icu4py, which this installs: pip install icu4py$"):
            ask()


class TestIcu:
    @pytest.fixture(autouse=True)
    def icu(self) -> None:
        pytest.importorskip("icu4py")

    def test_an_index_names_the_version(self) -> None:
        name, _, version = current("icu").partition("-")
        assert name == "icu" and version.isdecimal()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("東京都の天気", ["東京", "都", "天気"]),
            ("京都の天気と京都", ["京都", "天気"]),
            ("南京市长江大桥", ["南京市", "长江", "大", "桥"]),
            ("ｶﾒﾗとカメラ", ["カメラ"]),
            ("ฉันกินข้าวที่ร้านอาหาร", ["ฉัน", "กิน", "ข้าว", "ร้าน", "อาหาร"]),
            ("ຂ້ອຍຢູ່ຮ້ານອາຫານ", ["ຂ້ອຍ", "ຮ້ານ", "ອາຫານ"]),
            ("Tokyo 한국어를 e-mail カ_メ", []),
            ("", []),
        ],
    )
    def test_words(self, text: str, words: list[str]) -> None:
        assert open_dictionary(current("icu")).words(text) == words

    @given(MIXED)
    def test_a_word_is_made_of_the_pairs_of_the_text(self, text: str) -> None:
        """So it finds nothing that these do not."""
        analyzer = open_analyzer(LANGUAGES)
        pairs = set(analyzer.terms(text))
        for word in open_dictionary(current("icu")).words(text):
            assert not is_single(word)
            its = analyzer.terms(word)
            assert its and pairs.issuperset(its if len(its) == 1 else its[:-1])

    def test_a_megabyte_without_a_mark_is_read_in_time(self) -> None:
        for part in ("東京都日本人", "あ", "日", "ที่ร้านอาหาร", "ㇷ゚"):
            text = (part * 350_000)[:350_000]
            began = time.monotonic()
            open_dictionary(current("icu")).words(text)
            assert time.monotonic() - began < 5

    def test_what_is_no_text_is_no_error(self) -> None:
        assert open_dictionary(current("icu")).words("\ud800京都\udfff\0") == ["京都"]

    def test_any_thread_may_ask(self) -> None:
        words = open_dictionary(current("icu")).words
        texts = [f"京都の天気{n}と東京都" * 50 for n in range(200)]
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(words, texts)) == [words(text) for text in texts]
