"""Processes that may not read everything, also where the tests run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

WITHOUT_RIGHTS = (
    (
        "setpriv",
        "--inh-caps=-all",
        "--bounding-set=-dac_override,-dac_read_search",
    )
    if hasattr(os, "geteuid") and os.geteuid() == 0
    else ()
)
"""What a command is started through so that the modes of files hold for it: nothing, unless it
would be root's."""


def can_be_refused() -> bool:
    """Whether there are such processes here."""
    if sys.platform == "win32":
        return False
    if not WITHOUT_RIGHTS:
        return True
    return (
        shutil.which("setpriv") is not None
        and subprocess.run([*WITHOUT_RIGHTS, "true"], capture_output=True).returncode == 0
    )
