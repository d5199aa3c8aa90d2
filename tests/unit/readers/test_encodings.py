"""Text in any encoding: what is guessed, and what is not guessed at."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.readers.contract import UnreadableError
from searchkit.readers.decode import decode_declared, decode_text
from searchkit.readers.encodings import unmarked_utf16
from tests.golden import packed_samples as samples

TEXTS = [
    (samples.GERMAN, "cp1252"),
    (samples.GERMAN, "iso8859-1"),
    (samples.RUSSIAN, "cp1251"),
    (samples.RUSSIAN, "koi8-r"),
    (samples.RUSSIAN, "iso8859-5"),
    (samples.RUSSIAN, "cp866"),
    (samples.POLISH, "cp1250"),
    (samples.POLISH, "iso8859-2"),
    (samples.GREEK, "cp1253"),
    (samples.GREEK, "iso8859-7"),
    (samples.TURKISH, "cp1254"),
    (samples.TURKISH, "iso8859-9"),
    (samples.JAPANESE, "shift_jis"),
    (samples.JAPANESE, "euc-jp"),
    (samples.JAPANESE, "iso2022_jp"),
    (samples.CHINESE, "gb18030"),
    (samples.TAIWANESE, "big5"),
    (samples.KOREAN, "euc-kr"),
    *((text, "utf-16-le") for text in (samples.GERMAN, samples.GREEK, samples.CHINESE)),
    *((text, "utf-16-be") for text in (samples.RUSSIAN, samples.KOREAN, samples.JAPANESE)),
]


@pytest.mark.parametrize("times", [1, 30])
@pytest.mark.parametrize(("text", "encoding"), TEXTS, ids=[encoding for _, encoding in TEXTS])
def test_the_encoding_is_found(text: str, encoding: str, times: int) -> None:
    assert decode_text((text * times).encode(encoding)) == text * times


def test_it_is_found_after_much_that_is_the_same_in_all() -> None:
    text = "plain words\n" * 10_000 + samples.RUSSIAN * 3
    assert decode_text(text.encode("koi8-r")) == text


@pytest.mark.parametrize(
    "text",
    ["café", "Müller", "¿Qué?", "naïve “quoted”", "£5", "20 °C", "Straße 7", "à côté"],
)
def test_a_few_accents_are_windows_1252(text: str) -> None:
    assert decode_text(text.encode("cp1252")) == text


@pytest.mark.parametrize("text", ["Привет, мир", "Лодки", "Съешь ещё булок"])
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_a_few_words_of_russian(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


def test_utf_8_with_broken_bytes_stays_utf_8() -> None:
    text = samples.RUSSIAN * 5
    for data in (text.encode()[:-1], text.encode()[1:], text.encode() + b"\xff"):
        assert "государственном" in decode_text(data)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode_text(data)
    except UnreadableError:
        return
    assert "\0" not in text and "\r" not in text
    text.encode()


@given(st.binary(max_size=200), st.sampled_from(["", "utf-8", "latin-1", "shift_jis", "x", "hex"]))
@settings(max_examples=200, deadline=None)
def test_what_is_declared_never_fails(data: bytes, charset: str) -> None:
    text = decode_declared(data, charset)
    assert "\0" not in text and "\r" not in text
    text.encode()


@given(
    st.text(st.characters(max_codepoint=0x52F, exclude_categories=("Cc", "Cs", "Cn")), min_size=4)
)
@settings(max_examples=200, deadline=None)
def test_utf_16_is_not_turned_round(text: str) -> None:
    text = f"a b\n{text} c d.\n"
    assert unmarked_utf16(text.encode("utf-16-le")) in ("utf-16-le", "")
    assert unmarked_utf16(text.encode("utf-16-be")) in ("utf-16-be", "")


def test_utf_8_asks_nobody() -> None:
    program = (
        "import sys; from searchkit.readers.decode import decode_text as d; d('né'.encode());"
        "assert 'charset_normalizer' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
