"""A worker: for each line "seed path" on standard input, reads that file with that damage.

Answers "text N" or "reason ..." on one line, or "error ..." where anything but ``UnreadableError``
came of it, or what it read is not sound.
"""

from __future__ import annotations

import sys
from pathlib import Path

from searchkit.document import BlockKind, Document
from searchkit.readers import Source, read
from searchkit.readers.contract import UnreadableError
from tests.fuzz.mutate import mutated


def unsound(document: Document) -> str:
    text = document.text
    before = 0
    for block in document.blocks:
        if not before <= block.start < block.end <= len(text):
            return "blocks overlap"
        if text[block.start].isspace() or text[block.end - 1].isspace():
            return "a block begins or ends with white space"
        if (block.level > 0) != (block.kind is BlockKind.HEADING):
            return "a level without a heading"
        before = block.end
    places = [offset for offset, _ in document.places]
    if places != sorted(set(places)) or places[:1] not in ([], [0]):
        return "places out of order"
    if not document.title.strip() or "\n" in document.title:
        return "a title that is none"
    text.encode("utf-8")
    return "a NUL" if "\0" in text else ""


def answer(seed: int, path: Path) -> str:
    data = mutated(path.read_bytes(), seed)
    chars = 0
    try:
        for document in read(Source(data, path.name, 0.0)):
            if wrong := unsound(document):
                return f"error {wrong}"
            chars += len(document.text)
    except UnreadableError as error:
        reason = str(error)
        return "error a reason of several lines" if "\n" in reason else f"reason {reason}"
    except Exception as error:
        return f"error {type(error).__name__}: {error}".replace("\n", " ")
    return f"text {chars}"


def main() -> None:
    for line in sys.stdin:
        seed, _, path = line.rstrip("\n").partition(" ")
        print(answer(int(seed), Path(path)), flush=True)


if __name__ == "__main__":
    main()
