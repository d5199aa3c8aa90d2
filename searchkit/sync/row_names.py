"""Which fields of rows did the user name that no row has?"""

from __future__ import annotations

from collections.abc import Set
from difflib import get_close_matches

from searchkit.readers.contract import Options
from searchkit.sync.plan import Plan, read_as

_MOST_NAMED = 3
_ALIKE = 0.7
_COMPARED_CHARS = 100
"""Of each name: comparing takes the product of the lengths."""

_GUESSED = {"text_field": "text", "title_field": "title", "key_field": "key"}


def fields_not_met(planned: Plan, options: Options, names: Set[str]) -> list[str]:
    """A sentence for each field that ``options`` name and that is not among ``names``, those of the
    fields of all rows that were read; none if there may be other rows, or if there was no row.
    """
    if not names or _has_unread_rows(planned, options):
        return []
    return [
        f'no row has a field "{asked}" ({setting}), so the {_GUESSED[setting]} was guessed'
        f"{_suggestion(asked, names)}"
        for setting, asked in options.row_fields
        if asked not in names
    ]


def _has_unread_rows(planned: Plan, options: Options) -> bool:
    """Whether there are files that have been read with the same options before."""
    read = set(planned.to_read)
    return any(
        key in planned.states
        and key not in read
        and not file.as_text
        and read_as(key, file, options) != 0
        for key, file in planned.files.items()
    )


def _suggestion(asked: str, names: Set[str]) -> str:
    by_case = {name[:_COMPARED_CHARS].casefold(): name for name in sorted(names)}
    near = get_close_matches(asked[:_COMPARED_CHARS].casefold(), by_case, _MOST_NAMED, _ALIKE)
    return (
        "; did you mean " + " or ".join(f'"{by_case[one]}"' for one in near) + "?" if near else ""
    )
