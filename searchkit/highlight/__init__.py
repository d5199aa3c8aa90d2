"""Why did it match?

From the query tree and a passage to the spans that matched, from those to the fragment that shows
them best.
"""

from searchkit.highlight.fragment import Fragment, best_fragment
from searchkit.highlight.match import Span, matched_spans

__all__ = ["Fragment", "Span", "best_fragment", "matched_spans"]
