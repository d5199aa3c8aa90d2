"""How does an application written for Whoosh run on our index?

Change one import:

    from searchkit.whoosh_api import create_in, exists_in, open_dir

What these give is a ``whoosh.index.Index``; its writer, reader and searcher are Whoosh's classes
too, so that Whoosh's schemas, queries, query parser, sorting, facets, highlighting and spelling
work with it. Whoosh's analyzers make the terms; the engine keeps them, and answers queries itself
where ``translate.py`` has a word for them; the others go through Whoosh's matchers over our
postings.

This is the only folder that subclasses Whoosh. What differs from Whoosh on purpose:

- A schema is kept as data (``schema_json.py``), so a class of the application's own must be made
  known with :func:`register`; nothing is unpickled.
- Statistics (document frequency, lengths) count live documents only; lengths are exact.
- There is one reader, not one for each segment; the engine merges by itself, and documents keep
  their order.
- ``update_document`` replaces what was added in the same session, too.
- Prefix, wildcard, fuzzy and range queries that Whoosh calls constant-scored are so wherever the
  engine answers them; in Whoosh it depends on how many terms and documents there are.
- ``AndNot``, ``AndMaybe`` and ``DisjunctionMax`` are right (``mended.py``), with or without limit.
- ``MpWriter``, Whoosh's codecs and its merge policies have no meaning here.
"""

from searchkit.whoosh_api.index import SearchkitIndex, create_in, exists_in, open_dir
from searchkit.whoosh_api.reader import SearchkitReader
from searchkit.whoosh_api.schema_json import register
from searchkit.whoosh_api.searcher import SearchkitSearcher
from searchkit.whoosh_api.sortable import add_sortable
from searchkit.whoosh_api.writer import SearchkitWriter

__all__ = [
    "SearchkitIndex",
    "SearchkitReader",
    "SearchkitSearcher",
    "SearchkitWriter",
    "add_sortable",
    "create_in",
    "exists_in",
    "open_dir",
    "register",
]
