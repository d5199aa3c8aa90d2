"""How is it fast?

The hot loops: buffers in, buffers out; no I/O, no logging. Each file is Cython in pure Python
mode: compiled where it was installed with a C compiler, run as it is where not.
"""

from __future__ import annotations

import functools
import sys

if sys.byteorder != "little":
    # They read the numbers of an index where they lie.
    raise ImportError("searchkit works on little-endian processors only")


@functools.cache
def compiled() -> bool:
    """Are all kernels compiled? If not, everything works, at a fraction of the speed."""
    # Late: only who asks this needs them.
    from importlib.machinery import ExtensionFileLoader
    from importlib.util import find_spec
    from pkgutil import iter_modules

    specs = [find_spec(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return all(spec is not None and isinstance(spec.loader, ExtensionFileLoader) for spec in specs)
