"""Which fields does a passage have, and how much does each count?"""

from __future__ import annotations

TEXT = "text"
TITLE = "title"
HEADINGS = "headings"

FIELDS = (TEXT, TITLE, HEADINGS)
"""The searchable fields of a passage."""
