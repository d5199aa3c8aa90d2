"""A process that commits for ever: it prints the number of each generation that it published."""

from __future__ import annotations

import sys
from pathlib import Path

from searchkit.storage import DiskDirectory
from tests.crash.generations import commit_next

if __name__ == "__main__":
    directory = DiskDirectory(Path(sys.argv[1]))
    with directory.lock():
        while True:
            print(commit_next(directory), flush=True)
