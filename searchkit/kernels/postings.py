"""How do runs of tokens become posting lists, and how are two lists joined? What ``codec/`` and
``index/`` call.
"""

from searchkit.kernels.encode import encode_gathered, encode_runs
from searchkit.kernels.invert import count, locate, regroup, scatter, to_ranks
from searchkit.kernels.lists import gather, tally

__all__ = [
    "count",
    "encode_gathered",
    "encode_runs",
    "gather",
    "locate",
    "regroup",
    "scatter",
    "tally",
    "to_ranks",
]
