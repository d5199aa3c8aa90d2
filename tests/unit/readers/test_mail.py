"""Mail: odd headers, deep and broken parts, attachments, folders."""

from __future__ import annotations

import mailbox
import time
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.document import Document
from searchkit.readers import Source, read
from searchkit.readers.mail_parts import addresses, decoded_words
from tests.golden.packed_samples import FROM, mail

NESTED = 300


def documents(data: bytes, name: str = "a.eml") -> list[Document]:
    return list(read(Source(data, name, 0.0)))


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60
).map(lambda text: " ".join(text.split()))


@given(
    subject=WORDS, name=WORDS, body=st.lists(WORDS, max_size=6).map("\n".join), cte=st.booleans()
)
@settings(max_examples=150, deadline=None)
def test_what_the_library_writes_is_read_back(
    subject: str, name: str, body: str, cte: bool
) -> None:
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = subject
    message["From"] = '"' + name.replace("\\", "").replace('"', "") + '" <ann@example.org>'
    message.set_content(body, cte="quoted-printable" if cte else "base64")
    (document,) = documents(bytes(message))
    assert document.title == subject or not subject
    assert document.fields["from"]
    read_body = document.text.partition("\n\n")[2] if body.strip() else ""
    assert read_body.split() == body.split()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?a_b?=  =?utf-8?q?c?=", "a bc"),
        ("=?iso-8859-1?Q?K=E4se?= plain", "Käse plain"),
        ("=?nobody-knows?q?=C3=A9?=", "é"),
        ("=?utf-8?b?%%%?= x", "x"),
        ("=?utf-8?x?y?=", "=?utf-8?x?y?="),
        ("=?utf-8?q?=00=0A=1B?=", "\ufffd"),
        ("=?", "=?"),
    ],
)
def test_encoded_words(value: str, text: str) -> None:
    assert decoded_words(value) == text


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        ("a@b", [("", "a@b")]),
        ('"Lee, Ann" <a@b>, Bob <c@d>', [("Lee, Ann", "a@b"), ("Bob", "c@d")]),
        ("=?utf-8?q?=C3=84nn?= <a@b>", [("Änn", "a@b")]),
        ("undisclosed-recipients:;", []),
        ("(" * 5_000, []),
        ("", []),
    ],
)
def test_addresses(value: str, pairs: list[tuple[str, str]]) -> None:
    assert addresses(value) == pairs


def test_parts_are_looked_into_only_so_deep() -> None:
    body = "".join(
        f"--{number}\nContent-Type: multipart/mixed; boundary={number + 1}\n\n"
        for number in range(NESTED)
    )
    began = time.process_time()
    (document,) = documents(
        mail(f"{body}--{NESTED}\n\ndeep\n", Content_Type="multipart/mixed; boundary=0")
    )
    assert "deep" in document.text
    assert time.process_time() - began < 2


def test_a_header_cannot_be_smuggled_in() -> None:
    (document,) = documents(mail("Words.", Subject="=?utf-8?q?a=0D=0ATo:_evil@example.org?="))
    assert document.title == "a To: evil@example.org"
    assert "to" not in document.fields


def test_of_repeated_headers_the_first_counts() -> None:
    (document,) = documents(b"Subject: one\nSubject: two\n\nWords.")
    assert document.title == "one"


def test_a_very_long_header_is_cut() -> None:
    (document,) = documents(b"Subject: " + b"word " * 100_000 + b"\n\nBody.")
    assert len(document.title) < 20_000 and "Body." in document.text


def test_an_attached_name_stays_in_its_folder() -> None:
    data = mail(
        '--x\nContent-Disposition: attachment; filename="../../a.txt"\n\nwords\n--x--\n',
        Content_Type="multipart/mixed; boundary=x",
    )
    assert [one.key for one in documents(data)] == ["a.eml", "a.eml/.._.._a.txt"]


def test_attached_rows_are_documents_each() -> None:
    data = mail(
        "--x\nContent-Type: text/csv; name=a.csv\n\nid,text\n1,one\n2,two\n--x--\n",
        Content_Type="multipart/mixed; boundary=x",
    )
    assert [one.key for one in documents(data)] == ["a.eml", "a.eml/a.csv/1", "a.eml/a.csv/2"]


def test_a_folder_that_the_library_writes_is_read_back(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    for number in range(5):
        message = EmailMessage()
        message["Subject"] = f"Number {number}"
        message.set_content(f"First.\n\nFrom here on number {number}.\nFrom there too.\n")
        box.add(message)
    box.close()
    found = documents((tmp_path / "box").read_bytes(), "box.mbox")
    assert [one.title for one in found] == [f"Number {number}" for number in range(5)]
    assert [one.key for one in found] == [f"box.mbox/{number}" for number in range(1, 6)]
    for number, one in enumerate(found):
        assert f"\nFrom here on number {number}.\nFrom there too.\n" in one.text


def test_a_folder_without_a_suffix_is_read_when_it_is_named() -> None:
    assert [one.key for one in documents(FROM + mail("Words."), "Inbox")] == ["Inbox/1"]
    for text in ("Other words.", "From here on\nit is text."):
        assert [one.text for one in documents(text.encode(), "Inbox")] == [text]


def test_lines_are_those_of_the_folder() -> None:
    first = mail("One.\n\n", Content_Transfer_Encoding="quoted-printable")
    second = mail("=C3=A4=\nb\nc\n", Content_Transfer_Encoding="quoted-printable")
    data = FROM + first + FROM + second
    _, document = documents(data, "a.mbox")
    lines = data.split(b"\n")
    assert lines[document.line(document.text.index("c\n")) - 1] == b"c"
    assert lines[document.line(document.text.index("ä")) - 1] == b"=C3=A4="
