"""An index with the words of a dictionary: the same answers, in a better order."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import searchkit
from searchkit.analysis.dictionary import current, open_dictionary
from searchkit.errors import UsageError
from searchkit.passage_index import passage_writer
from searchkit.schema import Field, Schema, dictionary_field
from searchkit.tree import Phrase, leaves

pytest.importorskip("icu4py")

PARTS = (
    *"東京都 京都 府 北京 日本語 の は に 歴史 天気 カメラ ｶﾒﾗ テレビ です ひらがな".split(),
    *"ข้าว ที่ร้าน กิน ລາວ 한국어를 Tokyo 1 。 、 - 𠮷野".split(),
    " ",
)
QUERIES = st.lists(st.sampled_from((*PARTS, "+", "-", '"', "title:")), min_size=1, max_size=6).map(
    "".join
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[searchkit.Collection]]:
    """The same documents, without and with a dictionary."""
    rng = random.Random(5)
    given = {
        f"{n}.txt": "".join(rng.choices(PARTS, k=rng.randrange(1, 25))).encode() for n in range(60)
    }
    found = []
    for name in ("", "icu"):
        collection = searchkit.open(tmp_path_factory.mktemp("index"))
        collection.sync([], given=given, dictionary=name)
        found.append(collection)
    yield found
    for collection in found:
        collection.close()


@example("のですtitle:")
@example("ひらがな")
@example("+ひらがな")
@given(QUERIES)
def test_a_dictionary_changes_the_order_and_nothing_else(
    pair: list[searchkit.Collection], query: str
) -> None:
    without, with_it = (one.search(query, limit=100, fold=False) for one in pair)
    assert with_it.total == without.total
    assert with_it.notices == without.notices
    highlights = [
        {hit.passage.key: (hit.highlights, hit.title_highlights) for hit in answer.hits}
        for answer in (without, with_it)
    ]
    assert highlights[0] == highlights[1]


@given(QUERIES)
def test_scores_are_explained_to_the_last_bit(pair: list[searchkit.Collection], query: str) -> None:
    for hit in pair[1].search(query, limit=3, fold=False).hits:
        explanation = pair[1].explain(query, hit.passage.key, hit.passage.ordinal)
        assert explanation.value == hit.score


KYOTO = {
    "tokyo.txt": "東京都の天気は晴れです。東京都、東京都、東京都。".encode(),
    "kyoto.txt": "京都の天気は雨です。寺が多い町である。この町は古い。".encode(),
}


def keys(collection: searchkit.Collection, query: str) -> list[str]:
    return [hit.passage.key for hit in collection.search(query).hits]


@pytest.mark.parametrize(
    "query", ["京都", "+京都", "京都 AND 天気", "京都 date:>1900-01-01 OR 京都"]
)
def test_kyoto_comes_before_tokyo(tmp_path: Path, query: str) -> None:
    collection = searchkit.open(tmp_path)
    collection.sync([], given=KYOTO)
    assert keys(collection, query) == ["tokyo.txt", "kyoto.txt"]
    report = collection.sync([], dictionary="icu")
    assert report.notes == [
        f"the dictionary has changed (from none to {current('icu')}); "
        "2 documents indexed anew for that"
    ]
    assert keys(collection, query) == ["kyoto.txt", "tokyo.txt"]
    assert collection.sync([]).notes == []
    (note,) = collection.sync([], dictionary="", fields={"year": "number"}).notes
    assert note.startswith(
        "the fields have changed (year) and the dictionary has changed (from icu"
    )
    assert keys(collection, query) == ["tokyo.txt", "kyoto.txt"]


def test_what_is_asked_exactly_is_no_matter_of_words(tmp_path: Path) -> None:
    collection = searchkit.open(tmp_path)
    collection.sync([], given=KYOTO, dictionary="icu")
    assert keys(collection, '"の天気は雨"') == ["kyoto.txt"]
    assert keys(collection, "天気 -東京") == ["kyoto.txt"]
    assert keys(collection, "title:京都") == []


def test_another_version_of_the_dictionary_is_followed(tmp_path: Path) -> None:
    collection = searchkit.open(tmp_path)
    collection.sync([], given=KYOTO, dictionary="icu")
    with passage_writer(tmp_path / ".searchkit") as writer:
        fields = dict(writer.schema.fields)
        del fields[dictionary_field(current("icu"))]
        fields[dictionary_field("icu-1")] = Field(frequencies=False, positions=False, lengths=False)
        writer.set_schema(Schema(fields, writer.schema.columns, writer.schema.extra))
        writer.commit()
    (note,) = collection.sync([]).notes
    assert note.startswith(f"the dictionary has changed (from icu-1 to {current('icu')}); 2 ")
    assert keys(collection, "京都") == ["kyoto.txt", "tokyo.txt"]


def test_start_up_does_not_wait_for_the_dictionary(tmp_path: Path) -> None:
    searchkit.open(tmp_path).sync([], given=KYOTO, dictionary="icu")
    program = (
        "import sys, searchkit; collection = searchkit.open(sys.argv[1]);"
        "collection.search('otter'); assert 'icu4py' not in sys.modules;"
        "collection.search('京都'); assert 'icu4py' in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program, str(tmp_path)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_dictionary_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no dictionary 'mecab'"):
        searchkit.open(tmp_path).sync([], dictionary="mecab")


def test_only_what_needs_the_dictionary_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = searchkit.open(tmp_path)
    collection.sync([], given={**KYOTO, "en.txt": b"Kyoto is a city."}, dictionary="icu")
    monkeypatch.setitem(sys.modules, "icu4py", None)
    monkeypatch.setitem(sys.modules, "icu4py.breakers", None)
    open_dictionary.cache_clear()
    current.cache_clear()
    assert keys(collection, "city") == ["en.txt"]
    for ask in (lambda: collection.search("京都"), lambda: collection.sync([])):
        with pytest.raises(UsageError, match="pip install icu4py"):
            ask()
    monkeypatch.undo()
    assert keys(collection, "京都") == ["kyoto.txt", "tokyo.txt"]


def phrases(collection: searchkit.Collection, query: str) -> list[Phrase]:
    tree = collection.search(query).query.tree
    return [leaf for leaf in leaves(tree) if isinstance(leaf, Phrase)]


def test_synonyms_are_those_of_words_as_typed(tmp_path: Path) -> None:
    """A word of the dictionary has none of its own: its field knows no phrases."""
    (tmp_path / "searchkit.toml").write_text('synonyms = "synonyms.txt"', "utf-8")
    (tmp_path / "synonyms.txt").write_text("寺 => the temple\n", "utf-8")
    given = {**KYOTO, "en.txt": b"Notes on the temple."}
    for name in ("", "icu"):
        collection = searchkit.open(tmp_path)
        collection.sync([], given=given, dictionary=name)
        assert keys(collection, "寺") == ["kyoto.txt", "en.txt"]
        assert not any("dictionary" in str(one) for one in phrases(collection, "寺"))
