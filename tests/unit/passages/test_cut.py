"""Where passages and sentences begin and end."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit.analysis.words import RUN
from searchkit.document import Block, BlockKind, Document, Passage
from searchkit.errors import UnreadableDocumentError
from searchkit.passages import MAX_CODE_WORDS, MAX_WORDS, count_words, cut
from searchkit.passages.cut import _cut_section, spans
from searchkit.passages.sections import _name, _title_heading, join_tiny, sections_of, shortened
from searchkit.readers import read_document
from searchkit.sentences import sentences
from tests.documents.pdf import lines, pdf

SEED = Path(__file__).parents[3] / "seeds" / "000_15bc9f30538ee979.txt"
SENTENCE = "Here is one sentence of exactly ten words, no more. "


def read(text: str, suffix: str = ".md") -> Document:
    return read_document(text.encode("utf-8", "replace"), "name" + suffix, 5.0)


def prose(words: int) -> str:
    return (SENTENCE * (words // 10)).strip()


def assert_sound(document: Document, passages: list[Passage]) -> None:
    """What holds for every document whatever it says."""
    text = document.text
    covered = bytearray(len(text))
    above = headings_above(document)
    labels = [label for passage in passages for label in passage.labels]
    before = 0
    for ordinal, passage in enumerate(passages):
        assert passage.ordinal == ordinal
        assert before <= passage.start < passage.end
        assert passage.text == text[passage.start : passage.end] == passage.text.strip()
        assert passage.line == document.line(passage.start)
        before = passage.end
        for offset in range(len(passage.text)):
            at = passage.start + offset
            assert passage.line_at(offset) == document.line(at)
            assert passage.place_of(offset, offset + 1) == document.place(at)
            path = passage.headings_at(offset)
            assert path[: len(passage.headings)] == passage.headings
            if at in above:
                assert path == above[at]
        covered[passage.start : passage.end] = b"x" * (passage.end - passage.start)
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            heading = shortened(_name(document, block))
            assert (
                all(
                    all(covered[word.start() : word.end()])
                    for word in RUN.finditer(text, block.start, block.end)
                )
                or any(heading in passage.headings for passage in passages)
                or RUN.findall(heading.casefold()) == RUN.findall(document.title.casefold())
                or block is _title_heading(document)
            )
        elif block.kind is BlockKind.LABEL:
            assert text[block.start : block.end] in labels
        else:
            for word in RUN.finditer(text, block.start, block.end):
                assert all(covered[word.start() : word.end()]), word
    assert bool(passages) == bool(document.blocks)


def headings_above(document: Document) -> dict[int, tuple[str, ...]]:
    """For the beginning of each block with text the headings above it, without the title's."""
    title = _title_heading(document)
    above: list[tuple[int, str]] = []
    found = {}
    for block in document.blocks:
        heading = _name(document, block)
        if block.kind is BlockKind.HEADING and any(map(str.isalnum, heading)):
            above = [one for one in above if one[0] < block.level]
            if block is not title:
                above.append((block.level, shortened(heading)))
        elif block.kind is not BlockKind.LABEL:
            found[block.start] = tuple(heading for _, heading in above)
    return found


def test_a_code_line_too_long_for_a_passage_is_cut_without_its_white_space() -> None:
    code = f"{'long ' * 400}\n{'中文' * 500} \n{' long' * 400}"
    for text, name in ((f"<pre>\n{code}</pre>", "code.html"), (f"```\n {code}\n```", "code.md")):
        document = read_document(text.encode(), name, 0.0)
        assert_sound(document, cut(document))


def test_a_line_of_dashes_is_no_heading() -> None:
    text = f"<h1>Deals</h1><p>{prose(40)}</p><h2>Watches</h2><p>{prose(40)}</p>"
    document = read(f"{text}<h2>______</h2><p>{prose(40)}</p>", ".html")
    assert {name for passage in cut(document) for name in passage.headings} == {"Watches"}
    assert_sound(document, cut(document))


@pytest.mark.parametrize("text", ["# a\n\n-\n\n", "## b\n}\n", "# -\n", "===\n", "# a\n\nx\n\n"])
def test_what_has_few_words_takes_linear_time(text: str) -> None:
    def seconds(count: int) -> float:
        document = read(text * count)
        start = time.process_time()
        cut(document)
        return time.process_time() - start

    assert any(seconds(16_000) < 12 * max(seconds(4_000), 0.05) for _ in range(3))


def test_many_descriptions_take_linear_time() -> None:
    def seconds(count: int) -> float:
        document = read("---\n" + "lead: a b\n" * count + "---\n\nText.\n")
        start = time.process_time()
        cut(document)
        return time.process_time() - start

    assert any(seconds(6_000) < 8 * max(seconds(1_500), 0.02) for _ in range(3))


def test_the_names_of_headings_are_without_markup() -> None:
    first, second = cut(
        read(f"# A `b` [c](http://d.e)\n\n{prose(60)}\n\n## F *g* {{#h}}\n\n{prose(60)}\n")
    )
    assert (first.title, first.headings, second.headings) == ("A b c", (), ("F g",))
    (last,) = cut(read(f"Title\n=====\n\n``x`` of `y <z>`_\n{'-' * 20}\n\n{prose(60)}\n", ".rst"))
    assert last.headings == ("x of y",)


def test_the_seed_is_cut_as_a_person_would() -> None:
    document = read_document(SEED.read_bytes(), SEED.name, 0.0)
    passages = cut(document)
    assert_sound(document, passages)
    assert document.title == (
        "Zelensky Seeks Strategic Collaboration with Trump Amid Mounting Russian Aggression"
    )
    heading = "Zelensky Seeks Direct Collaboration with Trump Amid Escalating Russian Attacks"
    assert [passage.headings for passage in passages] == [(), *[(heading,)] * 3]
    # The first has the source's name above the heading.
    source, heading_line = passages[0].text.split("\n")[:2]
    assert passages[0].headings_at(len(source)) == ()
    assert passages[0].headings_at(len(source) + 1 + heading_line.index("Z")) == (heading,)
    assert passages[0].headings_found == (heading,)
    assert [passage.line for passage in passages] == [2, 6, 8, 10]
    edges = [
        ("ICARO Media Group\n### Zelensky Seeks Direct", "to strengthen Ukraine's position."),
        (
            'Reflecting on his "warm, good,',
            "to play a pivotal role in ending the ongoing conflict.",
        ),
        ("Considering Trump's statements", "urging partners to contribute more."),
        ("Discussing hypothetical scenarios", '"If we will be alone, we will lose."'),
    ]
    for passage, (begin, end) in zip(passages, edges, strict=True):
        assert passage.text.startswith(begin)
        assert passage.text.endswith(end)


WORDS = st.sampled_from(
    [
        *(
            "word",
            "Mr. Smith",
            "ends. ",
            "Does it? ",
            "3.5",
            "日本語。",
            "\n",
            "\n\n",
            "# H\n",
            "## S\n",
        ),
        *(
            "- item\n",
            "```\n",
            "    code\n",
            "| a | b |\n",
            "<p>",
            "<h2>x</h2>",
            "<dt>f(x)",
            "<dd>",
            "<p id=a>",
            "---\ntags: [x, y]\nlead: z\n---\n",
        ),
        *("<pre>\n", "</pre>", "***", "intro:\n", "=====\n", "long " * 130 + ". ", "中文" * 300),
    ]
)


@given(
    st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=60).map(" ".join),
    st.sampled_from([".txt", ".md", ".html"]),
)
@settings(max_examples=500, deadline=None)
def test_passages_of_any_document_are_sound(text: str, suffix: str) -> None:
    try:
        document = read(text, suffix)
    except UnreadableDocumentError:
        return
    assert_sound(document, cut(document))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=80), st.integers(1, 9))
@settings(max_examples=200, deadline=None)
def test_no_sentence_is_torn_and_no_passage_is_huge(lengths: list[int], paragraph: int) -> None:
    marked = ["Begin" + " word" * (length - 1) + " end." for length in lengths]
    paragraphs = [" ".join(marked[at : at + paragraph]) for at in range(0, len(marked), paragraph)]
    passages = cut(read("# Title\n\n" + "\n\n".join(paragraphs)))
    for passage in passages:
        assert passage.text.startswith("Begin") and passage.text.endswith("end.")
        assert count_words(passage.text) <= MAX_WORDS
    total = sum(count_words(passage.text) for passage in passages)
    assert len(passages) == 1 or total / len(passages) > 60


def test_headings_divide_and_make_the_path() -> None:
    document = read(f"# T\n\n## A\n\n{prose(60)}\n\n### B\n\n{prose(50)}\n\n## C\n\n{prose(40)}\n")
    assert [(p.headings, p.text) for p in cut(document)] == [
        (("A",), prose(60)),
        (("A", "B"), prose(50)),
        (("C",), prose(40)),
    ]


def test_tiny_sections_under_one_heading_join_with_their_headings() -> None:
    document = read(
        "# T\n\n## Log\n\n### 1.1\n\nFixed it.\n\n### 1.0\n\nFirst.\n\n## End\n\n" + prose(40)
    )
    first, second = cut(document)
    assert first.headings == ("Log",)
    assert first.headings_at(first.text.index("Fixed")) == ("Log", "1.1")
    assert first.headings_at(first.text.index("First")) == ("Log", "1.0")
    assert first.headings_found == ("Log", "1.1", "1.0")
    assert first.text.split() == "1.1 Fixed it. ### 1.0 First.".split()
    assert (second.headings, second.text) == (("End",), prose(40))


def test_a_section_of_a_word_joins_the_one_above() -> None:
    (passage,) = cut(read(f"# T\n\n## Use\n\n{prose(60)}\n\n## License\n\nMIT\n"))
    assert passage.headings == ()
    assert passage.headings_at(0) == ("Use",)
    assert passage.headings_at(passage.text.index("MIT")) == ("License",)
    assert passage.text.endswith("License\n\nMIT")


def test_what_stands_above_a_heading_is_not_below_it() -> None:
    (passage,) = cut(read(f"# T\n\nA lead-in.\n\n## Use\n\n{prose(60)}\n"))
    assert passage.headings == passage.headings_at(0) == ()
    assert passage.headings_at(passage.text.index(SENTENCE.strip())) == ("Use",)
    assert (passage.line, passage.line_at(passage.text.index(SENTENCE.strip()))) == (3, 7)
    assert passage.headings_found == ("Use",)


FRONT = """---
title: Rents
tags: [housing, "social policy"]
description: 'How rents rose.'
keywords:
  - tax
  - children's books  # for some
---
"""


def test_what_front_matter_says_never_runs_together_with_the_text() -> None:
    document = read(f"{FRONT}\nA lead-in.\n\n## Use\n\n{prose(60)}\n")
    passages = cut(document)
    assert_sound(document, passages)
    assert [passage.text.split("\n")[0] for passage in passages] == [
        "How rents rose.",
        "A lead-in.",
    ]
    labels = ("housing", "social policy", "tax", "children's books")
    assert [passage.labels for passage in passages] == [labels, ()]
    assert [passage.line for passage in passages] == [4, 10]


@pytest.mark.parametrize(
    "front",
    [
        "---\ntags: [housing, tax\ndate: 2024: x\n---\n",
        '---\ntitle: "T\ntags:\n- housing\n- tax\n---\n',
        '+++\ntags = ["housing", "tax"]\n[extra\n+++\n',
        "---\ntitle: Never closed\ntags: housing; tax\n\n",
    ],
)
def test_broken_front_matter_is_no_text_either(front: str) -> None:
    (passage,) = cut(read(f"{front}The text.\n"))
    assert (passage.text, passage.labels) == ("The text.", ("housing", "tax"))


def test_what_is_no_front_matter_stays_text() -> None:
    for text in ("---\nNote: this is text.\n\nMore.", "---\ntitle: T\nand prose\n\nMore."):
        (passage,) = cut(read(text))
        assert passage.text == text.removeprefix("---\n") and not passage.labels


def test_the_field_list_of_a_text_is_front_matter_too() -> None:
    about, passage = cut(
        read("Title\n=====\n\n:tags: housing, tax\n:abstract: Of rents.\n\nText.", ".rst")
    )
    assert (about.text, about.line, about.labels) == ("Of rents.", 5, ("housing", "tax"))
    assert (passage.text, passage.labels) == ("Text.", ())


def test_what_is_said_of_a_document_in_its_middle_is_a_paragraph() -> None:
    text = "One two three.\nFour five six."
    blocks = (Block(BlockKind.PARAGRAPH, 0, 14), Block(BlockKind.ABOUT, 15, 29))
    (passage,) = cut(Document("a", "a", text, blocks, ((0, 1), (15, 2)), 0.0))
    assert passage.text == text


def test_tags_alone_can_be_found() -> None:
    (passage,) = cut(read("---\ntags: [housing, tax]\n---\n"))
    assert (passage.text, passage.line) == ("housing", 2)
    assert passage.headings_found == ("housing", "tax")


def test_a_passage_knows_the_page_and_the_line_of_each_part() -> None:
    pages = [lines("first one and two.\nBegin of a longer sentence"), lines("which ends here.")]
    (passage,) = cut(read_document(pdf(pages), "a.pdf", 0.0))
    begin, end = passage.text.index("Begin"), passage.text.index("which")
    assert [passage.place_of(at, at + 5) for at in (begin, end)] == ["page 1", "page 2"]
    assert passage.place_of(begin, end + 5) == "page 1–2"
    (passage,) = cut(read("<h1>T</h1><h2 id=a>A</h2>\none\n\n<h2 id=b>B</h2>two", ".html"))
    at = passage.text.index("two")
    assert (passage.line_at(0), passage.line_at(at)) == (1, 4)
    assert (passage.place_of(0, at + 3), passage.place_of(at, at + 3)) == ("#a", "#b")


@pytest.mark.parametrize("text", ["# Title", "# Title\n\n## One\n\n## Two", "## One\n### Two"])
def test_a_document_of_headings_can_be_found_by_each(text: str) -> None:
    document = read(text)
    passages = cut(document)
    assert passages
    found = " ".join([document.title, *(f"{p.text} {p.headings}" for p in passages)])
    for word in RUN.findall(text):
        assert word in found


@pytest.mark.parametrize("text", ["", "\n \n", "<!-- nothing -->"])
@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_an_empty_document_has_no_passage(text: str, suffix: str) -> None:
    assert cut(read(text, suffix)) == []


def test_code_stays_whole_and_with_the_line_that_introduces_it() -> None:
    code = "```\n" + "\n".join(f"line {n} of the code" for n in range(30)) + "\n```"
    document = read(f"# T\n\n{prose(110)}\n\nRun this:\n\n{code}\n\n{prose(100)}\n")
    (passage,) = [p for p in cut(document) if "line 0" in p.text]
    assert passage.text == f"Run this:\n\n{code}"


def test_long_code_is_cut_at_blank_lines() -> None:
    function = "\n".join(["def function():", *(["    return one + two + three"] * 15)])
    document = read("# T\n\n```\n" + "\n\n".join([function] * 30) + "\n```\n")
    passages = cut(document)
    assert all(count_words(passage.text) <= MAX_CODE_WORDS for passage in passages)
    assert all(passage.text.startswith(("def", "```")) for passage in passages)
    assert len(passages) > 10


def test_a_signature_begins_the_passage_of_its_description() -> None:
    entries = "".join(
        f"<dl><dt>json.f{n}(<em>obj</em>, *, <em>skipkeys=False</em>)</dt>"
        f"<dd><p>{prose(100)}</p></dd></dl>"
        for n in range(4)
    )
    passages = cut(read(f"<h1>json</h1><p>{prose(90)}</p>{entries}", ".html"))
    assert [p.text.split("(")[0] for p in passages[1:]] == [f"json.f{n}" for n in range(4)]
    assert all(f"skipkeys=False)\n\n{SENTENCE.strip()}" in p.text for p in passages[1:])


def test_items_are_cut_at_their_ends() -> None:
    items = "\n".join(f"- item {n} has these few words in it, begun and ended" for n in range(80))
    passages = cut(read(f"# T\n\nThese are they:\n\n{items}\n"))
    assert passages[0].text.startswith("These are they:\n\n- item 0")
    assert all(p.text.startswith("- item") for p in passages[1:])
    assert all(p.text.endswith("ended") for p in passages)


def test_an_overlong_sentence_is_cut_after_its_clauses() -> None:
    passages = cut(read("# T\n\n" + "one two three four five six seven eight nine ten, " * 60))
    assert len(passages) >= 4
    assert all(p.text.endswith("ten,") and count_words(p.text) <= MAX_WORDS for p in passages)


def test_chinese_is_cut_at_full_stops() -> None:
    passages = cut(read("# 题\n\n" + "这是一个关于搜索引擎的普通句子。" * 80))
    assert 3 <= len(passages) <= 10
    assert all(p.text.endswith("。") and len(p.text) <= 2 * MAX_WORDS + 40 for p in passages)


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Smith met Dr. Jones.|They spoke.",
        "J. R. R. Tolkien wrote it.|We read it.",
        "The U.S. Navy left.|He is from the U.S.|He left.",
        "It costs 3.50 dollars.|That is much!",
        "See Fig. 3 and No. 5.|No.|He said no.",
        "Use a tool, e.g. Git, i.e. that one.|Done.",
        "“Is it you?” she asked.|“Yes.”|She went.",
        'He said: "Stop!"|Then he left (at last.)|The end.',
        "Wait... what is this?|Well…|It goes on.",
        "On Jan. 5 it rained.|In Feb. the sun shone.",
        "Apple Inc. Chairman Cook spoke.|It was made by Apple Inc.|The end.",
        "1. Open the door.|Go in.",
        "今日は雨です。|明日は？|晴れる！|そうです",
        "It ends.[1]|And goes **on.**|Then more.",
        "Version 2.0 is out.|searchkit.|Next",
        "One line\nof two.|And\nmore",
        "हम घर गए।|वह आया।|अंत",
        "هل أنت هنا؟|نعم.|وصلنا",
        "یہ گھر ہے۔|وہ آیا۔|ختم",
    ],
)
def test_sentences(text: str) -> None:
    parts = text.split("|")
    wide = "。" in text
    joined = ("" if wide else " ").join(parts)
    if "searchkit" in text:
        # A small letter goes on with the sentence.
        parts = ["Version 2.0 is out. searchkit.", "Next"]
    assert [joined[start:end] for start, end in sentences(joined)] == parts


@given(st.text(alphabet="aA .!?。\"')\n1", max_size=60))
def test_sentences_hold_all_that_is_not_white_space(text: str) -> None:
    spans = sentences(text)
    assert "".join("".join(text[s:e] for s, e in spans).split()) == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


paragraphs = st.lists(
    st.lists(
        st.sampled_from(
            ["word", "Dr.", "end.", "Why?", "don't", "£5", "é", "日本。", "1.", "So it is:", "-"]
        ),
        min_size=1,
        max_size=130,
    ).map(" ".join),
    min_size=1,
    max_size=4,
).map("\n\n".join)


@given(text=paragraphs, title=st.sampled_from(["", "A Title\n\n"]))
def test_a_text_that_is_whole_at_once_is_what_its_sentences_are_cut_to(
    text: str, title: str
) -> None:
    document = read(title + text, ".txt")
    slowly = [
        (*section.headings(start, end), start, end)
        for section in join_tiny(sections_of(document))
        for start, end in _cut_section(section.pieces)
    ]
    assert list(spans(document)) == slowly


def test_a_text_of_169_words_is_whole_and_one_without_text_is_none() -> None:
    assert len(cut(read("word " * 80 + "end.\n\n" + "word " * 87 + "end.", ".txt"))) == 1
    empty = Block(BlockKind.PARAGRAPH, 0, 0)
    assert cut(Document("a", "a", "", (empty,), (), 0.0)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("two words", 2),
        ("don't stop", 2),
        ("naïve café", 2),
        ("日本語日", 2),
        ("ab 日本", 2),
    ],
)
def test_count_words(text: str, words: int) -> None:
    assert count_words(text) == words
