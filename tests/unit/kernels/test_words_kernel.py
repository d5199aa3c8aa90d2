"""Does the kernel count the words that the regular expression finds?"""

from types import ModuleType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchkit.analysis.words import RUN
from searchkit.kernels import words as compiled
from searchkit.passages.words import UNSPACED_RUN, classes, counted
from tests.unit.kernels.source import load_source

SOURCE = load_source("words")
KERNELS = [pytest.param(SOURCE, id="source")]
if compiled.COMPILED:
    KERNELS.append(pytest.param(compiled, id="compiled"))
each_kernel = pytest.mark.parametrize("kernel", KERNELS)

texts = st.text() | st.text(
    st.sampled_from("aZ9_ '\u2019-.\u0301\u200d\u00e9\u0e01\u0e31\u4e2d\uac00\U00020000\U0003fffe"
                    "\U000e0100\U0001d400\U00050000")
)  # fmt: skip


def slowly(text: str) -> tuple[int, int]:
    unspaced = "".join(UNSPACED_RUN.findall(text))
    return len(RUN.findall(UNSPACED_RUN.sub(" ", text))), len(unspaced)


@each_kernel
@given(text=texts)
@example("a''b 'c d' e\u2019f g'\u0301h i_j")
def test_words_are_those_of_the_expression(kernel: ModuleType, text: str) -> None:
    assert kernel.count(text, classes()) == slowly(text) == counted(text)


@each_kernel
def test_what_is_no_text_or_has_too_few_classes_is_refused(kernel: ModuleType) -> None:
    with pytest.raises((TypeError, ValueError)):
        kernel.count(None, classes())
    with pytest.raises((TypeError, ValueError)):
        kernel.count("a", classes()[:-1])
