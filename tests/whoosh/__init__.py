"""Does Whoosh's own test suite pass on our index?

``python -m tests.whoosh.run`` fetches the source distribution of Whoosh-Reloaded (its tests are not
in this repository), runs its tests with everything that makes or opens an index routed to
``searchkit.whoosh_api``, and prints how many of those that write and read an index pass. What does
not apply stands in ``not_applicable.txt``, with its reason.
"""
