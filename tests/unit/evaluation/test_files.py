"""Which queries, and which judgments?"""

from __future__ import annotations

from pathlib import Path

import pytest

from searchkit.errors import UsageError
from searchkit.evaluation.files import read_judgments, read_queries

TOPICS = """<top>
<num> Number: 301
<title> Topic: International
 Organized Crime
<desc> Description:
Identify organizations.
</top>
<top><num>302</num><title>Polio</title></top>
"""


@pytest.mark.parametrize(
    "text",
    [
        '{"_id": "301", "text": "International Organized Crime"}\n\n{"id": 302, "text": "Polio"}\n',
        "301\tInternational Organized Crime\n302\tPolio",
        "\ufeff301\tInternational Organized Crime\r\n302\tPolio\r\n",
        TOPICS,
    ],
)
def test_queries(tmp_path: Path, text: str) -> None:
    file = tmp_path / "queries"
    file.write_text(text, encoding="utf-8")
    assert read_queries(file) == {"301": "International Organized Crime", "302": "Polio"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no queries"),
        ("no tab", ":1: no query: an id, a tab and the text"),
        ('1\ta\n{"_id": 1}', ':2: no query: a JSON object with "_id" and "text"'),
        ("{" * 100_000, ":1: no query"),
        ('{"_id": "1", "text": null}', ":1: no query"),
        ('{"_id": ["1"], "text": "a"}', ":1: no query"),
        ("1\ta\n1\tb", ":2: there is a query 1 already"),
        ("<top><num>1</top>", "a topic has <num> and <title>"),
        (b"\xff\xfe", "is not UTF-8 (byte 0)"),
    ],
)
def test_what_is_no_query_file(tmp_path: Path, text: str | bytes, says: str) -> None:
    file = tmp_path / "queries"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as error:
        read_queries(file)
    assert says in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb c\t0\n2\td\t1\n",
        "1 0 a 2\n1\t0\tb c\t0\n\n2 0 d 1",
        "1 0 a 2.0\n1\tb c\t0\n2 d 1",
    ],
)
def test_judgments(tmp_path: Path, text: str) -> None:
    file = tmp_path / "qrels"
    file.write_text(text)
    assert read_judgments(file) == {"1": {"a": 2, "b c": 0}, "2": {"d": 1}}


def test_only_line_feeds_end_lines(tmp_path: Path) -> None:
    file = tmp_path / "queries"
    file.write_text(
        '{"_id": "1", "text": "red\u2028blue"}\n{"_id": "2", "text": "a\x85b"}\n', "utf-8"
    )
    assert read_queries(file) == {"1": "red\u2028blue", "2": "a\x85b"}


@pytest.mark.parametrize("grade", ["0.5", "1e300", "99999999999999999999", "-99999999999"])
def test_a_grade_is_a_whole_number(tmp_path: Path, grade: str) -> None:
    file = tmp_path / "qrels"
    file.write_text(f"1\ta\t1\n1\tb\t{grade}\n")
    with pytest.raises(UsageError, match=f":2: a grade is a whole number .* not {grade}"):
        read_judgments(file)


@pytest.mark.parametrize("text", ["", "1 a\n", "1 0 a x", "1 0 a inf", "1 0 a nan", "a b c d e"])
def test_what_is_no_judgment_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "qrels"
    file.write_text(text)
    with pytest.raises(UsageError):
        read_judgments(file)
    with pytest.raises(UsageError, match="cannot be read"):
        read_judgments(tmp_path)
