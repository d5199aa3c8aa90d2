"""Are words found as people type them?"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

import searchkit
from searchkit.collection import Collection

DEEP = "/".join(f"a folder of {number:02}" for number in range(20))

NOTES = {
    "fr": "language: fr\n---\nLa sécurité des données est utilisée pour la première disponibilité.",
    "pt": "language: pt\n---\nA informação em português não está aqui para os que são.",
    "tr": "language: tr\n---\nIŞIKLAR OKULU ve bir için İÇİNDE. Kızlar geldi.",
    "ar": "language: ar\n---\nفي عام ٢٠٢٤ كان هناك كتاب كبير في المدينة.",
    "hi": "language: hi\n---\nनमस्ते किताबें",
    "mail": "author: Charles James\nplace: Los Angeles\n---\nAn e-mail of the U.S.A. by café-bar.",
    "brien": "author: Seán O'Brien\n---\nThe author is O'Brien. We cooperate.",
    "ja": "---\n東京大学の図書館と京都の寺。",
    "ko": "---\n자동차를 타고 서울특별시로 갔다.",
    "th": "---\nคนไทยรักภาษาไทย",
    f"{DEEP}/deep": "---\nEverything lies below.",
    "404": "---\nThe page says 404 not found.",
}


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("found")
    for name, text in NOTES.items():
        (folder / f"{name}.md").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md").write_text(f"---\n{text}\n", encoding="utf-8")
    with searchkit.open(folder) as collection:
        collection.sync(folder, fields={"place": "text"})
        yield collection


def found(collection: Collection, query: str) -> str:
    keys = [hit.passage.key for hit in collection.search(query, limit=100).hits]
    return " ".join(sorted(key.removesuffix(".md") for key in keys))


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("securite", "fr"),
        ("+donnees +utilisee", "fr"),
        ("text:premiere", "fr"),
        ("disponibilite", "fr"),
        ("informacao", "pt"),
        ("nao", "pt"),
        ("ışık", "tr"),
        ("içinde", "tr"),
        ("KIZLAR", "tr"),
        ("٢٠٢٤", "ar"),
        ("2024", "ar"),
        ("किता*", "hi"),
        ("न*ते", "hi"),
        ("author:charles*", "mail"),
        ("author:*les", "mail"),
        ("author:/jam.s/", "mail"),
        ("place:angeles*", "mail"),
        ("author:seán*", "brien"),
        ("author:o'br*", "brien"),
        ("text:email", "mail"),
        ("title:email", ""),
        ("cafébar", "mail"),
        ("O´Brien", "brien"),
        ("+O`Brien", "brien"),
        ("author:O‘Brien", "brien"),
        ("図書館*", "ja"),
        ("*大学*", "ja"),
        ("자동차*", "ko"),
        ("ไทย*", "th"),
        ("寺*", "ja"),
        ("author:田中*", ""),
        ("path:deep.md", f"{DEEP}/deep"),
        ('path:"a folder of 19"', f"{DEEP}/deep"),
        (f'path:"{DEEP}"', f"{DEEP}/deep"),
        ("path:**/deep.md", f"{DEEP}/deep"),
        ("path:" + "**/" * 50 + "deep.md", f"{DEEP}/deep"),
        ("/[" + "bc" * 150 + "d]elow/", f"{DEEP}/deep"),
        ("author:charles, date:>2000,", "mail"),
        ("USA", "mail"),
        ("+U.S.A.", "mail"),
        ("co-operate", "brien"),
        ("+갔", "ko"),
        ('"서울특별시로 갔"', "ko"),
    ],
)
def test_a_word_is_found(notes: Collection, query: str, finds: str) -> None:
    assert found(notes, query) == finds
    if finds:
        assert notes.search(query).notices == ()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (
            "図*書館",
            'in a script without spaces * only stands at an end ("図*書館"): searched for as text',
        ),
    ],
)
def test_what_is_told_of_it(notes: Collection, query: str, says: str) -> None:
    assert says in [notice.message for notice in notes.search(query).notices]


def test_a_pattern_of_a_path_takes_no_time(notes: Collection) -> None:
    started = time.perf_counter()
    assert found(notes, "path:" + "**/" * 50 + "zz") == ""
    assert found(notes, "path:" + "**/a*" * 45 + "zz") == ""
    assert time.perf_counter() - started < 2
