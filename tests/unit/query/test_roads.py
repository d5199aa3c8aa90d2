"""The short road and the long road: same trees, and only the long one knows Whoosh."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import open_analyzer
from searchkit.query import parse
from searchkit.query.asked import Notices
from searchkit.query.plain import parse_plain
from searchkit.query.rich import parse_rich
from searchkit.query.syntax import RICH

ANALYZER = open_analyzer("english")
TODAY = date(2024, 5, 15)

PLAIN = (
    "a b running e-mail AC/DC user@example.com 3.11 12:30 don't ++ ? what? , and or not And "
    "it’s naïve नमस्ते http://x.y/z C:\\d a::b foo: title text -1 - & | [a] {b} ! "
    "«q» “q” _ a_b"
)
PIECES = st.sampled_from([*PLAIN.split(), " ", "  ", "\n", "\u3000", "\x1f"])
PLAIN_WORDS = st.one_of(st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join), st.text())


@given(PLAIN_WORDS.filter(lambda text: not RICH.search(text)))
def test_both_roads_say_the_same_of_plain_words(text: str) -> None:
    short, long = Notices(strict=False), Notices(strict=False)
    assert parse_plain(text, ANALYZER, short) == parse_rich(text, ANALYZER, long, {}, {}, TODAY)
    assert short.in_order() == long.in_order()


@given(PLAIN_WORDS)
def test_the_short_road_is_never_taken_where_the_long_one_notices_something(text: str) -> None:
    notices = Notices(strict=False)
    tree, words, clauses = parse_rich(text, ANALYZER, notices, {}, {}, TODAY)
    query = parse(text, ANALYZER)
    assert (query.tree, query.words, query.clauses) == (tree, words, clauses)
    assert query.notices == notices.in_order()


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


SCRIPT = """
import sys
from datetime import date
from searchkit.analysis import open_analyzer
from searchkit.query import parse
for text in {texts!r}:
    parse(text, open_analyzer("english"))
print("whoosh" in sys.modules)
"""


def test_plain_words_import_no_whoosh() -> None:
    texts = [
        "ceasefire guarantees",
        "e-mail, C++ and AC/DC",
        "what is this?",
        "at 12:30?",
        "",
        "++",
    ]
    assert run(SCRIPT.format(texts=texts)) == "False"


def test_syntax_imports_whoosh() -> None:
    assert run(SCRIPT.format(texts=["a AND b"])) == "True"
