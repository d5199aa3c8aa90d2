"""A fragment reads well, and what is marked in it is what matched."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.highlight.excerpt import Excerpt, excerpts
from searchkit.highlight.fragment import Fragment


def excerpt(text: str, *words: str, media_type: str = "text/markdown") -> Excerpt:
    spans = sorted((text.index(word), text.index(word) + len(word)) for word in words)
    fragment = Fragment(0, len(text), tuple(spans), False, False)
    (one,) = excerpts(text, media_type, [fragment], spans)
    return one


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("## The war ##\nIt ended.", "The war It ended."),
        ("The war\n=======\nIt ended.\n\n---\nYes.", "The war It ended. Yes."),
        ("## The war\n\nIt ended.", "The war · It ended."),
        ("Ask Jane <jane@example.com> or <b>Bob</b>", "Ask Jane jane@example.com or Bob"),
        ("# a #b ##  \n## c# ", "a #b c#"),
        ("It ended.\n\nPeace came", "It ended. Peace came"),
        ("A bridge\n\nID: C-7 | Status: open", "A bridge · ID: C-7 | Status: open"),
        ("**bold**, *slanted*, ***both***", "bold, slanted, both"),
        ("__very bold__, _slanted_", "very bold, slanted"),
        ("**bold with *slanted* in it**", "bold with slanted in it"),
        ("2 * 3 * 4, snake_case_name, __init__.py", "2 * 3 * 4, snake_case_name, __init__.py"),
        ("`a*b*c` and ``x``", "a*b*c and x"),
        ("see [the *docs*](https://x.y/a_(b) 'T'), ![a picture](p.png)", "see the docs, a picture"),
        ("[docs][1] and [[page|name]] and [^1]\n\n[1]: https://x.y", "docs and name and [^1]"),
        ("<https://x.y/z> <b>bold</b> a < b > c <!-- unseen -->", "https://x.y/z bold a < b > c"),
        ("> quoted\n> more\n\n- one\n* two\n1. three", "quoted more • one • two 1. three"),
        ("| Name | Age |\n|---|--:|\n| Bob | 18 |\n| Al | 9 |\n", "Name | Age; Bob | 18; Al | 9"),
        ("```python\nx = a * b * c  # **no**\n```\nafter", "x = a * b * c # **no** after"),
        ("y = **z**\n```\nafter **it**", "y = **z** after it"),
        (r"5 \* 6 &amp; 7 &copy; &nosuch;", "5 * 6 & 7 © &nosuch;"),
    ],
)  # fmt: skip
def test_markdown_without_its_marks(markdown: str, shown: str) -> None:
    assert excerpt(markdown).text == shown


@pytest.mark.parametrize(
    ("rst", "shown"),
    [
        ("Title\n=====\nText::\n\n- item", "Title Text • item"),
        ("See :class:`~a.B`, ``*x*`` and `Site <http://x>`_.", "See a.B, *x* and Site."),
        (":py:func:`run <subprocess.run>`, *em* and **strong**", "run, em and strong"),
        (".. _target:\n\n.. note:: Be careful.", "Be careful."),
    ],
)
def test_restructured_text_without_its_marks(rst: str, shown: str) -> None:
    assert excerpt(rst, media_type="text/x-rst").text == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (".. code-block:: python\n   :linenos:\n\n   lemurs()\n", "lemurs()"),
        ("Thus:\n\n.. code::\n\n   a\n\n   b", "Thus: a · b"),
        (".. note::\n\n   A note about lemurs.", "A note about lemurs."),
        (".. |x| replace:: lemur\n\n.. note:: A |x|.", "A |x|."),
        (".. note:: A note about lemurs.", "A note about lemurs."),
        (".. py:function:: leap(far)\n   :module: lemurs\n\n   Leaps.", "leap(far) · Leaps."),
        (".. versionadded:: 3.2\n   The *lemur*.", "Added in 3.2 The lemur."),
    ],
)
def test_directives_of_restructuredtext_are_not_named(text: str, shown: str) -> None:
    assert excerpt(text, media_type="text/x-rst").text == shown


def test_other_texts_have_no_markup() -> None:
    text = "5 ** 2 and **5**, [a](b)\n日本\n語 and\tso on"
    assert (
        excerpt(text, media_type="text/plain").text == "5 ** 2 and **5**, [a](b) 日本語 and so on"
    )


def test_what_matched_is_marked_and_never_left_out() -> None:
    one = excerpt("The **war** [ended](https://example.org/war-of-1812) &amp; all", "war", "ended")
    assert [one.text[start:end] for start, end in one.spans] == ["war", "ended"]
    assert one.text == "The war ended & all"
    one = excerpt("The [end](https://example.org/1812)", "1812")
    assert one.text == "The [end](https://example.org/1812)"
    assert [one.text[start:end] for start, end in one.spans] == ["1812"]


@given(
    st.text(st.sampled_from("ab *_`[]()#>|-~<!&;\\\n:."), max_size=120),
    st.data(),
    st.sampled_from(["text/markdown", "text/x-rst", "text/plain"]),
)
def test_words_are_kept_where_they_are_marked(
    text: str, data: st.DataObject, media_type: str
) -> None:
    words = [(at, at + 1) for at, char in enumerate(text) if char in "ab"]
    spans = [span for span in words if data.draw(st.booleans())]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    inside = tuple(span for span in spans if start <= span[0] and span[1] <= end)
    (one,) = excerpts(text, media_type, [Fragment(start, end, inside, True, False)], spans)
    shown = [one.text[first:last] for first, last in one.spans]
    assert shown == [text[first:last] for first, last in inside]
    assert one.text == " ".join(one.text.split())
    assert (one.cut_before, one.cut_after) == (True, False)


@pytest.mark.parametrize(
    "text",
    ["*" * 20_000, "_a" * 10_000, "[" * 20_000, "[a](" * 5_000, "`" * 20_001, "<a " * 9_000,
     "**a " * 5_000, "| a " * 5_000, "|---" * 5_000, "<!--" * 5_000, "\n" * 20_000,
     "[![a](" * 4_000, "*a\n" * 9_000, ":a" * 9_000, "``a" * 9_000, "- " * 9_000, "> " * 9_000,
     f"# a{' ' * 60_000}b", ".. a::\n" * 9_000, ".. a:: b\n :c:\n" * 4_000, ".. code::\n" * 9_000,
     " {#" * 9_000, ".. a::" * 9_000, "\u3000" * 100_000, f"a{chr(10) * 60_000}(", "a \n" * 30_000],
)  # fmt: skip
@pytest.mark.parametrize("media_type", ["text/markdown", "text/x-rst"])
def test_no_text_takes_long(text: str, media_type: str) -> None:
    started = time.process_time()
    excerpt(text, media_type=media_type)
    assert time.process_time() - started < 4
