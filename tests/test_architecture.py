"""Arrows run down only: each part imports only parts below it, and nothing imports in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "searchkit"

HOUSE = [
    {"__main__"},
    {"cli"},
    {"collection"},
    {"whoosh_api"},
    {"citations", "watch"},
    {"asking"},
    {"answer", "paging", "similar", "sync", "part", "status", "evaluation"},
    {"freshness", "nearest", "understood", "upgrade", "facets", "sorting", "shown"},
    {"passage_index"},
    {
        "walk",
        "document_records",
        "sync_notes",
        "reading",
        "document_fields",
        "document_language",
        "passage_parts",
        "patterns",
    },
    {"choice"},
    {"config", "readers", "ignored"},
    {"passages"},
    {"query"},
    {"highlight"},
    {"search"},
    {"index"},
    {"codec"},
    {"storage", "analysis", "sentences", "graphemes", "metadata", "regular", "globs"},
    {"kernels"},
    {"tree", "schema", "document", "report"},
    {"errors", "file_time", "record"},
]
"""The floors of docs/architecture.md, top to bottom. Parts of one floor do not know each other."""

FLOOR = {part: floor for floor, parts in enumerate(HOUSE) for part in parts}

WHOOSH = {"query", "whoosh_api"}
"""The only parts that may import Whoosh."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(module: Path) -> str:
    first = module.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(module: Path) -> Iterator[str]:
    """The dotted names that the module imports, wherever the import stands."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            assert node.module is not None
            yield node.module


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_down(module: Path) -> None:
    part = part_of(module)
    if part == "__init__":
        return
    for name in imports(module):
        if not name.startswith("searchkit."):
            continue
        other = name.split(".")[1]
        if other != part:
            assert FLOOR[part] < FLOOR[other], f"{part} must not import {other}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_whoosh_stays_in_its_place(module: Path) -> None:
    if part_of(module) not in WHOOSH:
        assert not [name for name in imports(module) if name.split(".")[0] == "whoosh"]


def test_the_command_line_goes_through_the_door() -> None:
    for module in (PACKAGE / "cli").glob("*.py"):
        for name in imports(module):
            if name.startswith("searchkit.") and not name.startswith("searchkit.cli"):
                # Where a character ends is all that it must know by itself: it wraps lines.
                allowed = ("searchkit.collection", "searchkit.errors", "searchkit.graphemes")
                assert name in allowed, name


def test_only_the_command_line_prints() -> None:
    for module in MODULES:
        if part_of(module) != "cli":
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                assert not (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "print"
                ), module


def test_every_part_stands_in_the_house() -> None:
    parts = {part_of(module) for module in MODULES} - {"__init__"}
    assert parts == set(FLOOR)


def test_every_folder_opens_with_its_question() -> None:
    for init in PACKAGE.rglob("__init__.py"):
        if init.parent != PACKAGE:
            docstring = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
            assert docstring.splitlines()[0].endswith("?"), init


def test_no_folder_is_a_drawer_for_anything() -> None:
    drawers = {"utils", "util", "helpers", "common", "manager", "core", "misc"}
    assert not drawers & {module.stem for module in MODULES}


def test_modules_stay_readable() -> None:
    for module in MODULES:
        lines = len(module.read_text(encoding="utf-8").splitlines())
        # Cython inlines only within one module: a kernel is as long as what belongs together.
        name = f"{module.relative_to(PACKAGE)} has {lines} lines"
        assert lines <= 400 or part_of(module) == "kernels", name
