"""Full-text search for your own documents: ranked, highlighted, citable passages."""

__version__ = "0.1.0"
