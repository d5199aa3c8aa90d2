"""In which encoding are these bytes written, when nothing says so?

Asked only where they are no UTF-8. Which bytes are how frequent next to which, charset-normalizer
knows; but it knows some hundred encodings, and takes a German word for UTF-16 or Chinese. So it
chooses among those that files are found in, narrowed by what the bytes cannot be.
"""

from __future__ import annotations

import re
import unicodedata

_SAMPLE_BYTES = 1 << 15
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_LATIN = ["cp1252", "cp1250", "iso8859_2", "cp1254", "mac_roman"]
_CYRILLIC = ["cp1251", "koi8_r", "cp866"]
_OTHERS = [
    *_CYRILLIC,
    *("koi8_u", "iso8859_5", "iso8859_7", "cp1253", "cp1255", "cp1256"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
]
# Below this many characters beyond ASCII, frequencies tell nothing.
_FEW = 8
_FEW_CYRILLIC = 40
# The letters of Polish, Czech and the like that ISO 8859-2 has where Windows-1250 has signs, and,
# last, the "š" of the one that is the "ą" of the other, which only Polish has.
_ISO_LETTERS = re.compile(
    rb"[a-zA-Z][\xa6\xa9\xac\xae\xb1\xb6\xbc\xbe]|[\xa6\xa9\xac\xae\xb1\xb6\xbc\xbe][a-z]"
)
_S_OR_A = re.compile(rb"\xb9")
_POLISH = re.compile(rb"[\xa3\xaf\xb3\xbf\xca\xea]")
_C1 = re.compile(rb"[\x80-\x9f]")
_KANA = re.compile(rb"[\xa4\xa5][\xa1-\xf6]")
_CAPITAL_INSIDE = re.compile(r"[a-zа-яё][А-ЯЁ]")

# Where the characters of most texts of the world stand below U+10000.
_USUAL = re.compile(
    "[\t\n\f\r -\u06ff\u0900-\u0dff\u0e00-\u0eff\u1e00-\u206f\u20a0-\u20bf\u2190-\u21ff"
    "\u2500-\u27bf\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)
_PLAIN = re.compile("[\t\n\r -~]")


def guessed_encoding(data: bytes) -> str:
    """The Python name of the encoding in which ``data``, which is no UTF-8, is most likely text."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        first = error.start
    else:
        return "utf-8"
    if _is_damaged_utf8(data, first):
        return "utf-8"
    sample = _sample(data, first)
    runs = _HIGH_RUN.findall(sample)
    single = sum(len(run) == 1 for run in runs)
    high = sum(map(len, runs))
    if 10 * single >= 7 * len(runs):
        return _latin(sample, high)
    if _is_japanese(sample):
        return "euc_jp"
    if high < _FEW_CYRILLIC and (cyrillic := _cyrillic(sample)):
        return cyrillic
    # Two accented letters in a row are rare in Latin script, and all of a word in no other.
    candidates = _OTHERS if 10 * single < 3 * len(runs) else [*_LATIN, *_OTHERS]
    return _mended(_most_likely(sample, candidates) or "cp1252", sample)


def unmarked_utf16(data: bytes) -> str:
    """The UTF-16 ("utf-16-le" or "-be") in which ``data`` is text without a mark for it, or ""."""
    if len(data) % 2:
        return ""
    sample = data[:_SAMPLE_BYTES]
    found: list[tuple[int, str]] = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError as error:
            # The sample may end within a pair.
            if error.start < len(sample) - 2:
                continue
            text = sample[: error.start].decode(encoding)
        if 100 * len(_USUAL.findall(text)) >= 98 * len(text):
            found.append((len(_PLAIN.findall(text)), encoding))
    # The same bytes the other way round may be Chinese to look at; but blanks and full stops,
    # which have brought the NULs, are then gone.
    plain, encoding = max(found, default=(0, ""))
    return encoding if plain and (len(found) < 2 or min(found)[0] * 4 < plain) else ""


def _sample(data: bytes, first: int) -> bytes:
    """Whole lines, where lines are short enough, from the first byte on that is no UTF-8."""
    start = data.rfind(b"\n", max(first - 1024, 0), first) + 1
    if not start:
        start = max(first - 64, 0)
    sample = data[start : start + _SAMPLE_BYTES]
    if start + len(sample) < len(data):
        end = sample.rfind(b"\n")
        sample = sample[: end if end > first - start else len(sample)]
    return sample


def _is_damaged_utf8(data: bytes, first: int) -> bool:
    """Whether around the first byte that is no UTF-8 nearly all others beyond ASCII are."""
    around = data[max(first - _SAMPLE_BYTES, 0) : first + _SAMPLE_BYTES]
    text = around.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(character > "\x7f" for character in text) - wrong
    return right > 10 * wrong


def _latin(sample: bytes, high: int) -> str:
    if high < _FEW:
        return "cp1252"
    return _mended(_most_likely(sample, _LATIN) or "cp1252", sample)


def _mended(encoding: str, sample: bytes) -> str:
    if encoding not in ("cp1250", "iso8859_2"):
        return encoding
    if _C1.search(sample):
        return "cp1250"
    if _ISO_LETTERS.search(sample):
        return "iso8859_2"
    if _S_OR_A.search(sample):
        return "cp1250" if _POLISH.search(sample) else "iso8859_2"
    return encoding


def _is_japanese(sample: bytes) -> bool:
    """Whether much of it is kana in EUC, which stand where other East Asian sets have signs."""
    kana = len(_KANA.findall(sample))
    if 2 * 4 * kana < len(_HIGH_RUN.findall(sample)) or 8 * kana < len(sample):
        return False
    try:
        sample.decode("euc_jp")
    except UnicodeDecodeError as error:
        return error.start > len(sample) - 3
    return True


def _cyrillic(sample: bytes) -> str:
    """The encoding in which a few words are Cyrillic, with capitals only where words begin."""
    for encoding in _CYRILLIC:
        text = sample.decode(encoding, "replace")
        high = [character for character in text if character > "\x7f"]
        if (
            all("CYRILLIC" in unicodedata.name(character, "") for character in high)
            and not _CAPITAL_INSIDE.search(text)
            and 2 * sum(map(str.islower, high)) > len(high)
        ):
            return encoding
    return ""


def _most_likely(sample: bytes, candidates: list[str]) -> str:
    # Late: nearly all files are UTF-8, and this takes as long to import as all of searchkit.
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=candidates).best()
    return best.encoding if best is not None else ""
