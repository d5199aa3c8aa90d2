"""How many of Whoosh's tests pass? ``python -m tests.whoosh.run [--stock] [pytest's arguments]``

Exit code 0 if what fails is what ``not_applicable.txt`` lists, 1 if more fails (each is printed),
2 if Whoosh's tests cannot be had.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.whoosh.source import NotToBeHad, tests_folder

_HERE = Path(__file__).parent
_ROOT = _HERE.parent.parent
LIST = _HERE / "not_applicable.txt"


@dataclass(frozen=True)
class Result:
    """How the suite ended: names of tests, as "test_x.py::test_y", and messages of what failed."""

    passed: frozenset[str]
    failed: dict[str, str]
    with_index: frozenset[str]
    """The tests that wrote and read an index, as far as they came."""


def not_applicable() -> dict[str, str]:
    """The tests that do not apply, each with its reason."""
    found = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, reason = line.partition("  ")
            found[name.strip()] = reason.strip()
    return found


def run_suite(arguments: list[str], *, stock: bool = False) -> Result:
    """Run Whoosh's tests in a process of their own. Raises ``NotToBeHad``."""
    folder = tests_folder()
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = Path(scratch) / "outcomes"
        environment = dict(os.environ, SEARCHKIT_WHOOSH_OUTCOMES=str(outcomes))
        environment["SEARCHKIT_WHOOSH_STOCK"] = "1" if stock else "0"
        path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(path)
        pytest = [sys.executable, "-m", "pytest", "-p", "tests.whoosh.routing", "-q"]
        options = ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(folder)]
        subprocess.run(
            [*pytest, *options, "--tb=short", *(arguments or [str(folder)])],
            env=environment,
            cwd=folder,
            check=False,
            stdout=sys.stderr,
        )
        lines = outcomes.read_text(encoding="utf-8").splitlines() if outcomes.exists() else []
    rows = [line.split("\t") for line in lines]
    return Result(
        frozenset(row[0] for row in rows if row[1] == "passed"),
        {row[0]: row[3] for row in rows if row[1] == "failed"},
        frozenset(row[0] for row in rows if row[2] == "index"),
    )


def main(arguments: list[str]) -> int:
    """Run, and print what came of it."""
    stock = "--stock" in arguments
    try:
        result = run_suite([one for one in arguments if one != "--stock"], stock=stock)
    except NotToBeHad as error:
        print(f"skipped: {error}")
        return 2
    excused = {} if stock else not_applicable()
    unexpected = {name: said for name, said in result.failed.items() if name not in excused}
    for name, said in sorted(unexpected.items()):
        print(f"FAILED {name}  {said}")
    for name in sorted(excused.keys() & result.passed):
        print(f"passes, though not_applicable.txt lists it: {name}")
    ran = len(result.passed) + len(result.failed)
    if not ran:
        print("no test ran: is pytest installed?")
        return 2
    with_index = (result.with_index & result.passed) - excused.keys()
    applicable = (result.with_index | unexpected.keys()) - excused.keys()
    print(f"all tests: {len(result.passed)} of {ran} passed")
    print(
        f"tests that write and read an index: {len(with_index)} passed / {len(applicable)} "
        f"applicable; {len(excused)} do not apply"
    )
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
