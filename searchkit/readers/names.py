"""What is a thing called that lies in a file among others?

The key of a row, a message, an attachment or a member of an archive is its file's key, a slash and
a name that no other of them has.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from searchkit.readers.titles import one_line

_LONGEST_CHARS = 200


def clean_name(raw: str, longest: int = _LONGEST_CHARS) -> str:
    """``raw`` as a relative path that stays below its file's key; "" where it cannot be one.

    Without control characters, without a step up or a root; what is longer than ``longest``, in
    characters, names nothing.
    """
    if len(raw) > longest:
        return ""
    if raw.isalnum():
        return raw
    # A slash of Windows' would be a part of a name here, and lead elsewhere there.
    name = one_line(raw.encode("utf-8", "replace").decode()).replace("\\", "/")
    if "./" in name or name.endswith(("/.", "/..")) or name in (".", ".."):
        name = "/".join(part for part in name.split("/") if part.strip() not in (".", ".."))
    return name.strip("/ ")


class Names:
    """The names given in one file so far."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._repeated: dict[str, int] = {}

    def unique(self, wanted: str, *, is_file: bool = False) -> str:
        """``wanted``, or with "~2", "~3" and so on after it where it is taken; a file keeps its
        suffix, which says what it is.
        """
        if wanted not in self._taken:
            self._taken.add(wanted)
            return wanted
        suffix = PurePosixPath(wanted).suffix if is_file else ""
        stem = wanted.removesuffix(suffix) if suffix else wanted
        while True:
            count = self._repeated.get(wanted, 1) + 1
            self._repeated[wanted] = count
            name = f"{stem}~{count}{suffix}"
            if name not in self._taken:
                self._taken.add(name)
                return name
