"""Random queries find what an interpreter of the language, by the page that describes it, finds.

The queries are made together with what they mean: each piece is its text, and the set of documents
that it stands for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

import pytest

import searchkit
from searchkit.collection import Collection
from searchkit.document import Passage

WORDS = "alpha bravo delta echo golf kilo lima tango alpine bravado gulf".split()
TAGS = ["red", "green", "blue"]
DAYS = ["2023-12-31", "2024-01-01", "2024-02-29", "2024-03-01", "2024-06-15"]
FIELDS = ["text", "title", "headings"]

Found = frozenset[str]


class Piece(NamedTuple):
    """A piece of a query: its text, what it finds, and whether it only chooses."""

    text: str
    found: Found
    is_filter: bool


class Note(NamedTuple):
    words: dict[str, list[list[str]]]
    tags: tuple[str, ...]
    day: date
    number: float | None


def make_files(dice: random.Random) -> dict[str, str]:
    """The notes as files, by their keys."""
    files = {}
    for at in range(40):
        front = f"tags: [{', '.join(dice.sample(TAGS, dice.randint(0, 2)))}]\n"
        front += f"date: {dice.choice(DAYS)}\n"
        number = dice.choice(["", "1", "2.5", "3", "-4"])
        if number:
            front += f"num: {number}\n"
        title, heading, text = (
            " ".join(dice.choice(WORDS) for _ in range(dice.randint(1, most))) for most in (3, 2, 8)
        )
        body = f"# {title}\n\n" + (f"## {heading}\n\n" if at % 2 else "")
        key = f"{dice.choice(['p', 'q', 'p/q'])}/x{at}.md"
        files[key] = f"---\n{front}---\n{body}{text}\n"
    return files


def words_of(text: str) -> list[str]:
    return re.findall("[a-z0-9]+", text)


def note_of(passage: Passage, number: float | None) -> Note:
    return Note(
        {
            "text": [words_of(passage.text)],
            "title": [words_of(passage.title)],
            "headings": [words_of(heading) for heading in passage.headings],
        },
        passage.tags,
        date.fromisoformat(passage.published),
        number,
    )


class Dice:
    """Makes queries and says what they mean."""

    def __init__(self, dice: random.Random, notes: dict[str, Note]) -> None:
        self.dice = dice
        self.notes = notes
        self.all = frozenset(notes)

    def where(self, holds: Callable[[Note], bool]) -> Found:
        return frozenset(key for key, note in self.notes.items() if holds(note))

    def with_text(self, field: str | None, holds: Callable[[list[str]], bool]) -> Found:
        names = FIELDS if field is None else [field]
        return self.where(
            lambda note: any(holds(one) for name in names for one in note.words[name])
        )

    def with_word(self, field: str | None, holds: Callable[[str], object]) -> Found:
        return self.with_text(field, lambda words: any(map(holds, words)))

    def word(self, field: str | None) -> Piece:
        dice = self.dice
        kind = dice.random()
        if kind < 0.55:
            word = dice.choice([*WORDS, "zulu"])
            return Piece(word, self.with_word(field, word.__eq__), False)
        if kind < 0.75:
            words = [dice.choice(WORDS) for _ in range(dice.randint(1, 3))]
            slop = dice.choice([0, 0, 1, 2])
            quotes = dice.choice(['"%s"', "“%s”", "«%s»", "»%s«"])
            text = quotes % " ".join(words) + (f"~{slop}" if slop else "")
            return Piece(text, self.with_text(field, lambda some: runs(some, words, slop)), False)
        if kind < 0.87:
            pattern = dice.choice(["al*", "*go", "br*o", "g?lf", "*ta*", "ki*", "de?ta", "gol?f"])
            fits = re.compile(pattern.replace("*", ".*").replace("?", ".")).fullmatch
            return Piece(pattern, self.with_word(field, fits), False)
        expression = dice.choice(
            ["al.*", "g[ou]lf", "(alpha|lima)", "b.{3,5}o", "[^a]+a", "ech?o+"]
        )
        fits = re.compile(expression).fullmatch
        return Piece(f"/{expression}/", self.with_word(field, fits), False)

    def metadata(self) -> Piece:
        dice = self.dice
        one, other = dice.sample(TAGS, 2)
        first = date(2024, 3, 1)
        choices: list[tuple[str, Callable[[Note], bool]]] = [
            (f"tag:{one}", lambda note: one in note.tags),
            (f"tag:({one} {other})", lambda note: one in note.tags or other in note.tags),
            (f"tag:({one} AND {other})", lambda note: one in note.tags and other in note.tags),
            (f"tag:({one} NOT {other})", lambda note: one in note.tags and other not in note.tags),
            ("date:2024", lambda note: note.day.year == 2024),
            ("date:>2024-02", lambda note: note.day >= first),
            ("date:[2023 to 2024-03}", lambda note: note.day < first),
            ("date:since-march-2024", lambda note: note.day >= first),
            ("num:>1", lambda note: note.number is not None and note.number > 1),
            ("num:(1 3)", lambda note: note.number in (1, 3)),
        ]
        text, holds = dice.choice(choices)
        if text == "date:2024" and dice.random() < 0.5:
            return Piece("path:q", frozenset(key for key in self.all if "q/" in key), True)
        return Piece(text, self.where(holds), True)

    def operand(self, depth: int, field: str | None, with_metadata: bool) -> Piece:
        kind = self.dice.random()
        if depth and kind < 0.3:
            text, found, is_filter = self.choices(depth - 1, field, with_metadata)
            return Piece(f"({text})", found, is_filter)
        if depth and kind < 0.4 and field is None:
            field = self.dice.choice(FIELDS)
            text, found, _ = self.choices(depth - 1, field, False)
            return Piece(f"{field}:({text})", found, False)
        if with_metadata and kind < 0.6:
            return self.metadata()
        return self.word(field)

    def conjunction(self, depth: int, field: str | None, with_metadata: bool) -> Piece:
        texts, found, is_filter = [], self.all, True
        for _ in range(self.dice.choice([2, 2, 3])):
            piece = self.operand(depth, field, with_metadata)
            negated = self.dice.random() < 0.25
            texts.append("NOT " * negated + piece.text)
            found = found - piece.found if negated else found & piece.found
            is_filter &= piece.is_filter
        return Piece(" AND ".join(texts), found, is_filter)

    def choices(self, depth: int, field: str | None, with_metadata: bool) -> Piece:
        """A list, some of it joined by OR."""
        dice = self.dice
        texts: list[str] = []
        kept: list[Piece] = []
        required: list[Piece] = []
        filters: list[Found] = []
        unwanted: list[Piece] = []
        only_filters = True
        for _ in range(dice.choice([1, 1, 2, 3])):
            joined: list[str] = []
            beside: list[Piece] = []
            for _ in range(dice.choice([1, 1, 1, 2])):
                kind = dice.random()
                make = self.conjunction if kind < 0.2 else self.operand
                piece = make(depth, field, with_metadata)
                only_filters &= piece.is_filter
                if kind >= 0.85:
                    unwanted.append(piece)
                    joined.append(f"NOT {piece.text}")
                elif kind >= 0.7 and re.match(r'[*?]?[a-z]|["“«»(]|/', piece.text):
                    required.append(piece)
                    joined.append(f"+{piece.text}")
                else:
                    beside.append(piece)
                    joined.append(piece.text)
            texts.append(" OR ".join(joined))
            if beside and all(piece.is_filter for piece in beside):
                filters.append(frozenset().union(*(piece.found for piece in beside)))
            else:
                kept += beside
        found = self.all if required or filters or unwanted else frozenset()
        if kept and not required:
            found = self.all & frozenset().union(*(piece.found for piece in kept))
        for piece in required:
            found &= piece.found
        for one in filters:
            found &= one
        for piece in unwanted:
            found -= piece.found
        return Piece(" ".join(texts), found, only_filters)


def runs(words: list[str], wanted: list[str], slop: int) -> bool:
    ends = [at for at, word in enumerate(words) if word == wanted[0]]
    for one in wanted[1:]:
        ends = [
            at
            for at, word in enumerate(words)
            if word == one and any(0 < at - end <= slop + 1 for end in ends)
        ]
    return bool(ends)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Collection, dict[str, Note]]]:
    folder = tmp_path_factory.mktemp("language")
    files = make_files(random.Random(7))
    for key, text in files.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_text(text)
    with searchkit.open(folder) as collection:
        collection.sync(folder, fields={"num": "number"})
        notes = {}
        for hit in collection.search("path:**", limit=100, fold=False).hits:
            number = re.search("num: (.*)", files[hit.passage.key])
            notes[hit.passage.key] = note_of(hit.passage, number and float(number[1]))
        assert notes.keys() == files.keys()
        yield collection, notes


@pytest.mark.parametrize("seed", range(6))
def test_queries_find_what_the_page_says(
    made: tuple[Collection, dict[str, Note]], seed: int
) -> None:
    collection, notes = made
    dice = Dice(random.Random(seed), notes)
    for _ in range(150):
        piece = dice.choices(dice.dice.choice([0, 1, 1, 2]), None, True)
        answer = collection.search(piece.text, limit=100, fold=False)
        assert {hit.passage.key for hit in answer.hits} == piece.found, piece.text
        assert answer.total == len(piece.found), piece.text
        assert not answer.query.notices, piece.text


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("NOT (tag:red OR tag:blue)", lambda red, blue, alpha: not (red or blue)),
        ("+(tag:red OR alpha)", lambda red, blue, alpha: red or alpha),
        ("alpha AND (tag:red OR tag:blue)", lambda red, blue, alpha: alpha and (red or blue)),
        ("+(NOT tag:red) alpha", lambda red, blue, alpha: not red),
        ("+(NOT alpha) bravo", lambda red, blue, alpha: not alpha),
    ],
)
def test_choices_in_brackets_stay_choices(
    made: tuple[Collection, dict[str, Note]],
    query: str,
    holds: Callable[[bool, bool, bool], bool],
) -> None:
    collection, notes = made
    found = {hit.passage.key for hit in collection.search(query, limit=100, fold=False).hits}
    assert found == {
        key
        for key, note in notes.items()
        if holds(
            "red" in note.tags,
            "blue" in note.tags,
            any("alpha" in words for texts in note.words.values() for words in texts),
        )
    }
