"""Each kernel has the same functions, compiled and not.

That they give the same results is shown kernel by kernel, in ``tests/unit/kernels``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import searchkit.kernels
from tests.unit.kernels.source import load_source

NAMES = sorted(
    path.stem
    for path in Path(searchkit.kernels.__file__).parent.glob("*.py")
    if path.stem != "__init__"
)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_functions(name: str) -> None:
    """A compiled kernel has no function that its source, changed since, has not."""
    module = __import__(f"searchkit.kernels.{name}", fromlist=["x"])
    source = load_source(name)

    def functions(of: object) -> set[str]:
        return {one for one, value in vars(of).items() if callable(value) and one[0].islower()}

    assert functions(module) <= functions(source)
