"""Why did it match?

From the query tree and a passage to the spans that matched, from those to the fragments that show
them best.
"""

from searchkit.highlight.excerpt import Excerpt, excerpts
from searchkit.highlight.fragment import Fragment, best_fragments
from searchkit.highlight.match import Match, Matcher, Span

__all__ = ["Excerpt", "Fragment", "Match", "Matcher", "Span", "best_fragments", "excerpts"]
