"""The sources of kernels, for comparison with what is compiled."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import searchkit.kernels

PREFIX = f"{searchkit.kernels.__name__}."
KERNELS = Path(searchkit.kernels.__file__).parent


class _Sources(MetaPathFinder):
    """Finds the sources of kernels, even where they are compiled as well."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        package, _, kernel = name.rpartition(".")
        file = KERNELS / f"{kernel}.py"
        if package != searchkit.kernels.__name__ or not file.exists():
            return None
        return importlib.util.spec_from_file_location(name, file)


def load_source(name: str) -> ModuleType:
    """The kernel ``name``, and those that it calls, as Python runs their sources."""
    package = searchkit.kernels
    used = {key: value for key, value in sys.modules.items() if key.startswith(PREFIX)}
    attributes = dict(vars(package))
    for key in used:
        del sys.modules[key]
    sys.meta_path.insert(0, _SOURCES)
    try:
        return importlib.import_module(PREFIX + name)
    finally:
        sys.meta_path.remove(_SOURCES)
        for key in [key for key in sys.modules if key.startswith(PREFIX)]:
            del sys.modules[key]
        sys.modules.update(used)
        vars(package).update(attributes)


_SOURCES = _Sources()
