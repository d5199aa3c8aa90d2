"""How fast is searchkit, and how fast are its peers on the same machine?

``python -m benchmarks`` measures every engine that is importable, one process each, on the same
passages and queries. What is measured and how stands in ``docs/benchmarks.md``.
"""
