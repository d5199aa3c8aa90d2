"""Where do terms stand in a row?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


def rows(places: Sequence[Sequence[int]], slop: int) -> list[int]:
    """From which of the first places a row leads to one of the last.

    ``places`` are ascending positions, term by term; each step is 1 to ``slop`` positions.
    """
    leads: Sequence[int] = places[-1]
    for earlier in reversed(places[:-1]):
        if not leads:
            break
        found = []
        for place in earlier:
            following = bisect_right(leads, place)
            if following < len(leads) and leads[following] - place <= slop:
                found.append(place)
        leads = found
    return sorted(set(leads))
