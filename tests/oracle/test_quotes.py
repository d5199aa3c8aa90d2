"""What stands in a passage is found when it is quoted, wherever it is cut out."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

import searchkit
from searchkit.collection import Collection

TEXTS = {
    "ko.md": "이 책은 서울의 검색 엔진과 2024년 봄에 열린 전시회 이야기이다. 그 사람은 책을 샀다.",
    "ja.md": "この 東京タワー のように高い塔は、ソフト・ハードの両方で2024年に改修。ガイド2冊。",
    "zh.md": "搜索引擎 的历史始于1990年，大中华地区的用户 在 2001 年超过 3 千万。他说：图书馆。",
    "th.md": "ภาษาไทย สวยงาม และ 2024 เป็นปีที่ดี คนไทยรักการอ่าน หนังสือ ก็ ดี",
    "km.md": "ភាសាខ្មែរ គឺជា ភាសាផ្លូវការ ១២ ខេត្ត",
    "lo.md": "ພາສາລາວ ແມ່ນ ພາສາທາງການ ຂອງ ລາວ",
}


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("quotes")
    for name, text in TEXTS.items():
        (folder / name).write_text(f"# {name[:2]}\n\n{text}\n", encoding="utf-8")
    with searchkit.open(folder) as opened:
        opened.sync(folder)
        yield opened


def is_within(text: str, at: int) -> bool:
    """Whether a word that has spaces around it, or a character with its marks, is torn."""
    before, after = text[at - 1 : at], text[at : at + 1]
    joins = (
        bool(after) and not after.isalnum() and not after.isspace() and after not in "、。，：.・"
    )
    return joins or (before.isdecimal() and after.isdecimal())


@pytest.mark.parametrize("name", TEXTS)
def test_a_piece_of_a_text_finds_it(collection: Collection, name: str) -> None:
    text = TEXTS[name]
    cuts = [at for at in range(len(text) + 1) if at == 0 or not is_within(text, at)]
    pieces = [(start, end) for start in cuts for end in cuts if start < end <= start + 12]
    for start, end in random.Random(1).sample(pieces, min(len(pieces), 150)):
        piece = text[start:end].strip()
        if any(map(str.isalnum, piece)):
            found = [hit.passage.key for hit in collection.search(f'"{piece}"', limit=10).hits]
            assert name in found, piece
            assert all(piece in TEXTS[key] or len(piece.split()) > 1 for key in found), piece


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ('"검색 엔진"', "ko.md"),
        ("+ガイド2", "ja.md"),
        ("+ソフト・ハード", "ja.md"),
        ('"東京タワー の"', "ja.md"),
        ('"이 책"', "ko.md"),
        ('text:"ภาษาไทย สวยงาม"', "th.md"),
        ('"검색 책"', ""),
        ('"タワー ガ"', ""),
        ('"ワーの"', ""),
    ],
)
def test_runs_side_by_side(collection: Collection, query: str, finds: str) -> None:
    found = [hit.passage.key for hit in collection.search(query).hits]
    assert found == ([finds] if finds else [])
