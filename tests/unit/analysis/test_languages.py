"""Is a text analysed as its language asks, and is its language found?"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searchkit
from searchkit.analysis import open_analyzer
from searchkit.analysis.asked import IndexAnalyzer
from searchkit.analysis.detect import language_of
from searchkit.analysis.languages import folded, primary, stemmer
from searchkit.schema import LANGUAGES

languages = open_analyzer(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "typed", "written"),
    [
        ("de", "haus", "Häuser"),
        ("de", "Mueller", "Müller"),
        ("de", "Muller", "Müller"),
        ("de", "strasse", "Straße"),
        ("fr", "eleve", "élèves"),
        ("fr", "resume", "résumé"),
        ("es", "nino", "niños"),
        ("sv", "angstrom", "Ångström"),
        ("pl", "lodz", "Łódź"),
        ("tr", "istanbul", "İSTANBUL"),
        ("ru", "елка", "ёлки"),
        ("el", "Αθηνα", "Αθήνα"),
        ("ar", "مدرسه", "مَدْرَسَة"),
        ("en", "naive", "naïve"),
        ("", "naive", "naïve"),
    ],
)
def test_what_people_type_finds_what_is_written(language: str, typed: str, written: str) -> None:
    assert languages.analyze([typed], language) == languages.analyze([written], language)


@pytest.mark.parametrize(("one", "other"), [("мой", "мои"), ("ガス", "カス"), ("हिं", "हि")])
def test_letters_of_their_own_stay(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_folding_leaves_something_and_is_the_same_for_equal_words(text: str) -> None:
    forms = {folded(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    if all(unicodedata.combining(char) == 0 for char in text):
        assert len(forms) == 1
    assert "" not in forms


def test_words_stay_as_they_are_written_beside_their_terms() -> None:
    (token,) = languages.tokens("Häuser", "de")
    assert (token.term, token.word) == ("haus@de", "häuser")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de-AT", "de"),
        ("EN_us", "en"),
        ("nb", "no"),
        ("zh-Hant", "zh"),
        ("und", ""),
        ("", ""),
        ("x", ""),
        ("english", ""),
    ],
)
def test_primary(tag: str, expected: str) -> None:
    assert primary(tag) == expected


def test_a_language_without_a_stemmer() -> None:
    assert stemmer("uk") is None
    assert languages.analyze(["міста"], "uk") == ["міста"]


TEXTS = {
    "en": "The council has decided that the old bridge will be closed for repairs until summer.",
    "de": "Der Gemeinderat hat beschlossen, dass die alte Brücke bis zum Sommer gesperrt wird.",
    "fr": "Le conseil a décidé que le vieux pont sera fermé pour des travaux jusqu’à l’été.",
    "es": "El consejo ha decidido que el puente viejo se cierra por obras hasta el verano.",
    "it": "Il consiglio ha deciso che il vecchio ponte sarà chiuso per lavori fino all’estate.",
    "pt": "O conselho decidiu que a ponte velha não pode ser usada até ao verão para obras.",
    "nl": "De raad heeft besloten dat de oude brug tot de zomer voor herstel wordt gesloten.",
    "sv": "Kommunen har beslutat att den gamla bron ska stängas för reparation till sommaren.",
    "fi": "Kaupunki on päättänyt, että vanha silta suljetaan ja se korjataan ennen kesää.",
    "hu": "A tanács úgy döntött, hogy a régi hidat a nyárig lezárják, mert javítani kell.",
    "pl": "Rada zdecydowała, że stary most będzie zamknięty do lata, ponieważ jest w remoncie.",
    "cs": "Rada rozhodla, že starý most bude do léta uzavřen, protože se musí opravit.",
    "tr": "Meclis eski köprünün yaza kadar onarım için kapalı olduğu ve bu yolun açık olduğu.",
    "ru": "Совет решил, что старый мост будет закрыт на ремонт до лета, так как это опасно.",
    "uk": "Рада вирішила, що старий міст буде закрито на ремонт до літа, бо це небезпечно.",
    "bg": "Съветът реши, че старият мост ще бъде затворен за ремонт до лятото.",
    "el": "Το συμβούλιο αποφάσισε ότι η παλιά γέφυρα θα κλείσει για επισκευή.",
    "ar": "قرر المجلس أن الجسر القديم سوف يغلق حتى الصيف من أجل الإصلاح.",
    "fa": "شورا تصمیم گرفت که پل قدیمی تا تابستان برای تعمیر بسته می‌شود.",
    "he": "המועצה החליטה כי הגשר הישן ייסגר לתיקונים עד הקיץ.",
    "hi": "परिषद ने फैसला किया है कि पुराना पुल मरम्मत के लिए बंद रहेगा।",
    "ja": "市議会は古い橋を夏まで修理のために閉鎖することを決めた。",
    "zh": "市议会决定旧桥关闭维修直到夏天。",
    "ko": "시의회는 오래된 다리를 여름까지 수리를 위해 폐쇄하기로 결정했다.",
    "th": "สภาได้ตัดสินใจปิดสะพานเก่าเพื่อซ่อมแซมจนถึงฤดูร้อน",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_languages_are_found(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "x = y + 1", "Anna Karenina", "1234", "---", "Berlin 2024"])
def test_what_is_too_short_to_tell_is_unknown(text: str) -> None:
    assert language_of(text) == ""
    assert language_of(text, "de-CH") == "de"


def test_what_is_stated_is_believed_unless_the_text_clearly_says_otherwise() -> None:
    assert language_of(TEXTS["de"], "en") == "de"
    assert language_of(TEXTS["en"], "sw") == "sw"
    assert language_of("Projekt Alpha", "sv") == "sv"


@given(st.text())
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert isinstance(language_of(text), str)


def test_a_word_of_a_query_stands_for_its_terms_in_all_languages() -> None:
    analyzer = IndexAnalyzer(languages, [("de", 50), ("en", 100), ("", 3)])
    assert analyzer.languages == ("en", "de", "")
    assert [token.term for token in analyzer.tokens("Houses")] == ["houses"]
    assert analyzer.terms_of("running") == (("run", 1.0), ("running@de", 1.0))
    assert analyzer.phrases_of(("houses", "running")) == (
        ("hous", "run"),
        ("hous@de", "running@de"),
    )
    assert analyzer.terms_of("2024") == (("2024", 1.0),)
    assert "und" in analyzer.stop_terms
    assert IndexAnalyzer(languages, []).terms_of("houses") == (("hous", 1.0),)


def test_what_is_too_short_to_tell_is_found_by_the_main_language() -> None:
    queries = IndexAnalyzer(languages, [("de", 90), ("en", 3), ("", 10)])
    # A note of two words is analysed as English, whatever it is written in.
    (term,) = languages.analyze(["haus"], "")
    assert term in dict(queries.terms_of("häuser"))
    assert ("haus", 1.0) not in IndexAnalyzer(languages, [("de", 9), ("en", 9)]).terms_of("häuser")


def test_a_stem_finds_nothing_in_another_language(tmp_path: Path) -> None:
    italian = "Questa è una pagina che parla di animali e della foresta, con il tapir e altri. "
    english = "The phone taps were found by the police in the house of the minister. "
    for name, text in (("it.txt", italian * 4), ("taps.txt", english * 4), ("a.txt", "A tapir. ")):
        (tmp_path / name).write_text(text)
    collection = searchkit.open(tmp_path)
    collection.sync(tmp_path)
    for query in ("tapir", "+tapir", '"tapir"'):
        found = {hit.passage.key for hit in collection.search(query).hits}
        assert found == {"a.txt", "it.txt"}


def test_few_documents_of_a_language_do_not_unmark_the_words_of_the_others() -> None:
    analyzer = IndexAnalyzer(languages, [("de", 5), ("en", 100)])
    assert "war" not in analyzer.stop_terms
    assert "die" not in analyzer.unmarked_terms()


def test_an_index_of_many_languages_finds_the_words_of_each() -> None:
    latin = ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "fi", "da", "hu", "tr", "cs"]
    others = ["zh", "ja", "he", "ru", "ar", "el", "hi"]
    languages = [(one, 100 - number) for number, one in enumerate([*latin, *others])]
    documents = open_analyzer(LANGUAGES)
    queries = IndexAnalyzer(documents, languages)
    for word, language in (
        ("лисы", "ru"),
        ("ёлками", "ru"),
        ("الثعالب", "ar"),
        ("θάλασσες", "el"),
        ("लोमड़ियों", "hi"),
        ("狐狸", "zh"),
        ("houses", "en"),
        ("Häuser", "de"),
        ("evlerde", "tr"),
        ("domech", "cs"),
        ("μcells", "en"),
        ("Ωmegas", "en"),
    ):
        (surface,) = documents.words([word])
        (term,) = documents.analyze([word], language)
        assert term in dict(queries.terms_of(surface)), word
    assert dict(queries.terms_of("½"))
    # Each term costs every query a look-up: one for each that has Latin letters, and one for all
    # that leave them as they are.
    assert len(queries.terms_of("nationalization")) == len(latin) + 1
