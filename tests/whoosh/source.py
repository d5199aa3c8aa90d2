"""Where do Whoosh's tests come from?"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import whoosh

VERSION = (2, 7, 5)
RELEASE = "whoosh-reloaded==2.7.5"
_FOLDER = "Whoosh-Reloaded-2.7.5"
_TIMEOUT_SECONDS = 120


class NotToBeHad(Exception):
    """The tests of the Whoosh that is installed are neither cached nor can they be fetched."""


def tests_folder() -> Path:
    """The folder of Whoosh's tests, fetched into a cache on first use. Raises ``NotToBeHad``."""
    if whoosh.__version__ != VERSION:
        raise NotToBeHad(f"the tests are those of {RELEASE}, not of Whoosh {whoosh.__version__}")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    cache = Path(home) / "searchkit-tests"
    tests = cache / _FOLDER / "tests"
    if not tests.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        _fetch(cache)
    return tests


def _fetch(cache: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-binary", ":all:", "--no-deps", "--dest", str(cache), RELEASE]
    try:
        done = subprocess.run(
            [*pip, *options], capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotToBeHad(f"pip download {RELEASE} took more than {error.timeout} s") from error
    archive = cache / f"{_FOLDER}.tar.gz"
    if done.returncode or not archive.exists():
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NotToBeHad(f"pip download {RELEASE} failed: {said}")
    with tarfile.open(archive) as opened:
        opened.extractall(cache, filter="data")
