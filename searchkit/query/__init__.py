"""What was asked?

Text in, query tree out, with what was understood and what was not. A query of plain words takes
a short road; anything with syntax goes through Whoosh's parser, which only then is imported.
"""

from searchkit.query.asked import Clause, Notice, Query, Role, Word
from searchkit.query.clauses import DEFAULT_WEIGHTS
from searchkit.query.parse import parse

__all__ = ["DEFAULT_WEIGHTS", "Clause", "Notice", "Query", "Role", "Word", "parse"]
