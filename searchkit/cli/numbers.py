"""Which numbers does an option take?"""

from __future__ import annotations

import math
from typing import Any

import click


class AboveZero(click.FloatRange):
    """A number above 0 that is one: click takes "nan" and "inf" for some, too."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Raises ``click.BadParameter``."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is no number.", param, ctx)
        return number
