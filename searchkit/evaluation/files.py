"""What is asked, and which documents answer it?

Queries and judgments in the formats that test collections come in: those of TREC, and of BEIR
(https://github.com/beir-cellar/beir).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from searchkit.errors import UsageError

Judgments = dict[str, dict[str, int]]
"""Query id -> document id -> grade; above 0 is relevant."""

HIGHEST_GRADE = 1_000_000
"""trec_eval counts the documents of each grade up to the highest there is."""


def read_queries(path: Path) -> dict[str, str]:
    """The text of each query by its id, in the order of the file.

    Each line is a JSON object with ``_id`` (or ``id``) and ``text`` (BEIR), or an id, a tab and the
    text; or the file has TREC's topics, ``<top>`` with ``<num>`` and ``<title>``.

    Raises ``UsageError`` for anything else, and if the file cannot be read.
    """
    text = _text(path)
    found = _topics(path, text) if re.search(r"^\s*<top>", text, re.M | re.I) else _rows(path, text)
    queries: dict[str, str] = {}
    for number, name, query in found:
        if name in queries:
            raise _wrong(path, number, f"there is a query {name} already")
        queries[name] = query
    if not queries:
        raise UsageError(f"{path} has no queries")
    return queries


def read_judgments(path: Path) -> Judgments:
    """The grade of each judged document for each query, a whole number.

    Each line has a query id, a document id and a grade (BEIR, with a line of headings), or these
    with one more word after the query id (TREC).

    Raises ``UsageError`` for anything else, and if the file cannot be read.
    """
    judgments: Judgments = {}
    for number, line in enumerate(_text(path).split("\n"), start=1):
        parts = line.split("\t") if line.count("\t") in (2, 3) else line.split()
        if not line.strip() or (number == 1 and parts[-1].strip() in ("score", "rel", "relevance")):
            continue
        try:
            query, *_, document, written = parts
            grade = float(written)
            if len(parts) not in (3, 4):
                raise ValueError
        except ValueError:
            raise _wrong(
                path, number, "no judgment: query id, document id, grade, or TREC's four columns"
            ) from None
        if not grade.is_integer() or abs(grade) > HIGHEST_GRADE:
            raise _wrong(
                path,
                number,
                f"a grade is a whole number up to {HIGHEST_GRADE:,}, not {written.strip()}",
            )
        judgments.setdefault(query.strip(), {})[document.strip()] = int(grade)
    if not judgments:
        raise UsageError(f"{path} has no judgments")
    return judgments


def _rows(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if line.lstrip().startswith("{"):
            try:
                row = json.loads(line)
                name, query = row["_id"] if "_id" in row else row["id"], row["text"]
                if type(name) not in (str, int) or not isinstance(query, str):
                    raise ValueError
                yield number, str(name), query
            except (ValueError, KeyError, TypeError, RecursionError):
                raise _wrong(
                    path, number, 'no query: a JSON object with "_id" and "text"'
                ) from None
        else:
            name, tab, query = line.partition("\t")
            if not tab:
                raise _wrong(path, number, "no query: an id, a tab and the text")
            yield number, name.strip(), query.strip()


_TOPIC = re.compile(r"<top>(.*?)(?=<top>|\Z)", re.S | re.I)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)", re.I)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?([^<]*)", re.I)


def _topics(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    for topic in _TOPIC.finditer(text):
        line = text.count("\n", 0, topic.start()) + 1
        number, title = _NUMBER.search(topic[1]), _TITLE.search(topic[1])
        if number is None or title is None:
            raise _wrong(path, line, "a topic has <num> and <title>")
        yield line, number[1], " ".join(title[1].split())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start:,})") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _wrong(path: Path, line: int, what: str) -> UsageError:
    return UsageError(f"{path}:{line}: {what}")
