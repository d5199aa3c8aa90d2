"""The line that tells how far it is fits its terminal."""

from __future__ import annotations

import pytest

from searchkit.cli.progress import line
from searchkit.report import Progress

HALF = Progress(12_345, 100_000, 50_000_000, 500_000_000)


@pytest.mark.parametrize("files", [0, 1, 12_345, 100_000])
@pytest.mark.parametrize("seconds", [0.0, 0.6, 90.0, 90_000.0])
def test_it_is_never_longer_and_nothing_in_it_is_cut(files: int, seconds: float) -> None:
    for columns in range(120):
        drawn = line(Progress(files, 100_000, 5000 * files, 500_000_000), seconds, columns)
        assert len(drawn) <= columns
        assert columns < 5 or drawn.endswith(("%", "files", "MB/s", "left"))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (100, "##......................  10%  12,345 of 100,000 files  1.1 MB/s  6:45 left"),
        (60, ".........  10%  12,345 of 100,000 files  1.1 MB/s  6:45 left"),
        (48, ".......  10%  12,345 of 100,000 files  6:45 left"),
        (39, "##.....................  10%  6:45 left"),
        (20, "#..............  10%"),
        (4, " 10%"),
    ],
)
def test_what_there_is_no_room_for_is_left_out(columns: int, expected: str) -> None:
    assert line(HALF, 47.0, columns, "#.") == expected
