"""What programs may rely on: the names that the package exports, and that each says what it is."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import searchkit
from searchkit import errors


def test_exported_names() -> None:
    errors_of_the_tree = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, Exception)
    }
    assert set(searchkit.__all__) == errors_of_the_tree | {
        "Answer",
        "Citation",
        "Collection",
        "Document",
        "DocumentInfo",
        "Explanation",
        "Finding",
        "Hit",
        "Part",
        "Passage",
        "State",
        "SyncReport",
        "Verdict",
        "find",
        "open",
    }
    assert dir(searchkit) == sorted(searchkit.__all__)


@pytest.mark.parametrize("name", searchkit.__all__)
def test_every_export_is_there_and_documented(name: str) -> None:
    thing = getattr(searchkit, name)
    assert inspect.getdoc(thing)
    assert thing.__module__.startswith("searchkit.")


def test_every_method_of_a_collection_is_documented() -> None:
    for name, method in inspect.getmembers(searchkit.Collection, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.getdoc(method), name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nosuch"):
        searchkit.nosuch  # noqa: B018


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, searchkit; "
        "print([name for name in ('whoosh', 'bs4', 'lxml', 'click') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
