"""What is one answer?

A document is cut at its headings, then, inside each section, at the ends of paragraphs and
sentences into passages of about ``TARGET_WORDS``. Three steps: blocks become pieces, which are
never cut; pieces are gathered in sections, of which the tiny ones join; each section is cut where
that costs least.
"""

from searchkit.passages.cut import cut
from searchkit.passages.pieces import MAX_CODE_WORDS, MAX_WORDS, TARGET_WORDS
from searchkit.passages.words import count_words

__all__ = ["MAX_CODE_WORDS", "MAX_WORDS", "TARGET_WORDS", "count_words", "cut"]
