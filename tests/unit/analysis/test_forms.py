"""Do what is written with signs and what is typed without them meet?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis.forms import document_forms, other_forms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an e-mail", ["email"]),
        ("state-of-the-art", ["stateoftheart"]),
        ("a-b-c-d-e", []),
        ("the U.S. and the U.S.A., i.e. us", ["US", "USA", "ie"]),
        ("AC/DC, and/or, TCP/IP", ["ACDC", "TCPIP"]),
        ("C++ and C#, not x+++ nor #", ["Cplusplus", "Csharp"]),
        ("GPUs, RXRs and AB2s, not Ds, USss, USs_ or gpus", ["GPU", "RXR", "AB2"]),
        ("2024-05-01 and 3.5 and -x- and a - b", []),
        ("well\u2010known", ["wellknown"]),
        ("A sentence. B ends.", []),
        ("foo_a-b", ["ab"]),
        ("cafe\u0301-bar", ["cafe\u0301bar"]),
        ("", []),
    ],
)
def test_forms(text: str, expected: list[str]) -> None:
    assert [form.word for form in other_forms(text)] == expected


@given(st.text("ab-. /+#C1é\u2010"))
def test_forms_have_the_letters_of_their_places(text: str) -> None:
    for form in other_forms(text):
        place = text[form.start : form.end]
        if "+" not in place and "#" not in place:
            assert form.word == "".join(filter(str.isalnum, place))


@given(st.text())
def test_any_text_has_forms_or_none(text: str) -> None:
    for form in other_forms(text):
        assert 0 <= form.start < form.end <= len(text)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("La sécurité des données", "fr", ["securite", "donnees"]),
        ("La se\u0301curite\u0301", "fr", ["securite"]),
        ("A informação não está", "pt", ["informacao", "nao"]),
        ("Die Häuser", "de", []),
        ("a café", "en", []),
        ("a café", "", []),
        ("IŞIKLAR, İÇİNDE", "tr", ["icinde", "ışıklar", "içinde"]),
    ],
)
def test_words_without_accents(text: str, language: str, expected: list[str]) -> None:
    assert [form.word for form in document_forms(text, language)] == expected
