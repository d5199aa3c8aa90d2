"""What does the command line say?

The command ``searchkit``: one module for each of its commands, read when that command runs. The
only folder that prints.
"""

from __future__ import annotations

import gc
import signal
import sys


def main() -> None:
    """Run the command line, and leave the process with its exit code."""
    if hasattr(signal, "SIGPIPE"):
        # A reader that has seen enough (`| head`) ends us as it ends any filter.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        # What is imported stays. Looking for garbage in it while it grows, and once more at the
        # end, is a tenth of what a query takes; command.py turns the collector on again.
        gc.disable()
        # Late, so that Ctrl-C is quiet while Python is still importing.
        from searchkit.cli.command import run

        code = run()
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
