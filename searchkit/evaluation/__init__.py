"""How good are the answers?

Queries with judgments in, measures out: what a ranking is worth, and whether another is better.
Needs the extra ``eval`` (ir-measures).
"""

from searchkit.evaluation.compare import Comparison
from searchkit.evaluation.evaluate import DEFAULT_MEASURES, Evaluation, evaluate

__all__ = ["DEFAULT_MEASURES", "Comparison", "Evaluation", "evaluate"]
