"""What text, blocks, lines and places do the runs of a page make?"""

from __future__ import annotations

from dataclasses import dataclass, field

from searchkit.document import Block, BlockKind
from searchkit.readers.html_boxes import Run

_CLOSE = (BlockKind.ITEM, BlockKind.ROW, BlockKind.TERM)


@dataclass(slots=True)
class Written:
    """The parts of a ``Document`` that come from its runs."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)


def write(runs: list[Run]) -> Written:
    """Put the runs into one text, each a block."""
    written = Written()
    blocks, lines, places = written.blocks, written.lines, written.places
    parts: list[str] = []
    end = 0
    last: BlockKind | None = None
    last_line = 0
    for run in runs:
        kind, text, line = run.kind, run.text, run.line
        if last is not None:
            separator = "\n" if last is kind and kind in _CLOSE else "\n\n"
            parts.append(separator)
            end += len(separator)
        start = end
        parts.append(text)
        end += len(text)
        blocks.append(Block(kind, start, end, run.level))
        if line != last_line:
            lines.append((start, line))
            last_line = line
        if run.anchor:
            places.append((start, f"#{run.anchor}"))
        if kind is BlockKind.CODE:
            at = text.find("\n")
            while at >= 0:
                last_line += 1
                lines.append((start + at + 1, last_line))
                at = text.find("\n", at + 1)
        last = kind
    written.text = "".join(parts)
    return written
