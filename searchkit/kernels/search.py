"""Which documents are best? What ``search/`` calls."""

from searchkit.kernels.all_of import all_of
from searchkit.kernels.any_of import any_of
from searchkit.kernels.best import best_of
from searchkit.kernels.bounds import fill_table
from searchkit.kernels.candidates import add_runs, nearness_of, runs_of, score_runs
from searchkit.kernels.counting import count_groups
from searchkit.kernels.groups import groups_of
from searchkit.kernels.lowest_of import lowest_of

CURSOR_BYTES = 256
"""The room that the kernels want for each list they walk."""

__all__ = [
    "CURSOR_BYTES",
    "add_runs",
    "all_of",
    "any_of",
    "best_of",
    "count_groups",
    "fill_table",
    "groups_of",
    "lowest_of",
    "nearness_of",
    "runs_of",
    "score_runs",
]
