"""What is this document called, when it does not say?"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from searchkit.readers.formats import COMPRESSED

_MAX_TITLE_CHARS = 120
_MAX_TITLE_WORDS = 20
_SENTENCE_END = re.compile(r"[.!?…。！？:;,][\"'”’»)\]]*$")
# A question, an exclamation or an ellipsis may end a headline; a full stop hardly ever does.
_HEADLINE_END = re.compile(r"(?:[?!？！…]|\.\.\.)[\"'”’»)\]]*$")
_HEADLINE_WORDS = 12
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_LETTER = re.compile(r"[^\W\d_]")


def reads_as_title(line: str) -> bool:
    """Whether a person would take this line, at the top of a text, for its title."""
    line = line.strip()
    words = len(line.split())
    if not line or len(line) > _MAX_TITLE_CHARS or words > _MAX_TITLE_WORDS:
        return False
    if not _LETTER.search(line):
        return False
    if _HEADLINE_END.search(line):
        return words <= _HEADLINE_WORDS
    return not _SENTENCE_END.search(line)


def one_line(text: str) -> str:
    """``text`` with each run of white space and control characters made one space."""
    return _SPACE_OR_CONTROL.sub(" ", text).strip()


def title_from_key(key: str) -> str:
    """The file's name without its suffix (and that of its compression), or the key itself where
    nothing is left. Never empty.
    """
    path = PurePosixPath(key)
    if path.suffix.lower() in COMPRESSED and path.stem:
        path = PurePosixPath(path.stem)
    return one_line(path.stem) or one_line(key) or "untitled"
