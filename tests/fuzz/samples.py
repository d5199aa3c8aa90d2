"""Which files are damaged, by the reader that reads them?

Small ones: what a reader does with a byte does not depend on how many follow, and time is better
spent on other damage. Those of ``../shared/data``, where it is there, and those that tests make.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from searchkit.readers.formats import FORMATS, compression_of, format_of
from tests.documents import samples as documents
from tests.fuzz.hostile import HOSTILE
from tests.golden.packed_samples import SAMPLES

ROOT = Path(__file__).parents[2]
MOST_BYTES = 16_000
PAGES = 60
"""How many pages of a folder of pages are enough."""

READERS = (*(one.name for one in FORMATS), "gz", "bz2", "xz", "zst")


class Sample(NamedTuple):
    """A file, and where it is from."""

    name: str
    data: bytes


def samples() -> dict[str, list[Sample]]:
    """By reader; what is compressed counts for what it is compressed as."""
    found: dict[str, list[Sample]] = defaultdict(list)
    made: dict[str, bytes] = {**documents.SAMPLES, **HOSTILE}
    for some in SAMPLES.values():
        made |= some
    golden = ROOT / "tests" / "golden"
    for path in sorted([*(golden / "pages").iterdir(), *(golden / "documents").iterdir()]):
        made.setdefault(path.name, path.read_bytes())
    for name, data in made.items():
        if len(data) <= MOST_BYTES:
            _add(found, Sample(name, data))
    for path in _shared():
        if path.stat().st_size <= MOST_BYTES:
            _add(found, Sample(path.name, path.read_bytes()))
    return found


def _add(found: dict[str, list[Sample]], sample: Sample) -> None:
    format = format_of(sample.name)
    # What is inside of a compressed tar is read as a tar; a file of no known kind as nothing.
    if format is not None:
        found[compression_of(sample.name)[1:] or format.name].append(sample)


def _shared() -> list[Path]:
    for folder in ROOT.resolve().parents:
        data = folder / "shared" / "data"
        if data.is_dir():
            pages = data / "html"
            return [
                *sorted(path for path in (data / "formats").glob("*/*")),
                *sorted((pages / "articles" / "pages").glob("*.html"))[:PAGES],
                *sorted((pages / "python-docs").rglob("*.html"))[:PAGES],
            ]
    return []
